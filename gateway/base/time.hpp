#pragma once

#include <chrono>

namespace linebridge {

/// Monotonic time. It is always an argument: only the shells (app, lb/app, net, ops, cli) may ask for the
/// current one.
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// Wall-clock time, for people and logs only; handed in like TimePoint.
using WallTime = std::chrono::system_clock::time_point;

}  // namespace linebridge
