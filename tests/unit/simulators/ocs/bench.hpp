#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/ocs/server.hpp"

/// A home server on paper: clients, a front end and a clock that the test moves.
namespace linebridge::sim::ocs {

class PaperOutbox final : public Outbox {
public:
  std::string& to(PeerId peer) override { return sent[peer]; }
  std::size_t queued(PeerId peer) const override {
    const auto at = sent.find(peer);
    return at == sent.end() ? 0 : at->second.size();
  }
  PeerId dial(const Target& target) override {
    dialled.push_back(target.address);
    return {100 + dialled.size()};
  }
  void close(PeerId peer, Flush) override { closed.push_back(peer); }
  void read(PeerId, bool) override {}

  /// What was sent to a peer since the last look.
  std::vector<Message> take_messages(PeerId peer) {
    Cutter cutter;
    cutter.push(std::exchange(sent[peer], {}));
    std::vector<Message> messages;
    for (auto next = cutter.next(); next && next.value(); next = cutter.next())
      messages.push_back(*next.value());
    return messages;
  }

  std::map<PeerId, std::string> sent;
  std::vector<Address> dialled;
  std::vector<PeerId> closed;
};

class PaperWitness final : public Witness {
public:
  void passed(std::string_view, std::string_view, std::string_view) override {}
  void noted(std::string_view what) override { notes.emplace_back(what); }
  std::vector<std::string> notes;
};

/// The paper server listens on 192.0.2.10:5060, its next hop is 192.0.2.20:5060.
struct Bench {
  static constexpr PeerId client{1}, front{101}, front2{102};

  explicit Bench(Settings changed = settings()) : server(std::move(changed), {"192.0.2.10", 5060}, witness) {
    connect(client, "198.51.100.7", 34004);
  }

  static Settings settings() {
    Settings settings;
    settings.site.line_server = "sip:ctigw@gw.example.test";
    settings.site.users = {parse_user("alice@example.test=tel:1001;phone-context=dialstring").value(),
                           parse_user("bob@example.test=tel:1002;phone-context=dialstring").value()};
    settings.next_hop = {"192.0.2.20", 5060};
    return settings;
  }

  void on(const Server::Input& input) { deadline = server.on(input, now, outbox); }
  void connect(PeerId peer, std::string host, std::uint16_t port) {
    on(Opened{peer, Origin{Listener::sip, {"192.0.2.10", 5060}, {std::move(host), port}, {}, {}}});
  }
  void come_up(PeerId peer) { on(Opened{peer, Origin{Listener::none, {}, {"192.0.2.20", 5060}, {}, {}}}); }
  void from(PeerId peer, std::string_view bytes) { on(Bytes{peer, bytes}); }
  void pass(Duration time) {
    now += time;
    on(Tick{});
  }

  /// What was sent to a peer since the last look.
  std::vector<Message> to(PeerId peer) { return outbox.take_messages(peer); }

  PaperOutbox outbox;
  PaperWitness witness;
  Server server;
  TimePoint now{};
  std::optional<TimePoint> deadline;
};

/// A request of a client as pidgin-sipe writes it: no branch in Via.
inline std::string request(std::string_view method, std::string_view uri, std::string_view more = {},
                           std::string_view user = "alice", std::string_view call = "call-1") {
  return std::string(method) + " " + std::string(uri) +
         " SIP/2.0\r\nVia: SIP/2.0/tcp 198.51.100.7:34004\r\nFrom: <sip:" + std::string(user) +
         "@example.test>;tag=a;epid=b34a\r\nTo: <" + std::string(uri) +
         ">\r\nMax-Forwards: 70\r\nCall-ID: " + std::string(call) + "\r\nCSeq: 1 " + std::string(method) +
         "\r\n" + std::string(more) + "Content-Length: 0\r\n\r\n";
}

}  // namespace linebridge::sim::ocs
