#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "view/view.hpp"

/// The local API of a node, as values: what an HTTP request orders, and what an answer looks like. It carries
/// JSON (application/json, UTF-8). Names stay as they are within /v1; new ones may join them.
///
///   GET /v1/status
///     {"node": {"name", "version", "agent", "uptime_seconds", "sessions", "calls", "users_assigned", "state",
///      "drain_seconds_left", "sessions_most", "connections", "waiting", "transactions"},
///      "links": [{"number", "address", "state", "sessions", "devices", "lines", "open_lines", "outstanding",
///      "losses",
///                 "last_error"}],
///      "sessions": [{"id", "user", "line", "device", "rule", "link", "call_id", "monitor", "state",
///      "age_seconds",
///                    "refreshed_seconds", "requests", "events_sent", "events_answered", "events_timed_out"}],
///      "counters": {NAME: number}}
///   GET /v1/trace[?session=ID][&after=NUMBER][&most=LINES]     the newest lines, oldest first; 1 to 100000,
///   default 1000; only those of a higher number, so that a line is read once. Numbers grow by one: a gap is
///   lines that were overwritten. After a number that no line has yet, which is one of a node's former life,
///   come all.
///     {"lines": [{"number", "at_us", "session", "from", "to", "text", "detail"}]}
///   POST /v1/drain[?until=SECONDS]      no new sessions; after that long the rest is ended; 1 to 604800
///   DELETE /v1/drain                    new sessions again
///     {"state", "sessions", "seconds_left"}
///   Whatever is refused: {"error": "why"}
namespace linebridge::admin {

struct Request {
  std::string_view method;
  std::string_view target;
  std::string_view body;  ///< No target takes one yet.
};

struct Response {
  unsigned status = 200;  ///< HTTP's.
  std::string body;
};

/// What a request orders, or the refusal to send: 404 for an unknown target, 405 for another method, 400 for a
/// wrong query.
std::variant<view::Order, Response> order_of(const Request& request);

/// The answer of the machine as a response; a refusal of it is 409.
Response response_to(const view::Answer& answer);

}  // namespace linebridge::admin
