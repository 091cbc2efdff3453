#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What messages are called by everybody else: in traces, logs and the developers guides.
namespace linebridge::cti::qbe {

/// The last id that protocol versions 0x00100000 and 0x00110000 assign.
inline constexpr std::uint32_t last_id = 315;

/// "NewCallEvent", with or without a layout in our tables; empty for an id that is not assigned.
std::string name_of(std::uint32_t id);

/// A layout's name as others write it: new_call_event gives "NewCallEvent".
std::string message_name(std::string_view ours);

}  // namespace linebridge::cti::qbe
