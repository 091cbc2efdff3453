#pragma once

#include <string>

#include "cti/driver/driver.hpp"

/// What goes over a CTI link, in words for the trace.
namespace linebridge::core {

struct LinkWords {
  std::string what, detail;
};
LinkWords words(const cti::driver::Operation& operation);
LinkWords words(const cti::driver::Event& event);

}  // namespace linebridge::core
