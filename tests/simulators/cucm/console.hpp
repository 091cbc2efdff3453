#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/door.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace linebridge::sim::cucm {

class Cluster;

struct Reply {
  bool ok = true;
  std::string text;  ///< One line: JSON, or words.
};

/// What stands between blanks.
std::vector<std::string> command_words(std::string_view line);

/// Does what one line of the control socket says. `help` lists the commands.
Reply obey(Cluster& cluster, std::string_view line, TimePoint now, Outbox& out);

/// Whether a script may say this: an existing command with as many words as it takes, and a fault that there
/// is. Errors: malformed, not_found, unsupported (nothing for scripts).
Status check_command(const Cluster& cluster, std::string_view line);

/// The commands with their meaning, a line each, for --help.
std::string_view command_help();

}  // namespace linebridge::sim::cucm
