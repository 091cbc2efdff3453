#pragma once

#include <cstdint>

#include "config/config.hpp"
#include "lb/splitter/splitter.hpp"
#include "net/shell.hpp"

namespace linebridge::lb::app {

/// The splitter's settings for a site, within what the process may open: one descriptor for each dialog, one
/// for each connection of OCS and some of its own.
splitter::Settings splitter_settings(const config::Config& config, std::uint64_t descriptors);

/// The shell's, so that it never runs out of descriptors.
net::Shell::Settings shell_settings(std::uint64_t descriptors);

/// Descriptors the splitter wants for the dialogs of the site.
std::uint64_t descriptors_wanted(const config::Config& config);

}  // namespace linebridge::lb::app
