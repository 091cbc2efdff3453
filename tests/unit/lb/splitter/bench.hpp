#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "lb/splitter/splitter.hpp"
#include "tests/unit/support/recording_outbox.hpp"

namespace linebridge::lb::splitter {

using namespace std::chrono_literals;

/// A SIP message as a test writes it.
struct Sip {
  std::string start = "INVITE sip:1001@192.0.2.100 SIP/2.0";
  std::string call_id = "one@ocs";
  std::string to_tag;
  std::string from_tag = "ocs";
  std::string branch = "z9hG4bK1";
  std::string cseq = "1 INVITE";
  std::string extra;
  std::string body;

  std::string text() const {
    return start + "\r\nVia: SIP/2.0/TCP 192.0.2.10:5060;branch=" + branch +
           "\r\nFrom: <sip:a@x>;tag=" + from_tag + "\r\nTo: <sip:b@x>" +
           (to_tag.empty() ? "" : ";tag=" + to_tag) + "\r\nCall-ID: " + call_id + "\r\nCSeq: " + cseq + "\r\n" +
           extra + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

inline std::string request(std::string method, std::string call_id, int cseq, std::string to_tag = "",
                           std::string body = "") {
  Sip sip;
  sip.start = method + " sip:b@x SIP/2.0";
  sip.call_id = std::move(call_id);
  sip.to_tag = std::move(to_tag);
  sip.branch = "z9hG4bK" + method + std::to_string(cseq);
  sip.cseq = std::to_string(cseq) + " " + method;
  sip.body = std::move(body);
  return sip.text();
}

inline std::string response(int status, std::string method, std::string call_id, int cseq, std::string to_tag,
                            std::string extra = "") {
  Sip sip;
  sip.start = "SIP/2.0 " + std::to_string(status) + " Words";
  sip.call_id = std::move(call_id);
  sip.to_tag = std::move(to_tag);
  sip.branch = "z9hG4bK" + method + std::to_string(cseq);
  sip.cseq = std::to_string(cseq) + " " + method;
  sip.extra = std::move(extra);
  return sip.text();
}

/// A splitter with everything around it, its clock moved by hand.
struct Bench {
  static Settings usual() {
    Settings settings;
    settings.place = {"/run/place.sock", 0};
    return settings;
  }
  explicit Bench(Settings settings = usual()) : splitter(std::move(settings), random, counters, log, ring) {}

  Random random{repeatable(7)};
  Counters counters;
  NoLog log;
  trace::Ring ring{64 * 1024};
  test::RecordingOutbox out;
  TimePoint now{};
  Splitter splitter;

  void on(const Input& input) { splitter.on(input, now, out); }
  void pass(Duration time) {
    const TimePoint until = now + time;
    while (const auto due = splitter.next_deadline()) {
      if (*due > until) break;
      now = std::max(now, *due);
      on(Tick{});
    }
    now = until;
  }
  PeerId client(std::uint64_t number, std::string host = "192.0.2.10") {
    const PeerId peer{number};
    ProxyHeader proxy;
    proxy.source = {std::move(host), static_cast<std::uint16_t>(40000 + number)};
    proxy.destination = {"192.0.2.100", 5060};
    on(Opened{peer, {Listener::sip, {"/run/split.sock", 0}, {}, "", proxy}});
    return peer;
  }
  /// A node that has no leg comes by itself.
  PeerId node_leg(std::uint64_t number, const std::string& key, const std::string& node = "pub") {
    const PeerId peer{number};
    ProxyHeader proxy;
    proxy.source = {"192.0.2.10", 5060};
    proxy.destination = {"192.0.2.100", 5060};
    proxy.unique_id = key;
    proxy.authority = node;
    on(Opened{peer, {Listener::node_side, {}, {}, "", proxy}});
    return peer;
  }
  void says(PeerId peer, std::string_view bytes) { on(Bytes{peer, bytes}); }
  void gone(PeerId peer, Gone why = Gone::by_peer) { on(Closed{peer, why}); }
  void up(PeerId leg) { on(Opened{leg, {}}); }
  const ProxyHeader& header(std::size_t at) const { return *out.dials.at(at).target.proxy; }

  /// A dialog that `node` ("pub", "sub") accepted; returns its leg.
  PeerId established(PeerId client_peer, const std::string& call_id, const std::string& node = "pub") {
    says(client_peer, request("INVITE", call_id, 1));
    const PeerId leg = out.dials.back().peer;
    up(leg);
    says(leg, response(200, "INVITE", call_id, 1, node + "-1"));
    says(client_peer, request("ACK", call_id, 1, node + "-1"));
    out.take(leg);
    out.take(client_peer);
    return leg;
  }
  std::uint64_t count(Counter counter) const { return counters[counter]; }
};

}  // namespace linebridge::lb::splitter
