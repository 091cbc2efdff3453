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
constexpr unsigned busy_at_once = tell_originated | tell_failed;
constexpr unsigned made_and_held = tell_originated | tell_established | tell_held;
constexpr unsigned answered_and_held = tell_established | tell_held;

/// ECMA-269 sequences of a device monitor over the call states of CTI. Rows for `idle` stand in transition().
/// A held call that rings at the far end when it is taken back was sent on there meanwhile.
constexpr std::array rows = {
    Row{out, Phase::fresh, CallState::dialtone, tell_nothing, Phase::initiated},
    Row{out, Phase::fresh, CallState::dialing, tell_nothing, Phase::initiated},
    Row{out, Phase::fresh, CallState::proceeding, tell_originated, Phase::originated},
    Row{out, Phase::fresh, CallState::ringback, rings_at_once, Phase::delivered},
    Row{out, Phase::fresh, CallState::busy, busy_at_once, Phase::failed},
    Row{out, Phase::fresh, CallState::connected, answered_at_once, Phase::established},
    Row{out, Phase::fresh, CallState::on_hold, made_and_held, Phase::held},
    Row{out, Phase::initiated, CallState::proceeding, tell_originated, Phase::originated},
    Row{out, Phase::initiated, CallState::ringback, rings_at_once, Phase::delivered},
    Row{out, Phase::initiated, CallState::busy, busy_at_once, Phase::failed},
    Row{out, Phase::initiated, CallState::connected, answered_at_once, Phase::established},
    Row{out, Phase::initiated, CallState::on_hold, made_and_held, Phase::held},
    Row{out, Phase::originated, CallState::busy, tell_failed, Phase::failed},
    Row{out, Phase::originated, CallState::ringback, tell_delivered, Phase::delivered},
    Row{out, Phase::originated, CallState::connected, tell_established, Phase::established},
    Row{out, Phase::originated, CallState::on_hold, answered_and_held, Phase::held},
    Row{out, Phase::delivered, CallState::busy, tell_failed, Phase::failed},
    Row{out, Phase::delivered, CallState::connected, tell_established, Phase::established},
    Row{out, Phase::delivered, CallState::on_hold, answered_and_held, Phase::held},
    Row{out, Phase::failed, CallState::ringback, tell_delivered, Phase::delivered},
    Row{out, Phase::failed, CallState::connected, tell_established, Phase::established},
    Row{out, Phase::established, CallState::on_hold, tell_held, Phase::held},
    Row{out, Phase::established, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
    Row{out, Phase::held, CallState::ringback, tell_retrieved, Phase::established},
    Row{out, Phase::held, CallState::connected, tell_retrieved, Phase::established},
    Row{out, Phase::held, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
    Row{in, Phase::fresh, CallState::accepted, tell_delivered, Phase::delivered},
    Row{in, Phase::fresh, CallState::connected, tell_delivered | tell_established, Phase::established},
    Row{in, Phase::fresh, CallState::on_hold, tell_delivered | answered_and_held, Phase::held},
    Row{in, Phase::delivered, CallState::connected, tell_established, Phase::established},
    Row{in, Phase::delivered, CallState::on_hold, answered_and_held, Phase::held},
    Row{in, Phase::established, CallState::on_hold, tell_held, Phase::held},
    Row{in, Phase::established, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
    Row{in, Phase::held, CallState::ringback, tell_retrieved, Phase::established},
    Row{in, Phase::held, CallState::connected, tell_retrieved, Phase::established},
    Row{in, Phase::held, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
};

}  // namespace

Transition transition(Direction direction, Phase phase, CallState state) {
  if (state == CallState::idle) return {phase == Phase::cleared ? tell_nothing : tell_cleared, Phase::cleared};
  for (const auto& row : rows)
    if (row.direction == direction && row.phase == phase && row.state == state) return {row.tell, row.next};
  return {tell_nothing, phase};
}

}  // namespace linebridge::control
