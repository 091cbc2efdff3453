#include "cti/qbe/job.hpp"

#include <span>

#include "cti/qbe/ending.hpp"

namespace linebridge::cti::qbe {
namespace {

namespace m = messages;
using namespace std::string_view_literals;

/// What is asked of a line once its events are wanted. A device needs no flag: it tells its service unasked.
constexpr const Layout& flags = elements::line_event_filter;
constexpr std::array line_flags = {
    flags["call_state_changed"], flags["global_call_handle_changed"],
    flags["party_info_changed"], flags["existing_call_event"],
    flags["new_call_event"],     flags["existing_call_completed"],
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

void put_fields(Writer& w, const Job& job) {
  switch (job.step) {
    case Step::open_device:
      w.put(m::device_open_request["device_name"], job.device);
      put_filter(w.element(m::device_open_request["filter"]), {});
      break;
    case Step::filter_device:
      put_device(w, m::device_change_event_filter_request, job.device_handle);
      put_filter(w.element(m::device_change_event_filter_request["filter"]), {});
      break;
    case Step::close_device: put_device(w, m::device_close_request, job.device_handle); break;
    case Step::open_line:
      w.put(m::line_open_request["device_name"], job.device);
      w.put(m::line_open_request["line_name"], job.number);
      put_filter(w.element(m::line_open_request["filter"]), {});
      w.put(m::line_open_request["partition"], job.partition);
      break;
    case Step::filter_line:
      put_line(w, m::line_change_event_filter_request, job.line);
      put_filter(w.element(m::line_change_event_filter_request["filter"]), line_flags);
      break;
    case Step::close_line: put_line(w, m::line_close_request, job.line); break;
    case Step::allocate_call: break;
    case Step::initiate_call:
      put_line(w, m::line_call_initiate_request, job.line);
      w.put(m::line_call_initiate_request["global_call_manager_id"], job.call.manager);
      w.put(m::line_call_initiate_request["global_call_id"], job.call.call);
      w.put(m::line_call_initiate_request["calling_address"], job.number);
      w.put(m::line_call_initiate_request["dest_address"], job.dialled);
      w.put(m::line_call_initiate_request["media_device_name"], ""sv);
      w.put(m::line_call_initiate_request["feature_priority"], 1u);
      break;
    case Step::answer_call:
      put_leg(w, m::call_answer_request, job);
      w.put(m::call_answer_request["media_device_name"], ""sv);
      break;
    case Step::disconnect: put_leg(w, m::call_disconnect_request, job); break;
    case Step::fetch_device:
      w.put(m::provider_get_single_device_and_lines_request["device_name"], job.device);
      break;
  }
}

}  // namespace

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
    case Step::answer_call: return m::call_answer_request;
    case Step::disconnect: return m::call_disconnect_request;
    case Step::fetch_device: return m::provider_get_single_device_and_lines_request;
  }
  return m::heartbeat;
}

void send(const Job& job, Sender& sender) {
  sender.request(request_of(job.step), [&](Writer& w) { put_fields(w, job); });
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

}  // namespace linebridge::cti::qbe
