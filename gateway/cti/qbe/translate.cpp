#include "cti/qbe/translate.hpp"

#include <string>

#include "cti/qbe/messages.hpp"

namespace linebridge::cti::qbe {
namespace {

namespace m = messages;
using driver::CallState;

/// Where a layout keeps the four parties. The fields all of them share follow `unmodified_calling_party`.
struct PartySlots {
  Slot calling, called, original_called, last_redirecting;
  Slot plain_calling, plain_called, plain_original_called, plain_last_redirecting;
  Slot first_shown;  ///< Eight flags: may be shown, number and name of each party in turn.
  const Layout* layout;
};

consteval PartySlots slots_of(const Layout& layout, std::string_view original_called) {
  Slot original = layout["calling_party"];
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    if (layout.fields[i].name == original_called) original = layout.at(i);
  return {layout["calling_party"],
          layout["called_party"],
          original,
          layout["last_redirecting_party"],
          layout["unmodified_calling_party"],
          layout["unmodified_called_party"],
          layout["unmodified_original_called_party"],
          layout["unmodified_last_redirecting_party"],
          layout["calling_party_shown"],
          &layout};
}

constexpr PartySlots new_call_slots = slots_of(m::new_call_event, "original_called_party");
constexpr PartySlots existing_call_slots = slots_of(m::existing_call_event, "original_called_party");
constexpr PartySlots parties_changed_slots =
    slots_of(m::call_party_info_changed_event, "original_called_party");

/// Whether the calling number may not be shown. Eight flags that all say no come from a sender that does not
/// fill them in; they say nothing.
bool calling_restricted(const View& event, const PartySlots& slots) {
  bool any = false;
  for (std::uint32_t i = 0; i < 8; ++i)
    any = any || event.flag(slots.layout->at(slots.first_shown.index + i));
  return any && !event.flag(slots.first_shown);
}

driver::Parties parties(const View& event, const PartySlots& slots) {
  const auto either = [&](Slot number, Slot plain) {
    const auto shown = event.text(number);
    return std::string(shown.empty() ? event.text(plain) : shown);
  };
  return {either(slots.calling, slots.plain_calling), either(slots.called, slots.plain_called),
          either(slots.original_called, slots.plain_original_called),
          either(slots.last_redirecting, slots.plain_last_redirecting), calling_restricted(event, slots)};
}

driver::Direction direction(std::uint32_t origin, CallState state) {
  if (origin >= 4 && origin <= 8) return driver::Direction::outbound;
  const bool told = origin >= 1 && origin <= 14;
  const bool dials = state == CallState::dialtone || state == CallState::dialing ||
                     state == CallState::proceeding || state == CallState::ringback;
  return !told && dials ? driver::Direction::outbound : driver::Direction::inbound;
}

template <const Layout& e>
driver::NewCall call(const View& event, const PartySlots& slots) {
  driver::NewCall out;
  out.line = line_of(event);
  out.leg = {event.number(e["call_call_manager_id"]), event.number(e["call_leg_id"])};
  out.call = {event.number(e["global_call_manager_id"]), event.number(e["call_id"])};
  out.state = call_state(event.number(e["state"]));
  out.direction = direction(event.number(e["origin"]), out.state);
  out.reason = event.number(e["reason"]);
  out.parties = parties(event, slots);
  out.remote_in_use = event.flag(e["remote_in_use"]);
  return out;
}

}  // namespace

driver::LineHandle line_of(const View& event) {
  constexpr const Layout& e = m::line_closed_event;  // Every event of a line begins alike.
  return {event.number(e["line_call_manager_id"]), event.number(e["line_id"])};
}

driver::LegHandle leg_of(const View& event) {
  constexpr const Layout& e = m::call_state_changed_event_v2;
  return {event.number(e["call_call_manager_id"]), event.number(e["call_leg_id"])};
}

CallState call_state(std::uint32_t state) {
  switch (state) {
    case 0: return CallState::unknown;
    case 1: return CallState::idle;
    case 2: return CallState::offering;
    case 3:
    case 15: return CallState::accepted;  // 15: waits at a line that is busy; the phone tells its user.
    case 4: return CallState::dialtone;
    case 5: return CallState::dialing;
    case 6: return CallState::ringback;
    case 7: return CallState::busy;
    case 8:
    case 18: return CallState::connected;  // 18: speaks one way only (whisper), but is answered.
    case 9:
    case 17:                                // with in-band information
    case 20: return CallState::proceeding;  // 20: in a queue, so neither rings nor is answered.
    case 10:
    case 11:  // hold, pending
    case 12:  // held for a transfer
    case 13: return CallState::on_hold;
    case 14: return CallState::disconnected;
    case 16: return CallState::remote_in_use;
    default: return CallState::other;
  }
}

driver::NewCall new_call(const View& event) {
  return call<m::new_call_event>(event, new_call_slots);
}

driver::NewCall existing_call(const View& event) {
  driver::NewCall out = call<m::existing_call_event>(event, existing_call_slots);
  out.existing = true;
  return out;
}

driver::CallStateChanged call_state_changed(const View& event) {
  constexpr const Layout& e = m::call_state_changed_event_v2;
  return {line_of(event),
          leg_of(event),
          call_state(event.number(e["state"])),
          event.number(e["cause"]),
          event.number(e["reason"]),
          event.flag(e["remote_in_use"])};
}

driver::CallStateChanged call_closed(const View& event) {
  constexpr std::uint32_t callmanager_failed = 1, network_out_of_order = 38;
  const std::uint32_t reason = event.number(m::call_closed_event["reason"]);
  driver::CallStateChanged out{line_of(event), leg_of(event), CallState::idle};
  if (reason == callmanager_failed) out.cause = network_out_of_order;
  return out;
}

driver::PartiesChanged parties_changed(const View& event) {
  constexpr const Layout& e = m::call_party_info_changed_event;
  return {line_of(event), leg_of(event), parties(event, parties_changed_slots), event.number(e["reason"])};
}

driver::GlobalCallChanged global_call_changed(const View& event) {
  constexpr const Layout& e = m::global_call_handle_changed_event;
  return {line_of(event),
          leg_of(event),
          {event.number(e["new_global_call_manager_id"]), event.number(e["new_global_call_id"])},
          event.number(e["reason"])};
}

}  // namespace linebridge::cti::qbe
