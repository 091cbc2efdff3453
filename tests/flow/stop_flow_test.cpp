#include "base/catalogue.hpp"
#include "tests/flow/client.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* line = "tel:1001;phone-context=dialstring";

class EndOfANode : public testing::Test, protected World {
protected:
  void SetUp() override {
    auto wanted = settings();
    wanted.sessions_per_user = 10000;
    start(wanted);
    ocs = connect();
  }
  Client client(const std::string& number) {
    Client made(*this, "alice", line, "callid-" + number, "e" + number);
    made.peer = ocs;
    return made;
  }
  /// Signs many in, all over one connection.
  void sign_in(int many) {
    for (int i = 0; i < many; ++i)
      ASSERT_EQ(client(std::to_string(i)).sign_in(), 200);
  }
  void stop(Duration within) {
    node->on(Stop{now + within}, now, out);
    pump();
  }
  view::Answer drain(const view::Drain& order) {
    static std::uint64_t id = 5000;
    node->on(core::Asked{++id, order}, now, out);
    pump();
    return out.replies.at(id);
  }
  std::string agent() {
    const PeerId peer{900};
    out.wire.take(peer);
    node->on(Opened{peer, {Listener::agent, {}, {}, "", std::nullopt}}, now, out);
    return out.wire.take(peer);
  }
  /// The requests of this method that came over the OCS connection since.
  std::vector<Seen> taken(std::string_view method) {
    std::vector<Seen> found;
    for (auto& each : client("x").take())
      if (each.start.starts_with(method)) found.push_back(std::move(each));
    return found;
  }
  void answer(const Seen& request) {
    send(ocs, "SIP/2.0 200 OK\r\nVia: " + request.header("Via") + "\r\nFrom: " + request.header("From") +
                  "\r\nTo: " + request.header("To") + "\r\nCall-ID: " + request.header("Call-ID") +
                  "\r\nCSeq: " + request.header("CSeq") + "\r\nContent-Length: 0\r\n\r\n");
  }
  int options() {
    send(ocs,
         with_body("OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bKo\r\nFrom: <sip:a@b>;tag=1\r\n"
                   "To: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n"));
    return client("x").take().back().status();
  }
  std::size_t links_closed() const { return out.wire.closes.size(); }

  PeerId ocs;
};

TEST_F(EndOfANode, TellsItsClientsAFewAtATimeAndClosesTheCtiLinksAfterThem) {
  sign_in(300);
  stop(10s);
  std::size_t told = 0;
  for (const std::size_t expected : {64U, 64U, 64U, 64U, 44U}) {
    EXPECT_EQ(links_closed(), told < 256 ? 0U : 2U);
    EXPECT_EQ(agent(), "up 0%\n");
    const auto byes = taken("BYE");
    EXPECT_EQ(byes.size(), expected);
    told += byes.size();
    for (const auto& bye : byes)
      answer(bye);
    EXPECT_EQ(node->finished(), told == 300);
    if (told < 300) advance(20ms);
    out.wire.closes.erase(std::remove_if(out.wire.closes.begin(), out.wire.closes.end(),
                                         [](const auto& each) { return each.peer == PeerId{900}; }),
                          out.wire.closes.end());
  }
  EXPECT_EQ(links_closed(), 2U);
  EXPECT_EQ(agent(), "down #the node stops\n");
  EXPECT_TRUE(log.has("LB-NODE-001", "sessions=300"));
  EXPECT_TRUE(log.has("LB-NODE-002", "told=300 answered=300 unanswered=0 unreachable=0"));
}

TEST_F(EndOfANode, SpreadsTheGoodbyesOverTheTimeThatIsThere) {
  sign_in(2000);
  const TimePoint begin = now;
  stop(800ms);
  std::size_t told = taken("BYE").size();
  while (told < 2000 && now < begin + 800ms) {
    advance(10ms);
    const auto byes = taken("BYE");
    EXPECT_LE(byes.size(), 64U);
    told += byes.size();
  }
  EXPECT_EQ(told, 2000U);
  EXPECT_LE(now - begin, 600ms);
  EXPECT_GT(now - begin, 500ms);
}

TEST_F(EndOfANode, WaitsTwoSecondsForAnswers) {
  sign_in(3);
  stop(10s);
  const auto byes = taken("BYE");
  ASSERT_EQ(byes.size(), 3U);
  answer(byes[0]);
  advance(1999ms);
  EXPECT_FALSE(node->finished());
  EXPECT_EQ(options(), 200);
  advance(1ms);
  EXPECT_TRUE(node->finished());
  EXPECT_EQ(options(), 503);
  EXPECT_TRUE(log.has("LB-NODE-002", "told=3 answered=1 unanswered=2"));
  EXPECT_EQ(counters[Counter::goodbyes_sent], 3U);
  EXPECT_EQ(counters[Counter::goodbyes_answered], 1U);
}

TEST_F(EndOfANode, EndsAtOnceWithoutSessions) {
  stop(10s);
  EXPECT_EQ(links_closed(), 2U);
  EXPECT_TRUE(node->finished());
}

TEST_F(EndOfANode, EndsInTimeThoughNothingIsAnswered) {
  sign_in(1);
  silence(0, true);
  silence(1, true);
  stop(1s);
  advance(999ms);
  EXPECT_FALSE(node->finished());
  advance(1ms);
  EXPECT_TRUE(node->finished());
}

TEST_F(EndOfANode, BecomesShorterWhenItIsStoppedAgain) {
  sign_in(200);
  stop(10s);
  stop(20s);
  stop(100ms);
  EXPECT_EQ(log.count(catalogue::node_stopping), 1U);
  advance(80ms);
  EXPECT_EQ(taken("BYE").size(), 200U);
  advance(20ms);
  EXPECT_TRUE(node->finished());
}

TEST_F(EndOfANode, LetsARequestAtTheSwitchBeAnsweredBeforeTheGoodbye) {
  Client alice = client("1");
  alice.sign_in();
  alice.monitor();
  silence(0, true);
  alice.call("1002");
  stop(10s);
  advance(1s);
  EXPECT_TRUE(alice.take().empty());
  silence(0, false);
  pump();
  advance(20ms);
  const auto seen = alice.take();
  ASSERT_GE(seen.size(), 2U);
  EXPECT_NE(seen.front().body.find("MakeCallResponse"), std::string::npos);
  EXPECT_TRUE(seen.back().start.starts_with("BYE "));
}

TEST_F(EndOfANode, RefusesWhatTheSwitchDidNotAnswerUntilTheEnd) {
  Client alice = client("1");
  alice.sign_in();
  alice.monitor();
  silence(0, true);
  alice.call("1002");
  stop(8s);
  advance(5900ms);
  EXPECT_TRUE(alice.take().empty());
  advance(100ms);
  const auto seen = alice.take();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].status(), 200);
  EXPECT_NE(seen[0].body.find("systemResourceAvailibility"), std::string::npos);
  EXPECT_NE(seen[0].header("ms-diagnostics").find("the node stops"), std::string::npos);
  EXPECT_TRUE(seen[1].start.starts_with("BYE "));
}

TEST_F(EndOfANode, LeavesCallsToThePhones) {
  Client alice = client("1");
  alice.sign_in();
  alice.monitor();
  alice.call("1002");
  exchange->answer(leg_of("1002"));
  pump();
  alice.events();
  stop(10s);
  EXPECT_EQ(taken("BYE").size(), 1U);
  EXPECT_NE(leg_of("1001"), 0);
  EXPECT_NE(leg_of("1002"), 0);
}

TEST_F(EndOfANode, SaysWhoCouldNotBeTold) {
  sign_in(2);
  disconnect(ocs);
  stop(10s);
  EXPECT_TRUE(node->finished());
  EXPECT_EQ(log.count(catalogue::session_unreachable), 2U);
  EXPECT_EQ(counters[Counter::goodbyes_lost], 2U);
  EXPECT_TRUE(log.has("LB-NODE-002", "unreachable=2"));
}

TEST_F(EndOfANode, RefusesSignInsMeanwhileAndServesWhoIsThere) {
  sign_in(1);
  Client alice = client("1");
  alice.sign_in();
  alice.monitor();
  silence(0, true);
  silence(1, true);
  alice.call("1002");
  stop(10s);
  send(ocs, client("2").invite());
  const Seen refused = alice.take().back();
  EXPECT_EQ(refused.status(), 503);
  EXPECT_NE(refused.header("Retry-After"), "");
  EXPECT_TRUE(refused.header("ms-diagnostics").starts_with("50014"));
  EXPECT_TRUE(log.has("LB-SES-002", "rule=\"node stopping\""));
  EXPECT_EQ(counters[Counter::refused_stopping], 1U);
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200);
}

TEST_F(EndOfANode, IsNotForbiddenAnythingWhileItDrainsButNewSessions) {
  Client alice = client("1");
  alice.sign_in();
  const auto now_draining = std::get<view::Drainage>(drain({}));
  EXPECT_EQ(now_draining.state, "draining");
  EXPECT_EQ(now_draining.sessions, 1U);
  EXPECT_EQ(agent(), "up 0%\n");
  EXPECT_EQ(status().node.agent, "drain");
  EXPECT_EQ(status().node.state, "draining");
  EXPECT_EQ(options(), 200);

  send(ocs, client("2").invite());
  const Seen refused = alice.take().back();
  EXPECT_EQ(refused.status(), 503);
  EXPECT_TRUE(refused.header("ms-diagnostics").starts_with("50015"));
  EXPECT_TRUE(log.has("LB-SES-002", "rule=\"node draining\""));
  EXPECT_NE(alice.monitor(), "");
  EXPECT_EQ(alice.request("UPDATE").status(), 200);
  advance(29min);
  EXPECT_EQ(alice.request("UPDATE").status(), 200);

  EXPECT_EQ(std::get<view::Drainage>(drain({false, 0})).state, "serving");
  EXPECT_EQ(agent(), "up 100%\n");
  EXPECT_EQ(client("2").sign_in(), 200);
  EXPECT_TRUE(log.has("LB-NODE-003", "sessions=1"));
  EXPECT_TRUE(log.has("LB-NODE-006", "sessions=1"));
}

TEST_F(EndOfANode, SaysWhenTheLastSessionOfADrainIsGone) {
  Client alice = client("1");
  alice.sign_in();
  drain({});
  EXPECT_FALSE(log.has("LB-NODE-004"));
  alice.bye();
  EXPECT_TRUE(log.has("LB-NODE-004"));
}

TEST_F(EndOfANode, EndsTheSessionsLeftWhenTheTimeOfADrainIsUp) {
  sign_in(100);
  EXPECT_EQ(std::get<view::Drainage>(drain({true, 60})).seconds_left, 60);
  advance(59s);
  EXPECT_TRUE(taken("BYE").empty());
  EXPECT_EQ(status().node.drain_seconds_left, 1);
  advance(1s);
  EXPECT_EQ(taken("BYE").size(), 64U);
  EXPECT_EQ(status().node.state, "ending sessions");
  advance(20ms);
  EXPECT_EQ(taken("BYE").size(), 36U);
  EXPECT_TRUE(log.has("LB-NODE-005", "sessions=100"));
  advance(2s);
  EXPECT_TRUE(log.has("LB-NODE-002", "told=100 answered=0 unanswered=100"));
  EXPECT_EQ(status().node.state, "draining");
  EXPECT_EQ(agent(), "up 0%\n");
  EXPECT_FALSE(node->finished());
  EXPECT_EQ(links_closed(), 1U);  // The agent's.
}

TEST_F(EndOfANode, KeepsTheSessionsNotYetEndedWhenADrainIsUndone) {
  sign_in(100);
  drain({true, 1});
  advance(1s);
  drain({false, 0});
  advance(5s);
  EXPECT_EQ(taken("BYE").size(), 64U);
  EXPECT_EQ(status().node.sessions, 36U);
  EXPECT_EQ(client("more").sign_in(), 200);
}

TEST_F(EndOfANode, StopsInTheMiddleOfADrainsEnd) {
  sign_in(100);
  drain({true, 1});
  advance(1s);
  stop(2s);
  advance(20ms);
  const auto byes = taken("BYE");
  EXPECT_EQ(byes.size(), 100U);
  for (const auto& bye : byes)
    answer(bye);
  EXPECT_TRUE(node->finished());
  EXPECT_EQ(std::get<view::Refused>(drain({})).why, "the node stops");
}

}  // namespace
}  // namespace linebridge::test
