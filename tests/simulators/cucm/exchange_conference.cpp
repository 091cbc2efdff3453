#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange.hpp"

namespace linebridge::sim::cucm {
namespace {

bool can_be_joined(const Leg& leg) {
  return !leg.is_outside() && !leg.remote_in_use && !leg.privacy &&
         (leg.state == LegState::connected || leg.state == LegState::on_hold);
}

}  // namespace

Code Exchange::check_join(const Leg& first, const std::vector<LegId>& others) const {
  if (!can_be_joined(first) || others.empty() || far_legs(first).empty()) return code::conference_failed;
  const auto& controller = calls_.at(first.call).controller;
  if (controller && controller->side != first.side && !spec_.advanced_conference) return code::not_allowed;
  std::vector<Handle> calls{first.call};
  std::size_t parties = sides(first.call);
  for (const LegId id : others) {
    const Leg* other = leg(id);
    if (!other) return code::illegal_handle;
    const bool known = std::find(calls.begin(), calls.end(), other->call) != calls.end();
    const bool ours = !other->is_outside() && lines_[other->line].phone == lines_[first.line].phone;
    if (known || !ours || !can_be_joined(*other)) return code::conference_bad_participant;
    const auto far = far_legs(*other);
    if (far.empty() || is_ringing(speaker(far).state)) return code::conference_bad_participant;
    calls.push_back(other->call);
    parties += sides(other->call) - 1;
  }
  return parties > static_cast<std::size_t>(spec_.conference_limit) ? code::conference_full : code::ok;
}

Code Exchange::join(LegId first_id, const std::vector<LegId>& others) {
  const Leg* first = find(first_id);
  if (!first) return code::illegal_handle;
  if (const Code wrong = check_join(*first, others); wrong != code::ok) return wrong;
  const Leg requestor = *first;
  std::vector<Handle> calls{requestor.call};
  for (const LegId id : others)
    calls.push_back(legs_.at(id).call);
  Call& call = calls_.at(requestor.call);
  if (!call.controller) call.controller = std::make_shared<const Leg>(requestor);
  const auto lines = lines_in(calls);
  FeatureStep step;
  step.step = FeatureStep::Step::conference_started;
  step.transaction = next_transaction_++;
  step.controller = call.controller->self;
  step.requestor = requestor.self;
  step.survivor = requestor.call;
  step.absorbed = {calls.begin() + 1, calls.end()};
  step.controller_leg = first_id;
  step.other_controller_leg = others.front();
  tell_feature(step, lines, requestor.line);

  std::vector<LegId> added;
  for (const LegId id : others) {
    for (const LegId moving : far_legs(legs_.at(id))) {
      move_leg(legs_.at(moving), requestor.call, LegReason::conference);
      if (!legs_.at(moving).remote_in_use) added.push_back(moving);
    }
  }
  for (const LegId id : others)
    end_side(id);
  Leg& stays = legs_.at(first_id);
  if (stays.state == LegState::on_hold) {
    hold_active(lines_[stays.line].phone, first_id);
    change(stays, LegState::connected);
    mark_in_use(stays);
  }
  for (const LegId id : added)
    tell_conference(requestor.call, true, legs_.at(id), stays);
  step.step = FeatureStep::Step::conference_ended;
  step.idle_legs = others;
  tell_feature(step, lines, requestor.line);
  return code::ok;
}

Exchange::Made Exchange::invite(LegId id, Handle call, const std::string& destination, TimePoint now) {
  const Made made = consult(id, call, destination, LegOrigin::outbound_conference, now);
  if (Leg* asks = find(made.leg)) asks->joins = id;
  return made;
}

void Exchange::tell_conference(Handle call, bool added, const Leg& changed, const Leg& requestor) {
  ConferenceChanged change{{}, added, {}, changed, requestor, requestor};
  if (const auto& controller = calls_.at(call).controller) change.controller = *controller;
  for (const LegId id : legs_of(call)) {
    if (!legs_.at(id).remote_in_use) change.parties.push_back(legs_.at(id));
  }
  for (const Leg& one : std::vector<Leg>(change.parties)) {
    if (one.is_outside()) continue;
    change.leg = one;
    happened_.push_back(change);
  }
}

/// Two are left of a conference: each is the other's party again.
void Exchange::become_plain(Handle call) {
  Call& plain = calls_.at(call);
  plain.controller.reset();
  const Leg& first = legs_.at(plain.legs.front());
  const auto others = far_legs(first);
  const Party calling = first.self, called = speaker(others).self;
  for (const LegId id : plain.legs) {
    Leg& leg = legs_.at(id);
    leg.calling = calling;
    leg.called = leg.original_called = called;
    leg.last_redirecting = {};
  }
}

Code Exchange::drop_party(LegId id, LegId party_id) {
  const Leg *leg = find(id), *dropped = find(party_id);
  if (!leg || !dropped) return code::illegal_handle;
  const auto& controller = calls_.at(leg->call).controller;
  if (leg->call != dropped->call || leg->side == dropped->side) return code::conference_bad_participant;
  if (!controller || sides(leg->call) < 3) return code::conference_inactive;
  if (leg->remote_in_use) return code::illegal_call_state;
  if (controller->side != leg->side && !spec_.advanced_conference) return code::drop_party_failed;
  const Leg left = *dropped, drops = *leg;
  change(legs_.at(party_id), LegState::disconnected, LegCause::dropped_from_conference);
  end_side(party_id);
  tell_conference(drops.call, false, left, drops);
  if (sides(drops.call) == 2) become_plain(drops.call);
  return code::ok;
}

}  // namespace linebridge::sim::cucm
