#pragma once

#include <cstddef>
#include <optional>

namespace linebridge::cti {

/// Whose turn it is among links that come and go: round robin in configured order.
class Rotation {
public:
  explicit Rotation(std::size_t size) : size_(size) {}

  /// The first usable one behind the one that had the last turn; the first of all after start and after
  /// outage().
  template <class Usable>
  std::optional<std::size_t> next(Usable usable) const {
    const std::size_t from = last_ ? *last_ + 1 : 0;
    for (std::size_t i = 0; i < size_; ++i)
      if (usable((from + i) % size_)) return (from + i) % size_;
    return std::nullopt;
  }
  void taken(std::size_t index) {
    if (index < size_) last_ = index;
  }
  /// None was usable: the order begins anew.
  void outage() { last_.reset(); }

private:
  std::size_t size_;
  std::optional<std::size_t> last_;
};

}  // namespace linebridge::cti
