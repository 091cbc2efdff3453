#include "base/network.hpp"

#include <cstring>
#include <optional>
#include <string>

#include <arpa/inet.h>

#include "base/text.hpp"

namespace linebridge {
namespace {

using Bytes16 = std::array<std::uint8_t, 16>;

struct Ip {
  Bytes16 bytes{};
  bool v4 = false;
};

std::optional<Ip> parse_ip(std::string_view text) {
  const std::string terminated(text);
  Ip ip;
  if (inet_pton(AF_INET6, terminated.c_str(), ip.bytes.data()) == 1) return ip;
  std::array<std::uint8_t, 4> v4{};
  if (inet_pton(AF_INET, terminated.c_str(), v4.data()) != 1) return std::nullopt;
  ip.v4 = true;
  ip.bytes[10] = ip.bytes[11] = 0xFF;
  std::memcpy(ip.bytes.data() + 12, v4.data(), v4.size());
  return ip;
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
  const std::string whole(text);
  std::string_view rest = text;
  const std::string_view address = take_until(rest, '/');
  const auto ip = parse_ip(address);
  if (!ip) return Error{Errc::malformed, "'" + whole + "' is no IP address or network"};
  Network network;
  network.prefix_ = ip->bytes;
  if (address.size() == text.size()) return network;
  const auto bits = to_number<unsigned>(rest);
  if (!bits || *bits > (ip->v4 ? 32U : 128U))
    return Error{Errc::malformed, "bad prefix length in '" + whole + "'"};
  network.bits_ = *bits + (ip->v4 ? 96 : 0);
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto ip = parse_ip(address);
  if (!ip) return false;
  for (unsigned bit = 0; bit < bits_; bit += 8) {
    const unsigned width = std::min(8U, bits_ - bit);
    const auto mask = static_cast<std::uint8_t>(0xFF << (8 - width));
    if (((ip->bytes[bit / 8] ^ prefix_[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace linebridge
