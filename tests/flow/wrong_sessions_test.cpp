#include "tests/flow/client.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* line = "tel:1001;phone-context=dialstring";

class FlowOfWrongSessions : public testing::Test, protected World {
protected:
  void SetUp() override {
    start();
    alice.connect();
    ASSERT_EQ(alice.sign_in(), 200);
  }
  void TearDown() override {
    EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200) << "others are served on";
  }
  Client alice{*this, "alice", line, "callid-alice-1"};
};

TEST_F(FlowOfWrongSessions, RefusesSignInsWithTheRuleThatFired) {
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

TEST_F(FlowOfWrongSessions, RefusesAUsersOneSessionTooManyWithoutTurningOcsAway) {
  for (int i = 1; i <= 64; ++i) {
    const std::string number = std::to_string(i);
    Client other(*this, "alice", line, "callid-" + number, number);
    other.connect();
    EXPECT_EQ(other.sign_in(), i < 64 ? 200 : 403);
  }
  EXPECT_TRUE(log.has("LB-SES-002", "rule=\"sessions of one user\""));
}

TEST_F(FlowOfWrongSessions, KeepsAUserOutOfAnothersDialog) {
  Client mallory(*this, "mallory", line, "callid-alice-1");
  mallory.peer = alice.peer;
  mallory.to_tag = alice.to_tag;
  EXPECT_EQ(mallory.info(csta("<GetCSTAFeatures/>")).status(), 481);
}

TEST_F(FlowOfWrongSessions, KeepsAMonitorFromTheSessionsOfOthers) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.connect();
  ASSERT_EQ(bob.sign_in(), 200);
  const std::string monitor = bob.monitor();
  ASSERT_NE(monitor, "");
  const auto stop = csta("<MonitorStop><monitorCrossRefID>" + monitor + "</monitorCrossRefID></MonitorStop>");
  EXPECT_NE(alice.info(stop).body.find("invalidMonitorCrossRefID"), std::string::npos);
  exchange->originate_outside("+15551234", "1002", now);
  pump();
  EXPECT_EQ(bob.events(), std::vector<std::string>{"DeliveredEvent"}) << "bob's monitor lives";
}

TEST_F(FlowOfWrongSessions, RefusesTheRequestThatIsOneTooManyWhileTheSwitchSaysNothing) {
  alice.monitor();
  silence(0, true);
  silence(1, true);
  for (int i = 0; i < 32; ++i)
    EXPECT_EQ(alice.call("tel:+15551234").status(), 0) << "waits";
  EXPECT_EQ(status().node.waiting, 32U);
  EXPECT_EQ(alice.call("tel:+15551234").status(), 500);
  EXPECT_EQ(status().node.waiting, 32U);
  silence(0, false);
  silence(1, false);
  pump();
  EXPECT_EQ(status().node.waiting, 0U);
}

}  // namespace
}  // namespace linebridge::test
