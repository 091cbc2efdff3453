#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/device_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {
namespace {

Fields on_device(Name manager_field, std::int32_t handle) {
  return {{manager_field, cluster_node}, {"deviceID", handle}};
}

std::vector<Fields> forward_list(const Appearance& line) {
  if (line.forward_all.empty()) return {};
  return {{{"CfwdType", 1}, {"CallFwdDestination", line.forward_all}}};
}

}  // namespace

bool Provider::may_open(PhoneId phone, const Fields& request) {
  if (handle_of_device_.count(phone) != 0) {
    refuse(code::device_already_open);
  } else if (shared_.exchange.phones()[phone].spec.restricted) {
    refuse(code::device_restricted);
  } else if (devices_.size() >= static_cast<std::size_t>(shared_.spec.max_devices_per_provider)) {
    refuse(code::resource_not_available);
  } else {
    return fits(request.element("filter"), "DeviceEventFilter");
  }
  return false;
}

std::int32_t Provider::keep_open(PhoneId phone, const Fields& filter) {
  const std::int32_t handle = shared_.next_handle++;
  devices_[handle].phone = phone;
  set_filter(devices_[handle], filter);
  handle_of_device_[phone] = handle;
  return handle;
}

void Provider::set_filter(OpenDevice& device, const Fields& filter) {
  device.filter = filter;
  device.wants_states = filter.flag("deviceIdleState") || filter.flag("deviceActiveState") ||
                        filter.flag("deviceAlertingState") || filter.flag("deviceHoldState");
  const DeviceState state = state_of(device.phone);
  device.told = state == DeviceState::unknown ? DeviceState::idle : state;
}

void Provider::on_open_device(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  if (!may_open(phone, request)) return;
  const std::int32_t handle = keep_open(phone, request.element("filter"));
  respond(on_device("callManagerID", handle).set("deviceInfo", device_info(shared_.exchange, phone)));
  if (shared_.exchange.phones()[phone].registered) device_in_service(handle, devices_.at(handle));
}

void Provider::device_in_service(std::int32_t handle, const OpenDevice& device) {
  constexpr std::int32_t unicode = 3;
  const Phone& phone = shared_.exchange.phones()[device.phone];
  send(id::device_in_service, on_device("deviceCallManagerID", handle)
                                  .set("locale", 1)
                                  .set("supportedEncoding", unicode)
                                  .set("dndStatus", phone.dnd)
                                  .set("dndOption", number_of(phone.dnd_option)));
}

Provider::OpenDevice* Provider::device(const Fields& request) {
  const auto found = devices_.find(request.number("deviceID"));
  if (found != devices_.end() && request.number("callManagerID") == cluster_node) return &found->second;
  refuse(code::illegal_handle);
  return nullptr;
}

void Provider::on_change_device_filter(const Fields& request) {
  OpenDevice* opened = device(request);
  if (!opened || !fits(request.element("filter"), "DeviceEventFilter")) return;
  set_filter(*opened, request.element("filter"));
  respond(on_device("callManagerID", request.number("deviceID")));
}

void Provider::on_close_device(const Fields& request) {
  const std::int32_t handle = request.number("deviceID");
  if (gone_.erase(handle) != 0) return respond(on_device("callManagerID", handle));
  const OpenDevice* opened = device(request);
  if (!opened) return;
  for (const AppearanceId line : shared_.exchange.phones()[opened->phone].lines) {
    if (const auto open = handle_of_line_.find(line); open != handle_of_line_.end()) close_line(open->second);
  }
  close_device(handle);
  respond(on_device("callManagerID", handle));
}

void Provider::close_device(std::int32_t handle) {
  const auto found = devices_.find(handle);
  const OpenDevice closed = found->second;
  handle_of_device_.erase(closed.phone);
  devices_.erase(found);
  if (closed.registers) unregister_media(closed.phone);
}

void Provider::on_device_state(const Fields& request) {
  const OpenDevice* opened = device(request);
  if (!opened) return;
  respond(on_device("callManagerID", request.number("deviceID"))
              .set("deviceState", number_of(state_of(opened->phone))));
}

void Provider::on_set_dnd(const Fields& request) {
  const OpenDevice* opened = device(request);
  if (!opened) return;
  respond(on_device("callManagerID", request.number("deviceID")));
  shared_.exchange.set_dnd(opened->phone, request.flag("dndStatus"));
}

void Provider::on_dnd_option(const Fields& request) {
  const OpenDevice* opened = device(request);
  if (!opened) return;
  respond(on_device("callManagerID", request.number("deviceID"))
              .set("dndOption", number_of(shared_.exchange.phones()[opened->phone].dnd_option)));
}

void Provider::on_open_line(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  const auto open_on = handle_of_device_.find(phone);
  if (open_on == handle_of_device_.end()) return refuse(code::device_not_open);
  const auto wanted = shared_.exchange.line(phone, request.text("lineName"), request.text("partition"));
  if (!wanted) return refuse(code::undefined_line);
  if (handle_of_line_.count(*wanted) != 0) return refuse(code::line_already_open);
  if (shared_.exchange.lines()[*wanted].spec.restricted) return refuse(code::line_restricted);
  if (!fits(request.element("filter"), "LineEventFilter")) return;
  const std::int32_t handle = shared_.next_handle++;
  const OpenLine& opened = lines_[handle] = {*wanted, open_on->second, request.element("filter")};
  handle_of_line_[*wanted] = handle;
  respond(on_line(handle).set("autoAcceptStatus", request.number("autoAcceptStatus")));
  if (shared_.exchange.phones()[phone].registered) line_in_service(handle);
  if (opened.filter.flag("bExistingCallEvent")) tell_existing_calls(handle, opened);
}

void Provider::line_in_service(std::int32_t handle) {
  send(id::line_in_service, on_line(handle));
}

void Provider::tell_existing_calls(std::int32_t handle, const OpenLine& line) {
  for (const LegId id : shared_.exchange.phones()[shared_.exchange.lines()[line.line].phone].legs) {
    const Leg& leg = *shared_.exchange.leg(id);
    if (leg.line == line.line) send(id::existing_call, existing_call(shared_.exchange, leg, handle));
  }
  if (line.filter.flag("bExistingCallCompleted")) send(id::existing_calls_completed, on_line(handle));
}

Provider::OpenLine* Provider::line(const Fields& request) {
  const auto found = lines_.find(request.number("lineID"));
  if (found != lines_.end() && request.number("lineCallManagerID") == cluster_node) return &found->second;
  refuse(code::invalid_line_handle);
  return nullptr;
}

void Provider::on_change_line_filter(const Fields& request) {
  OpenLine* opened = line(request);
  if (!opened || !fits(request.element("filter"), "LineEventFilter")) return;
  const bool asked_before = opened->filter.flag("bExistingCallEvent");
  opened->filter = request.element("filter");
  respond(on_line(request.number("lineID")));
  if (!asked_before && opened->filter.flag("bExistingCallEvent")) {
    tell_existing_calls(request.number("lineID"), *opened);
  }
}

void Provider::on_close_line(const Fields& request) {
  if (gone_.erase(request.number("lineID")) != 0) return respond(on_line(request.number("lineID")));
  if (!line(request)) return;
  close_line(request.number("lineID"));
  respond(on_line(request.number("lineID")));
}

void Provider::close_line(std::int32_t handle) {
  const auto found = lines_.find(handle);
  handle_of_line_.erase(found->second.line);
  lines_.erase(found);
}

void Provider::on_line_info(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  const Appearance& appearance = shared_.exchange.lines()[opened->line];
  std::vector<LegId> calls;
  std::int32_t held = 0;
  for (const LegId id : shared_.exchange.phones()[appearance.phone].legs) {
    const Leg& leg = *shared_.exchange.leg(id);
    if (leg.line != opened->line) continue;
    calls.push_back(id);
    held += leg.state == LegState::on_hold ? 1 : 0;
  }
  std::vector<Fields> forward;
  if (!appearance.forward_all.empty()) forward = {{{"fwdType", 1}, {"fwdDestination", appearance.forward_all}}};
  respond(on_line(request.number("lineID"))
              .set("deviceName", shared_.exchange.phones()[appearance.phone].spec.name)
              .set("lineDir", appearance.spec.number)
              .set("numActiveCalls", static_cast<std::int32_t>(calls.size()) - held)
              .set("maxActiveCalls", appearance.spec.max_calls)
              .set("numCallsOnHold", held)
              .set("maxCallsOnHold", appearance.spec.max_calls)
              .set("calls", call_handles(calls))
              .set("canTransfer", true)
              .set("canBlindTransfer", true)
              .set("canHold", true)
              .set("canPark", !shared_.spec.park_numbers.empty())
              .set("canConference", true)
              .set("canForward", true)
              .set("messageWaitingLampMode", appearance.message_waiting ? 2 : 1)
              .set("fwdInfo", std::move(forward))
              .set("linePartition", appearance.spec.partition));
}

void Provider::on_set_forward(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  const auto& wanted = request.elements("FwdDestnInfo");
  if (wanted.size() != 1) return refuse(code::illegal_format);
  const std::int32_t type = wanted.front().number("CfwdType");
  if (type != 0 && type != 1) return refuse(code::forward_type);
  const std::string destination(type == 0 ? "" : wanted.front().text("CallFwdDestination"));
  if (type == 1 && destination.empty()) return refuse(code::bad_forward_destination);
  const Code code = shared_.exchange.set_forward(opened->line, destination);
  code == code::ok ? respond(on_line(request.number("lineID"))) : refuse(code);
}

void Provider::on_get_forward(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  respond(on_line(request.number("lineID"))
              .set("CtiFwdArray", forward_list(shared_.exchange.lines()[opened->line])));
}

void Provider::on_message_waiting(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  const std::string_view named = request.text("lineName");
  const std::string number =
      named.empty() ? shared_.exchange.lines()[opened->line].spec.number : std::string(named);
  constexpr std::int32_t lamp_off = 1, last_mode = 5;  // On, winking, flashing and blinking lie between.
  const std::int32_t mode = request.number("lampMode");
  if (mode < lamp_off || mode > last_mode) return refuse(code::invalid_parameter);
  const Code code = shared_.exchange.set_message_waiting(number, mode != lamp_off);
  code == code::ok ? respond(on_line(request.number("lineID"))) : refuse(code);
}

}  // namespace linebridge::sim::cucm
