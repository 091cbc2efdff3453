#include "tests/unit/lb/splitter/town.hpp"

namespace linebridge::lb::splitter {
namespace {

constexpr std::array losses = {Town::Loss::client, Town::Loss::leg, Town::Loss::place, Town::Loss::node};

TEST(SplitterFlow, TakesEveryMessageOfManyDialogsWhereItBelongs) {
  Town town(1, 400, 1ms);  // So that no leg of an ended dialog is closed before all has arrived.
  for (int i = 0; i < 12'000; ++i)
    town.step();
  town.finish();
  EXPECT_GT(town.dialogs(), 500u);
  EXPECT_EQ(town.count(Counter::splitter_responses_dropped), 0u);
  EXPECT_EQ(town.count(Counter::splitter_replays), 0u);
  EXPECT_EQ(town.count(Counter::splitter_unanswered), 0u);
}

TEST(SplitterFlow, StaysRightHoweverOftenConnectionsBreakAndHaproxyIsReloaded) {
  std::size_t dialogs = 0, moved = 0, replays = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    Town town(seed, 100);
    Random chance(repeatable(1000 + seed));
    for (int i = 0; i < 4000; ++i) {
      town.step();
      if (const auto number = chance.number() % 400; number < losses.size()) town.lose(losses[number]);
      if (chance.number() % 500 == 0) town.reload();
    }
    town.finish();
    dialogs += town.dialogs();
    moved += town.count(Counter::splitter_legs_moved);
    replays += town.count(Counter::splitter_replays);
  }
  EXPECT_GT(dialogs, 2000u);
  EXPECT_GT(moved, 100u);
  EXPECT_GT(replays, 10u);
}

TEST(SplitterFlow, LosesNothingWithAConnectionLostAtAnyStep) {
  constexpr int steps = 160;
  for (int at = 0; at < steps; at += 2) {
    for (const auto what : losses) {
      SCOPED_TRACE(testing::Message() << "loss " << static_cast<int>(what) << " at " << at);
      Town town(7, 4);
      for (int i = 0; i < steps; ++i) {
        town.step();
        if (i == at) town.lose(what);
      }
      town.finish();
    }
  }
}

}  // namespace
}  // namespace linebridge::lb::splitter
