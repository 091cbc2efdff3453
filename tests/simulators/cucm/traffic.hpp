#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "tests/simulators/cucm/fields.hpp"

namespace linebridge::sim::cucm {

enum class Direction : std::uint8_t { in, out };

/// The newest messages of all CTI Managers, for people and tests to look at.
class Traffic {
public:
  struct Entry {
    std::uint64_t number = 0;  ///< Grows by one a message.
    TimePoint at;
    std::string manager;
    std::int32_t connection = 0;
    Direction direction = Direction::in;
    std::string frame;  ///< As it travelled, whole. It becomes text when somebody looks.

    /// "NewCallEvent"
    std::string_view name() const;
    /// "seq=3 result=0"; what is zero, false or empty is left out, bytes show as their count.
    std::string fields() const;
  };

  explicit Traffic(std::size_t most) : most_(most) {}

  void add(TimePoint at, const std::string& manager, std::int32_t connection, Direction direction,
           std::string_view frame);
  const std::deque<Entry>& entries() const { return entries_; }

private:
  std::size_t most_;
  std::uint64_t count_ = 0;
  std::deque<Entry> entries_;
};

/// The fields of a message as a line of text.
std::string describe(const Message& message);

}  // namespace linebridge::sim::cucm
