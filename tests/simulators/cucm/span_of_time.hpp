#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace linebridge::sim::cucm {

/// "200ms", "1.5s", "2m", "1h": what people write for a time, up to a day. Nothing: it is none.
std::optional<Duration> to_duration(std::string_view text);
/// In milliseconds: "1500ms".
std::string to_text(Duration time);

}  // namespace linebridge::sim::cucm
