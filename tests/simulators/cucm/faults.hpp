#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "tests/simulators/cucm/fault.hpp"

namespace linebridge::sim::cucm {

/// The faults in force. Each meets what it is about until it is cleared or has met as many as it was to.
class Faults {
public:
  struct Rule : Fault {
    Rule(Fault fault, std::uint32_t rule_number)
        : Fault(std::move(fault)), id(rule_number), random(repeatable(Fault::number)) {}
    /// Whether it meets this one; counted then.
    bool meets(std::int32_t message);

    std::uint32_t id;  ///< For `fault clear`.
    std::uint64_t met = 0;
    Random random;  ///< Of Order::seed.
  };
  static constexpr std::size_t most = 100;

  /// Value: the id. Errors: too_long (too many).
  Result<std::uint32_t> add(Fault fault);
  /// `which` is empty or "all" (all of them), an id, or a CTI Manager's name. Gives how many there were.
  std::size_t clear(std::string_view which);

  bool empty() const { return rules_.empty(); }
  bool concern(std::string_view manager) const;
  /// The first rule of that kind in force for the manager that meets the message; counted.
  Rule* meeting(FaultKind kind, std::string_view manager, std::int32_t message);
  bool stalls(std::string_view manager) const;
  /// All of it, not only some requests.
  bool silences(std::string_view manager) const;
  /// In the order given. Valid until the next add(), clear() or sweep().
  std::vector<Rule*> of(std::string_view manager);
  /// Forgets those that met all they were to.
  void sweep();
  const std::deque<Rule>& rules() const { return rules_; }

private:
  std::deque<Rule> rules_;
  std::uint32_t last_id_ = 0;
};

}  // namespace linebridge::sim::cucm
