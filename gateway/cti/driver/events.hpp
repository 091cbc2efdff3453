#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cti/driver/operations.hpp"
#include "cti/driver/values.hpp"

/// What a driver tells. Events of a line come after the LineOpened that names its handle, in the order of the
/// switch.
namespace linebridge::cti::driver {

struct Answered {
  OperationId operation;
  Outcome outcome;
};

// The link and its devices.
struct LinkInService {};  ///< Logged in and enumerated.
struct LinkLost {
  std::string reason;
};
/// A device that was acquired was taken away again. The LineClosed of its lines come before this.
struct DeviceLost {
  std::string device;
  std::uint32_t reason = 0;
};

// Lines.
struct LineInService {
  LineHandle line;
};
struct LineOutOfService {
  LineHandle line;
  std::uint32_t reason = 0;
};
/// The line handle is gone: device or line removed, restricted, or taken away. Told once; nothing about the
/// line follows.
struct LineClosed {
  LineHandle line;
  std::uint32_t reason = 0;
};
/// All calls that were there when the line was opened have been told (NewCall::existing).
struct ExistingCallsTold {
  LineHandle line;
};
struct ForwardingChanged {
  LineHandle line;
  std::string destination;  ///< Empty: calls are not forwarded any more.
};
/// Of the device; told to each of its open lines.
struct DoNotDisturbChanged {
  LineHandle line;
  bool on = false;
};

// Calls.
struct NewCall {
  LineHandle line;
  LegHandle leg;
  GlobalCall call;
  CallState state = CallState::unknown;
  Direction direction = Direction::inbound;
  std::uint32_t reason = 0;
  Parties parties;
  bool remote_in_use = false;
  bool existing = false;  ///< The call was there before the line was opened.
};
struct CallStateChanged {
  LineHandle line;
  LegHandle leg;
  CallState state = CallState::unknown;
  std::uint32_t cause = 0;  ///< Q.850 and the switch's own, as the switch gave it.
  std::uint32_t reason = 0;
  bool remote_in_use = false;
};
struct PartiesChanged {
  LineHandle line;
  LegHandle leg;
  Parties parties;
  std::uint32_t reason = 0;
};
struct GlobalCallChanged {
  LineHandle line;
  LegHandle leg;
  GlobalCall call;
  std::uint32_t reason = 0;
};

// Transfers and conferences, told to every open line of the calls in them. `transaction` is the same in the
// start and the end of one. What they do to each leg is told by the events of calls, in between or behind.
struct TransferStarted {
  LineHandle line;
  std::uint32_t transaction = 0;
  GlobalCall surviving, other;
  Controller controller;
  LegHandle final_leg, other_leg;  ///< The controller's, in the surviving and in the other call; 0: not told.
  bool remote_in_use = false;
};
struct TransferEnded {
  LineHandle line;
  std::uint32_t transaction = 0;
  bool success = false;
  std::vector<LegHandle> idle;  ///< Legs of this line that it ended.
  bool remote_in_use = false;
};
struct ConferenceStarted {
  LineHandle line;
  std::uint32_t transaction = 0;
  GlobalCall surviving;
  std::vector<GlobalCall> others;  ///< Those that end in it.
  Controller controller;
  Controller requestor;  ///< Who asked for it, if not the controller.
  bool remote_in_use = false;
};
struct ConferenceEnded {
  LineHandle line;
  std::uint32_t transaction = 0;
  bool success = false;
  std::vector<LegHandle> idle;  ///< Legs of this line that it ended.
  Controller controller;
  Controller requestor;
  bool remote_in_use = false;
};
/// Somebody came into a conference or left it.
struct ConferenceChanged {
  enum class Change { unknown, added, removed, updated };
  LineHandle line;
  LegHandle leg;  ///< The line's own.
  GlobalCall call;
  Change change = Change::unknown;
  Participant changed;
  std::vector<Participant> others;  ///< All but the changed one.
  Participant controller;
  std::uint32_t reason = 0;
  bool remote_in_use = false;
};

using Event = std::variant<Answered, LinkInService, LinkLost, DeviceLost, LineInService, LineOutOfService,
                           LineClosed, ExistingCallsTold, ForwardingChanged, DoNotDisturbChanged, NewCall,
                           CallStateChanged, PartiesChanged, GlobalCallChanged, TransferStarted, TransferEnded,
                           ConferenceStarted, ConferenceEnded, ConferenceChanged>;

}  // namespace linebridge::cti::driver
