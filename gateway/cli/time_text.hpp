#pragma once

#include <cstdint>
#include <string>

namespace linebridge::cli {

/// "2026-11-22 09:30:00.000250": microseconds since 1970, in UTC.
std::string time_text(std::int64_t at_us);

}  // namespace linebridge::cli
