#pragma once

#include <string>
#include <string_view>

#include "lb/haproxy/render.hpp"

/// The parts of haproxy.cfg that face OCS. Shared by the .cpp files of this room only.
namespace linebridge::lb::haproxy {

inline constexpr std::string_view hosts_file = "trusted-hosts.lst";
inline constexpr std::string_view names_file = "trusted-names.lst";
inline constexpr std::string_view identity_file = "front.pem";
inline constexpr std::string_view authorities_file = "authorities.pem";

/// Whether a host that may be called is written as a name, which has to be looked up.
bool calls_names(const config::Ocs& ocs);

/// The listeners for OCS, and the ways from there to the splitter.
std::string clients(const config::Config& config, const Capacity& most);
/// The splitter's way to OCS hosts; empty if there are none.
std::string egress(const config::Config& config, const Capacity& most);

}  // namespace linebridge::lb::haproxy
