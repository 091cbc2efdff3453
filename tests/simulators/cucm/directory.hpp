#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/cucm/cluster_spec.hpp"
#include "tests/simulators/cucm/words.hpp"

namespace linebridge::sim::cucm {

struct Phone;

/// Why an application may control a device; several can hold at once. 0: it may not.
namespace control_by {
inline constexpr std::int32_t listed = 1;             ///< In the list of the application's user.
inline constexpr std::int32_t acquired = 2;           ///< Asked for by name, by one who may control any device.
inline constexpr std::int32_t user_logged_in = 4;     ///< The application's user is at that phone.
inline constexpr std::int32_t profile_logged_in = 8;  ///< A profile from the user's list is at that phone.
}  // namespace control_by

/// The users and profiles of the cluster as they are now: the file's at first, then what an administrator makes
/// of them.
class Directory {
public:
  enum class Mode { up, down, slow };
  struct User {
    UserSpec spec;
    std::set<std::string, std::less<>> taken;  ///< Devices that are not his though a pattern of his list fits.
  };

  explicit Directory(const ClusterSpec& spec);

  Mode mode = Mode::up;  ///< slow: nothing is found within the time a log-in has.

  const std::map<std::string, User, std::less<>>& users() const { return users_; }
  const User* user(std::string_view name) const;
  User* user(std::string_view name);
  /// False: there is one of that name.
  bool add(UserSpec spec);
  bool remove(std::string_view name);
  /// nullptr: no such profile.
  const ProfileSpec* profile(std::string_view name) const;

  /// Whether a log-in with the right password succeeds.
  static Code may_log_in(const User& user);
  /// The reasons of namespace control_by, but for control_by::acquired.
  static std::int32_t control_of(const User& user, const Phone& phone);
  static void give(User& user, const std::string& device);
  static void take(User& user, const std::string& device);

private:
  std::map<std::string, User, std::less<>> users_;
  const std::vector<ProfileSpec> profiles_;
};

/// What the answer to a refused log-in says.
std::string_view login_text(Code code);

}  // namespace linebridge::sim::cucm
