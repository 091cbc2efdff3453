#include "session/farewell.hpp"

namespace linebridge::session {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{1h};

/// Lets all go; what happened on the way.
struct Told {
  std::size_t most_at_once = 0, goes = 0;
  Duration took{};
};
Told tell(Farewell farewell, std::size_t left) {
  Told told;
  TimePoint now = start;
  for (;; now = std::max(now, farewell.next())) {
    const std::size_t some = farewell.due(now, left);
    left -= some;
    told.most_at_once = std::max(told.most_at_once, some);
    ++told.goes;
    farewell.went(now, left);
    if (left == 0) break;
  }
  told.took = now - start;
  return told;
}

TEST(SessionFarewell, LetsAFewGoAtOnce) {
  const auto told = tell({{}, start, start + 10s}, 64);
  EXPECT_EQ(told.goes, 1U);
  EXPECT_EQ(told.took, 0s);
}

TEST(SessionFarewell, SpreadsManyWithoutHurryWhereThereIsTime) {
  const auto told = tell({{}, start, start + 10s}, 15000);
  EXPECT_EQ(told.most_at_once, 64U);
  EXPECT_EQ(told.goes, 235U);
  EXPECT_EQ(told.took, 234 * 20ms);
}

TEST(SessionFarewell, HurriesWhereThereIsLittleAndLeavesTimeForAnswers) {
  const auto told = tell({{}, start, start + 4s}, 30000);
  EXPECT_EQ(told.most_at_once, 64U);
  EXPECT_LE(told.took, 3s);
  EXPECT_GT(told.took, 2500ms);
}

TEST(SessionFarewell, NeverSendsMoreAtOnceEvenWithoutAnyTime) {
  const auto told = tell({{}, start, start - 1s}, 1000);
  EXPECT_EQ(told.most_at_once, 64U);
  EXPECT_EQ(told.took, 15 * 1ms);
}

TEST(SessionFarewell, GivesNothingBeforeItsTime) {
  Farewell farewell({}, start, start + 10s);
  farewell.went(start, 100);
  EXPECT_EQ(farewell.next(), start + 20ms);
  EXPECT_EQ(farewell.due(start + 19ms, 100), 0U);
  EXPECT_EQ(farewell.due(start + 20ms, 100), 64U);
}

TEST(SessionFarewell, SaysFromWhenOnNobodyMayBeWaitedFor) {
  const Farewell farewell({}, start, start + 10s);
  EXPECT_FALSE(farewell.pressed(start + 7s, 64));
  EXPECT_TRUE(farewell.pressed(start + 7980ms, 64));
  EXPECT_TRUE(farewell.pressed(start + 7s, 64 * 50));
}

TEST(SessionFarewell, BecomesShorterAndNeverLonger) {
  Farewell farewell({}, start, start + 10s);
  farewell.shorten(start, start + 20s);
  EXPECT_FALSE(farewell.pressed(start + 7s, 1));
  farewell.shorten(start, start + 4s);
  EXPECT_TRUE(farewell.pressed(start + 3s, 1));
  EXPECT_LE(tell(farewell, 15000).took, 3s);
}

}  // namespace
}  // namespace linebridge::session
