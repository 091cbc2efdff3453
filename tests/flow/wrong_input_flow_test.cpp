#include "tests/flow/client.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

constexpr const char* line = "tel:1001;phone-context=dialstring";

class FlowOfWrongInput : public testing::Test, protected World {
protected:
  void SetUp() override {
    start();
    alice.connect();
    ASSERT_EQ(alice.sign_in(), 200);
  }
  void TearDown() override {
    EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200) << "others are served on";
  }

  /// What a new connection gets for these bytes, and whether it was closed.
  std::string answer(std::string_view bytes) {
    const PeerId peer = connect("other-" + std::to_string(++others_));
    send(peer, bytes);
    const std::string text = out.wire.take(peer);
    return text.substr(0, text.find("\r\n")) + (closed(peer) ? " (closed)" : "");
  }
  Client alice{*this, "alice", line, "callid-alice-1"};
  int others_ = 0;
};

TEST_F(FlowOfWrongInput, ClosesStreamsThatAreNoSip) {
  EXPECT_EQ(answer("\x16\x03\x01 TLS hello"), "");
  EXPECT_EQ(answer("GET / HTTP/1.1\r\n\r\n"), " (closed)");
  EXPECT_EQ(answer("\n\n\n"), " (closed)");
  EXPECT_EQ(answer(std::string(20000, 'x')), " (closed)");
  EXPECT_EQ(answer("INVITE sip:x SIP/2.0\n\n"), " (closed)");
  EXPECT_TRUE(log.has("LB-SIP-001"));
}

TEST_F(FlowOfWrongInput, Answers400BeforeItClosesAStreamItCannotFrame) {
  const std::string head =
      "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
      "To: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n";
  EXPECT_EQ(answer(head + "\r\n"), "SIP/2.0 400 Bad Request (closed)");
  EXPECT_EQ(answer(head + "Content-Length: -1\r\n\r\n"), "SIP/2.0 400 Bad Request (closed)");
  EXPECT_EQ(answer(head + "Content-Length: 70000\r\n\r\n"), "SIP/2.0 400 Bad Request (closed)");
  EXPECT_EQ(answer(head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            "SIP/2.0 400 Bad Request (closed)");
  EXPECT_EQ(answer(head + "Content-Length: 0\r\n\r\n"), "SIP/2.0 200 OK");
}

TEST_F(FlowOfWrongInput, AnswersAFramedMessageItCannotReadAndKeepsTheStream) {
  const std::string broken = with_body(
      "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n"
      "From: <sip:a@b>;tag=1\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n");
  EXPECT_EQ(answer(broken), "SIP/2.0 400 Bad Request");
  EXPECT_EQ(counters[Counter::sip_malformed], 1U);
}

TEST_F(FlowOfWrongInput, TakesOneByteAtATimeAndAllAtOnceAlike) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.connect();
  const std::string invite = bob.invite();
  for (const char c : invite)
    send(bob.peer, {&c, 1});
  auto seen = bob.take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].status(), 200);

  Client carol(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob-2", "ee");
  carol.connect();
  std::string glued = "\r\n\r\n" + carol.invite() + "\r\n\r\n";
  send(carol.peer, glued);
  EXPECT_EQ(out.wire.take(carol.peer).substr(0, 18), "\r\nSIP/2.0 200 OK\r\n");
}

TEST_F(FlowOfWrongInput, RefusesSignInsWithTheRuleThatFired) {
  const auto refused = [&](Client client, std::string_view uri = "sip:ctigw@gw.example.test",
                           std::string_view sender = "192.0.2.10") {
    client.connect(sender);
    send(client.peer, client.invite(uri));
    const auto seen = client.take();
    return seen.empty()
               ? std::string()
               : std::to_string(seen[0].status()) + " " + seen[0].header("ms-diagnostics").substr(0, 5);
  };
  EXPECT_EQ(refused({*this, "mallory", line, "c1"}), "403 50004");
  EXPECT_EQ(refused({*this, "carol", "tel:1003", "c2"}), "403 50005");
  EXPECT_EQ(refused({*this, "alice", "tel:1002", "c3"}), "404 50006");
  EXPECT_EQ(refused({*this, "alice", "tel:1001;device=SEPNONE", "c4"}), "404 50008");
  EXPECT_EQ(refused({*this, "alice", "mailto:x", "c5"}), "404 50010");
  EXPECT_EQ(refused({*this, "alice", line, "c6"}, "sip:x@elsewhere.test"), "404 50003");
  EXPECT_EQ(refused({*this, "alice", line, "c7"}, "sip:ctigw@gw.example.test", "198.51.100.1"), "403 50002");
  EXPECT_TRUE(log.has("LB-SES-002", "rule=\"incoming list\""));
  EXPECT_EQ(counters[Counter::invites_refused], 7U);
}

TEST_F(FlowOfWrongInput, RefusesAUsersOneSessionTooManyWithoutTurningOcsAway) {
  for (int i = 1; i <= 64; ++i) {
    const std::string number = std::to_string(i);
    Client other(*this, "alice", line, "callid-" + number, number);
    other.connect();
    EXPECT_EQ(other.sign_in(), i < 64 ? 200 : 403);
  }
  EXPECT_TRUE(log.has("LB-SES-002", "rule=\"sessions of one user\""));
}

TEST_F(FlowOfWrongInput, RefusesAnotherUsersDialog) {
  Client mallory(*this, "mallory", line, "callid-alice-1");
  mallory.peer = alice.peer;
  mallory.to_tag = alice.to_tag;
  EXPECT_EQ(mallory.info(csta("<GetCSTAFeatures/>")).status(), 481);
}

TEST_F(FlowOfWrongInput, ClosesAPeerThatNeverReads) {
  const PeerId peer = connect("slow");
  out.wire.hold(peer);
  const std::string options = with_body(
      "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
      "To: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n");
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += options;
  for (int i = 0; i < 100 && out.wire.reading(peer); ++i)
    send(peer, many);
  EXPECT_FALSE(out.wire.reading(peer));
  while (out.wire.queued(peer) < 1024 * 1024)
    send(peer, many);
  advance(std::chrono::seconds(9));
  EXPECT_FALSE(closed(peer));
  advance(std::chrono::seconds(1));
  EXPECT_TRUE(closed(peer));
  EXPECT_EQ(counters[Counter::peers_over_buffer], 1U);
}

}  // namespace
}  // namespace linebridge::test
