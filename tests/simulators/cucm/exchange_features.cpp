#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange_route.hpp"

namespace linebridge::sim::cucm {
namespace {

bool can_be_joined(const Leg& leg) {
  return !leg.is_outside() && !leg.remote_in_use &&
         (leg.state == LegState::connected || leg.state == LegState::on_hold ||
          leg.state == LegState::ringback);
}

}  // namespace

Exchange::Made Exchange::consult(LegId id, Handle call, const std::string& destination, LegOrigin origin,
                                 TimePoint now) {
  const Leg* leg = find(id);
  if (!leg) return {code::illegal_handle, 0};
  if (!is_active(*leg) && leg->state != LegState::on_hold) return {code::illegal_call_state, 0};
  return originate({leg->line, call, destination, origin}, now);
}

std::vector<AppearanceId> Exchange::lines_in(const std::vector<Handle>& calls) const {
  std::vector<AppearanceId> lines;
  for (const Handle call : calls) {
    for (const LegId id : legs_of(call)) {
      const AppearanceId line = legs_.at(id).line;
      if (line != outside_line && std::find(lines.begin(), lines.end(), line) == lines.end())
        lines.push_back(line);
    }
  }
  return lines;
}

void Exchange::tell_feature(FeatureStep step, const std::vector<AppearanceId>& lines, AppearanceId controller) {
  const std::vector<LegId> idle = std::exchange(step.idle_legs, {});
  for (const AppearanceId line : lines) {
    step.line = line;
    step.idle_legs = line == controller ? idle : std::vector<LegId>{};
    happened_.push_back(step);
  }
}

/// A leg whose call disappears goes on in another.
void Exchange::move_leg(Leg& leg, Handle call, LegReason reason) {
  const auto old = calls_.find(leg.call);
  std::erase(old->second, leg.id);
  if (old->second.empty()) calls_.erase(old);
  calls_[call].push_back(leg.id);
  leg.call = call;
  leg.reason = reason;
  happened_.push_back(CallReplaced{leg, reason});
}

Code Exchange::transfer(LegId first_id, LegId other_id) {
  const Leg *first = find(first_id), *other = find(other_id);
  if (!first || !other) return code::illegal_handle;
  if (!can_be_joined(*first) || !can_be_joined(*other) || first->call == other->call ||
      lines_[first->line].phone != lines_[other->line].phone) {
    return code::transfer_failed;
  }
  const auto staying = far_legs(*first), moving = far_legs(*other);
  if (staying.empty() || moving.empty()) return code::transfer_failed;
  const Leg controller = *first;
  const Party calling = legs_.at(staying.front()).self, called = legs_.at(moving.front()).self;
  const bool still_rings = is_ringing(legs_.at(moving.front()).state);
  const auto lines = lines_in({first->call, other->call});
  FeatureStep step{FeatureStep::Step::transfer_started,
                   0,
                   next_transaction_++,
                   controller.self,
                   controller.call,
                   {other->call},
                   first_id,
                   other_id,
                   {}};
  tell_feature(step, lines, controller.line);

  const auto set_parties = [&](Leg& leg) {
    leg.calling = calling;
    leg.called = called;
    leg.last_redirecting = controller.self;
  };
  for (const LegId id : moving) {
    set_parties(legs_.at(id));
    move_leg(legs_.at(id), controller.call, LegReason::transferred);
  }
  for (const LegId id : staying) {
    set_parties(legs_.at(id));
    legs_.at(id).reason = LegReason::transferred;
    told_parties(legs_.at(id), false, true);
  }
  end_side(other_id);
  end_side(first_id);
  for (const LegId id : staying) {
    if (still_rings && is_active(legs_.at(id))) change(legs_.at(id), LegState::ringback);
  }
  step.step = FeatureStep::Step::transfer_ended;
  step.idle_legs = {first_id, other_id};
  tell_feature(step, lines, controller.line);
  return code::ok;
}

Code Exchange::join(LegId first_id, const std::vector<LegId>& others) {
  const Leg* first = find(first_id);
  if (!first) return code::illegal_handle;
  if (!can_be_joined(*first) || others.empty()) return code::conference_failed;
  std::vector<Handle> calls{first->call};
  for (const LegId id : others) {
    const Leg* other = find(id);
    if (!other) return code::illegal_handle;
    const bool known = std::find(calls.begin(), calls.end(), other->call) != calls.end();
    if (known || !can_be_joined(*other) || is_ringing(other->state) || other->state == LegState::ringback ||
        lines_[other->line].phone != lines_[first->line].phone) {
      return code::conference_bad_participant;
    }
    calls.push_back(other->call);
  }
  const Leg controller = *first;
  const auto lines = lines_in(calls);
  FeatureStep step{FeatureStep::Step::conference_started,
                   0,
                   next_transaction_++,
                   controller.self,
                   controller.call,
                   {calls.begin() + 1, calls.end()},
                   first_id,
                   others.front(),
                   {}};
  tell_feature(step, lines, controller.line);

  Leg added;
  for (const LegId id : others) {
    for (const LegId moving : far_legs(legs_.at(id))) {
      move_leg(legs_.at(moving), controller.call, LegReason::conference);
      added = legs_.at(moving);
    }
    end_side(id);
  }
  Leg& stays = legs_.at(first_id);
  if (stays.state == LegState::on_hold) change(stays, LegState::connected);
  tell_conference(controller.call, true, added);
  step.step = FeatureStep::Step::conference_ended;
  step.idle_legs = others;
  tell_feature(step, lines, controller.line);
  return code::ok;
}

void Exchange::tell_conference(Handle call, bool added, const Leg& changed) {
  ConferenceChanged change{{}, added, {}, changed};
  for (const LegId id : legs_of(call)) {
    if (!legs_.at(id).remote_in_use) change.parties.push_back(legs_.at(id));
  }
  for (const Leg& one : std::vector<Leg>(change.parties)) {
    if (one.is_outside()) continue;
    change.leg = one;
    happened_.push_back(change);
  }
}

Code Exchange::drop_party(LegId id, LegId party_id) {
  const Leg *leg = find(id), *dropped = find(party_id);
  if (!leg || !dropped) return code::illegal_handle;
  if (leg->call != dropped->call || sides(leg->call) < 3 || leg->side == dropped->side) {
    return code::conference_bad_participant;
  }
  const Leg left = *dropped;
  change(legs_.at(party_id), LegState::disconnected, LegCause::normal);
  end_side(party_id);
  clear_rest(left.call, LegCause::normal, left);
  return code::ok;
}

Code Exchange::redirect(LegId id, const Redirection& what, TimePoint now) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  const bool movable = is_ringing(leg->state) || is_active(*leg) || leg->state == LegState::on_hold;
  if (!movable || sides(leg->call) != 2) return code::redirect_wrong_state;
  const auto staying = far_legs(*leg);
  Route route = resolve(what.destination);
  for (const LegId far : staying)
    std::erase(route.lines, legs_.at(far).line);
  if (route.kind == Route::Kind::free && route.lines.empty() && !route.outside) route.kind = Route::Kind::busy;
  if (route.kind == Route::Kind::unknown) return code::redirect_unknown_destination;
  if (route.kind == Route::Kind::busy) return code::redirect_destination_busy;
  if (route.kind == Route::Kind::out_of_order) return code::redirect_out_of_order;

  const Leg redirecting = *leg;
  route.reason = what.reason;
  route.last_redirecting = redirecting.self;
  route.original_called = redirecting.original_called;
  if (what.original_called) {
    route.original_called =
        *what.original_called == route.called.number ? route.called : Party{*what.original_called, {}, {}, {}};
  }
  end_side(id);
  for (const LegId far_id : staying) {
    Leg& far = legs_.at(far_id);
    far.calling = far.self;
    far.called = route.called;
    far.original_called = route.original_called;
    far.last_redirecting = route.last_redirecting;
    far.reason = what.reason;
    told_parties(far, false, true);
  }
  ring(legs_.at(staying.front()), route, now);
  for (const LegId far_id : staying) {
    if (!legs_.at(far_id).remote_in_use) change(legs_.at(far_id), LegState::ringback);
  }
  return code::ok;
}

}  // namespace linebridge::sim::cucm
