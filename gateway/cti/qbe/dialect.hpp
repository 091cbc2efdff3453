#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "cti/qbe/layout.hpp"

namespace linebridge::cti::qbe {

/// A layout that an older version ends earlier.
struct Shorter {
  std::string_view layout;
  std::uint32_t fields;
};

/// What we write differently for one protocol version. Reading needs none: fields that did not come have
/// defaults, fields we do not know are passed over.
struct Dialect {
  std::uint32_t version = 0;
  std::span<const Shorter> shorter;

  constexpr std::uint32_t fields(const Layout& layout) const {
    for (const auto& entry : shorter)
      if (entry.layout == layout.name) return entry.fields;
    return static_cast<std::uint32_t>(layout.fields.size());
  }
};

/// Versions known to differ from the tables. 0x00100000 and 0x00110000 do not, in the messages this gateway
/// uses.
inline constexpr std::array<Dialect, 0> special_dialects{};

/// How to write for `version`: as the tables say, unless it is listed.
constexpr Dialect dialect(std::uint32_t version) {
  for (const auto& special : special_dialects)
    if (special.version == version) return special;
  return {version, {}};
}

}  // namespace linebridge::cti::qbe
