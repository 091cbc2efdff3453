#pragma once

#include <string>
#include <string_view>

#include "base/door.hpp"
#include "base/time.hpp"

namespace linebridge::sim::cucm {

class Cluster;

struct Reply {
  bool ok = true;
  std::string text;  ///< One line: JSON, or words.
};

/// Does what one line of the control socket says. `help` lists the commands.
Reply obey(Cluster& cluster, std::string_view line, TimePoint now, Outbox& out);

/// The commands with their meaning, a line each, for --help.
std::string_view command_help();

}  // namespace linebridge::sim::cucm
