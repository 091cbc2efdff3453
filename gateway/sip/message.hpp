#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::sip {

/// The parts of a SIP URI that decide something here. Compare hosts without case.
struct Uri {
  std::string user;  ///< With its escapes undone, so it may hold any byte; empty if there is none.
  std::string host;
  std::uint16_t port = 0;  ///< 0: none written.
};

/// One SIP message, checked. The views belong to the head and body given to Codec::parse.
struct Message {
  HeadView head;
  std::string_view body;
  Uri from;             ///< Of a request.
  Uri to, request_uri;  ///< Of a request outside of a dialog: where it wants to go.
  std::uint32_t cseq = 0;
  std::string_view content_type;  ///< Type and subtype only, "application/csta+xml"; empty if absent.

  bool is_request() const { return !head.is_response(); }
  std::string_view method() const { return head.method(); }
};

/// Why a message is refused. A request is answered with the status, a response dropped.
struct Broken {
  int status = 400;
  std::string_view rule = "framing";  ///< A few words that name the rule; they live for ever.
  std::string reason;                 ///< What the message did, for the log and ms-diagnostics.
  Errc code = Errc::malformed;
};

}  // namespace linebridge::sip
