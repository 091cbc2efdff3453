#include <span>

#include "cti/qbe/job.hpp"

/// The fields of every request but those of the log-in. What is not put is zero, false or null.
namespace linebridge::cti::qbe {
namespace {

namespace m = messages;
using namespace std::string_view_literals;

/// A device tells its service unasked, its do not disturb only if wanted.
constexpr const Layout& of_device = elements::device_event_filter;
constexpr std::array device_flags = {of_device["dnd_changed"]};

/// What is asked of a line once its events are wanted: calls, what moves them, forwarding.
constexpr const Layout& of_line = elements::line_event_filter;
constexpr std::array line_flags = {
    of_line["call_state_changed"],      of_line["global_call_handle_changed"],
    of_line["party_info_changed"],      of_line["existing_call_event"],
    of_line["new_call_event"],          of_line["line_cfwd_all_status"],
    of_line["transfer_started"],        of_line["transfer_ended"],
    of_line["transfer_failed"],         of_line["conference_started"],
    of_line["conference_ended"],        of_line["conference_failed"],
    of_line["existing_call_completed"],
};

/// Sets the flags wanted, which stand in the filter's order, and leaves the rest false.
void put_filter(Writer filter, std::span<const Slot> wanted) {
  for (const Slot slot : wanted)
    filter.put(slot, true);
  filter.finish();
}

void put_line(Writer& w, const Layout& request, driver::LineHandle line) {
  w.put(request.at(1), line.manager);
  w.put(request.at(2), line.line);
}
void put_leg(Writer& w, const Layout& request, const Job& job) {
  put_line(w, request, job.line);
  w.put(request.at(3), job.leg.manager);
  w.put(request.at(4), job.leg.leg);
}
void put_device(Writer& w, const Layout& request, Handle device) {
  w.put(request.at(1), device.manager);
  w.put(request.at(2), device.number);
}
Handle handle_of(driver::LegHandle leg) {
  return {leg.manager, leg.leg};
}

void put_initiate(Writer& w, const Job& job) {
  constexpr const Layout& r = m::line_call_initiate_request;
  put_line(w, r, job.line);
  w.put(r["global_call_manager_id"], job.call.manager);
  w.put(r["global_call_id"], job.call.call);
  w.put(r["calling_address"], job.number);
  w.put(r["dest_address"], job.dialled);
  w.put(r["media_device_name"], ""sv);
  w.put(r["feature_priority"], 1u);
}

/// The calling address stays null: it is the line's.
void put_consult(Writer& w, const Layout& r, Slot manager, Slot call, Slot destination, const Job& job) {
  put_leg(w, r, job);
  w.put(manager, job.call.manager);
  w.put(call, job.call.call);
  w.put(destination, job.dialled);
}

void put_join(Writer& w, const Job& job) {
  put_leg(w, m::call_join_request, job);
  std::vector<Handle> others;
  others.reserve(job.others.size());
  for (const auto leg : job.others)
    others.push_back(handle_of(leg));
  w.put(m::call_join_request["other_calls"], others);
}

/// A blind transfer is dialled with the rights of the line that transfers and shows the destination as called.
void put_redirect(Writer& w, const Job& job) {
  constexpr const Layout& r = m::call_redirect_request;
  put_leg(w, r, job);
  w.put(r["redirect_address"], job.dialled);
  w.put(r["unconditional"], false);
  w.put(r["calling_search_space"], job.on ? 2u : 0u);
  w.put(r["called_address_option"], job.on ? 1u : 0u);
  w.put(r["redirect_reason"], job.on ? 1u : 0u);
  w.put(r["preferred_original_called_party"], job.dialled);
  w.put(r["feature_priority"], 1u);
}

void put_digits(Writer& w, const Job& job) {
  put_leg(w, m::call_play_dtmf_request, job);
  std::vector<std::uint32_t> digits;
  digits.reserve(job.dialled.size());
  for (const char c : job.dialled)
    digits.push_back(digit_number(c).value_or(0));
  w.put(m::call_play_dtmf_request["dtmf_digits"], digits);
}

void put_forwarding(Writer& w, const Job& job) {
  constexpr const Layout& r = m::line_set_forward_request;
  constexpr const Layout& e = elements::cti_call_forward_information;
  put_line(w, r, job.line);
  auto list = w.elements(r["fwd_destn_info"], 1);
  Writer one = list.next();
  one.put(e["cfwd_type"], job.dialled.empty() ? 0u : 1u);
  one.put(e["call_fwd_destination"], job.dialled);
  one.finish();
  list.finish();
}

void put_message_waiting(Writer& w, const Job& job) {
  constexpr const Layout& r = m::line_set_message_waiting_request;
  put_line(w, r, job.line);
  w.put(r["line_name"], job.number);
  w.put(r["lamp_mode"], job.on ? 2u : 1u);
}

void put_line_fields(Writer& w, const Job& job) {
  switch (job.step) {
    case Step::open_device:
      w.put(m::device_open_request["device_name"], job.device);
      return put_filter(w.element(m::device_open_request["filter"]), device_flags);
    case Step::filter_device:
      put_device(w, m::device_change_event_filter_request, job.device_handle);
      return put_filter(w.element(m::device_change_event_filter_request["filter"]), device_flags);
    case Step::close_device: return put_device(w, m::device_close_request, job.device_handle);
    case Step::open_line:
      w.put(m::line_open_request["device_name"], job.device);
      w.put(m::line_open_request["line_name"], job.number);
      put_filter(w.element(m::line_open_request["filter"]), {});
      return w.put(m::line_open_request["partition"], job.partition);
    case Step::filter_line:
      put_line(w, m::line_change_event_filter_request, job.line);
      return put_filter(w.element(m::line_change_event_filter_request["filter"]), line_flags);
    case Step::close_line: return put_line(w, m::line_close_request, job.line);
    default: return;
  }
}

void put_call_fields(Writer& w, const Job& job) {
  constexpr const Layout& transfer = m::call_setup_transfer_request;
  constexpr const Layout& conference = m::call_setup_conference_request;
  switch (job.step) {
    case Step::initiate_call: return put_initiate(w, job);
    case Step::consult_to_transfer:
      return put_consult(w, transfer, transfer["new_call_manager_id"], transfer["new_global_call_id"],
                         transfer["dest_address"], job);
    case Step::consult_to_conference:
      return put_consult(w, conference, conference["new_call_manager_id"], conference["new_global_call_id"],
                         conference["dest_address"], job);
    case Step::answer_call:
      put_leg(w, m::call_answer_request, job);
      return w.put(m::call_answer_request["media_device_name"], ""sv);
    case Step::hold_call:
      put_leg(w, m::call_hold_request, job);
      return w.put(m::call_hold_request["content_id"], ""sv);
    case Step::transfer:
      put_leg(w, m::call_direct_transfer_request, job);
      return w.put(m::call_direct_transfer_request["other_call_handle"], handle_of(job.others.front()));
    case Step::join: return put_join(w, job);
    case Step::drop_party: {
      constexpr const Layout& r = m::call_conference_drop_party_request;
      put_leg(w, r, job);
      w.put(r["drop_party_call_manager_id"], job.others.front().manager);
      return w.put(r["drop_party_call_leg_id"], job.others.front().leg);
    }
    case Step::redirect: return put_redirect(w, job);
    case Step::send_digits: return put_digits(w, job);
    case Step::allocate_call: return;
    default: return put_leg(w, request_of(job.step), job);
  }
}

void put_feature_fields(Writer& w, const Job& job) {
  switch (job.step) {
    case Step::set_forwarding: return put_forwarding(w, job);
    case Step::set_do_not_disturb:
      put_device(w, m::device_dnd_set_request, job.device_handle);
      return w.put(m::device_dnd_set_request["dnd_status"], job.on);
    case Step::set_message_waiting: return put_message_waiting(w, job);
    default: return put_line(w, request_of(job.step), job.line);
  }
}

void put_census_fields(Writer& w, const Job& job) {
  const Layout& r = request_of(job.step);
  switch (job.step) {
    case Step::list_devices: return w.put(m::provider_get_device_info_request["device_group"], 1u);
    case Step::more_devices:
    case Step::more_lines: w.put(r.at(1), job.enumeration); return w.put(r.at(2), page_size);
    case Step::end_devices:
    case Step::end_lines: return w.put(r.at(1), job.enumeration);
    default: return w.put(r.at(1), job.device);
  }
}

void put_fields(Writer& w, const Job& job) {
  switch (owner_of(job.step)) {
    case Owner::lines: return put_line_fields(w, job);
    case Owner::calls: return put_call_fields(w, job);
    case Owner::features: return put_feature_fields(w, job);
    case Owner::census: return put_census_fields(w, job);
  }
}

}  // namespace

void send(const Job& job, Sender& sender) {
  sender.request(request_of(job.step), [&](Writer& w) { put_fields(w, job); });
}

}  // namespace linebridge::cti::qbe
