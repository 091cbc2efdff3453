#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/time.hpp"

namespace linebridge {

/// The source of unpredictable values. The shell hands in the operating system's, tests a fixed one.
class Random {
public:
  using Fill = std::function<void(std::span<std::uint8_t>)>;  ///< Fills the whole span.

  explicit Random(Fill fill) : fill_(std::move(fill)) {}

  void bytes(std::span<std::uint8_t> out) { fill_(out); }
  std::uint64_t number();
  /// `bits` random bits (a multiple of 8) as lower-case hex.
  std::string hex(unsigned bits);
  /// `count` random letters and digits.
  std::string letters(unsigned count);
  /// Uniform in [0, most]; zero if `most` is not positive.
  Duration up_to(Duration most);

private:
  Fill fill_;
};

/// A repeatable source for tests and simulators (splitmix64). Never for anything secret.
Random::Fill repeatable(std::uint64_t seed);

}  // namespace linebridge
