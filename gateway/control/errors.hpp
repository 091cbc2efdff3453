#pragma once

#include <cstdint>
#include <string>

#include "cti/driver/driver.hpp"
#include "model/events.hpp"
#include "model/services.hpp"

namespace linebridge::control {

/// What the client is told when the switch refused an operation. Codes are CTI's (the low word is what counts).
model::ErrorCode error_of(const cti::driver::Failure& failure);
/// The same in words for the log.
std::string words_of(const cti::driver::Failure& failure);

/// The CSTA cause of a call that ended with this cause of the switch (Q.850 numbers and some of the switch's
/// own).
model::EventCause cause_of(std::uint32_t cause);

}  // namespace linebridge::control
