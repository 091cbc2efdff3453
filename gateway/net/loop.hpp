#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "net/socket.hpp"

namespace linebridge::net {

using Work = std::function<void()>;

/// What waits: for descriptors, for time, for names, for signals. Asio stands behind this file and nowhere
/// else.
///
/// Everything happens on the thread inside run(); only post() and quit() may be called from other threads. Work
/// is never called from inside the function that asked for it, and never after the object that asked is gone:
/// so it may hold a plain pointer to what owns that object.
class Loop {
public:
  Loop();
  ~Loop();

  void run();  ///< Until quit().
  void quit();
  void post(Work work);
  void on_signal(int number, Work work);  ///< Each time the signal comes.

  struct Impl;
  Impl& impl() { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

/// A descriptor that is waited for. Owns and closes it.
class Descriptor {
public:
  Descriptor() = default;
  Descriptor(Loop& loop, Fd fd);
  Descriptor(Descriptor&&) noexcept = default;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const;
  explicit operator bool() const { return state_ != nullptr; }
  Fd release();  ///< Gives the descriptor away; nothing is waited for any more.
  void close();
  /// Once; one wait of each kind at a time.
  void when_readable(Work work);
  void when_writable(Work work);

private:
  struct State;
  std::shared_ptr<State> state_;
};

class Timer {
public:
  explicit Timer(Loop& loop);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

  void at(TimePoint when, Work work);  ///< Replaces what was set.
  void cancel();

private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A host name looked up on a helper thread, IPv4 and IPv6. Dropping it forgets the answer.
class Lookup {
public:
  using Found =
      std::function<void(std::vector<Endpoint> endpoints, std::string reason)>;  ///< None: the reason why.
  Lookup(Loop& loop, const Address& name, Found found);
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup();

private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace linebridge::net
