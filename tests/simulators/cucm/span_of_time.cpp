#include "tests/simulators/cucm/span_of_time.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace linebridge::sim::cucm {

std::optional<Duration> to_duration(std::string_view text) {
  using std::chrono::milliseconds;
  constexpr std::uint64_t longest = 24 * 60 * 60 * 1000;
  const std::size_t end = text.find_first_not_of("0123456789.");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view unit = text.substr(end), number = text.substr(0, end);
  const std::uint64_t scale = unit == "ms"  ? 1
                              : unit == "s" ? 1000
                              : unit == "m" ? 60'000
                              : unit == "h" ? 3'600'000
                                            : 0;
  const std::size_t dot = number.find('.');
  const auto whole = to_number<std::uint64_t>(number.substr(0, dot));
  if (scale == 0 || !whole || *whole > longest) return std::nullopt;
  std::uint64_t sum = *whole * scale;
  if (dot != std::string_view::npos) {
    const std::string_view behind = number.substr(dot + 1);
    const auto part = to_number<std::uint64_t>(behind);
    if (!part || behind.size() > 3) return std::nullopt;
    std::uint64_t parts = 1;
    for (std::size_t i = 0; i < behind.size(); ++i)
      parts *= 10;
    sum += *part * scale / parts;
  }
  if (sum > longest) return std::nullopt;
  return milliseconds(sum);
}

std::string to_text(Duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + "ms";
}

}  // namespace linebridge::sim::cucm
