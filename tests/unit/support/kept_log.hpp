#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"

namespace linebridge::test {

/// Keeps log lines, rendered behind their ids, for tests to look at.
class KeptLog final : public Log {
public:
  std::vector<std::string> lines;

  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    lines.push_back(std::string(kind.id) + " " + render(kind, fields));
  }
  /// Whether there is a line with both in it: an id, and a part of its text, say.
  bool has(std::string_view one, std::string_view other = {}) const {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(one) != std::string::npos && line.find(other) != std::string::npos;
    });
  }
  /// How many lines of this kind there are.
  std::size_t count(const LogKind& kind) const {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(), [&](const std::string& line) { return line.starts_with(kind.id); }));
  }
};

}  // namespace linebridge::test
