#include "config/convert.hpp"

#include <algorithm>
#include <utility>

#include "base/network.hpp"
#include "base/text.hpp"
#include "config/section.hpp"

namespace linebridge::config {
namespace {

Error wrong(std::string what) {
  return {Errc::malformed, std::move(what)};
}

std::string shown(std::string_view written) {
  return "'" + printable(written, 80) + "'";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}
bool is_graphic(char c) {
  return c > ' ' && c < 0x7F;
}

template <class Allowed>
bool all(std::string_view text, Allowed allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}

/// Digits and dots, or anything with a colon: meant as an IP address.
bool is_numeric(std::string_view host) {
  return host.find(':') != std::string_view::npos || all(host, [](char c) { return is_digit(c) || c == '.'; });
}

bool is_ip(std::string_view host) {
  return host.find('/') == std::string_view::npos && static_cast<bool>(Network::parse(host));
}

bool is_host(std::string_view host) {
  if (is_numeric(host)) return is_ip(host);
  return !host.empty() && host.size() <= 253 && host.front() != '-' && host.front() != '.' &&
         host.back() != '-' && host.find("..") == std::string_view::npos &&
         all(host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
}

constexpr std::size_t longest_secret_name = 200;  // With "secret_" before it, of the 255 of a file name.
constexpr std::pair<char, int> units[] = {{'h', 3600}, {'m', 60}, {'s', 1}};

}  // namespace

Result<std::string> text(const Value& value) {
  const auto* found = std::get_if<std::string>(&value.data);
  if (!found) return wrong("must be a text in quotes");
  if (found->empty()) return wrong("must not be empty");
  return *found;
}

Result<bool> flag(const Value& value) {
  const auto* found = std::get_if<bool>(&value.data);
  if (!found) return wrong("must be true or false, without quotes");
  return *found;
}

Result<std::uint32_t> number(const Value& value, std::int64_t least, std::int64_t most) {
  const auto* found = std::get_if<std::int64_t>(&value.data);
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  if (!found) return wrong("must be a whole number without quotes, " + range);
  if (*found < least || *found > most)
    return wrong(std::to_string(*found) + " is out of range; write " + range);
  return static_cast<std::uint32_t>(*found);
}

Result<std::chrono::seconds> duration(const Value& value, std::chrono::seconds least,
                                      std::chrono::seconds most) {
  const auto range = "\"" + duration_text(least) + "\" to \"" + duration_text(most) + "\"";
  if (const auto* bare = std::get_if<std::int64_t>(&value.data))
    return wrong("needs a unit in quotes: \"" + std::to_string(*bare) + "s\"; " + range);
  const auto* written = std::get_if<std::string>(&value.data);
  if (!written) return wrong("must be a time with its unit, s, m or h: " + range);
  std::string_view digits = *written;
  const char unit = digits.empty() ? '\0' : digits.back();
  const auto known =
      std::find_if(std::begin(units), std::end(units), [&](auto each) { return each.first == unit; });
  if (known != std::end(units)) digits.remove_suffix(1);
  const auto count = to_number<std::uint32_t>(digits);
  if (!count || known == std::end(units))
    return wrong(shown(*written) + " is no time; write a whole number and its unit, s, m or h: " + range);
  const std::chrono::seconds result(static_cast<std::int64_t>(*count) * known->second);
  if (result < least || result > most) return wrong(shown(*written) + " is out of range; write " + range);
  return result;
}

std::string duration_text(std::chrono::seconds value) {
  for (const auto& [unit, seconds] : units) {
    if (value.count() >= seconds && value.count() % seconds == 0)
      return std::to_string(value.count() / seconds) + unit;
  }
  return std::to_string(value.count()) + "s";
}

Result<std::size_t> word(const Value& value, const std::vector<std::string_view>& words) {
  std::string list;
  for (const auto each : words)
    list += (list.empty() ? "\"" : ", \"") + std::string(each) + "\"";
  const auto* found = std::get_if<std::string>(&value.data);
  if (!found) return wrong("must be one of " + list);
  const auto place = std::find(words.begin(), words.end(), *found);
  if (place != words.end()) return static_cast<std::size_t>(place - words.begin());
  const std::string_view meant = nearest(*found, words);
  return wrong(shown(*found) + " is not known; write one of " + list +
               (meant.empty() ? "" : "; did you mean \"" + std::string(meant) + "\"?"));
}

Result<std::string> path(const Value& value, std::size_t most) {
  auto written = text(value);
  if (!written) return written;
  const std::string& found = written.value();
  if (found.front() != '/') return wrong(shown(found) + " must be an absolute path, beginning with '/'");
  if (!all(found, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; }))
    return wrong("must not hold control characters");
  if (found.size() > most)
    return wrong("is " + std::to_string(found.size()) + " bytes long; at most " + std::to_string(most) +
                 " are possible");
  return written;
}

Result<std::string> secret_file(const Value& value) {
  auto written = text(value);
  if (!written || written.value().front() == '/') return path(value);
  const std::string& name = written.value();
  if (name.find('/') != std::string::npos)
    return wrong(shown(name) + " must be an absolute path, beginning with '/', or a name without any '/'");
  const bool fits = all(name, [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
  if (!fits || name.front() == '.' || name.size() > longest_secret_name)
    return wrong(shown(name) +
                 " must be an absolute path, or a name of letters, digits, '.', '-' and '_' that " +
                 "begins with no '.' and is at most " + std::to_string(longest_secret_name) + " bytes long");
  return written;
}

Result<std::string> socket_path(const Value& value) {
  return path(value, 107);
}

Result<Address> listen_address(const Value& value, Unix unix_path, std::uint16_t default_port) {
  const auto written = text(value);
  if (!written) return written.error();
  if (written.value().front() == '/') {
    if (unix_path == Unix::refused) return wrong("must be an IP address and a port, not a path");
    const auto checked = socket_path(value);
    if (!checked) return checked.error();
    return Address{checked.value(), 0};
  }
  auto address = parse_address(written.value(), default_port);
  if (!address) return wrong(address.error().detail);
  if (!is_ip(address.value().host))
    return wrong(shown(address.value().host) + " must be a numeric IP address: \"0.0.0.0:" +
                 std::to_string(address.value().port) + "\" listens on all of this machine");
  return address;
}

Result<Address> remote_address(const Value& value, std::uint16_t default_port) {
  const auto written = text(value);
  if (!written) return written.error();
  if (written.value().front() == '/') return wrong("must be a host, not a path");
  if (written.value().find("//") != std::string::npos || istarts_with(written.value(), "sip:"))
    return wrong(shown(written.value()) + " must be a host and a port, not a URI");
  auto address = parse_address(written.value(), default_port);
  if (!address) return wrong(address.error().detail);
  if (!is_host(address.value().host))
    return wrong(shown(address.value().host) + " is neither a host name nor an IP address");
  return address;
}

Result<std::string> host_name(const Value& value) {
  const auto written = text(value);
  if (!written) return written.error();
  const std::string host = lower(written.value());
  if (host.front() == '[' && host.back() == ']') return wrong("write an IPv6 address without brackets here");
  if (!is_host(host))
    return wrong(shown(host) + " is neither a host name nor an IP address; write it without scheme and port");
  return host;
}

Result<std::string> network(const Value& value) {
  const auto written = text(value);
  if (!written) return written.error();
  const auto parsed = Network::parse(written.value());
  if (!parsed) return wrong(parsed.error().detail + "; write \"192.0.2.10\" or \"192.0.2.0/24\", not a name");
  return written.value();
}

Result<std::string> sip_address(const Value& value) {
  const auto written = text(value);
  if (!written) return written.error();
  const std::string address = lower(written.value());
  const std::size_t at = address.find('@');
  const bool good = address.starts_with("sip:") && at != std::string::npos && at > 4 &&
                    is_host(std::string_view(address).substr(at + 1)) && all(address, is_graphic);
  if (!good) return wrong(shown(written.value()) + " is no SIP address; write \"sip:alice@example.test\"");
  return address;
}

Result<std::string> line_uri(const Value& value) {
  const auto* found = std::get_if<std::string>(&value.data);
  if (!found) return wrong("must be a text in quotes");
  if (found->empty()) return *found;
  const std::string_view rest = std::string_view(*found).substr(std::min<std::size_t>(4, found->size()));
  const bool number = !rest.empty() && (is_alphanumeric(rest.front()) || rest.front() == '+' ||
                                        rest.front() == '*' || rest.front() == '#' || rest.front() == '(');
  if (!istarts_with(*found, "tel:") || !number || !all(*found, is_graphic) || found->size() > 256)
    return wrong(shown(*found) + " is no line URI; write \"tel:1001;phone-context=dialstring\"");
  return *found;
}

Result<std::string> device_name(const Value& value) {
  const auto written = text(value);
  if (!written) return written;
  const bool good = written.value().size() <= 128 && all(written.value(), [](char c) {
                      return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ' ';
                    });
  if (!good)
    return wrong(shown(written.value()) + " is no device name; write it as in Unified CM: \"SEP001122334455\"");
  return written;
}

}  // namespace linebridge::config
