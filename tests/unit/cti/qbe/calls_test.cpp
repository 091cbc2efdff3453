#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

using driver::CallState;

constexpr driver::LegHandle leg{1, 33};
constexpr driver::GlobalCall global{1, 2001};

class QbeCalls : public testing::Test {
protected:
  QbeCalls() {
    talk.log_in();
    line = talk.open_line();
  }
  std::string about_call(const Layout& layout, std::vector<Value> more) {
    more.push_back({"line_call_manager_id", line.manager});
    more.push_back({"line_id", line.line});
    more.push_back({"call_call_manager_id", leg.manager});
    more.push_back({"call_leg_id", leg.leg});
    return message(layout, more);
  }
  std::string new_call(std::uint32_t state) {
    return about_call(m::new_call_event, {{"global_call_manager_id", global.manager},
                                          {"call_id", global.call},
                                          {"state", state},
                                          {"origin", 4},
                                          {"reason", 1},
                                          {"calling_party", "1001"}});
  }
  std::string state(std::uint32_t value, std::uint32_t cause = 0) {
    return about_call(m::call_state_changed_event_v2, {{"state", value}, {"cause", cause}});
  }
  static std::string allocated(const Sent& request) {
    return manager::done(request, {{"call_manager_id", global.manager}, {"call_id", global.call}});
  }
  static std::string initiated(const Sent& request) {
    return manager::done(request, {{"call_manager_id", leg.manager}, {"call_leg_id", leg.leg}});
  }
  /// Ten seconds in which the CTI Manager only beats.
  void pass_answer_time() {
    talk.pass(9s);
    talk.receive(manager::heartbeat());
    talk.pass(1s);
  }
  Conversation talk;
  driver::LineHandle line;
};

TEST_F(QbeCalls, AreMadeWithAGlobalHandleFirst) {
  const auto id = talk.ask(driver::MakeCall{line, "1002"});
  const auto allocate = talk.only_request();
  EXPECT_EQ(allocate.id, 11u);
  EXPECT_EQ(allocate.number("call_type"), 0u);
  talk.receive(allocated(allocate));
  const auto initiate = talk.only_request();
  EXPECT_EQ(initiate.id, 43u);
  EXPECT_EQ(initiate.number("line_id"), line.line);
  EXPECT_EQ(initiate.number("global_call_id"), 2001u);
  EXPECT_EQ(initiate.text("calling_address"), "1001");
  EXPECT_EQ(initiate.text("dest_address"), "1002");
  EXPECT_EQ(initiate.number("feature_priority"), 1u);
  EXPECT_EQ(talk.outcome(id), std::nullopt);
  talk.receive(initiated(initiate));
  const auto started = std::get<driver::CallStarted>(*talk.outcome(id));
  EXPECT_EQ(started.line, line);
  EXPECT_EQ(started.call, global);
  EXPECT_EQ(started.leg, leg);
}

TEST_F(QbeCalls, EventsMayComeBeforeTheResponseAndKeepTheirOrder) {
  const std::vector<std::string> events = {new_call(4), state(5), state(9), state(6)};
  for (std::size_t before = 0; before <= events.size(); ++before) {
    SCOPED_TRACE(before);
    const auto id = talk.ask(driver::MakeCall{line, "1002"});
    talk.receive(allocated(talk.only_request()));
    const auto initiate = talk.only_request();
    std::string stream;
    for (std::size_t i = 0; i < before; ++i)
      stream += events[i];
    stream += initiated(initiate);
    for (std::size_t i = before; i < events.size(); ++i)
      stream += events[i];
    talk.receive(stream);

    const auto got = talk.take_events();
    ASSERT_EQ(got.size(), 5u);
    ASSERT_TRUE(std::holds_alternative<driver::Answered>(got[before]));
    EXPECT_EQ(std::get<driver::Answered>(got[before]).operation, id);
    const auto& first = std::get<driver::NewCall>(got[before == 0 ? 1 : 0]);
    EXPECT_EQ(first.call, global);
    EXPECT_EQ(first.leg, leg);
    EXPECT_EQ(std::get<driver::CallStateChanged>(got[before == 4 ? 3 : 4]).state, CallState::ringback);
  }
}

TEST_F(QbeCalls, AFailureAtEitherStepRefusesTheCall) {
  for (const bool second : {false, true}) {
    const auto id = talk.ask(driver::MakeCall{line, "1002"});
    auto request = talk.only_request();
    if (second) {
      talk.receive(allocated(request));
      request = talk.only_request();
    }
    talk.receive(manager::failure(request.seq, 0x8CCC0008, "line control"));
    const auto outcome = talk.outcome(id);
    ASSERT_NE(failure_of(outcome), nullptr);
    EXPECT_EQ(failure_of(outcome)->code, 0x8CCC0008u);
    EXPECT_TRUE(talk.requests().empty());
  }
}

TEST_F(QbeCalls, AResultThatIsNotZeroIsAFailureToo) {
  const auto id = talk.ask(driver::AnswerCall{line, leg});
  talk.receive(manager::done(talk.only_request(), {{"result", 0x8CCC000Au}}));
  EXPECT_EQ(failure_of(talk.outcome(id))->code, 0x8CCC000Au);
}

TEST_F(QbeCalls, AreAnsweredAndHungUpByLeg) {
  const auto answer = talk.ask(driver::AnswerCall{line, leg});
  const auto answering = talk.only_request();
  EXPECT_EQ(answering.id, 52u);
  EXPECT_EQ(answering.number("call_leg_id"), leg.leg);
  talk.receive(manager::done(answering));
  EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk.outcome(answer)));

  const auto drop = talk.ask(driver::Disconnect{line, leg});
  const auto dropping = talk.only_request();
  EXPECT_EQ(dropping.id, 66u);
  EXPECT_EQ(dropping.number("line_id"), line.line);
  EXPECT_EQ(dropping.number("call_leg_id"), leg.leg);
  talk.receive(manager::done(dropping));
  EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk.outcome(drop)));
}

TEST_F(QbeCalls, BothStepsOfACallShareOneDeadline) {
  const auto id = talk.ask(driver::MakeCall{line, "1002"});
  talk.pass(6s);
  talk.receive(allocated(talk.only_request()));
  talk.pass(3s);
  talk.receive(manager::heartbeat());
  EXPECT_EQ(talk.outcome(id), std::nullopt);
  talk.pass(1s);
  EXPECT_EQ(failure_of(talk.outcome(id))->kind, driver::Failure::Kind::timed_out);
  EXPECT_EQ(talk.counters[Counter::cti_timeouts], 1u);
}

TEST_F(QbeCalls, ACallMadeTooLateIsHungUp) {
  talk.ask(driver::MakeCall{line, "1002"});
  talk.receive(allocated(talk.only_request()));
  const auto initiate = talk.only_request();
  pass_answer_time();
  talk.take_events();
  talk.receive(new_call(4) + state(5) + initiated(initiate));
  const auto drop = talk.only_request();
  EXPECT_EQ(drop.id, 66u);
  EXPECT_EQ(drop.number("call_leg_id"), leg.leg);
  EXPECT_EQ(talk.counters[Counter::cti_late_answers], 1u);
  for (const auto& event : talk.take_events())
    EXPECT_FALSE(std::holds_alternative<driver::Answered>(event));
  talk.receive(manager::done(drop));
  EXPECT_TRUE(talk.events.empty()) << "nobody asked for it";
}

TEST_F(QbeCalls, ACallMadeTooLateThatRingsIsLeftAlone) {
  for (const bool rings_before : {true, false}) {
    talk.ask(driver::MakeCall{line, "1002"});
    talk.receive(allocated(talk.only_request()));
    const auto initiate = talk.only_request();
    const std::string ringing = new_call(4) + state(5) + state(6);
    if (rings_before) talk.receive(ringing);
    pass_answer_time();
    if (!rings_before) talk.receive(ringing);
    talk.receive(initiated(initiate));
    EXPECT_TRUE(talk.requests().empty());
  }
}

TEST_F(QbeCalls, ALateFailureIsOnlyCounted) {
  talk.ask(driver::MakeCall{line, "1002"});
  talk.receive(allocated(talk.only_request()));
  const auto initiate = talk.only_request();
  pass_answer_time();
  talk.take_events();
  talk.receive(manager::failure(initiate.seq, 0x8CCC0001));
  EXPECT_TRUE(talk.events.empty());
  EXPECT_TRUE(talk.requests().empty());
  EXPECT_EQ(talk.counters[Counter::cti_late_answers], 1u);
}

TEST_F(QbeCalls, TellTheirParties) {
  talk.receive(about_call(m::new_call_event, {{"state", 2},
                                              {"origin", 3},
                                              {"reason", 5},
                                              {"called_party", "1001"},
                                              {"unmodified_calling_party", "0123"},
                                              {"original_called_party", "1000"},
                                              {"last_redirecting_party", "1003"},
                                              {"called_party_shown", true},
                                              {"remote_in_use", true}}));
  const auto call = std::get<driver::NewCall>(talk.take_events().at(0));
  EXPECT_EQ(call.state, CallState::offering);
  EXPECT_EQ(call.direction, driver::Direction::inbound);
  EXPECT_EQ(call.reason, 5u);
  EXPECT_EQ(call.parties.calling, "0123");
  EXPECT_EQ(call.parties.called, "1001");
  EXPECT_EQ(call.parties.original_called, "1000");
  EXPECT_EQ(call.parties.last_redirecting, "1003");
  EXPECT_TRUE(call.parties.calling_restricted);
  EXPECT_TRUE(call.remote_in_use);
  EXPECT_FALSE(call.existing);
}

TEST_F(QbeCalls, ShownFlagsThatAreAllFalseSayNothing) {
  talk.receive(new_call(4));
  EXPECT_FALSE(std::get<driver::NewCall>(talk.take_events().at(0)).parties.calling_restricted);
}

TEST_F(QbeCalls, ThatExistedAreTold) {
  talk.receive(about_call(m::existing_call_event, {{"global_call_manager_id", 1},
                                                   {"call_id", 7},
                                                   {"state", 8},
                                                   {"origin", 1},
                                                   {"calling_party", "1002"},
                                                   {"last_redirecting_party", "1003"}}));
  const auto call = std::get<driver::NewCall>(talk.take_events().at(0));
  EXPECT_TRUE(call.existing);
  EXPECT_EQ(call.state, CallState::connected);
  EXPECT_EQ(call.parties.calling, "1002");
  EXPECT_EQ(call.parties.last_redirecting, "1003");
}

TEST_F(QbeCalls, TellEveryChange) {
  talk.receive(state(14, 17) +
               about_call(m::call_party_info_changed_event,
                          {{"called_party", "1002"}, {"original_called_party", "1002"}, {"reason", 6}}) +
               about_call(m::global_call_handle_changed_event,
                          {{"new_global_call_manager_id", 1}, {"new_global_call_id", 2002}, {"reason", 2}}));
  const auto events = talk.take_events();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(std::get<driver::CallStateChanged>(events[0]).state, CallState::disconnected);
  EXPECT_EQ(std::get<driver::CallStateChanged>(events[0]).cause, 17u);
  EXPECT_EQ(std::get<driver::PartiesChanged>(events[1]).parties.called, "1002");
  EXPECT_EQ(std::get<driver::PartiesChanged>(events[1]).reason, 6u);
  EXPECT_EQ(std::get<driver::GlobalCallChanged>(events[2]).call, (driver::GlobalCall{1, 2002}));
}

TEST_F(QbeCalls, EveryStateHasItsWord) {
  const std::vector<std::pair<std::uint32_t, CallState>> states = {
      {0, CallState::unknown},    {1, CallState::idle},           {2, CallState::offering},
      {3, CallState::accepted},   {4, CallState::dialtone},       {5, CallState::dialing},
      {6, CallState::ringback},   {7, CallState::busy},           {8, CallState::connected},
      {9, CallState::proceeding}, {10, CallState::on_hold},       {11, CallState::on_hold},
      {12, CallState::on_hold},   {13, CallState::on_hold},       {14, CallState::disconnected},
      {15, CallState::accepted},  {16, CallState::remote_in_use}, {17, CallState::proceeding},
      {18, CallState::connected}, {20, CallState::proceeding},    {99, CallState::other}};
  for (const auto& [number, word] : states) {
    talk.receive(state(number));
    EXPECT_EQ(std::get<driver::CallStateChanged>(talk.take_events().at(0)).state, word) << number;
  }
}

TEST_F(QbeCalls, TheOriginSaysWhoCalled) {
  for (std::uint32_t origin = 0; origin <= 14; ++origin) {
    talk.receive(about_call(m::new_call_event, {{"state", 8}, {"origin", origin}}));
    EXPECT_EQ(std::get<driver::NewCall>(talk.take_events().at(0)).direction,
              origin >= 4 && origin <= 8 ? driver::Direction::outbound : driver::Direction::inbound);
  }
  talk.receive(about_call(m::new_call_event, {{"state", 4}, {"origin", 99}}));
  EXPECT_EQ(std::get<driver::NewCall>(talk.take_events().at(0)).direction, driver::Direction::outbound);
}

}  // namespace
}  // namespace linebridge::cti::qbe
