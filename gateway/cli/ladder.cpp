#include <algorithm>

#include "base/text.hpp"
#include "cli/report.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace linebridge::cli {
namespace {

struct Rung {
  const std::string* node;
  const view::TraceLine* line;
};

std::vector<Rung> rungs_of(const std::vector<Answered<view::Trace>>& nodes) {
  std::vector<Rung> rungs;
  for (const auto& node : nodes) {
    if (!node.answer) continue;
    for (const auto& line : node.answer.value().lines)
      rungs.push_back({&node.node, &line});
  }
  std::stable_sort(rungs.begin(), rungs.end(),
                   [](const Rung& a, const Rung& b) { return a.line->at_us < b.line->at_us; });
  return rungs;
}

/// "client -> node ", with both ends as wide as the widest of all.
std::vector<std::string> arrows_of(const std::vector<Rung>& rungs) {
  std::size_t from = 0;
  std::size_t to = 0;
  for (const auto& rung : rungs) {
    from = std::max(from, printable(rung.line->from).size());
    to = std::max(to, printable(rung.line->to).size());
  }
  std::vector<std::string> arrows;
  for (const auto& rung : rungs) {
    std::string left = printable(rung.line->from);
    std::string right = printable(rung.line->to);
    left.resize(from, ' ');
    right.resize(to, ' ');
    arrows.push_back(left + " -> " + right);
  }
  return arrows;
}

}  // namespace

std::string ladder(const std::vector<Answered<view::Trace>>& nodes) {
  const auto rungs = rungs_of(nodes);
  const auto arrows = arrows_of(rungs);
  if (rungs.empty()) return "nothing was traced\n";

  Table table({{"TIME (UTC)"}, {"NODE"}, {"SESSION"}, {"FROM -> TO"}, {"MESSAGE"}, {"DETAIL"}});
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    const view::TraceLine& line = *rungs[i].line;
    table.add({time_text(line.at_us), *rungs[i].node, line.session, arrows[i], line.text, line.detail});
  }
  return table.text();
}

}  // namespace linebridge::cli
