#include "sip/framing/next_hop.hpp"

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

constexpr std::uint16_t plain_port = 5060, tls_port = 5061;

/// "host", "host:port", "[IPv6]:port"; port 0 if none is written.
std::optional<Address> host_and_port(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find(':', bracket);
  const std::string_view host = bracket > 0 ? text.substr(1, bracket - 1) : text.substr(0, colon);
  if (host.empty()) return std::nullopt;
  if (colon == std::string_view::npos) return Address{std::string(host), 0};
  const auto port = to_number<std::uint16_t>(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return Address{std::string(host), *port};
}

}  // namespace

std::optional<NextHop> next_hop(std::string_view uri) {
  std::string_view rest = uri;
  const std::string_view scheme = take_until(rest, ':');
  const bool sips = iequals(scheme, "sips");
  if (!sips && !iequals(scheme, "sip")) return std::nullopt;
  rest = rest.substr(0, rest.find('?'));
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  const auto where = host_and_port(trim(take_until(rest, ';')));
  if (!where) return std::nullopt;
  NextHop hop{*where, sips};
  while (!rest.empty()) {
    std::string_view value = take_until(rest, ';');
    const std::string_view name = trim(take_until(value, '='));
    if (iequals(name, "maddr") && !value.empty()) hop.address.host = value;
    if (iequals(name, "transport")) hop.tls = sips || iequals(value, "tls");
  }
  if (hop.address.port == 0) hop.address.port = hop.tls ? tls_port : plain_port;
  return hop;
}

}  // namespace linebridge::sip
