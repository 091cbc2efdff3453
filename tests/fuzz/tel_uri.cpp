// Line URIs and numbers to dial: what is accepted can be written again and means the same.

#include <string>

#include "numbers/dialled.hpp"
#include "numbers/digits.hpp"
#include "numbers/line_uri.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::numbers {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

std::string rewritten(const LineUri& uri) {
  std::string out = "tel:" + uri.number;
  for (const auto& [name, value] : uri.others)
    out += ";" + name + (value.empty() ? "" : "=" + escaped(value));
  if (!uri.partition.empty()) out += ";partition=" + escaped(uri.partition);
  if (!uri.device.empty()) out += ";device=" + escaped(uri.device);
  if (!uri.phone_context.empty()) out += ";phone-context=" + escaped(uri.phone_context);
  return out;
}

void check_number(const std::string& number) {
  const std::string_view digits = std::string_view(number).substr(number.starts_with('+') ? 1 : 0);
  LINEBRIDGE_CHECK(!digits.empty() && digits.size() <= most_digits);
  LINEBRIDGE_CHECK(digits.find_first_not_of("0123456789*#ABCD") == std::string_view::npos);
  const auto again = plain_number(number);
  LINEBRIDGE_CHECK(again && again.value() == number);
  const auto dialled = to_dial(to_tel_uri(number).value);
  LINEBRIDGE_CHECK(dialled && dialled.value() == number);
}

void check_line_uri(std::string_view text) {
  const auto uri = parse_line_uri(text);
  if (!uri) return;
  LINEBRIDGE_CHECK(uri.value().text == text);
  check_number(uri.value().number);
  const auto dialled = to_dial(text);
  LINEBRIDGE_CHECK(dialled && dialled.value() == uri.value().number);
  const std::string written = rewritten(uri.value());
  const auto again = parse_line_uri(written);
  if (!again) {  // Escapes are longer than what they stand for.
    LINEBRIDGE_CHECK(written.size() > text.size() && again.error().code == Errc::too_long);
    return;
  }
  LINEBRIDGE_CHECK(same_line(uri.value(), again.value()) && same_line(again.value(), uri.value()));
  LINEBRIDGE_CHECK(same_number(uri.value(), again.value()));
}

/// Whatever a switch calls a number, clients are shown a tel URI that says so.
void check_shown(std::string_view number) {
  const std::string shown = to_tel_uri(number).value;
  if (number.starts_with("\\+")) number.remove_prefix(1);
  LINEBRIDGE_CHECK(shown.empty() == number.empty());
  if (shown.empty()) return;
  LINEBRIDGE_CHECK(shown.starts_with("tel:"));
  for (const char c : shown)
    LINEBRIDGE_CHECK(c > ' ' && c < 127 && std::string_view("<>\"'&@\\").find(c) == std::string_view::npos);
  const auto front = percent_decoded(std::string_view(shown).substr(4, shown.find(';') - 4));
  if (front) LINEBRIDGE_CHECK(front.value() == number);
}

}  // namespace
}  // namespace linebridge::numbers

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto number = numbers::to_dial(text)) numbers::check_number(number.value());
  numbers::check_line_uri(text);
  numbers::check_shown(text);
  return 0;
}
