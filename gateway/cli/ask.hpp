#pragma once

#include <iosfwd>

#include "cli/command_line.hpp"
#include "config/config.hpp"

namespace linebridge::cli {

/// Ask the nodes on their local sockets and show what they answer. Value: 1 if one did not answer, else 0.
int show_status(const ShowStatus& command, const config::Config& config, std::ostream& out);
int show_trace(const ShowTrace& command, const config::Config& config, std::ostream& out, std::ostream& error);

int drain(const Drain& command, const config::Config& config, std::ostream& out, std::ostream& error);

}  // namespace linebridge::cli
