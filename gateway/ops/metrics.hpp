#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"

namespace linebridge::ops {

struct Gauge {
  std::string name;  ///< Without prefix: "sessions".
  std::string help;
  double value = 0;
};

inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics page in Prometheus's text format: "linebridge_NAME_total" for counters, "linebridge_NAME" for
/// gauges, each with the label program="...".
std::string metrics_page(std::string_view program, const Counters& counters, const std::vector<Gauge>& gauges);

}  // namespace linebridge::ops
