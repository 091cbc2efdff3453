#include "tests/simulators/cucm/directory.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange.hpp"

namespace linebridge::sim::cucm {

Directory::Directory(const ClusterSpec& spec) : profiles_(spec.profiles) {
  for (const UserSpec& user : spec.users)
    add(user);
}

const Directory::User* Directory::user(std::string_view name) const {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : &found->second;
}

Directory::User* Directory::user(std::string_view name) {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : &found->second;
}

bool Directory::add(UserSpec spec) {
  std::string name = spec.name;
  return users_.try_emplace(std::move(name), User{std::move(spec), {}}).second;
}

bool Directory::remove(std::string_view name) {
  const auto found = users_.find(name);
  if (found == users_.end()) return false;
  users_.erase(found);
  return true;
}

const ProfileSpec* Directory::profile(std::string_view name) const {
  const auto found = std::find_if(profiles_.begin(), profiles_.end(),
                                  [name](const ProfileSpec& profile) { return profile.name == name; });
  return found == profiles_.end() ? nullptr : &*found;
}

Code Directory::may_log_in(const User& user) {
  switch (user.spec.account) {
    case Account::locked: return code::account_locked;
    case Account::disabled: return code::account_disabled;
    case Account::expired: return code::password_expired;
    case Account::expired_for_good: return code::password_expired_for_good;
    case Account::good: break;
  }
  return user.spec.cti_enabled ? code::ok : code::no_cti_group;
}

std::int32_t Directory::control_of(const User& user, const Phone& phone) {
  if (phone.deleted) return 0;
  const std::string& name = phone.spec.name;
  const auto fits = [&](const std::string& pattern) { return matches(pattern, name); };
  const auto &devices = user.spec.devices, &profiles = user.spec.profiles;
  std::int32_t mask = 0;
  if (std::any_of(devices.begin(), devices.end(), fits) && user.taken.count(name) == 0)
    mask |= control_by::listed;
  if (phone.profile.empty()) return mask;
  if (phone.login_user == user.spec.name) mask |= control_by::user_logged_in;
  const bool listed = std::find(profiles.begin(), profiles.end(), phone.profile) != profiles.end();
  return listed ? mask | control_by::profile_logged_in : mask;
}

void Directory::give(User& user, const std::string& device) {
  user.taken.erase(device);
  auto& devices = user.spec.devices;
  const bool there =
      std::any_of(devices.begin(), devices.end(), [&](const auto& one) { return matches(one, device); });
  if (!there) devices.push_back(device);
}

void Directory::take(User& user, const std::string& device) {
  auto& devices = user.spec.devices;
  std::erase(devices, device);
  const bool fits =
      std::any_of(devices.begin(), devices.end(), [&](const auto& one) { return matches(one, device); });
  if (fits) user.taken.insert(device);
}

std::string_view login_text(Code code) {
  switch (code) {
    case code::ok: return "";
    case code::no_cti_group: return "User not present in Standard CTI Users group";
    case code::invalid_authentication: return "Authentication type is not supported";
    case code::account_locked: return "Directory login failed - account is locked";
    case code::account_disabled: return "Directory login failed - account is disabled";
    case code::password_expired: return "Directory login failed - password expired, the user can reset it";
    case code::password_expired_for_good: return "Directory login failed - password expired";
    case code::directory_down: return "Directory is temporarily unavailable";
    case code::directory_timeout: return "Directory login timed out";
    default: return "Directory login failed - authentication failed";
  }
}

}  // namespace linebridge::sim::cucm
