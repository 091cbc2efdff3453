#include "net/loop.hpp"

#include <cassert>
#include <cstring>
#include <list>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace linebridge::net {

namespace asio = boost::asio;
using boost::system::error_code;

struct Loop::Impl {
  struct Signal {
    Signal(asio::io_context& io, int number, Work what) : set(io, number), work(std::move(what)) {}
    asio::signal_set set;
    Work work;
  };

  void wait(Signal& signal) {
    signal.set.async_wait([this, &signal](error_code ec, int) {
      if (ec) return;
      signal.work();
      wait(signal);
    });
  }

  asio::io_context io{1};
  asio::ip::tcp::resolver resolver{io};
  std::list<Signal> signals;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::run() {
  const auto guard = asio::make_work_guard(impl_->io);
  impl_->io.restart();
  impl_->io.run();
}

void Loop::quit() {
  impl_->io.stop();
}

void Loop::post(Work work) {
  asio::post(impl_->io, std::move(work));
}

void Loop::on_signal(int number, Work work) {
  impl_->wait(impl_->signals.emplace_back(impl_->io, number, std::move(work)));
}

struct Descriptor::State {
  State(asio::io_context& io, Fd fd) : watched(io) {
    error_code ec;
    watched.assign(fd.get(), ec);
    if (!ec) fd.release();
  }

  asio::posix::stream_descriptor watched;
  Work readable, writable;  ///< Empty: nobody waits. A completion that is already queued finds that out here.
};

Descriptor::Descriptor(Loop& loop, Fd fd) : state_(std::make_shared<State>(loop.impl().io, std::move(fd))) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    state_ = std::move(other.state_);
  }
  return *this;
}

Descriptor::~Descriptor() {
  close();
}

int Descriptor::get() const {
  return state_ ? state_->watched.native_handle() : -1;
}

Fd Descriptor::release() {
  const auto state = std::exchange(state_, nullptr);
  if (!state) return Fd();
  state->readable = nullptr;
  state->writable = nullptr;
  return state->watched.is_open() ? Fd(state->watched.release()) : Fd();
}

void Descriptor::close() {
  const Fd closed = release();
}

void Descriptor::when_readable(Work work) {
  assert(state_ && !state_->readable);
  state_->readable = std::move(work);
  state_->watched.async_wait(asio::posix::stream_descriptor::wait_read, [state = state_](error_code) {
    if (const Work ready = std::exchange(state->readable, nullptr)) ready();
  });
}

void Descriptor::when_writable(Work work) {
  assert(state_ && !state_->writable);
  state_->writable = std::move(work);
  state_->watched.async_wait(asio::posix::stream_descriptor::wait_write, [state = state_](error_code) {
    if (const Work ready = std::exchange(state->writable, nullptr)) ready();
  });
}

struct Timer::State {
  explicit State(asio::io_context& io) : timer(io) {}

  asio::steady_timer timer;
  Work work;
  std::uint64_t set =
      0;  ///< Which at() the work belongs to: an expiry that is already queued may be an older one's.
};

Timer::Timer(Loop& loop) : state_(std::make_shared<State>(loop.impl().io)) {}

Timer::~Timer() {
  cancel();
}

void Timer::at(TimePoint when, Work work) {
  state_->work = std::move(work);
  state_->timer.expires_at(when);
  state_->timer.async_wait([state = state_, set = ++state_->set](error_code) {
    if (set != state->set) return;
    if (const Work due = std::exchange(state->work, nullptr)) due();
  });
}

void Timer::cancel() {
  ++state_->set;
  state_->work = nullptr;
  state_->timer.cancel();
}

struct Lookup::State {
  Found found;
};

Lookup::Lookup(Loop& loop, const Address& name, Found found)
    : state_(std::make_shared<State>(State{std::move(found)})) {
  using Results = asio::ip::tcp::resolver::results_type;
  loop.impl().resolver.async_resolve(
      name.host, std::to_string(name.port), asio::ip::tcp::resolver::numeric_service,
      [weak = std::weak_ptr(state_)](error_code ec, const Results& results) {
        const auto state = weak.lock();
        if (!state) return;
        std::vector<Endpoint> endpoints;
        for (const auto& result : results) {
          auto& endpoint = endpoints.emplace_back();
          endpoint.size = static_cast<socklen_t>(result.endpoint().size());
          std::memcpy(&endpoint.storage, result.endpoint().data(), result.endpoint().size());
        }
        state->found(std::move(endpoints), ec ? ec.message() : "no address");
      });
}

Lookup::~Lookup() = default;

}  // namespace linebridge::net
