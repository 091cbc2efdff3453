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

  /// Keeps so many messages, and fewer of large ones.
  explicit Traffic(std::size_t most, std::size_t most_bytes = 16 * 1024 * 1024)
      : most_(most), most_bytes_(most_bytes) {}

  void add(TimePoint at, const std::string& manager, std::int32_t connection, Direction direction,
           std::string_view frame);
  const std::deque<Entry>& entries() const { return entries_; }

private:
  std::string forget_oldest();

  std::size_t most_, most_bytes_;
  std::size_t bytes_ = 0;  ///< Of the frames there are.
  std::uint64_t count_ = 0;
  std::deque<Entry> entries_;
};

/// The fields of a message as a line of text.
std::string describe(const Message& message);

}  // namespace linebridge::sim::cucm
