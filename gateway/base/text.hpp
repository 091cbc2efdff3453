#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linebridge {

/// Small, allocation-free words about text. All of them are ASCII: that is what the protocols compare.
char to_lower(char c);
bool iequals(std::string_view a, std::string_view b);
bool istarts_with(std::string_view text, std::string_view prefix);
std::string lower(std::string_view text);
/// Without blanks, tabs, CR and LF at both ends.
std::string_view trim(std::string_view text);
/// The parts between separators, trimmed; an empty text gives no part.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Cuts at the first separator: the part before it is returned, `rest` becomes what follows (empty if there is
/// none).
std::string_view take_until(std::string_view& rest, char separator);

std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// The whole of `text` as a number without sign; nothing if there is anything else in it or it does not fit.
template <class T>
std::optional<T> to_number(std::string_view text, int radix = 10) {
  T value{};
  const auto end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value, radix);
  if (failed != std::errc{} || stop != end || text.empty() || text.front() == '-') return std::nullopt;
  return value;
}

/// Text for a log: control characters and bytes above 126 as \xNN, cut to `most` bytes with "..." behind.
std::string printable(std::string_view text, std::size_t most = 200);

/// Compares names without case in maps.
struct ILess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// Hashes strings and views alike, for look-ups without a copy.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace linebridge
