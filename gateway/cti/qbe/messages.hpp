#pragma once

#include <cstdint>
#include <span>

#include "cti/qbe/layout.hpp"
#include "cti/qbe/table_call.hpp"
#include "cti/qbe/table_device.hpp"
#include "cti/qbe/table_line.hpp"
#include "cti/qbe/table_provider.hpp"

/// The messages whose layout is known, in the field order of protocol versions 0x00100000 and 0x00110000: one
/// line each in the table_ headers. Requests begin with `seq`, responses repeat it; a response has the id of
/// its request + 1, or is a failure_response. Events have neither.
namespace linebridge::cti::qbe::messages {

/// The message with this id; null if the tables lack it.
const Layout* find(std::uint32_t id);
/// All of them, by id.
std::span<const Layout* const> all();

}  // namespace linebridge::cti::qbe::messages
