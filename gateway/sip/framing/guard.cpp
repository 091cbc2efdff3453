#include "sip/framing/guard.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

/// Whether there are more than `most` of a character; most lines have none, and find() sees that fast.
bool more_than(std::size_t most, std::string_view text, char c) {
  std::size_t found = 0;
  for (std::size_t at = text.find(c); at != std::string_view::npos; at = text.find(c, at + 1))
    if (++found > most) return true;
  return false;
}

Status guard_line(const HeaderLine& line, const HeadLimits& limits) {
  // Separators inside quotes count too: a parser has to look at them as well.
  if (more_than(limits.values - 1, line.value, ','))
    return Error{Errc::too_long, "too many values in " + printable(line.name, 40)};
  if (more_than(limits.parameters, line.value, ';'))
    return Error{Errc::too_long, "too many parameters in " + printable(line.name, 40)};
  return Done{};
}

}  // namespace

Status guard(std::string_view head, const HeadLimits& limits) {
  head.remove_prefix(std::min(head.find('\n'), head.size() - 1) + 1);
  for (HeaderLine line; take_header_line(head, line);)
    if (auto ok = guard_line(line, limits); !ok) return ok;
  return Done{};
}

Status guard(const HeadView& head, const HeadLimits& limits) {
  for (const auto& line : head.lines())
    if (auto ok = guard_line(line, limits); !ok) return ok;
  return Done{};
}

}  // namespace linebridge::sip
