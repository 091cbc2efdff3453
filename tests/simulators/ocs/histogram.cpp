#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace linebridge::sim::ocs {

std::size_t Histogram::place_of(std::uint64_t us) {
  us = std::min(us, (std::uint64_t{1} << most_bits) - 1);
  if (us < exact) return us;
  const auto shift = static_cast<std::size_t>(std::bit_width(us)) - 6;
  return exact + (shift - 1) * steps + (us >> shift) - steps;
}

std::uint64_t Histogram::last_of(std::size_t place) {
  if (place < exact) return place;
  const std::size_t shift = (place - exact) / steps + 1;
  return (((place - exact) % steps + steps + 1) << shift) - 1;
}

void Histogram::add(Duration took) {
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::max(took, Duration::zero())).count();
  const auto value = static_cast<std::uint64_t>(us);
  ++counts_[place_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

double Histogram::percentile_ms(double part) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  std::uint64_t sum = 0;
  for (std::size_t place = 0; place < counts_.size(); ++place) {
    sum += counts_[place];
    if (sum >= std::max<std::uint64_t>(wanted, 1))
      return static_cast<double>(std::min(last_of(place), max_)) / 1000;
  }
  return 0;
}

}  // namespace linebridge::sim::ocs
