#include "cti/backoff.hpp"

#include <gtest/gtest.h>

namespace linebridge::cti {
namespace {

using namespace std::chrono_literals;

/// A source of the largest number there is, or of zero.
Random constant(std::uint8_t byte) {
  return Random([byte](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), byte); });
}

TEST(Backoff, WaitsBetweenNothingAndADoublingCeiling) {
  Random random(repeatable(3));
  Backoff backoff(1s, 30s);
  const std::vector<Duration> ceilings = {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s};
  for (const Duration ceiling : ceilings) {
    const Duration wait = backoff.next(random);
    EXPECT_GE(wait, Duration::zero());
    EXPECT_LE(wait, ceiling);
  }
}

TEST(Backoff, UsesAllOfTheTimeUpToTheCeiling) {
  Random random(repeatable(3));
  bool short_wait = false, long_wait = false;
  for (int i = 0; i < 200; ++i) {
    Backoff backoff(10s, 10s);
    const Duration wait = backoff.next(random);
    short_wait = short_wait || wait < 1s;
    long_wait = long_wait || wait > 9s;
  }
  EXPECT_TRUE(short_wait && long_wait);
}

TEST(Backoff, BeginsAnewAfterAReset) {
  Random random = constant(0xFF);
  Backoff backoff(1s, 30s);
  for (int i = 0; i < 10; ++i)
    (void)backoff.next(random);
  backoff.reset();
  EXPECT_LE(backoff.next(random), 1s);
}

}  // namespace
}  // namespace linebridge::cti
