#include "tests/flow/client.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* line = "tel:1001;phone-context=dialstring";

class FlowOfLinks : public testing::Test, protected World {
protected:
  Client client(int number) {
    Client made(*this, "alice", line, "callid-" + std::to_string(number), "epid" + std::to_string(number));
    made.connect();
    return made;
  }
  std::string links() {
    std::string numbers;
    for (const auto& session : status().sessions)
      numbers += std::to_string(session.link);
    return numbers;
  }
  std::string agent() {
    const PeerId peer{900 + asked_++};
    node->on(Opened{peer, {Listener::agent, {}, {}, "", std::nullopt}}, now, out);
    return out.wire.take(peer);
  }
  std::uint64_t asked_ = 0;
};

TEST_F(FlowOfLinks, ComeUpAtStartAndTakeSessionsRoundRobin) {
  start();
  for (const auto& link : status().links)
    EXPECT_EQ(link.state, "in service");
  EXPECT_EQ(agent(), "up 100%\n");
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(client(i).sign_in(), 200);
  EXPECT_EQ(links(), "1212");
}

TEST_F(FlowOfLinks, GiveTheirTurnToAcceptedSignInsOnly) {
  start();
  EXPECT_EQ(client(1).sign_in(), 200);
  Client mallory(*this, "mallory", line, "callid-m");
  mallory.connect();
  EXPECT_EQ(mallory.sign_in(), 403);
  EXPECT_EQ(client(2).sign_in(), 200);
  EXPECT_EQ(links(), "12");
}

TEST_F(FlowOfLinks, ThatAreAbsentAtStartAreLookedForForEver) {
  refuse_connections(0, true);
  refuse_connections(1, true);
  start();
  EXPECT_EQ(agent(), "up 0%\n");
  Client alice = client(1);
  send(alice.peer, alice.invite());
  const auto refused = alice.take();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].status(), 503);
  EXPECT_NE(refused[0].header("Retry-After"), "");
  EXPECT_NE(refused[0].header("ms-diagnostics").find("50011"), std::string::npos);
  advance(1h);
  refuse_connections(1, false);
  advance(40s);
  EXPECT_EQ(agent(), "up 100%\n");
  EXPECT_EQ(client(2).sign_in(), 200);
  EXPECT_EQ(links(), "2");
}

TEST_F(FlowOfLinks, ThatRefuseThePasswordAreSaidToAndTriedSlowly) {
  auto wrong = settings();
  wrong.cti.password = "wrong";
  start(wrong);
  EXPECT_EQ(status().links.at(0).state, "log-in refused");
  EXPECT_TRUE(log.has("LB-CTI-004"));
  EXPECT_EQ(client(1).sign_in(), 503);
  const auto before = counters[Counter::cti_connects];
  advance(10min);
  EXPECT_LE(counters[Counter::cti_connects] - before, 2U * 21U);
  EXPECT_GE(counters[Counter::cti_connects] - before, 2U);
}

TEST_F(FlowOfLinks, LostUnderASessionSendItToAnotherLink) {
  start();
  Client alice = client(1);
  ASSERT_EQ(alice.sign_in(), 200);
  alice.monitor();
  drop_link(0);
  EXPECT_TRUE(log.has("LB-CTI-003"));
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 481);
  Client again = client(1);
  EXPECT_EQ(again.sign_in(), 200);
  EXPECT_NE(again.monitor(), "");
  EXPECT_EQ(links(), "2");
}

TEST_F(FlowOfLinks, LostWithARequestInFlightRefuseItAtOnce) {
  start();
  Client alice = client(1);
  alice.sign_in();
  silence(0, true);
  EXPECT_EQ(alice.call("tel:1002").status(), 0);
  drop_link(0);
  const auto seen = alice.take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].status(), 200);
  EXPECT_NE(seen[0].body.find("networkOutOfService"), std::string::npos);
}

TEST_F(FlowOfLinks, ThatDoNotAnswerARequestLetItBeRefusedAfterTenSeconds) {
  start();
  Client alice = client(1);
  alice.sign_in();
  silence(0, true);
  alice.call("tel:1002");
  advance(9999ms);
  EXPECT_TRUE(alice.take().empty());
  advance(1ms);
  const auto seen = alice.take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NE(seen[0].body.find("<systemResourceAvailibility>"), std::string::npos);
}

TEST_F(FlowOfLinks, AllLostKeepSessionsUntilOneIsBack) {
  start();
  Client alice = client(1);
  alice.sign_in();
  for (std::size_t i = 0; i < 2; ++i)
    refuse_connections(i, true);
  for (std::size_t i = 0; i < 2; ++i)
    drop_link(i);
  EXPECT_EQ(agent(), "up 0%\n");
  const Seen refused = alice.call("tel:1002");
  EXPECT_EQ(refused.status(), 200);
  EXPECT_NE(refused.body.find("networkOutOfService"), std::string::npos);
  const Seen refreshed = alice.request("INVITE", csta("<RequestSystemStatus/>"), "Contact: <sip:a@b>\r\n");
  EXPECT_EQ(inside(refreshed.body, "systemStatus"), "disabled");
  EXPECT_EQ(alice.request("UPDATE").status(), 200);
  EXPECT_EQ(client(2).sign_in(), 503);
  for (std::size_t i = 0; i < 2; ++i)
    refuse_connections(i, false);
  advance(40s);
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 481);
  EXPECT_EQ(client(3).sign_in(), 200);
}

TEST_F(FlowOfLinks, ThatFallSilentAreGivenUpAfterTwoHeartbeats) {
  start();
  silence(0, true);
  refuse_connections(0, true);
  advance(3min);
  EXPECT_NE(status().links.at(0).state, "in service");
  EXPECT_EQ(status().links.at(1).state, "in service");
}

TEST_F(FlowOfLinks, StayUpThroughAnHourOfHeartbeats) {
  start();
  advance(1h);
  for (const auto& link : status().links) {
    EXPECT_EQ(link.state, "in service");
    EXPECT_EQ(link.losses, 0U);
  }
}

}  // namespace
}  // namespace linebridge::test
