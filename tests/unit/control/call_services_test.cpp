#include "tests/unit/control/played_switch.hpp"

namespace linebridge::control {
namespace {

using driver::Direction;
using Kind = driver::Failure::Kind;

constexpr const char* far = "tel:1002;phone-context=dialstring";
const driver::Parties another{"1003", "1001", "1001", "", false};

/// A line whose calls a client handles.
class ServicesOnACall : public ControlOfALine {
protected:
  static constexpr driver::LegHandle second_leg{1, 34};
  static constexpr driver::GlobalCall second_global{1, 2002};
  static constexpr const char* id = "1-2001";
  static constexpr const char* second_id = "1-2002";

  void rings() {
    new_call(CallState::accepted, Direction::inbound, incoming);
    told();
  }
  void talks() {
    new_call(CallState::connected, Direction::inbound, incoming);
    told();
  }
  void rests() {
    new_call(CallState::on_hold, Direction::inbound, incoming);
    told();
  }
  void second_call(CallState state) {
    event(driver::NewCall{handle, second_leg, second_global, state, Direction::inbound, 1, another});
  }
  void second(CallState state, std::uint32_t cause = 0) {
    event(driver::CallStateChanged{handle, second_leg, state, cause});
  }
  void answer_call(model::ConnectionId what = {{id}, {own}}) { ask(200, model::AnswerCall{std::move(what)}); }
  void clear(model::ConnectionId what = {{id}, {own}}) {
    ask(201, model::ClearConnection{std::move(what), {}});
  }
  void hold(model::ConnectionId what = {{id}, {own}}) { ask(202, model::HoldCall{std::move(what)}); }
  void retrieve(model::ConnectionId what = {{id}, {own}}) { ask(203, model::RetrieveCall{std::move(what)}); }
  void done(std::string_view what) { answer(what, driver::Completed{}); }
  void refused(std::string_view what, std::uint32_t code) {
    answer(what, driver::Failure{Kind::refused, 0x8CCC0000 + code, "said so"});
  }
  std::size_t orders() const { return issued_.size(); }
  std::string_view asked_last() const { return issued_.back().second; }
  template <class Event>
  Event last_told() const {
    return std::get<Event>(std::get<Notify>(actions_.back()).event);
  }
};

TEST_F(ServicesOnACall, AnswerHoldRetrieveAndClearIt) {
  rings();
  answer_call();
  EXPECT_EQ(asked_last(), "AnswerCall");
  EXPECT_EQ(told(), "") << "done only when the switch has done it";
  done("AnswerCall");
  state(CallState::connected);
  EXPECT_EQ(told(), "response established ");
  hold();
  done("HoldCall");
  state(CallState::on_hold);
  EXPECT_EQ(told(), "response held ");
  retrieve();
  done("RetrieveCall");
  state(CallState::connected);
  EXPECT_EQ(told(), "response retrieved ");
  clear();
  done("Disconnect");
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "response cleared ");
  EXPECT_EQ(control_.calls(), 0U);
}

TEST_F(ServicesOnACall, AreAnsweredBeforeTheirEventsThoughTheSwitchTellsThoseFirst) {
  rings();
  answer_call();
  state(CallState::connected);
  EXPECT_EQ(told(), "");
  done("AnswerCall");
  EXPECT_EQ(told(), "response established ");
  hold();
  state(CallState::on_hold);
  EXPECT_EQ(told(), "");
  done("HoldCall");
  EXPECT_EQ(told(), "response held ");
  retrieve();
  state(CallState::connected);
  EXPECT_EQ(told(), "");
  done("RetrieveCall");
  EXPECT_EQ(told(), "response retrieved ");
  clear();
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "");
  done("Disconnect");
  EXPECT_EQ(told(), "response cleared ");
}

TEST_F(ServicesOnACall, TellEveryChangeInOrderAfterAResponseThatCameLate) {
  rings();
  answer_call();
  state(CallState::connected);
  state(CallState::disconnected, 16);
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "");
  done("AnswerCall");
  EXPECT_EQ(told(), "response established cleared cleared ");
}

TEST_F(ServicesOnACall, TellWhatWasKeptBackWhenTheyFail) {
  rings();
  answer_call();
  state(CallState::connected);
  refused("AnswerCall", 0x0009);
  EXPECT_EQ(last_error(), "invalidConnectionState");
  EXPECT_EQ(std::get<Respond>(actions_.at(1)).why, "the CTI Manager refused with 0x8ccc0009 (said so)");
  EXPECT_EQ(told(), "response established ") << "it was answered at the phone";
}

TEST_F(ServicesOnACall, WaitForEveryResponseOfThoseAskedAtOnce) {
  talks();
  hold();
  retrieve();
  done("HoldCall");
  state(CallState::on_hold);
  state(CallState::connected);
  EXPECT_EQ(told(), "response ");
  done("RetrieveCall");
  EXPECT_EQ(told(), "response held retrieved ");
}

TEST_F(ServicesOnACall, DoNotKeepBackWhatTheyCannotHaveCaused) {
  talks();
  hold();
  second_call(CallState::accepted);
  second(CallState::idle, 16);
  EXPECT_EQ(told(), "delivered cleared ");
  done("HoldCall");
  EXPECT_EQ(told(), "response ");
}

TEST_F(ServicesOnACall, AnswerASecondCallForWhichThePhoneHoldsTheFirst) {
  talks();
  second_call(CallState::accepted);
  told();
  answer_call({{second_id}, {own}});
  state(CallState::on_hold);
  second(CallState::connected);
  EXPECT_EQ(told(), "");
  done("AnswerCall");
  EXPECT_EQ(told(), "response held established ");
}

TEST_F(ServicesOnACall, KeepWhatFollowsAKeptHoldInItsPlace) {
  talks();
  second_call(CallState::accepted);
  told();
  answer_call({{second_id}, {own}});
  state(CallState::on_hold);
  state(CallState::disconnected, 16);
  EXPECT_EQ(told(), "");
  refused("AnswerCall", 0x0009);
  EXPECT_EQ(told(), "response held cleared ");
}

TEST_F(ServicesOnACall, AreToldToEverybodyOnTheLine) {
  talks();
  control_.attach({2}, link, {"SEPA", "1001", ""}, {"tel:1001;device=SEPA"}, actions_);
  control_.request({2}, {300}, model::MonitorStart{{"tel:1001;device=SEPA"}}, actions_);
  hold();
  done("HoldCall");
  state(CallState::on_hold);
  std::vector<std::pair<std::uint64_t, std::string>> devices;
  for (const auto& action : actions_)
    if (const auto* notify = std::get_if<Notify>(&action))
      devices.emplace_back(notify->session.value, std::get<model::Held>(notify->event).connection.device.value);
  EXPECT_EQ(devices,
            (std::vector<std::pair<std::uint64_t, std::string>>{{1, own}, {2, "tel:1001;device=SEPA"}}));
}

TEST_F(ServicesOnACall, TellTheSameWhenDoneAtThePhone) {
  talks();
  state(CallState::on_hold);
  const auto held = last_told<model::Held>();
  EXPECT_EQ(held.connection, (model::ConnectionId{{id}, {own}}));
  EXPECT_EQ(held.holding, model::EventDevice::of({own}));
  EXPECT_EQ(held.local, model::LocalConnectionState::hold);
  EXPECT_EQ(device_snapshot().calls.at(0).state,
            (model::CallStateOfDevice{
                std::vector{model::LocalConnectionState::hold, model::LocalConnectionState::connected}}));
  state(CallState::connected);
  const auto retrieved = last_told<model::Retrieved>();
  EXPECT_EQ(retrieved.connection, (model::ConnectionId{{id}, {own}}));
  EXPECT_EQ(retrieved.retrieving, model::EventDevice::of({own}));
  EXPECT_EQ(retrieved.local, model::LocalConnectionState::connected);
}

TEST_F(ServicesOnACall, LetAHeldCallBeHungUpByTheFarSideAndByTheClient) {
  rests();
  state(CallState::disconnected, 16);
  EXPECT_EQ(last_told<model::ConnectionCleared>().connection.device.value, far);
  EXPECT_EQ(last_told<model::ConnectionCleared>().local, model::LocalConnectionState::hold);
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "cleared cleared ");

  rests();
  clear();
  done("Disconnect");
  state(CallState::idle, 16);
  EXPECT_EQ(last_told<model::ConnectionCleared>().connection.device.value, own);
  EXPECT_EQ(last_told<model::ConnectionCleared>().local, model::LocalConnectionState::null);
  EXPECT_EQ(told(), "response cleared ");
}

TEST_F(ServicesOnACall, MakeUpForTheStatesBeforeAHold) {
  new_call(CallState::on_hold, Direction::outbound, outgoing);
  EXPECT_EQ(told(), "originated established held ");
  state(CallState::on_hold);
  EXPECT_EQ(told(), "");
  state(CallState::ringback);
  state(CallState::connected);
  EXPECT_EQ(told(), "retrieved ") << "it was sent on at the far end while it was held";
}

TEST_F(ServicesOnACall, NameTheCallInWhateverWayEcmaAllows) {
  talks();
  for (const auto& what : {model::ConnectionId{{id}, {own}},
                           {{id}, {}},
                           {{}, {own}},
                           {{id}, {"TEL:1001"}},
                           {{id}, {"tel:10-01;phone-context=dialstring;device=SEPA"}}}) {
    SCOPED_TRACE(what.device.value);
    clear(what);
    EXPECT_EQ(asked_last(), "Disconnect");
    refused("Disconnect", 0x0001);
  }
}

TEST_F(ServicesOnACall, RefuseAConnectionThatIsNotTheSessions) {
  talks();
  const auto before = orders();
  for (const auto& [what, error] :
       {std::pair(model::ConnectionId{{id}, {far}}, "privilegeViolationSpecifiedDevice"),
        {model::ConnectionId{{"1-9"}, {"tel:1003"}}, "privilegeViolationSpecifiedDevice"},
        {model::ConnectionId{{}, {far}}, "privilegeViolationSpecifiedDevice"},
        {model::ConnectionId{{id}, {"bob"}}, "invalidConnectionID"},
        {model::ConnectionId{}, "invalidConnectionID"}}) {
    SCOPED_TRACE(what.call.value + " " + what.device.value);
    for (const auto& request : {model::Request{model::AnswerCall{what}},
                                {model::ClearConnection{what, {}}},
                                {model::HoldCall{what}},
                                {model::RetrieveCall{what}}}) {
      ask(210, request);
      EXPECT_EQ(last_error(), error);
    }
  }
  EXPECT_EQ(orders(), before) << "the switch is not asked";
}

TEST_F(ServicesOnACall, RefuseACallThatIsNotThereInTheWordsOfTheService) {
  talks();
  const model::ConnectionId gone{{"1-9"}, {own}};
  answer_call(gone);
  EXPECT_EQ(last_error(), "noCallToAnswer");
  clear(gone);
  EXPECT_EQ(last_error(), "noConnectionToClear");
  hold(gone);
  EXPECT_EQ(last_error(), "invalidConnectionID");
  retrieve(gone);
  EXPECT_EQ(last_error(), "invalidConnectionID");
  EXPECT_EQ(std::get<Respond>(actions_.back()).why, "RetrieveCall: no such call on the line");
}

TEST_F(ServicesOnACall, RefuseACallThatTheSwitchHasNoMoreInTheSameWords) {
  for (const std::uint32_t code : {0x0004U, 0x00B3U, 0x00E1U}) {
    rings();
    answer_call();
    refused("AnswerCall", code);
    EXPECT_EQ(last_error(), "noCallToAnswer");
    clear();
    refused("Disconnect", code);
    EXPECT_EQ(last_error(), "noConnectionToClear");
    hold();
    refused("HoldCall", code);
    EXPECT_EQ(last_error(), "invalidConnectionID");
    state(CallState::idle);
  }
}

TEST_F(ServicesOnACall, RefuseInTheWordsOfTheSwitch) {
  talks();
  for (const auto& [failure, error] :
       {std::pair(driver::Failure{Kind::refused, 0x8CCC000A, ""}, "invalidConnectionState"),
        {driver::Failure{Kind::refused, 0x8CCC000F, ""}, "invalidConnectionState"},
        {driver::Failure{Kind::refused, 0x8CCC0070, ""}, "invalidConnectionState"},
        {driver::Failure{Kind::refused, 0x8CCC0099, ""}, "serviceNotSupported"},
        {driver::Failure{Kind::timed_out, 0, ""}, "generic"},
        {driver::Failure{Kind::link_lost, 0, ""}, "networkOutOfService"},
        {driver::Failure{Kind::queue_full, 0, ""}, "resourceBusy"}}) {
    retrieve();
    answer("RetrieveCall", failure);
    EXPECT_EQ(last_error(), error) << failure.code;
  }
  hold();
  answer("HoldCall", driver::Failure{Kind::timed_out, 0, ""});
  EXPECT_EQ(std::get<model::Refused>(last_response()).error, model::errors::generic_resource);
}

TEST_F(ServicesOnACall, RefuseALineWithSeveralCallsOfWhichNoneIsNamed) {
  talks();
  second_call(CallState::accepted);
  clear({{}, {own}});
  EXPECT_EQ(last_error(), "invalidConnectionID");
  state(CallState::idle);
  second(CallState::idle);
  clear({{}, {own}});
  EXPECT_EQ(last_error(), "noConnectionToClear");
}

TEST_F(ServicesOnACall, RefuseWhileThePhoneIsGone) {
  talks();
  event(driver::LineOutOfService{handle, 5});
  hold();
  EXPECT_EQ(last_error(), "deviceOutOfService");
  hold({{id}, {far}});
  EXPECT_EQ(last_error(), "privilegeViolationSpecifiedDevice") << "whether it is there is not said";
}

TEST_F(ServicesOnACall, DoNotTouchACallThatItsMakerWasNotToldYet) {
  make_call();
  new_call(CallState::ringback, Direction::outbound, outgoing);
  clear();
  EXPECT_EQ(last_error(), "noConnectionToClear");
}

TEST_F(ServicesOnACall, EndWithTheCallsOfAPhoneThatGoesMeanwhile) {
  talks();
  hold();
  state(CallState::on_hold);
  event(driver::LineOutOfService{handle, 5});
  EXPECT_EQ(told(), "cleared ");
  refused("HoldCall", 0x0076);
  EXPECT_EQ(last_error(), "deviceOutOfService");
  EXPECT_EQ(told(), "response ");
}

TEST_F(ServicesOnACall, AreAnsweredThoughTheLineWasClosedMeanwhile) {
  talks();
  hold();
  make_call();
  event(driver::LineClosed{handle, 8});
  EXPECT_EQ(told(), "cleared gone ");
  answer("HoldCall", driver::Failure{Kind::refused, 0x8CCC0071, ""});
  EXPECT_EQ(last_error(), "invalidConnectionID");
  answer("MakeCall", driver::CallStarted{handle, second_global, second_leg});
  EXPECT_EQ(last_error(), "networkOutOfService");
}

TEST_F(ServicesOnACall, GoOnForTheOthersWhenWhoAskedHasLeft) {
  talks();
  control_.attach({2}, link, {"SEPA", "1001", ""}, {own}, actions_);
  control_.request({2}, {300}, model::MonitorStart{{own}}, actions_);
  const auto theirs = std::get<model::MonitorStarted>(last_response()).monitor;
  hold();
  state(CallState::on_hold);
  control_.detach({1}, actions_);
  actions_.clear();
  done("HoldCall");
  ASSERT_TRUE(std::holds_alternative<Notify>(actions_.back()));
  EXPECT_EQ(std::get<Notify>(actions_.back()).monitor, theirs);
}

TEST_F(ServicesOnACall, HoldTheFirstCallBehindTheResponseToMakeCall) {
  talks();
  make_call();
  state(CallState::on_hold);
  EXPECT_EQ(told(), "");
  answer("MakeCall", driver::CallStarted{handle, second_global, second_leg});
  EXPECT_EQ(told(), "response held ");
}

TEST_F(ServicesOnACall, TellThatTheFarSideIsBusy) {
  make_call();
  answer("MakeCall", driver::CallStarted{handle, global, leg});
  new_call(CallState::dialtone, Direction::outbound, outgoing);
  state(CallState::proceeding);
  state(CallState::busy, 17);
  const auto failed = last_told<model::Failed>();
  EXPECT_EQ(failed.connection, (model::ConnectionId{{id}, {far}}));
  EXPECT_EQ(failed.failing, model::EventDevice::of({far}));
  EXPECT_EQ(failed.cause, model::EventCause::busy);
  clear();
  done("Disconnect");
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "response originated failed response cleared ");
}

TEST_F(ServicesOnACall, EndACallWhosePhoneWentBeforeItsMakerWasTold) {
  make_call();
  new_call(CallState::ringback, Direction::outbound, outgoing);
  event(driver::LineOutOfService{handle, 5});
  EXPECT_EQ(told(), "") << "the client does not know the call";
  answer("MakeCall", driver::CallStarted{handle, global, leg});
  EXPECT_EQ(told(), "response cleared ");
  EXPECT_EQ(control_.calls(), 0U);
}

TEST_F(ServicesOnACall, TellTheTraceWhoseTheyAre) {
  talks();
  hold();
  EXPECT_EQ(control_.concerns(link, driver::Answered{issued_.back().first, driver::Completed{}}),
            model::SessionId{1});
}

TEST(ControlTransitions, HoldACallAlikeWhoeverMadeIt) {
  struct Case {
    Phase phase;
    CallState state;
    unsigned tell;
    Phase next;
  };
  for (const auto direction : {Direction::inbound, Direction::outbound})
    for (const auto& each :
         {Case{Phase::established, CallState::on_hold, tell_held, Phase::held},
          Case{Phase::delivered, CallState::on_hold, tell_established | tell_held, Phase::held},
          Case{Phase::held, CallState::on_hold, tell_nothing, Phase::held},
          Case{Phase::held, CallState::connected, tell_retrieved, Phase::established},
          Case{Phase::held, CallState::ringback, tell_retrieved, Phase::established},
          Case{Phase::held, CallState::disconnected, tell_far_cleared, Phase::far_cleared},
          Case{Phase::held, CallState::idle, tell_cleared, Phase::cleared},
          Case{Phase::far_cleared, CallState::on_hold, tell_nothing, Phase::far_cleared},
          Case{Phase::cleared, CallState::on_hold, tell_nothing, Phase::cleared}}) {
      SCOPED_TRACE(std::to_string(static_cast<int>(direction)) + " " +
                   std::to_string(static_cast<int>(each.phase)) + " " +
                   std::to_string(static_cast<int>(each.state)));
      const Transition step = transition(direction, each.phase, each.state);
      EXPECT_EQ(step.tell, each.tell);
      EXPECT_EQ(step.next, each.next);
    }
}

}  // namespace
}  // namespace linebridge::control
