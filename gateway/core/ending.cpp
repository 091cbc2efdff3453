#include <algorithm>

#include "base/catalogue.hpp"
#include "core/impl.hpp"

namespace linebridge::core {

void Gateway::Impl::stop(TimePoint by) {
  if (stopping_ && by >= stop_by_) return;
  stop_by_ = by;
  timers_.add(by, {TimerKind::ending, 0});
  const bool again = std::exchange(stopping_, true);
  if (again && !ending_) return;
  if (!again) {
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(by - now_);
    log_.write(catalogue::node_stopping, {{"node", settings_.name},
                                          {"sessions", std::to_string(sessions_.size())},
                                          {"within_ms", std::to_string(time.count())}});
    timers_.cancel(drain_timer_);
  }
  begin_ending("the node stops", by);
}

bool Gateway::Impl::finished() const {
  if (!stopping_) return false;
  return now_ >= stop_by_ || (!ending_ && link_of_peer_.empty());
}

std::optional<session::Refusal> Gateway::Impl::no_entry() {
  if (!stopping_ && !draining_) return std::nullopt;
  counters_.add(Counter::refused_stopping);
  return stopping_ ? session::Reception::stopping() : session::Reception::draining();
}

view::Answer Gateway::Impl::drain(const view::Drain& order) {
  if (stopping_) return view::Refused{"the node stops"};
  if (!order.on && !draining_) return drainage();
  // The last order holds: also an end of all sessions that has begun is called off.
  timers_.cancel(drain_timer_);
  drain_until_.reset();
  if (ending_) timers_.cancel(ending_->timer);
  ending_.reset();
  draining_ = order.on;
  const std::string sessions = std::to_string(sessions_.size());
  if (!order.on) {
    log_.write(catalogue::node_drain_undone, {{"node", settings_.name}, {"sessions", sessions}});
    return drainage();
  }
  if (order.seconds_most > 0) {
    drain_until_ = now_ + std::chrono::seconds(order.seconds_most);
    drain_timer_ = timers_.add(*drain_until_, {TimerKind::drain, 0});
  }
  const std::string most = order.seconds_most > 0 ? std::to_string(order.seconds_most) : "no limit";
  log_.write(catalogue::node_draining, {{"node", settings_.name}, {"sessions", sessions}, {"seconds", most}});
  if (sessions_.empty()) log_.write(catalogue::node_drained, {{"node", settings_.name}});
  return drainage();
}

view::Drainage Gateway::Impl::drainage() const {
  const auto left =
      drain_until_ && !stopping_ ? std::max(*drain_until_ - now_, Duration::zero()) : Duration::zero();
  const char* state = stopping_ ? "stopping" : ending_ ? "ending sessions" : draining_ ? "draining" : "serving";
  return {state, sessions_.size(), std::chrono::ceil<std::chrono::seconds>(left).count()};
}

void Gateway::Impl::drain_over() {
  drain_until_.reset();
  if (!draining_ || stopping_ || sessions_.empty()) return;
  log_.write(catalogue::node_drain_over,
             {{"node", settings_.name}, {"sessions", std::to_string(sessions_.size())}});
  begin_ending("the time of the node's drain is up", now_ + settings_.drain_within);
}

void Gateway::Impl::begin_ending(std::string why, TimePoint by) {
  if (ending_) {
    ending_->why = std::move(why);
    ending_->by = std::min(ending_->by, by);
    ending_->pace.shorten(now_, by);
    return go_on_ending();
  }
  ending_.emplace(Ending{
      std::move(why), by, session::Farewell(settings_.farewell, now_, by), {}, {}, {}, false, 0, 0, 0, {}});
  for (const auto& [id, session] : sessions_)
    ending_->left.push_back(id);
  std::sort(ending_->left.begin(), ending_->left.end());
  go_on_ending();
}

void Gateway::Impl::go_on_ending() {
  if (!ending_) return;
  timers_.cancel(ending_->timer);
  if (!ending_->left.empty()) {
    tell_some();
    if (!ending_->left.empty()) {
      ending_->timer = timers_.add(ending_->pace.next(), {TimerKind::ending, 0});
      return;
    }
  }
  all_told();
}

// Sessions with a request at the switch go last, so that its answer still reaches them.
void Gateway::Impl::tell_some() {
  Ending& ending = *ending_;
  const std::size_t most = ending.pace.due(now_, ending.left.size());
  for (std::size_t looked = 0; looked < most; ++looked) {
    const std::uint64_t id = ending.left.front();
    ending.left.pop_front();
    Session* session = find({id});
    if (session == nullptr) continue;
    if (!session->pending.empty() && !ending.pace.pressed(now_, ending.left.size() + 1)) {
      ending.left.push_back(id);
    } else {
      tell(*session);
    }
  }
  if (most > 0) ending.pace.went(now_, ending.left.size());
}

void Gateway::Impl::tell(Session& session) {
  Ending& ending = *ending_;
  while (!session.pending.empty())
    respond({session.id,
             {session.pending.begin()->first},
             model::Refused{model::errors::generic_resource},
             ending.why});
  const std::string name = session.trace_name;
  const std::uint64_t former = last_transaction_;
  end(session, Goodbye::bye, ending.why);
  if (last_transaction_ != former) {
    ++ending.told;
    ending.unanswered.insert(last_transaction_);
    return counters_.add(Counter::goodbyes_sent);
  }
  ++ending.unreachable;
  counters_.add(Counter::goodbyes_lost);
  log_.write(catalogue::session_unreachable, {{"session", name}});
}

void Gateway::Impl::all_told() {
  Ending& ending = *ending_;
  ending.answers_by = std::min(ending.answers_by.value_or(now_ + settings_.farewell.answers), ending.by);
  if (stopping_ && !std::exchange(ending.links_closed, true)) {
    settle();
    for (std::size_t i = 0; i < pool_.size(); ++i)
      pool_.stop(i, now_, link_buffer(i), links_);
  }
  if (ending.unanswered.empty() || now_ >= *ending.answers_by) return ended();
  ending.timer = timers_.add(*ending.answers_by, {TimerKind::ending, 0});
}

void Gateway::Impl::goodbye_answered(std::uint64_t transaction) {
  if (!ending_ || ending_->unanswered.erase(transaction) == 0) return;
  ++ending_->answered;
  counters_.add(Counter::goodbyes_answered);
  if (ending_->answers_by && ending_->unanswered.empty()) ended();
}

void Gateway::Impl::ended() {
  log_.write(catalogue::node_told, {{"node", settings_.name},
                                    {"reason", ending_->why},
                                    {"told", std::to_string(ending_->told)},
                                    {"answered", std::to_string(ending_->answered)},
                                    {"unanswered", std::to_string(ending_->unanswered.size())},
                                    {"unreachable", std::to_string(ending_->unreachable)}});
  timers_.cancel(ending_->timer);
  ending_.reset();
}

}  // namespace linebridge::core
