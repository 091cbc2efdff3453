#pragma once

#include <optional>

#include "control/line.hpp"

namespace linebridge::control {

/// The calls a line has now, for a client that knows the line as `own` (ECMA-269, 16, snapshot device). Of each
/// call the states of its connections, the own one first; the far one only if it is there.
model::DeviceSnapshot snapshot_of(const Line& line, const model::DeviceId& own);

/// The same of one call (ECMA-269, 16, snapshot call): its parties as far as the line knows them.
model::CallSnapshot snapshot_of(const Call& call, const model::DeviceId& own);

}  // namespace linebridge::control
