#include "config/toml_document.hpp"

#include <algorithm>

#include <toml++/toml.h>

namespace linebridge::config {
namespace {

int line_of(const toml::source_region& source) {
  return static_cast<int>(source.begin.line);
}

Table table_of(const toml::table& from);

Value value_of(const toml::node& node) {
  Value value;
  value.line = line_of(node.source());
  if (const auto* text = node.as_string()) {
    value.data = text->get();
  } else if (const auto* number = node.as_integer()) {
    value.data = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.data = flag->get();
  } else if (const auto* table = node.as_table()) {
    value.data = table_of(*table);
  } else if (const auto* array = node.as_array()) {
    List list;
    for (const auto& element : *array)
      list.push_back(value_of(element));
    value.data = std::move(list);
  } else {
    value.data = OtherKind{};
  }
  return value;
}

Table table_of(const toml::table& from) {
  Table table;
  for (const auto& [key, node] : from)
    table.push_back({std::string(key.str()), line_of(key.source()), value_of(node)});
  std::stable_sort(table.begin(), table.end(), [](const Entry& a, const Entry& b) { return a.line < b.line; });
  return table;
}

}  // namespace

std::variant<Table, Problem> read_toml(std::string_view text) {
  try {
    return table_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return Problem{line_of(error.source()), "", "not TOML: " + std::string(error.description())};
  }
}

}  // namespace linebridge::config
