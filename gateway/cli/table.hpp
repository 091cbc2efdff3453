#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linebridge::cli {

/// Text in aligned columns. What cells hold is shown as printable ASCII, so nothing a peer sent reaches the
/// terminal as a control character; an empty cell is a dash.
class Table {
public:
  struct Column {
    std::string title;
    bool number = false;  ///< Aligned to the right.
  };

  explicit Table(std::vector<Column> columns);

  /// As many cells as columns.
  void add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  /// The titles and all rows, each behind `indent` and with a line feed; nothing if there are no rows.
  std::string text(std::string_view indent = {}) const;

private:
  void append_line(std::string& out, std::string_view indent, const std::vector<std::string>& cells) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

}  // namespace linebridge::cli
