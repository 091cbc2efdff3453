#include "cli/segment.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>

namespace linebridge::cli {
namespace {

std::uint32_t byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
std::uint32_t word16(std::string_view bytes, std::size_t at) {
  return byte(bytes, at) << 8 | byte(bytes, at + 1);
}
std::uint32_t word32(std::string_view bytes, std::size_t at) {
  return word16(bytes, at) << 16 | word16(bytes, at + 2);
}

constexpr std::uint32_t ethertype_ipv4 = 0x0800, ethertype_ipv6 = 0x86DD;
constexpr std::uint32_t protocol_tcp = 6;

bool is_vlan(std::uint32_t ethertype) {
  return ethertype == 0x8100 || ethertype == 0x88A8 || ethertype == 0x9100;
}

/// Without its link header; what is left may be no IP. Nothing if it is too short.
std::optional<std::string_view> behind(std::string_view packet, std::size_t type_at, std::size_t header) {
  if (packet.size() < header) return std::nullopt;
  std::uint32_t type = word16(packet, type_at);
  packet.remove_prefix(header);
  while (is_vlan(type)) {
    if (packet.size() < 4) return std::nullopt;
    type = word16(packet, 2);
    packet.remove_prefix(4);
  }
  return type == ethertype_ipv4 || type == ethertype_ipv6 ? packet : std::string_view();
}

std::variant<std::string_view, Unread> ip_of(int link, std::string_view packet) {
  std::optional<std::string_view> found;
  switch (link) {
    case link_ethernet: found = behind(packet, 12, 14); break;
    case 113: found = behind(packet, 14, 16); break;  // Linux cooked
    case 276: found = behind(packet, 0, 20); break;   // Linux cooked, version 2
    case 0:
    case 108:  // BSD loopback: four bytes with the family, in the byte order of some machine
      if (packet.size() >= 4) found = packet.substr(4);
      break;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229: found = packet; break;  // IP without anything in front
    default: return Unread::link;
  }
  if (!found) return Unread::cut;
  if (found->empty()) return Unread::not_tcp;
  return *found;
}

std::variant<Segment, Unread> tcp_of(Segment segment, std::string_view tcp, std::size_t size) {
  if (tcp.size() < 20) return Unread::cut;
  const std::size_t header = (byte(tcp, 12) >> 4) * std::size_t{4};
  if (header < 20 || header > size) return Unread::not_tcp;
  segment.from.port = static_cast<std::uint16_t>(word16(tcp, 0));
  segment.to.port = static_cast<std::uint16_t>(word16(tcp, 2));
  segment.seq = word32(tcp, 4);
  segment.ack = word32(tcp, 8);
  const std::uint32_t flags = byte(tcp, 13);
  segment.fin = (flags & 1) != 0;
  segment.syn = (flags & 2) != 0;
  segment.reset = (flags & 4) != 0;
  segment.has_ack = (flags & 16) != 0;
  segment.size = static_cast<std::uint32_t>(size - header);
  segment.data = tcp.substr(std::min(header, tcp.size()), segment.size);
  return segment;
}

std::variant<Segment, Unread> ipv4(std::string_view packet) {
  if (packet.size() < 20) return Unread::cut;
  const std::size_t header = (byte(packet, 0) & 15) * std::size_t{4};
  // 0: cut into packets only by the network card.
  const std::size_t total = word16(packet, 2) == 0 ? packet.size() : word16(packet, 2);
  if (header < 20 || total < header || byte(packet, 9) != protocol_tcp) return Unread::not_tcp;
  if ((word16(packet, 6) & 0x3FFF) != 0) return Unread::fragment;
  if (packet.size() < header) return Unread::cut;
  Segment segment;
  segment.from.address = packet.substr(12, 4);
  segment.to.address = packet.substr(16, 4);
  return tcp_of(std::move(segment), packet.substr(0, total).substr(header), total - header);
}

std::variant<Segment, Unread> ipv6(std::string_view packet) {
  constexpr std::size_t fixed = 40;
  if (packet.size() < fixed) return Unread::cut;
  const std::size_t total = word16(packet, 4) == 0 ? packet.size() : fixed + word16(packet, 4);
  std::uint32_t next = byte(packet, 6);
  std::size_t at = fixed;
  // Hop-by-hop, routing and destination options stand in front of TCP and say how long they are.
  while (next == 0 || next == 43 || next == 60) {
    if (packet.size() < at + 8) return Unread::cut;
    next = byte(packet, at);
    at += (byte(packet, at + 1) + 1) * std::size_t{8};
  }
  if (next == 44) return Unread::fragment;
  if (next != protocol_tcp || total < at) return Unread::not_tcp;
  if (packet.size() < at) return Unread::cut;
  Segment segment;
  segment.from.address = packet.substr(8, 16);
  segment.to.address = packet.substr(24, 16);
  return tcp_of(std::move(segment), packet.substr(0, total).substr(at), total - at);
}

}  // namespace

std::string to_text(const Endpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool six = endpoint.address.size() == 16;
  if (endpoint.address.size() != 4 && !six) return {};
  inet_ntop(six ? AF_INET6 : AF_INET, endpoint.address.data(), text.data(), text.size());
  const std::string address(text.data());
  return (six ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port);
}

std::variant<Segment, Unread> read_packet(int link, std::string_view packet) {
  const auto ip = ip_of(link, packet);
  if (const auto* why = std::get_if<Unread>(&ip)) return *why;
  const auto bytes = std::get<std::string_view>(ip);
  if (bytes.empty()) return Unread::cut;
  switch (byte(bytes, 0) >> 4) {
    case 4: return ipv4(bytes);
    case 6: return ipv6(bytes);
    default: return Unread::not_tcp;
  }
}

}  // namespace linebridge::cli
