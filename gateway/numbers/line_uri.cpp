#include "numbers/line_uri.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "numbers/digits.hpp"

namespace linebridge::numbers {
namespace {

constexpr std::size_t most_bytes = 256;

Error malformed(std::string detail) {
  return {Errc::malformed, std::move(detail)};
}

/// Where a parameter is kept; nullptr for those without a place of their own.
std::string* place_of(std::string_view name, LineUri& uri) {
  if (name == "phone-context") return &uri.phone_context;
  if (name == "device") return &uri.device;
  if (name == "partition") return &uri.partition;
  return nullptr;
}

Status add_parameter(std::string_view text, LineUri& uri) {
  std::string_view value = text;
  const std::string name = lower(take_until(value, '='));
  if (name.empty()) return malformed("a parameter without a name");

  auto decoded = percent_decoded(value);
  if (!decoded) return decoded.error();
  std::string* const place = place_of(name, uri);
  const bool twice = place ? !place->empty()
                           : std::any_of(uri.others.begin(), uri.others.end(),
                                         [&](const auto& other) { return other.first == name; });
  if (twice) return malformed("parameter \"" + printable(name) + "\" stands twice");
  if (!place) {
    uri.others.emplace_back(name, std::move(decoded).value());
    return Done{};
  }
  if (decoded.value().empty()) return malformed("parameter \"" + name + "\" has no value");
  *place = std::move(decoded).value();
  return Done{};
}

bool same_parameters(const LineUri& a, const LineUri& b) {
  return std::equal(
      a.others.begin(), a.others.end(), b.others.begin(), b.others.end(),
      [](const auto& x, const auto& y) { return x.first == y.first && iequals(x.second, y.second); });
}

}  // namespace

Result<LineUri> parse_line_uri(std::string_view text) {
  if (text.size() > most_bytes) return Error{Errc::too_long, "a line URI of more than 256 bytes"};
  if (!istarts_with(text, "tel:"))
    return Error{Errc::unsupported, "\"" + printable(text) + "\" is not a tel URI"};
  const auto stray = [](char c) { return c <= ' ' || c == 127; };
  if (std::any_of(text.begin(), text.end(), stray))
    return malformed("a blank or control character in a line URI");

  LineUri uri;
  uri.text = text;
  std::string_view rest = text.substr(4);
  const auto written = percent_decoded(take_until(rest, ';'));
  if (!written) return written.error();
  auto number = plain_number(written.value());
  if (!number) return number.error();
  uri.number = std::move(number).value();

  while (!rest.empty()) {
    const auto added = add_parameter(take_until(rest, ';'), uri);
    if (!added) return added.error();
  }
  if (text.back() == ';') return malformed("a parameter without a name");
  std::sort(uri.others.begin(), uri.others.end());
  return uri;
}

bool same_line(const LineUri& a, const LineUri& b) {
  return a.number == b.number && iequals(a.phone_context, b.phone_context) && iequals(a.device, b.device) &&
         a.partition == b.partition && same_parameters(a, b);
}

bool same_number(const LineUri& a, const LineUri& b) {
  return a.number == b.number && (a.partition.empty() || b.partition.empty() || a.partition == b.partition);
}

}  // namespace linebridge::numbers
