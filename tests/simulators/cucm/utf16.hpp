#pragma once

#include <string>
#include <string_view>

namespace linebridge::sim::cucm {

/// UTF-16LE units for a UTF-8 text; what is no UTF-8 becomes U+FFFD.
std::string utf16_from_utf8(std::string_view utf8);
void append_utf16(std::string& out, std::string_view utf8);
/// The other way; lone surrogates become U+FFFD. `units` has an even size.
std::string utf8_from_utf16(std::string_view units);

}  // namespace linebridge::sim::cucm
