#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linebridge::cti::qbe {

/// What a number says in `field` of the message or element `layout`: "CONNECTED" for 8 in the state of a
/// call_state_changed_event_v2, "STATIC|LINES" where it is a set of bits, the name of an error code. Empty if
/// no word is known for it. Source: JTAPI developers guide, and Q.850 for causes.
std::string meaning(std::string_view layout, std::string_view field, std::uint32_t value);

}  // namespace linebridge::cti::qbe
