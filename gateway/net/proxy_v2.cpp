#include "net/proxy_v2.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>

#include "net/socket.hpp"

namespace linebridge::net::proxy_v2 {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t fixed_bytes = 16;
constexpr std::size_t unix_path_bytes = 108;

enum Command : std::uint8_t { local_command = 0x20, proxy_command = 0x21 };
enum Family : std::uint8_t { unspecified = 0x00, tcp4 = 0x11, tcp6 = 0x21, unix_stream = 0x31 };
enum Tlv : std::uint8_t { authority_tlv = 0x02, unique_id_tlv = 0x05, ssl_tlv = 0x20, ssl_cn_tlv = 0x22 };
enum Client : std::uint8_t { over_tls = 0x01, certificate_on_connection = 0x02, certificate_in_session = 0x04 };

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

void put_number(std::string& out, std::size_t number) {
  assert(number <= 0xFFFF);
  out.push_back(static_cast<char>(number >> 8 & 0xFF));
  out.push_back(static_cast<char>(number & 0xFF));
}

void put_tlv(std::string& out, Tlv type, std::string_view value) {
  out.push_back(static_cast<char>(type));
  put_number(out, value.size());
  out += value;
}

Error malformed(const char* what) {
  return {Errc::malformed, std::string("PROXY header: ") + what};
}

/// Cuts the next TLV off `rest`. Gives its value; its type goes to `type`.
Result<std::string_view> take_tlv(std::string_view& rest, std::uint8_t& type) {
  if (rest.size() < 3) return malformed("a TLV is cut off");
  type = byte_at(rest, 0);
  const std::size_t length = number_at(rest, 1);
  if (rest.size() < 3 + length) return malformed("a TLV is longer than the header");
  const std::string_view value = rest.substr(3, length);
  rest.remove_prefix(3 + length);
  return value;
}

Status take_text(std::string& into, std::string_view value, std::size_t most) {
  if (!into.empty()) return malformed("a TLV stands twice");
  if (value.size() > most) return Error{Errc::too_long, "PROXY header: a TLV is over its limit"};
  into = value;
  return Done{};
}

/// PP2_TYPE_SSL: client bits, result of the verification (0 is good), TLVs of its own.
Status read_ssl(ProxyHeader& header, std::string_view value) {
  if (value.size() < 5) return malformed("the TLS block is cut off");
  header.tls = (byte_at(value, 0) & over_tls) != 0;
  const bool certificate = (byte_at(value, 0) & (certificate_on_connection | certificate_in_session)) != 0;
  const bool verified = number_at(value, 1) == 0 && number_at(value, 3) == 0;
  value.remove_prefix(5);
  while (!value.empty()) {
    std::uint8_t type = 0;
    const auto text = take_tlv(value, type);
    if (!text) return text.error();
    if (type != ssl_cn_tlv || !certificate || !verified) continue;
    if (auto taken = take_text(header.tls_name, text.value(), most_tls_name); !taken) return taken;
  }
  return Done{};
}

Status read_tlvs(ProxyHeader& header, std::string_view rest) {
  while (!rest.empty()) {
    std::uint8_t type = 0;
    const auto value = take_tlv(rest, type);
    if (!value) return value.error();
    Status taken = Done{};
    if (type == authority_tlv) taken = take_text(header.authority, value.value(), most_authority);
    if (type == unique_id_tlv) taken = take_text(header.unique_id, value.value(), most_unique_id);
    if (type == ssl_tlv) taken = read_ssl(header, value.value());
    if (!taken) return taken;
  }
  return Done{};
}

Address ip_at(std::string_view block, std::size_t address_at, std::size_t address_bytes, std::size_t port_at) {
  return {ip_text(block.substr(address_at, address_bytes)), number_at(block, port_at)};
}

Address path_at(std::string_view block, std::size_t at) {
  const std::string_view field = block.substr(at, unix_path_bytes);
  return {std::string(field.substr(0, std::min(field.find('\0'), field.size()))), 0};
}

Result<std::size_t> address_bytes(std::uint8_t family) {
  switch (family) {
    case unspecified: return std::size_t{0};
    case tcp4: return std::size_t{12};
    case tcp6: return std::size_t{36};
    case unix_stream: return 2 * unix_path_bytes;
    default: return Error{Errc::unsupported, "PROXY header: family is neither TCP nor a Unix stream"};
  }
}

Result<ProxyHeader> read_block(std::uint8_t family, std::string_view block) {
  const auto length = address_bytes(family);
  if (!length) return length.error();
  if (block.size() < length.value()) return malformed("the addresses are cut off");
  ProxyHeader header;
  if (family == tcp4) {
    header.source = ip_at(block, 0, 4, 8);
    header.destination = ip_at(block, 4, 4, 10);
  } else if (family == tcp6) {
    header.source = ip_at(block, 0, 16, 32);
    header.destination = ip_at(block, 16, 16, 34);
  } else if (family == unix_stream) {
    header.source = path_at(block, 0);
    header.destination = path_at(block, unix_path_bytes);
  }
  if (const auto read = read_tlvs(header, block.substr(length.value())); !read) return read.error();
  return header;
}

/// The bytes of both addresses and the family they go under.
std::pair<Family, std::string> address_block(const Address& source, const Address& destination) {
  std::string block;
  if (source.is_unix() && destination.is_unix()) {
    block = source.host.substr(0, unix_path_bytes);
    block.resize(unix_path_bytes);
    block += destination.host.substr(0, unix_path_bytes);
    block.resize(2 * unix_path_bytes);
    return {unix_stream, block};
  }
  std::string from = ip_bytes(source.host);
  std::string to = ip_bytes(destination.host);
  if (from.empty() || to.empty()) return {unspecified, {}};
  constexpr std::string_view v4_in_v6 = "\0\0\0\0\0\0\0\0\0\0\xFF\xFF"sv;
  if (from.size() < to.size()) from.insert(0, v4_in_v6);
  if (to.size() < from.size()) to.insert(0, v4_in_v6);
  block = from + to;
  put_number(block, source.port);
  put_number(block, destination.port);
  return {from.size() == 4 ? tcp4 : tcp6, block};
}

std::string ssl_block(const std::string& tls_name) {
  assert(tls_name.size() <= most_tls_name);
  const bool certificate = !tls_name.empty();
  std::string ssl(1, static_cast<char>(certificate ? over_tls | certificate_on_connection : over_tls));
  ssl.append(4, '\0');
  if (certificate) put_tlv(ssl, ssl_cn_tlv, tls_name);
  return ssl;
}

}  // namespace

std::variant<NeedMore, Decoded, Error> decode(std::string_view bytes) {
  const std::size_t seen = std::min(bytes.size(), signature.size());
  if (bytes.substr(0, seen) != signature.substr(0, seen)) return malformed("no signature");
  if (bytes.size() > 12 && byte_at(bytes, 12) != local_command && byte_at(bytes, 12) != proxy_command)
    return malformed("unknown version or command");
  if (bytes.size() < fixed_bytes) return NeedMore{fixed_bytes - bytes.size()};
  const std::size_t length = fixed_bytes + number_at(bytes, 14);
  if (length > most_bytes)
    return Error{Errc::too_long, "PROXY header: over " + std::to_string(most_bytes) + " bytes"};
  if (bytes.size() < length) return NeedMore{length - bytes.size()};
  if (byte_at(bytes, 12) == local_command) {
    ProxyHeader header;
    header.local = true;
    return Decoded{header, length};
  }
  auto header = read_block(byte_at(bytes, 13), bytes.substr(fixed_bytes, length - fixed_bytes));
  if (!header) return header.error();
  return Decoded{std::move(header).value(), length};
}

std::string encode(const ProxyHeader& header) {
  auto [family, block] =
      header.local ? std::pair{unspecified, std::string{}} : address_block(header.source, header.destination);
  if (!header.local) {
    assert(header.authority.size() <= most_authority && header.unique_id.size() <= most_unique_id);
    if (!header.authority.empty()) put_tlv(block, authority_tlv, header.authority);
    if (!header.unique_id.empty()) put_tlv(block, unique_id_tlv, header.unique_id);
    if (header.tls) put_tlv(block, ssl_tlv, ssl_block(header.tls_name));
  }
  std::string out(signature);
  out.push_back(static_cast<char>(header.local ? local_command : proxy_command));
  out.push_back(static_cast<char>(family));
  put_number(out, block.size());
  return out + block;
}

}  // namespace linebridge::net::proxy_v2
