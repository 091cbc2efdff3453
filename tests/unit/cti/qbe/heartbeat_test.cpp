#include "cti/qbe/heartbeat.hpp"

#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

TEST(QbeHeartbeat, IsLostAfterTwoIntervalsAndOnePerCent) {
  const std::vector<std::pair<std::uint32_t, std::chrono::milliseconds>> cases = {
      {30, 60600ms},         {8, 16160ms},         {4, 10s},    {15, 30300ms},      {1, 10s},
      {60, 121200ms},        {250, 500s},          {500, 500s}, {0x7FFFFFFF, 500s}, {0, 60600ms},
      {0xFFFFFFFF, 60600ms}, {0x80000000, 60600ms}};
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

TEST(QbeHeartbeat, AnIntervalOfOursThatMakesNoSenseIsBroughtIntoRange) {
  const std::vector<std::pair<std::uint32_t, std::chrono::seconds>> cases = {
      {0, 30s}, {1, 1s}, {4, 4s}, {500, 500s}, {501, 500s}, {0x7FFFFFFF, 500s}, {0xFFFFFFFF, 30s}};
  for (const auto& [interval, wait] : cases) {
    SCOPED_TRACE(interval);
    Heartbeat heartbeat;
    heartbeat.set(interval, 500, {});
    EXPECT_FALSE(heartbeat.must_send(TimePoint{} + wait - 1ms));
    EXPECT_TRUE(heartbeat.must_send(TimePoint{} + wait));
  }
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

TEST(QbeHeartbeat, TheIntervalsAreThoseOfTheAnswersWhateverWasAskedFor) {
  // What the CTI Manager wants of us, what it promises, and how long it may then be silent.
  struct Row {
    std::uint32_t ours, theirs;
    std::chrono::milliseconds every, silence;
  };
  const std::vector<Row> rows = {{4, 4, 4s, 10s},
                                 {8, 8, 8s, 16160ms},
                                 {15, 15, 15s, 30300ms},
                                 {1, 1, 1s, 10s},
                                 {60, 60, 60s, 121200ms},
                                 {250, 250, 250s, 500s},
                                 {0, 0, 30s, 60600ms},
                                 {500, 500, 500s, 500s},
                                 {4, 30, 4s, 60600ms},
                                 {0x7FFFFFFF, 8, 500s, 16160ms},
                                 {0xFFFFFFFF, 0xFFFFFFFF, 30s, 60600ms}};
  for (const auto& row : rows) {
    SCOPED_TRACE(std::to_string(row.ours) + " " + std::to_string(row.theirs));
    Conversation talk;
    talk.start();
    talk.receive(manager::init_response(talk.only_request().seq));
    const auto open = talk.only_request().seq;
    talk.receive(manager::open_response(open, row.ours, row.theirs));
    talk.receive(message(m::provider_open_completed_event,
                         {{"seq", open}, {"client_heartbeat", row.ours}, {"server_heartbeat", row.theirs}}));
    talk.receive(manager::capabilities_response(talk.only_request().seq));
    talk.receive(manager::list_completed(talk.only_request().seq));
    ASSERT_TRUE(talk.session.in_service());
    if (row.every < row.silence) {
      talk.pass(row.every - 1ms);
      EXPECT_EQ(beats(talk), 0u);
      talk.pass(1ms);
      EXPECT_EQ(beats(talk), 1u);
      talk.receive(manager::heartbeat());
    }
    talk.pass(row.silence - 1ms);
    EXPECT_FALSE(talk.session.ended());
    talk.pass(1ms);
    EXPECT_TRUE(talk.session.ended());
  }
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
