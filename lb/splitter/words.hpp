#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sip/framing/head_view.hpp"

/// SIP as far as the splitter speaks it: who belongs to whom, and the few answers that it makes itself.
namespace linebridge::lb::splitter {

/// What a request is recognised by in its dialog: a response carries the same (RFC 3261 section 17.1.3).
struct RequestId {
  std::string branch;  ///< Of the top Via; may be empty.
  std::string method;
  std::uint32_t cseq = 0;

  friend bool operator==(const RequestId&, const RequestId&) = default;
  /// By method, CSeq and branch; without the branch if either has none.
  bool answered_by(const sip::HeadView& response) const;
};

RequestId id_of(const sip::HeadView& request);

/// Whether the headers that every message must have are there: Via, From, To, Call-ID, a CSeq with a number.
bool is_complete(const sip::HeadView& head);

bool creates_dialog(const sip::HeadView& request);  ///< An INVITE without a To tag.

/// The node that made a tag, "pub" or "sub"; empty if no node of ours did.
std::string_view node_of_tag(std::string_view tag);
std::string_view other_node(std::string_view node);  ///< Empty for an unknown one.

/// An answer to `request` with its Via, From, To, Call-ID and CSeq byte for byte. A To without a tag gets
/// `tag`. `extra` is header lines, each with its CRLF.
std::string answer(const sip::HeadView& request, int status, std::string_view reason, std::string_view tag,
                   std::string_view extra = {});

/// The ACK of a final non-2xx `response` to `invite` (RFC 3261 section 17.1.1.3).
std::string ack(const sip::HeadView& invite, const sip::HeadView& response);

/// "INVITE" or "200 OK (INVITE)".
std::string summary(const sip::HeadView& head);

}  // namespace linebridge::lb::splitter
