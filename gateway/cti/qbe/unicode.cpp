#include "cti/qbe/unicode.hpp"

#include <cstdint>

namespace linebridge::cti::qbe {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_high(char32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(char32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

struct Lead {
  unsigned more;      ///< Bytes that follow.
  char32_t bits;      ///< What the first byte holds of the character.
  char32_t smallest;  ///< Below it, the form is longer than allowed.
};

Lead lead(unsigned char first) {
  if (first < 0x80) return {0, first, 0};
  if (first >= 0xC2 && first < 0xE0) return {1, first & 0x1Fu, 0x80};
  if (first >= 0xE0 && first < 0xF0) return {2, first & 0x0Fu, 0x800};
  if (first >= 0xF0 && first < 0xF5) return {3, first & 0x07u, 0x10000};
  return {0, replacement, 0};
}

/// Takes one character off the front; a bad byte is one character.
char32_t take_utf8(std::string_view& text) {
  const Lead start = lead(static_cast<unsigned char>(text.front()));
  char32_t value = start.bits;
  for (unsigned i = 1; i <= start.more; ++i) {
    const unsigned byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    if ((byte & 0xC0) != 0x80) {
      text.remove_prefix(1);
      return replacement;
    }
    value = (value << 6) | (byte & 0x3F);
  }
  if (value < start.smallest || value > 0x10FFFF || is_high(value) || is_low(value)) {
    text.remove_prefix(1);
    return replacement;
  }
  text.remove_prefix(start.more + 1);
  return value;
}

void append_unit(std::string& out, char32_t unit) {
  out.push_back(static_cast<char>(unit & 0xFF));
  out.push_back(static_cast<char>((unit >> 8) & 0xFF));
}

void append_utf8(std::string& out, char32_t value) {
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80 | ((value >> shift) & 0x3F))); };
  if (value < 0x80) {
    out.push_back(static_cast<char>(value));
  } else if (value < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (value >> 6)));
    tail(0);
  } else if (value < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (value >> 12)));
    tail(6), tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (value >> 18)));
    tail(12), tail(6), tail(0);
  }
}

}  // namespace

void append_utf16(std::string& out, std::string_view utf8) {
  while (!utf8.empty()) {
    const char32_t value = take_utf8(utf8);
    if (value < 0x10000) {
      append_unit(out, value);
    } else {
      append_unit(out, 0xD800 + ((value - 0x10000) >> 10));
      append_unit(out, 0xDC00 + ((value - 0x10000) & 0x3FF));
    }
  }
}

std::string utf8_of_utf16(std::string_view utf16) {
  const auto unit = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(utf16[2 * i]) |
                                 (static_cast<unsigned char>(utf16[2 * i + 1]) << 8));
  };
  const std::size_t units = utf16.size() / 2;
  std::string out;
  for (std::size_t i = 0; i < units; ++i) {
    const char32_t first = unit(i);
    if (is_high(first) && i + 1 < units && is_low(unit(i + 1))) {
      append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (unit(i + 1) - 0xDC00));
      ++i;
    } else {
      append_utf8(out, is_high(first) || is_low(first) ? replacement : first);
    }
  }
  return out;
}

}  // namespace linebridge::cti::qbe
