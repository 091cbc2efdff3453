#pragma once

#include <span>
#include <string>

#include "tests/simulators/cucm/console.hpp"

namespace linebridge::sim::cucm {

/// user NAME WHAT...
Reply user_command(Cluster& cluster, std::span<const std::string> words);
/// directory up|down|slow
Reply directory_command(Cluster& cluster, std::span<const std::string> words);
/// All users as one line of JSON; never their passwords.
std::string show_users(const Cluster& cluster);

}  // namespace linebridge::sim::cucm
