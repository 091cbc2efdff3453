#pragma once

#include <string>
#include <string_view>

/// The two encodings of text that meet in CTI/QBE: UTF-8 inside, UTF-16LE in its unicode fields.
namespace linebridge::cti::qbe {

/// Appends `utf8` as UTF-16LE, two bytes a unit. What is no UTF-8 becomes U+FFFD.
void append_utf16(std::string& out, std::string_view utf8);

/// UTF-16LE as UTF-8; a lone surrogate becomes U+FFFD, an odd last byte is dropped.
std::string utf8_of_utf16(std::string_view utf16);

}  // namespace linebridge::cti::qbe
