#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/gateway.hpp"
#include "tests/load/scene.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::test {

/// A node and one simulated CTI Manager in one process, under a clock that this moves. It keeps nothing of what
/// is over: its memory is the node's.
class NodeInMemory final : public Wire, private core::Outbox {
public:
  NodeInMemory();
  ~NodeInMemory() override;

  /// Starts the node and lets its link come up. False: it did not.
  bool start();
  void ring(std::string_view number);  ///< Somebody outside calls and hangs up.

  PeerId open(std::string_view sender = "192.0.2.10") override;
  void say(PeerId peer, std::string_view bytes) override;
  std::string heard(PeerId peer) override;
  bool ended(PeerId peer) const override { return !peers_.contains(peer); }
  void leave(PeerId peer) override;
  void wait(Duration by) override;
  void stop_reading(PeerId peer) override { peers_.at(peer).held = true; }

  std::uint64_t lines_logged() const { return log_.lines; }

private:
  struct CountingLog final : Log {
    std::uint64_t lines = 0;
    void write(const LogKind&, std::initializer_list<LogField>) override { ++lines; }
  };
  struct Peer {
    std::string text;
    bool held = false;
  };

  std::string& to(PeerId peer) override;
  std::size_t queued(PeerId peer) const override;
  PeerId dial(const Target& target) override;
  void close(PeerId peer, Flush flush) override;
  void read(PeerId, bool) override {}
  void reply(std::uint64_t, view::Answer) override {}

  void give(const core::Input& input);
  void settle();  ///< Until neither the node nor the CTI Manager has anything to say.
  bool exchange_link();
  void tell();

  sim::cucm::ClusterSpec spec_;
  sim::cucm::Exchange exchange_;
  sim::cucm::LoginKey key_;
  sim::cucm::Traffic traffic_;
  NoLog quiet_;
  Random random_, sim_random_;
  sim::cucm::Shared shared_;
  Counters counters_;
  CountingLog log_;
  std::unique_ptr<core::Gateway> node_;
  std::unique_ptr<sim::cucm::Provider> provider_;
  std::map<PeerId, Peer> peers_;
  std::vector<PeerId> dialled_, closed_;
  std::string last_words_, nowhere_;
  PeerId link_, last_closed_;
  std::uint64_t last_peer_ = 0;
  TimePoint now_{std::chrono::hours(1)};
};

}  // namespace linebridge::test
