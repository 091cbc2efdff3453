#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

namespace linebridge::sip {

/// Cuts a SIP byte stream (TCP, TLS) into whole messages.
///
/// Feed it with push(), then call next() until it answers NeedMore. After an Error the stream cannot be
/// resynchronised: close it. Work is linear in the bytes pushed, however they are cut; nothing is copied out.
///
/// Source: RFC 3261 sections 7.5 and 18.3 (framing), RFC 5626 section 3.5.1 (CRLF keep-alive).
class Framer {
public:
  struct Limits {
    std::size_t head_bytes = 16 * 1024;  ///< Start line and headers, with the blank line.
    std::size_t head_lines = 100;        ///< Header lines, folded ones counted each.
    std::size_t body_bytes = 64 * 1024;  ///< Largest Content-Length accepted.
  };
  struct NeedMore {};
  struct Ping {
  };  ///< A double CRLF between messages: answer it with one CRLF. A single CRLF is skipped in silence.
  struct Message {
    std::string_view head;  ///< Start line and headers with the blank line. Valid until the next push().
    std::string_view body;
    std::string_view whole() const { return {head.data(), head.size() + body.size()}; }
  };
  using Item = std::variant<NeedMore, Ping, Message, Error>;

  Framer() = default;
  explicit Framer(Limits limits) : limits_(limits) {}

  /// Drops what next() has handed out, then appends: one erase a read, none a message.
  void push(std::string_view bytes);

  /// Takes the next item off the front of the stream.
  /// Errors: too_long (a limit was passed), malformed (no usable Content-Length, a bare CR or LF, a NUL in the
  /// head).
  Item next();

  /// Whether no part of a message is there that next() has not handed out.
  bool empty() const { return taken_ == buffer_.size(); }

  /// The head a failed message had so far, for an answer of 400; empty if it was cut before its blank line.
  std::string_view failed_head() const { return failed_head_; }
  /// For tests: how many bytes were looked at since construction.
  std::size_t examined() const { return examined_; }

private:
  std::optional<Item> skip_keep_alive();
  std::optional<Error> scan_head();

  Limits limits_;
  std::string buffer_;
  std::size_t taken_ = 0;     ///< Bytes already handed out.
  std::size_t searched_ = 0;  ///< Bytes of the current head already looked at.
  std::size_t lines_ = 0;     ///< Line ends seen in the current head.
  std::size_t line_start_ = 0;
  std::optional<std::size_t> head_size_;
  std::size_t body_size_ = 0;
  std::size_t examined_ = 0;
  std::string failed_head_;
};

}  // namespace linebridge::sip
