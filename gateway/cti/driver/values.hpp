#pragma once

#include <compare>
#include <cstdint>
#include <string>

/// The words in which a driver and its user speak of links, lines, calls and parties.
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
/// One call as one line has it. 0: none.
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

/// Who is in a conference.
struct Participant {
  std::string number;       ///< As the switch shows it; empty: not known.
  LegHandle leg;            ///< What DropParty names; 0: the switch gave none.
  bool restricted = false;  ///< The number may not be shown.
};

/// Who moved calls about: the line whose user did, and the device it is on.
struct Controller {
  std::string number, device;  ///< Empty: not known.
};

}  // namespace linebridge::cti::driver
