#pragma once

#include <iosfwd>

#include "cli/command_line.hpp"

namespace linebridge::cli {

/// Reads a capture or hex, shows its CTI/QBE frames and ends with a summary. Value: the exit code, 0; 1 when
/// something is not as the tables say; wrong_usage when it cannot be read.
int decode(const DecodeCti& command, std::istream& standard_input, std::ostream& out, std::ostream& error);

}  // namespace linebridge::cli
