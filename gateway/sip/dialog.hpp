#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sip/message.hpp"

namespace linebridge::sip {

/// What we call ourselves in Contact and Via.
struct OurAddress {
  std::string host;
  std::uint16_t port = 5060;
  bool tls = false;

  std::string contact() const;  ///< "<sip:host:port;transport=tcp>"
  std::string sent_by() const;  ///< "SIP/2.0/TCP host:port"
};

/// A dialog that a client's INVITE made; we are the UAS (RFC 3261 section 12.1.1). Everything that is sent back
/// is kept as it came, byte for byte: route URIs are signed, and `epid` finds the endpoint.
struct Dialog {
  std::string call_id;
  std::string local_tag, remote_tag;
  std::string local;                ///< The INVITE's To with our tag: From of our requests.
  std::string remote;               ///< The INVITE's From: To of our requests.
  std::string target;               ///< The client's Contact URI.
  std::vector<std::string> routes;  ///< Values of Record-Route in the order received.
  OurAddress ours;
  std::uint32_t local_cseq = 0;
  std::uint32_t remote_cseq = 0;

  bool belongs(const Message& request) const;  ///< Call-ID and both tags fit.
};

/// The dialog that a 200 to this INVITE makes. Errors: malformed (no Contact, no From tag, a route that
/// is no sip or sips URI).
Result<Dialog> make_dialog(const Message& invite, std::string local_tag, OurAddress ours);

/// The URI of a Contact or Route value as it may stand in a Request-URI: without headers (RFC 3261 sections
/// 12.2.1.1, 19.1.5).
std::string_view request_uri_of(std::string_view value);

/// Target refresh by re-INVITE or UPDATE (RFC 3261 section 12.2.2).
void refresh_target(Dialog& dialog, const Message& request);

}  // namespace linebridge::sip
