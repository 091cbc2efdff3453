#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "base/door.hpp"
#include "base/result.hpp"

/// The PROXY protocol, version 2 (haproxy.org, "The PROXY protocol", sections 2.2 to 2.2.5): bytes in, values
/// out, no I/O.
namespace linebridge::net::proxy_v2 {

/// The whole header at most, longer ones are refused. HAProxy's are under 400 bytes with every option on.
inline constexpr std::size_t most_bytes = 4096;
/// The longest unique id (the protocol's own limit), authority and certificate name that are read.
inline constexpr std::size_t most_unique_id = 128;
inline constexpr std::size_t most_authority = 255;
inline constexpr std::size_t most_tls_name = 256;

/// So many bytes are missing at least. A reader that takes no more than these never takes a byte behind the
/// header.
struct NeedMore {
  std::size_t bytes;
};
struct Decoded {
  ProxyHeader header;
  std::size_t length;  ///< Of the header; what follows is the stream itself.
};

/// Reads the header at the front of `bytes`. Wrong bytes are told at the first of them, not when all have
/// arrived. TCP over IPv4 and IPv6, Unix streams and UNSPEC are known; unknown TLVs are skipped; the block of a
/// LOCAL header is not looked at, as the protocol asks. The certificate's name is taken only if the proxy
/// verified it. Errors: malformed (signature, version, lengths, a TLV twice), too_long, unsupported (datagrams,
/// other families).
std::variant<NeedMore, Decoded, Error> decode(std::string_view bytes);

/// The header as bytes. Numeric addresses of one family (IPv4 beside IPv6 is written as IPv6) or two Unix paths
/// are written, anything else becomes UNSPEC. A certificate's name goes with `tls` only. Texts must be within
/// the limits above.
std::string encode(const ProxyHeader& header);

}  // namespace linebridge::net::proxy_v2
