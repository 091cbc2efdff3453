#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace linebridge {

/// Where a socket is or shall go: an IP address or a name with a port, or the path of a Unix socket (port 0,
/// host begins with '/').
struct Address {
  std::string host;  ///< "192.0.2.1", "2001:db8::1" (without brackets), "cucm1.example.test" or "/run/x.sock".
  std::uint16_t port = 0;

  bool is_unix() const { return !host.empty() && host.front() == '/'; }
  friend auto operator<=>(const Address&, const Address&) = default;
};

/// "host:port", "[v6]:port", or the path.
std::string to_text(const Address& address);

/// Reads what to_text writes; a missing port becomes `default_port`, or is an error if that is 0.
Result<Address> parse_address(std::string_view text, std::uint16_t default_port = 0);

/// The same for a place to listen at, where port 0 stands for one that is free.
Result<Address> parse_listen(std::string_view text);

}  // namespace linebridge
