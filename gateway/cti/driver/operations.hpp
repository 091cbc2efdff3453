#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cti/driver/values.hpp"

/// What a driver is asked to do, and how it answers.
namespace linebridge::cti::driver {

/// Each operation is answered once by an Answered with the same id, after an answer time of the driver's own at
/// the latest. Operations that name the same leg reach the switch in the order they were asked for. One that
/// was answered timed_out may still have happened; what then follows is told by events, except for calls, which
/// are hung up again unless they already ring.
struct OperationId {
  std::uint64_t value = 0;
  friend auto operator<=>(const OperationId&, const OperationId&) = default;
};

// Lines.
/// Opens the device too if need be. Counted: a line opened twice must be closed twice. Answer: LineOpened.
struct OpenLine {
  std::string device, number, partition;
};
/// Answer: Completed.
struct CloseLine {
  LineHandle line;
};

// Calls of an open line. Answer: Completed, unless it says otherwise. That a call was answered, held or moved
// is told by its events, which may come before the answer.
/// Answer: CallStarted.
struct MakeCall {
  LineHandle line;
  std::string dialled;  ///< Digits as the switch wants them.
};
struct AnswerCall {
  LineHandle line;
  LegHandle leg;
};
/// Drops this leg only.
struct Disconnect {
  LineHandle line;
  LegHandle leg;
};
struct HoldCall {
  LineHandle line;
  LegHandle leg;
};
struct RetrieveCall {
  LineHandle line;
  LegHandle leg;
};
/// A second call beside `leg`, which is put on hold. Answer: CallStarted, of the second call.
struct Consult {
  enum class Purpose { transfer, conference };
  LineHandle line;
  LegHandle leg;
  std::string dialled;  ///< Digits as the switch wants them.
  Purpose purpose = Purpose::transfer;
};
/// Connects the far ends of two calls of the line and leaves; whether `other` is a consultation or a call of
/// its own makes no difference.
struct Transfer {
  LineHandle line;
  LegHandle leg;
  LegHandle other;
};
/// Joins `others` into the call of `leg`, which survives.
struct Conference {
  LineHandle line;
  LegHandle leg;
  std::vector<LegHandle> others;  ///< One at least.
};
struct DropParty {
  LineHandle line;
  LegHandle leg;
  LegHandle party;  ///< Of a Participant.
};
/// Sends the call on and leaves.
struct Redirect {
  enum class Kind {
    redirect,        ///< A call that rings, or one that is answered, as if it had not been answered here.
    blind_transfer,  ///< A call that is answered, in the name of this line.
  };
  LineHandle line;
  LegHandle leg;
  std::string destination;  ///< Digits as the switch wants them.
  Kind kind = Kind::redirect;
};
/// Completed only when the last digit was played; the answer time is 250 ms longer for each digit.
struct SendDigits {
  LineHandle line;
  LegHandle leg;
  std::string digits;  ///< 0-9, A-D, * and #; anything else, or nothing, is refused.
};

// Features of an open line. Answer: Completed, unless it says otherwise.
/// All calls; forwarding on busy or no answer is not in the hands of CTI.
struct SetForwarding {
  LineHandle line;
  std::string destination;  ///< Digits as the switch wants them. Empty: off.
};
/// Answer: ForwardingIs.
struct GetForwarding {
  LineHandle line;
};
/// Of the device the line is on, so of all its lines.
struct SetDoNotDisturb {
  LineHandle line;
  bool on = false;
};
/// Answer: DoNotDisturbIs, at once; refused while the device has not told it.
struct GetDoNotDisturb {
  LineHandle line;
};
/// The lamp of the line.
struct SetMessageWaiting {
  LineHandle line;
  bool on = false;
};
/// Answer: MessageWaitingIs.
struct GetMessageWaiting {
  LineHandle line;
};

// Devices, for an application user that may control any. Answer: Completed.
/// Takes a device that is not in the user's list into control; its lines are known when this is answered.
struct AcquireDevice {
  std::string device;
};
/// Gives it back; its open lines are closed.
struct ReleaseDevice {
  std::string device;
};

using Operation = std::variant<OpenLine, CloseLine, MakeCall, AnswerCall, Disconnect, HoldCall, RetrieveCall,
                               Consult, Transfer, Conference, DropParty, Redirect, SendDigits, SetForwarding,
                               GetForwarding, SetDoNotDisturb, GetDoNotDisturb, SetMessageWaiting,
                               GetMessageWaiting, AcquireDevice, ReleaseDevice>;

struct LineOpened {
  LineHandle line;
};
struct CallStarted {
  LineHandle line;
  GlobalCall call;
  LegHandle leg;
};
struct Completed {};
struct ForwardingIs {
  std::string destination;  ///< Empty: calls are not forwarded.
};
struct DoNotDisturbIs {
  bool on = false;
};
struct MessageWaitingIs {
  bool on = false;
};
struct Failure {
  enum class Kind {
    refused,     ///< The switch said no: `code`.
    timed_out,   ///< No answer in time.
    link_lost,   ///< The link went, or was not the operation's link any more.
    queue_full,  ///< Too many operations wait on this link.
  };
  Kind kind = Kind::refused;
  std::uint32_t code = 0;  ///< The switch's own error code.
  std::string text;        ///< For the log.
};
using Outcome =
    std::variant<LineOpened, CallStarted, Completed, ForwardingIs, DoNotDisturbIs, MessageWaitingIs, Failure>;

}  // namespace linebridge::cti::driver
