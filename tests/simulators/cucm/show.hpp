#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/simulators/cucm/exchange.hpp"

namespace linebridge::sim::cucm {

class Cluster;

// What the control socket shows, each one line of JSON.
std::string show_leg(const Exchange& exchange, LegId leg);
/// Phones and the numbers of the world outside that are in a call; all of them if `who` is empty.
std::string show_phones(const Exchange& exchange, std::string_view who);
std::string show_calls(const Exchange& exchange);
std::string show_links(const Cluster& cluster);
std::string show_traffic(const Cluster& cluster, std::size_t most);
std::string show_phone_trace(const Cluster& cluster, std::size_t most);

}  // namespace linebridge::sim::cucm
