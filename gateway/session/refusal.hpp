#pragma once

#include <string>
#include <string_view>

namespace linebridge::session {

/// Why a sign-in was refused: what the client's log, ours and the administrator are told.
struct Refusal {
  int status;             ///< SIP status.
  int code;               ///< Of ms-diagnostics, 50000 and up; stable.
  std::string_view rule;  ///< Stable name of the rule that fired.
  std::string reason;     ///< In words; goes to the client too.
};

}  // namespace linebridge::session
