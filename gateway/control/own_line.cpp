#include "control/own_line.hpp"

#include "numbers/line_uri.hpp"

namespace linebridge::control {

bool is_own(const model::DeviceId& asked, const model::DeviceId& own) {
  if (asked == own) return true;
  const auto a = numbers::parse_line_uri(asked.value);
  const auto b = numbers::parse_line_uri(own.value);
  return a && b && numbers::same_number(a.value(), b.value());
}

std::optional<model::ErrorCode> refusal_of(const model::DeviceId& asked, const model::DeviceId& own,
                                           model::ErrorCode invalid) {
  if (is_own(asked, own)) return std::nullopt;
  if (!numbers::parse_line_uri(asked.value)) return invalid;
  return model::errors::privilege_violation;
}

}  // namespace linebridge::control
