#pragma once

#include <string>
#include <vector>

#include "lb/haproxy/runtime.hpp"

/// What HAProxy thinks of the nodes, for people and for programs. Pure text.
namespace linebridge::cli {

struct FrontState {
  std::vector<lb::haproxy::Server> nodes;
  std::vector<lb::haproxy::Door> doors;
};

/// "takes new dialogs", or why not.
std::string state_of(const lb::haproxy::Server& node);
bool takes_new_dialogs(const lb::haproxy::Server& node);

std::string front_report(const FrontState& state);
std::string front_json(const FrontState& state);
std::string node_json(const lb::haproxy::Server& node);

}  // namespace linebridge::cli
