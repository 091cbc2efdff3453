#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "csta.hpp"

namespace linebridge::sim::ocs {

/// What was wrong with an event or a response.
struct Fault {
  std::string_view kind;  ///< A few words that are always the same, to count by: "event of another monitor".
  std::string text;       ///< With ids.
};

/// A call as the user's line sees it.
struct Call {
  enum class State : std::uint8_t { none, initiated, originated, delivered, alerting, connected, held, failed };
  std::string id;  ///< callID, without a change for the life of the call.
  State state = State::none;
  bool ours = false;           ///< Made by our MakeCall.
  std::string other;           ///< The far party as the last event named it.
  std::set<std::size_t> seen;  ///< Hashes of the bodies of its events.
};
std::string_view name_of(Call::State state);

/// Follows the calls of one line by a device monitor and judges every event: it is of our monitor, its call is
/// known or begins with it, it stands where it may in its call, it comes after the response that caused it, no
/// second time and not after the last of its call; and what a request must cause comes in time.
///
/// Source: ECMA-269 clauses 6.1.5 (connection states) and 17 (call control events), ECMA TR/87.
class CallBook {
public:
  explicit CallBook(std::string line, Duration event_within = std::chrono::seconds(10))
      : line_(std::move(line)), event_within_(event_within) {}

  /// A new monitor; calls and expectations of the former are forgotten. `existing`: the line has calls whose
  /// beginning was before the monitor, until snapshot() names them.
  void monitor(std::string cross_reference, bool existing);
  void snapshot(std::string_view response);
  void forget();
  const std::string& monitor() const { return monitor_; }

  /// A request goes out; `call` is empty for MakeCall.
  void asked(Service service, const std::string& call, TimePoint now);
  /// Its response came; `call` as asked, or what MakeCall's response names.
  std::vector<Fault> granted(Service service, const std::string& call, TimePoint now);
  void refused(Service service, const std::string& call);

  struct Seen {
    std::vector<Fault> faults;
    std::string_view name;         ///< "DeliveredEvent"; valid as long as the body.
    std::optional<Duration> took;  ///< Since the request that caused it went out.
  };
  Seen event(std::string_view body, TimePoint now);

  /// Events that did not come in time.
  std::vector<Fault> expire(TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  bool waits() const { return !expected_.empty(); }

  const std::vector<Call>& calls() const { return calls_; }
  const Call* find(std::string_view id) const;
  /// By event name, since the start.
  const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }

private:
  struct Expected {
    Service service;
    std::string call;
    TimePoint asked;
    std::optional<TimePoint> until;  ///< Empty: the response has not come.
  };
  struct Event {
    std::string_view name, body, local;  ///< local: localConnectionInfo.
    std::string call, device, actor;
  };

  std::vector<Fault> judge(const Event& event);
  std::vector<Fault> judge_known(Call& call, const Event& event);
  std::optional<Duration> met(const Event& event, TimePoint now, std::vector<Fault>& faults);
  Call* begin(const Event& event);
  void advance(Call& call, const Event& event);
  void end(const std::string& id);
  bool is_over(const std::string& id) const;
  Fault fault(std::string_view kind, const Event& event) const;
  Call* look_up(std::string_view id);

  std::string line_;
  Duration event_within_;
  std::string monitor_;
  bool adopts_ = false;  ///< Calls from before the monitor may show up.
  std::vector<Call> calls_;
  std::deque<std::string> over_;  ///< The last calls that ended.
  std::vector<Expected> expected_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

}  // namespace linebridge::sim::ocs
