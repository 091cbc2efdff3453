#include "cti/qbe/messages.hpp"
#include "cti/qbe/translate.hpp"

/// Transfers, conferences and forwarding; states and parties stand in translate.cpp.
namespace linebridge::cti::qbe {
namespace {

namespace m = messages;
using Change = driver::ConferenceChanged::Change;

Change change_of(std::uint32_t status) {
  switch (status) {
    case 1: return Change::added;
    case 2: return Change::removed;
    case 3: return Change::updated;
    default: return Change::unknown;
  }
}

driver::Participant participant(const View& info) {
  constexpr const Layout& p = elements::participant_info;
  const auto shown = info.text(p["participant_number"]);
  driver::Participant out;
  out.number = shown.empty() ? info.text(p["unmodified_participant_number"]) : shown;
  out.leg = {info.number(p["call_manager_id"]), info.number(p["call_leg_id"])};
  // A sender that fills in neither says nothing about what may be shown.
  out.restricted = info.flag(p["name_pi"]) && !info.flag(p["number_pi"]);
  return out;
}

std::vector<driver::LegHandle> legs(const Elements& list) {
  constexpr const Layout& h = elements::cti_call_handle;
  std::vector<driver::LegHandle> out;
  out.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    out.push_back({list[i].number(h["call_manager_id"]), list[i].number(h["call_leg_id"])});
  return out;
}

driver::Controller named(const View& event, Slot number, Slot device) {
  return {std::string(event.text(number)), std::string(event.text(device))};
}

}  // namespace

driver::TransferStarted transfer_started(const View& event) {
  constexpr const Layout& e = m::line_transfer_started_event;
  driver::TransferStarted out;
  out.line = line_of(event);
  out.transaction = event.number(e["transaction_id"]);
  out.surviving = {event.number(e["surviving_gcm_id"]), event.number(e["surviving_gcc_id"])};
  out.other = {event.number(e["other_gcm_id"]), event.number(e["other_gcc_id"])};
  out.controller = named(event, e["controller_number"], e["controller_device_name"]);
  out.final_leg = {event.number(e["final_controller_call_manager_id"]),
                   event.number(e["final_controller_call_leg_id"])};
  out.other_leg = {event.number(e["other_controller_call_manager_id"]),
                   event.number(e["other_controller_call_leg_id"])};
  out.remote_in_use = event.flag(e["remote_in_use"]);
  return out;
}

driver::TransferEnded transfer_ended(const View& event) {
  constexpr const Layout& e = m::line_transfer_ended_event;
  return {line_of(event), event.number(e["transaction_id"]), event.flag(e["success"]),
          legs(event.elements(e["idle_calls"])), event.flag(e["remote_in_use"])};
}

driver::ConferenceStarted conference_started(const View& event) {
  constexpr const Layout& e = m::line_conference_started_event;
  constexpr const Layout& g = elements::cti_global_call_handle;
  driver::ConferenceStarted out;
  out.line = line_of(event);
  out.transaction = event.number(e["transaction_id"]);
  out.surviving = {event.number(e["surviving_gcm_id"]), event.number(e["surviving_gcc_id"])};
  const Elements others = event.elements(e["other_gc_ids"]);
  for (std::size_t i = 0; i < others.size(); ++i)
    out.others.push_back({others[i].number(g["call_manager_id"]), others[i].number(g["call_id"])});
  out.controller = named(event, e["controller_number"], e["controller_device_name"]);
  out.requestor = named(event, e["requestor_number"], e["requestor_device_name"]);
  out.remote_in_use = event.flag(e["remote_in_use"]);
  return out;
}

driver::ConferenceEnded conference_ended(const View& event) {
  constexpr const Layout& e = m::line_conference_ended_event;
  driver::ConferenceEnded out;
  out.line = line_of(event);
  out.transaction = event.number(e["transaction_id"]);
  out.success = event.flag(e["success"]);
  out.idle = legs(event.elements(e["idle_calls"]));
  out.controller = named(event, e["controller_number"], e["controller_device_name"]);
  out.requestor = named(event, e["requestor_number"], e["requestor_device_name"]);
  return out;
}

driver::ConferenceChanged conference_changed(const View& event) {
  constexpr const Layout& e = m::call_conference_state_changed_event;
  driver::ConferenceChanged out;
  out.line = line_of(event);
  out.leg = leg_of(event);
  out.call = {event.number(e["global_call_manager_id"]), event.number(e["global_call_id"])};
  out.change = change_of(event.number(e["modify_status"]));
  out.changed = participant(event.element(e["changed_participant_info"]));
  const Elements others = event.elements(e["other_participants_info"]);
  for (std::size_t i = 0; i < others.size(); ++i)
    out.others.push_back(participant(others[i]));
  out.controller = participant(event.element(e["controller_participant_info"]));
  out.reason = event.number(e["reason"]);
  out.remote_in_use = event.flag(e["remote_in_use"]);
  return out;
}

std::string forwarded_to(const Elements& list) {
  constexpr const Layout& f = elements::cti_call_forward_information;
  constexpr std::uint32_t all_calls = 1;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].number(f["cfwd_type"]) == all_calls)
      return std::string(list[i].text(f["call_fwd_destination"]));
  return {};
}

driver::ForwardingChanged forwarding_changed(const View& event) {
  return {line_of(event), forwarded_to(event.elements(m::line_forward_event["forward_array"]))};
}

}  // namespace linebridge::cti::qbe
