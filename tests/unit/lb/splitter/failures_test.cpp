#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct OnePendingInvite : Bench {
  PeerId ocs = client(1);
  std::string invite = request("INVITE", "one", 1);
  PeerId leg;
  explicit OnePendingInvite(Settings settings = usual()) : Bench(std::move(settings)) {
    says(ocs, invite);
    leg = out.dials.back().peer;
    up(leg);
    out.take(leg);
  }
};

TEST(SplitterFailures, OffersAnUnansweredInviteOnceMoreWhenItsLegBreaks) {
  OnePendingInvite bench;
  bench.gone(bench.leg, Gone::broken);
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.header(1).authority, "new");
  EXPECT_EQ(bench.header(1).unique_id, "one");
  const PeerId second = bench.out.dials[1].peer;
  bench.up(second);
  EXPECT_EQ(bench.out.take(second), bench.invite);
  const std::string ok = response(200, "INVITE", "one", 1, "sub-1");
  bench.says(second, ok);
  EXPECT_EQ(bench.out.take(bench.ocs), ok);
}

TEST(SplitterFailures, OffersItToTheOtherNodeWhenItKnowsTheFirst) {
  OnePendingInvite bench;
  bench.says(bench.leg, response(180, "INVITE", "one", 1, "pub-1"));
  bench.gone(bench.leg);
  EXPECT_EQ(bench.header(1).authority, "sub");
}

TEST(SplitterFailures, Answers503WithRetryAfterWhenTheSecondLegBreaksToo) {
  OnePendingInvite bench;
  bench.gone(bench.leg);
  bench.up(bench.out.dials[1].peer);
  bench.gone(bench.out.dials[1].peer);
  const std::string answer = bench.out.take(bench.ocs);
  EXPECT_THAT(answer, AllOf(StartsWith("SIP/2.0 503 "), HasSubstr("\r\nRetry-After: ")));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
  bench.says(bench.ocs, request("ACK", "one", 1, "front-1"));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.count(Counter::splitter_acks_dropped), 1u);
}

TEST(SplitterFailures, AnswersAtOnceWhenNoLegCanBeDialled) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1));
  bench.gone(bench.out.dials[0].peer, Gone::refused);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 503 "));
  bench.says(ocs, request("INFO", "two", 1, "pub-1"));
  bench.gone(bench.out.dials[1].peer, Gone::refused);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
  bench.says(ocs, request("MESSAGE", "three", 1));
  bench.gone(bench.out.dials[2].peer, Gone::refused);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
}

TEST(SplitterFailures, TakesAnInDialogRequestOfALostLegToTheOtherNode) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one", "pub");
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(ocs, info);
  bench.gone(leg);
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.header(1).authority, "sub");
  const PeerId survivor = bench.out.dials[1].peer;
  bench.up(survivor);
  EXPECT_EQ(bench.out.take(survivor), info);
  bench.says(survivor, response(481, "INFO", "one", 2, "pub-1"));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481"));
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(survivor));
}

TEST(SplitterFailures, OffersWhatANodeRefusedWith503ToTheOtherNode) {
  OnePendingInvite bench;
  bench.says(bench.leg, response(503, "INVITE", "one", 1, "pub-1"));
  EXPECT_EQ(bench.out.take(bench.ocs), "");
  EXPECT_THAT(
      bench.out.take(bench.leg),
      AllOf(StartsWith("ACK sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKINVITE1\r\n"),
            HasSubstr("\r\nTo: <sip:b@x>;tag=pub-1\r\n"), HasSubstr("\r\nCSeq: 1 ACK\r\n")));
  EXPECT_TRUE(bench.out.closed(bench.leg));
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.header(1).authority, "sub");
  const PeerId second = bench.out.dials[1].peer;
  bench.up(second);
  EXPECT_EQ(bench.out.take(second), bench.invite);
  bench.says(second, response(200, "INVITE", "one", 1, "sub-1"));
  EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(bench.count(Counter::splitter_replays), 1u);
}

TEST(SplitterFailures, LetsThe503OfTheSecondNodePass) {
  OnePendingInvite bench;
  bench.says(bench.leg, response(503, "INVITE", "one", 1, "pub-1"));
  const PeerId second = bench.out.dials[1].peer;
  bench.up(second);
  const std::string no =
      response(503, "INVITE", "one", 1, "sub-1", "Retry-After: 9\r\nms-diagnostics: 50010\r\n");
  bench.says(second, no);
  EXPECT_EQ(bench.out.take(bench.ocs), no);
  EXPECT_EQ(bench.out.dials.size(), 2u);
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(second));
}

TEST(SplitterFailures, PutsARetryAfterWhereTheSecondNodeForgotIt) {
  OnePendingInvite bench;
  bench.says(bench.leg, response(503, "INVITE", "one", 1, "pub-1"));
  bench.up(bench.out.dials[1].peer);
  bench.says(bench.out.dials[1].peer, response(503, "INVITE", "one", 1, "sub-1"));
  EXPECT_THAT(bench.out.take(bench.ocs), AllOf(StartsWith("SIP/2.0 503 "), HasSubstr("\r\nRetry-After: ")));
}

TEST(SplitterFailures, NeverLetsA503OfADialogReachOcs) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  bench.says(leg, response(503, "INFO", "one", 2, "pub-1"));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
}

TEST(SplitterFailures, Answers500WhenANodeIsSilent) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  bench.pass(14999ms);
  EXPECT_EQ(bench.out.take(ocs), "");
  bench.pass(1ms);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  bench.says(leg, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_EQ(bench.out.take(ocs), "");
  EXPECT_EQ(bench.count(Counter::splitter_unanswered), 1u);
  EXPECT_EQ(bench.count(Counter::splitter_responses_dropped), 1u);
}

TEST(SplitterFailures, GivesAnInviteTwentySeconds) {
  OnePendingInvite bench;
  bench.pass(19s);
  EXPECT_EQ(bench.out.take(bench.ocs), "");
  bench.pass(1s);
  EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 500 "));
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(bench.leg));
}

TEST(SplitterFailures, TreatsGarbageOfANodeAsALostLeg) {
  OnePendingInvite bench;
  bench.says(bench.leg, "garbage\n");
  EXPECT_TRUE(bench.out.closed(bench.leg));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  bench.says(bench.leg, response(200, "INVITE", "one", 1, "pub-1"));
  EXPECT_EQ(bench.out.take(bench.ocs), "");
}

TEST(SplitterFailures, ClosesALegThatDoesNotReadAndAnswers500) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId slow = bench.established(ocs, "slow");
  const PeerId other = bench.established(ocs, "other");
  bench.out.hold(slow);
  const std::string body(60000, 'x');
  for (int i = 2; i <= 5; ++i)
    bench.says(ocs, request("INFO", "slow", i, "pub-1", body));
  EXPECT_FALSE(bench.out.closed(slow));
  for (int i = 0; i < 4; ++i)
    bench.says(ocs, request("ACK", "slow", 1, "pub-1", body));
  EXPECT_TRUE(bench.out.closed(slow));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  EXPECT_TRUE(bench.out.reading(ocs));
  const std::string info = request("INFO", "other", 2, "pub-1");
  bench.says(ocs, info);
  EXPECT_EQ(bench.out.take(other), info);
}

TEST(SplitterFailures, BoundsWhatWaitsForALegThatIsNotUp) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const std::string body(60000, 'x');
  bench.says(ocs, request("INVITE", "one", 1, "", body));
  for (int i = 2; i < 8; ++i)
    bench.says(ocs, request("INFO", "one", i, "pub-1", body));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  EXPECT_LE(bench.splitter.status().pending, 4u);
}

TEST(SplitterFailures, StopsReadingFromAConnectionThatDoesNotReadAndGoesOnWhenItDoes) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.out.hold(ocs);
  const std::string event = request("INFO", "one", 100, "ocs", std::string(60000, 'x'));
  for (int i = 0; i < 4; ++i)
    bench.says(leg, event);
  EXPECT_TRUE(bench.out.reading(ocs));
  bench.says(leg, event);
  EXPECT_FALSE(bench.out.reading(ocs));
  bench.out.release(ocs);
  bench.on(Drained{ocs});
  EXPECT_TRUE(bench.out.reading(ocs));
  bench.pass(1h);
  EXPECT_FALSE(bench.out.closed(ocs));
}

TEST(SplitterFailures, DropsAConnectionThatTakesNothingForTenSeconds) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.out.hold(ocs);
  const std::string event = request("INFO", "one", 100, "ocs", std::string(60000, 'x'));
  for (int i = 0; i < 20; ++i)
    bench.says(leg, event);
  bench.pass(9999ms);
  EXPECT_FALSE(bench.out.closed(ocs));
  bench.pass(1ms);
  EXPECT_TRUE(bench.out.closed(ocs));
  bench.says(leg, event);
  EXPECT_THAT(bench.out.take(leg), StartsWith("SIP/2.0 480 "));
}

TEST(SplitterFailures, KeepsAConnectionThatTakesALittle) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.out.hold(ocs);
  const std::string event = request("INFO", "one", 100, "ocs", std::string(60000, 'x'));
  for (int i = 0; i < 30; ++i)
    bench.says(leg, event);
  for (int i = 0; i < 5; ++i) {
    bench.out.to(ocs).erase(0, 1000);
    bench.pass(10s);
    EXPECT_FALSE(bench.out.closed(ocs));
  }
  bench.pass(10s);
  EXPECT_TRUE(bench.out.closed(ocs));
}

TEST(SplitterFailures, EndsLegsOfDialogsThatAreOverBeforeItRefusesNewOnes) {
  Settings settings = Bench::usual();
  settings.dialogs = 20;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  std::vector<PeerId> legs;
  for (int i = 0; i < 18; ++i)
    legs.push_back(bench.established(ocs, "call" + std::to_string(i)));
  for (const std::size_t over : {3U, 7U}) {
    const std::string call = "call" + std::to_string(over);
    bench.says(ocs, request("BYE", call, 2, "pub-1"));
    bench.says(legs[over], response(200, "BYE", call, 2, "pub-1"));
  }
  EXPECT_EQ(bench.splitter.status().dialogs, 18u);
  bench.says(ocs, request("INVITE", "new", 1));
  EXPECT_EQ(bench.out.dials.size(), 19u);
  EXPECT_TRUE(bench.out.closed(legs[3]));
  EXPECT_FALSE(bench.out.closed(legs[7]));
  EXPECT_EQ(bench.splitter.status().dialogs, 18u);
}

TEST(SplitterFailures, RefusesNewDialogsFirstWhenItIsNearlyFull) {
  Settings settings = Bench::usual();
  settings.dialogs = 20;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  for (int i = 0; i < 19; ++i)
    bench.says(ocs, request("INVITE", "d" + std::to_string(i), 1));
  EXPECT_EQ(bench.out.take(ocs), "");
  bench.says(ocs, request("INVITE", "late", 1));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 503 "));
  bench.says(ocs, request("INFO", "known", 2, "pub-1"));
  EXPECT_EQ(bench.out.take(ocs), "");
  bench.says(ocs, request("INFO", "known too", 2, "pub-1"));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
}

TEST(SplitterFailures, BoundsWhatAllDialogsHaveUnanswered) {
  Settings settings = Bench::usual();
  settings.pending_bytes = 1000;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1", std::string(600, 'x')));
  bench.says(ocs, request("INFO", "one", 3, "pub-1", std::string(600, 'x')));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  bench.says(ocs, request("INVITE", "two", 1, "", std::string(600, 'x')));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 503 "));
  bench.says(leg, response(200, "INFO", "one", 2, "pub-1"));
  bench.says(ocs, request("INFO", "one", 4, "pub-1", std::string(600, 'x')));
  EXPECT_EQ(bench.out.take(ocs), response(200, "INFO", "one", 2, "pub-1"));
}

TEST(SplitterFailures, DialsOnlySoManyLegsAtOnce) {
  Settings settings = Bench::usual();
  settings.dials = 2;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  for (int i = 0; i < 5; ++i)
    bench.says(ocs, request("INVITE", "d" + std::to_string(i), 1));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  bench.up(bench.out.dials[0].peer);
  EXPECT_EQ(bench.out.dials.size(), 3u);
  bench.gone(bench.out.dials[1].peer, Gone::refused);
  EXPECT_EQ(bench.out.dials.size(), 4u);
  EXPECT_EQ(bench.header(3).unique_id, "d3");
}

TEST(SplitterFailures, EndsInOrderWhenItIsStopped) {
  OnePendingInvite bench;
  bench.on(Stop{bench.now + 10s});
  bench.says(bench.ocs, request("INVITE", "two", 1));
  EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 503 "));
  EXPECT_FALSE(bench.out.closed(bench.ocs));
  bench.says(bench.leg, response(200, "INVITE", "one", 1, "pub-1"));
  EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 200"));
  EXPECT_TRUE(bench.out.closed(bench.ocs));
  EXPECT_TRUE(bench.out.closed(bench.leg));
  EXPECT_FALSE(bench.splitter.finished());
  bench.gone(bench.ocs);
  EXPECT_TRUE(bench.splitter.finished());
}

TEST(SplitterFailures, EndsWhenTheTimeForStoppingIsUp) {
  OnePendingInvite bench;
  bench.on(Stop{bench.now + 10s});
  bench.pass(10s);
  EXPECT_TRUE(bench.splitter.finished());
}

}  // namespace
}  // namespace linebridge::lb::splitter
