#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "tests/simulators/cucm/fields.hpp"
#include "tests/simulators/cucm/frame.hpp"

namespace linebridge::sim::cucm {

/// How a side writes. Both forms are read.
struct Dialect {
  std::uint32_t version = 0x00100000;
  bool unicode_nul = true;          ///< Ends unicode fields with a NUL, as servers must.
  std::size_t numbers_reserve = 1;  ///< Room for number lists, in multiples of what is needed.
};
/// The client library sends unicode without a NUL and reserves four times the room for number lists.
inline Dialect client_dialect(std::uint32_t version = 0x00100000) {
  return {version, false, 4};
}

/// Appends the frame. Fields that are not set are written as 0, false, empty text (one NUL) or an empty list;
/// Null is written with length 0. The message must have a layout.
void encode(const Message& message, const Dialect& dialect, std::string& out);

/// Reads the fields. Fields missing at the end are left out, further ones are ignored, as both happen between
/// versions. Errors: unsupported (no such message), malformed (offset or size outside the variable part, text
/// without a NUL, boolean that is none, elements nested deeper than 4).
Result<Message> decode(const Frame& frame);

/// Element with every flag of its layout true, as the filters of a client that wants everything.
Fields all_flags(std::string_view element_name);

}  // namespace linebridge::sim::cucm
