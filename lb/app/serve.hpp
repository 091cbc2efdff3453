#pragma once

#include <functional>

#include "base/log.hpp"
#include "config/config.hpp"

namespace linebridge::lb::app {

/// What the surroundings of the program want to know.
struct Signs {
  std::function<void()> ready = [] {};     ///< It listens.
  std::function<void()> stopping = [] {};  ///< It was asked to end.
};

/// Runs the splitter of a site until it is stopped by a signal. `descriptors` is what the process may open.
/// Errors: refused (a socket cannot be opened).
Status serve(const config::Config& site, std::uint64_t descriptors, Log& log, const Signs& signs);

}  // namespace linebridge::lb::app
