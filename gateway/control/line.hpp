#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "control/output.hpp"
#include "control/transitions.hpp"

namespace linebridge::control {

/// Who watches a line and under which name.
struct Watcher {
  model::SessionId session;
  model::DeviceId device;  ///< The line URI as this client wrote it.
  std::vector<model::MonitorId> monitors;
};

/// One call as one line sees it.
struct Call {
  cti::driver::LegHandle leg;
  cti::driver::GlobalCall global;
  model::CallId id;  ///< "manager-call" of the global handle at first sight; never changed afterwards.
  cti::driver::Direction direction = cti::driver::Direction::inbound;
  Phase phase = Phase::fresh;
  cti::driver::CallState state = cti::driver::CallState::unknown;  ///< The last one the switch showed.
  cti::driver::Parties parties;
  std::string dialled;        ///< For a call made by a client: what it asked for.
  std::uint32_t cause = 0;    ///< Last cause that was not 0.
  bool far_released = false;  ///< The other side hung up first.
  bool held = false;          ///< By the line, when the switch last told.
};

/// The other party of a call, as clients are shown it.
model::EventDevice far_device(const Call& call);

/// What a client asked the switch to do with one call of a line.
struct Awaited {
  cti::driver::LegHandle leg;
  bool holds_others = false;  ///< The phone puts its active call on hold for it.
  friend bool operator==(const Awaited&, const Awaited&) = default;
};

/// One line appearance on one link: its calls, who watches it, what waits for it. Turns what the switch tells
/// into what each watcher is told.
class Line {
public:
  enum class State { opening, open, in_service, out_of_service, failed };

  State state = State::opening;
  std::optional<cti::driver::LineHandle> handle;
  std::vector<Watcher> watchers;
  std::optional<cti::driver::Failure> failure;  ///< With State::failed.

  void new_call(const cti::driver::NewCall& event, Actions& out);
  void state_changed(const cti::driver::CallStateChanged& event, Actions& out);
  void parties_changed(const cti::driver::PartiesChanged& event);
  void global_changed(const cti::driver::GlobalCallChanged& event);
  /// All calls end with this cause: the line went out of service or away.
  void clear_all(model::EventCause cause, Actions& out);

  /// A client's call is on its way: outbound calls that show up, and that another is put on hold, are kept back
  /// until call_started() or call_failed().
  void call_expected() { ++expected_; }
  /// The client's call is `leg`. `respond` gets the call and appends the response, before any event of it.
  void call_started(const cti::driver::CallStarted& started, std::string dialled,
                    const std::function<void(const Call&, Actions&)>& respond, Actions& out);
  void call_failed(Actions& out);

  /// A client's operation is on its way: what it may cause is kept back until as many answered().
  void awaits(const Awaited& operation) { awaited_.push_back(operation); }
  /// The response to it has been given.
  void answered(const Awaited& operation, Actions& out);

  std::size_t calls() const { return calls_.size(); }
  /// The calls that clients may know of: a client's own that is not answered yet is kept back.
  template <class See>
  void for_each_call(See see) const {
    for (const Call& call : calls_)
      if (!unanswered(call)) see(call);
  }

private:
  struct KeptBack {  ///< A change that may prove to be caused by a request that waits for its response.
    cti::driver::LegHandle leg;
    cti::driver::CallState state;
    std::uint32_t cause;
  };

  Call* find(cti::driver::LegHandle leg);
  Call& add(cti::driver::LegHandle leg, cti::driver::GlobalCall global, cti::driver::Direction direction);
  bool unanswered(const Call& call) const;
  bool keeps_back(const Call& call, cti::driver::CallState now) const;
  void apply(Call& call, cti::driver::CallState now, Actions& out);
  void release(Actions& out);
  void tell(const Call& call, unsigned what, model::EventCause cause, Actions& out) const;
  void forget_cleared();

  std::vector<Call> calls_;
  std::vector<KeptBack> kept_back_;  ///< Of all calls, in the order of the switch.
  std::vector<Awaited> awaited_;
  std::vector<cti::driver::LegHandle> claimed_;  ///< Outbound legs known to be nobody's pending call any more.
  unsigned expected_ = 0;
};

}  // namespace linebridge::control
