#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"
#include "config/config.hpp"

/// How things are written in haproxy.cfg. Shared by the .cpp files of this room only.
namespace linebridge::lb::haproxy {

/// HAProxy's strong quotes: nothing inside is expanded.
std::string in_quotes(std::string_view text);
/// A socket in the run directory.
std::string run_socket(const config::Front& front, std::string_view name);
bool is_v6(std::string_view host);
/// HAProxy takes what follows the last colon for the port, so an IPv6 address needs no brackets.
std::string at(const Address& address);
/// A text each line.
std::string lines(const std::vector<std::string>& texts);

}  // namespace linebridge::lb::haproxy
