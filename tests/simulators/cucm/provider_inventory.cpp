#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/device_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

// What an application is told of devices, lines and its own user, but for calls.
namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t most_gone = 100'000;

// What a ProviderUserChangedEvent is about.
constexpr std::int32_t device_added = 1, device_taken = 2, device_changed = 4, device_deleted = 9,
                       super_provider_changed = 16;

struct Notice {
  std::int32_t control, came, went;
};
constexpr Notice notices[] = {{control_by::listed, device_added, device_taken},
                              {control_by::user_logged_in, 257, 258},
                              {control_by::profile_logged_in, 259, 260}};

Fields on_event_device(std::int32_t handle) {
  return {{"deviceCallManagerID", cluster_node}, {"deviceID", handle}};
}

}  // namespace

std::int32_t Provider::handle_of(PhoneId phone) const {
  const auto found = handle_of_device_.find(phone);
  return found == handle_of_device_.end() ? 0 : found->second;
}

void Provider::tell_registration(const RegistrationChanged& change) {
  if (!may_control(change.phone)) return;
  const std::int32_t handle = handle_of(change.phone), control = control_[change.phone];
  if (!change.registered) return tell_unregistered(change, handle);
  if (provider_filter_.flag("deviceRegistered") && lists_in_the_old_way_) {
    send(id::device_registered, registered(shared_.exchange, change, control));
  } else if (provider_filter_.flag("deviceRegistered")) {
    for (const ListedPart& part : listed_parts(shared_.exchange.phones()[change.phone])) {
      send(id::device_registered_with_lines, registered_with_lines(shared_.exchange, change, part, control));
    }
  }
  if (handle == 0) return;
  device_in_service(handle, devices_.at(handle));
  for (const AppearanceId line : shared_.exchange.phones()[change.phone].lines) {
    if (const auto open = handle_of_line_.find(line); open != handle_of_line_.end())
      line_in_service(open->second);
  }
  tell_device_state(change.phone);
}

void Provider::tell_unregistered(const RegistrationChanged& change, std::int32_t handle) {
  if (handle != 0) {
    const std::int32_t reason = number_of(change.out);
    for (const AppearanceId line : shared_.exchange.phones()[change.phone].lines) {
      const auto open = handle_of_line_.find(line);
      if (open == handle_of_line_.end()) continue;
      send(id::line_out_of_service, on_line(open->second).set("reason", reason));
    }
    send(id::device_out_of_service, on_event_device(handle).set("reason", reason));
  }
  if (provider_filter_.flag("deviceUnregistered")) {
    send(id::device_unregistered, unregistered(shared_.exchange, change, control_[change.phone]));
  }
  tell_device_state(change.phone);
}

void Provider::tell_user_changed(std::int32_t type, std::optional<PhoneId> phone) {
  if (!provider_filter_.flag("directoryChangeNotify")) return;
  Fields fields = {{"typeOfNotification", type}, {"providerCapabilitiesInfo", capabilities()}};
  if (phone) {
    fields.set("deviceInfo", device_info(shared_.exchange, *phone));
    fields.set("deviceControlFlagBitMask", control_[*phone]);
  }
  send(id::provider_user_changed, std::move(fields));
}

void Provider::tell_closed(std::int32_t line, LineClosed reason) {
  send(id::line_closed, on_line(line).set("reason", number_of(reason)));
  close_line(line);
  gone_.insert(line);
  if (gone_.size() > most_gone) gone_.erase(gone_.begin());
}

void Provider::tell_closed(std::int32_t device, DeviceClosed reason, LineClosed of_lines) {
  if (device == 0) return;
  std::vector<std::int32_t> open;  // The phone's own list may not have them any more.
  for (const auto& [handle, line] : lines_) {
    if (line.device == device) open.push_back(handle);
  }
  for (const std::int32_t line : open)
    tell_closed(line, of_lines);
  send(id::device_closed, on_event_device(device).set("reason", number_of(reason)));
  close_device(device);
  gone_.insert(device);
}

void Provider::tell_phone(const PhoneChanged& change) {
  using What = PhoneChanged::What;
  const PhoneId phone = change.phone;
  if (change.what == What::added) return refresh_control(phone);
  if (!may_control(phone)) return;
  if (change.what == What::deleted) {
    tell_closed(handle_of(phone), DeviceClosed::removed, LineClosed::device_removed);
    if (acquired_.erase(phone) != 0) {
      send(id::device_lost, {{"deviceName", shared_.exchange.phones()[phone].spec.name}});
    }
    control_[phone] = 0;
    return tell_user_changed(device_deleted, phone);
  }
  if (change.what == What::restricted) {
    tell_closed(handle_of(phone), DeviceClosed::restricted, LineClosed::restricted);
  }
  tell_user_changed(device_changed, phone);
}

void Provider::tell_line(const LineChanged& change) {
  using What = LineChanged::What;
  const PhoneId phone = shared_.exchange.lines()[change.line].phone;
  const auto open = handle_of_line_.find(change.line);
  const bool closes = change.what != What::added && change.what != What::permitted;
  if (closes && open != handle_of_line_.end()) {
    tell_closed(open->second, change.what == What::restricted ? LineClosed::restricted : LineClosed::undefined);
  }
  if (change.what != What::replaced && may_control(phone)) tell_user_changed(device_changed, phone);
}

void Provider::tell_login(const LoginChanged& change) {
  const bool knew_it = may_control(change.phone);
  refresh_control(change.phone);
  if (!knew_it && !may_control(change.phone)) return;
  if (!provider_filter_.flag("deviceEMLoginStatusChangeNotify")) return;
  send(id::extension_mobility_changed, {{"deviceName", shared_.exchange.phones()[change.phone].spec.name},
                                        {"EMStatus", change.logged_in ? 1 : 0}});
}

void Provider::refresh_control(PhoneId phone) {
  control_.resize(shared_.exchange.phones().size(), 0);
  const std::int32_t old = control_[phone], mask = control_of(phone);
  if (old == mask) return;
  control_[phone] = mask;
  if (mask == 0) tell_closed(handle_of(phone), DeviceClosed::removed, LineClosed::device_removed);
  if ((old & ~mask & control_by::acquired) != 0) {
    send(id::device_lost, {{"deviceName", shared_.exchange.phones()[phone].spec.name}});
  }
  for (const Notice& notice : notices) {
    if ((mask & ~old & notice.control) != 0) tell_user_changed(notice.came, phone);
    if ((old & ~mask & notice.control) != 0) tell_user_changed(notice.went, phone);
  }
}

void Provider::tell_user(const UserChanged& change) {
  if (change.user != user_) return;
  constexpr std::int32_t user_deleted = 5, may_not_use_cti = 12;
  switch (change.what) {
    case UserChanged::What::devices:
      for (PhoneId phone = 0; phone < control_.size(); ++phone)
        refresh_control(phone);
      return;
    case UserChanged::What::deleted: return end_provider(user_deleted, "its user was deleted");
    case UserChanged::What::cti_removed:
      return end_provider(may_not_use_cti, "its user may not use CTI any more");
    case UserChanged::What::super_provider: return tell_super_provider();
  }
}

/// Who lives on acquired devices alone has nothing left when he may acquire none: his provider ends.
void Provider::tell_super_provider() {
  constexpr std::int32_t super_provider_removed = 6;
  const Directory::User* user = account();
  if (!user) return;
  if (!user->spec.all_devices) {
    for (const PhoneId phone : std::exchange(acquired_, {}))
      refresh_control(phone);
    const bool has_any = std::any_of(control_.begin(), control_.end(), [](auto mask) { return mask != 0; });
    if (user->spec.devices.empty() && !has_any) {
      return end_provider(super_provider_removed, "its user may not control any device any more");
    }
  }
  tell_user_changed(super_provider_changed, std::nullopt);
}

void Provider::tell_auto_accept(const AutoAcceptChanged& change) {
  const auto open = handle_of_line_.find(change.line);
  if (open == handle_of_line_.end()) return;
  const bool on = shared_.exchange.lines()[change.line].auto_accept;
  send(id::line_auto_accept, on_line(open->second).set("autoAcceptStatus", on ? 1 : 0));
}

void Provider::tell_dnd_option(PhoneId phone) {
  const std::int32_t handle = handle_of(phone);
  if (handle == 0 || !devices_.at(handle).filter.flag("bDNDOptionChanged")) return;
  const auto option = shared_.exchange.phones()[phone].dnd_option;
  send(id::device_dnd_option_changed, on_event_device(handle).set("dndOption", number_of(option)));
}

Provider::DeviceState Provider::state_of(PhoneId phone) const {
  const Phone& one = shared_.exchange.phones()[phone];
  if (!one.registered) return DeviceState::unknown;
  DeviceState state = DeviceState::idle;
  for (const LegId id : one.legs) {
    const Leg& leg = *shared_.exchange.leg(id);
    if (leg.remote_in_use) continue;
    if (!is_ringing(leg.state) && leg.state != LegState::on_hold) return DeviceState::active;
    if (is_ringing(leg.state)) {
      state = DeviceState::alerting;
    } else if (state == DeviceState::idle) {
      state = DeviceState::held;
    }
  }
  return state;
}

void Provider::tell_device_state(PhoneId phone) {
  const std::int32_t handle = handle_of(phone);
  if (handle == 0) return;
  OpenDevice& device = devices_.at(handle);
  if (!device.wants_states) return;
  const DeviceState state = state_of(phone);
  if (state == DeviceState::unknown || std::exchange(device.told, state) == state) return;
  struct Words {
    Name flag;
    std::int32_t message;
  };
  static constexpr Words words[] = {{"deviceIdleState", id::device_idle},
                                    {"deviceActiveState", id::device_active},
                                    {"deviceAlertingState", id::device_alerting},
                                    {"deviceHoldState", id::device_held}};
  const Words& say = words[static_cast<std::size_t>(state)];
  if (device.filter.flag(say.flag)) send(say.message, on_event_device(handle));
}

}  // namespace linebridge::sim::cucm
