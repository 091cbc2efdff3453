#pragma once

#include <cstddef>

#include "base/time.hpp"

namespace linebridge::session {

/// Paces the end of many sessions, so that neither the node, nor the front end, nor OCS meets thousands of BYEs
/// and their answers at once: never more than `at_once` in one go, the goes `gap` apart, closer together only
/// where all would not be told in time otherwise.
///
/// The sessions themselves are the caller's. Ask due(), end as many, say went() with what is left, come back at
/// next().
class Farewell {
public:
  struct Settings {
    std::size_t at_once = 64;
    Duration gap = std::chrono::milliseconds(20);
    Duration least_gap = std::chrono::milliseconds(1);  ///< So that answers are read in between.
    /// Kept free at the end for answers; of a short time no more than a quarter.
    Duration answers = std::chrono::seconds(2);
  };

  Farewell(Settings settings, TimePoint now, TimePoint by);

  /// How many of the `left` sessions may go now.
  std::size_t due(TimePoint now, std::size_t left) const;
  /// A go is over.
  void went(TimePoint now, std::size_t left);
  TimePoint next() const { return next_; }
  /// Whether all `left` must go from now on to be told in time: none may be waited for any more.
  bool pressed(TimePoint now, std::size_t left) const;
  /// The time became shorter; a later `by` changes nothing.
  void shorten(TimePoint now, TimePoint by);

private:
  Duration::rep goes(std::size_t left) const;  ///< In which they can go.

  Settings settings_;
  TimePoint last_;  ///< Of the last go.
  TimePoint next_;
};

}  // namespace linebridge::session
