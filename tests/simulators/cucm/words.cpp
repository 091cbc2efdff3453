#include "tests/simulators/cucm/words.hpp"

namespace linebridge::sim::cucm {

std::string_view state_name(LegState state) {
  switch (state) {
    case LegState::idle: return "idle";
    case LegState::offering: return "offering";
    case LegState::accepted: return "ringing";
    case LegState::dialtone: return "dialtone";
    case LegState::dialing: return "dialing";
    case LegState::ringback: return "ringback";
    case LegState::busy: return "busy";
    case LegState::connected: return "connected";
    case LegState::proceeding: return "proceeding";
    case LegState::on_hold: return "held";
    case LegState::disconnected: return "disconnected";
  }
  return "unknown";
}

}  // namespace linebridge::sim::cucm
