#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/deadlines.hpp"
#include "base/time.hpp"

namespace linebridge::cti::qbe {

/// The requests of one link: those that wait for a turn, and those sent that wait for an answer. Each has a
/// deadline from the moment it is added. One whose deadline passed after it was sent is remembered for a while,
/// so that its late answer is known for what it is.
template <class Job>
class Pending {
public:
  struct Expired {
    Job job;
    std::optional<TimePoint> sent;  ///< Empty: it never left.
  };
  struct Taken {
    Job job;
    bool late;
  };

  /// `outstanding`: how many may be unanswered on the wire.
  explicit Pending(std::size_t outstanding) : most_(outstanding) {}

  /// Adds a job; one that goes on with work already begun goes `ahead` of those that begin something.
  void add(Job job, TimePoint deadline, bool ahead) {
    const Order order{ahead ? 0 : 1, ++count_};
    const auto timer = deadlines_.add(deadline, Key{order, 0, false});
    waiting_.emplace(order, Waiting{std::move(job), timer, deadline});
  }

  /// The next job that may be sent, now noted as sent under `seq`; null if none may. Good until the next call.
  /// `may`: asked for each job that waits, in order, whether it may go now.
  template <class May>
  const Job* send_next(std::uint32_t seq, TimePoint now, May may) {
    if (outstanding_ >= most_) return nullptr;
    auto first = waiting_.begin();
    while (first != waiting_.end() && !may(first->second.job))
      ++first;
    if (first == waiting_.end()) return nullptr;
    Waiting waiting = std::move(first->second);
    waiting_.erase(first);
    deadlines_.cancel(waiting.timer);
    const auto timer = deadlines_.add(waiting.deadline, Key{{}, seq, true});
    ++outstanding_;
    return &sent_.insert_or_assign(seq, Sent{std::move(waiting.job), timer, now, false}).first->second.job;
  }

  /// The job sent as `seq`, answered or not yet; null if there is none.
  Job* find(std::uint32_t seq) {
    const auto at = sent_.find(seq);
    return at == sent_.end() ? nullptr : &at->second.job;
  }

  /// Takes what was sent as `seq`: its answer is here. Empty: nothing was, or it is long forgotten.
  std::optional<Taken> take(std::uint32_t seq) {
    const auto at = sent_.find(seq);
    if (at == sent_.end()) return std::nullopt;
    Sent sent = std::move(at->second);
    sent_.erase(at);
    if (sent.late) return Taken{std::move(sent.job), true};
    deadlines_.cancel(sent.timer);
    --outstanding_;
    return Taken{std::move(sent.job), false};
  }

  /// One job whose time is up, oldest first.
  std::optional<Expired> expire(TimePoint now) {
    const auto key = deadlines_.pop(now);
    if (!key) return std::nullopt;
    if (!key->sent) {
      auto node = waiting_.extract(key->order);
      return Expired{std::move(node.mapped().job), std::nullopt};
    }
    Sent& sent = sent_.at(key->seq);
    sent.late = true;
    --outstanding_;
    remember_late(key->seq);
    return Expired{sent.job, sent.at};
  }

  std::optional<TimePoint> next_deadline() const { return deadlines_.next(); }
  std::size_t outstanding() const { return outstanding_; }
  std::size_t waiting() const { return waiting_.size(); }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [seq, sent] : sent_)
      if (!sent.late) visit(sent.job);
    for (const auto& [order, waiting] : waiting_)
      visit(waiting.job);
  }

private:
  static constexpr std::size_t most_late = 1024;
  using Order = std::pair<int, std::uint64_t>;
  struct Key {
    Order order;
    std::uint32_t seq = 0;
    bool sent = false;
  };
  using Timer = typename Deadlines<Key>::Id;
  struct Waiting {
    Job job;
    Timer timer;
    TimePoint deadline;
  };
  struct Sent {
    Job job;
    Timer timer;
    TimePoint at;
    bool late;
  };

  void remember_late(std::uint32_t seq) {
    late_.push_back(seq);
    if (late_.size() <= most_late) return;
    const auto oldest = sent_.find(late_.front());
    if (oldest != sent_.end() && oldest->second.late) sent_.erase(oldest);
    late_.pop_front();
  }

  std::size_t most_;
  std::size_t outstanding_ = 0;
  std::uint64_t count_ = 0;
  std::map<Order, Waiting> waiting_;
  std::unordered_map<std::uint32_t, Sent> sent_;
  std::deque<std::uint32_t> late_;
  Deadlines<Key> deadlines_;
};

}  // namespace linebridge::cti::qbe
