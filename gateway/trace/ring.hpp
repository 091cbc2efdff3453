#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace linebridge::trace {

/// One thing that passed. The views belong to the caller of add(), or to the ring during for_each().
struct Entry {
  std::uint64_t number = 0;   ///< Given by the ring, from 1, grows by one an entry.
  std::int64_t at_us = 0;     ///< Wall clock, microseconds since 1970.
  std::uint64_t session = 0;  ///< 0: belongs to none.
  std::string_view from, to;  ///< "client", "front", "node", "cti1", ...
  std::string_view
      text;  ///< "INVITE", "200 OK (INVITE) RequestSystemStatusResponse", "LineCallInitiateRequest"
  std::string_view detail;  ///< Ids, rules, reasons.
};

/// What passed, newest kept, in a fixed number of bytes. add() costs a copy of the texts and never allocates.
class Ring {
public:
  /// Fewer than 1024 bytes are taken as 1024.
  explicit Ring(std::size_t bytes);

  /// An entry over a quarter of the ring loses the end of its detail, then of its other texts.
  void add(const Entry& entry);
  void for_each(const std::function<void(const Entry&)>& see) const;  ///< Oldest first.
  std::uint64_t added() const { return added_; }

private:
  void make_room(std::size_t bytes);
  void drop_oldest();
  std::size_t end_of_lap(std::size_t at) const;

  std::vector<char> buffer_;
  std::size_t head_ = 0;  ///< The oldest record.
  std::size_t tail_ = 0;  ///< Where the next record goes.
  std::size_t used_ = 0;  ///< Bytes from head_ to tail_, with what was left unused at the buffer's end.
  std::uint64_t added_ = 0;
};

}  // namespace linebridge::trace
