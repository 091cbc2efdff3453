#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

constexpr driver::LineHandle line{1, 145};
constexpr driver::LegHandle leg{1, 33}, other{1, 34}, begun{1, 35};
constexpr driver::GlobalCall global{1, 2001};

std::string completed(const Layout& event, std::string_view number, std::uint32_t seq,
                      std::uint32_t result = 0) {
  return message(event, {{number, seq}, {"result", result}});
}

/// An operation with the requests it takes, and what undoes it when the answer to the last one comes too late.
struct Row {
  const char* name;
  driver::Operation operation;
  std::vector<std::uint32_t> requests;
  std::size_t outcome = 2;  ///< Place in driver::Outcome: Completed, unless another is said.
  std::uint32_t undone_by = 0;
};
constexpr std::size_t call_started = 1, forwarding_is = 3, message_waiting_is = 5;

std::vector<Row> make_rows() {
  using namespace driver;
  std::vector<Row> all;
  // One statement each: GCC needs minutes for one list of them all with a sanitizer.
  const auto add = [&all](const char* name, Operation operation, std::initializer_list<std::uint32_t> requests,
                          std::size_t outcome = 2, std::uint32_t undone_by = 0) {
    all.push_back({name, std::move(operation), requests, outcome, undone_by});
  };
  add("make", MakeCall{line, "1002"}, {11, 43}, call_started, 66);
  add("answer", AnswerCall{line, leg}, {52});
  add("disconnect", Disconnect{line, leg}, {66});
  add("hold", HoldCall{line, leg}, {74});
  add("retrieve", RetrieveCall{line, leg}, {78});
  add("consult to transfer", Consult{line, leg, "1003", Consult::Purpose::transfer}, {11, 82}, call_started,
      66);
  add("consult to confer", Consult{line, leg, "1003", Consult::Purpose::conference}, {11, 80}, call_started,
      66);
  add("transfer", Transfer{line, leg, other}, {172});
  add("conference", Conference{line, leg, {other}}, {174});
  add("drop party", DropParty{line, leg, other}, {252});
  add("redirect", Redirect{line, leg, "1003", Redirect::Kind::redirect}, {76});
  add("blind transfer", Redirect{line, leg, "1003", Redirect::Kind::blind_transfer}, {76});
  add("digits", SendDigits{line, leg, "1"}, {68});
  add("forward", SetForwarding{line, "1003"}, {121});
  add("forwarded?", GetForwarding{line}, {124}, forwarding_is);
  add("do not disturb", SetDoNotDisturb{line, true}, {242});
  add("lamp", SetMessageWaiting{line, true}, {102});
  add("lamp?", GetMessageWaiting{line}, {45}, message_waiting_is);
  add("acquire", AcquireDevice{"SEP9"}, {212, 285});
  add("release", ReleaseDevice{"SEP1"}, {214});
  return all;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all = make_rows();
  return all;
}

class QbeOperations : public testing::Test {
protected:
  /// A conversation with an open line, of a user who may control any device.
  static std::unique_ptr<Conversation> ready() {
    auto talk = std::make_unique<Conversation>();
    talk->log_in({{"SEP1", {{"1001", ""}}}});
    std::string all;
    constexpr const Layout& e = m::provider_user_changed_event;
    Writer w(all, dialect(0x00100000), e);
    w.put(e["type_of_notification"], 16u);
    Writer info = w.element(e["provider_capabilities_info"]);
    put(info, elements::provider_capabilities_info, {{"control_any_device", true}});
    info.finish();
    w.finish();
    talk->receive(all);
    talk->open_line();
    return talk;
  }
  /// The answer that lets the operation go on.
  static std::string yes(const Sent& request) {
    switch (request.id) {
      case 11: return manager::done(request, {{"call_manager_id", global.manager}, {"call_id", global.call}});
      case 43: return manager::done(request, {{"call_manager_id", begun.manager}, {"call_leg_id", begun.leg}});
      case 80:
      case 82:
        return manager::done(request,
                             {{"consult_call_manager_id", begun.manager}, {"consult_call_id", begun.leg}});
      case 68: return manager::done(request) + completed(m::call_play_dtmf_complete_event, "seq", request.seq);
      case 285:
        return manager::done(request) + manager::listed(request.seq, {"SEP9", {{"1009", ""}}}) +
               completed(m::provider_get_single_device_and_lines_completed_event, "request_id", request.seq);
      default: return manager::done(request);
    }
  }
  /// Answers the first `steps` requests; value: the one that is out then.
  static Sent lead(Conversation& talk, std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i)
      talk.receive(yes(talk.only_request()));
    return talk.only_request();
  }
  /// Ten seconds, and what playing one digit takes, in which the CTI Manager only beats.
  static void pass_answer_time(Conversation& talk, const Row& row) {
    const bool digits = row.requests.front() == 68;
    talk.pass(9s);
    talk.receive(manager::heartbeat());
    talk.pass(digits ? 1249ms : 999ms);
    EXPECT_EQ(talk.outcome({talk.asked}), std::nullopt) << "its time is not up yet";
    talk.pass(1ms);
  }
};

TEST_F(QbeOperations, AreCarriedOutAndAnsweredOnce) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto talk = ready();
    const auto id = talk->ask(row.operation);
    for (const std::uint32_t wanted : row.requests) {
      EXPECT_EQ(talk->outcome(id), std::nullopt);
      const auto request = talk->only_request();
      ASSERT_EQ(request.id, wanted);
      talk->receive(yes(request));
    }
    const auto outcome = talk->outcome(id);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->index(), row.outcome);
    if (const auto* started = std::get_if<driver::CallStarted>(&*outcome)) {
      EXPECT_EQ(started->call, global);
      EXPECT_EQ(started->leg, begun);
      EXPECT_EQ(started->line, line);
    }
    EXPECT_EQ(talk->session.outstanding(), row.requests.front() == 214 ? 1u : 0u);
    EXPECT_EQ(talk->counters[Counter::cti_stray_answers], 0u);
    talk->take_events();
    talk->session.abandon(talk->events);
    EXPECT_TRUE(talk->events.empty()) << "nothing is left to answer";
  }
}

TEST_F(QbeOperations, AreRefusedAtAnyStepWithTheCodeGiven) {
  for (const auto& row : rows())
    for (std::size_t step = 0; step < row.requests.size(); ++step) {
      SCOPED_TRACE(row.name + std::to_string(step));
      const auto talk = ready();
      const auto id = talk->ask(row.operation);
      const auto request = lead(*talk, step);
      talk->receive(manager::failure(request.seq, 0x8CCC0009, "not now"));
      const auto outcome = talk->outcome(id);
      ASSERT_NE(failure_of(outcome), nullptr);
      EXPECT_EQ(failure_of(outcome)->kind, driver::Failure::Kind::refused);
      EXPECT_EQ(failure_of(outcome)->code, 0x8CCC0009u);
      EXPECT_NE(failure_of(outcome)->text.find("not now"), std::string::npos);
      EXPECT_TRUE(talk->session.in_service());
    }
}

TEST_F(QbeOperations, AreRefusedByAResultToo) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto talk = ready();
    const auto id = talk->ask(row.operation);
    talk->receive(manager::done(talk->only_request(), {{"result", 0x8CCC0045u}}));
    EXPECT_EQ(failure_of(talk->outcome(id))->code, 0x8CCC0045u);
  }
}

TEST_F(QbeOperations, TimeOutInOneTimeForAllTheirStepsAndTheLateAnswerIsKnown) {
  for (const auto& row : rows())
    for (std::size_t step = 0; step < row.requests.size(); ++step) {
      SCOPED_TRACE(row.name + std::to_string(step));
      const auto talk = ready();
      const auto id = talk->ask(row.operation);
      const auto request = lead(*talk, step);
      pass_answer_time(*talk, row);
      ASSERT_NE(failure_of(talk->outcome(id)), nullptr);
      EXPECT_EQ(failure_of(talk->outcome(id))->kind, driver::Failure::Kind::timed_out);
      EXPECT_TRUE(talk->session.in_service());
      talk->requests(), talk->take_events();

      const std::string late = manager::done(request);
      talk->receive(step + 1 == row.requests.size() || request.id == 212 ? yes(request) : late);
      EXPECT_EQ(talk->counters[Counter::cti_late_answers], 1u);
      for (const auto& event : talk->take_events())
        EXPECT_FALSE(std::holds_alternative<driver::Answered>(event)) << "it was answered before";
      const auto undoing = talk->requests();
      if (request.id == 212) {
        ASSERT_EQ(undoing.size(), 1u);
        EXPECT_EQ(undoing[0].id, 214u) << "the device is given back";
        EXPECT_EQ(undoing[0].text("device_name"), "SEP9");
      } else if (step + 1 == row.requests.size() && row.undone_by != 0) {
        ASSERT_EQ(undoing.size(), 1u);
        EXPECT_EQ(undoing[0].id, row.undone_by);
        EXPECT_EQ(undoing[0].number("call_leg_id"), begun.leg);
      } else if (request.id != 214) {
        EXPECT_TRUE(undoing.empty());
      }
    }
}

TEST_F(QbeOperations, AreAnsweredWhenTheLinkIsLostAtAnyStep) {
  for (const auto& row : rows())
    for (std::size_t step = 0; step < row.requests.size(); ++step) {
      SCOPED_TRACE(row.name + std::to_string(step));
      const auto talk = ready();
      const auto id = talk->ask(row.operation);
      lead(*talk, step);
      talk->receive(message(m::provider_closed_event, {{"reason", 2}}));
      talk->session.abandon(talk->events);
      ASSERT_NE(failure_of(talk->outcome(id)), nullptr);
      EXPECT_EQ(failure_of(talk->outcome(id))->kind, driver::Failure::Kind::link_lost);
    }
}

TEST_F(QbeOperations, LoseTheLinkWhenNothingAtAllComes) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto talk = ready();
    talk->pass(1s);
    const auto id = talk->ask(row.operation);
    talk->pass(11s);
    EXPECT_TRUE(talk->outcome(id));
    ASSERT_TRUE(talk->session.ended());
    EXPECT_EQ(talk->session.ended()->why, Ending::Why::lost);
  }
}

TEST_F(QbeOperations, OfLinesThatAreNotOpenAreRefusedAtOnce) {
  const auto talk = ready();
  const driver::LineHandle closed{1, 999};
  for (const driver::Operation& operation : std::vector<driver::Operation>{
           driver::MakeCall{closed, "1002"}, driver::SetForwarding{closed, "1"}, driver::GetForwarding{closed},
           driver::SetDoNotDisturb{closed, true}, driver::GetDoNotDisturb{closed},
           driver::SetMessageWaiting{closed, true}, driver::GetMessageWaiting{closed}}) {
    const auto outcome = talk->outcome(talk->ask(operation));
    ASSERT_NE(failure_of(outcome), nullptr) << operation.index();
    EXPECT_EQ(failure_of(outcome)->code, error::invalid_line_handle);
  }
  EXPECT_TRUE(talk->requests().empty());
}

TEST_F(QbeOperations, DigitsThatCannotBePlayedAreRefusedAtOnce) {
  const auto talk = ready();
  for (const char* const digits : {"", "12 3", "a", "+49", "1,2", "E"})
    EXPECT_EQ(failure_of(talk->outcome(talk->ask(driver::SendDigits{line, leg, digits})))->code,
              error::invalid_digits);
  EXPECT_TRUE(talk->requests().empty());
}

TEST_F(QbeOperations, AConferenceOfOneCallIsRefusedAtOnce) {
  const auto talk = ready();
  EXPECT_NE(failure_of(talk->outcome(talk->ask(driver::Conference{line, leg, {}}))), nullptr);
}

TEST_F(QbeOperations, DigitsWaitForTheirCompletionWhicheverHalfComesFirst) {
  for (const bool completion_first : {false, true}) {
    const auto talk = ready();
    const auto id = talk->ask(driver::SendDigits{line, leg, "12"});
    const auto request = talk->only_request();
    const std::string response = manager::done(request);
    const std::string complete = completed(m::call_play_dtmf_complete_event, "seq", request.seq);
    talk->receive(completed(m::call_play_dtmf_complete_event, "seq", request.seq + 1000));
    talk->receive(completion_first ? complete : response);
    EXPECT_EQ(talk->outcome(id), std::nullopt);
    talk->receive(completion_first ? response : complete);
    EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk->outcome(id)));
    EXPECT_EQ(talk->counters[Counter::cti_stray_answers], 1u) << "the completion of nothing";
  }
}

TEST_F(QbeOperations, DigitsThatWereNotPlayedFail) {
  const auto talk = ready();
  const auto id = talk->ask(driver::SendDigits{line, leg, "12"});
  const auto request = talk->only_request();
  talk->receive(manager::done(request) +
                completed(m::call_play_dtmf_complete_event, "seq", request.seq, 0x8CCC0069));
  EXPECT_EQ(failure_of(talk->outcome(id))->code, 0x8CCC0069u);
}

TEST_F(QbeOperations, DigitsWithoutCompletionTimeOutAndTheLongerTheLater) {
  for (const auto& [digits, time] : std::vector<std::pair<std::string, std::chrono::milliseconds>>{
           {"1", 10250ms}, {std::string(40, '5'), 20s}}) {
    const auto talk = ready();
    const auto id = talk->ask(driver::SendDigits{line, leg, digits});
    talk->receive(manager::done(talk->only_request()));
    talk->pass(time - 1ms);
    EXPECT_EQ(talk->outcome(id), std::nullopt);
    talk->pass(1ms);
    EXPECT_EQ(failure_of(talk->outcome(id))->kind, driver::Failure::Kind::timed_out);
    EXPECT_TRUE(talk->session.in_service());
  }
}

TEST_F(QbeOperations, OnOneLegKeepTheirOrderWhileAConsultationBegins) {
  const auto talk = ready();
  talk->ask(driver::Consult{line, leg, "1003"});
  const auto allocate = talk->only_request();
  talk->ask(driver::RetrieveCall{line, leg});
  talk->ask(driver::Transfer{line, leg, other});
  talk->ask(driver::Disconnect{line, other});
  EXPECT_TRUE(talk->requests().empty()) << "each would overtake what was asked for before it";
  talk->ask(driver::HoldCall{line, {1, 77}});
  EXPECT_EQ(talk->only_request().id, 74u) << "another leg does not wait";
  talk->receive(yes(allocate));
  const auto sent = talk->requests();
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_EQ(sent[0].id, 82u);
  EXPECT_EQ(sent[1].id, 78u);
  EXPECT_EQ(sent[2].id, 172u);
  EXPECT_EQ(sent[3].id, 66u);
}

TEST_F(QbeOperations, TwoConsultationsOfOneLegFollowEachOther) {
  const auto talk = ready();
  talk->ask(driver::Consult{line, leg, "1003"});
  talk->ask(driver::Consult{line, leg, "1004"});
  const auto first = talk->only_request();
  EXPECT_EQ(first.id, 11u);
  talk->receive(yes(first));
  const auto sent = talk->requests();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].text("dest_address"), "1003");
  EXPECT_EQ(sent[1].id, 11u);
}

TEST_F(QbeOperations, WhatWaitedForAConsultationGoesOnWhenThatFails) {
  for (const bool in_time : {true, false}) {
    const auto talk = ready();
    talk->ask(driver::Consult{line, leg, "1003"});
    const auto allocate = talk->only_request();
    talk->pass(5s);
    talk->receive(manager::heartbeat());
    const auto waiting = talk->ask(driver::RetrieveCall{line, leg});
    if (in_time)
      talk->receive(manager::failure(allocate.seq, 0x8CCC0001));
    else
      talk->pass(5s);
    const auto retrieve = talk->only_request();
    EXPECT_EQ(retrieve.id, 78u);
    talk->receive(manager::done(retrieve));
    EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk->outcome(waiting)));
  }
}

TEST_F(QbeOperations, AConsultationThatRingsTooLateIsLeftAlone) {
  const auto talk = ready();
  talk->ask(driver::Consult{line, leg, "1003"});
  const auto consult = lead(*talk, 1);
  talk->pass(9s);
  talk->receive(manager::heartbeat());
  talk->pass(1s);
  const auto about = [](const Layout& layout, std::vector<Value> more) {
    more.insert(more.end(), {{"line_call_manager_id", line.manager},
                             {"line_id", line.line},
                             {"call_call_manager_id", begun.manager},
                             {"call_leg_id", begun.leg}});
    return message(layout, more);
  };
  talk->receive(
      about(
          m::new_call_event,
          {{"global_call_manager_id", global.manager}, {"call_id", global.call}, {"state", 4}, {"origin", 7}}) +
      about(m::call_state_changed_event_v2, {{"state", 6}}) + yes(consult));
  EXPECT_TRUE(talk->requests().empty());
  EXPECT_EQ(talk->counters[Counter::cti_late_answers], 1u);
}

TEST_F(QbeOperations, OfDevicesNeedTheRightToControlAny) {
  Conversation talk;
  talk.log_in();
  EXPECT_EQ(failure_of(talk.outcome(talk.ask(driver::AcquireDevice{"SEP9"})))->code, error::no_access);
  EXPECT_TRUE(talk.requests().empty());
}

TEST_F(QbeOperations, AnAcquisitionWithoutItsLinesIsGivenBack) {
  for (const bool refused : {true, false}) {
    const auto talk = ready();
    const auto id = talk->ask(driver::AcquireDevice{"SEP9"});
    const auto fetch = lead(*talk, 1);
    if (refused) {
      talk->receive(manager::failure(fetch.seq, 0x8CCC0022));
    } else {
      talk->receive(manager::done(fetch));  // Without the list and its end.
      talk->pass(9s);
      talk->receive(manager::heartbeat());
      talk->pass(1s);
    }
    EXPECT_NE(failure_of(talk->outcome(id)), nullptr);
    const auto release = talk->only_request();
    EXPECT_EQ(release.id, 214u);
    EXPECT_EQ(release.text("device_name"), "SEP9");
  }
}

}  // namespace
}  // namespace linebridge::cti::qbe
