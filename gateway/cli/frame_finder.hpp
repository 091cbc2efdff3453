#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linebridge::cli {

/// Finds CTI/QBE frames in one direction of a captured connection. Unlike the reader of a node it goes on
/// behind what is no frame, at the next magic number that stands before possible sizes. Keeps at most one frame
/// and what was fed last; work is linear in the bytes.
class FrameFinder {
public:
  struct Found {
    std::string_view frame;     ///< Valid until the next call; empty if only bytes were passed over.
    std::uint64_t skipped = 0;  ///< Bytes passed over before it.
  };

  explicit FrameFinder(std::size_t most_frame) : most_(most_frame) {}

  void feed(std::string_view bytes);
  /// The next frame, or what was passed over; nothing until more is fed.
  std::optional<Found> next();
  /// Bytes are missing here: what is held cannot become a frame. Value: how much that was.
  std::size_t lost();
  /// Bytes of a frame that is not complete.
  std::size_t held() const { return buffer_.size() - at_; }

private:
  bool search();
  std::optional<std::size_t> measure() const;

  std::size_t most_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool in_step_ = true;  ///< A frame is expected right at at_.
  std::uint64_t skipped_ = 0;
};

}  // namespace linebridge::cli
