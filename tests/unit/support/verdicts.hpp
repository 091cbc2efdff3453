#pragma once

#include <string>
#include <vector>

#include "base/text.hpp"
#include "tests/unit/support/files.hpp"

namespace linebridge::test {

/// A row of tests/data/sip/torture/VERDICTS; what its columns mean stands there.
struct TortureRow {
  std::string name;
  std::string framed, codec, answer;

  std::string bytes() const { return data("sip/torture/" + name + ".sip"); }
  friend std::ostream& operator<<(std::ostream& out, const TortureRow& row) { return out << row.name; }
};

inline std::vector<TortureRow> torture_rows() {
  std::vector<TortureRow> rows;
  const std::string table = data("sip/torture/VERDICTS");
  for (const auto line : split(table, '\n')) {
    const auto columns = split(line, '|');
    if (line.empty() || line.front() == '#' || columns.size() != 6) continue;
    rows.push_back(
        {std::string(columns[0]), std::string(columns[2]), std::string(columns[3]), std::string(columns[4])});
  }
  return rows;
}

}  // namespace linebridge::test
