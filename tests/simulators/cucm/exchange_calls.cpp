#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange_route.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr int most_forwards = 8;

}  // namespace

Exchange::Route Exchange::resolve(const std::string& destination) const {
  Route route;
  std::string number = destination;
  for (int forwards = 0;; ++forwards) {
    const auto [first, last] = lines_by_number_.equal_range(number);
    if (first == last) break;
    const Appearance& line = lines_[first->second];
    route.called = party(first->second);
    if (forwards == 0) route.original_called = route.called;
    if (line.forward_all.empty() || forwards == most_forwards) {
      route.kind = Route::Kind::out_of_order;
      for (auto at = first; at != last; ++at) {
        const Appearance& shared = lines_[at->second];
        if (shared.spec.partition != line.spec.partition || !is_registered(at->second)) continue;
        const bool room = calls_on(at->second) < shared.spec.busy_trigger;
        if (room) route.lines.push_back(at->second);
        if (route.kind != Route::Kind::free) route.kind = room ? Route::Kind::free : Route::Kind::busy;
      }
      return route;
    }
    route.last_redirecting = route.called;
    route.reason = LegReason::forward_all;
    number = line.forward_all;
  }
  route.outside = outside(number);
  if (!route.outside) return route;
  route.called = outside_party(number);
  if (route.reason == LegReason::direct) route.original_called = route.called;
  using Behaviour = OutsideSpec::Behaviour;
  route.kind = route.outside->behaviour == Behaviour::busy          ? Route::Kind::busy
               : route.outside->behaviour == Behaviour::unreachable ? Route::Kind::out_of_order
                                                                    : Route::Kind::free;
  return route;
}

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

void Exchange::place(LegId id, const std::string& destination, TimePoint now) {
  Leg& caller = legs_.at(id);
  change(caller, LegState::dialing);
  Route route = resolve(destination);
  if (route.kind == Route::Kind::unknown || (caller.is_outside() && route.outside)) {
    return fail(caller, LegState::disconnected, LegCause::unallocated);
  }
  caller.called = route.called;
  caller.original_called = route.original_called;
  caller.last_redirecting = route.last_redirecting;
  told_parties(caller, true, true);
  change(caller, LegState::proceeding);
  std::erase(route.lines, caller.line);
  if (route.kind == Route::Kind::out_of_order) {
    return fail(caller, LegState::disconnected, LegCause::out_of_order);
  }
  if (route.kind == Route::Kind::busy || (route.lines.empty() && !route.outside)) {
    return fail(caller, LegState::busy, LegCause::busy);
  }
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
  for (const AppearanceId line : route.lines) {
    leg.line = line;
    leg.self = party(line);
    Leg& rings = make_leg(leg);
    change(rings, LegState::accepted);
    answer_in(rings, phones_[lines_[line].phone].spec.answer_after, now);
  }
  if (!route.outside) return;
  leg.self = route.called;
  Leg& rings = make_leg(leg);
  change(rings, LegState::accepted);
  if (route.outside->behaviour == OutsideSpec::Behaviour::answer) {
    answer_in(rings, route.outside->answer_after, now);
  }
}

void Exchange::answer_in(Leg& leg, std::optional<std::chrono::milliseconds> after, TimePoint now) {
  if (after) answer_ids_[leg.id] = answers_.add(now + *after, leg.id);
}

void Exchange::tick(TimePoint now) {
  while (const auto due = answers_.pop(now)) {
    answer_ids_.erase(*due);
    const Leg* leg = find(*due);
    if (leg && is_ringing(leg->state)) answer(*due);
  }
}

Code Exchange::accept(LegId id) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  return is_ringing(leg->state) ? code::ok : code::illegal_call_state;
}

Code Exchange::answer(LegId id) {
  Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (!is_ringing(leg->state)) {
    return leg->origin == LegOrigin::outbound ? code::not_incoming_call : code::illegal_call_state;
  }
  if (!leg->is_outside()) hold_active(lines_[leg->line].phone, id);
  change(*leg, LegState::connected);
  for (const LegId other : siblings(*leg)) {
    legs_.at(other).remote_in_use = true;
    change(legs_.at(other), LegState::connected);
  }
  connect_far(id);
  return code::ok;
}

void Exchange::connect_far(LegId answered) {
  for (const LegId id : far_legs(legs_.at(answered))) {
    Leg& far = legs_.at(id);
    if (far.state != LegState::ringback) continue;
    change(far, LegState::connected);
    told_parties(far, false, true);
    show_in_use(id);
  }
}

/// The other phones that share the line see that it is in use.
void Exchange::show_in_use(LegId active) {
  Leg shown = legs_.at(active);
  if (shown.is_outside()) return;
  shown.remote_in_use = true;
  const auto [first, last] = lines_by_number_.equal_range(shown.self.number);
  for (auto at = first; at != last; ++at) {
    const auto others = own_legs(lines_[at->second].phone);
    const bool has_one = std::any_of(others.begin(), others.end(), [&](LegId id) {
      return legs_.at(id).line == at->second && legs_.at(id).call == shown.call;
    });
    if (has_one || lines_[at->second].spec.partition != shown.self.partition || !is_registered(at->second))
      continue;
    shown.line = at->second;
    shown.self = party(at->second);
    make_leg(shown);
  }
}

Code Exchange::disconnect(LegId id) {
  const Leg* leg = find(id);
  if (!leg) return code::illegal_handle;
  if (leg->remote_in_use) return code::illegal_call_state;
  const Leg left = *leg;
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
  if (sides(call) >= 2) return tell_conference(call, false, left);
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
  if (!leg->is_outside() && has_active_leg(lines_[leg->line].phone)) return code::retrieve_active_call;
  change(*leg, LegState::connected);
  for (const LegId other : siblings(*leg)) {
    legs_.at(other).remote_in_use = true;
    change(legs_.at(other), LegState::connected);
  }
  return code::ok;
}

void Exchange::hold_active(PhoneId phone, LegId except) {
  for (const LegId id : own_legs(phone)) {
    if (id != except && is_active(legs_.at(id))) hold(id);
  }
}

}  // namespace linebridge::sim::cucm
