#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "control/line.hpp"

namespace linebridge::control {

/// A service that asks one thing of the switch for one connection of the session's own (ECMA-269, 17), and is
/// done when the switch has done it.
struct CallService {
  std::string_view name;
  cti::driver::Operation (*operation)(cti::driver::LineHandle, cti::driver::LegHandle);
  model::Response (*done)();
  model::ErrorCode gone;      ///< What it is refused with if the call is not, or no longer, there.
  bool holds_others = false;  ///< The phone puts its active call on hold for it.
};

extern const CallService answer_call, clear_connection, hold_call, retrieve_call;

/// What the service is refused with when the switch did not do it.
model::ErrorCode error_of(const CallService& service, const cti::driver::Failure& failure);

/// Why a connection names no call that may be touched.
struct NotNamed {
  model::ErrorCode error;
  std::string why;
};
/// The call of the line that `asked` names, for a session that knows the line as `own` (ECMA-269, 6.1.5). The
/// device may be left out, the call too if the line has no other. `gone`: the error of a call that is not
/// there.
std::variant<const Call*, NotNamed> named_call(const Line& line, const model::ConnectionId& asked,
                                               const model::DeviceId& own, model::ErrorCode gone);

}  // namespace linebridge::control
