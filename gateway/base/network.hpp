#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace linebridge {

/// An IPv4 or IPv6 network: "192.0.2.0/24", "2001:db8::/32", or one address. IPv4 is kept mapped into IPv6, so
/// that
/// "::ffff:192.0.2.1" and "192.0.2.1" are the same.
class Network {
public:
  /// Errors: malformed.
  static Result<Network> parse(std::string_view text);
  /// Whether `address` (an IP address in text) lies in it; false for what is no address.
  bool contains(std::string_view address) const;

private:
  std::array<std::uint8_t, 16> prefix_{};
  unsigned bits_ = 128;
};

}  // namespace linebridge
