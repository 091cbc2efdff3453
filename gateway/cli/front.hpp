#pragma once

#include <iosfwd>

#include "cli/command_line.hpp"
#include "config/config.hpp"

namespace linebridge::cli {

/// Ask or order HAProxy about the nodes. Value: 1 if HAProxy did not answer, refused, or dialogs were left when
/// the wait was over; else 0.
int show_front(const ShowFront& command, const config::Config& config, std::ostream& out, std::ostream& error);
int order_front(const OrderFront& command, const config::Config& config, std::ostream& out,
                std::ostream& error);

}  // namespace linebridge::cli
