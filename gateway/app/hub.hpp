#pragma once

#include <functional>
#include <map>
#include <optional>

#include "core/gateway.hpp"
#include "net/shell.hpp"

namespace linebridge::app {

/// Where the shell and the core meet: turns the shell's events into the core's inputs, and is the core's
/// Outbox.
class Hub final : public core::Outbox {
public:
  using Reply = std::function<void(view::Answer)>;

  Hub(net::Shell& shell, core::Gateway& gateway) : shell_(shell), gateway_(gateway) {}

  void start(TimePoint now) { gateway_.start(now, *this); }
  /// One turn of the core. Ends the loop once the core has ended in order.
  std::optional<TimePoint> turn(const core::Input& input, TimePoint now);
  /// Orders something of the core; `reply` is called once, within this call or in a later turn.
  void ask(view::Order order, TimePoint now, Reply reply);

  std::string& to(PeerId peer) override { return shell_.to(peer); }
  std::size_t queued(PeerId peer) const override { return shell_.queued(peer); }
  PeerId dial(const Target& target) override { return shell_.dial(target); }
  void close(PeerId peer, Flush flush) override { shell_.close(peer, flush); }
  void read(PeerId peer, bool on) override { shell_.read(peer, on); }
  void reply(std::uint64_t id, view::Answer answer) override;

private:
  net::Shell& shell_;
  core::Gateway& gateway_;
  std::map<std::uint64_t, Reply> waiting_;
  std::uint64_t last_question_ = 0;
};

}  // namespace linebridge::app
