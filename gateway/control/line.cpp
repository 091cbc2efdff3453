#include "control/line.hpp"

#include <algorithm>
#include <utility>

#include "control/errors.hpp"
#include "numbers/dialled.hpp"

namespace linebridge::control {
namespace {

namespace driver = cti::driver;
using model::EventDevice;
using model::LocalConnectionState;

std::string_view far_number(const Call& call) {
  if (call.direction == driver::Direction::inbound) return call.parties.calling;
  return call.parties.called.empty() ? std::string_view(call.dialled) : std::string_view(call.parties.called);
}

model::LastRedirection last_redirection(const Call& call) {
  if (call.parties.last_redirecting.empty()) return {};
  return {model::LastRedirection::Kind::number_dialed, numbers::to_tel_uri(call.parties.last_redirecting)};
}

/// One event for one watcher, whose own connections carry `own`.
class Teller {
public:
  Teller(const Call& call, const model::DeviceId& own)
      : call_(call),
        outbound_(call.direction == driver::Direction::outbound),
        own_(EventDevice::of(own)),
        far_(far_device(call)) {}

  model::Event originated() const {
    return model::Originated{mine(), own_, far_, LocalConnectionState::connected, model::EventCause::new_call};
  }
  model::Event delivered() const {
    return model::Delivered{outbound_ ? theirs() : mine(),
                            outbound_ ? far_ : own_,
                            outbound_ ? own_ : far_,
                            outbound_ ? far_ : own_,
                            last_redirection(call_),
                            outbound_ ? LocalConnectionState::connected : LocalConnectionState::alerting,
                            model::EventCause::new_call};
  }
  model::Event established() const {
    return model::Established{outbound_ ? theirs() : mine(), outbound_ ? far_ : own_,
                              outbound_ ? own_ : far_,       outbound_ ? far_ : own_,
                              last_redirection(call_),       LocalConnectionState::connected,
                              model::EventCause::normal};
  }
  model::Event failed() const {
    return model::Failed{theirs(),
                         far_,
                         own_,
                         far_,
                         last_redirection(call_),
                         LocalConnectionState::connected,
                         call_.cause == 0 ? model::EventCause::busy : cause_of(call_.cause)};
  }
  model::Event held() const { return model::Held{mine(), own_}; }
  model::Event retrieved() const { return model::Retrieved{mine(), own_}; }
  model::Event far_cleared(model::EventCause cause) const {
    return model::ConnectionCleared{
        theirs(), far_, call_.held ? LocalConnectionState::hold : LocalConnectionState::connected, cause};
  }
  model::Event cleared(model::EventCause cause) const {
    return model::ConnectionCleared{mine(), call_.far_released ? far_ : own_, LocalConnectionState::null,
                                    cause};
  }

private:
  model::ConnectionId mine() const { return {call_.id, own_.id}; }
  model::ConnectionId theirs() const { return {call_.id, far_.id}; }

  const Call& call_;
  bool outbound_;
  EventDevice own_, far_;
};

}  // namespace

EventDevice far_device(const Call& call) {
  if (call.direction == driver::Direction::inbound && call.parties.calling_restricted)
    return {EventDevice::Kind::restricted, {}};
  return numbers::to_event_device(far_number(call));
}

Call* Line::find(driver::LegHandle leg) {
  const auto found =
      std::find_if(calls_.begin(), calls_.end(), [leg](const Call& call) { return call.leg == leg; });
  return found == calls_.end() ? nullptr : &*found;
}

Call& Line::add(driver::LegHandle leg, driver::GlobalCall global, driver::Direction direction) {
  Call call;
  call.leg = leg;
  call.global = global;
  call.id = {std::to_string(global.manager) + "-" + std::to_string(global.call)};
  call.direction = direction;
  return calls_.emplace_back(std::move(call));
}

void Line::new_call(const driver::NewCall& event, Actions& out) {
  if (event.remote_in_use) return;  // Another appearance of a shared line is talking.
  Call* call = find(event.leg);
  if (call == nullptr) call = &add(event.leg, event.call, event.direction);
  call->direction = event.direction;
  call->parties = event.parties;
  apply(*call, event.state, out);
}

void Line::state_changed(const driver::CallStateChanged& event, Actions& out) {
  Call* call = find(event.leg);
  if (call == nullptr) return;
  if (event.cause != 0) call->cause = event.cause;
  apply(*call, event.state, out);
}

void Line::parties_changed(const driver::PartiesChanged& event) {
  if (Call* call = find(event.leg)) call->parties = event.parties;
}

void Line::global_changed(const driver::GlobalCallChanged& event) {
  if (Call* call = find(event.leg)) call->global = event.call;
}

/// Whether it may be the call of a client that has not been told so yet.
bool Line::unanswered(const Call& call) const {
  if (expected_ == 0 || call.direction != driver::Direction::outbound || call.phase != Phase::fresh)
    return false;
  return std::find(claimed_.begin(), claimed_.end(), call.leg) == claimed_.end();
}

/// Whether a response may have to stand before what this change tells. Behind a change of a call that is kept
/// back the later ones of that call wait too.
bool Line::keeps_back(const Call& call, driver::CallState now) const {
  const bool on_hold = now == driver::CallState::on_hold;
  if (unanswered(call) || (on_hold && expected_ > 0)) return true;
  return std::any_of(awaited_.begin(), awaited_.end(),
                     [&](const Awaited& a) { return a.leg == call.leg || (on_hold && a.holds_others); }) ||
         std::any_of(kept_back_.begin(), kept_back_.end(),
                     [&](const KeptBack& change) { return change.leg == call.leg; });
}

void Line::apply(Call& call, driver::CallState now, Actions& out) {
  if (keeps_back(call, now)) {
    kept_back_.push_back({call.leg, now, call.cause});
    return;
  }
  if (now != driver::CallState::unknown && now != driver::CallState::other) call.state = now;
  const Transition step = transition(call.direction, call.phase, now);
  if ((step.tell & tell_far_cleared) != 0 || now == driver::CallState::disconnected) call.far_released = true;
  call.phase = step.next;
  if (call.phase == Phase::held || call.phase == Phase::established) call.held = call.phase == Phase::held;
  tell(call, step.tell, cause_of(call.cause), out);
  forget_cleared();
}

void Line::call_started(const driver::CallStarted& started, std::string dialled,
                        const std::function<void(const Call&, Actions&)>& respond, Actions& out) {
  if (expected_ > 0) --expected_;
  Call* call = find(started.leg);
  if (call == nullptr) call = &add(started.leg, started.call, driver::Direction::outbound);
  call->dialled = std::move(dialled);
  respond(*call, out);
  claimed_.push_back(started.leg);
  release(out);
  // The phone went away between the call and the answer: nothing will be told of the call any more.
  if (state == State::out_of_service) clear_all(model::EventCause::network_out_of_order, out);
}

void Line::call_failed(Actions& out) {
  if (expected_ > 0) --expected_;
  release(out);
}

void Line::answered(const Awaited& operation, Actions& out) {
  const auto found = std::find(awaited_.begin(), awaited_.end(), operation);
  if (found != awaited_.end()) awaited_.erase(found);
  release(out);
}

/// Applies what was kept back, as far as nobody waits for a response that may have caused it.
void Line::release(Actions& out) {
  for (const auto& change : std::exchange(kept_back_, {}))
    if (Call* call = find(change.leg)) {
      call->cause = change.cause;
      apply(*call, change.state, out);
    }
  if (expected_ == 0) claimed_.clear();
}

void Line::tell(const Call& call, unsigned what, model::EventCause cause, Actions& out) const {
  if (what == tell_nothing) return;
  for (const auto& watcher : watchers) {
    const Teller teller(call, watcher.device);
    for (const auto& monitor : watcher.monitors) {
      const auto notify = [&](model::Event event) {
        out.push_back(Notify{watcher.session, monitor, std::move(event)});
      };
      if ((what & tell_originated) != 0) notify(teller.originated());
      if ((what & tell_delivered) != 0) notify(teller.delivered());
      if ((what & tell_failed) != 0) notify(teller.failed());
      if ((what & tell_established) != 0) notify(teller.established());
      if ((what & tell_held) != 0) notify(teller.held());
      if ((what & tell_retrieved) != 0) notify(teller.retrieved());
      if ((what & tell_far_cleared) != 0) notify(teller.far_cleared(cause));
      if ((what & tell_cleared) != 0) notify(teller.cleared(cause));
    }
  }
}

void Line::forget_cleared() {
  std::erase_if(calls_, [](const Call& call) { return call.phase == Phase::cleared; });
}

void Line::clear_all(model::EventCause cause, Actions& out) {
  kept_back_.clear();
  for (auto& call : calls_) {
    if (call.phase != Phase::cleared && !unanswered(call)) tell(call, tell_cleared, cause, out);
    call.phase = Phase::cleared;
  }
  claimed_.clear();
  forget_cleared();
}

}  // namespace linebridge::control
