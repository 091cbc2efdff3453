#pragma once

#include <algorithm>

#include "base/random.hpp"
#include "base/time.hpp"

namespace linebridge::cti {

/// Exponential backoff with full jitter: a random time between nothing and a ceiling that doubles.
class Backoff {
public:
  Backoff(Duration first, Duration most) : first_(first), most_(most), ceiling_(first) {}

  Duration next(Random& random) {
    const Duration ceiling = std::min(ceiling_, most_);
    if (ceiling_ < most_) ceiling_ *= 2;
    return random.up_to(ceiling);
  }
  void reset() { ceiling_ = first_; }

private:
  Duration first_, most_, ceiling_;
};

}  // namespace linebridge::cti
