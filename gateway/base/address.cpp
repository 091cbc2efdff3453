#include "base/address.hpp"

#include "base/text.hpp"

namespace linebridge {

std::string to_text(const Address& address) {
  if (address.is_unix()) return address.host;
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Result<Address> parse_address(std::string_view text, std::uint16_t default_port) {
  const std::string whole(text);
  if (text.starts_with('/')) return Address{whole, 0};
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return Error{Errc::malformed, "no ']' in address '" + whole + "'"};
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return Error{Errc::malformed, "bad address '" + whole + "'"};
    port = rest.empty() ? rest : rest.substr(1);
    if (!rest.empty() && port.empty()) return Error{Errc::malformed, "no port after ':' in '" + whole + "'"};
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    if (text.find(':', colon + 1) != std::string_view::npos)
      return Error{Errc::malformed, "write an IPv6 address in brackets: '[" + whole + "]:port'"};
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) return Error{Errc::malformed, "no port after ':' in '" + whole + "'"};
  }
  if (host.empty() || host.find_first_of(" \t/") != std::string_view::npos)
    return Error{Errc::malformed, "bad host in address '" + whole + "'"};
  if (port.empty()) {
    if (default_port == 0) return Error{Errc::malformed, "address '" + whole + "' needs a port"};
    return Address{std::string(host), default_port};
  }
  const auto number = to_number<std::uint16_t>(port);
  if (!number || *number == 0) return Error{Errc::malformed, "bad port in address '" + whole + "'"};
  return Address{std::string(host), *number};
}

Result<Address> parse_listen(std::string_view text) {
  if (!text.ends_with(":0")) return parse_address(text);
  auto address = parse_address(text.substr(0, text.size() - 2), 1);
  if (!address) return address;
  return Address{address.value().host, 0};
}

}  // namespace linebridge
