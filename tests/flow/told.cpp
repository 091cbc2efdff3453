#include "tests/flow/told.hpp"

#include <algorithm>
#include <set>

#include "sip/framing/head_view.hpp"

namespace linebridge::test {
namespace {

std::string without_tags(std::string_view xml) {
  std::string out;
  for (bool inside_tag = false; const char c : xml) {
    if (c == '<') inside_tag = true;
    if (!inside_tag && c != '\n') out += c;
    if (c == '>') inside_tag = false;
  }
  return out;
}

}  // namespace

std::string root_of(std::string_view body) {
  const std::size_t declaration = body.find("?>");
  const std::size_t from = body.find('<', declaration == std::string_view::npos ? 0 : declaration);
  if (from == std::string_view::npos) return {};
  const std::string_view rest = body.substr(from + 1);
  return std::string(rest.substr(0, rest.find_first_of(" />")));
}

Told Told::of(const Seen& seen, bool arrived) {
  Told made;
  made.arrived = arrived;
  made.status = seen.status();
  made.name = root_of(seen.body);
  if (made.name.empty()) made.name = seen.start;
  made.monitor = inside(seen.body, "monitorCrossRefID");
  made.call = inside(seen.body, "callID");
  made.device = inside(seen.body, "deviceID");
  made.last = made.name == "ConnectionClearedEvent" && inside(seen.body, "localConnectionInfo") == "null";
  for (std::size_t at = seen.body.find("<connectionIdentifier>"); at != std::string::npos;
       at = seen.body.find("<connectionIdentifier>", at + 1))
    ++made.connections;
  if (made.status != 0) {
    made.kind = Kind::answer;
    if (made.name == "CSTAErrorCode") made.error = without_tags(seen.body);
    sip::HeadView view;
    if (view.read(seen.head)) made.branch = view.top_via_branch(), made.to_tag = view.to_tag();
  } else if (made.name.ends_with("Event")) {
    made.kind = Kind::event;
  }
  return made;
}

void Record::add(const Seen& seen, bool arrived) {
  told.push_back(Told::of(seen, arrived));
  if (told.back().kind != Told::Kind::answer || told.back().status < 200) return;
  for (auto& each : asked)
    if (each.branch == told.back().branch) ++each.answers;
}

std::optional<Told> Record::answer_to(std::string_view branch) const {
  for (const auto& each : told)
    if (each.kind == Told::Kind::answer && each.arrived && each.status >= 200 && each.branch == branch)
      return each;
  return std::nullopt;
}

std::vector<std::string> Record::calls() const {
  std::vector<std::string> out;
  for (const auto& each : told) {
    if (each.kind != Told::Kind::event && each.name != "MakeCallResponse") continue;
    const auto known = std::find(out.begin(), out.end(), each.call);
    if (each.last) {
      if (known != out.end()) out.erase(known);
    } else if (known == out.end()) {
      out.push_back(each.call);
    }
  }
  return out;
}

std::vector<std::string> Record::names() const {
  std::vector<std::string> out;
  for (const auto& each : told)
    if (each.name.ends_with("Response") || each.name.ends_with("Event") || !each.error.empty())
      out.push_back(each.error.empty() ? each.name : each.error);
  return out;
}

std::string Record::faults() const {
  std::string out;
  std::size_t untold = 0;  // Monitors whose start was answered to a connection that was gone.
  for (const auto& each : asked) {
    if (each.answers > 1 || (each.answers == 0 && !each.lost))
      out += each.what + " " + each.branch + " has " + std::to_string(each.answers) + " answers\n";
    if (each.what == "MonitorStart" && each.answers == 0) ++untold;
  }
  std::set<std::string> monitors, heard_of, over;
  for (const auto& each : told) {
    if (each.name == "MakeCallResponse" && heard_of.contains(each.call))
      out += "an event of call " + each.call + " stands before its MakeCallResponse\n";
    if (each.kind == Told::Kind::answer && !each.monitor.empty()) monitors.insert(each.monitor);
    if (each.kind != Told::Kind::event) continue;
    if (!monitors.contains(each.monitor) && untold > 0) --untold, monitors.insert(each.monitor);
    if (!monitors.contains(each.monitor)) out += each.text() + " is of a monitor the client was not told\n";
    const std::string call = each.monitor + " " + each.call;
    if (over.contains(call)) out += each.text() + " stands after the last event of its call\n";
    heard_of.insert(each.call);
    if (each.last) over.insert(call);
  }
  return out;
}

std::vector<std::vector<std::string>> Record::by_monitor() const {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const auto& each : told) {
    if (each.kind != Told::Kind::event) continue;
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == each.monitor; });
    if (group == groups.end()) group = groups.insert(groups.end(), {each.monitor, {}});
    group->second.push_back(each.text());
  }
  std::vector<std::vector<std::string>> out;
  for (auto& group : groups)
    out.push_back(std::move(group.second));
  return out;
}

}  // namespace linebridge::test
