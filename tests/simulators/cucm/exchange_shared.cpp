#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange.hpp"

// One line on several phones: what the others are told of a call.
namespace linebridge::sim::cucm {

/// The other legs of a line on which a call has just become active.
void Exchange::mark_in_use(const Leg& active) {
  if (active.is_outside()) return;
  const bool privacy = phones_[lines_[active.line].phone].privacy;
  for (const LegId other : siblings(active)) {
    Leg& shown = legs_.at(other);
    shown.remote_in_use = true;
    shown.silent = false;
    shown.privacy = privacy;
    chores_.cancel(shown.answers);
    chores_.cancel(shown.gives_up);
    change(shown, LegState::connected);
  }
}

/// Phones that share the line and did not have the call yet see that it is in use.
void Exchange::show_in_use(LegId active) {
  const Leg& leg = legs_.at(active);
  if (leg.is_outside() || lines_by_number_.count(leg.self.number) == 1) return;
  Leg shown = leg;
  shown.remote_in_use = true;
  shown.media = false;
  shown.consult = shown.joins = 0;
  shown.answers = shown.gives_up = {};
  shown.privacy = phones_[lines_[shown.line].phone].privacy;
  const LineSpec line = lines_[shown.line].spec;
  for (const AppearanceId id : lines_of(line.number)) {
    if (lines_[id].spec.partition != line.partition || !is_registered(id)) continue;
    const auto others = own_legs(lines_[id].phone);
    const bool has_one = std::any_of(others.begin(), others.end(), [&](LegId other) {
      return legs_.at(other).line == id && legs_.at(other).call == shown.call;
    });
    if (has_one) continue;
    shown.line = id;
    shown.self = party(id);
    make_leg(shown);
  }
}

/// A phone came back: it sees what goes on at the lines it shares.
void Exchange::show_calls_elsewhere(PhoneId phone) {
  for (const AppearanceId own : phones_[phone].lines) {
    for (const AppearanceId other : lines_of(lines_[own].spec.number)) {
      for (const LegId id : own_legs(lines_[other].phone)) {
        const Leg& leg = legs_.at(id);
        if (leg.line == other && is_active(leg)) show_in_use(id);
      }
    }
  }
}

void Exchange::set_privacy(PhoneId phone, bool on) {
  if (std::exchange(phones_[phone].privacy, on) == on) return;
  for (const LegId id : own_legs(phone)) {
    if (!is_active(legs_.at(id))) continue;
    for (const LegId other : siblings(legs_.at(id))) {
      Leg& shown = legs_.at(other);
      shown.privacy = on;
      told_parties(shown, true, true);
    }
  }
}

}  // namespace linebridge::sim::cucm
