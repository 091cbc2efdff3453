#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::StartsWith;

struct Moving : Bench {
  explicit Moving(Settings settings = usual()) : Bench(std::move(settings)) {}

  PeerId ocs = client(1);
  PeerId first = established(ocs, "one");

  void reload() {
    on(Reloaded{});
    pass(20ms);
  }
  PeerId newest() const { return out.dials.back().peer; }
};

TEST(SplitterMoves, GivesAnIdleDialogANewLegAfterAReload) {
  Moving bench;
  bench.reload();
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.header(1),
            (ProxyHeader{false, {"192.0.2.10", 40001}, {"192.0.2.100", 5060}, "one", "pub", "", false}));
  const PeerId second = bench.newest();
  bench.up(second);
  bench.pass(500ms);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 1u);
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(bench.ocs, info);
  EXPECT_EQ(bench.out.take(second), info);
  EXPECT_EQ(bench.out.take(bench.first), "");
  EXPECT_FALSE(bench.out.closed(bench.first));
  bench.pass(3s);
  EXPECT_TRUE(bench.out.closed(bench.first));
  EXPECT_EQ(bench.splitter.status().legs, 1u);
}

TEST(SplitterMoves, KeepsTheOldLegInUseUntilTheNewOneHasStayedUp) {
  Moving bench;
  bench.reload();
  const PeerId second = bench.newest();
  bench.up(second);
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.pass(499ms);
  bench.says(bench.ocs, info);
  EXPECT_EQ(bench.out.take(bench.first), info);
  bench.says(bench.first, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 200"));
  bench.pass(1ms);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 1u);
}

TEST(SplitterMoves, WaitsForABusyDialog) {
  Moving bench;
  bench.says(bench.ocs, request("INFO", "one", 2, "pub-1"));
  bench.reload();
  bench.pass(1s);
  EXPECT_EQ(bench.out.dials.size(), 1u);
  bench.says(bench.first, response(200, "INFO", "one", 2, "pub-1"));
  bench.pass(20ms);
  EXPECT_EQ(bench.out.dials.size(), 2u);
}

TEST(SplitterMoves, WaitsUntilOcsHasAnsweredTheNodeOrWillNotAnyMore) {
  for (const bool answers : {true, false}) {
    SCOPED_TRACE(answers);
    Moving bench;
    bench.says(bench.first, request("INFO", "one", 100, "ocs"));
    bench.reload();
    bench.pass(10s);
    EXPECT_EQ(bench.out.dials.size(), 1u);
    if (answers) bench.says(bench.ocs, response(200, "INFO", "one", 100, "ocs"));
    bench.pass(answers ? Duration(20ms) : Duration(5s));
    EXPECT_EQ(bench.out.dials.size(), 2u);
  }
}

TEST(SplitterMoves, WaitsForTheRestOfAMessageAndForOutputThatIsQueued) {
  Moving bench;
  const std::string event = request("INFO", "one", 100, "ocs", "<DeliveredEvent/>");
  bench.says(bench.first, event.substr(0, 40));
  bench.reload();
  EXPECT_EQ(bench.out.dials.size(), 1u);
  bench.says(bench.first, event.substr(40));
  bench.out.hold(bench.first);
  bench.says(bench.ocs, response(200, "INFO", "one", 100, "ocs"));
  bench.pass(1s);
  EXPECT_EQ(bench.out.dials.size(), 1u);
  bench.out.release(bench.first);
  bench.pass(20ms);
  EXPECT_EQ(bench.out.dials.size(), 2u);
}

TEST(SplitterMoves, WaitsWithTheSwitchWhenSomethingCameUpMeanwhile) {
  Moving bench;
  bench.reload();
  const PeerId second = bench.newest();
  bench.says(bench.ocs, request("INFO", "one", 2, "pub-1"));
  bench.up(second);
  bench.pass(2s);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 0u);
  bench.says(bench.first, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 200"));
  bench.pass(500ms);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 1u);
}

TEST(SplitterMoves, ServesTheNodeOnEveryLegMeanwhile) {
  Moving bench;
  bench.reload();
  const PeerId second = bench.newest();
  bench.up(second);
  int cseq = 100;
  const auto asks_on = [&](PeerId leg) {
    const std::string event = request("INFO", "one", ++cseq, "ocs");
    bench.says(leg, event);
    EXPECT_EQ(bench.out.take(bench.ocs), event);
    const std::string ok = response(200, "INFO", "one", cseq, "ocs");
    bench.says(bench.ocs, ok);
    EXPECT_EQ(bench.out.take(leg), ok);
  };
  asks_on(second);
  asks_on(bench.first);
  bench.pass(500ms);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 1u);
  asks_on(bench.first);
  asks_on(second);
}

TEST(SplitterMoves, GivesALateAnswerOfOcsToTheNewLegOfTheSameNode) {
  Moving bench;
  bench.reload();
  bench.up(bench.newest());
  bench.pass(500ms);
  bench.says(bench.first, request("INFO", "one", 100, "ocs"));
  bench.pass(3s);
  EXPECT_TRUE(bench.out.closed(bench.first));
  const std::string ok = response(200, "INFO", "one", 100, "ocs");
  bench.says(bench.ocs, ok);
  EXPECT_EQ(bench.out.take(bench.newest()), ok);
}

TEST(SplitterMoves, LeavesTheOldLegWhereTheNewOneFailsAndTriesAgainLessAndLessOften) {
  Moving bench;
  bench.reload();
  for (std::size_t dials = 2; dials <= 6; ++dials) {
    ASSERT_EQ(bench.out.dials.size(), dials);
    const PeerId next = bench.newest();
    if (dials % 2 == 0) bench.up(next);
    bench.gone(next, Gone::refused);
    const std::string info = request("INFO", "one", static_cast<int>(dials), "pub-1");
    bench.says(bench.ocs, info);
    EXPECT_EQ(bench.out.take(bench.first), info);
    bench.says(bench.first, response(200, "INFO", "one", static_cast<int>(dials), "pub-1"));
    bench.pass(1s * (1 << (dials - 2)));
    EXPECT_EQ(bench.out.dials.size(), dials);
    bench.pass(20ms);
  }
  ASSERT_EQ(bench.out.dials.size(), 7u);
  bench.gone(bench.newest(), Gone::refused);
  bench.pass(1h);
  EXPECT_EQ(bench.out.dials.size(), 7u);
  EXPECT_FALSE(bench.splitter.next_deadline());
  bench.reload();
  EXPECT_EQ(bench.out.dials.size(), 8u);
  bench.up(bench.newest());
  bench.pass(500ms);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 1u);
}

TEST(SplitterMoves, CountsOnlyTheNewestOfSeveralReloads) {
  Moving bench;
  bench.reload();
  const PeerId second = bench.newest();
  bench.reload();
  EXPECT_TRUE(bench.out.closed(second));
  const PeerId third = bench.newest();
  bench.up(third);
  bench.pass(200ms);
  bench.reload();
  EXPECT_TRUE(bench.out.closed(third));
  const PeerId fourth = bench.newest();
  bench.up(fourth);
  bench.pass(500ms);
  bench.reload();
  bench.up(bench.newest());
  bench.pass(10s);
  EXPECT_EQ(bench.out.dials.size(), 5u);
  EXPECT_EQ(bench.splitter.status().legs, 1u);
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 2u);
  EXPECT_FALSE(bench.splitter.next_deadline());
}

TEST(SplitterMoves, GoesOnWithTheNewLegWhenTheOldOneEndsFirst) {
  for (const bool up : {true, false}) {
    SCOPED_TRACE(up);
    Moving bench;
    bench.reload();
    const PeerId second = bench.newest();
    if (up) bench.up(second);
    bench.gone(bench.first);
    const std::string info = request("INFO", "one", 2, "pub-1");
    bench.says(bench.ocs, info);
    if (!up) bench.up(second);
    EXPECT_EQ(bench.out.take(second), info);
    bench.pass(1s);
    bench.says(second, response(200, "INFO", "one", 2, "pub-1"));
    EXPECT_THAT(bench.out.take(bench.ocs), StartsWith("SIP/2.0 200"));
  }
}

TEST(SplitterMoves, MovesLegsThatNodesOpenedToo) {
  Bench bench;
  bench.client(1);
  const PeerId leg = bench.node_leg(2, "one", "sub");
  bench.on(Reloaded{});
  bench.pass(20ms);
  ASSERT_EQ(bench.out.dials.size(), 1u);
  EXPECT_EQ(bench.header(0).authority, "sub");
  bench.up(bench.out.dials[0].peer);
  bench.pass(4s);
  EXPECT_TRUE(bench.out.closed(leg));
}

TEST(SplitterMoves, MovesADialogThatWasBeingMadeOnceItIsEstablished) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1));
  bench.up(bench.out.dials[0].peer);
  bench.on(Reloaded{});
  bench.pass(1s);
  EXPECT_EQ(bench.out.dials.size(), 1u);
  bench.says(bench.out.dials[0].peer, response(200, "INVITE", "one", 1, "sub-1"));
  bench.pass(20ms);
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.header(1).authority, "sub");
}

TEST(SplitterMoves, LeavesADialogThatEnds) {
  Moving bench;
  bench.says(bench.ocs, request("BYE", "one", 2, "pub-1"));
  bench.says(bench.first, response(200, "BYE", "one", 2, "pub-1"));
  bench.reload();
  bench.pass(1s);
  EXPECT_EQ(bench.out.dials.size(), 1u);
  bench.pass(4s);
  EXPECT_EQ(bench.splitter.status().legs, 0u);
  EXPECT_FALSE(bench.splitter.next_deadline());
}

TEST(SplitterMoves, SendsAnAckWhereItsInviteWent) {
  Moving bench;
  bench.says(bench.ocs, request("INVITE", "one", 5, "pub-1"));
  bench.says(bench.first, response(200, "INVITE", "one", 5, "pub-1"));
  bench.out.take(bench.first);
  bench.reload();
  bench.up(bench.newest());
  bench.pass(500ms);
  const std::string ack = request("ACK", "one", 5, "pub-1");
  bench.says(bench.ocs, ack);
  EXPECT_EQ(bench.out.take(bench.first), ack);
  bench.pass(3s);
  bench.says(bench.ocs, ack);
  EXPECT_EQ(bench.out.take(bench.newest()), ack);
}

TEST(SplitterMoves, PacesThemAndBoundsThoseUnderWay) {
  Settings settings = Bench::usual();
  settings.moves = 500;
  settings.moving = 40;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  for (int i = 0; i < 100; ++i)
    bench.established(ocs, "d" + std::to_string(i));
  bench.on(Reloaded{});
  std::size_t dials = 100;
  const auto raise = [&] {
    for (; dials < bench.out.dials.size(); ++dials)
      bench.up(bench.out.dials[dials].peer);
  };
  for (int round = 1; round <= 4; ++round) {
    bench.pass(20ms);
    EXPECT_EQ(bench.out.dials.size(), 100u + static_cast<std::size_t>(round) * 10);
    raise();
  }
  bench.pass(20ms);
  EXPECT_EQ(bench.out.dials.size(), 140u);
  for (int i = 0; i < 1000; ++i) {
    bench.pass(20ms);
    raise();
    EXPECT_LE(bench.splitter.status().legs, 140u);
  }
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 100u);
  EXPECT_EQ(bench.splitter.status().legs, 100u);
  EXPECT_FALSE(bench.splitter.next_deadline());
}

TEST(SplitterMoves, LeavesRoomForNewDialogs) {
  Settings settings = Bench::usual();
  settings.dialogs = 100;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  for (int i = 0; i < 60; ++i)
    bench.established(ocs, "d" + std::to_string(i));
  bench.on(Reloaded{});
  std::size_t raised = 60;
  for (int i = 0; i < 1000; ++i) {
    bench.pass(20ms);
    EXPECT_LE(bench.splitter.status().legs, 90u);
    for (; raised < bench.out.dials.size(); ++raised)
      bench.up(bench.out.dials[raised].peer);
  }
  EXPECT_EQ(bench.count(Counter::splitter_legs_moved), 60u);
}

TEST(SplitterMoves, DoesNotTakeAllTurnsToDialFromNewDialogs) {
  Settings settings = Bench::usual();
  settings.dials = 4;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  for (int i = 0; i < 10; ++i)
    bench.established(ocs, "d" + std::to_string(i));
  bench.on(Reloaded{});
  bench.pass(1s);
  EXPECT_LT(bench.out.dials.size(), 14u);
  bench.says(ocs, request("INVITE", "new", 1));
  EXPECT_EQ(bench.header(bench.out.dials.size() - 1).authority, "new");
}

TEST(SplitterMoves, StopWhenTheSplitterStops) {
  Moving bench;
  bench.says(bench.ocs, request("INFO", "one", 2, "pub-1"));
  bench.reload();
  bench.on(Stop{bench.now + 10s});
  bench.on(Reloaded{});
  bench.says(bench.first, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_EQ(bench.splitter.status().legs, 0u);
  bench.gone(bench.ocs);
  EXPECT_TRUE(bench.splitter.finished());
}

}  // namespace
}  // namespace linebridge::lb::splitter
