#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace linebridge::sim::cucm {

class Cluster;

/// What a `wait` waits for.
struct Condition {
  enum class What : std::uint8_t {
    ringing,
    ringback,
    connected,
    held,
    idle,
    registered,
    unregistered,
    connections,
    devices,
    lines,
    calls
  };
  What what = What::idle;
  std::string who;  ///< A phone's name or a number; of counts: the CTI Manager, empty for all.
  std::size_t count = 0;
  bool or_more = false;
  Duration within{};
  std::string text;  ///< As it was given.
};

/// Reads "CONDITION ... [within TIME]"; without a time it is five seconds. Errors: malformed, not_found (no
/// such CTI Manager or phone).
Result<Condition> parse_condition(const Cluster& cluster, std::span<const std::string> words);
bool holds(const Condition& condition, const Cluster& cluster);

/// The time named behind `within` in a `wait`, or the usual one: how long a client must have patience.
Duration patience_of(std::span<const std::string> words);

std::string_view condition_help();

}  // namespace linebridge::sim::cucm
