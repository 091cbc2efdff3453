#pragma once

#include "tests/simulators/cucm/exchange.hpp"

namespace linebridge::sim::cucm {

/// Where a dialled number leads.
struct Exchange::Route {
  enum class Kind { unknown, out_of_order, busy, free };
  Kind kind = Kind::unknown;
  Party called;            ///< Who is reached in the end.
  Party original_called;   ///< Who was dialled.
  Party last_redirecting;  ///< Empty unless the call was forwarded.
  LegReason reason = LegReason::direct;
  std::vector<AppearanceId> lines;  ///< Those that shall ring; empty for the world outside.
  const OutsideSpec* outside = nullptr;
};

}  // namespace linebridge::sim::cucm
