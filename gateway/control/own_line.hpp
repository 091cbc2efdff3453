#pragma once

#include <optional>

#include "model/errors.hpp"
#include "model/ids.hpp"

namespace linebridge::control {

/// Whether a request's device is the session's own line, `own`: the same text or the same number.
bool is_own(const model::DeviceId& asked, const model::DeviceId& own);

/// What a request for a device that is not the session's is refused with: `invalid` if it names no device at
/// all, else privilegeViolationSpecifiedDevice. Nothing if it is the session's own line.
std::optional<model::ErrorCode> refusal_of(const model::DeviceId& asked, const model::DeviceId& own,
                                           model::ErrorCode invalid);

}  // namespace linebridge::control
