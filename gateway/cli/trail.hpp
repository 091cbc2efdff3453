#pragma once

#include <iosfwd>

#include "cli/command_line.hpp"
#include "config/config.hpp"

namespace linebridge::cli {

/// Asks nodes and front end again and again, and shows what passed of some users until SIGINT or SIGTERM.
/// Value: 0; with `once` 1 if a process was silent.
int follow(const FollowTrace& command, const config::Config& config, std::ostream& out, std::ostream& error);

/// Draws a ladder from lines of JSON. Value: 1 if the file cannot be read or a line is none.
int draw(const DrawTrace& command, std::istream& standard_input, std::ostream& out, std::ostream& error);

}  // namespace linebridge::cli
