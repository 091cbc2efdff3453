#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace linebridge::numbers {

/// The number in the front part of a tel URI: visual separators gone, a leading plus kept, letters A-D in upper
/// case. `text` is already without %XX. Errors: malformed, too_long (64 digits).
Result<std::string> plain_number(std::string_view text);

/// Replaces %XX by the byte it stands for. Errors: malformed (also for %00 to %1F).
Result<std::string> percent_decoded(std::string_view text);

}  // namespace linebridge::numbers
