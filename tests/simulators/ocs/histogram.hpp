#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

namespace linebridge::sim::ocs {

/// How long things took, in a fixed number of bytes: exact below 64 µs, within 1/32 above, up to 12 days.
class Histogram {
public:
  void add(Duration took);
  std::uint64_t count() const { return count_; }
  double max_ms() const { return static_cast<double>(max_) / 1000; }
  /// What this part of them, 0 to 1, did not take longer than; 0 if there are none.
  double percentile_ms(double part) const;

private:
  static constexpr std::size_t exact = 64, steps = 32, most_bits = 40;
  static std::size_t place_of(std::uint64_t us);
  static std::uint64_t last_of(std::size_t place);  ///< The longest time, in µs, that falls there.

  std::array<std::uint64_t, exact + (most_bits - 6) * steps> counts_{};
  std::uint64_t count_ = 0, max_ = 0;
};

}  // namespace linebridge::sim::ocs
