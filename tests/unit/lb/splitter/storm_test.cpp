#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

constexpr std::array must_occur = {
    Counter::sip_malformed,       Counter::splitter_replays,      Counter::splitter_legs_failed,
    Counter::splitter_unanswered, Counter::splitter_full,         Counter::splitter_no_client,
    Counter::peers_over_buffer,   Counter::splitter_acks_dropped, Counter::splitter_responses_dropped,
    Counter::splitter_node_legs,  Counter::splitter_legs_moved,   Counter::splitter_dials_waited,
    Counter::egress_opened,       Counter::egress_failed,         Counter::splitter_strangers};

/// Everything that can happen, in an order that nobody planned; repeatable.
class Storm : public Bench {
public:
  explicit Storm(std::uint64_t seed, Settings settings)
      : Bench(std::move(settings)), chance_(repeatable(seed)) {}

  void step() {
    switch (pick(16)) {
      case 0: clients_.push_back(client(++last_, "192.0.2." + std::to_string(10 + pick(2)))); break;
      case 1: lose(clients_); break;
      case 2: lose(legs_); break;
      case 3: raise_leg(); break;
      case 4: pass(std::chrono::milliseconds(pick(4000))); break;
      case 5: out.hold(any(legs_)); break;
      case 6: drain(); break;
      case 7: says(any(pick(2) == 0 ? clients_ : legs_), garbage()); break;
      case 8:
      case 9: says(any(legs_), message(false)); break;
      case 10:
        if (pick(4) == 0) on(Reloaded{});
        break;
      case 11: come(Listener::node_side, legs_); break;
      case 12:
        if (pick(4) == 0) come(Listener::refused, clients_);
        break;
      case 13: raise_leg(); break;
      default: says(any(clients_), message(true)); break;
    }
    note_output();
  }

  void end() {
    while (!clients_.empty())
      lose(clients_);
    for (int i = 0; i < 100 && splitter.status().dialogs > 0; ++i) {
      note_output();
      while (!legs_.empty())
        lose(legs_);
      pass(1min);
    }
  }

private:
  std::size_t pick(std::size_t among) { return static_cast<std::size_t>(chance_.number() % among); }
  PeerId any(const std::vector<PeerId>& peers) { return peers.empty() ? PeerId{} : peers[pick(peers.size())]; }

  void lose(std::vector<PeerId>& peers) {
    if (peers.empty()) return;
    const PeerId peer = any(peers);
    std::erase(peers, peer);
    std::erase(coming_, peer);
    gone(peer, pick(2) == 0 ? Gone::by_peer : Gone::refused);
  }
  void come(Listener listener, std::vector<PeerId>& peers) {
    ProxyHeader proxy;
    proxy.source = {"192.0.2.10", 5060};
    proxy.unique_id = "d" + std::to_string(pick(6));
    proxy.authority = pick(2) == 0 ? "pub" : "sub";
    peers.push_back({++last_});
    on(Opened{peers.back(), {listener, {}, {}, "", proxy}});
  }
  void raise_leg() {
    if (coming_.empty()) return;
    const PeerId peer = any(coming_);
    std::erase(coming_, peer);
    up(peer);
  }
  void drain() {
    const PeerId peer = any(clients_);
    if (pick(2) == 0) return out.hold(peer);
    out.release(peer);
    on(Drained{peer});
  }
  /// The shell answers each dial by Opened or Closed, and each close by Closed.
  void note_output() {
    for (; seen_dials_ < out.dials.size(); ++seen_dials_) {
      legs_.push_back(out.dials[seen_dials_].peer);
      coming_.push_back(out.dials[seen_dials_].peer);
    }
    for (; seen_closes_ < out.closes.size(); ++seen_closes_) {
      const PeerId peer = out.closes[seen_closes_].peer;
      if (std::erase(clients_, peer) + std::erase(legs_, peer) > 0) gone(peer, Gone::by_us);
      std::erase(coming_, peer);
    }
  }
  std::string message(bool from_client) {
    static constexpr std::array methods = {"INVITE", "INVITE", "INFO",    "BYE",
                                           "ACK",    "CANCEL", "OPTIONS", "UPDATE"};
    static constexpr std::array tags = {"", "pub-1", "sub-1", "ocs", "front-1"};
    static constexpr std::array statuses = {100, 180, 200, 200, 404, 481, 486, 503};
    const std::string method = methods[pick(methods.size())];
    const std::string call_id = "d" + std::to_string(pick(6));
    const int cseq = static_cast<int>(1 + pick(3));
    const std::string tag = tags[pick(tags.size())];
    if (pick(3) == (from_client ? 0u : 1u))
      return response(statuses[pick(statuses.size())], method, call_id, cseq, tag);
    const std::string text = request(method, call_id, cseq, tag, std::string(pick(8) == 0 ? 60000 : 20, 'x'));
    if (from_client || pick(2) == 0) return text;
    return text.substr(0, text.find("\r\n") + 2) + "Route: <sip:ocs1.test;lr>\r\n" +
           text.substr(text.find("\r\n") + 2);
  }
  std::string garbage() {
    std::string text = message(true);
    for (std::size_t i = 0; i <= pick(3); ++i)
      text[pick(text.size())] = static_cast<char>(pick(256));
    return text.substr(0, pick(2) == 0 ? text.size() : pick(text.size()));
  }

  Random chance_;
  std::uint64_t last_ = 0;
  std::vector<PeerId> clients_, legs_, coming_;
  std::size_t seen_dials_ = 0, seen_closes_ = 0;
};

TEST(SplitterStorm, LeavesNothingBehind) {
  std::map<Counter, std::uint64_t> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    Settings settings = Bench::usual();
    settings.dials = 1 + seed % 3;
    settings.dialogs = 4 + seed % 3;
    settings.leg_bytes = 100'000;
    settings.client_pause = 50'000;
    settings.client_drop = 100'000;
    settings.egress = {"/run/egress.sock", 0};
    settings.ocs = {{{"ocs1.test", 5060}, false}};
    settings.trial = std::chrono::milliseconds(1 + seed % 4);
    Storm storm(seed, settings);
    for (int i = 0; i < 900; ++i) {
      storm.step();
      EXPECT_LE(storm.splitter.status().dialogs, settings.dialogs);
      EXPECT_LE(storm.splitter.status().dialling, settings.dials + 1);
      EXPECT_LE(storm.splitter.status().legs, settings.dialogs * (2 + settings.old_legs));
    }
    storm.end();
    const Status left = storm.splitter.status();
    EXPECT_EQ(left.clients + left.dialogs + left.legs + left.dialling + left.pending, 0u);
    EXPECT_FALSE(storm.splitter.next_deadline());
    for (const Counter each : must_occur)
      seen[each] += storm.count(each);
  }
  for (const auto& [counter, count] : seen)
    EXPECT_GT(count, 0u) << Counters::text[static_cast<std::size_t>(counter)].name;
}

}  // namespace
}  // namespace linebridge::lb::splitter
