#pragma once

#include <string_view>

#include "model/events.hpp"
#include "model/services.hpp"

/// The model's enumerations in the words of ECMA-323.
namespace linebridge::csta {

std::string_view word(model::SystemStatus status);
std::string_view word(model::LocalConnectionState state);
std::string_view word(model::EventCause cause);
std::string_view word(model::ErrorCategory category);

}  // namespace linebridge::csta
