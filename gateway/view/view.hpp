#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What a node shows and what it is ordered: plain structs between core and the administrator's side.
namespace linebridge::view {

struct ShowStatus {};
struct ShowTrace {
  std::string session;      ///< Empty: all.
  std::size_t most = 1000;  ///< Newest lines.
  /// Only lines of a higher number. One that no line has yet is of a life before this one: all lines.
  std::uint64_t after = 0;
};
/// Take no new sessions; those that are there stay and are served.
struct Drain {
  bool on = true;                 ///< False: take new sessions again.
  std::int64_t seconds_most = 0;  ///< After that long the sessions left are ended; 0: never.
};
using Order = std::variant<ShowStatus, ShowTrace, Drain>;

struct Node {
  std::string name;  ///< "publisher" or "subscriber"
  std::string version;
  std::string agent;  ///< What HAProxy is told: "up", "drain" or "down".
  std::int64_t uptime_seconds = 0;
  std::uint64_t sessions = 0, calls = 0, users_assigned = 0;
  /// "serving", "draining", "ending sessions" (a drain's time is up) or "stopping".
  std::string state = "serving";
  std::int64_t drain_seconds_left = 0;  ///< Until the sessions left are ended; 0: no time is set.
  std::uint64_t sessions_most = 0;      ///< As many as the node takes.
  std::uint64_t connections = 0;        ///< SIP connections open.
  std::uint64_t waiting = 0;            ///< CSTA requests that wait for the switch.
  std::uint64_t transactions = 0;       ///< Requests of the node that wait for an answer.
};
struct Link {
  std::uint32_t number = 0;  ///< From 1, configured order.
  std::string address;
  std::string state;  ///< "in service", "connecting", ...
  std::uint64_t sessions = 0, devices = 0, lines = 0, open_lines = 0, outstanding = 0, losses = 0;
  std::string last_error;
};
struct Session {
  std::string id;  ///< The id that trace lines carry.
  std::string user, line, device, rule;
  std::uint32_t link = 0;  ///< From 1.
  std::string call_id, monitor, state;
  std::int64_t age_seconds = 0, refreshed_seconds = 0;
  std::uint64_t requests = 0, events_sent = 0, events_answered = 0, events_timed_out = 0;
};
struct Status {
  Node node;
  std::vector<Link> links;
  std::vector<Session> sessions;
  std::vector<std::pair<std::string, std::uint64_t>> counters;  ///< Those that are not 0.
};
struct TraceLine {
  std::uint64_t number = 0;  ///< Grows by one a line.
  std::int64_t at_us = 0;    ///< Microseconds since 1970.
  std::string session;       ///< Empty: belongs to none.
  std::string from, to;      ///< "client", "node", "cti1", ...
  std::string text;          ///< "INVITE", "200 OK (INVITE)", "MakeCall", "LineCallInitiateRequest"
  std::string detail;        ///< Ids, rules, reasons.
};
struct Trace {
  std::vector<TraceLine> lines;  ///< Oldest first.
};
/// One step of a ladder: what passed, joined from what each process on its way traced of it.
struct Passed {
  std::int64_t at_us = 0;    ///< As in TraceLine; a node's time if a node saw it.
  std::string session;       ///< As in TraceLine; a node's name for what concerns all of its sessions.
  std::string user;          ///< "alice@example.test"; empty: nobody's, or not known.
  std::string call_id;       ///< Of the SIP dialog.
  std::string line;          ///< The number of the phone's line.
  std::string from, to;      ///< As in TraceLine, "front" and "phone" too. Both empty: a remark, not a message.
  std::string seen;          ///< Who traced it: "client front node".
  std::string text, detail;  ///< As in TraceLine.
};
/// The answer to Drain: how the node stands now.
struct Drainage {
  std::string state;  ///< As in Node.
  std::uint64_t sessions = 0;
  std::int64_t seconds_left = 0;  ///< As in Node.
};
struct Refused {
  std::string why;
};
using Answer = std::variant<Status, Trace, Drainage, Refused>;

}  // namespace linebridge::view
