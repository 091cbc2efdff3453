#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "tests/simulators/cucm/faults.hpp"
#include "tests/simulators/cucm/outgoing.hpp"

namespace linebridge::sim::cucm {

/// What faults make of the frames of one connection, between its CTI Manager and the socket. Frames in, bytes
/// out when their time has come.
class FaultStage {
public:
  enum class End : std::uint8_t {
    none,
    close,  ///< The connection is to be closed behind what was sent.
    cut,    ///< At once.
  };

  /// What one turn sends; `rules` are those of its CTI Manager. `met` gets the rules that changed
  /// something.
  void take(const Outgoing& turn, const std::vector<Faults::Rule*>& rules, TimePoint now,
            std::vector<std::string>& met);
  /// A frame that no fault changes, behind what is there.
  void add(std::string frame, TimePoint now);
  /// What is held goes out at the next pump().
  void release(TimePoint now);

  /// Appends to `out` what is due.
  End pump(std::string& out, TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  /// Nothing is held and nothing is broken: frames may go past it.
  bool idle() const { return !hung_ && empty(); }
  bool empty() const { return queues_[0].empty() && queues_[1].empty(); }
  std::size_t held() const { return held_; }  ///< Bytes.

private:
  struct Frame {
    std::int32_t id = 0;
    std::string bytes;
    Duration later{};
    std::size_t portion = 0;  ///< 0: all at once.
    Duration pause{};         ///< Between portions.
    End end = End::none;
    bool hang = false;  ///< Nothing goes out behind it.
    TimePoint due{};
    std::uint64_t number = 0;  ///< In the order sent.
    std::size_t sent = 0;
  };
  using Batch = std::vector<Frame>;
  using Queue = std::deque<Frame>;

  static void apply(Faults::Rule& rule, Batch& batch);
  static void change(const Faults::Rule& rule, Frame& frame);
  static void reorder(Faults::Rule& rule, Batch& batch);
  void enqueue(Frame frame, TimePoint now);
  void hang();
  const Queue* next() const;
  TimePoint time_of(const Frame& frame) const;

  std::array<Queue, 2> queues_;  ///< Events, answers.
  std::size_t held_ = 0;
  std::uint64_t count_ = 0;
  TimePoint next_portion_{};
  bool hung_ = false;
};

}  // namespace linebridge::sim::cucm
