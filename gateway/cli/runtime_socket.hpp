#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace linebridge::cli {

/// One line to HAProxy's runtime API on its Unix socket, and all it answers (at most 1 MiB), within `limit`.
/// Errors: timed_out; closed (nobody listens, or the connection broke; the reason is in detail); too_long.
Result<std::string> ask_haproxy(const std::string& socket, const std::string& line, Duration limit);

}  // namespace linebridge::cli
