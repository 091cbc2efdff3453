#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sip/framing/head_view.hpp"

namespace linebridge::sip {

/// The parts of a SIP URI that decide something here. Compare hosts without case.
struct Uri {
  std::string user;  ///< Unescaped as it stands; empty if there is none.
  std::string host;
  std::uint16_t port = 0;  ///< 0: none written.
};

/// One SIP message, checked. The views belong to the head and body given to Codec::parse.
struct Message {
  HeadView head;
  std::string_view body;
  Uri request_uri;  ///< Of a request.
  Uri from, to;
  std::uint32_t cseq = 0;
  std::string_view content_type;  ///< Type and subtype only, "application/csta+xml"; empty if absent.

  bool is_request() const { return !head.is_response(); }
  std::string_view method() const { return head.method(); }
};

}  // namespace linebridge::sip
