#include "control/snapshot.hpp"

namespace linebridge::control {
namespace {

using cti::driver::CallState;
using model::EventDevice;
using model::LocalConnectionState;

/// The states of both connections of a call, as far as the own phone shows them.
struct Sides {
  std::optional<LocalConnectionState> own, far;
};

Sides sides_of(CallState state) {
  using enum LocalConnectionState;
  switch (state) {
    case CallState::offering:
    case CallState::accepted: return {alerting, connected};
    case CallState::dialtone:
    case CallState::dialing: return {initiated, std::nullopt};
    case CallState::proceeding:
    case CallState::disconnected: return {connected, std::nullopt};
    case CallState::ringback: return {connected, alerting};
    case CallState::busy: return {connected, fail};
    case CallState::connected: return {connected, connected};
    case CallState::on_hold: return {hold, connected};
    case CallState::unknown:
    case CallState::idle:
    case CallState::remote_in_use:
    case CallState::other: break;
  }
  return {};
}

model::CallStateOfDevice state_of(const Call& call) {
  const Sides sides = sides_of(call.state);
  if (!sides.own) return {};
  std::vector<LocalConnectionState> both{*sides.own};
  if (sides.far) both.push_back(*sides.far);
  return both;
}

}  // namespace

model::DeviceSnapshot snapshot_of(const Line& line, const model::DeviceId& own) {
  model::DeviceSnapshot out;
  line.for_each_call(
      [&](const Call& call) { out.calls.push_back({{call.id, own}, EventDevice::of(own), state_of(call)}); });
  return out;
}

model::CallSnapshot snapshot_of(const Call& call, const model::DeviceId& own) {
  const Sides sides = sides_of(call.state);
  const EventDevice self = EventDevice::of(own);
  const EventDevice far = far_device(call);
  const bool outbound = call.direction == cti::driver::Direction::outbound;
  model::CallSnapshot out;
  out.parties.push_back({self, model::ConnectionId{call.id, own}, sides.own});
  if (sides.far) out.parties.push_back({far, model::ConnectionId{call.id, far.id}, sides.far});
  out.calling = outbound ? self : far;
  out.called = outbound ? far : self;
  return out;
}

}  // namespace linebridge::control
