#include "numbers/dialled.hpp"

#include "base/text.hpp"
#include "numbers/digits.hpp"

namespace linebridge::numbers {
namespace {

constexpr std::size_t most_bytes = 512;

/// The part that holds the number: behind the scheme, before parameters and host.
Result<std::string_view> front_part(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return take_until(text, ';');

  const auto scheme = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 1);
  if (iequals(scheme, "tel")) return take_until(rest, ';');
  if (!iequals(scheme, "sip") && !iequals(scheme, "sips"))
    return Error{Errc::unsupported, "\"" + printable(scheme) + ":\" is no number to dial"};
  if (rest.find('@') == std::string_view::npos) return Error{Errc::malformed, "a SIP URI without a user part"};
  std::string_view user = take_until(rest, '@');
  return take_until(user, ';');
}

bool plain_in_tel_uri(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("*#+-.()_").find(c) != std::string_view::npos;
}

}  // namespace

Result<std::string> to_dial(std::string_view called) {
  if (called.size() > most_bytes) return Error{Errc::too_long, "a number of more than 512 bytes"};
  const auto front = front_part(trim(called));
  if (!front) return front.error();
  const auto decoded = percent_decoded(front.value());
  if (!decoded) return decoded.error();
  return plain_number(decoded.value());
}

model::DeviceId to_tel_uri(std::string_view number) {
  if (number.starts_with("\\+")) number.remove_prefix(1);
  if (number.empty()) return {};
  std::string uri = "tel:";
  for (const char c : number) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (plain_in_tel_uri(c)) {
      uri.push_back(c);
    } else {
      uri += '%' + to_hex({&byte, 1});
    }
  }
  if (!number.starts_with('+')) uri += ";phone-context=dialstring";
  return {std::move(uri)};
}

model::EventDevice to_event_device(std::string_view number) {
  return number.empty() ? model::EventDevice{} : model::EventDevice::of(to_tel_uri(number));
}

}  // namespace linebridge::numbers
