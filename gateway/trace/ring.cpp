#include "trace/ring.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace linebridge::trace {
namespace {

constexpr std::size_t texts = 4;

/// What stands before the texts of an entry. A record is never split: where it does not fit before the end of
/// the buffer, the rest of the buffer is left unused and begins with a size of 0, if that much room is left.
struct Record {
  std::size_t size = 0;  ///< With this head.
  std::uint64_t number = 0;
  std::int64_t at_us = 0;
  std::uint64_t session = 0;
  std::array<std::size_t, texts> lengths{};  ///< from, to, text, detail
};

Record record_at(const char* where) {
  Record record;
  std::memcpy(&record, where, sizeof record);
  return record;
}

/// Lengths of the texts, cut from the last one backwards until all fit into `most` bytes.
std::array<std::size_t, texts> fitting(const std::array<std::string_view, texts>& parts, std::size_t most) {
  std::array<std::size_t, texts> lengths{};
  for (std::size_t i = 0; i < texts; ++i) {
    lengths[i] = std::min(parts[i].size(), most);
    most -= lengths[i];
  }
  return lengths;
}

}  // namespace

Ring::Ring(std::size_t bytes) : buffer_(std::max<std::size_t>(bytes, 1024)) {}

void Ring::add(const Entry& entry) {
  const std::array<std::string_view, texts> parts{entry.from, entry.to, entry.text, entry.detail};
  Record record{sizeof(Record), ++added_, entry.at_us, entry.session,
                fitting(parts, buffer_.size() / 4 - sizeof(Record))};
  for (const auto length : record.lengths)
    record.size += length;

  make_room(record.size);
  char* to = buffer_.data() + tail_;
  std::memcpy(to, &record, sizeof record);
  to += sizeof record;
  for (std::size_t i = 0; i < texts; ++i)
    to = std::copy_n(parts[i].data(), record.lengths[i], to);
  tail_ += record.size;
  used_ += record.size;
}

void Ring::for_each(const std::function<void(const Entry&)>& see) const {
  std::size_t at = head_;
  for (std::size_t left = used_; left > 0;) {
    if (const std::size_t unused = end_of_lap(at)) {
      left -= unused;
      at = 0;
      continue;
    }
    const Record record = record_at(buffer_.data() + at);
    std::array<std::string_view, texts> parts;
    const char* from = buffer_.data() + at + sizeof record;
    for (std::size_t i = 0; i < texts; from += record.lengths[i], ++i)
      parts[i] = {from, record.lengths[i]};
    see({record.number, record.at_us, record.session, parts[0], parts[1], parts[2], parts[3]});
    at += record.size;
    left -= record.size;
    if (at == buffer_.size()) at = 0;
  }
}

void Ring::make_room(std::size_t bytes) {
  for (;; drop_oldest()) {
    if (used_ == 0) head_ = tail_ = 0;
    const std::size_t rest = buffer_.size() - tail_;
    const std::size_t unused = rest < bytes ? rest : 0;
    if (used_ + unused + bytes > buffer_.size()) continue;
    if (rest < bytes) {
      std::memset(buffer_.data() + tail_, 0, std::min(unused, sizeof(std::size_t)));
      used_ += unused;
      tail_ = 0;
    }
    return;
  }
}

void Ring::drop_oldest() {
  if (const std::size_t unused = end_of_lap(head_)) {
    used_ -= unused;
    head_ = 0;
    return;
  }
  const std::size_t size = record_at(buffer_.data() + head_).size;
  used_ -= size;
  head_ += size;
  if (head_ == buffer_.size()) head_ = 0;
}

/// Bytes left unused from `at` to the end of the buffer; 0 if a record stands there.
std::size_t Ring::end_of_lap(std::size_t at) const {
  const std::size_t rest = buffer_.size() - at;
  if (rest < sizeof(Record)) return rest;
  return record_at(buffer_.data() + at).size == 0 ? rest : 0;
}

}  // namespace linebridge::trace
