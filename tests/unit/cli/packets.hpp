#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Packets and captures, as bytes.
namespace linebridge::cli::packets {

inline std::string be16(std::uint32_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string be32(std::uint32_t value) {
  return be16(value >> 16) + be16(value & 0xFFFF);
}
inline std::string le32(std::uint32_t value) {
  const std::string big = be32(value);
  return {big.rbegin(), big.rend()};
}

inline constexpr std::uint8_t fin = 1, syn = 2, reset = 4, ack = 16;

struct Tcp {
  std::uint16_t from = 40000, to = 2748;
  std::uint32_t seq = 0, acked = 0;
  std::uint8_t flags = ack;
  std::string data = {};
};

inline std::string tcp(const Tcp& segment) {
  return be16(segment.from) + be16(segment.to) + be32(segment.seq) + be32(segment.acked) + "\x50" +
         static_cast<char>(segment.flags) + be16(8192) + be32(0) + segment.data;
}

/// From and to 192.0.2.1 and .2, the client first.
inline std::string ipv4(const Tcp& segment) {
  const std::string body = tcp(segment);
  const std::string client("\xC0\x00\x02\x01", 4), server("\xC0\x00\x02\x02", 4);
  return be16(0x4500) + be16(static_cast<std::uint32_t>(20 + body.size())) + be32(0) + "\x40\x06" + be16(0) +
         (segment.to == 2748 ? client + server : server + client) + body;
}

inline std::string ipv6(const Tcp& segment, const std::string& options = {}) {
  const std::string body = tcp(segment);
  const std::string client = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\1";
  const std::string server = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\2";
  return be32(0x60000000) + be16(static_cast<std::uint32_t>(options.size() + body.size())) +
         (options.empty() ? "\x06" : std::string(1, '\0')) + "\x40" +
         (segment.to == 2748 ? client + server : server + client) + options + body;
}

inline std::string ethernet(const std::string& ip, std::uint32_t type = 0x0800) {
  return std::string(12, 'm') + be16(type) + ip;
}

/// The beginning of a pcap file, and a packet in it.
inline std::string pcap(std::uint32_t link) {
  return le32(0xA1B2C3D4) + std::string("\x02\x00\x04\x00", 4) + le32(0) + le32(0) + le32(262144) + le32(link);
}
inline std::string pcap_packet(std::uint32_t seconds, std::uint32_t us, const std::string& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  return le32(seconds) + le32(us) + le32(size) + le32(size) + bytes;
}

}  // namespace linebridge::cli::packets
