#include "cti/qbe/heartbeat.hpp"

#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

TEST(QbeHeartbeat, IsLostAfterTwoIntervalsAndOnePerCent) {
  const std::vector<std::pair<std::uint32_t, std::chrono::milliseconds>> cases = {
      {30, 60600ms}, {8, 16160ms}, {4, 10s}, {15, 30300ms}, {1, 10s}, {300, 500s}, {0xFFFFFFFF, 500s}};
  for (const auto& [interval, patience] : cases) {
    SCOPED_TRACE(interval);
    Heartbeat heartbeat;
    const TimePoint start{};
    heartbeat.set(500, interval, start);
    EXPECT_FALSE(heartbeat.lost(start + patience - 1ms));
    EXPECT_TRUE(heartbeat.lost(start + patience));
    heartbeat.heard(start + 5s);
    EXPECT_FALSE(heartbeat.lost(start + patience));
    EXPECT_TRUE(heartbeat.lost(start + 5s + patience));
  }
}

TEST(QbeHeartbeat, ZeroLeavesTheIntervalAsItWas) {
  Heartbeat heartbeat;
  heartbeat.set(0, 0, {});
  EXPECT_EQ(heartbeat.next(), TimePoint{} + 30s);
  heartbeat.set(7, 0, {});
  heartbeat.set(0, 10, {});
  EXPECT_EQ(heartbeat.next(), TimePoint{} + 7s);
}

TEST(QbeHeartbeat, NothingIsDueBeforeItBegins) {
  const Heartbeat heartbeat;
  EXPECT_EQ(heartbeat.next(), std::nullopt);
  EXPECT_FALSE(heartbeat.must_send(TimePoint::max()));
  EXPECT_FALSE(heartbeat.lost(TimePoint::max()));
}

/// How many heartbeats the session sent.
std::size_t beats(Conversation& talk) {
  std::size_t count = 0;
  for (const auto& sent : talk.requests())
    count += sent.id == m::heartbeat.id ? 1 : 0;
  return count;
}

TEST(QbeHeartbeat, OneIsSentEachIntervalWhenIdle) {
  Conversation talk;
  talk.log_in();
  for (int i = 0; i < 5; ++i) {
    talk.pass(29999ms);
    EXPECT_EQ(beats(talk), 0u);
    talk.pass(1ms);
    EXPECT_EQ(beats(talk), 1u);
    talk.receive(manager::heartbeat());
  }
}

TEST(QbeHeartbeat, AnythingSentCountsAsOne) {
  Conversation talk;
  talk.log_in();
  talk.pass(20s);
  talk.ask(driver::Disconnect{{1, 1}, {1, 2}});
  talk.receive(manager::done(talk.only_request()));
  talk.pass(29s);
  EXPECT_EQ(beats(talk), 0u);
  talk.pass(1s);
  EXPECT_EQ(beats(talk), 1u);
}

TEST(QbeHeartbeat, TheLinkIsLostWhenNothingComes) {
  Conversation talk;
  talk.log_in();
  talk.pass(60599ms);
  EXPECT_FALSE(talk.session.ended());
  talk.pass(1ms);
  ASSERT_TRUE(talk.session.ended());
  EXPECT_EQ(talk.session.ended()->why, Ending::Why::lost);
}

TEST(QbeHeartbeat, AnyMessageKeepsTheLink) {
  Conversation talk;
  talk.log_in();
  for (int i = 0; i < 10; ++i) {
    talk.pass(60s);
    talk.receive(i % 2 == 0 ? manager::heartbeat() : message(m::existing_call_completed_event, {}));
  }
  EXPECT_FALSE(talk.session.ended());
}

TEST(QbeHeartbeat, HalfAMessageDoesNotKeepTheLink) {
  Conversation talk;
  talk.log_in();
  talk.pass(60s);
  talk.receive(manager::heartbeat().substr(0, 31));
  talk.pass(601ms);
  EXPECT_TRUE(talk.session.ended());
}

}  // namespace
}  // namespace linebridge::cti::qbe
