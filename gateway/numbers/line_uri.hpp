#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace linebridge::numbers {

/// A user's line as the directory writes it (msRTCSIP-Line), a tel URI (RFC 3966) with Cisco's parameters:
///   tel:DN;phone-context=dialstring[;device=NAME][;partition=NAME]
struct LineUri {
  std::string text;    ///< As written, byte for byte: what the user's own connections are called in CSTA.
  std::string number;  ///< The directory number, without visual separators.
  std::string phone_context;  ///< Empty if absent; so are the next two.
  std::string device;
  std::string partition;
  std::vector<std::pair<std::string, std::string>>
      others;  ///< Parameters we have no use for: lower-case names, sorted.
};

/// Reads a line URI. Scheme and parameter names in any case, parameters in any order, %XX decoded; a
/// phone-context is not asked for. Errors: unsupported (not a tel URI), too_long (256 bytes; 64 digits),
/// malformed; detail says where.
Result<LineUri> parse_line_uri(std::string_view text);

/// Whether two URIs name the same line (RFC 3966, section 4): visual separators, the order of parameters and
/// the case of all but the partition do not matter; all parameters count.
bool same_line(const LineUri& a, const LineUri& b);

/// Whether both have the same directory number, in the same partition if both name one.
bool same_number(const LineUri& a, const LineUri& b);

}  // namespace linebridge::numbers
