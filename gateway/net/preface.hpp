#pragma once

#include <functional>
#include <string>

#include "base/door.hpp"
#include "base/result.hpp"
#include "net/loop.hpp"

namespace linebridge::net {

/// Reads the PROXY header off a connection just accepted, and not one byte more.
class PrefaceReader {
public:
  struct Ready {
    Fd fd;
    ProxyHeader header;
  };
  /// Called once; the reader may be destroyed in it. Errors: timed_out, closed (before the first byte: detail
  /// is empty), malformed, too_long, unsupported.
  using Finished = std::function<void(Result<Ready>)>;

  PrefaceReader(Loop& loop, Fd fd, TimePoint until, Finished finished);
  PrefaceReader(const PrefaceReader&) = delete;
  PrefaceReader& operator=(const PrefaceReader&) = delete;

private:
  void wait();
  void take();
  void fail(Errc code, std::string detail);
  void finish(Result<Ready> result);

  Descriptor descriptor_;
  Timer limit_;
  Finished finished_;
  std::string head_;
};

}  // namespace linebridge::net
