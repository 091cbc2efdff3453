#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "cti/qbe/frame.hpp"
#include "cti/qbe/view.hpp"

/// Small words that the CTI/QBE tests share.
namespace linebridge::cti::qbe {

inline std::string bytes_of(std::string_view hex) {
  const auto raw = from_hex(hex);
  return raw ? std::string(raw->begin(), raw->end()) : std::string();
}

inline std::string hex_of(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// The one frame that `bytes` is.
inline Frame frame_of(std::string_view bytes) {
  FrameReader reader(1024 * 1024);
  auto item = reader.next(bytes);
  if (const auto* frame = std::get_if<Frame>(&item)) return *frame;
  return {};
}

}  // namespace linebridge::cti::qbe
