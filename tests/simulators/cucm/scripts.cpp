#include "tests/simulators/cucm/scripts.hpp"

#include <utility>

namespace linebridge::sim::cucm {
namespace {

bool fits(std::string_view wanted, std::string_view name) {
  return wanted == "any" || wanted == name;
}

bool waits_for_message(const ScriptLine& line, const Scripts::Running::Line& state) {
  return line.start == ScriptLine::Start::when && !state.at && state.said == 0;
}

}  // namespace

Status Scripts::start(Script script, TimePoint now) {
  if (running_.size() == most) return Error{Errc::too_long, "too many scripts run, stop some"};
  if (script.lines.empty()) return Done{};
  Running running{std::move(script), {}, 0};
  for (const ScriptLine& line : running.script.lines) {
    Running::Line& state = running.lines.emplace_back();
    if (line.start == ScriptLine::Start::at) state.at = now + line.time;
  }
  // Before the first line is the start.
  const ScriptLine& first = running.script.lines.front();
  if (first.start == ScriptLine::Start::after) running.lines.front().at = now + first.time;
  running.open = running.lines.size();
  running_.push_back(std::move(running));
  count_watching();
  return Done{};
}

std::size_t Scripts::stop(std::string_view name) {
  const std::size_t count = std::erase_if(
      running_, [name](const Running& running) { return name.empty() || running.script.name == name; });
  count_watching();
  return count;
}

void Scripts::count_watching() {
  watching_ = 0;
  for (const Running& running : running_) {
    for (std::size_t at = 0; at < running.lines.size(); ++at) {
      if (waits_for_message(running.script.lines[at], running.lines[at])) ++watching_;
    }
  }
}

void Scripts::saw(std::int32_t message, std::string_view user, std::string_view manager, TimePoint now) {
  for (Running& running : running_) {
    for (std::size_t at = 0; at < running.lines.size(); ++at) {
      const ScriptLine& line = running.script.lines[at];
      if (!waits_for_message(line, running.lines[at]) || line.message != message) continue;
      if (!fits(line.user, user) || !fits(line.manager, manager)) continue;
      running.lines[at].at = now;
      --watching_;
    }
  }
}

void Scripts::said(Running& running, std::size_t at, TimePoint now) {
  const ScriptLine& line = running.script.lines[at];
  Running::Line& state = running.lines[at];
  if (++state.said < line.times) {
    state.at = *state.at + line.every;
    return;
  }
  state.at.reset();
  --running.open;
  if (at + 1 == running.lines.size()) return;
  const ScriptLine& next = running.script.lines[at + 1];
  if (next.start == ScriptLine::Start::after) running.lines[at + 1].at = now + next.time;
}

std::optional<Scripts::Due> Scripts::take_due(TimePoint now) {
  std::erase_if(running_, [](const Running& running) { return running.open == 0; });
  Running* first = nullptr;
  std::size_t line = 0;
  for (Running& running : running_) {
    for (std::size_t at = 0; at < running.lines.size(); ++at) {
      const auto& state = running.lines[at];
      if (!state.at || *state.at > now || (first && *first->lines[line].at <= *state.at)) continue;
      first = &running;
      line = at;
    }
  }
  if (!first) return std::nullopt;
  Due due{first->script.name, first->script.lines[line].number, first->script.lines[line].command};
  said(*first, line, now);
  return due;
}

std::optional<TimePoint> Scripts::next_deadline() const {
  std::optional<TimePoint> first;
  for (const Running& running : running_) {
    for (const auto& state : running.lines) {
      if (state.at && (!first || *state.at < *first)) first = state.at;
    }
  }
  return first;
}

}  // namespace linebridge::sim::cucm
