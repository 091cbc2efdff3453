#include "numbers/digits.hpp"

#include "base/text.hpp"
#include "numbers/dialled.hpp"

namespace linebridge::numbers {
namespace {

constexpr std::string_view visual_separators = "-.() ";
constexpr std::string_view dialable = "0123456789*#ABCD";

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

}  // namespace

Result<std::string> plain_number(std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (visual_separators.find(c) != std::string_view::npos) continue;
    const bool plus = c == '+' && number.empty();
    if (!plus && dialable.find(upper(c)) == std::string_view::npos)
      return Error{Errc::malformed, "\"" + printable(text) + "\" is not a number that can be dialled"};
    number.push_back(upper(c));
  }
  const std::size_t digits = number.size() - (number.starts_with('+') ? 1 : 0);
  if (digits == 0) return Error{Errc::malformed, "no digits"};
  if (digits > most_digits) return Error{Errc::too_long, "more than 64 digits"};
  return number;
}

Result<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1 || byte->front() < 32)
      return Error{Errc::malformed,
                   "\"" + printable(text.substr(i, 3)) + "\" is no escape that is allowed here"};
    out.push_back(static_cast<char>(byte->front()));
    i += 2;
  }
  return out;
}

}  // namespace linebridge::numbers
