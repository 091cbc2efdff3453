#include "cti/qbe/link_session.hpp"

#include <gtest/gtest.h>

#include "conversation.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

constexpr driver::LineHandle line{1, 145};

driver::Disconnect drop(std::uint32_t leg) {
  return {line, {1, leg}};
}

TEST(QbeLinkSession, TakesTheSameStreamHoweverItIsCut) {
  Conversation whole;
  whole.log_in();
  whole.open_line();
  const std::string stream =
      message(m::new_call_event,
              {{"line_call_manager_id", 1}, {"line_id", 145}, {"call_leg_id", 33}, {"calling_party", "1002"}}) +
      manager::heartbeat() +
      message(m::call_state_changed_event_v2,
              {{"line_call_manager_id", 1}, {"line_id", 145}, {"call_leg_id", 33}, {"state", 8}});
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SCOPED_TRACE(cut);
    whole.receive(std::string_view(stream).substr(0, cut));
    whole.receive(std::string_view(stream).substr(cut));
    const auto events = whole.take_events();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(std::get<driver::NewCall>(events[0]).parties.calling, "1002");
    EXPECT_EQ(std::get<driver::CallStateChanged>(events[1]).state, driver::CallState::connected);
  }
}

TEST(QbeLinkSession, LogsInOverAStreamOfSingleBytes) {
  Conversation talk;
  const auto drip = [&](const std::string& data) {
    for (const char c : data)
      talk.receive({&c, 1});
  };
  talk.start();
  drip(manager::init_response(talk.only_request().seq));
  const auto open = talk.only_request().seq;
  drip(manager::open_response(open) + manager::open_completed(open));
  drip(manager::capabilities_response(talk.only_request().seq));
  const auto list = talk.only_request().seq;
  drip(manager::list_response(list) + manager::list_completed(list));
  EXPECT_TRUE(talk.session.in_service());
}

TEST(QbeLinkSession, TakesAHundredMessagesOfOneRead) {
  Conversation talk;
  talk.log_in();
  talk.open_line();
  std::string stream;
  for (std::uint32_t i = 0; i < 100; ++i)
    stream += message(m::call_state_changed_event_v2,
                      {{"line_call_manager_id", 1}, {"line_id", 145}, {"call_leg_id", i}, {"state", 8}});
  talk.receive(stream);
  ASSERT_EQ(talk.events.size(), 100u);
  for (std::uint32_t i = 0; i < 100; ++i)
    EXPECT_EQ(std::get<driver::CallStateChanged>(talk.events[i]).leg.leg, i);
}

TEST(QbeLinkSession, PassesOverMessagesItDoesNotKnow) {
  Conversation talk;
  talk.log_in();
  std::string strange = manager::heartbeat();
  store32(strange, header::id, 4711);
  talk.receive(strange + strange);
  EXPECT_FALSE(talk.session.ended());
  EXPECT_EQ(talk.counters[Counter::cti_unknown_message], 2u);
}

TEST(QbeLinkSession, PassesOverAMessageWithImpossibleFields) {
  Conversation talk;
  talk.log_in();
  std::string bad = message(m::new_call_event, {{"calling_party", "1002"}});
  store32(bad, header::bytes + m::new_call_event["calling_party"].offset, 0x7FFFFFF0);
  talk.receive(bad);
  EXPECT_FALSE(talk.session.ended());
  EXPECT_EQ(talk.counters[Counter::cti_malformed], 1u);
}

TEST(QbeLinkSession, EndsWhenTheStreamCannotBeReadOn) {
  Conversation talk;
  talk.log_in();
  talk.receive("GET / HTTP/1.1\r\nHost: somewhere.example\r\n\r\n");
  ASSERT_TRUE(talk.session.ended());
  EXPECT_EQ(talk.session.ended()->why, Ending::Why::malformed);
  talk.receive(manager::heartbeat());
  EXPECT_EQ(talk.session.next_deadline(), std::nullopt);
}

TEST(QbeLinkSession, EndsWhenTheProviderIsClosed) {
  using Why = Ending::Why;
  const std::vector<std::pair<std::uint32_t, Why>> reasons = {
      {0, Why::lost},         {1, Why::lost},         {2, Why::lost},  {3, Why::lost},
      {4, Why::credentials},  {5, Why::credentials},  {6, Why::lost},  {7, Why::credentials},
      {8, Why::credentials},  {9, Why::credentials},  {10, Why::lost}, {11, Why::credentials},
      {12, Why::credentials}, {13, Why::credentials}, {14, Why::lost}, {100, Why::lost}};
  for (const auto& [reason, why] : reasons) {
    Conversation talk;
    talk.log_in();
    talk.receive(message(m::provider_closed_event, {{"reason", reason}}));
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, why);
  }
}

TEST(QbeLinkSession, ARequestWithoutAnswerAndSilenceSinceLosesTheLink) {
  Conversation talk;
  talk.log_in();
  talk.pass(1s);
  const auto id = talk.ask(drop(1));
  talk.pass(9999ms);
  EXPECT_FALSE(talk.session.ended());
  talk.pass(1ms);
  ASSERT_TRUE(talk.session.ended());
  EXPECT_EQ(talk.session.ended()->why, Ending::Why::lost);
  EXPECT_EQ(failure_of(talk.outcome(id))->kind, driver::Failure::Kind::timed_out);
}

TEST(QbeLinkSession, ARequestWithoutAnswerAloneDoesNot) {
  Conversation talk;
  talk.log_in();
  talk.pass(1s);
  const auto id = talk.ask(drop(1));
  talk.pass(1s);
  talk.receive(manager::heartbeat());
  talk.pass(9s);
  EXPECT_FALSE(talk.session.ended());
  EXPECT_EQ(failure_of(talk.outcome(id))->kind, driver::Failure::Kind::timed_out);
}

LinkSession::Settings narrow() {
  auto settings = Conversation::usual();
  settings.outstanding = 2;
  settings.waiting = 3;
  return settings;
}

TEST(QbeLinkSession, SendsNoMoreThanMayBeOutstanding) {
  Conversation talk(narrow());
  talk.log_in();
  for (std::uint32_t i = 0; i < 5; ++i)
    talk.ask(drop(i));
  auto sent = talk.requests();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(talk.session.outstanding(), 2u);
  talk.receive(manager::done(sent[1]));
  const auto next = talk.only_request();
  EXPECT_EQ(next.number("call_leg_id"), 2u) << "first come, first served";
}

TEST(QbeLinkSession, RefusesOperationsOverItsQueue) {
  Conversation talk(narrow());
  talk.log_in();
  for (std::uint32_t i = 0; i < 5; ++i)
    EXPECT_EQ(talk.outcome(talk.ask(drop(i))), std::nullopt);
  EXPECT_EQ(failure_of(talk.outcome(talk.ask(drop(6))))->kind, driver::Failure::Kind::queue_full);
  EXPECT_EQ(talk.counters[Counter::cti_queue_full], 1u);
  EXPECT_FALSE(talk.session.ended());
  talk.receive(manager::done(talk.requests()[0]));
  EXPECT_EQ(talk.outcome(talk.ask(drop(7))), std::nullopt) << "there is room again";
}

TEST(QbeLinkSession, WhatWaitsHasItsOwnDeadline) {
  Conversation talk(narrow());
  talk.log_in();
  talk.ask(drop(0)), talk.ask(drop(1));
  talk.pass(4s);
  const auto waiting = talk.ask(drop(2));
  talk.receive(manager::heartbeat());
  talk.pass(6s);  // The first two time out and make room.
  EXPECT_EQ(talk.outcome(waiting), std::nullopt);
  const auto sent = talk.requests();
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(sent.back().number("call_leg_id"), 2u);
  talk.receive(manager::heartbeat());
  talk.pass(4s);
  EXPECT_EQ(failure_of(talk.outcome(waiting))->kind, driver::Failure::Kind::timed_out);
}

TEST(QbeLinkSession, WorkBegunGoesAheadOfWhatWaits) {
  Conversation talk(narrow());
  talk.log_in();
  talk.open_line();
  talk.ask(driver::MakeCall{line, "1002"});
  talk.ask(drop(1));
  const auto sent = talk.requests();
  talk.ask(drop(2));
  talk.receive(manager::done(sent[0], {{"call_manager_id", 1u}, {"call_id", 9u}}));
  EXPECT_EQ(talk.only_request().id, 43u);
}

TEST(QbeLinkSession, ALateAnswerIsSwallowedAndCounted) {
  Conversation talk;
  talk.log_in();
  const auto id = talk.ask(drop(1));
  const auto request = talk.only_request();
  talk.pass(5s);
  talk.receive(manager::heartbeat());
  talk.pass(5s);
  ASSERT_TRUE(talk.outcome(id));
  talk.take_events();
  talk.receive(manager::done(request));
  EXPECT_TRUE(talk.events.empty());
  EXPECT_EQ(talk.counters[Counter::cti_late_answers], 1u);
  talk.receive(manager::done(request));
  EXPECT_EQ(talk.counters[Counter::cti_stray_answers], 1u);
}

TEST(QbeLinkSession, AnAnswerOfAnotherKindAnswersNothing) {
  Conversation talk;
  talk.log_in();
  const auto id = talk.ask(drop(1));
  const auto request = talk.only_request();
  talk.receive(message(m::call_answer_response, {{"seq", request.seq}}));
  EXPECT_EQ(talk.outcome(id), std::nullopt);
  EXPECT_EQ(talk.counters[Counter::cti_stray_answers], 1u);
  talk.receive(manager::done(request));
  EXPECT_TRUE(talk.outcome(id));
}

TEST(QbeLinkSession, AbandonsEveryOperationOnce) {
  Conversation talk(narrow());
  talk.log_in();
  std::vector<driver::OperationId> ids;
  ids.push_back(talk.ask(driver::OpenLine{"SEP1", "1001", ""}));
  ids.push_back(talk.ask(driver::OpenLine{"SEP1", "1001", ""}));
  for (std::uint32_t i = 0; i < 3; ++i)
    ids.push_back(talk.ask(drop(i)));
  talk.receive(message(m::provider_closed_event, {{"reason", 2}}));
  talk.take_events();
  talk.session.abandon(talk.events);
  ASSERT_EQ(talk.events.size(), ids.size());
  for (const auto id : ids)
    EXPECT_EQ(failure_of(talk.outcome(id))->kind, driver::Failure::Kind::link_lost);
  talk.take_events();
  talk.session.abandon(talk.events);
  EXPECT_TRUE(talk.events.empty());
}

TEST(QbeLinkSession, OperationsBeforeServiceAndAfterTheEndAreLost) {
  Conversation talk;
  talk.start();
  EXPECT_EQ(failure_of(talk.outcome(talk.ask(drop(1))))->kind, driver::Failure::Kind::link_lost);
  Conversation ended;
  ended.log_in();
  ended.receive(message(m::provider_closed_event, {{"reason", 2}}));
  EXPECT_EQ(failure_of(ended.outcome(ended.ask(drop(1))))->kind, driver::Failure::Kind::link_lost);
}

TEST(QbeLinkSession, SaysGoodBye) {
  Conversation talk;
  talk.log_in();
  talk.session.close(talk.turn());
  EXPECT_EQ(talk.only_request().id, 9u);
  EXPECT_TRUE(talk.session.ended());
}

}  // namespace
}  // namespace linebridge::cti::qbe
