#include "session/farewell.hpp"

#include <algorithm>

namespace linebridge::session {
namespace {

TimePoint last_go(TimePoint now, TimePoint by, Duration answers) {
  const Duration time = std::max(by - now, Duration::zero());
  return now + time - std::min(answers, time / 4);
}

}  // namespace

Farewell::Farewell(Settings settings, TimePoint now, TimePoint by)
    : settings_(settings), last_(last_go(now, by, settings.answers)), next_(now) {}

std::size_t Farewell::due(TimePoint now, std::size_t left) const {
  return now < next_ ? 0 : std::min(left, settings_.at_once);
}

Duration::rep Farewell::goes(std::size_t left) const {
  return static_cast<Duration::rep>((left + settings_.at_once - 1) / settings_.at_once);
}

void Farewell::went(TimePoint now, std::size_t left) {
  const Duration share = std::max(last_ - now, Duration::zero()) / std::max<Duration::rep>(goes(left), 1);
  next_ = now + std::clamp(share, settings_.least_gap, settings_.gap);
}

bool Farewell::pressed(TimePoint now, std::size_t left) const {
  return now + settings_.gap * goes(left) >= last_;
}

void Farewell::shorten(TimePoint now, TimePoint by) {
  last_ = std::min(last_, last_go(now, by, settings_.answers));
  next_ = std::min(next_, now + settings_.gap);
}

}  // namespace linebridge::session
