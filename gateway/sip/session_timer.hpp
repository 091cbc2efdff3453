#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "sip/message.hpp"

namespace linebridge::sip {

/// Who keeps a session alive.
enum class Refresher {
  none,  ///< The client has no session timer (RFC 4028): we ask now and then whether it is there.
  uac,   ///< The client refreshes, by re-INVITE or UPDATE.
  uas,   ///< The client wants us to refresh.
};

/// What a 2xx to an INVITE or UPDATE agrees on (RFC 4028 section 9).
struct SessionTimer {
  Refresher refresher = Refresher::none;
  std::chrono::seconds interval{};  ///< Without a refresh for so long the session ends.
  std::string header() const;       ///< Value of Session-Expires; empty with Refresher::none.
};

/// The interval asked for is too short: answer 422 with this Min-SE.
struct IntervalTooSmall {
  std::chrono::seconds least;
};

/// Whether the request lists an extension in Supported or Require.
bool lists_extension(const Message& request, std::string_view option);

/// `ours` is the interval we would choose; a shorter one the client asks for is taken, a longer one is not,
/// but for its Min-SE. Headers that cannot be read count as absent.
std::variant<SessionTimer, IntervalTooSmall> negotiate(const Message& request, std::chrono::seconds ours);

}  // namespace linebridge::sip
