#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::int32_t first_provider_id = 16777216;
constexpr std::chrono::seconds directory_limit{10};

/// 36 characters, as a UUID is written.
std::string make_nonce(Random& random) {
  const std::string hex = random.hex(128);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

}  // namespace

std::int32_t Provider::provider_id() const {
  return first_provider_id + number_;
}

std::string Provider::plugin_location() const {
  const auto& managers = shared_.spec.managers;
  const auto found = std::find_if(managers.begin(), managers.end(),
                                  [this](const ManagerSpec& manager) { return manager.name == manager_; });
  return "http://" + (found == managers.end() ? manager_ : found->listen.host) + "/plugins/";
}

void Provider::on_init(const Fields&) {
  if (phase_ != Phase::fresh) return refuse(code::provider_already_open);
  nonce_ = make_nonce(shared_.random);
  respond({{"providerInfo", shared_.spec.release},
           {"pluginVersion", shared_.spec.release},
           {"pluginLocation", plugin_location()},
           {"providerID", provider_id()},
           {"nonce", nonce_},
           {"certificate", shared_.key.certificate()}});
}

void Provider::on_open(const Fields& request) {
  if (phase_ != Phase::fresh) return refuse(code::provider_already_open);
  if (!fits(request.element("filter"), "ProviderEventFilter")) return;
  const std::int32_t most = shared_.spec.max_cti_connections;
  if (most > 0 && shared_.open_providers[manager_] >= most) {
    refuse(code::most_connections);
    return end("too many connections");
  }
  const std::chrono::seconds desired{std::clamp(request.number("desiredServerHeartbeatTime"), 0, 3600)};
  const auto fixed = shared_.spec.server_heartbeat;
  server_heartbeat_ = fixed.count() > 0 ? fixed : desired.count() > 0 ? desired : std::chrono::seconds(30);
  phase_ = Phase::opening;
  open_seq_ = seq_;
  provider_filter_ = request.element("filter");
  lists_in_the_old_way_ = request.flag("requestOldDeviceLineFetch");
  respond({{"providerInfoString", shared_.spec.release},
           {"clientHeartbeat", static_cast<std::int32_t>(shared_.spec.client_heartbeat.count())},
           {"serverHeartbeat", static_cast<std::int32_t>(server_heartbeat_.count())},
           {"requestTimer", 5},
           {"pluginVersion", shared_.spec.release},
           {"pluginLocation", plugin_location()},
           {"providerId", provider_id()}});
  if (shared_.directory.mode == Directory::Mode::slow) {
    directory_times_out_ = now_ + directory_limit;
  } else {
    complete_open(log_in(request));
  }
}

Code Provider::log_in_refused(std::string_view user, std::string_view why, Code code) {
  shared_.log.write(catalogue::sim_cti_login_refused, {{"link", manager_}, {"user", user}, {"reason", why}});
  return code;
}

Code Provider::log_in(const Fields& request) {
  if (request.number("authenticationType") != 0) return code::invalid_authentication;
  const std::string_view login = request.text("login");
  if (shared_.directory.mode == Directory::Mode::down) {
    return log_in_refused(login, "the directory is down", code::directory_down);
  }
  const Result<std::string> password =
      shared_.key.open(request.text("encryptedKeyData"), request.text("password"), nonce_);
  if (!password) return log_in_refused(login, password.error().detail, code::login_failed);
  const Directory::User* user = std::as_const(shared_.directory).user(login);
  if (!user || password.value() != user->spec.password) {
    return log_in_refused(login, "unknown user or wrong password", code::login_failed);
  }
  const Code code = Directory::may_log_in(*user);
  if (code != code::ok) return log_in_refused(login, login_text(code), code);
  user_ = user->spec.name;
  return code::ok;
}

void Provider::complete_open(Code code) {
  nonce_.clear();  // Good for one log-in.
  directory_times_out_.reset();
  const bool ok = code == code::ok;
  if (ok) {
    control_.assign(shared_.exchange.phones().size(), 0);
    for (PhoneId phone = 0; phone < control_.size(); ++phone)
      control_[phone] = control_of(phone);
  }
  const auto controllable =
      std::count_if(control_.begin(), control_.end(), [](auto mask) { return mask != 0; });
  send(id::provider_open_completed,
       {{"reason", signed_code(code)},
        {"seq", open_seq_},
        {"providerInfoString", shared_.spec.release},
        {"clientHeartbeat", static_cast<std::int32_t>(shared_.spec.client_heartbeat.count())},
        {"serverHeartbeat", static_cast<std::int32_t>(server_heartbeat_.count())},
        {"failureDescription", ok ? Value(Null{}) : Value(std::string(login_text(code)))},
        {"providerId", provider_id()},
        {"loginUserName", user_},
        {"daysUntilPasswordExpiry", ok ? account()->spec.password_days : -1},
        {"totalControllableDevices", static_cast<std::int32_t>(controllable)},
        {"clusterID", shared_.spec.name}});
  if (ok) {
    phase_ = Phase::open;
    ++shared_.open_providers[manager_];
    return;
  }
  constexpr std::int32_t open_failed = 4;
  end_provider(open_failed, "log-in refused");
}

void Provider::end_provider(std::int32_t reason, std::string_view why) {
  send(id::provider_closed, {{"reason", reason}});
  end(why);
}

/// What the connection held is free for others.
void Provider::leave() {
  if (phase_ == Phase::open) --shared_.open_providers[manager_];
  phase_ = Phase::closed;
  for (const auto& [handle, device] : devices_) {
    if (device.registers) unregister_media(device.phone);
  }
  devices_.clear();
  lines_.clear();
  handle_of_device_.clear();
  handle_of_line_.clear();
}

void Provider::on_close(const Fields&) {
  respond();
  end("closed by the application");
}

void Provider::on_change_provider_filter(const Fields& request) {
  if (!fits(request.element("filter"), "ProviderEventFilter")) return;
  provider_filter_ = request.element("filter");
  respond();
}

Fields Provider::capabilities() const {
  const Directory::User* user = account();
  return {{"controlAnyDevice", user && user->spec.all_devices},
          {"maxNumberOfDevicesOpen", shared_.spec.max_devices_per_provider}};
}

void Provider::on_capabilities(const Fields&) {
  respond({{"providerCapabilitiesInfo", capabilities()}});
}

std::int32_t Provider::control_of(PhoneId phone) const {
  const Directory::User* user = account();
  const Phone& one = shared_.exchange.phones()[phone];
  if (!user || one.deleted) return 0;
  return Directory::control_of(*user, one) | (acquired_.count(phone) != 0 ? control_by::acquired : 0);
}

void Provider::on_acquire(const Fields& request) {
  const auto phone = shared_.exchange.phone(request.text("deviceName"));
  if (!phone) return refuse(code::invalid_device_name);
  const Directory::User* user = account();
  if (!user || !user->spec.all_devices) return refuse(code::access_denied);
  acquired_.insert(*phone);
  control_.resize(shared_.exchange.phones().size(), 0);
  control_[*phone] = control_of(*phone);
  respond();
}

void Provider::on_release(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  if (acquired_.erase(phone) == 0) return refuse(code::device_not_acquired);
  control_[phone] = control_of(phone);
  respond();
  if (!may_control(phone)) tell_closed(handle_of(phone), DeviceClosed::removed, LineClosed::device_removed);
}

/// A filter of another size belongs to another protocol version; a real CTI Manager refuses it.
bool Provider::fits(const Fields& filter, std::string_view layout) {
  if (filter.wire_size == element_layout(layout)->fixed_size) return true;
  refuse(code::invalid_filter_size);
  return false;
}

}  // namespace linebridge::sim::cucm
