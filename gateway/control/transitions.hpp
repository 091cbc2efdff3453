#pragma once

#include "cti/driver/driver.hpp"

namespace linebridge::control {

/// How far clients were told about a call of a line.
enum class Phase { fresh, initiated, originated, delivered, failed, established, held, far_cleared, cleared };

/// What a transition tells, a set: told in this order.
enum Tell : unsigned {
  tell_nothing = 0,
  tell_originated = 1,
  tell_delivered = 2,  ///< At the far party for a call made, at the line for a call received.
  tell_failed = 4,     ///< At the far party: it is busy.
  tell_established = 8,
  tell_held = 16,  ///< By the line; what the other party does with its side is not told by the switch.
  tell_retrieved = 32,
  tell_far_cleared = 64,  ///< The other party hung up.
  tell_cleared = 128,     ///< The line's own connection is gone; the last word about the call.
};

struct Transition {
  unsigned tell = tell_nothing;
  Phase next = Phase::fresh;
};

/// The one table of call control: what a state of the switch means for a call of this direction, told this far.
/// A state skipped by the switch is made up for; one that comes twice tells nothing.
Transition transition(cti::driver::Direction direction, Phase phase, cti::driver::CallState state);

}  // namespace linebridge::control
