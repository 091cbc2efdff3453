#pragma once

#include <optional>
#include <string_view>

#include "base/address.hpp"

namespace linebridge::sip {

/// Where a request goes that its top route, or without routes its Request-URI, names (RFC 3261 section 8.1.2).
struct NextHop {
  Address address;   ///< `maddr` before host; port 5060 or 5061 unless written.
  bool tls = false;  ///< sips, or transport=tls.
};

/// Nothing if the URI is not one of SIP.
std::optional<NextHop> next_hop(std::string_view uri);

}  // namespace linebridge::sip
