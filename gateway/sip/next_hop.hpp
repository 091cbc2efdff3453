#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.hpp"
#include "sip/dialog.hpp"

namespace linebridge::sip {

/// Where a request of ours goes if the dialog has no connection: what its top route, or without routes its
/// target, names (RFC 3261 section 8.1.2).
struct NextHop {
  Address address;   ///< `maddr` before host; port 5060 or 5061 unless written.
  bool tls = false;  ///< sips, or transport=tls.
};

/// Nothing if the URI is not one of SIP.
std::optional<NextHop> next_hop(std::string_view uri);
std::optional<NextHop> next_hop(const Dialog& dialog);

}  // namespace linebridge::sip
