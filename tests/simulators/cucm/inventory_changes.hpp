#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// What happens to phones, lines and users, other than calls. Each is told to every connection.
namespace linebridge::sim::cucm {

/// Why a device or line is out of service.
enum class OutOfService : std::int32_t {
  call_manager_failure = 1,
  rehome = 2,  ///< To a node of higher priority.
  no_call_manager = 3,
  device_failure = 4,
  unregistered = 5,
  power_save = 6,
};
/// Why a device registered or unregistered.
enum class RegistrationReason : std::int32_t { unknown = 0, reset = 1, login = 2, logout = 3, power_save = 4 };

struct RegistrationChanged {
  std::size_t phone = 0;
  bool registered = false;
  OutOfService out = OutOfService::unregistered;
  RegistrationReason reason = RegistrationReason::unknown;
  std::string login_user;  ///< Who was logged in there then.
};
struct LineChanged {
  enum class What { added, removed, replaced, restricted, permitted };  ///< replaced: by those of a log-in.
  std::size_t line = 0;
  What what = What::added;
};
struct PhoneChanged {
  enum class What { added, deleted, restricted, permitted };
  std::size_t phone = 0;
  What what = What::added;
};
/// Somebody logged in or out at a phone: Extension Mobility.
struct LoginChanged {
  std::size_t phone = 0;
  bool logged_in = false;
};
struct AutoAcceptChanged {
  std::size_t line = 0;
};
struct UserChanged {
  enum class What { devices, deleted, cti_removed, super_provider };
  std::string user;
  What what = What::devices;
};

}  // namespace linebridge::sim::cucm
