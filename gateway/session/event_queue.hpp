#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace linebridge::session {

/// The CSTA events that wait to be sent to one client, in order.
///
/// The next goes out after the final answer to the former or after 500 ms. After two in a row that were not
/// answered in time the client is *silent*: events go out at once, in order, until one is answered. Nothing is
/// ever dropped: past its bound the queue refuses, and the session must end.
class EventQueue {
public:
  struct Limits {
    std::size_t events = 256;
    std::size_t bytes = 256 * 1024;
    Duration answer_within = std::chrono::milliseconds(500);
  };
  struct Outgoing {
    std::uint64_t number;  ///< From 1; names the event in answered().
    std::string body;
  };

  EventQueue() = default;
  explicit EventQueue(Limits limits) : limits_(limits) {}

  /// False: the queue is full; nothing was added.
  [[nodiscard]] bool push(std::string body);
  /// The next event that may go out now.
  std::optional<Outgoing> take(TimePoint now);
  /// A final answer to event `number` came. True if the client was silent before.
  bool answered(std::uint64_t number);
  /// Call when next_deadline() has passed. True if the client became silent just now.
  bool expire(TimePoint now);
  std::optional<TimePoint> next_deadline() const { return deadline_; }

  bool silent() const { return silent_; }
  std::size_t waiting() const { return waiting_.size(); }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t answers() const { return answers_; }
  std::uint64_t timeouts() const { return timeouts_; }

private:
  Limits limits_;
  std::deque<std::string> waiting_;
  std::size_t bytes_ = 0;
  std::uint64_t sent_ = 0, answers_ = 0, timeouts_ = 0;
  unsigned unanswered_in_row_ = 0;
  std::optional<TimePoint> deadline_;  ///< Of the event numbered sent_, while it is waited for.
  bool silent_ = false;
};

}  // namespace linebridge::session
