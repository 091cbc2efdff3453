// The splitter behind its door: whatever comes in on whatever connection in whatever order, it writes only to
// peers that are open, passes only messages that came, keeps its bounds, and leaves nothing behind.

#include "lb/splitter/splitter.hpp"

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace linebridge::lb::splitter {
namespace {

Settings small() {
  Settings settings;
  settings.place = {"/place", 0};
  settings.egress = {"/egress", 0};
  settings.ocs = {{{"ocs1.test", 5060}, false}, {{"192.0.2.10", 5061}, true}};
  settings.framing = {.head_bytes = 2048, .head_lines = 20, .body_bytes = 1024};
  settings.dialogs = 12;
  settings.dials = 3;
  settings.waiting = 4;
  settings.pending = 4;
  settings.pending_bytes = 8000;
  settings.leg_bytes = 4000;
  settings.client_pause = 2000;
  settings.client_drop = 4000;
  settings.client_most = 8000;
  settings.egress_waiting = 3;
  settings.strangers = 3;
  settings.moving = 5;
  return settings;
}

/// The bytes of an input, one decision after the other.
class Script {
public:
  explicit Script(std::string_view bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }
  std::size_t number() {
    const auto byte = fuzz::take(rest_, 1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte.front());
  }
  std::size_t pick(std::size_t among) { return number() % among; }
  std::string_view text() { return fuzz::take(rest_, number() * 4); }

private:
  std::string_view rest_;
};

struct Peer {
  enum class Is : std::uint8_t { dialled, open, closing } is = Is::open;
  bool held = false;
  std::string unread;  ///< Of what the splitter wrote.
  sip::Framer out, in;
  bool broken = false;  ///< What came in on it cannot be cut any more.
};

class World final : public Outbox {
public:
  void run(Script& script) {
    while (!script.done()) {
      act(script);
      check();
    }
    end();
  }

  std::string& to(PeerId peer) override {
    const auto found = peers_.find(peer);
    LINEBRIDGE_CHECK(found != peers_.end() && found->second.is == Peer::Is::open);
    return found->second.unread;
  }
  std::size_t queued(PeerId peer) const override {
    const auto found = peers_.find(peer);
    return found == peers_.end() || !found->second.held ? 0 : found->second.unread.size();
  }
  PeerId dial(const Target& target) override {
    LINEBRIDGE_CHECK(target.proxy.has_value());
    const PeerId peer{++last_};
    peers_[peer].is = Peer::Is::dialled;
    return peer;
  }
  void close(PeerId peer, Flush) override {
    const auto found = peers_.find(peer);
    LINEBRIDGE_CHECK(found != peers_.end() && found->second.is != Peer::Is::closing);
    read_output(found->second);
    found->second.is = Peer::Is::closing;
  }
  void read(PeerId peer, bool) override { LINEBRIDGE_CHECK(peers_.contains(peer)); }

private:
  void on(const Input& input) { splitter_.on(input, now_, *this); }

  PeerId any(Script& script, Peer::Is is) {
    std::vector<PeerId> all;
    for (const auto& [id, peer] : peers_)
      if (peer.is == is) all.push_back(id);
    return all.empty() ? PeerId{} : all[script.pick(all.size())];
  }

  void act(Script& script) {
    switch (script.pick(14)) {
      case 0: return come(script, Listener::sip);
      case 1: return come(script, Listener::node_side);
      case 2: return come(script, Listener::refused);
      case 3: return up(any(script, Peer::Is::dialled));
      case 4: return gone(any(script, static_cast<Peer::Is>(script.pick(3))));
      case 5: return pass(std::chrono::milliseconds(script.number() * script.number()));
      case 6: return hold(any(script, Peer::Is::open));
      case 7: return on(Reloaded{});
      case 8:
        if (script.number() == 77) on(Stop{now_ + std::chrono::seconds(9)});
        return;
      case 9:
      case 10: {
        const PeerId peer = any(script, Peer::Is::open);
        return says(peer, script.text());
      }
      default: {
        const PeerId peer = any(script, Peer::Is::open);
        return says(peer, message(script));
      }
    }
  }

  void come(Script& script, Listener listener) {
    const PeerId peer{++last_};
    peers_[peer];
    ProxyHeader proxy;
    proxy.source = {"192.0.2." + std::to_string(10 + script.pick(2)), 5060};
    proxy.destination = {"192.0.2.100", 5060};
    proxy.unique_id = "d" + std::to_string(script.pick(5));
    proxy.authority = std::array{"pub", "sub", "new"}[script.pick(3)];
    proxy.local = script.pick(20) == 19;
    on(Opened{peer, {listener, {}, {}, "", proxy}});
  }
  void up(PeerId peer) {
    if (!peer) return;
    peers_[peer].is = Peer::Is::open;
    on(Opened{peer, {}});
  }
  void gone(PeerId peer) {
    if (!peer) return;
    const auto node = peers_.extract(peer);
    on(Closed{peer, Gone::by_peer});
  }
  void hold(PeerId id) {
    if (!id) return;
    Peer& peer = peers_[id];
    peer.held = !peer.held;
    if (!peer.held) on(Drained{id});
  }
  void pass(Duration time) {
    now_ += time;
    on(Tick{});
    LINEBRIDGE_CHECK(!splitter_.next_deadline() || *splitter_.next_deadline() > now_);
  }

  void says(PeerId id, std::string_view bytes) {
    if (!id) return;
    Peer& peer = peers_[id];
    peer.in.push(bytes);
    while (!peer.broken) {
      const auto item = peer.in.next();
      if (std::holds_alternative<sip::Framer::NeedMore>(item)) break;
      if (const auto* message = std::get_if<sip::Framer::Message>(&item)) came_.emplace(message->whole());
      peer.broken = std::holds_alternative<Error>(item);
    }
    on(Bytes{id, bytes});
  }

  static std::string message(Script& script) {
    static constexpr std::array methods = {"INVITE", "INFO", "BYE", "ACK", "CANCEL", "OPTIONS", "UPDATE"};
    static constexpr std::array statuses = {"100", "180", "200", "404", "481", "491", "503", "500"};
    static constexpr std::array tags = {"", ";tag=pub-1", ";tag=sub-1", ";tag=ocs", ";tag=front-1"};
    static constexpr std::array routes = {"", "", "Route: <sip:ocs1.test;lr>\r\n",
                                          "Route: <sip:other.test;lr>\r\n",
                                          "Route: <sips:192.0.2.10;lr>, <sip:x>\r\n"};
    const std::string method = methods[script.pick(methods.size())];
    const bool answers = script.pick(2) == 1;
    const std::string cseq = std::to_string(script.pick(4));
    std::string out = answers ? "SIP/2.0 " + std::string(statuses[script.pick(statuses.size())]) + " X\r\n"
                              : method + " sip:a@b SIP/2.0\r\n";
    out += "Via: SIP/2.0/TCP x;branch=" + (script.pick(4) == 3 ? "" : "z9hG4bK" + method + cseq);
    out.append("\r\nFrom: <sip:a@x>").append(tags[script.pick(tags.size())]);
    out.append("\r\nTo: <sip:b@x>").append(tags[script.pick(tags.size())]);
    out.append("\r\nCall-ID: d").append(std::to_string(script.pick(5)));
    out.append("\r\nCSeq: ").append(cseq).append(" ").append(method).append("\r\n");
    out.append(routes[script.pick(routes.size())]);
    const std::string body(script.pick(4) == 3 ? script.number() * 4 : 3, 'x');
    return out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  }

  /// What the splitter wrote: messages that came, whole and unchanged, or small ones of its own.
  void read_output(Peer& peer) {
    if (peer.unread.empty()) return;
    peer.out.push(peer.unread);
    peer.unread.clear();
    for (;;) {
      const auto item = peer.out.next();
      LINEBRIDGE_CHECK(!std::holds_alternative<Error>(item));
      if (std::holds_alternative<sip::Framer::NeedMore>(item)) return;
      const auto* message = std::get_if<sip::Framer::Message>(&item);
      if (message == nullptr || came_.contains(message->whole())) continue;
      LINEBRIDGE_CHECK(message->body.empty());
      LINEBRIDGE_CHECK(message->head.starts_with("SIP/2.0 ") || message->head.starts_with("ACK "));
    }
  }

  void check() {
    for (auto& [id, peer] : peers_)
      if (!peer.held) read_output(peer);
    const splitter::Status now = splitter_.status();
    LINEBRIDGE_CHECK(now.dialogs <= settings_.dialogs);
    LINEBRIDGE_CHECK(now.pending <= settings_.dialogs * settings_.pending);
    LINEBRIDGE_CHECK(now.dialling <= settings_.dials + 1);
    LINEBRIDGE_CHECK(now.legs + now.dialling <= settings_.dialogs * (2 + settings_.old_legs));
  }

  void end() {
    while (!peers_.empty())
      gone(peers_.begin()->first);
    for (int i = 0; i < 200 && splitter_.next_deadline(); ++i) {
      pass(std::chrono::minutes(1));
      while (!peers_.empty())
        gone(peers_.begin()->first);
    }
    const splitter::Status left = splitter_.status();
    LINEBRIDGE_CHECK(left.clients + left.dialogs + left.legs + left.dialling + left.pending == 0);
    LINEBRIDGE_CHECK(!splitter_.next_deadline());
  }

  const Settings settings_ = small();
  Random random_{repeatable(1)};
  Counters counters_;
  NoLog log_;
  trace::Ring ring_{4096};
  Splitter splitter_{settings_, random_, counters_, log_, ring_};
  std::map<PeerId, Peer> peers_;
  std::set<std::string, std::less<>> came_;
  std::uint64_t last_ = 0;
  TimePoint now_{};
};

}  // namespace
}  // namespace linebridge::lb::splitter

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  lb::splitter::Script script(fuzz::text_of(data, size));
  lb::splitter::World().run(script);
  return 0;
}
