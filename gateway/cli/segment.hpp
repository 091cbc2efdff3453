#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace linebridge::cli {

/// One end of a TCP connection.
struct Endpoint {
  std::string address;  ///< 4 or 16 bytes.
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};
/// "192.0.2.1:2748", "[2001:db8::1]:2748"
std::string to_text(const Endpoint& endpoint);

/// What a packet carries of a TCP connection.
struct Segment {
  Endpoint from, to;
  std::uint32_t seq = 0, ack = 0;
  bool syn = false, fin = false, reset = false, has_ack = false;
  std::string_view data;   ///< As far as it was captured.
  std::uint32_t size = 0;  ///< Of the data on the wire.
};

/// Why a packet is no segment.
enum class Unread {
  link,      ///< A kind of link that is not known here.
  not_tcp,   ///< Something else, as most traffic is.
  fragment,  ///< A fragment of an IP packet.
  cut,       ///< Not enough of it was captured.
};

/// Reads a packet as captured on a link of that kind (LINKTYPE_ numbers of pcap: Ethernet, Linux "cooked" 1 and
/// 2, BSD loopback, raw IP), with VLAN tags, IPv4 (RFC 791) or IPv6 (RFC 8200), and TCP (RFC 9293).
std::variant<Segment, Unread> read_packet(int link, std::string_view packet);

inline constexpr int link_ethernet = 1;

}  // namespace linebridge::cli
