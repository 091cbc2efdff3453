#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linebridge::sim::cucm {

/// What a cluster's database says of a kind of phone.
struct PhoneModel {
  std::string_view name;        ///< As devices call it: "Cisco 7965".
  std::int32_t type = 0;        ///< Its number in device information.
  std::int32_t protocol = 1;    ///< 1 SCCP, 2 SIP, 3 a CTI remote device.
  std::string_view short_name;  ///< Also taken in cluster files; may be empty.
};

/// By name or short name, without case. nullptr: not in the table.
const PhoneModel* find_model(std::string_view name);
/// All names of the table, for people: "Cisco 7940, Cisco 7960, ...".
std::string known_models();

inline constexpr std::int32_t type_cti_port = 72, type_cti_route_point = 73;
/// Registered by an application instead of a phone.
inline bool is_application_device(std::int32_t type) {
  return type == type_cti_port || type == type_cti_route_point;
}

}  // namespace linebridge::sim::cucm
