#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/gateway.hpp"
#include "tests/bench/messages.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::bench {

/// Keeps what a node puts out, by peer; the buffers stay, as those of the shell's streams do.
class Wire final : public core::Outbox {
public:
  std::string& to(PeerId peer) override { return out_.at(peer.value); }
  std::size_t queued(PeerId) const override { return 0; }
  PeerId dial(const Target&) override;
  void close(PeerId, Flush) override {}
  void read(PeerId, bool) override {}
  void reply(std::uint64_t, view::Answer) override {}

  static constexpr std::uint64_t links_from = 32;  ///< Peers below are clients' connections.
  std::vector<PeerId> dialled;

private:
  std::vector<std::string> out_ = std::vector<std::string>(64);
};

/// Makes the lines a node would write and throws them away.
class RenderedLog final : public Log {
public:
  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    if (on && kind.level >= Level::info) bytes += render(kind, fields).size();
  }
  bool on = true;
  std::size_t bytes = 0;
};

/// What a client sends.
struct Said {
  const Client* client;
  std::string bytes;
};

/// Put around everything that goes into the node.
class Meter {
public:
  virtual ~Meter() = default;
  virtual void begin() {}
  virtual void end() {}
};

/// A whole node under load: users with a phone each, signed in over a few direct connections, and a simulated
/// CTI Manager at the other end; all in memory, under a clock that moves by itself a little with every request.
///
/// The meter sees what the node does with it and nothing of what the simulated CTI Manager and the clients do.
class Site {
public:
  struct Settings {
    std::size_t users = 15000;
    std::size_t connections = 4;
    std::size_t trace_bytes = 4 * 1024 * 1024;
  };
  Site(Settings settings, Meter& meter);
  ~Site();

  /// Connects the clients' hosts and brings the link into service.
  void start();
  /// Signs clients in, with a monitor on each line. Throws if one is refused.
  void sign_in(std::span<Client> who);
  void sign_in_all();
  /// Has a monitor started for each; what the node says is taken.
  void monitor(std::span<Client> who);

  /// Hands each client's bytes to the node, nothing else.
  void send(const std::vector<Said>& all);
  /// Lets the link work until neither side has anything to say. Each answer of the switch, with the events
  /// behind it, comes to the node by itself.
  void pump();
  /// Gives every message that the node sent to clients since, with the client.
  void received(const std::function<void(Client&, std::string_view)>& see);
  /// The 200s to the events that came; what else came is gone.
  std::vector<Said> oks();
  /// Answers the events that came, and those that follow them, with 200.
  void answer_events();
  /// The call of a client's phone ends at the phone; somebody outside calls it. Nothing is pumped.
  void hang_up(const Client& client);
  void ring(const Client& client);
  /// Moves the clock; timers that are due run.
  void advance(Duration by);

  std::vector<Client> clients;
  Counters counters;
  RenderedLog log;
  Meter* meter;  ///< Never null.

private:
  PeerId peer_of(const Client& client) const;
  void on(const core::Input& input) { node_->on(input, now_, wire_); }
  void metered(const core::Input& input);
  void tell();
  bool let_switch_work();

  Settings settings_;
  TimePoint now_{std::chrono::hours(1)};
  sim::cucm::ClusterSpec spec_;
  Random random_{repeatable(42)}, sim_random_{repeatable(43)};
  Wire wire_;
  sim::cucm::LoginKey key_;
  std::unique_ptr<sim::cucm::Exchange> exchange_;
  std::unique_ptr<sim::cucm::Traffic> traffic_;
  std::unique_ptr<sim::cucm::Shared> shared_;
  std::unique_ptr<sim::cucm::Provider> provider_;
  std::unique_ptr<core::Gateway> node_;
  PeerId link_;
  std::string to_link_;
  std::vector<std::string> from_link_;
};

}  // namespace linebridge::bench
