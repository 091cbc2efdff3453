#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "tests/simulators/cucm/console.hpp"

/// The commands of the control socket for what administrators change: phones, lines, users, Extension Mobility.
namespace linebridge::sim::cucm {

struct AdminCommand {
  std::size_t least_words, most_words;  ///< With the command itself.
  Reply (*run)(Cluster&, std::span<const std::string> words);
};
const std::map<std::string_view, AdminCommand>& admin_commands();

/// The commands with their meaning, a line each.
std::string_view admin_help();

}  // namespace linebridge::sim::cucm
