#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

namespace linebridge::sim::cucm {

inline constexpr std::size_t header_bytes = 32;
inline constexpr std::uint32_t frame_magic = 0xFFFFDDDD;

/// One CTI/QBE message as it travels: 32 bytes of header, the fixed part, the variable part. All integers are
/// 32 bits, little-endian. `bytes` is the whole frame, because offsets inside count from its first byte.
struct Frame {
  std::uint32_t version = 0;
  std::int32_t id = 0;
  std::size_t header_size = 0;
  std::size_t fixed_size = 0;
  std::string_view bytes;  ///< Valid until the next push().
};

/// Cuts a byte stream into frames. Strict, so that a client's slips are seen: the length word must agree with
/// the three sizes. After an Error the stream cannot be resynchronised.
class FrameReader {
public:
  struct NeedMore {};
  using Item = std::variant<NeedMore, Frame, Error>;

  explicit FrameReader(std::size_t most_bytes = 1024 * 1024) : most_bytes_(most_bytes) {}

  void push(std::string_view bytes);
  /// Errors: malformed (magic, sizes), too_long.
  Item next();

private:
  std::size_t most_bytes_;
  std::string buffer_;
  std::size_t taken_ = 0;
};

/// `at + 4` must lie inside.
inline std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
  assert(at + 4 <= bytes.size());
  const auto* const from = reinterpret_cast<const unsigned char*>(bytes.data()) + at;
  return std::uint32_t{from[0]} | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]} << 16 |
         std::uint32_t{from[3]} << 24;
}
/// Likewise.
inline void write_u32(std::string& out, std::size_t at, std::uint32_t value) {
  assert(at + 4 <= out.size());
  char* const to = out.data() + at;
  for (unsigned i = 0; i < 4; ++i)
    to[i] = static_cast<char>(value >> (8 * i));
}

}  // namespace linebridge::sim::cucm
