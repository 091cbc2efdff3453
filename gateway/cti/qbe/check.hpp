#pragma once

#include "base/result.hpp"
#include "cti/qbe/frame.hpp"
#include "cti/qbe/layout.hpp"

namespace linebridge::cti::qbe {

/// Whether every slot of the frame points into its variable part, counts and flags included, and elements do so
/// through all their depth. Work is linear in the frame's size, whatever overlaps in it, and so is reading
/// every field afterwards. Errors: as View::open.
Status check_slots(const Frame& frame, const Layout& layout);

}  // namespace linebridge::cti::qbe
