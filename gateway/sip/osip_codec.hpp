#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "sip/checks.hpp"
#include "sip/framing/guard.hpp"
#include "sip/message.hpp"

namespace linebridge::sip {

/// Reads SIP messages (RFC 3261): guard() bounds the head, check() holds it to the rules, libosip2 reads its
/// URIs. The only door to that library.
///
/// libosip2 sees the URIs of From, To and the request line of heads that passed both, and nothing else: the
/// rest of what it would parse is not used, its MIME parser leaks, and its cost grows with the square of what
/// guard() bounds.
class Codec {
public:
  explicit Codec(HeadLimits limits = {});
  ~Codec();

  /// Reads one message as Framer hands it out. The message is reused by the next call.
  /// Errors: malformed and too_long (400), unsupported (version 505, scheme 416, body 415); see broken().
  Result<const Message*> parse(std::string_view head, std::string_view body);

  /// Why the last parse() that failed did: the rule and the status to answer with. Until the next one.
  const Broken& broken() const { return broken_; }

private:
  Verdict judge(std::string_view head, std::string_view body);
  Verdict read_uris();

  HeadLimits limits_;
  Message message_;
  Broken broken_;
  std::string scratch_;
};

}  // namespace linebridge::sip
