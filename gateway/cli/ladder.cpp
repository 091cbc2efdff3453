#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "cli/report.hpp"
#include "cli/table.hpp"

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

std::string digits(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

using Days = std::chrono::sys_days;

Days day_of(std::int64_t at_us) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at_us)));
}

std::string date_text(Days day) {
  const std::chrono::year_month_day date(day);
  return digits(static_cast<int>(date.year()), 4) + "-" + digits(static_cast<unsigned>(date.month()), 2) + "-" +
         digits(static_cast<unsigned>(date.day()), 2);
}

std::string time_text(std::int64_t at_us) {
  const auto since = std::chrono::microseconds(at_us) -
                     std::chrono::duration_cast<std::chrono::microseconds>(day_of(at_us).time_since_epoch());
  const std::chrono::hh_mm_ss time(since);
  return digits(time.hours().count(), 2) + ":" + digits(time.minutes().count(), 2) + ":" +
         digits(time.seconds().count(), 2) + "." + digits(time.subseconds().count(), 6);
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
    table.add({date_text(day_of(line.at_us)) + " " + time_text(line.at_us), *rungs[i].node, line.session,
               arrows[i], line.text, line.detail});
  }
  return table.text();
}

}  // namespace linebridge::cli
