#include "tests/flow/client.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* line = "tel:1001;phone-context=dialstring";
using Names = std::vector<std::string>;

class FlowOfASession : public testing::Test, protected World {
protected:
  void SetUp() override {
    start();
    alice.connect();
  }
  Client alice{*this, "alice", line, "callid-alice-1"};
};

TEST_F(FlowOfASession, SignsInMonitorsCallsAndSignsOutAsPidginSipeDoes) {
  ASSERT_EQ(alice.sign_in(), 200);
  EXPECT_TRUE(alice.to_tag.starts_with("pub-"));
  const Seen features = alice.info(csta("<GetCSTAFeatures/>"));
  EXPECT_NE(features.body.find("<makeCall"), std::string::npos);
  ASSERT_NE(alice.monitor(), "");

  const Seen made = alice.call("tel:1002;phone-context=dialstring");
  EXPECT_EQ(inside(made.body, "deviceID"), line);
  const std::string call = inside(made.body, "callID");
  ASSERT_NE(call, "");
  EXPECT_EQ(alice.events(), (Names{"OriginatedEvent", "DeliveredEvent"}));
  exchange->answer(leg_of("1002"));
  pump();
  EXPECT_EQ(alice.events(), Names{"EstablishedEvent"});
  exchange->disconnect(leg_of("1001"));
  pump();
  EXPECT_EQ(alice.events(), Names{"ConnectionClearedEvent"});
  EXPECT_EQ(status().node.calls, 0U);

  EXPECT_EQ(alice.bye(), 200);
  EXPECT_TRUE(status().sessions.empty());
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 481);
}

TEST_F(FlowOfASession, AnswersTheInviteWithWhatClientsAndProxiesNeed) {
  send(alice.peer, alice.invite());
  const auto seen = alice.take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].header("Contact"), "<sip:192.0.2.5:5060;transport=tcp>");
  EXPECT_EQ(seen[0].header("Record-Route"), "<sip:192.0.2.10:5060;transport=tcp;lr>");
  EXPECT_EQ(seen[0].header("Session-Expires"), "1800;refresher=uac");
  EXPECT_EQ(seen[0].header("Require"), "timer");
  EXPECT_NE(seen[0].header("Allow").find("UPDATE"), std::string::npos);
  EXPECT_EQ(inside(seen[0].body, "systemStatus"), "normal");
}

TEST_F(FlowOfASession, TellsAnIncomingCallToTheMonitor) {
  alice.sign_in();
  alice.monitor();
  exchange->originate_outside("+15551234", "1001", now);
  pump();
  EXPECT_EQ(alice.events(), Names{"DeliveredEvent"});
  exchange->answer(leg_of("1001"));
  pump();
  EXPECT_EQ(alice.events(), Names{"EstablishedEvent"});
  exchange->disconnect(leg_of("+15551234"));
  pump();
  EXPECT_EQ(alice.events(), (Names{"ConnectionClearedEvent", "ConnectionClearedEvent"}));
}

TEST_F(FlowOfASession, SendsOnAfterHalfASecondToAClientThatAnswersNothing) {
  alice.sign_in();
  alice.monitor();
  alice.call("+15551234");
  EXPECT_EQ(alice.events(false), Names{"OriginatedEvent"});
  advance(499ms);
  EXPECT_EQ(alice.events(false), Names{});
  advance(1ms);
  EXPECT_EQ(alice.events(false), Names{"DeliveredEvent"});
  advance(500ms);
  EXPECT_TRUE(log.has("LB-SES-005"));
  exchange->answer(leg_of("+15551234"));
  exchange->disconnect(leg_of("1001"));
  pump();
  EXPECT_EQ(alice.events(false), (Names{"EstablishedEvent", "ConnectionClearedEvent"}));
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200);
}

TEST_F(FlowOfASession, EndsWhenTheClientAnswersAnEventWith481ButNotWith408) {
  alice.sign_in();
  alice.monitor();
  exchange->originate_outside("+15551234", "1001", now);
  pump();
  const auto answer_event = [&](const char* answered) {
    for (const auto& each : alice.take())
      send(alice.peer, "SIP/2.0 " + std::string(answered) + "\r\nVia: " + each.header("Via") +
                           "\r\nFrom: " + each.header("From") + "\r\nTo: " + each.header("To") +
                           "\r\nCall-ID: callid-alice-1\r\nCSeq: " + each.header("CSeq") +
                           "\r\nContent-Length: 0\r\n\r\n");
  };
  answer_event("408 Request Timeout");
  EXPECT_EQ(status().sessions.size(), 1U);
  exchange->disconnect(leg_of("+15551234"));
  advance(1s);
  answer_event("481 Gone");
  EXPECT_TRUE(status().sessions.empty());
}

TEST_F(FlowOfASession, AcceptsCseqNumbersThatRunBackwards) {
  alice.sign_in();
  for (int i = 0; i < 2; ++i) {
    Client copy = alice;
    EXPECT_EQ(copy.info(csta("<GetCSTAFeatures/>")).status(), 200);
  }
  EXPECT_EQ(counters[Counter::sip_cseq_backwards], 1U);
}

TEST_F(FlowOfASession, RefreshesByReinviteAndUpdateAndExpiresWithoutThem) {
  alice.sign_in();
  advance(1700s);
  const Seen again = alice.request("INVITE", csta("<RequestSystemStatus/>"),
                                   "Supported: timer\r\nContact: <sip:alice@198.51.100.8>\r\n");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(inside(again.body, "systemStatus"), "normal");
  advance(1700s);
  EXPECT_EQ(alice.request("UPDATE", {}, "Supported: timer\r\n").status(), 200);
  advance(1799s);
  EXPECT_EQ(status().sessions.size(), 1U);
  advance(1s);
  EXPECT_TRUE(status().sessions.empty());
  ASSERT_EQ(alice.take().back().start, "BYE sip:alice@198.51.100.8 SIP/2.0");
}

TEST_F(FlowOfASession, ReplacesTheSessionOfTheSameEndpointAndKeepsThatOfAnother) {
  alice.sign_in();
  Client again(*this, "alice", line, "callid-alice-2");
  again.connect();
  EXPECT_EQ(again.sign_in(), 200);
  EXPECT_EQ(status().sessions.size(), 1U);
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 481);
  Client laptop(*this, "alice", line, "callid-alice-3", "00ff");
  laptop.connect();
  EXPECT_EQ(laptop.sign_in(), 200);
  EXPECT_EQ(status().sessions.size(), 2U);
}

TEST_F(FlowOfASession, ClosesTheLegOfADialogThatIsNoMoreAndNoOther) {
  alice.sign_in();
  Client again(*this, "alice", line, "callid-alice-2");
  again.connect();
  again.sign_in();
  Client direct(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  direct.peer = connect();
  direct.sign_in();
  direct.bye();
  advance(31s);
  EXPECT_FALSE(closed(alice.peer));
  advance(1s);
  EXPECT_TRUE(closed(alice.peer));
  EXPECT_FALSE(closed(again.peer));
  EXPECT_FALSE(closed(direct.peer));
}

TEST_F(FlowOfASession, KeepsTheLegOnWhichAClientSignsInAnew) {
  alice.sign_in();
  alice.bye();
  EXPECT_EQ(alice.sign_in(), 200);
  advance(60s);
  EXPECT_FALSE(closed(alice.peer));
}

TEST_F(FlowOfASession, AnswersWhatStillWaitsWhenTheClientSignsOut) {
  alice.sign_in();
  alice.monitor();
  silence(0, true);
  alice.call("1002");
  EXPECT_EQ(alice.bye(), 200);
  ASSERT_EQ(alice.unread.size(), 1U);
  EXPECT_EQ(alice.unread[0].status(), 487);
  EXPECT_TRUE(alice.unread[0].header("ms-diagnostics").starts_with("50040"));
  EXPECT_NE(alice.unread[0].header("CSeq").find("INFO"), std::string::npos);
}

TEST_F(FlowOfASession, AnswersWhereARequestWasSentLast) {
  alice.sign_in();
  alice.monitor();
  silence(0, true);
  Client copy = alice;
  alice.call("1002");
  disconnect(alice.peer);
  copy.connect();
  copy.call("1002");
  advance(10s);
  const auto seen = copy.take();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].status(), 200);
}

TEST_F(FlowOfASession, TellsWhatWaitedWhenTheClientAsksOnANewConnection) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.peer = connect();
  bob.sign_in();
  bob.monitor();
  disconnect(bob.peer);
  exchange->originate_outside("+15551234", "1002", now);
  advance(1s);
  bob.peer = connect();
  EXPECT_EQ(bob.info(csta("<GetCSTAFeatures/>")).status(), 200);
  EXPECT_EQ(bob.events(), Names{"DeliveredEvent"});
}

TEST_F(FlowOfASession, AnswersWhatBelongsToNoDialogAndNeverAnAck) {
  alice.to_tag = "pub-0123456789";
  for (const auto* method : {"INFO", "BYE", "UPDATE", "INVITE"})
    EXPECT_EQ(alice.request(method).status(), 481) << method;
  alice.request("ACK");
  EXPECT_TRUE(alice.take().empty());
  alice.sign_in();
  EXPECT_EQ(alice.request("REFER").status(), 405);
  EXPECT_EQ(alice.request("OPTIONS").status(), 200);
  EXPECT_EQ(alice.request("INFO", {}, "Require: 100rel\r\n").status(), 420);
}

TEST_F(FlowOfASession, ShowsTheNewestLinesOfItsTrace) {
  alice.sign_in();
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.connect();
  bob.sign_in();
  const auto shown = [&](const view::ShowTrace& wanted) {
    static std::uint64_t id = 1000;
    node->on(core::Asked{++id, wanted}, now, out);
    return std::get<view::Trace>(out.replies.at(id)).lines;
  };
  const auto all = shown({"", 100000}), of_alice = shown({"pub-1", 1000}), newest = shown({"pub-1", 2});
  ASSERT_GT(all.size(), of_alice.size());
  ASSERT_GT(of_alice.size(), 2U);
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[0].number, of_alice[of_alice.size() - 2].number);
  EXPECT_EQ(newest[1].number, of_alice.back().number);
  EXPECT_EQ(newest[1].session, "pub-1");
  const auto later = shown({"", 1000, all[2].number});
  ASSERT_EQ(later.size(), all.size() - 3);
  EXPECT_EQ(later.front().number, all[3].number);
  EXPECT_TRUE(shown({"", 1000, all.back().number}).empty());
  EXPECT_EQ(shown({"", 1000, all.back().number + 1}).size(), all.size());
}

TEST_F(FlowOfASession, TracesWhoWasRefusedAndInWhichDialog) {
  Client mallory(*this, "mallory", "tel:1001;phone-context=dialstring", "callid-mallory");
  mallory.connect();
  mallory.sign_in();
  node->on(core::Asked{2000, view::ShowTrace{}}, now, out);
  const auto lines = std::get<view::Trace>(out.replies.at(2000)).lines;
  const auto refused =
      std::find_if(lines.begin(), lines.end(), [](const auto& each) { return each.text == "INVITE"; });
  ASSERT_NE(refused, lines.end());
  EXPECT_EQ(refused->session, "");
  EXPECT_EQ(refused->detail, "sip:mallory@example.test callid-mallory");
}

TEST_F(FlowOfASession, AnswersBodiesThatAreNotCsta) {
  alice.sign_in();
  EXPECT_EQ(alice.info("<broken").status(), 400);
  EXPECT_EQ(alice.info("<x xmlns=\"urn:other\"/>").status(), 400);
  EXPECT_EQ(alice.info(csta("<ParkCall/>")).body.find("serviceNotSupported") != std::string::npos, true);
  EXPECT_NE(alice.info(csta("<MonitorStop><monitorCrossRefID>1</monitorCrossRefID></MonitorStop>"))
                .body.find("invalidMonitorCrossRefID"),
            std::string::npos);
  EXPECT_NE(alice.call("mailto:x").body.find("invalidCalledDeviceID"), std::string::npos);
}

}  // namespace
}  // namespace linebridge::test
