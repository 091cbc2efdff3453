#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/gateway.hpp"
#include "tests/flow/checked_wire.hpp"
#include "tests/simulators/cucm/provider.hpp"
#include "tests/unit/support/kept_log.hpp"

namespace linebridge::test {

/// The core's Outbox for tests: what it puts out is kept.
class NodeOutbox final : public core::Outbox {
public:
  CheckedWire wire;
  std::map<std::uint64_t, view::Answer> replies;

  std::string& to(PeerId peer) override { return wire.to(peer); }
  std::size_t queued(PeerId peer) const override { return wire.queued(peer); }
  PeerId dial(const Target& target) override { return wire.dial(target); }
  void close(PeerId peer, Flush flush) override { wire.close(peer, flush); }
  void read(PeerId peer, bool on) override { wire.read(peer, on); }
  void reply(std::uint64_t id, view::Answer answer) override { replies.emplace(id, std::move(answer)); }
};

/// One node between OCS hosts played by the test and a simulated cluster of CTI Managers, all in memory, under
/// a clock that the test moves. The simulated CTI Managers are the machines of linebridge-sim-cucm.
class World {
public:
  explicit World(std::size_t managers = 2);
  virtual ~World() = default;

  core::Gateway::Settings settings();
  std::vector<users::User> users();
  /// Builds the node of `settings` and lets its links come up, as far as the CTI Managers are there.
  void start(core::Gateway::Settings settings);
  void start() { start(settings()); }

  /// A connection of an OCS host, through the front end (a PROXY header) as `key` says, or directly.
  PeerId connect(std::string_view key = {}, std::string_view sender = "192.0.2.10");
  PeerId connect(const Origin& from);
  void disconnect(PeerId peer);
  void send(PeerId peer, std::string_view bytes);
  /// As send(), but what follows from it is left to pump().
  void put(PeerId peer, std::string_view bytes);
  /// The peer reads nothing until resume(); what was written meanwhile is there then.
  void block(PeerId peer) { out.wire.hold(peer); }
  void resume(PeerId peer);
  /// What the node wrote to an OCS connection since the last call. The wire holds every CSTA body against the
  /// schema.
  std::string received(PeerId peer);
  bool closed(PeerId peer) const { return out.wire.closed(peer); }

  /// Passes bytes between node and CTI Managers until nobody has anything to say.
  void pump();
  void advance(Duration by);
  view::Status status();

  /// Faults of a CTI Manager, by index.
  void refuse_connections(std::size_t manager, bool on);
  void drop_link(std::size_t manager);
  void silence(std::size_t manager, bool on);
  /// It still speaks, but what it is told waits.
  void deafen(std::size_t manager, bool on);

  /// What a CTI Manager answers to an operation on a call comes behind the events of the same turn.
  bool events_first = false;

  /// OCS hosts, or a front end, that take connections of the node's own; those made stand in `taken`.
  std::vector<Address> accepting;
  std::vector<RecordingOutbox::Dial> taken;

  sim::cucm::ClusterSpec spec;
  TimePoint now{std::chrono::hours(1)};
  Random random{repeatable(42)};
  Random sim_random{repeatable(43)};
  Counters counters;
  KeptLog log;
  NodeOutbox out;
  std::unique_ptr<sim::cucm::Exchange> exchange;
  std::unique_ptr<core::Gateway> node;
  /// The leg of a phone, by number, that is there; 0 if none.
  sim::cucm::LegId leg_of(std::string_view number) const;

private:
  struct Link {
    PeerId peer;
    std::size_t manager;
    std::unique_ptr<sim::cucm::Provider> provider;
    bool closing = false;
  };
  bool take_dials();
  bool take_closes();
  bool exchange_bytes(Link& link);
  void tell_everybody();

  std::unique_ptr<sim::cucm::Traffic> traffic_;
  std::unique_ptr<sim::cucm::Shared> shared_;
  std::vector<Link> links_;
  std::set<std::size_t> refusing_, silent_, deaf_;
  std::size_t dials_seen_ = 0, closes_seen_ = 0;
  std::uint64_t last_peer_ = 0, last_question_ = 0;
  std::int32_t connections_ = 0;
};

}  // namespace linebridge::test
