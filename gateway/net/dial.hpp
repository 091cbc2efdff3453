#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/door.hpp"
#include "net/loop.hpp"

namespace linebridge::net {

/// One attempt to reach a target: its name is looked up, its addresses are tried one after the other, each with
/// its share of the time that is left. A Unix socket whose queue is full is tried again.
class Dial {
public:
  struct Up {
    Fd fd;
  };
  struct Failed {
    Gone why;
    std::string reason;
  };
  using Outcome = std::variant<Up, Failed>;
  /// Called once, never from inside the constructor; the Dial may be destroyed in it.
  using Finished = std::function<void(Outcome)>;

  Dial(Loop& loop, const Address& to, TimePoint until, Finished finished);
  Dial(const Dial&) = delete;
  Dial& operator=(const Dial&) = delete;

private:
  void look_up(const Address& name);
  void try_next();
  void try_unix();
  void connected();
  void next_after(const std::error_code& ec);
  void fail(Gone why, std::string reason);
  void finish(Outcome outcome);

  Loop& loop_;
  const TimePoint until_;
  Finished finished_;
  Timer timer_;
  std::optional<Lookup> lookup_;
  std::vector<Endpoint> endpoints_;
  std::size_t tried_ = 0;
  Duration pause_{};  ///< Before the next try of a Unix socket.
  Descriptor descriptor_;
  Failed last_{Gone::unreachable, "no address"};
};

}  // namespace linebridge::net
