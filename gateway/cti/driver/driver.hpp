#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What any driver of the switch takes and gives. Operations and events are named after what happens at a
/// phone, never after a message of one protocol; another driver can replace CTI/QBE behind this.
namespace linebridge::cti::driver {

/// A link to one CTI Manager in one of its lives: `life` grows each time the link is made anew, so that what
/// began in an earlier life is recognised.
struct LinkId {
  std::uint32_t index = 0;  ///< In configured order, from 0.
  std::uint32_t life = 0;   ///< From 1.
  friend auto operator<=>(const LinkId&, const LinkId&) = default;
};

/// Handles the switch gave; good for one life of one link.
struct LineHandle {
  std::uint32_t manager = 0, line = 0;
  friend auto operator<=>(const LineHandle&, const LineHandle&) = default;
};
struct LegHandle {
  std::uint32_t manager = 0, leg = 0;
  friend auto operator<=>(const LegHandle&, const LegHandle&) = default;
};
/// Shared by all legs of one call; may change during the call.
struct GlobalCall {
  std::uint32_t manager = 0, call = 0;
  friend auto operator<=>(const GlobalCall&, const GlobalCall&) = default;
};

/// One line on one device, as the application user's list shows it.
struct Appearance {
  std::string device;     ///< "SEP001122334455"
  std::string number;     ///< Directory number.
  std::string partition;  ///< Empty: none.
  std::string model;      ///< "Cisco 7960"
  bool registered = false;
  bool restricted = false;  ///< CTI may not control it.
  bool ip_communicator = false;
};

// Operations. Each is answered once by an Answered with the same id, in whatever time; a deadline is the
// driver's.
struct OperationId {
  std::uint64_t value = 0;
  friend auto operator<=>(const OperationId&, const OperationId&) = default;
};
/// Opens the device too if need be. Counted: a line opened twice must be closed twice. Answer: LineOpened.
struct OpenLine {
  std::string device, number, partition;
};
struct CloseLine {
  LineHandle line;
};
/// Answer: CallStarted.
struct MakeCall {
  LineHandle line;
  std::string dialled;  ///< Digits as the switch wants them.
};
/// Answer: Completed.
struct AnswerCall {
  LineHandle line;
  LegHandle leg;
};
/// Drops this leg only. Answer: Completed.
struct Disconnect {
  LineHandle line;
  LegHandle leg;
};
using Operation = std::variant<OpenLine, CloseLine, MakeCall, AnswerCall, Disconnect>;

struct LineOpened {
  LineHandle line;
};
struct CallStarted {
  LineHandle line;
  GlobalCall call;
  LegHandle leg;
};
struct Completed {};
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
using Outcome = std::variant<LineOpened, CallStarted, Completed, Failure>;

// Events. Those of a line come after the LineOpened that names its handle, in the order of the switch.
struct Answered {
  OperationId operation;
  Outcome outcome;
};
struct LinkInService {};  ///< Logged in and enumerated.
struct LinkLost {
  std::string reason;
};
struct LineInService {
  LineHandle line;
};
struct LineOutOfService {
  LineHandle line;
  std::uint32_t reason = 0;
};
/// The line handle is gone: device or line removed, restricted, or taken away.
struct LineClosed {
  LineHandle line;
  std::uint32_t reason = 0;
};

enum class CallState {
  unknown,
  idle,
  offering,
  accepted,
  dialtone,
  dialing,
  ringback,
  busy,
  connected,
  proceeding,
  on_hold,
  disconnected,
  remote_in_use,
  other,
};
/// How a leg came to be, from the line's own view.
enum class Direction { outbound, inbound };

/// Party numbers as the switch shows them; empty: not known.
struct Parties {
  std::string calling, called, original_called, last_redirecting;
  bool calling_restricted = false;
};
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
using Event = std::variant<Answered, LinkInService, LinkLost, LineInService, LineOutOfService, LineClosed,
                           NewCall, CallStateChanged, PartiesChanged, GlobalCallChanged>;

}  // namespace linebridge::cti::driver
