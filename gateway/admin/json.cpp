#include "admin/json.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

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
  it("users_assigned", node.users_assigned), it("state", node.state);
  it("drain_seconds_left", node.drain_seconds_left), it("sessions_most", node.sessions_most);
  it("connections", node.connections), it("waiting", node.waiting), it("transactions", node.transactions);
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
template <class Visit, class Drainage>
void fields(Visit&& it, Drainage& drainage, const view::Drainage*) {
  it("state", drainage.state), it("sessions", drainage.sessions), it("seconds_left", drainage.seconds_left);
}
template <class Visit, class Passed>
void fields(Visit&& it, Passed& passed, const view::Passed*) {
  it("at_us", passed.at_us), it("session", passed.session), it("user", passed.user);
  it("call_id", passed.call_id), it("line", passed.line), it("from", passed.from), it("to", passed.to);
  it("seen", passed.seen), it("text", passed.text), it("detail", passed.detail);
}
template <class Visit, class Line>
void fields(Visit&& it, Line& line, const view::TraceLine*) {
  it("number", line.number), it("at_us", line.at_us), it("session", line.session), it("from", line.from);
  it("to", line.to), it("text", line.text), it("detail", line.detail);
}

bool stands_as_it_is(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// Written straight into the text: a trace is tens of thousands of lines, and the node does nothing else
// meanwhile.
void write(std::string& out, const std::string& text) {
  if (stands_as_it_is(text)) {
    out.append(1, '"').append(text).append(1, '"');
  } else {
    out += to_json(text);
  }
}
template <class Number>
  requires std::is_integral_v<Number>
void write(std::string& out, Number number) {
  out += std::to_string(number);
}
template <class T>
  requires std::is_class_v<T>
void write(std::string& out, const T& value) {
  char before = '{';
  fields(
      [&](const char* name, const auto& member) {
        out.append(1, std::exchange(before, ',')).append(1, '"').append(name).append("\":");
        write(out, member);
      },
      value, static_cast<const T*>(nullptr));
  out += '}';
}
template <class T>
void write(std::string& out, const std::vector<T>& values) {
  char before = '[';
  for (const auto& value : values) {
    out += std::exchange(before, ',');
    write(out, value);
  }
  out += values.empty() ? "[]" : "]";
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
  std::string out = "{\"node\":";
  write(out, status.node);
  write(out += ",\"links\":", status.links);
  write(out += ",\"sessions\":", status.sessions);
  return out + ",\"counters\":" + text_of(counters) + "}";
}

std::string to_json(const view::Trace& trace) {
  std::string out = "{\"lines\":";
  write(out, trace.lines);
  return out + "}";
}

std::string to_json(const view::Drainage& drainage) {
  std::string out;
  write(out, drainage);
  return out;
}

std::string to_json(const view::Passed& passed) {
  std::string out;
  write(out, passed);
  return out;
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

Result<view::Drainage> read_drainage(std::string_view json) {
  return object<view::Drainage>(json, [](const Json& from, view::Drainage& drainage) { read(from, drainage); });
}

Result<view::Passed> read_passed(std::string_view json) {
  return object<view::Passed>(json, [](const Json& from, view::Passed& passed) { read(from, passed); });
}

}  // namespace linebridge::admin
