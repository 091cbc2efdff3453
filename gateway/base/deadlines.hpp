#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace linebridge {

/// One heap of deadlines for everything that waits: next() is O(1), add and cancel are O(log n), nobody scans.
///
/// Entries due at the same instant come out in the order they were added. Not thread-safe.
template <class Key>
class Deadlines {
public:
  /// Names an entry until it was popped or cancelled. The empty one (0) names nothing.
  struct Id {
    std::uint64_t value = 0;
    explicit operator bool() const { return value != 0; }
  };

  Id add(TimePoint at, Key key) {
    const std::size_t slot = take_slot();
    slots_[slot].key = std::move(key);
    heap_.push_back({at, ++sequence_, slot});
    slots_[slot].place = heap_.size() - 1;
    slots_[slot].sequence = sequence_;
    rise(heap_.size() - 1);
    return {(static_cast<std::uint64_t>(slot + 1) << 40) | (sequence_ & mask)};
  }

  /// Forgets an entry; harmless for one that is gone. Clears `id`.
  void cancel(Id& id) {
    const auto slot = find(std::exchange(id, Id{}));
    if (slot) remove(slots_[*slot].place);
  }

  std::optional<TimePoint> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().at;
  }

  /// Takes the oldest entry that is due, if any.
  std::optional<Key> pop(TimePoint now) {
    if (heap_.empty() || heap_.front().at > now) return std::nullopt;
    Key key = std::move(slots_[heap_.front().slot].key);
    remove(0);
    return key;
  }

  std::size_t size() const { return heap_.size(); }

private:
  static constexpr std::uint64_t mask = (std::uint64_t{1} << 40) - 1;
  struct Entry {
    TimePoint at;
    std::uint64_t sequence;
    std::size_t slot;
    bool before(const Entry& other) const { return at != other.at ? at < other.at : sequence < other.sequence; }
  };
  struct Slot {
    Key key{};
    std::size_t place = 0;
    std::uint64_t sequence = 0;  ///< 0: free.
  };

  std::size_t take_slot() {
    if (free_.empty()) {
      slots_.emplace_back();
      return slots_.size() - 1;
    }
    const std::size_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  std::optional<std::size_t> find(Id id) const {
    if (!id) return std::nullopt;
    const std::size_t slot = static_cast<std::size_t>(id.value >> 40) - 1;
    assert(slot < slots_.size());
    if (slots_[slot].sequence == 0 || (slots_[slot].sequence & mask) != (id.value & mask)) return std::nullopt;
    return slot;
  }

  void put(std::size_t place, const Entry& entry) {
    heap_[place] = entry;
    slots_[entry.slot].place = place;
  }

  void rise(std::size_t place) {
    const Entry entry = heap_[place];
    while (place > 0) {
      const std::size_t parent = (place - 1) / 2;
      if (!entry.before(heap_[parent])) break;
      put(place, heap_[parent]);
      place = parent;
    }
    put(place, entry);
  }

  void sink(std::size_t place) {
    const Entry entry = heap_[place];
    for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
      if (child + 1 < heap_.size() && heap_[child + 1].before(heap_[child])) ++child;
      if (!heap_[child].before(entry)) break;
      put(place, heap_[child]);
      place = child;
    }
    put(place, entry);
  }

  void remove(std::size_t place) {
    Slot& slot = slots_[heap_[place].slot];
    slot.key = Key{};
    slot.sequence = 0;
    free_.push_back(heap_[place].slot);
    const Entry last = heap_.back();
    heap_.pop_back();
    if (place == heap_.size()) return;
    put(place, last);
    rise(place);
    sink(slots_[last.slot].place);
  }

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  std::uint64_t sequence_ = 0;
};

}  // namespace linebridge
