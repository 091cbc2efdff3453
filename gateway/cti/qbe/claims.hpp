#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace linebridge::cti::qbe {

/// Which bytes of a frame's variable part are spoken for, and by which field.
class Claims {
public:
  struct Overlap {
    std::string first, second;
    std::uint64_t bytes = 0;
  };
  struct Gap {
    std::uint64_t at = 0, bytes = 0;
  };

  void add(std::uint64_t begin, std::uint64_t bytes, std::string by) {
    if (bytes != 0) taken_.push_back({begin, begin + bytes, std::move(by)});
  }

  /// All that is between `begin` and `end`, in order.
  void settle(std::uint64_t begin, std::uint64_t end) {
    std::stable_sort(taken_.begin(), taken_.end(),
                     [](const Claim& a, const Claim& b) { return a.begin < b.begin; });
    const Claim* last = nullptr;  // The one that reaches furthest so far.
    std::uint64_t reached = begin;
    for (const auto& claim : taken_) {
      if (last != nullptr && claim.begin < last->end)
        overlaps_.push_back({last->by, claim.by, std::min(claim.end, last->end) - claim.begin});
      if (claim.begin > reached) gaps_.push_back({reached, claim.begin - reached});
      if (last == nullptr || claim.end > last->end) last = &claim;
      reached = std::max(reached, claim.end);
    }
    if (reached < end) gaps_.push_back({reached, end - reached});
  }
  const std::vector<Overlap>& overlaps() const { return overlaps_; }
  const std::vector<Gap>& gaps() const { return gaps_; }

private:
  struct Claim {
    std::uint64_t begin, end;
    std::string by;
  };
  std::vector<Claim> taken_;
  std::vector<Overlap> overlaps_;
  std::vector<Gap> gaps_;
};

}  // namespace linebridge::cti::qbe
