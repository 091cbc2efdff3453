#include "cli/table.hpp"

#include <algorithm>
#include <cassert>

#include "base/text.hpp"

namespace linebridge::cli {
namespace {

constexpr std::string_view gap = "  ";

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (const auto& column : columns_)
    widths_.push_back(column.title.size());
}

void Table::add(std::vector<std::string> row) {
  assert(row.size() == columns_.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = row[i].empty() ? "-" : printable(row[i], 500);
    widths_[i] = std::max(widths_[i], row[i].size());
  }
  rows_.push_back(std::move(row));
}

std::string Table::text(std::string_view indent) const {
  std::string out;
  if (rows_.empty()) return out;
  std::vector<std::string> titles;
  for (const auto& column : columns_)
    titles.push_back(column.title);
  append_line(out, indent, titles);
  for (const auto& row : rows_)
    append_line(out, indent, row);
  return out;
}

void Table::append_line(std::string& out, std::string_view indent,
                        const std::vector<std::string>& cells) const {
  out += indent;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string blanks(widths_[i] - cells[i].size(), ' ');
    const bool last = i + 1 == cells.size();
    if (columns_[i].number) out += blanks;
    out += cells[i];
    if (!columns_[i].number && !last) out += blanks;
    if (!last) out += gap;
  }
  out += '\n';
}

}  // namespace linebridge::cli
