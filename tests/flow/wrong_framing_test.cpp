#include "tests/flow/client.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

constexpr const char* line = "tel:1001;phone-context=dialstring";

class FlowOfCutStreams : public testing::Test, protected World {
protected:
  void SetUp() override {
    start();
    alice.connect();
    ASSERT_EQ(alice.sign_in(), 200);
  }

  /// What alice's client says in one dialog: pings, requests good and bad, a refresh, an answer to nothing.
  std::string conversation() const {
    const auto request = [&](std::string_view method, int number, std::string_view body) {
      return with_body(
          std::string(method) +
              " sip:192.0.2.5:5060;transport=tcp SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKc" +
              std::to_string(number) + "\r\nFrom: <sip:alice@example.test>;tag=alice1\r\nTo: <sip:gw>;tag=" +
              alice.to_tag + "\r\nCall-ID: callid-alice-1\r\nCSeq: " + std::to_string(number) + " " +
              std::string(method) + (body.empty() ? "\r\n" : "\r\nContent-Type: application/csta+xml\r\n"),
          body);
    };
    return "\r\n\r\n" + request("INFO", 2, csta("<GetCSTAFeatures/>")) + "\r\n" + request("INFO", 3, "<a>") +
           request("UPDATE", 4, "") + "\r\n\r\n" + request("OPTIONS", 5, "") +
           request("INFO", 6, csta("<MonitorStop><monitorCrossRefID>1</monitorCrossRefID></MonitorStop>")) +
           "\r\n\r\n";
  }
  /// Statuses of what came, "." for a ping.
  std::string heard() {
    const std::string text = received(alice.peer);
    std::string words;
    for (std::size_t at = 0; at < text.size();) {
      const std::string_view rest = std::string_view(text).substr(at);
      if (rest.starts_with("\r\n")) {
        words += ". ";
        at += 2;
        continue;
      }
      const std::size_t length = rest.find("Content-Length: ") + 16;
      words += std::string(rest.substr(8, 3)) + " ";
      at += rest.find("\r\n\r\n") + 4 + std::stoul(std::string(rest.substr(length, 8)));
    }
    return words;
  }
  Client alice{*this, "alice", line, "callid-alice-1"};
};

constexpr const char* expected = ". 200 400 200 . 200 200 . ";

TEST_F(FlowOfCutStreams, AnswersAConversationTheSameWhereverItIsCut) {
  const std::string all = conversation();
  received(alice.peer);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    send(alice.peer, std::string_view(all).substr(0, cut));
    send(alice.peer, std::string_view(all).substr(cut));
    ASSERT_EQ(heard(), expected) << "cut at " << cut;
  }
}

TEST_F(FlowOfCutStreams, AnswersAConversationThatComesByteByByte) {
  received(alice.peer);
  for (const char c : conversation())
    send(alice.peer, {&c, 1});
  EXPECT_EQ(heard(), expected);
}

TEST_F(FlowOfCutStreams, ForgetsWhatAConnectionLeftUnfinished) {
  const std::string invite = Client(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob").invite();
  for (std::size_t cut = 1; cut < invite.size(); cut += 7) {
    const PeerId peer = connect();
    send(peer, std::string_view(invite).substr(0, cut));
    disconnect(peer);
  }
  EXPECT_EQ(status().sessions.size(), 1U);
  EXPECT_EQ(status().node.connections, 1U);
}

TEST_F(FlowOfCutStreams, SignsInByOneByteAtATimeAndGluedToPings) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.connect();
  for (const char c : bob.invite())
    send(bob.peer, {&c, 1});
  auto seen = bob.take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].status(), 200);

  Client again(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob-2", "ee");
  again.connect();
  send(again.peer, "\r\n\r\n" + again.invite() + "\r\n\r\n");
  EXPECT_EQ(out.wire.take(again.peer).substr(0, 18), "\r\nSIP/2.0 200 OK\r\n");
}

}  // namespace
}  // namespace linebridge::test
