#include "sip/framing/guard.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::sip {

Status guard(std::string_view head, const HeadLimits& limits) {
  head.remove_prefix(std::min(head.find('\n'), head.size() - 1) + 1);
  for (HeaderLine line; take_header_line(head, line);) {
    // Separators inside quotes count too: a parser has to look at them as well.
    const auto values = static_cast<std::size_t>(std::count(line.value.begin(), line.value.end(), ','));
    const auto parameters = static_cast<std::size_t>(std::count(line.value.begin(), line.value.end(), ';'));
    if (values >= limits.values) return Error{Errc::too_long, "too many values in " + printable(line.name, 40)};
    if (parameters > limits.parameters)
      return Error{Errc::too_long, "too many parameters in " + printable(line.name, 40)};
  }
  return Done{};
}

}  // namespace linebridge::sip
