#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace linebridge::cti::qbe {

/// The two heartbeats of a link, one each way, each with its own interval. Anything sent or received counts as
/// one.
class Heartbeat {
public:
  static constexpr std::chrono::seconds shortest{1}, longest{500}, usual{30};
  static constexpr std::chrono::seconds least_patience{10}, most_patience{500};

  /// Begins, or changes the intervals. The CTI Manager's words rule; what makes no sense is brought into range.
  /// `ours`: seconds between what we send; `theirs`: between what the CTI Manager sends. 0, or negative as the
  /// wire has signed numbers: as before, or usual.
  void set(std::uint32_t ours, std::uint32_t theirs, TimePoint now) {
    if (!on_) sent_ = heard_ = now;
    on_ = true;
    if (makes_sense(ours)) interval_ = std::clamp(seconds(ours), shortest, longest);
    if (!makes_sense(theirs)) return;
    // One per cent over two intervals, as the published client waits.
    const std::chrono::milliseconds window(seconds(theirs).count() * 2020);
    patience_ = std::clamp<std::chrono::milliseconds>(window, least_patience, most_patience);
  }
  void sent(TimePoint now) { sent_ = now; }
  void heard(TimePoint now) { heard_ = now; }
  TimePoint heard_at() const { return heard_; }

  bool must_send(TimePoint now) const { return on_ && now >= sent_ + interval_; }
  bool lost(TimePoint now) const { return on_ && now >= heard_ + patience_; }
  std::optional<TimePoint> next() const {
    if (!on_) return std::nullopt;
    return std::min<TimePoint>(sent_ + interval_, heard_ + patience_);
  }

private:
  static bool makes_sense(std::uint32_t value) { return value != 0 && value <= 0x7FFFFFFF; }
  static std::chrono::seconds seconds(std::uint32_t value) {
    return std::chrono::seconds(std::min(value, 100000u));
  }

  bool on_ = false;
  std::chrono::seconds interval_ = usual;
  std::chrono::milliseconds patience_{usual.count() * 2020};
  TimePoint sent_, heard_;
};

}  // namespace linebridge::cti::qbe
