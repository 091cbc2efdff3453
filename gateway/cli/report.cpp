#include "cli/report.hpp"

#include <string_view>

#include "base/text.hpp"
#include "cli/table.hpp"

namespace linebridge::cli {
namespace {

std::string counted(std::uint64_t many, std::string_view what) {
  return std::to_string(many) + " " + std::string(what) + (many == 1 ? "" : "s");
}

std::string_view meaning(std::string_view agent) {
  if (agent.starts_with("drain")) return " (takes no new sessions)";
  if (agent.starts_with("down")) return " (out of use)";
  return "";
}

/// ", draining, the rest is ended in 5 min", or nothing while all is as usual.
std::string state_text(std::string_view state, std::int64_t seconds_left) {
  if (state.empty() || state == "serving") return {};
  std::string out = ", " + printable(state);
  if (seconds_left > 0) out += ", the rest is ended in " + duration_text(seconds_left);
  return out;
}

std::string links_text(const std::vector<view::Link>& links) {
  Table table({{"LINK", true},
               {"ADDRESS"},
               {"STATE"},
               {"SESSIONS", true},
               {"DEVICES", true},
               {"LINES", true},
               {"OPEN", true},
               {"WAITING", true},
               {"LOST", true},
               {"LAST ERROR"}});
  for (const auto& link : links) {
    table.add({std::to_string(link.number), link.address, link.state, std::to_string(link.sessions),
               std::to_string(link.devices), std::to_string(link.lines), std::to_string(link.open_lines),
               std::to_string(link.outstanding), std::to_string(link.losses), link.last_error});
  }
  return table.text("  ");
}

std::string sessions_text(const std::vector<view::Session>& sessions) {
  Table table({{"SESSION"},
               {"USER"},
               {"LINE"},
               {"DEVICE"},
               {"RULE"},
               {"LINK", true},
               {"STATE"},
               {"AGE"},
               {"REFRESHED"},
               {"REQUESTS", true},
               {"EVENTS", true},
               {"UNANSWERED", true}});
  for (const auto& one : sessions) {
    table.add({one.id, one.user, one.line, one.device, one.rule, std::to_string(one.link), one.state,
               duration_text(one.age_seconds), duration_text(one.refreshed_seconds) + " ago",
               std::to_string(one.requests), std::to_string(one.events_sent),
               std::to_string(one.events_timed_out)});
  }
  return table.text("  ");
}

std::string node_text(const Answered<view::Status>& asked) {
  const std::string name = asked.node + ": ";
  if (!asked.answer) {
    return name + "no answer from " + asked.socket + ": " + printable(asked.answer.error().detail) + "\n";
  }
  const view::Status& status = asked.answer.value();
  const view::Node& node = status.node;
  std::string out = name + printable(node.agent) + std::string(meaning(node.agent)) +
                    state_text(node.state, node.drain_seconds_left) + ", version " + printable(node.version) +
                    ", running " + duration_text(node.uptime_seconds) + ", " +
                    counted(node.sessions, "session") + ", " + counted(node.calls, "call") + ", " +
                    counted(node.users_assigned, "user") + " assigned\n";
  for (const auto& part : {links_text(status.links), sessions_text(status.sessions)})
    if (!part.empty()) out += "\n" + part;
  return out;
}

}  // namespace

std::string status_report(const std::vector<Answered<view::Status>>& nodes) {
  std::string out;
  for (const auto& node : nodes) {
    if (!out.empty()) out += '\n';
    out += node_text(node);
  }
  return out;
}

std::string drain_report(const std::vector<Answered<view::Drainage>>& nodes) {
  std::string out;
  for (const auto& node : nodes) {
    if (!node.answer) continue;
    const view::Drainage& drainage = node.answer.value();
    const bool serving = drainage.state == "serving";
    const std::string state =
        serving ? "takes new sessions" : state_text(drainage.state, drainage.seconds_left).substr(2);
    out += node.node + ": " + state + ", " + counted(drainage.sessions, "session") + "\n";
  }
  return out;
}

std::string duration_text(std::int64_t seconds) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  const auto text = [](std::int64_t many, std::string_view unit) {
    return std::to_string(many) + std::string(unit);
  };
  if (seconds < minute) return text(seconds, " s");
  if (seconds < hour) return text(seconds / minute, " min");
  if (seconds < day) return text(seconds / hour, " h ") + text(seconds % hour / minute, " min");
  return text(seconds / day, " d ") + text(seconds % day / hour, " h");
}

}  // namespace linebridge::cli
