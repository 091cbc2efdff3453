#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::sip {

/// What one header of a head may hold; Framer::Limits bounds the head as a whole. A parser whose cost grows
/// with the square of these numbers (libosip2) sees nothing that passed no guard.
struct HeadLimits {
  std::size_t values = 32;      ///< Comma-separated values in one header line.
  std::size_t parameters = 32;  ///< Parameters of all values of one header line.
};

/// Checks a head as Framer hands it out, or one that was split already. Errors: too_long, with the header's
/// name.
Status guard(std::string_view head, const HeadLimits& limits);
Status guard(const HeadView& head, const HeadLimits& limits);

}  // namespace linebridge::sip
