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

  bool is_reached() const { return kind == Kind::free; }
  /// Takes appearances out; without any left the line is busy.
  void leave_out(AppearanceId line) {
    std::erase(lines, line);
    if (kind == Kind::free && lines.empty() && !outside) kind = Kind::busy;
  }
};

/// How often a call is forwarded before it is refused as busy.
inline constexpr int most_forwards = 12;

}  // namespace linebridge::sim::cucm
