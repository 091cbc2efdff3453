#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace linebridge::config {

struct Value;
struct Entry;
using List = std::vector<Value>;
using Table = std::vector<Entry>;
struct OtherKind {};  ///< Dates, times, numbers with a fraction: no key of ours takes them.

/// A TOML value and its line. The parser's types end here.
struct Value {
  std::variant<std::string, std::int64_t, bool, List, Table, OtherKind> data;
  int line = 0;
};
struct Entry {
  std::string key;
  int line = 0;  ///< Of the key, not of its value.
  Value value;
};

/// The whole text as a tree, or where it stops being TOML.
std::variant<Table, Problem> read_toml(std::string_view text);

}  // namespace linebridge::config
