#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tests/simulators/cucm/console.hpp"

/// The commands `fault` and `script` of the control socket. `words` begin with the command.
namespace linebridge::sim::cucm {

Reply fault_command(Cluster& cluster, std::span<const std::string> words, TimePoint now, Outbox& out);
/// Without doing anything. Errors: malformed, not_found.
Status check_fault(const Cluster& cluster, std::span<const std::string> words);

/// script list, script stop [NAME]. `script start` takes lines that follow, so the control socket does it.
Reply script_command(Cluster& cluster, std::span<const std::string> words);

}  // namespace linebridge::sim::cucm
