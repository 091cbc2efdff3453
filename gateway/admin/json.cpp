#include "admin/json.hpp"

#include <nlohmann/json.hpp>

namespace linebridge::admin {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What a value looks like is said once: fields(it, of) calls `it` with the name and the place of every member.
template <class Visit, class Node>
void fields(Visit&& it, Node& node, const view::Node*) {
  it("name", node.name), it("version", node.version), it("agent", node.agent);
  it("uptime_seconds", node.uptime_seconds), it("sessions", node.sessions), it("calls", node.calls);
  it("users_assigned", node.users_assigned);
}
template <class Visit, class Link>
void fields(Visit&& it, Link& link, const view::Link*) {
  it("number", link.number), it("address", link.address), it("state", link.state);
  it("sessions", link.sessions), it("devices", link.devices), it("lines", link.lines);
  it("open_lines", link.open_lines), it("outstanding", link.outstanding), it("losses", link.losses);
  it("last_error", link.last_error);
}
template <class Visit, class Session>
void fields(Visit&& it, Session& session, const view::Session*) {
  it("id", session.id), it("user", session.user), it("line", session.line), it("device", session.device);
  it("rule", session.rule), it("link", session.link), it("call_id", session.call_id);
  it("monitor", session.monitor), it("state", session.state), it("age_seconds", session.age_seconds);
  it("refreshed_seconds", session.refreshed_seconds), it("requests", session.requests);
  it("events_sent", session.events_sent), it("events_answered", session.events_answered);
  it("events_timed_out", session.events_timed_out);
}
template <class Visit, class Line>
void fields(Visit&& it, Line& line, const view::TraceLine*) {
  it("number", line.number), it("at_us", line.at_us), it("session", line.session), it("from", line.from);
  it("to", line.to), it("text", line.text), it("detail", line.detail);
}

template <class T>
Json written(const T& value) {
  Json json = Json::object();
  fields([&](const char* name, const auto& member) { json[name] = member; }, value,
         static_cast<const T*>(nullptr));
  return json;
}
template <class T>
Json written(const std::vector<T>& values) {
  Json json = Json::array();
  for (const auto& value : values)
    json.push_back(written(value));
  return json;
}

/// These throw Json::exception where a member is not what it shall be.
template <class T>
void read(const Json& json, T& value) {
  (void)json.get_ref<const Json::object_t&>();
  fields(
      [&](const char* name, auto& member) {
        if (json.contains(name)) json.at(name).get_to(member);
      },
      value, static_cast<const T*>(nullptr));
}
template <class T>
void read(const Json& json, std::vector<T>& values) {
  for (const auto& one : json)
    read(one, values.emplace_back());
}
template <class T>
void read_member(const Json& json, const char* name, T& value) {
  if (json.contains(name)) read(json.at(name), value);
}

/// Parses an object and lets `fill` take a T out of it.
template <class T, class Fill>
Result<T> object(std::string_view text, Fill fill) {
  try {
    const Json json = Json::parse(text);
    (void)json.get_ref<const Json::object_t&>();
    if (json.contains("error")) return Error{Errc::refused, json.at("error").get<std::string>()};
    T value;
    fill(json, value);
    return value;
  } catch (const Json::exception& problem) {
    return Error{Errc::malformed, problem.what()};
  }
}

}  // namespace

std::string to_json(const view::Status& status) {
  Json counters = Json::object();
  for (const auto& [name, value] : status.counters)
    counters[name] = value;
  return text_of({{"node", written(status.node)},
                  {"links", written(status.links)},
                  {"sessions", written(status.sessions)},
                  {"counters", std::move(counters)}});
}

std::string to_json(const view::Trace& trace) {
  return text_of({{"lines", written(trace.lines)}});
}

std::string to_json(const view::Refused& refused) {
  return text_of({{"error", refused.why}});
}

std::string to_json(const std::vector<config::Problem>& problems) {
  Json json = Json::array();
  for (const auto& one : problems)
    json.push_back({{"line", one.line}, {"key", one.key}, {"what", one.what}});
  return text_of(json);
}

std::string to_json(std::string_view text) {
  return text_of(Json(std::string(text)));
}

Result<view::Status> read_status(std::string_view json) {
  return object<view::Status>(json, [](const Json& from, view::Status& status) {
    read_member(from, "node", status.node);
    read_member(from, "links", status.links);
    read_member(from, "sessions", status.sessions);
    if (!from.contains("counters")) return;
    for (const auto& [name, value] : from.at("counters").items())
      status.counters.emplace_back(name, value.get<std::uint64_t>());
  });
}

Result<view::Trace> read_trace(std::string_view json) {
  return object<view::Trace>(
      json, [](const Json& from, view::Trace& trace) { read_member(from, "lines", trace.lines); });
}

}  // namespace linebridge::admin
