#include <algorithm>

#include "base/catalogue.hpp"
#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::int32_t first_provider_id = 16777216;
constexpr std::size_t lines_in_one_event = 4;

/// 36 characters, as a UUID is written.
std::string make_nonce(Random& random) {
  const std::string hex = random.hex(128);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

std::string_view login_text(Code code) {
  switch (code) {
    case code::ok: return "";
    case code::no_cti_group: return "User not present in Standard CTI Users group";
    case code::invalid_authentication: return "Authentication type is not supported";
    default: return "Directory login failed - authentication failed";
  }
}

}  // namespace

void Provider::on_init(const Fields&) {
  nonce_ = make_nonce(shared_.random);
  respond({{"providerInfo", shared_.spec.release},
           {"pluginVersion", shared_.spec.release},
           {"providerID", first_provider_id + number_},
           {"nonce", nonce_},
           {"certificate", shared_.key.certificate()}});
}

void Provider::on_open(const Fields& request) {
  if (phase_ != Phase::fresh) return refuse(code::provider_already_open);
  if (!fits(request.element("filter"), "ProviderEventFilter")) return;
  const std::chrono::seconds desired{std::clamp(request.number("desiredServerHeartbeatTime"), 0, 3600)};
  const auto fixed = shared_.spec.server_heartbeat;
  server_heartbeat_ = fixed.count() > 0 ? fixed : desired.count() > 0 ? desired : std::chrono::seconds(30);
  phase_ = Phase::opening;
  provider_filter_ = request.element("filter");
  respond({{"providerInfoString", shared_.spec.release},
           {"clientHeartbeat", static_cast<std::int32_t>(shared_.spec.client_heartbeat.count())},
           {"serverHeartbeat", static_cast<std::int32_t>(server_heartbeat_.count())},
           {"requestTimer", 5},
           {"pluginVersion", shared_.spec.release},
           {"providerId", first_provider_id + number_}});
  complete_open(log_in(request));
}

Code Provider::log_in(const Fields& request) {
  if (request.number("authenticationType") != 0) return code::invalid_authentication;
  const std::string_view login = request.text("login");
  const auto& users = shared_.spec.users;
  const auto user =
      std::find_if(users.begin(), users.end(), [login](const UserSpec& u) { return u.name == login; });
  const Result<std::string> password =
      shared_.key.open(request.text("encryptedKeyData"), request.text("password"), nonce_);
  if (!password) {
    shared_.log.write(catalogue::sim_cti_login_refused,
                      {{"link", manager_}, {"user", login}, {"reason", password.error().detail}});
    return code::login_failed;
  }
  if (user == users.end() || password.value() != user->password) {
    shared_.log.write(catalogue::sim_cti_login_refused,
                      {{"link", manager_}, {"user", login}, {"reason", "unknown user or wrong password"}});
    return code::login_failed;
  }
  if (!user->cti_enabled) return code::no_cti_group;
  user_ = user->name;
  return code::ok;
}

void Provider::complete_open(Code code) {
  nonce_.clear();  // Good for one log-in.
  std::int32_t controllable = 0;
  for (PhoneId phone = 0; phone < shared_.exchange.phones().size(); ++phone)
    controllable += may_control(phone) ? 1 : 0;
  send(id::provider_open_completed,
       {{"reason", signed_code(code)},
        {"seq", seq_},
        {"providerInfoString", shared_.spec.release},
        {"clientHeartbeat", static_cast<std::int32_t>(shared_.spec.client_heartbeat.count())},
        {"serverHeartbeat", static_cast<std::int32_t>(server_heartbeat_.count())},
        {"failureDescription", std::string(login_text(code))},
        {"providerId", first_provider_id + number_},
        {"loginUserName", user_},
        {"daysUntilPasswordExpiry", -1},
        {"totalControllableDevices", controllable},
        {"clusterID", shared_.spec.name}});
  if (code == code::ok) {
    phase_ = Phase::open;
    return;
  }
  constexpr std::int32_t open_failed = 4;
  send(id::provider_closed, {{"reason", open_failed}});
  end("log-in refused");
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

const UserSpec* Provider::user_spec() const {
  for (const UserSpec& user : shared_.spec.users) {
    if (!user_.empty() && user.name == user_) return &user;
  }
  return nullptr;
}

bool Provider::may_control(PhoneId phone) const {
  const UserSpec* user = user_spec();
  if (!user) return false;
  if (acquired_.count(phone) != 0) return true;
  const std::string& name = shared_.exchange.phones()[phone].spec.name;
  return std::any_of(user->devices.begin(), user->devices.end(),
                     [&](const std::string& pattern) { return matches(pattern, name); });
}

void Provider::on_capabilities(const Fields&) {
  const UserSpec* user = user_spec();
  respond({{"providerCapabilitiesInfo",
            Fields{{"controlAnyDevice", user && user->all_devices}, {"maxNumberOfDevicesOpen", 100000}}}});
}

void Provider::list(PhoneId phone, std::int32_t request) {
  const std::vector<AppearanceId>& lines = shared_.exchange.phones()[phone].lines;
  for (std::size_t at = 0; at == 0 || at < lines.size(); at += lines_in_one_event) {
    const std::size_t end = std::min(lines.size(), at + lines_in_one_event);
    const std::vector<AppearanceId> some(lines.begin() + static_cast<std::ptrdiff_t>(at),
                                         lines.begin() + static_cast<std::ptrdiff_t>(end));
    Fields fields = device_line_info(shared_.exchange, phone, some, at == 0, end < lines.size());
    send(id::device_line_info, std::move(fields.set("requestId", request)));
  }
}

void Provider::on_list_all(const Fields&) {
  respond();
  for (PhoneId phone = 0; phone < shared_.exchange.phones().size(); ++phone) {
    if (may_control(phone)) list(phone, seq_);
  }
  send(id::all_devices_completed, {{"requestId", seq_}, {"result", 0}});
}

Code Provider::device_named(std::string_view name, PhoneId& phone) const {
  const auto found = shared_.exchange.phone(name);
  if (!found) return code::invalid_device_name;
  phone = *found;
  return may_control(phone) ? code::ok : code::access_denied;
}

void Provider::on_list_one(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  respond();
  list(phone, seq_);
  send(id::single_device_completed, {{"requestId", seq_}, {"result", 0}});
}

void Provider::on_device_info(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  respond({{"info", device_info(shared_.exchange, phone)}, {"deviceControlFlagBitMask", 1}});
}

void Provider::on_acquire(const Fields& request) {
  PhoneId phone = 0;
  const Code code = device_named(request.text("deviceName"), phone);
  if (code == code::invalid_device_name) return refuse(code);
  const UserSpec* user = user_spec();
  if (!user || !user->all_devices) return refuse(code::access_denied);
  acquired_.insert(phone);
  respond();
}

void Provider::on_release(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  acquired_.erase(phone);
  respond();
}

/// A filter of another size belongs to another protocol version; a real CTI Manager refuses it.
bool Provider::fits(const Fields& filter, std::string_view layout) {
  if (filter.wire_size == element_layout(layout)->fixed_size) return true;
  refuse(code::invalid_filter_size);
  return false;
}

}  // namespace linebridge::sim::cucm
