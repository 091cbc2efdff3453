#include <utility>

#include "base/catalogue.hpp"
#include "cti/qbe/link_session.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/translate.hpp"

/// What each message does to a session.
namespace linebridge::cti::qbe {
namespace {

namespace m = messages;

constexpr std::size_t most_unknown_logged = 64;

driver::LineHandle line_of(const View& event) {
  constexpr const Layout& e = m::line_closed_event;
  return {event.number(e["line_call_manager_id"]), event.number(e["line_id"])};
}

Handle device_of(const View& event) {
  constexpr const Layout& e = m::device_closed_event;
  return {event.number(e["device_call_manager_id"]), event.number(e["device_id"])};
}

/// Where events with a reason behind one handle keep it.
std::uint32_t reason_of(const View& event) {
  return event.number(m::line_closed_event["reason"]);
}

/// Answers have a number and a result in front; nothing else has.
bool is_response(const Layout& message) {
  return message.fields.size() >= 2 && message.fields[0].name == "seq" && message.fields[1].name == "result";
}

}  // namespace

void LinkSession::message(const Frame& frame, Turn& turn, Sender& sender) {
  counters_.add(Counter::cti_frames_in);
  wire_.heartbeat.heard(turn.now);
  const Layout* const layout = m::find(frame.id);
  if (layout == nullptr) {
    counters_.add(Counter::cti_unknown_message);
    if (unknown_.size() < most_unknown_logged && unknown_.insert(frame.id).second)
      log_message(catalogue::link_unknown_message, frame.id, "not in the tables");
    return;
  }
  const auto view = View::open(frame, *layout);
  if (!view) {
    counters_.add(Counter::cti_malformed);
    return log_message(catalogue::link_message_refused, frame.id, view.error().detail);
  }
  if (login_.phase() != Login::Phase::done) login_message(frame.id, view.value(), turn, sender);
  if (ended_ || provider_event(frame.id, view.value(), turn)) return;
  if (service_event(frame.id, view.value(), turn) || event(frame.id, view.value(), turn)) return;
  if (is_response(*layout) && login_.phase() == Login::Phase::done) response(frame.id, view.value(), turn);
}

void LinkSession::login_message(std::uint32_t id, const View& view, Turn& turn, Sender& sender) {
  if (auto ending = login_.received(id, view, sender)) return end(std::move(*ending));
  if (login_.phase() == Login::Phase::done) turn.events.emplace_back(driver::LinkInService{});
}

bool LinkSession::provider_event(std::uint32_t id, const View& view, Turn& turn) {
  switch (id) {
    case m::heartbeat.id:
    case m::provider_open_completed_event.id:
    case m::provider_get_all_devices_and_lines_completed_event.id:
    case m::provider_get_single_device_and_lines_completed_event.id:
    case m::existing_call_completed_event.id: return true;
    case m::provider_closed_event.id: {
      const std::uint32_t reason = view.number(m::provider_closed_event["reason"]);
      end({why_of_closed_provider(reason), reason,
           "the CTI Manager closed the provider, reason " + std::to_string(reason)});
      return true;
    }
    case m::device_line_info_event.id:
      inventory_.device_listed(view);
      login_.listed(turn.now);
      return true;
    case m::device_registered_event_with_line_info.id:
      inventory_.device_registered_with_lines(view);
      return true;
    case m::device_registered_event.id:
      inventory_.device_registered(view.element(m::device_registered_event["device_info"]), true);
      return true;
    case m::device_unregistered_event.id:
      inventory_.device_registered(view.element(m::device_unregistered_event["device_info"]), false);
      return true;
    case m::provider_user_changed_event.id: user_changed(view, turn.now); return true;
    default: return false;
  }
}

/// Devices given to the user or taken away, extension mobility included.
void LinkSession::user_changed(const View& event, TimePoint now) {
  constexpr const Layout& e = m::provider_user_changed_event;
  const auto name = event.element(e["device_info"]).text(elements::device_info["name"]);
  if (name.empty()) return;
  const bool still_controlled = event.number(e["device_control_flag_bit_mask"]) != 0;
  switch (event.number(e["type_of_notification"])) {
    case 2:    // removed
    case 9:    // deleted
    case 263:  // de-acquired
      if (!still_controlled) inventory_.device_removed(name);
      return;
    case 1:    // added
    case 4:    // changed
    case 257:  // log-ins and log-outs with other lines
    case 258:
    case 259:
    case 260:
    case 262: {  // acquired
      if (!fetching_.emplace(name).second) return;
      const TimePoint deadline = now + settings_.login.answer_within;
      Job job{.step = Step::fetch_device, .deadline = deadline};
      job.device = name;
      return jobs_.add(std::move(job), deadline, false);
    }
    default: return;
  }
}

bool LinkSession::service_event(std::uint32_t id, const View& view, Turn& turn) {
  switch (id) {
    case m::line_in_service_event.id:
      lines_.line_event(line_of(view), driver::LineInService{line_of(view)}, turn);
      return true;
    case m::line_out_of_service_event.id:
      lines_.line_event(line_of(view), driver::LineOutOfService{line_of(view), reason_of(view)}, turn);
      return true;
    case m::line_closed_event.id:
      lines_.line_event(line_of(view), driver::LineClosed{line_of(view), reason_of(view)}, turn);
      return true;
    case m::device_in_service_event.id: lines_.device_in_service(device_of(view), turn); return true;
    case m::device_out_of_service_event.id:
      lines_.device_out_of_service(device_of(view), reason_of(view), turn);
      return true;
    case m::device_closed_event.id: lines_.device_closed(device_of(view), reason_of(view), turn); return true;
    default: return false;
  }
}

bool LinkSession::event(std::uint32_t id, const View& view, Turn& turn) {
  switch (id) {
    case m::new_call_event.id: call_event(line_of(view), new_call(view), turn); return true;
    case m::existing_call_event.id: call_event(line_of(view), existing_call(view), turn); return true;
    case m::call_state_changed_event_v2.id:
      call_event(line_of(view), call_state_changed(view), turn);
      return true;
    case m::call_party_info_changed_event.id:
      call_event(line_of(view), parties_changed(view), turn);
      return true;
    case m::global_call_handle_changed_event.id:
      call_event(line_of(view), global_call_changed(view), turn);
      return true;
    default: return false;
  }
}

void LinkSession::call_event(driver::LineHandle line, driver::Event event, Turn& turn) {
  calls_.observe(event);
  lines_.line_event(line, std::move(event), turn);
}

}  // namespace linebridge::cti::qbe
