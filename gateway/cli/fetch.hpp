#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace linebridge::cli {

struct Reply {
  unsigned status = 0;  ///< HTTP's.
  std::string body;
};

/// One request without a body over HTTP/1.1 on a Unix socket, within `limit` altogether. GET shows, POST and
/// DELETE order.
/// Errors: timed_out; closed (nobody listens, or the connection broke; the reason is in detail).
Result<Reply> fetch(const std::string& socket, const std::string& target, Duration limit,
                    const std::string& method = "GET");

}  // namespace linebridge::cli
