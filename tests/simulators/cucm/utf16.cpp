#include "tests/simulators/cucm/utf16.hpp"

#include <cstdint>

namespace linebridge::sim::cucm {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

void append_unit(std::string& out, std::uint32_t unit) {
  const char bytes[] = {static_cast<char>(unit & 0xFF), static_cast<char>(unit >> 8 & 0xFF)};
  out.append(bytes, sizeof bytes);
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80 | (point >> shift & 0x3F))); };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | point >> 12));
    tail(6), tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | point >> 18));
    tail(12), tail(6), tail(0);
  }
}

/// Takes one code point off the front of the text.
std::uint32_t take_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (first < 0x80) return first;
  const unsigned more = first >= 0xF0 && first < 0xF5   ? 3
                        : first >= 0xE0 && first < 0xF0 ? 2
                        : first >= 0xC2 && first < 0xE0 ? 1
                                                        : 0;
  if (more == 0 || text.size() < more) return replacement;
  std::uint32_t point = first & (0x3Fu >> more);
  for (unsigned i = 0; i < more; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return replacement;
    point = point << 6 | (next & 0x3F);
  }
  text.remove_prefix(more);
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  return surrogate || point > 0x10FFFF ? replacement : point;
}

}  // namespace

std::string utf16_from_utf8(std::string_view utf8) {
  std::string out;
  append_utf16(out, utf8);
  return out;
}

void append_utf16(std::string& out, std::string_view utf8) {
  while (!utf8.empty()) {
    const std::uint32_t point = take_point(utf8);
    if (point < 0x10000) {
      append_unit(out, point);
    } else {
      append_unit(out, 0xD800 + ((point - 0x10000) >> 10));
      append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
}

std::string utf8_from_utf16(std::string_view units) {
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(units[at])) |
           static_cast<std::uint32_t>(static_cast<unsigned char>(units[at + 1])) << 8;
  };
  std::string out;
  for (std::size_t at = 0; at + 1 < units.size(); at += 2) {
    std::uint32_t point = unit(at);
    const bool high = point >= 0xD800 && point < 0xDC00;
    if (high && at + 3 < units.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000) {
      point = 0x10000 + ((point - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
      at += 2;
    } else if (point >= 0xD800 && point < 0xE000) {
      point = replacement;
    }
    append_utf8(out, point);
  }
  return out;
}

}  // namespace linebridge::sim::cucm
