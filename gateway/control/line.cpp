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
  model::Event far_cleared(model::EventCause cause) const {
    return model::ConnectionCleared{theirs(), far_, LocalConnectionState::connected, cause};
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

bool Line::kept_back(const Call& call) const {
  if (expected_ == 0 || call.direction != driver::Direction::outbound || call.phase != Phase::fresh)
    return false;
  return std::find(claimed_.begin(), claimed_.end(), call.leg) == claimed_.end();
}

void Line::apply(Call& call, driver::CallState now, Actions& out) {
  if (kept_back(call)) {
    held_.push_back({call.leg, now, call.cause});
    return;
  }
  if (now != driver::CallState::unknown && now != driver::CallState::other) call.state = now;
  const Transition step = transition(call.direction, call.phase, now);
  if ((step.tell & tell_far_cleared) != 0 || now == driver::CallState::disconnected) call.far_released = true;
  call.phase = step.next;
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
  release(expected_ > 0 ? std::optional(started.leg) : std::nullopt, out);
}

void Line::call_failed(Actions& out) {
  if (expected_ > 0) --expected_;
  if (expected_ == 0) release(std::nullopt, out);
}

/// Applies what was kept back: of one call, or of all.
void Line::release(std::optional<driver::LegHandle> only, Actions& out) {
  const auto held = std::exchange(held_, {});
  for (const auto& change : held) {
    if (only && change.leg != *only) {
      held_.push_back(change);
    } else if (Call* call = find(change.leg)) {
      call->cause = change.cause;
      apply(*call, change.state, out);
    }
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
      if ((what & tell_established) != 0) notify(teller.established());
      if ((what & tell_far_cleared) != 0) notify(teller.far_cleared(cause));
      if ((what & tell_cleared) != 0) notify(teller.cleared(cause));
    }
  }
}

void Line::forget_cleared() {
  std::erase_if(calls_, [](const Call& call) { return call.phase == Phase::cleared; });
}

void Line::clear_all(model::EventCause cause, Actions& out) {
  held_.clear();
  claimed_.clear();
  for (auto& call : calls_) {
    if (call.phase != Phase::cleared) tell(call, tell_cleared, cause, out);
    call.phase = Phase::cleared;
  }
  forget_cleared();
}

}  // namespace linebridge::control
