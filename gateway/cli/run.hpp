#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace linebridge::cli {

/// Runs one command. Value: the exit code, 0 or 1.
int run(const Command& command, std::ostream& out, std::ostream& error);

/// Parses and runs: all of the program but its streams. Exit codes: 0, 1 (a problem was found, a node is
/// silent), 2 (wrong usage).
int run(const std::vector<std::string>& words, std::ostream& out, std::ostream& error);

}  // namespace linebridge::cli
