#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "sip/dialog.hpp"
#include "sip/message.hpp"

/// Writes SIP messages (RFC 3261) by appending to a buffer.
namespace linebridge::sip {

struct Header {
  std::string_view name, value;
};

/// A body of a type; an empty body has none. `csta` bodies carry Content-Disposition too, as clients of TR/87
/// do.
struct Body {
  std::string_view text;
  static constexpr std::string_view csta_type = "application/csta+xml";
};

/// What an answer repeats of its request: Via, From, To, Call-ID, CSeq, and Record-Route. Kept while a request
/// waits for the switch.
struct AnswerHead {
  std::string lines;  ///< Whole header lines with their CRLF.
};

/// `to_tag` is added to a To that has none (RFC 3261 section 8.2.6.2). `routes`: Record-Route is repeated as
/// well.
AnswerHead answer_head(const Message& request, std::string_view to_tag, bool routes);

void append_answer(std::string& out, const AnswerHead& head, int status, std::string_view reason,
                   std::initializer_list<Header> headers, Body body = {});

/// A request inside a dialog. The caller has counted dialog.local_cseq up.
void append_request(std::string& out, const Dialog& dialog, std::string_view method, std::string_view branch,
                    std::initializer_list<Header> headers, Body body = {});

/// The words of RFC 3261 section 21 for a status.
std::string_view reason_phrase(int status);

/// ms-diagnostics: code, reason and source as OCS and its clients log them. Codes of ours are 50000 and up.
std::string diagnostics(int code, std::string_view reason, std::string_view source);

}  // namespace linebridge::sip
