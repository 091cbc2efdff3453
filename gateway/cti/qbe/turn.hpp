#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "cti/driver/driver.hpp"

namespace linebridge::cti::qbe {

/// What a call into a link brings, and where what it gives goes.
struct Turn {
  TimePoint now;
  std::string& bytes;                  ///< To the CTI Manager; appended.
  std::vector<driver::Event>& events;  ///< Appended, in order.
};

}  // namespace linebridge::cti::qbe
