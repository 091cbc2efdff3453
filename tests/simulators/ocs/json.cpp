#include "json.hpp"

#include <array>
#include <cstdio>

namespace linebridge::sim::ocs {

void JsonLine::comma() {
  if (!begins_) text_ += ',';
  begins_ = false;
}

JsonLine& JsonLine::open(char bracket) {
  comma();
  text_ += bracket;
  begins_ = true;
  return *this;
}

JsonLine& JsonLine::close(char bracket) {
  text_ += bracket;
  begins_ = false;
  return *this;
}

JsonLine& JsonLine::name(std::string_view key) {
  comma();
  quote(key);
  text_ += ':';
  begins_ = true;
  return *this;
}

JsonLine& JsonLine::value(std::string_view text) {
  comma();
  quote(text);
  return *this;
}

JsonLine& JsonLine::rounded(double number) {
  std::array<char, 64> digits{};
  const int size = std::snprintf(digits.data(), digits.size(), "%.3f", number);
  return bare({digits.data(), static_cast<std::size_t>(size)});
}

JsonLine& JsonLine::bare(std::string_view what) {
  comma();
  text_ += what;
  return *this;
}

void JsonLine::quote(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  text_ += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20) {
      text_ += "\\u00";
      text_ += digits[code >> 4U];
      text_ += digits[code & 15U];
      continue;
    }
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

}  // namespace linebridge::sim::ocs
