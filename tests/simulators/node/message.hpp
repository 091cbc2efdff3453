#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace linebridge::sim::node {

/// One SIP message (RFC 3261 section 7) as far as a node without a mind of its own looks at it. Views into the
/// Cutter that gave it.
struct Message {
  std::string_view start;  ///< Request or status line.
  std::vector<std::string_view> vias, record_routes;
  std::string_view from, to, call_id, cseq, contact, content_type, session_expires, supported;
  std::string_view body;

  bool is_response() const { return start.starts_with("SIP/2.0 "); }
  int status() const;               ///< Of a response.
  std::string_view method() const;  ///< As CSeq says.
};

/// The value of a header parameter, behind the URI in angle brackets; nothing if there is none.
std::optional<std::string_view> parameter(std::string_view value, std::string_view name);

/// The URI in a header value, without angle brackets and what follows them.
std::string_view uri_in(std::string_view value);

/// Cuts a stream into messages; line ends between them (keep-alives) are skipped. After an Error the stream
/// cannot go on: close it. The work is linear in the bytes pushed.
class Cutter {
public:
  static constexpr std::size_t most_head = 64 * 1024;
  static constexpr std::size_t most_body = 1024 * 1024;

  /// Drops what next() gave out, then appends.
  void push(std::string_view bytes);

  /// Reads the next whole message into `message`, whose views hold until the next push(); false if more bytes
  /// are needed. Errors: malformed, too_long.
  Result<bool> next(Message& message);

private:
  std::string buffer_;
  std::size_t taken_ = 0;     ///< Bytes of messages already given out.
  std::size_t searched_ = 0;  ///< No blank line begins before here.
};

}  // namespace linebridge::sim::node
