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
  if (line_event(frame.id, view.value(), turn) || call_event(frame.id, view.value(), turn)) return;
  if (is_response(*layout) && login_.phase() >= Login::Phase::listing_in_steps)
    response(frame.id, view.value(), turn);
}

void LinkSession::login_message(std::uint32_t id, const View& view, Turn& turn, Sender& sender) {
  const auto before = login_.phase();
  if (auto ending = login_.received(id, view, sender)) return end(std::move(*ending));
  if (login_.phase() == before) return;
  if (login_.phase() == Login::Phase::done) turn.events.emplace_back(driver::LinkInService{});
  if (login_.phase() == Login::Phase::listing_in_steps) census_.list_in_steps(turn.now);
}

/// What is about no line.
bool LinkSession::provider_event(std::uint32_t id, const View& view, Turn& turn) {
  switch (id) {
    case m::heartbeat.id:
    case m::provider_open_completed_event.id:
    case m::provider_get_all_devices_and_lines_completed_event.id: return true;
    case m::provider_closed_event.id: {
      const std::uint32_t reason = view.number(m::provider_closed_event["reason"]);
      end({why_of_closed_provider(reason), reason,
           "the CTI Manager closed the provider, reason " + std::to_string(reason)});
      return true;
    }
    default:
      return device_event(id, view, turn) || inventory_event(id, view, turn) ||
             completion_event(id, view, turn);
  }
}

bool LinkSession::completion_event(std::uint32_t id, const View& view, Turn& turn) {
  if (id == m::call_play_dtmf_complete_event.id) {
    constexpr const Layout& e = m::call_play_dtmf_complete_event;
    completion(e, view.number(e["seq"]), view.number(e["result"]), view, turn);
  } else if (id == m::provider_get_single_device_and_lines_completed_event.id) {
    constexpr const Layout& e = m::provider_get_single_device_and_lines_completed_event;
    completion(e, view.number(e["request_id"]), view.number(e["result"]), view, turn);
  } else {
    return false;
  }
  return true;
}

/// What changes which devices and lines there are.
bool LinkSession::inventory_event(std::uint32_t id, const View& view, Turn& turn) {
  switch (id) {
    case m::device_line_info_event.id:
      census_.listed(view);
      login_.listed(turn.now);
      if (inventory_.full())
        end({Ending::Why::refused, 0, "more devices or lines are listed than a cluster has"});
      return true;
    case m::device_registered_event_with_line_info.id: {
      constexpr const Layout& e = m::device_registered_event_with_line_info;
      const std::string_view name = view.text(e["device_name"]);
      if (!inventory_.knows(name)) census_.changed(name);  // What kind of device it is, this does not say.
      inventory_.device_registered_with_lines(view);
      if (in_service() && !view.flag(e["more_lines"])) lines_.device_listed(name, inventory_, turn);
      return true;
    }
    case m::device_registered_event.id: {
      const View info = view.element(m::device_registered_event["device_info"]);
      census_.seen(info.text(elements::device_info["name"]));
      inventory_.device_registered(info, true);
      return true;
    }
    case m::device_unregistered_event.id:
      inventory_.device_registered(view.element(m::device_unregistered_event["device_info"]), false);
      return true;
    case m::provider_user_changed_event.id: user_changed(view, turn); return true;
    case m::provider_device_de_acquired_event.id: census_.de_acquired(view, turn); return true;
    case m::provider_device_em_login_status_changed_event.id:
      census_.changed(view.text(m::provider_device_em_login_status_changed_event["device_name"]));
      return true;
    case m::provider_device_configuration_changed_event.id: configuration_changed(view); return true;
    case m::provider_device_configuration_changed_event_v2.id:
      census_.changed(view.text(m::provider_device_configuration_changed_event_v2["device_name"]));
      return true;
    case m::provider_device_line_associated_info_event.id:
      census_.changed(view.text(m::provider_device_line_associated_info_event["device_name"]));
      return true;
    case m::provider_device_ip_address_changed_event.id:
      return true;  // Where a phone sits concerns nobody here.
    default: return false;
  }
}

void LinkSession::configuration_changed(const View& event) {
  const Elements changes =
      event.elements(m::provider_device_configuration_changed_event["device_config_change"]);
  for (std::size_t i = 0; i < changes.size(); ++i)
    census_.changed(changes[i].text(elements::device_config_change["device_name"]));
}

/// Devices given to the user or taken away, extension mobility included; what the user may do.
void LinkSession::user_changed(const View& event, Turn& turn) {
  constexpr const Layout& e = m::provider_user_changed_event;
  constexpr std::uint32_t device_removed = 5;  // As a reason of a closed line.
  const auto name = event.element(e["device_info"]).text(elements::device_info["name"]);
  const bool still_controlled = event.number(e["device_control_flag_bit_mask"]) != 0;
  switch (event.number(e["type_of_notification"])) {
    case 2:    // removed
    case 9:    // deleted
    case 263:  // de-acquired
      if (still_controlled || name.empty()) return;
      census_.removed(name, device_removed, turn);
      if (!in_service()) census_.changed(name);  // The list that is on its way may still have it.
      return;
    case 258:  // log-out
    case 260:
      if (!still_controlled && !name.empty()) census_.removed(name, device_removed, turn);
      [[fallthrough]];  // Unless it was controlled for that log-in only it has other lines now.
    case 1:             // added
    case 4:             // changed
    case 257:           // log-in
    case 259:
    case 262: return census_.changed(name);  // acquired
    case 16:                                 // any device may be controlled, or not any more
    case 32:
    case 64:
    case 128:
    case 256:
    case 512:
    case 1024: return login_.capabilities_are(event.element(e["provider_capabilities_info"]));
    default: return;  // 8, the user is gone: the provider is closed next.
  }
}

bool LinkSession::device_event(std::uint32_t id, const View& view, Turn& turn) {
  switch (id) {
    case m::device_in_service_event.id:
      lines_.device_in_service(device_of(view), turn);
      lines_.do_not_disturb_is(device_of(view), view.flag(m::device_in_service_event["dnd_status"]), turn);
      return true;
    case m::device_out_of_service_event.id:
      lines_.device_out_of_service(device_of(view), reason_of(view), turn);
      return true;
    case m::device_closed_event.id: lines_.device_closed(device_of(view), reason_of(view), turn); return true;
    case m::device_dnd_status_changed_event.id:
      lines_.do_not_disturb_is(device_of(view), view.flag(m::device_dnd_status_changed_event["dnd_status"]),
                               turn);
      return true;
    default: return false;
  }
}

bool LinkSession::line_event(std::uint32_t id, const View& view, Turn& turn) {
  const driver::LineHandle line = line_of(view);
  switch (id) {
    case m::line_in_service_event.id: tell(line, driver::LineInService{line}, turn); return true;
    case m::line_out_of_service_event.id:
      tell(line, driver::LineOutOfService{line, reason_of(view)}, turn);
      return true;
    case m::line_closed_event.id: tell(line, driver::LineClosed{line, reason_of(view)}, turn); return true;
    case m::existing_call_completed_event.id: tell(line, driver::ExistingCallsTold{line}, turn); return true;
    case m::line_forward_event.id: tell(line, forwarding_changed(view), turn); return true;
    case m::line_transfer_started_event.id: tell(line, transfer_started(view), turn); return true;
    case m::line_transfer_ended_event.id: tell(line, transfer_ended(view), turn); return true;
    case m::line_conference_started_event.id: tell(line, conference_started(view), turn); return true;
    case m::line_conference_ended_event.id: tell(line, conference_ended(view), turn); return true;
    default: return false;
  }
}

bool LinkSession::call_event(std::uint32_t id, const View& view, Turn& turn) {
  const driver::LineHandle line = line_of(view);
  switch (id) {
    case m::new_call_event.id: tell(line, new_call(view), turn); return true;
    case m::existing_call_event.id: tell(line, existing_call(view), turn); return true;
    case m::call_state_changed_event_v2.id: tell(line, call_state_changed(view), turn); return true;
    case m::call_closed_event.id: tell(line, call_closed(view), turn); return true;
    case m::call_party_info_changed_event.id: tell(line, parties_changed(view), turn); return true;
    case m::global_call_handle_changed_event.id: tell(line, global_call_changed(view), turn); return true;
    case m::call_conference_state_changed_event.id: tell(line, conference_changed(view), turn); return true;
    default: return false;
  }
}

void LinkSession::tell(driver::LineHandle line, driver::Event event, Turn& turn) {
  calls_.observe(event);
  lines_.line_event(line, std::move(event), turn);
}

}  // namespace linebridge::cti::qbe
