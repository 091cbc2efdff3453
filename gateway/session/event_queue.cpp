#include "session/event_queue.hpp"

#include <utility>

namespace linebridge::session {
namespace {

constexpr unsigned silent_after = 2;

}  // namespace

bool EventQueue::push(std::string body) {
  if (waiting_.size() >= limits_.events || bytes_ + body.size() > limits_.bytes) return false;
  bytes_ += body.size();
  waiting_.push_back(std::move(body));
  return true;
}

std::optional<EventQueue::Outgoing> EventQueue::take(TimePoint now) {
  if (waiting_.empty() || (deadline_ && !silent_)) return std::nullopt;
  Outgoing next{++sent_, std::move(waiting_.front())};
  waiting_.pop_front();
  bytes_ -= next.body.size();
  deadline_ = silent_ ? std::optional<TimePoint>() : now + limits_.answer_within;
  return next;
}

bool EventQueue::answered(std::uint64_t number) {
  ++answers_;
  unanswered_in_row_ = 0;
  if (number == sent_) deadline_.reset();
  return std::exchange(silent_, false);
}

bool EventQueue::expire(TimePoint now) {
  if (!deadline_ || *deadline_ > now) return false;
  deadline_.reset();
  ++timeouts_;
  if (++unanswered_in_row_ < silent_after || silent_) return false;
  silent_ = true;
  return true;
}

}  // namespace linebridge::session
