#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace linebridge::ops {

/// The server's side of one HTTP/1.1 connection as bytes: for the local API and the metrics page. One request
/// at a time; pipelined ones wait until the former was answered.
class HttpStream {
public:
  struct Limits {
    std::size_t head_bytes = 8 * 1024;
    std::size_t body_bytes = 1024 * 1024;
  };
  struct Request {
    std::string method, target, body;
  };

  HttpStream();
  explicit HttpStream(Limits limits);
  ~HttpStream();
  HttpStream(HttpStream&&) noexcept;
  HttpStream& operator=(HttpStream&&) noexcept;

  void push(std::string_view bytes);
  /// Whether a whole request is there; then it stands in `request`. False after a request until it was
  /// answered. Errors: malformed, too_long; send refusal() and close.
  Result<bool> next(Request& request);
  /// Appends the response to the request in hand; to a HEAD its head alone. Value: whether the connection stays
  /// open.
  bool respond(std::string& out, unsigned status, std::string_view content_type, std::string_view body);
  static std::string refusal(const Error& error);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::ops
