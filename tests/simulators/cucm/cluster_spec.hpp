#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"

/// What a simulated cluster consists of: the content of its TOML file.
namespace linebridge::sim::cucm {

struct ManagerSpec {
  std::string name;  ///< "cti1"
  Address listen;    ///< Port 0 takes a free one.
};

/// What becomes of a log-in though the password is right.
enum class Account {
  good,
  locked,
  expired,           ///< The password; its user can set a new one.
  expired_for_good,  ///< The password; only an administrator can set a new one.
  disabled
};

struct UserSpec {
  std::string name;
  std::string password;
  std::vector<std::string> devices;  ///< Names, or beginnings with '*' behind.
  bool cti_enabled = true;           ///< Member of the group that may use CTI at all.
  bool all_devices = false;          ///< May acquire devices that are not listed.
  Account account = Account::good;
  std::int32_t password_days = -1;      ///< Until the password expires; -1: never.
  std::vector<std::string> profiles{};  ///< Controls the phones where these are logged in.
};

struct LineSpec {
  std::string number;
  std::string partition;
  std::string display;
  std::int32_t max_calls = 4;
  std::int32_t busy_trigger = 2;
  bool restricted = false;                                   ///< "Allow control from CTI" is off.
  std::string forward_all, forward_busy, forward_no_answer;  ///< Empty: not forwarded.
  std::chrono::milliseconds no_answer_after{12'000};         ///< When forward_no_answer begins to hold.
};

/// What a phone does with calls while its user does not want to be disturbed.
enum class DndOption : std::int32_t { none = 0, ringer_off = 1, call_reject = 2 };

struct PhoneSpec {
  std::string name;  ///< "SEP000000001001"
  std::string model = "Cisco 7960";
  std::int32_t type = 7;
  std::int32_t protocol = 1;  ///< 1 SCCP, 2 SIP.
  bool registered = true;
  bool restricted = false;
  std::optional<std::chrono::milliseconds> answer_after;  ///< The user of the phone answers by himself.
  std::vector<LineSpec> lines;
  /// Partitions whose numbers it can dial, the first one wins. Empty: those of its own lines, then all others.
  std::vector<std::string> search;
  DndOption dnd_option = DndOption::ringer_off;
  bool privacy = false;             ///< Phones that share a line are not told who this one talks to.
  bool extension_mobility = false;  ///< Users may log in at this phone.
};

/// Extension Mobility: the lines that a user has at whatever phone he logs in.
struct ProfileSpec {
  std::string name;
  std::string user;
  std::vector<LineSpec> lines;
};

/// Numbers of the world outside.
struct OutsideSpec {
  enum class Behaviour { ring, answer, busy, unreachable };
  std::string pattern;  ///< "+1555*", or a whole number.
  std::string display;
  Behaviour behaviour = Behaviour::ring;
  std::chrono::milliseconds answer_after{0};  ///< For Behaviour::answer.
};

struct ClusterSpec {
  std::string name = "StandAloneCluster";
  std::string release = "9.0.1.10000-37";
  std::vector<std::uint32_t> protocol_versions{0x00100000, 0x00110000};
  std::chrono::seconds server_heartbeat{0};  ///< 0: what the client asks for.
  std::chrono::seconds client_heartbeat{30};
  std::string control;  ///< Path of the control socket; empty: none.
  std::vector<ManagerSpec> managers;
  std::vector<UserSpec> users;
  std::int32_t max_cti_connections = 0;            ///< Of each CTI Manager; 0: no limit.
  std::int32_t max_devices_per_provider = 100000;  ///< Open at a time on one connection.
  std::vector<PhoneSpec> phones;
  std::vector<ProfileSpec> profiles;
  std::vector<OutsideSpec> outside;
  std::vector<std::string> park_numbers;    ///< Each holds one parked call.
  std::chrono::seconds park_reversion{60};  ///< Then a parked call rings at the line that parked it.
  std::chrono::seconds ring_limit{
      180};                           ///< Longest that a line rings whose calls are not forwarded; 0: for ever.
  std::int32_t conference_limit = 4;  ///< Parties of a conference.
  bool advanced_conference = false;   ///< Every party may add and drop others, not only who began it.
};

/// Whether `pattern` (a text, or a beginning with '*' behind) takes `text`.
inline bool matches(std::string_view pattern, std::string_view text) {
  if (!pattern.ends_with('*')) return pattern == text;
  return text.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace linebridge::sim::cucm
