#include "control/transitions.hpp"

#include <array>
#include <optional>

namespace linebridge::control {
namespace {

using cti::driver::CallState;
using cti::driver::Direction;

struct Row {
  Direction direction;
  Phase phase;
  CallState state;
  unsigned tell;
  Phase next;
};

constexpr auto out = Direction::outbound;
constexpr auto in = Direction::inbound;
constexpr unsigned answered_at_once = tell_originated | tell_established;
constexpr unsigned rings_at_once = tell_originated | tell_delivered;

/// ECMA-269 sequences of a device monitor over the call states of CTI. Rows for `idle` stand in transition().
constexpr std::array rows = {
    Row{out, Phase::fresh, CallState::dialtone, tell_nothing, Phase::initiated},
    Row{out, Phase::fresh, CallState::dialing, tell_nothing, Phase::initiated},
    Row{out, Phase::fresh, CallState::proceeding, tell_originated, Phase::originated},
    Row{out, Phase::fresh, CallState::ringback, rings_at_once, Phase::delivered},
    Row{out, Phase::fresh, CallState::busy, tell_originated, Phase::originated},
    Row{out, Phase::fresh, CallState::connected, answered_at_once, Phase::established},
    Row{out, Phase::initiated, CallState::proceeding, tell_originated, Phase::originated},
    Row{out, Phase::initiated, CallState::ringback, rings_at_once, Phase::delivered},
    Row{out, Phase::initiated, CallState::busy, tell_originated, Phase::originated},
    Row{out, Phase::initiated, CallState::connected, answered_at_once, Phase::established},
    Row{out, Phase::originated, CallState::ringback, tell_delivered, Phase::delivered},
    Row{out, Phase::originated, CallState::connected, tell_established, Phase::established},
    Row{out, Phase::delivered, CallState::connected, tell_established, Phase::established},
    Row{out, Phase::established, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
    Row{in, Phase::fresh, CallState::accepted, tell_delivered, Phase::delivered},
    Row{in, Phase::fresh, CallState::connected, tell_delivered | tell_established, Phase::established},
    Row{in, Phase::delivered, CallState::connected, tell_established, Phase::established},
    Row{in, Phase::established, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
};

}  // namespace

Transition transition(Direction direction, Phase phase, CallState state) {
  if (state == CallState::idle) return {phase == Phase::cleared ? tell_nothing : tell_cleared, Phase::cleared};
  for (const auto& row : rows)
    if (row.direction == direction && row.phase == phase && row.state == state) return {row.tell, row.next};
  return {tell_nothing, phase};
}

}  // namespace linebridge::control
