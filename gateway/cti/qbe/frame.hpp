#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

namespace linebridge::cti::qbe {

/// One message as it came: `bytes` is the whole frame from byte 0, which is what every offset in it counts
/// from.
struct Frame {
  std::uint32_t version = 0;
  std::uint32_t id = 0;
  std::string_view bytes;
  std::uint32_t fixed_at = 0;
  std::uint32_t fixed_size = 0;

  std::uint32_t variable_at() const { return fixed_at + fixed_size; }
};

/// Cuts a CTI/QBE byte stream into frames.
///
/// next() eats from the view given to it until that is empty. A frame that lies in it whole is handed out where
/// it lies; only one that was cut is put together in a buffer. It holds no socket and no clock; work is linear
/// in the bytes, however they are cut. After an Error the stream cannot be resynchronised: close it.
///
/// The sizes at offsets 20, 24 and 28 rule; the length at offset 0 says the same and is not looked at, because
/// some peers send 0.
class FrameReader {
public:
  struct NeedMore {};
  using Item = std::variant<NeedMore, Frame, Error>;

  explicit FrameReader(std::size_t most_bytes) : most_(most_bytes) {}

  /// The next frame; its view holds until the next call and no longer than `input`'s bytes.
  /// Errors: malformed (bad magic, negative or impossible size), too_long (more than `most_bytes`).
  Item next(std::string_view& input);

private:
  std::variant<std::size_t, Error> measure(std::string_view head) const;
  bool gather(std::string_view& input, std::size_t wanted);

  std::size_t most_;
  std::string partial_;      ///< The front of a frame that was cut, or the frame handed out last.
  bool handed_out_ = false;  ///< partial_ holds the latter.
};

}  // namespace linebridge::cti::qbe
