#include "net/dial.hpp"

#include <algorithm>

namespace linebridge::net {
namespace {

using namespace std::chrono_literals;

constexpr Duration first_pause = 2ms;
constexpr Duration longest_pause = 100ms;

Gone gone(const std::error_code& ec) {
  if (ec == std::errc::connection_refused) return Gone::refused;
  if (ec == std::errc::timed_out) return Gone::timed_out;
  return Gone::unreachable;
}

/// A full queue of a Unix listener, or memory that is short for a moment.
bool try_later(const std::error_code& ec) {
  return ec == std::errc::resource_unavailable_try_again || ec == std::errc::no_buffer_space;
}

}  // namespace

Dial::Dial(Loop& loop, const Address& to, TimePoint until, Finished finished)
    : loop_(loop), until_(until), finished_(std::move(finished)), timer_(loop), pause_(first_pause) {
  const auto endpoint = to_endpoint(to);
  if (endpoint) {
    endpoints_.push_back(endpoint.value());
    timer_.at(TimePoint{}, [this, is_unix = to.is_unix()] { is_unix ? try_unix() : try_next(); });
  } else if (to.is_unix()) {
    timer_.at(TimePoint{}, [this, why = endpoint.error().detail] { fail(Gone::unreachable, why); });
  } else {
    look_up(to);
  }
}

void Dial::look_up(const Address& name) {
  timer_.at(until_, [this] { fail(Gone::timed_out, "name not resolved in time"); });
  lookup_.emplace(loop_, name, [this](std::vector<Endpoint> found, std::string reason) {
    endpoints_ = std::move(found);
    last_.reason = std::move(reason);
    try_next();
  });
}

void Dial::try_next() {
  descriptor_.close();
  if (tried_ == endpoints_.size()) return fail(last_.why, last_.reason);
  const auto left = static_cast<Duration::rep>(endpoints_.size() - tried_);
  const TimePoint now = std::chrono::steady_clock::now();
  std::error_code ec;
  Fd fd = begin_connect(endpoints_[tried_++], ec);
  if (ec && ec != std::errc::operation_in_progress) return next_after(ec);
  timer_.at(now + (until_ - now) / left, [this] { next_after(std::make_error_code(std::errc::timed_out)); });
  descriptor_ = Descriptor(loop_, std::move(fd));
  descriptor_.when_writable([this] { connected(); });
}

/// A Unix connect is done at once or not at all. One that met a full queue becomes writable without being
/// connected, so it is not waited for but begun again.
void Dial::try_unix() {
  std::error_code ec;
  Fd fd = begin_connect(endpoints_.front(), ec);
  const TimePoint now = std::chrono::steady_clock::now();
  if (!ec) return finish(Up{std::move(fd)});
  if (!try_later(ec)) return fail(gone(ec), ec.message());
  if (now >= until_) return fail(Gone::timed_out, "its queue stayed full");
  timer_.at(std::min(now + pause_, until_), [this] { try_unix(); });
  pause_ = std::min(2 * pause_, longest_pause);
}

void Dial::connected() {
  if (const auto ec = pending_error(descriptor_.get())) return next_after(ec);
  finish(Up{descriptor_.release()});
}

void Dial::next_after(const std::error_code& ec) {
  last_ = {gone(ec), ec.message()};
  try_next();
}

void Dial::fail(Gone why, std::string reason) {
  descriptor_.close();
  finish(Failed{why, std::move(reason)});
}

/// Nothing of this object is touched after the call: it may be gone.
void Dial::finish(Outcome outcome) {
  timer_.cancel();
  const Finished finished = std::move(finished_);
  finished(std::move(outcome));
}

}  // namespace linebridge::net
