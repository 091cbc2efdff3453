#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/simulators/cucm/cluster_spec.hpp"

namespace linebridge::sim::cucm {

/// What is wrong with a cluster's file: "line 12: ...".
using Problems = std::vector<std::string>;

/// Reads a cluster's TOML; every problem at once. Unknown keys are problems. Paths of password files count from
/// `folder`. tests/data/lab/cucm.toml explains the keys.
std::variant<ClusterSpec, Problems> parse_cluster(std::string_view text, const std::string& folder = ".");
std::variant<ClusterSpec, Problems> load_cluster(const std::string& path);

}  // namespace linebridge::sim::cucm
