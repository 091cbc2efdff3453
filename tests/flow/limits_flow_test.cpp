#include "base/catalogue.hpp"
#include "tests/flow/client.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* line = "tel:1001;phone-context=dialstring";

class FlowOfLimits : public testing::Test, protected World {
protected:
  void start_with(std::size_t sessions) {
    auto wanted = settings();
    wanted.sessions = sessions;
    wanted.pending_per_session = 3;
    wanted.monitors_per_session = 2;
    start(wanted);
    ocs = connect();
  }
  Client client(int number) {
    Client made(*this, "alice", line, "callid-" + std::to_string(number), "e" + std::to_string(number));
    made.peer = ocs;
    return made;
  }
  PeerId ocs;
};

TEST_F(FlowOfLimits, RefusesOneSessionTooManyWith503AndTakesItWhenThereIsRoom) {
  start_with(2);
  Client first = client(1);
  EXPECT_EQ(first.sign_in(), 200);
  EXPECT_EQ(client(2).sign_in(), 200);
  Client third = client(3);
  send(ocs, third.invite());
  const Seen refused = third.take().back();
  EXPECT_EQ(refused.status(), 503);
  EXPECT_NE(refused.header("Retry-After"), "");
  EXPECT_TRUE(refused.header("ms-diagnostics").starts_with("50012"));
  EXPECT_EQ(counters[Counter::limit_sessions], 1U);
  EXPECT_EQ(first.info(csta("<GetCSTAFeatures/>")).status(), 200);
  first.bye();
  EXPECT_EQ(third.sign_in(), 200);
}

TEST_F(FlowOfLimits, RaisesOneAlarmBeforeItIsFullAndSaysWhenThereIsRoomAgain) {
  start_with(20);
  std::vector<Client> clients;
  for (int i = 1; i <= 20; ++i) {
    clients.push_back(client(i));
    clients.back().sign_in();
    EXPECT_EQ(log.count(catalogue::node_nearly_full), i < 18 ? 0U : 1U) << i;
  }
  for (int left = 19; left >= 15; --left) {
    clients.back().bye();
    clients.pop_back();
    EXPECT_EQ(log.count(catalogue::node_has_room), left < 16 ? 1U : 0U) << left;
  }
  EXPECT_EQ(status().node.sessions_most, 20U);
}

TEST_F(FlowOfLimits, RefusesOneRequestTooManyWhileOthersWait) {
  start_with(10);
  Client alice = client(1);
  alice.sign_in();
  alice.monitor();
  silence(0, true);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(alice.call("1002").status(), 0);
  const Seen refused = alice.call("1002");
  EXPECT_EQ(refused.status(), 500);
  EXPECT_TRUE(refused.header("ms-diagnostics").starts_with("50038"));
  EXPECT_EQ(counters[Counter::limit_pending], 1U);
  EXPECT_TRUE(log.has("LB-SIP-008", "rule=\"requests waiting\""));
}

TEST_F(FlowOfLimits, RefusesOneMonitorTooManyInCstasWords) {
  start_with(10);
  Client alice = client(1);
  alice.sign_in();
  EXPECT_NE(alice.monitor(), "");
  EXPECT_NE(alice.monitor(), "");
  EXPECT_EQ(alice.monitor(), "");
  EXPECT_EQ(counters[Counter::limit_monitors], 1U);
  EXPECT_TRUE(log.has("LB-NODE-010", "most=2"));
}

TEST_F(FlowOfLimits, ReadsOnFromAHostThatTakesItsOutputLate) {
  start_with(10);
  Client alice = client(1);
  alice.sign_in();
  out.wire.hold(ocs);
  for (int i = 0; i < 2000 && out.wire.reading(ocs); ++i)
    send(ocs,
         "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
         "To: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
  EXPECT_FALSE(out.wire.reading(ocs));
  EXPECT_EQ(counters[Counter::peers_paused], 1U);
  advance(10s);
  EXPECT_TRUE(log.has("LB-NODE-011"));
  EXPECT_FALSE(closed(ocs));
  out.wire.release(ocs);
  node->on(Drained{ocs}, now, out);
  EXPECT_TRUE(out.wire.reading(ocs));
  advance(10s);
  EXPECT_FALSE(closed(ocs));
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200);
}

}  // namespace
}  // namespace linebridge::test
