#include "cti/qbe/job.hpp"

#include "cti/qbe/ending.hpp"

/// What is known of steps and answers; the fields of the requests stand in requests.cpp.
namespace linebridge::cti::qbe {

namespace m = messages;

const Layout& request_of(Step step) {
  switch (step) {
    case Step::open_device: return m::device_open_request;
    case Step::filter_device: return m::device_change_event_filter_request;
    case Step::close_device: return m::device_close_request;
    case Step::open_line: return m::line_open_request;
    case Step::filter_line: return m::line_change_event_filter_request;
    case Step::close_line: return m::line_close_request;
    case Step::allocate_call: return m::provider_allocate_global_call_handle_request;
    case Step::initiate_call: return m::line_call_initiate_request;
    case Step::consult_to_transfer: return m::call_setup_transfer_request;
    case Step::consult_to_conference: return m::call_setup_conference_request;
    case Step::answer_call: return m::call_answer_request;
    case Step::disconnect: return m::call_disconnect_request;
    case Step::hold_call: return m::call_hold_request;
    case Step::retrieve_call: return m::call_retrieve_request;
    case Step::transfer: return m::call_direct_transfer_request;
    case Step::join: return m::call_join_request;
    case Step::drop_party: return m::call_conference_drop_party_request;
    case Step::redirect: return m::call_redirect_request;
    case Step::send_digits: return m::call_play_dtmf_request;
    case Step::set_forwarding: return m::line_set_forward_request;
    case Step::get_forwarding: return m::line_get_forward_info_request;
    case Step::set_do_not_disturb: return m::device_dnd_set_request;
    case Step::set_message_waiting: return m::line_set_message_waiting_request;
    case Step::get_line_info: return m::line_get_info_request;
    case Step::acquire_device: return m::provider_device_acquire_request;
    case Step::release_device: return m::provider_device_de_acquire_request;
    case Step::fetch_device: return m::provider_get_single_device_and_lines_request;
    case Step::list_devices: return m::provider_get_device_info_request;
    case Step::more_devices: return m::get_device_info_fetch_request;
    case Step::end_devices: return m::get_device_info_close_request;
    case Step::describe_device: return m::get_single_device_info_request;
    case Step::list_lines: return m::device_get_line_info_request;
    case Step::more_lines: return m::get_line_info_fetch_request;
    case Step::end_lines: return m::get_line_info_close_request;
  }
  return m::heartbeat;
}

const Layout* completion_of(Step step) {
  switch (step) {
    case Step::send_digits: return &m::call_play_dtmf_complete_event;
    case Step::fetch_device: return &m::provider_get_single_device_and_lines_completed_event;
    default: return nullptr;
  }
}

std::optional<std::uint32_t> digit_number(char digit) {
  constexpr std::string_view digits = "0123456789ABCD*#";
  const auto at = digits.find(digit);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

driver::Failure Reply::failure() const {
  return {driver::Failure::Kind::refused, code,
          code_text(code) + (text.empty() ? "" : " ") + std::string(text)};
}

Reply reply_of(std::uint32_t id, const View& view) {
  const std::uint32_t code =
      view.number(m::failure_response["result"]);  // Every response has it in this place.
  if (id != m::failure_response.id) return {code, {}, view};
  return {code != 0 ? code : error::failure, view.text(m::failure_response["description"]), view};
}

driver::Failure timed_out(Step step) {
  return {driver::Failure::Kind::timed_out, 0,
          std::string(request_of(step).name) + " was not answered in time"};
}

driver::Failure refused(std::uint32_t code, std::string text) {
  return {driver::Failure::Kind::refused, code, std::move(text)};
}

driver::Failure line_not_open() {
  return refused(error::invalid_line_handle, "the line is not open on this link");
}

}  // namespace linebridge::cti::qbe
