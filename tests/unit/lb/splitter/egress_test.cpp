#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::StartsWith;

std::string event(const std::string& call_id, int cseq,
                  const std::string& route = "<sip:OCS1.example.test;lr>") {
  Sip sip;
  sip.start = "INFO sip:client@203.0.113.5 SIP/2.0";
  sip.call_id = call_id;
  sip.to_tag = "ocs";
  sip.from_tag = "pub-1";
  sip.branch = "z9hG4bKnode" + std::to_string(cseq);
  sip.cseq = std::to_string(cseq) + " INFO";
  if (!route.empty()) sip.extra = "Route: " + route + "\r\n";
  return sip.text();
}
std::string ok(const std::string& call_id, int cseq) {
  Sip sip;
  sip.start = "SIP/2.0 200 OK";
  sip.call_id = call_id;
  sip.branch = "z9hG4bKnode" + std::to_string(cseq);
  sip.cseq = std::to_string(cseq) + " INFO";
  return sip.text();
}

struct Away : Bench {
  static Settings listed() {
    Settings settings = usual();
    settings.egress = {"/run/egress.sock", 0};
    settings.ocs = {{{"ocs1.example.test", 5060}, false},
                    {{"192.0.2.11", 5070}, false},
                    {{"ocs1.example.test", 5061}, true}};
    return settings;
  }
  explicit Away(Settings settings = listed()) : Bench(std::move(settings)) {}

  /// An established dialog whose OCS host has no connection any more.
  PeerId left_alone(const std::string& call_id) {
    const PeerId ocs = client(1);
    const PeerId leg = established(ocs, call_id);
    gone(ocs);
    return leg;
  }
  std::string authority() const { return out.dials.back().target.proxy->authority; }
};

TEST(SplitterEgress, DialsTheHostOfTheTopRouteThroughHaproxy) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  ASSERT_EQ(away.out.dials.size(), 2u);
  EXPECT_EQ(away.out.dials[1].target.address, (Address{"/run/egress.sock", 0}));
  EXPECT_EQ(away.header(1),
            (ProxyHeader{false, {"192.0.2.100", 5060}, {"192.0.2.10", 40001}, "", "ocs1", "", false}));
  const PeerId ocs = away.out.dials[1].peer;
  EXPECT_EQ(away.out.take(ocs), "");
  away.up(ocs);
  EXPECT_EQ(away.out.take(ocs), event("one", 100));
  away.says(ocs, ok("one", 100));
  EXPECT_EQ(away.out.take(leg), ok("one", 100));
  EXPECT_EQ(away.count(Counter::egress_opened), 1u);
  EXPECT_EQ(away.count(Counter::splitter_no_client), 0u);
}

TEST(SplitterEgress, ChoosesTheHostByNamePortAndTransport) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"<sip:ocs1.EXAMPLE.test:5060;lr>", "ocs1"},
      {"<sip:ocs1.example.test;transport=tcp;lr>, <sip:192.0.2.11:5070;lr>", "ocs1"},
      {"<sip:192.0.2.11:5070;lr>", "ocs2"},
      {"<sip:ocs1.example.test;transport=tls;lr>", "ocs3"},
      {"<sips:ocs1.example.test;lr>", "ocs3"}};
  for (const auto& [route, authority] : cases) {
    SCOPED_TRACE(route);
    Away away;
    away.says(away.left_alone("one"), event("one", 100, route));
    ASSERT_EQ(away.out.dials.size(), 2u);
    EXPECT_EQ(away.authority(), authority);
  }
}

TEST(SplitterEgress, TakesTheRequestUriWithoutARoute) {
  Away away;
  const PeerId leg = away.left_alone("one");
  Sip info{"INFO sip:a@192.0.2.11:5070;transport=tcp SIP/2.0", "one", "ocs"};
  info.cseq = "100 INFO";
  away.says(leg, info.text());
  EXPECT_EQ(away.authority(), "ocs2");
}

TEST(SplitterEgress, Answers480WhereNoListedHostIsNamed) {
  for (const std::string route : {"<sip:192.0.2.11;lr>", "<sip:elsewhere.test;lr>", "<tel:1>", "", "<sip:>"}) {
    SCOPED_TRACE(route);
    Away away;
    const PeerId leg = away.left_alone("one");
    away.says(leg, event("one", 100, route));
    EXPECT_THAT(away.out.take(leg), StartsWith("SIP/2.0 480 "));
    EXPECT_EQ(away.out.dials.size(), 1u);
    EXPECT_EQ(away.count(Counter::splitter_no_client), 1u);
  }
}

TEST(SplitterEgress, SharesOneConnectionAmongDialogs) {
  Away away;
  const PeerId one = away.left_alone("one");
  const PeerId two = away.left_alone("two");
  away.says(one, event("one", 100));
  away.says(two, event("two", 100));
  ASSERT_EQ(away.out.dials.size(), 3u);
  const PeerId ocs = away.out.dials[2].peer;
  away.up(ocs);
  EXPECT_EQ(away.out.take(ocs), event("one", 100) + event("two", 100));
  away.says(two, event("two", 101));
  EXPECT_EQ(away.out.take(ocs), event("two", 101));
  away.says(ocs, ok("two", 100) + ok("one", 100) + ok("two", 101));
  EXPECT_EQ(away.out.take(one), ok("one", 100));
  EXPECT_EQ(away.out.take(two), ok("two", 100) + ok("two", 101));
}

TEST(SplitterEgress, ServesRequestsThatOcsSendsOnIt) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  const PeerId ocs = away.out.dials.back().peer;
  away.up(ocs);
  away.out.take(ocs);
  const std::string info = request("INFO", "one", 2, "pub-1");
  away.says(ocs, info);
  EXPECT_EQ(away.out.take(leg), info);
  away.says(leg, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_EQ(away.out.take(ocs), response(200, "INFO", "one", 2, "pub-1"));
  away.says(ocs, request("INVITE", "new", 1));
  EXPECT_EQ(away.header(away.out.dials.size() - 1).source, (Address{"192.0.2.10", 40001}));
}

TEST(SplitterEgress, GoesBackToTheHostsOwnConnection) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  const PeerId made = away.out.dials.back().peer;
  away.up(made);
  away.says(made, ok("one", 100));
  const PeerId back = away.client(5);
  away.says(back, request("INFO", "one", 2, "pub-1"));
  away.says(leg, event("one", 101));
  EXPECT_EQ(away.out.take(back), event("one", 101));
  away.gone(back);
  away.out.take(made);
  away.says(leg, event("one", 102));
  EXPECT_EQ(away.out.take(made), event("one", 102));
  const PeerId again = away.client(6);
  away.gone(made);
  away.says(leg, event("one", 103));
  EXPECT_EQ(away.out.take(again), event("one", 103));
}

TEST(SplitterEgress, Answers480WhenTheHostCannotBeReachedAndWaitsLongerEachTime) {
  Away away;
  const PeerId leg = away.left_alone("one");
  const auto fails = [&](int cseq) {
    away.says(leg, event("one", cseq));
    EXPECT_EQ(away.out.take(leg), "");
    away.gone(away.out.dials.back().peer, Gone::refused);
    EXPECT_THAT(away.out.take(leg), StartsWith("SIP/2.0 480 "));
  };
  const auto waits = [&](int cseq) {
    const std::size_t dials = away.out.dials.size();
    away.says(leg, event("one", cseq));
    EXPECT_EQ(away.out.dials.size(), dials);
    EXPECT_THAT(away.out.take(leg), StartsWith("SIP/2.0 480 "));
  };
  fails(100);
  waits(101);
  away.pass(1s);
  fails(102);
  away.pass(1s);
  waits(103);
  away.pass(1s);
  fails(104);
  EXPECT_EQ(away.count(Counter::egress_failed), 3u);
  for (int i = 0; i < 12; ++i) {
    away.pass(60s);
    fails(200 + i);
  }
  EXPECT_FALSE(away.splitter.next_deadline());
}

TEST(SplitterEgress, Answers480WhenHaproxyTookItButDidNotReachTheHost) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  const PeerId made = away.out.dials.back().peer;
  away.up(made);
  away.says(leg, event("one", 101));
  EXPECT_EQ(away.out.take(made), event("one", 100) + event("one", 101));
  away.gone(made);
  const std::string answers = away.out.take(leg);
  EXPECT_THAT(answers, StartsWith("SIP/2.0 480 "));
  EXPECT_THAT(answers.substr(10), ::testing::HasSubstr("SIP/2.0 480 "));
  EXPECT_EQ(away.count(Counter::egress_failed), 1u);
}

TEST(SplitterEgress, AnswersNothingTwice) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  const PeerId made = away.out.dials.back().peer;
  away.up(made);
  const PeerId back = away.client(5);
  away.says(back, ok("one", 100));
  EXPECT_EQ(away.out.take(leg), ok("one", 100));
  away.gone(made);
  EXPECT_EQ(away.out.take(leg), "");
}

TEST(SplitterEgress, TrustsAConnectionThatStaysUp) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  const PeerId made = away.out.dials.back().peer;
  away.up(made);
  away.pass(5s);
  away.gone(made);
  EXPECT_EQ(away.out.take(leg), "");
  away.says(leg, event("one", 101));
  EXPECT_EQ(away.out.dials.size(), 3u);
  EXPECT_EQ(away.count(Counter::egress_failed), 0u);
}

TEST(SplitterEgress, GivesUpOnADialThatHangs) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  away.pass(4999ms);
  EXPECT_EQ(away.out.take(leg), "");
  away.pass(1ms);
  EXPECT_THAT(away.out.take(leg), StartsWith("SIP/2.0 480 "));
  EXPECT_TRUE(away.out.closed(away.out.dials.back().peer));
  away.up(away.out.dials.back().peer);
  away.gone(away.out.dials.back().peer);
  EXPECT_EQ(away.splitter.status().clients, 0u);
}

TEST(SplitterEgress, BoundsWhatWaits) {
  Settings settings = Away::listed();
  settings.egress_waiting = 3;
  Away away(settings);
  const PeerId leg = away.left_alone("one");
  for (int i = 100; i < 103; ++i)
    away.says(leg, event("one", i));
  EXPECT_EQ(away.out.take(leg), "");
  away.says(leg, event("one", 103));
  EXPECT_THAT(away.out.take(leg), StartsWith("SIP/2.0 480 "));
  away.up(away.out.dials.back().peer);
  EXPECT_EQ(away.out.take(away.out.dials.back().peer),
            event("one", 100) + event("one", 101) + event("one", 102));
}

TEST(SplitterEgress, DeliversAByeWhoseNodeDidNotWait) {
  Away away;
  const PeerId leg = away.left_alone("one");
  Sip bye{"BYE sip:a@x SIP/2.0", "one", "ocs"};
  bye.cseq = "100 BYE";
  bye.extra = "Route: <sip:ocs1.example.test;lr>\r\n";
  away.says(leg, bye.text());
  away.gone(leg);
  away.up(away.out.dials.back().peer);
  EXPECT_EQ(away.out.take(away.out.dials.back().peer), bye.text());
}

TEST(SplitterEgress, EndsWithTheSplitter) {
  Away away;
  const PeerId leg = away.left_alone("one");
  away.says(leg, event("one", 100));
  away.on(Stop{away.now + 1s});
  EXPECT_TRUE(away.out.closed(away.out.dials.back().peer));
  EXPECT_TRUE(away.splitter.finished());
}

}  // namespace
}  // namespace linebridge::lb::splitter
