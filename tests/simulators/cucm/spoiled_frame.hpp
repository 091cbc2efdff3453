#pragma once

#include <cstdint>
#include <string>

#include "tests/simulators/cucm/fault.hpp"

/// What faults do to a single frame.
namespace linebridge::sim::cucm {

/// Makes a header that no reader may take.
void spoil(std::string& frame, Spoil how);

/// Puts `bytes` zeros behind the fixed part. What points into the variable part points there still.
void lengthen(std::string& frame, std::uint32_t bytes);

/// Counts the last `bytes` of the fixed part to the variable part. Nothing moves; a fixed part cannot get
/// shorter than nothing.
void shorten(std::string& frame, std::uint32_t bytes);

/// A frame of any id with a fixed part of zeros.
std::string bare_frame(std::int32_t id, std::uint32_t version, std::uint32_t fixed_bytes);

}  // namespace linebridge::sim::cucm
