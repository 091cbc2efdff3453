#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange_route.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::int32_t cti_port_type = 72;

}  // namespace

Exchange::Made Exchange::originate(const Origination& what, TimePoint now) {
  if (!is_registered(what.line)) return {code::line_out_of_service, 0};
  if (what.call.manager != cluster_node || what.call.number <= 0 || what.call.number >= next_call_) {
    return {code::unknown_global_handle, 0};
  }
  if (calls_.count(what.call) != 0) return {code::call_already_exists, 0};
  const Appearance& line = lines_[what.line];
  if (calls_on(what.line) >= line.spec.max_calls) return {code::call_limit, 0};
  hold_active(line.phone, 0);
  Leg leg;
  leg.call = what.call;
  leg.line = what.line;
  leg.side = next_side_++;
  leg.self = leg.calling = party(what.line);
  leg.state = LegState::dialtone;
  leg.origin = what.origin;
  leg.reason = what.reason;
  const LegId id = make_leg(std::move(leg)).id;
  if (!what.destination.empty()) place(id, what.destination, now);
  return {code::ok, id};
}

Exchange::Made Exchange::originate_outside(const std::string& number, const std::string& destination,
                                           TimePoint now) {
  if (!outside(number)) return {code::undefined_line, 0};
  Leg leg;
  leg.call = allocate();
  leg.side = next_side_++;
  leg.self = leg.calling = outside_party(number);
  leg.state = LegState::dialtone;
  const LegId id = make_leg(std::move(leg)).id;
  place(id, destination, now);
  return {code::ok, id};
}

Code Exchange::dial(LegId id, const std::string& destination, TimePoint now) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (leg->state != LegState::dialtone || destination.empty()) return code::illegal_call_state;
  place(id, destination, now);
  return code::ok;
}

void Exchange::fail(Leg& caller, LegState state, LegCause cause) {
  change(caller, state, cause);
  if (state == LegState::busy && !caller.is_outside()) return;  // Until the phone goes on hook.
  make_idle(caller);
}

/// A call that leads nowhere: busy until the phone goes on hook, else over.
void Exchange::fail(Leg& caller, const Route& route) {
  switch (route.kind) {
    case Route::Kind::busy: return fail(caller, LegState::busy, LegCause::busy);
    case Route::Kind::out_of_order: return fail(caller, LegState::disconnected, LegCause::out_of_order);
    case Route::Kind::unknown: return fail(caller, LegState::disconnected, LegCause::unallocated);
    case Route::Kind::free: return;
  }
}

void Exchange::place(LegId id, const std::string& destination, TimePoint now) {
  Leg& caller = legs_.at(id);
  change(caller, LegState::dialing);
  const auto slot = park_.find(destination);
  if (slot != park_.end() && slot->second.call) return pick_up(id, slot);
  Route route = resolve(destination, caller.line);
  if (caller.is_outside() && route.outside) route.kind = Route::Kind::unknown;
  if (route.kind == Route::Kind::unknown) return fail(caller, route);
  caller.called = route.called;
  caller.original_called = route.original_called;
  caller.last_redirecting = route.last_redirecting;
  told_parties(caller, true, true);
  change(caller, LegState::proceeding);
  route.leave_out(caller.line);
  if (!route.is_reached()) return fail(caller, route);
  ring(caller, route, now);
  change(caller, LegState::ringback);
}

void Exchange::ring(const Leg& caller, const Route& route, TimePoint now) {
  Leg leg;
  leg.call = caller.call;
  leg.side = next_side_++;
  leg.state = LegState::offering;
  leg.origin = caller.is_outside() ? LegOrigin::inbound_external : LegOrigin::inbound_internal;
  leg.reason = route.reason;
  leg.calling = caller.self;
  leg.called = route.called;
  leg.original_called = route.original_called;
  leg.last_redirecting = route.last_redirecting;
  for (const AppearanceId line : route.lines)
    ring_line(leg, line, now);
  if (!route.outside) return;
  leg.self = route.called;
  Leg& rings = make_leg(std::move(leg));
  change(rings, LegState::accepted);
  if (route.outside->behaviour == OutsideSpec::Behaviour::answer) {
    answer_in(rings, route.outside->answer_after, now);
  }
}

void Exchange::ring_line(Leg leg, AppearanceId line, TimePoint now) {
  const Appearance& appearance = lines_[line];
  const Phone& phone = phones_[appearance.phone];
  leg.line = line;
  leg.self = party(line);
  leg.silent = phone.dnd && phone.dnd_option == DndOption::ringer_off;
  Leg& rings = make_leg(std::move(leg));
  // A phone takes the call to itself; a CTI port waits for its application to do so.
  if (phone.spec.type != cti_port_type) change(rings, LegState::accepted);
  answer_in(rings, phone.spec.answer_after, now);
  const bool forwards = !appearance.forward_no_answer.empty();
  const Duration limit = forwards ? Duration(appearance.spec.no_answer_after) : Duration(spec_.ring_limit);
  if (limit > Duration::zero()) rings.gives_up = chores_.add(now + limit, {Chore::What::give_up, rings.id, {}});
}

void Exchange::answer_in(Leg& leg, std::optional<std::chrono::milliseconds> after, TimePoint now) {
  if (after) leg.answers = chores_.add(now + *after, {Chore::What::answer, leg.id, {}});
}

void Exchange::tick(TimePoint now) {
  while (const auto due = chores_.pop(now))
    do_chore(*due, now);
}

void Exchange::do_chore(const Chore& chore, TimePoint now) {
  if (chore.what == Chore::What::remind) return remind(chore.park_number, now);
  const Leg* leg = find(chore.leg);
  if (!leg || !is_ringing(leg->state)) return;
  chore.what == Chore::What::answer ? void(answer(chore.leg)) : give_up(chore.leg, now);
}

/// Nobody answered in time.
void Exchange::give_up(LegId id, TimePoint now) {
  const Leg ringing = legs_.at(id);
  const std::string destination = lines_[ringing.line].forward_no_answer;
  Call& call = calls_.at(ringing.call);
  if (destination.empty() || call.forwards == most_forwards) {
    end_side(id);
    return clear_rest(ringing.call, LegCause::no_answer, ringing);
  }
  ++call.forwards;
  Route route = resolve(destination, ringing.line);
  route.original_called = ringing.original_called;
  if (route.reason == LegReason::direct) {
    route.reason = LegReason::forward_no_answer;
    route.last_redirecting = ringing.self;
  }
  divert(id, route, now);
}

Code Exchange::accept(LegId id) {
  Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (!is_ringing(leg->state)) return code::illegal_call_state;
  if (leg->state == LegState::offering) change(*leg, LegState::accepted);
  return code::ok;
}

Code Exchange::answer(LegId id) {
  Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (!is_ringing(leg->state)) {
    return is_outbound(leg->origin) ? code::not_incoming_call : code::illegal_call_state;
  }
  if (!leg->is_outside()) hold_active(lines_[leg->line].phone, id);
  chores_.cancel(leg->answers);
  chores_.cancel(leg->gives_up);
  leg->silent = false;
  change(*leg, LegState::connected);
  mark_in_use(*leg);
  show_in_use(id);
  connect_far(id);
  return code::ok;
}

void Exchange::connect_far(LegId answered) {
  std::vector<LegId> joining;
  for (const LegId id : far_legs(legs_.at(answered))) {
    Leg& far = legs_.at(id);
    if (far.state != LegState::ringback) continue;
    change(far, LegState::connected);
    told_parties(far, false, true);
    show_in_use(id);
    if (far.joins != 0) joining.push_back(id);
    // Its user has taken another call meanwhile, and goes on with that.
    if (!far.is_outside() && has_active_leg(lines_[far.line].phone, id)) hold(id);
  }
  for (const LegId id : joining)
    join(std::exchange(legs_.at(id).joins, 0), {id});
}

Code Exchange::disconnect(LegId id) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (leg->remote_in_use || leg->privacy) return code::illegal_call_state;
  const Leg left = *leg;
  if (is_ringing(left.state) && !siblings(left).empty()) {
    make_idle(legs_.at(id));  // It rings on where the line is shared.
    return code::ok;
  }
  end_side(id);
  clear_rest(left.call, is_ringing(left.state) ? LegCause::rejected : LegCause::normal, left);
  return code::ok;
}

void Exchange::end_side(LegId id) {
  const auto others = siblings(legs_.at(id));
  make_idle(legs_.at(id));
  for (const LegId other : others)
    make_idle(legs_.at(other));
}

/// After `left` has left: the last party is disconnected, a conference goes on.
void Exchange::clear_rest(Handle call, LegCause cause, const Leg& left) {
  const std::size_t parties = sides(call);
  if (parties >= 2) {
    tell_conference(call, false, left, left);
    if (parties == 2) become_plain(call);
    return;
  }
  for (const LegId id : legs_of(call)) {
    Leg& rest = legs_.at(id);
    if (!rest.remote_in_use) change(rest, LegState::disconnected, cause);
    make_idle(rest);
  }
}

Code Exchange::hold(LegId id) {
  Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (!is_active(*leg)) return code::illegal_call_state;
  change(*leg, LegState::on_hold);
  for (const LegId other : siblings(*leg)) {
    legs_.at(other).remote_in_use = false;
    change(legs_.at(other), LegState::on_hold);
  }
  return code::ok;
}

Code Exchange::retrieve(LegId id) {
  Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (leg->state != LegState::on_hold) return code::illegal_call_state;
  if (leg->privacy) return code::retrieve_failed;
  if (!leg->is_outside() && has_active_leg(lines_[leg->line].phone)) return code::retrieve_active_call;
  const auto far = far_legs(*leg);
  const bool rings =
      std::any_of(far.begin(), far.end(), [this](LegId one) { return is_ringing(legs_.at(one).state); });
  if (rings && sides(leg->call) == 2) {
    change(*leg, LegState::ringback);  // It was held while the call was sent on.
    return code::ok;
  }
  change(*leg, LegState::connected);
  mark_in_use(*leg);
  return code::ok;
}

void Exchange::hold_active(PhoneId phone, LegId except) {
  for (const LegId id : own_legs(phone)) {
    if (id != except && is_active(legs_.at(id))) hold(id);
  }
}

}  // namespace linebridge::sim::cucm
