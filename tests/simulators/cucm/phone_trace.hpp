#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "tests/simulators/cucm/exchange.hpp"

namespace linebridge::sim::cucm {

/// The newest of what passed between CTI Managers and phones, in a phone's words: "ring", "off hook", "hold".
class PhoneTrace {
public:
  struct Step {
    std::uint64_t number = 0;  ///< Grows by one a step.
    TimePoint at;
    std::string phone, line;  ///< No phone: a number of the world outside.
    Handle call;
    bool from_phone = false;  ///< Its user did it; else it was told so.
    std::string_view text;
    std::string detail;
  };

  explicit PhoneTrace(std::size_t most) : most_(most) {}

  /// `by_people`: somebody at a phone is the cause, not an application.
  void add(const Happening& happening, bool by_people, TimePoint at);
  const std::deque<Step>& steps() const { return steps_; }
  std::uint64_t added() const { return added_; }

private:
  void changed(const Leg& leg, bool by_people, TimePoint at);
  void note(const Leg& leg, bool from_phone, std::string_view text, std::string detail, TimePoint at);

  std::size_t most_;
  std::uint64_t added_ = 0;
  std::map<LegId, LegState> states_;  ///< Of legs that are not idle.
  std::deque<Step> steps_;
};

/// As one line of JSON. `wall_us` is added to the steady time to make it microseconds since 1970.
std::string show_step(const PhoneTrace::Step& step, std::int64_t wall_us);

}  // namespace linebridge::sim::cucm
