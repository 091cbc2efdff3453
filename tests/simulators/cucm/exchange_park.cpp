#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange_route.hpp"

namespace linebridge::sim::cucm {

Exchange::ParkSlots::iterator Exchange::free_park_slot() {
  return std::find_if(park_.begin(), park_.end(), [](const auto& one) { return !one.second.call; });
}

Exchange::Parked Exchange::park(LegId id, const std::string& number, TimePoint now) {
  const Leg* leg = find(id);
  if (!leg) return {code::illegal_handle, {}};
  const bool talks = is_active(*leg) || (leg->state == LegState::on_hold && !leg->privacy);
  if (!talks || sides(leg->call) != 2 || leg->is_outside()) return {code::illegal_call_state, {}};
  const auto slot = number.empty() ? free_park_slot() : park_.find(number);
  if (slot == park_.end()) return {number.empty() ? code::no_park_number : code::invalid_park_number, {}};
  if (slot->second.call) return {code::no_park_number, {}};
  const Handle call = leg->call;
  const auto parked = far_legs(*leg);
  slot->second = {call, leg->line, leg->self,
                  chores_.add(now + spec_.park_reversion, {Chore::What::remind, 0, slot->first})};
  calls_.at(call).park_number = slot->first;
  const Party parker = leg->self;
  legs_.at(id).reason = LegReason::park;
  end_side(id);
  for (const LegId far_id : parked) {
    Leg& far = legs_.at(far_id);
    const bool was_called = far.calling.number != far.self.number;
    far.calling = far.self;
    far.called = {slot->first, {}, {}, {}};
    far.last_redirecting = parker;
    far.reason = LegReason::park;
    told_parties(far, was_called, true);
  }
  return {code::ok, slot->first};
}

void Exchange::free_slot(const std::string& number) {
  const auto slot = park_.find(number);
  if (number.empty() || slot == park_.end()) return;
  chores_.cancel(slot->second.reminder);
  slot->second = {};
}

Exchange::Made Exchange::unpark(AppearanceId line, Handle call, const std::string& number, TimePoint now) {
  const auto slot = park_.find(number);
  if (slot == park_.end()) return {code::invalid_park_number, 0};
  if (!slot->second.call) return {code::unpark_failed, 0};
  return originate({line, call, number, LegOrigin::outbound, LegReason::unpark}, now);
}

/// The parked party goes on in the call of who takes it back.
void Exchange::pick_up(LegId retriever, ParkSlots::iterator slot) {
  const auto parked = legs_of(slot->second.call);
  calls_.at(slot->second.call).park_number.clear();
  free_slot(slot->first);
  Leg& mine = legs_.at(retriever);
  const Leg& waits = speaker(parked);
  mine.reason = LegReason::unpark;
  mine.called = waits.self;
  mine.original_called = mine.last_redirecting = {slot->first, {}, {}, {}};
  told_parties(mine, true, true);
  change(mine, LegState::proceeding);
  for (const LegId id : parked) {
    Leg& far = legs_.at(id);
    far.calling = mine.self;
    far.called = far.self;
    far.original_called = mine.original_called;
    far.last_redirecting = mine.last_redirecting;
    move_leg(far, mine.call, LegReason::unpark);
    told_parties(far, true, true);
  }
  change(mine, LegState::connected);
  show_in_use(retriever);
}

/// Nobody took a parked call back: it rings where it was parked. If that cannot be, it waits for another round.
void Exchange::remind(const std::string& number, TimePoint now) {
  const auto slot = park_.find(number);
  if (slot == park_.end() || !slot->second.call) return;
  const ParkSlot was = slot->second;
  if (!is_registered(was.line) || calls_on(was.line) >= lines_[was.line].spec.max_calls) {
    slot->second.reminder = chores_.add(now + spec_.park_reversion, {Chore::What::remind, 0, number});
    return;
  }
  calls_.at(was.call).park_number.clear();
  free_slot(number);
  Route route;
  route.kind = Route::Kind::free;
  route.called = route.original_called = was.parker;
  route.last_redirecting = {number, {}, {}, {}};
  route.reason = LegReason::park_reminder;
  route.lines = {was.line};
  const auto parked = legs_of(was.call);
  for (const LegId id : parked) {
    Leg& far = legs_.at(id);
    far.called = was.parker;
    far.last_redirecting = route.last_redirecting;
    far.reason = LegReason::park_reminder;
    told_parties(far, false, true);
  }
  ring(speaker(parked), route, now);
  for (const LegId id : parked) {
    if (is_active(legs_.at(id))) change(legs_.at(id), LegState::ringback);
  }
}

}  // namespace linebridge::sim::cucm
