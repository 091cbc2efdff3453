#include "sip/session_timer.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

constexpr std::chrono::seconds least_interval{90};  // RFC 4028 section 4.
constexpr std::chrono::hours most_interval{24};     // What a Min-SE may drive ours up to.

std::optional<std::chrono::seconds> seconds_of(const Message& request, std::string_view name) {
  const auto header = request.head.first(name);
  if (!header) return std::nullopt;
  const auto number = to_number<std::uint32_t>(trim(header->substr(0, header->find(';'))));
  if (!number) return std::nullopt;
  return std::chrono::seconds(*number);
}

bool wants_us_to_refresh(const Message& request) {
  const auto header = request.head.first("Session-Expires");
  return header && iequals(header_parameter(*header, "refresher").value_or(""), "uas");
}

}  // namespace

std::string SessionTimer::header() const {
  if (refresher == Refresher::none) return {};
  return std::to_string(interval.count()) + (refresher == Refresher::uac ? ";refresher=uac" : ";refresher=uas");
}

bool lists_extension(const Message& request, std::string_view option) {
  for (const auto& line : request.head.lines()) {
    if (!HeadView::same_name(line.name, "Supported") && !HeadView::same_name(line.name, "Require")) continue;
    for (std::string_view rest = line.value; !rest.empty();)
      if (iequals(take_value(rest), option)) return true;
  }
  return false;
}

std::variant<SessionTimer, IntervalTooSmall> negotiate(const Message& request, std::chrono::seconds ours) {
  if (!lists_extension(request, "timer")) return SessionTimer{Refresher::none, ours};
  const auto asked = seconds_of(request, "Session-Expires");
  if (asked && *asked < least_interval) return IntervalTooSmall{least_interval};
  const auto least =
      std::min<std::chrono::seconds>(seconds_of(request, "Min-SE").value_or(least_interval), most_interval);
  const auto interval = std::max(std::min(ours, asked.value_or(ours)), least);
  return SessionTimer{wants_us_to_refresh(request) ? Refresher::uas : Refresher::uac,
                      std::min(interval, asked.value_or(interval))};
}

}  // namespace linebridge::sip
