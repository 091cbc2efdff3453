#pragma once

#include <cstdint>

/// operator new and delete that count, for programs that link counting_new.cpp. What C libraries take with
/// malloc is not seen.
namespace linebridge::bench {

struct Allocations {
  std::uint64_t count = 0;  ///< Calls of operator new.
  std::int64_t bytes = 0;   ///< Taken and not given back, with the allocator's own word for each.
};

/// Counting is off at the start.
void count_allocations(bool on);
/// Of all times when counting was on.
Allocations allocations();

}  // namespace linebridge::bench
