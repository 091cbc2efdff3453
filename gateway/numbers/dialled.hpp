#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/events.hpp"
#include "model/ids.hpp"

namespace linebridge::numbers {

/// Longest number that is dialled.
inline constexpr std::size_t most_digits = 64;

/// What the switch shall dial for a CSTA calledDirectoryNumber: 1 to 64 of 0-9 * # A-D, after a plus sign if
/// there was one. Takes "tel:+1555...", "tel:1002;phone-context=dialstring", "sip:1002@host;user=phone" (the
/// user part) and bare "1002"; visual separators and blanks fall away, %XX is decoded, parameters are not
/// dialled. Errors: unsupported (another scheme), too_long, malformed (no digits, or something that cannot be
/// dialled).
Result<std::string> to_dial(std::string_view called);

/// The URI under which clients are shown a number of the switch: "tel:+NUMBER", else
/// "tel:DIGITS;phone-context=dialstring". A backslash before the plus falls away; what a tel URI must not hold
/// is written as %XX. Empty for an empty number.
model::DeviceId to_tel_uri(std::string_view number);

/// The same as a device in an event; an empty number is a device that is not known.
model::EventDevice to_event_device(std::string_view number);

}  // namespace linebridge::numbers
