#include "sip/framing/guard.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

Status guard_line(const HeaderLine& line, const HeadLimits& limits) {
  // A line shorter than the limits cannot pass them. Separators inside quotes count too: a parser has to look
  // at them as well.
  if (line.value.size() < std::min(limits.values, limits.parameters)) return Done{};
  std::size_t values = 0;
  std::size_t parameters = 0;
  for (const char c : line.value) {
    values += c == ',' ? 1 : 0;
    parameters += c == ';' ? 1 : 0;
  }
  if (values >= limits.values) return Error{Errc::too_long, "too many values in " + printable(line.name, 40)};
  if (parameters > limits.parameters)
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
