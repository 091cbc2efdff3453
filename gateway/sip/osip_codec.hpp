#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "sip/framing/guard.hpp"
#include "sip/message.hpp"

namespace linebridge::sip {

/// Reads SIP messages (RFC 3261) with libosip2 and checks what it lets through. The only door to that library.
///
/// libosip2 sees heads only, with Content-Length and Content-Type taken out: its MIME body parser leaks, and
/// its cost grows with the square of what guard() bounds.
class Codec {
public:
  explicit Codec(HeadLimits limits = {});
  ~Codec();

  /// Reads one message as Framer hands it out. The message is reused by the next call.
  /// Errors: malformed (answer 400), too_long (answer 400), unsupported (wrong SIP version: answer 505).
  Result<const Message*> parse(std::string_view head, std::string_view body);

private:
  Status read_uris();

  HeadLimits limits_;
  Message message_;
  std::string scratch_;
};

}  // namespace linebridge::sip
