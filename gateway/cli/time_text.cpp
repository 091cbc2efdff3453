#include "cli/time_text.hpp"

#include <chrono>

namespace linebridge::cli {
namespace {

std::string digits(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

using Days = std::chrono::sys_days;

Days day_of(std::int64_t at_us) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at_us)));
}

std::string date_text(Days day) {
  const std::chrono::year_month_day date(day);
  return digits(static_cast<int>(date.year()), 4) + "-" + digits(static_cast<unsigned>(date.month()), 2) + "-" +
         digits(static_cast<unsigned>(date.day()), 2);
}

std::string clock_text(std::int64_t at_us) {
  const auto since = std::chrono::microseconds(at_us) -
                     std::chrono::duration_cast<std::chrono::microseconds>(day_of(at_us).time_since_epoch());
  const std::chrono::hh_mm_ss time(since);
  return digits(time.hours().count(), 2) + ":" + digits(time.minutes().count(), 2) + ":" +
         digits(time.seconds().count(), 2) + "." + digits(time.subseconds().count(), 6);
}

}  // namespace

std::string time_text(std::int64_t at_us) {
  return date_text(day_of(at_us)) + " " + clock_text(at_us);
}

}  // namespace linebridge::cli
