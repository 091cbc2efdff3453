#pragma once

#include <optional>

#include "sip/dialog.hpp"
#include "sip/framing/next_hop.hpp"

namespace linebridge::sip {

/// Where a request of ours goes if the dialog has no connection: what its top route, or without routes its
/// target, names (RFC 3261 section 8.1.2).
std::optional<NextHop> next_hop(const Dialog& dialog);

}  // namespace linebridge::sip
