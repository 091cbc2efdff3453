#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange_route.hpp"

// Moving a call to somebody else: transfer, redirection, forwarding.
namespace linebridge::sim::cucm {
namespace {

bool can_be_transferred(const Leg& leg) {
  return !leg.is_outside() && !leg.remote_in_use && !leg.privacy &&
         (leg.state == LegState::connected || leg.state == LegState::on_hold ||
          leg.state == LegState::ringback);
}

Code redirect_code(bool unknown, bool busy) {
  if (unknown) return code::redirect_unknown_destination;
  return busy ? code::redirect_destination_busy : code::redirect_out_of_order;
}

}  // namespace

Exchange::Made Exchange::consult(LegId id, Handle call, const std::string& destination, LegOrigin origin,
                                 TimePoint now) {
  Leg* leg = find(id);
  if (!leg) return {code::illegal_handle, 0};
  if (leg->is_outside() || (!is_active(*leg) && (leg->state != LegState::on_hold || leg->privacy))) {
    return {code::illegal_call_state, 0};
  }
  if (find(leg->consult)) return {code::consult_outstanding, 0};
  const Made made = originate({leg->line, call, destination, origin}, now);
  if (find(made.leg)) leg->consult = made.leg;
  return made;
}

std::vector<Exchange::Concerned> Exchange::lines_in(const std::vector<Handle>& calls) const {
  std::vector<Concerned> lines;
  for (const Handle call : calls) {
    for (const LegId id : legs_of(call)) {
      const Leg& leg = legs_.at(id);
      if (leg.is_outside()) continue;
      const auto known = std::find_if(lines.begin(), lines.end(),
                                      [&leg](const Concerned& one) { return one.line == leg.line; });
      if (known == lines.end()) lines.push_back({leg.line, leg.remote_in_use});
    }
  }
  return lines;
}

void Exchange::tell_feature(FeatureStep step, const std::vector<Concerned>& lines, AppearanceId requestor) {
  const std::vector<LegId> idle = std::exchange(step.idle_legs, {});
  for (const Concerned& one : lines) {
    step.line = one.line;
    step.remote_in_use = one.remote_in_use;
    step.idle_legs = one.line == requestor ? idle : std::vector<LegId>{};
    happened_.push_back(step);
  }
}

/// A leg whose call disappears goes on in another.
void Exchange::move_leg(Leg& leg, Handle call, LegReason reason) {
  const auto old = calls_.find(leg.call);
  std::erase(old->second.legs, leg.id);
  if (old->second.legs.empty()) calls_.erase(old);
  calls_[call].legs.push_back(leg.id);
  leg.call = call;
  leg.reason = reason;
  happened_.push_back(CallReplaced{leg, reason});
}

Code Exchange::transfer(LegId first_id, LegId other_id) {
  const Leg *first = find(first_id), *other = find(other_id);
  if (!first || !other) return code::illegal_handle;
  if (!can_be_transferred(*first) || !can_be_transferred(*other) || first->call == other->call ||
      lines_[first->line].phone != lines_[other->line].phone) {
    return code::transfer_failed;
  }
  const auto staying = far_legs(*first), moving = far_legs(*other);
  if (staying.empty() || moving.empty()) return code::transfer_failed;
  const Leg controller = *first;
  const Leg stays = speaker(staying), moves = speaker(moving);
  if (is_ringing(stays.state) && is_ringing(moves.state)) return code::transfer_failed;
  const Handle absorbed = other->call;
  const auto lines = lines_in({first->call, absorbed});
  FeatureStep step;
  step.transaction = next_transaction_++;
  step.controller = step.requestor = controller.self;
  step.survivor = controller.call;
  step.absorbed = {absorbed};
  step.controller_leg = first_id;
  step.other_controller_leg = other_id;
  tell_feature(step, lines, controller.line);

  const bool conference = sides(controller.call) + sides(absorbed) > 4;
  const auto controls = calls_.at(absorbed).controller;
  const auto set_parties = [&](Leg& leg) {
    if (conference) return;
    leg.calling = stays.self;
    leg.called = leg.original_called = moves.self;
    leg.last_redirecting = controller.self;
  };
  for (const LegId id : moving) {
    set_parties(legs_.at(id));
    move_leg(legs_.at(id), controller.call, LegReason::transferred);
  }
  for (const LegId id : staying) {
    const std::string called_by = legs_.at(id).calling.number;
    set_parties(legs_.at(id));
    legs_.at(id).reason = LegReason::transferred;
    told_parties(legs_.at(id), legs_.at(id).calling.number != called_by, true);
  }
  end_side(other_id);
  end_side(first_id);
  // Whoever is connected to somebody who still rings hears that.
  for (const LegId id : is_ringing(moves.state)   ? staying
                        : is_ringing(stays.state) ? moving
                                                  : std::vector<LegId>{}) {
    if (is_active(legs_.at(id))) change(legs_.at(id), LegState::ringback);
  }
  if (conference) {
    auto& known = calls_.at(controller.call).controller;
    if (!known) known = controls;
    tell_conference(controller.call, true, legs_.at(moves.id), controller);
  }
  step.step = FeatureStep::Step::transfer_ended;
  step.idle_legs = {first_id, other_id};
  tell_feature(step, lines, controller.line);
  return code::ok;
}

Code Exchange::redirect(LegId id, const Redirection& what, TimePoint now) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  const bool movable = !leg->privacy && !leg->remote_in_use &&
                       (is_ringing(leg->state) || is_active(*leg) || leg->state == LegState::on_hold);
  if (!movable || sides(leg->call) != 2) return code::redirect_wrong_state;
  const auto staying = far_legs(*leg);
  const Leg& far = speaker(staying);
  if (is_ringing(far.state) || far.state == LegState::busy) return code::redirect_wrong_state;
  const bool by_caller = what.dials_as_caller && !far.is_outside();
  Route route = resolve(what.destination, by_caller ? far.line : leg->line);
  for (const LegId one : staying)
    route.leave_out(legs_.at(one).line);
  if (!route.is_reached()) {
    if (what.unconditional) disconnect(id);
    return redirect_code(route.kind == Route::Kind::unknown, route.kind == Route::Kind::busy);
  }
  if (what.original_called) {
    route.original_called =
        *what.original_called == route.called.number ? route.called : Party{*what.original_called, {}, {}, {}};
  } else {
    route.original_called = leg->original_called;
  }
  if (route.reason == LegReason::direct) {
    route.reason = what.reason;
    route.last_redirecting = leg->self;
  }
  divert(id, route, now);
  return code::ok;
}

/// Takes a party out of its call and rings where `route` leads instead.
void Exchange::divert(LegId id, const Route& wanted, TimePoint now) {
  const auto staying = far_legs(legs_.at(id));
  Route route = wanted;
  for (const LegId one : staying)
    route.leave_out(legs_.at(one).line);
  end_side(id);
  for (const LegId far_id : staying) {
    Leg& far = legs_.at(far_id);
    const bool was_called = far.calling.number != far.self.number;
    far.calling = far.self;
    far.called = route.called;
    far.original_called = route.original_called;
    far.last_redirecting = route.last_redirecting;
    far.reason = route.reason;
    told_parties(far, was_called, true);
  }
  const LegId speaks = speaker(staying).id;
  if (!route.is_reached()) return fail(legs_.at(speaks), route);
  ring(legs_.at(speaks), route, now);
  for (const LegId far_id : staying) {
    Leg& far = legs_.at(far_id);
    if (!far.remote_in_use && far.state != LegState::on_hold) change(far, LegState::ringback);
  }
}

Code Exchange::play_digits(LegId id, const std::vector<std::int32_t>& digits) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (!is_active(*leg)) return code::dtmf_wrong_state;
  constexpr std::int32_t last_digit = 15;
  constexpr std::size_t most_digits = 100;
  const bool right = std::all_of(digits.begin(), digits.end(),
                                 [](std::int32_t digit) { return digit >= 0 && digit <= last_digit; });
  if (!right || digits.empty() || digits.size() > most_digits) return code::invalid_digits;
  for (const std::int32_t digit : digits) {
    for (const LegId far_id : far_legs(*leg)) {
      const Leg& far = legs_.at(far_id);
      if (!far.is_outside() && is_active(far)) happened_.push_back(DigitHeard{far.line, far_id, digit});
    }
  }
  return code::ok;
}

Code Exchange::play_tone(LegId id, std::int32_t tone, std::int32_t direction) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (!is_active(*leg)) return code::illegal_call_state;
  if (tone < 0) return code::invalid_tone;
  happened_.push_back(ToneChanged{leg->line, id, tone, direction});
  return code::ok;
}

}  // namespace linebridge::sim::cucm
