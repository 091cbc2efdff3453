#pragma once

#include <functional>

#include "base/log.hpp"
#include "net/loop.hpp"

namespace linebridge::net {

/// Takes connections off one listening socket. Where the process has no descriptor left it waits and tries
/// again; the connections wait in the operating system's queue meanwhile.
class Acceptor {
public:
  using Accepted = std::function<void(Fd)>;
  Acceptor(Loop& loop, Fd listener, Address where, Log& log, Accepted accepted);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  ~Acceptor();  ///< Removes the path of a Unix socket.

private:
  void wait();
  void take();
  void pause(const std::error_code& why);

  Descriptor listener_;
  const Address where_;
  Log& log_;
  const Accepted accepted_;
  Timer retry_;
};

}  // namespace linebridge::net
