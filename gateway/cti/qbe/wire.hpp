#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The integers of CTI/QBE: 32 bits, little-endian. Callers check the range.
namespace linebridge::cti::qbe {

inline std::uint32_t load32(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  };
  return byte(0) | byte(1) | byte(2) | byte(3);
}

inline void store32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes[at + i] = static_cast<char>((value >> (8 * i)) & 0xFF);
}

/// Where what stands in the 32 bytes at the front of a frame.
namespace header {
inline constexpr std::uint32_t length = 0, magic = 8, version = 12, id = 16, header_size = 20, fixed_size = 24,
                               var_size = 28, bytes = 32;
inline constexpr std::uint32_t prefix_bytes = 8;  ///< Not counted by `length`, but by header_size.
inline constexpr std::uint32_t magic_value = 0xFFFFDDDD;
}  // namespace header

}  // namespace linebridge::cti::qbe
