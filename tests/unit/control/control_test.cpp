#include "control/errors.hpp"
#include "tests/unit/control/played_switch.hpp"

namespace linebridge::control {
namespace {

TEST_F(ControlOfALine, TellsACallMadeByTheClientFromResponseToEnd) {
  make_call();
  answer("MakeCall", driver::CallStarted{handle, global, leg});
  EXPECT_EQ(std::get<model::CallMade>(last_response()).calling, (model::ConnectionId{{"1-2001"}, {own}}));
  new_call(CallState::dialtone, driver::Direction::outbound, {"1001", "", "", "", false});
  state(CallState::dialing);
  event(driver::PartiesChanged{handle, leg, outgoing});
  state(CallState::proceeding);
  state(CallState::ringback);
  state(CallState::connected);
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "response originated delivered established cleared ");
  EXPECT_EQ(control_.calls(), 0U);
}

TEST_F(ControlOfALine, NamesThePartiesOfAnEventAsTheClientKnowsThem) {
  make_call();
  answer("MakeCall", driver::CallStarted{handle, global, leg});
  new_call(CallState::ringback, driver::Direction::outbound, outgoing);
  ASSERT_GE(actions_.size(), 2U);
  const auto& delivered = std::get<model::Delivered>(std::get<Notify>(actions_.back()).event);
  const model::DeviceId far{"tel:1002;phone-context=dialstring"};
  EXPECT_EQ(delivered.connection, (model::ConnectionId{{"1-2001"}, far}));
  EXPECT_EQ(delivered.alerting, model::EventDevice::of(far));
  EXPECT_EQ(delivered.calling, model::EventDevice::of({own}));
  EXPECT_EQ(delivered.local, model::LocalConnectionState::connected);
}

TEST_F(ControlOfALine, NeverTellsAnEventBeforeTheResponseThatCausedIt) {
  make_call();
  new_call(CallState::dialtone, driver::Direction::outbound, outgoing);
  state(CallState::proceeding);
  state(CallState::ringback);
  EXPECT_EQ(told(), "");
  answer("MakeCall", driver::CallStarted{handle, global, leg});
  EXPECT_EQ(told(), "response originated delivered ");
}

TEST_F(ControlOfALine, TellsACallDialledAtThePhoneEvenIfTheClientsOwnFailed) {
  make_call();
  new_call(CallState::proceeding, driver::Direction::outbound, outgoing);
  answer("MakeCall", driver::Failure{driver::Failure::Kind::refused, 0x8CCC0007, ""});
  EXPECT_EQ(last_error(), "resourceBusy");
  EXPECT_EQ(told(), "response originated ");
}

TEST_F(ControlOfALine, TellsAnIncomingCallAnsweredAndEndedByTheCaller) {
  new_call(CallState::offering, driver::Direction::inbound, incoming);
  state(CallState::accepted);
  state(CallState::connected);
  state(CallState::disconnected, 16);
  state(CallState::idle, 16);
  EXPECT_EQ(told(), "delivered established cleared cleared ");
}

TEST_F(ControlOfALine, MakesUpForStatesThatTheSwitchSkips) {
  new_call(CallState::connected, driver::Direction::outbound, outgoing);
  state(CallState::connected);
  state(CallState::idle);
  state(CallState::connected);
  EXPECT_EQ(told(), "originated established cleared ");
}

TEST_F(ControlOfALine, RefusesWhatIsNotTheSessions) {
  ask(60, model::MakeCall{{"tel:1002"}, {"tel:1003"}, false});
  EXPECT_EQ(last_error(), "privilegeViolationSpecifiedDevice");
  ask(61, model::MonitorStart{{"tel:1002"}});
  EXPECT_EQ(last_error(), "privilegeViolationSpecifiedDevice");
  ask(62, model::MonitorStop{{"nobody's"}});
  EXPECT_EQ(last_error(), "invalidMonitorCrossRefID");
  ask(63, model::MakeCall{{own}, {"mailto:x"}, false});
  EXPECT_EQ(last_error(), "invalidCalledDeviceID");
  ask(64, model::UnknownService{"ParkCall"});
  EXPECT_EQ(last_error(), "serviceNotSupported");
  ask(65, model::SnapshotDevice{{"tel:1002"}});
  EXPECT_EQ(last_error(), "privilegeViolationSpecifiedDevice");
  ask(66, model::SnapshotCall{{{"1-9999"}, {own}}});
  EXPECT_EQ(last_error(), "invalidCallID");
}

TEST_F(ControlOfALine, RefusesWhatNamesNothing) {
  for (const auto* nothing : {"", "mailto:x", "1001"}) {
    SCOPED_TRACE(nothing);
    ask(60, model::MakeCall{{nothing}, {"tel:1003"}, false});
    EXPECT_EQ(last_error(), "invalidCallingDeviceID");
    ask(61, model::MonitorStart{{nothing}});
    EXPECT_EQ(last_error(), "invalidDeviceID");
    ask(62, model::SnapshotDevice{{nothing}});
    EXPECT_EQ(last_error(), "invalidDeviceID");
    ask(64, model::SnapshotCall{{{}, {nothing}}});
    EXPECT_EQ(last_error(), "invalidCallID");
  }
}

TEST_F(ControlOfALine, MonitorsDevicesOnly) {
  ask(60, model::MonitorStart{{}, {{"1-2001"}, {own}}});
  EXPECT_EQ(last_error(), "invalidMonitorObjectType");
  ask(61, model::MonitorStart{{own}, {}, {model::MonitorType::call}});
  EXPECT_EQ(last_error(), "invalidMonitorType");
  ask(62, model::MonitorStart{{own}, {}, {{}, true}});
  EXPECT_EQ(last_error(), "invalidMonitorType");
  ask(63, model::MonitorStart{{own}, {}, {model::MonitorType::device}});
  EXPECT_EQ(last_error(), "accepted");
}

TEST_F(ControlOfALine, ShowsTheCallsThatAreThereToAClientThatComesLate) {
  ask(60, model::SnapshotDevice{{own}});
  EXPECT_TRUE(std::get<model::DeviceSnapshot>(last_response()).calls.empty());
  EXPECT_FALSE(monitor_started(61).existing_calls);

  new_call(CallState::connected, driver::Direction::inbound, incoming);
  const auto snapshot = device_snapshot();
  ASSERT_EQ(snapshot.calls.size(), 1U);
  EXPECT_EQ(snapshot.calls[0].connection, (model::ConnectionId{{"1-2001"}, {own}}));
  EXPECT_EQ(snapshot.calls[0].endpoint, model::EventDevice::of({own}));
  EXPECT_TRUE(monitor_started(62).existing_calls);

  ask(63, model::SnapshotCall{{{"1-2001"}, {}}});
  const auto call = std::get<model::CallSnapshot>(last_response());
  const auto far = model::EventDevice::of({"tel:1002;phone-context=dialstring"});
  ASSERT_EQ(call.parties.size(), 2U);
  EXPECT_EQ(call.parties[0].device, model::EventDevice::of({own}));
  EXPECT_EQ(call.parties[0].state, model::LocalConnectionState::connected);
  EXPECT_EQ(call.parties[1].device, far);
  EXPECT_EQ(call.parties[1].connection, (model::ConnectionId{{"1-2001"}, far.id}));
  EXPECT_EQ(call.calling, far);
  EXPECT_EQ(call.called, model::EventDevice::of({own}));
  for (const auto& [device, error] : {std::pair(own, "accepted"),
                                      {"tel:1002;phone-context=dialstring", "accepted"},
                                      {"tel:1003", "invalidConnectionID"}}) {
    ask(64, model::SnapshotCall{{{"1-2001"}, {device}}});
    EXPECT_EQ(last_error(), error) << device;
  }
}

TEST_F(ControlOfALine, ShowsTheStatesOfBothSidesOfACall) {
  using enum model::LocalConnectionState;
  using States = std::vector<model::LocalConnectionState>;
  const auto states = [this] { return std::get<States>(device_snapshot().calls.at(0).state); };
  new_call(CallState::dialtone, driver::Direction::outbound, outgoing);
  EXPECT_EQ(states(), (States{initiated}));
  for (const auto& [shown, expected] : {std::pair(CallState::dialing, States{initiated}),
                                        {CallState::proceeding, {connected}},
                                        {CallState::ringback, {connected, alerting}},
                                        {CallState::busy, {connected, fail}},
                                        {CallState::connected, {connected, connected}},
                                        {CallState::on_hold, {hold, connected}},
                                        {CallState::other, {hold, connected}},
                                        {CallState::accepted, {alerting, connected}},
                                        {CallState::disconnected, {connected}}}) {
    state(shown);
    EXPECT_EQ(states(), expected) << static_cast<int>(shown);
  }
  state(CallState::remote_in_use);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(device_snapshot().calls.at(0).state));
}

TEST_F(ControlOfALine, ShowsNoCallOfAClientBeforeItsResponse) {
  make_call();
  new_call(CallState::dialtone, driver::Direction::outbound, outgoing);
  EXPECT_TRUE(device_snapshot().calls.empty());
  answer("MakeCall", driver::CallStarted{handle, global, leg});
  EXPECT_EQ(device_snapshot().calls.size(), 1U);
}

TEST_F(ControlOfALine, BoundsTheMonitorsOfASession) {
  for (std::uint64_t id = 70; id < 77; ++id)
    ask(id, model::MonitorStart{{own}});
  EXPECT_EQ(last_error(), "accepted");
  ask(77, model::MonitorStart{{own}});
  EXPECT_EQ(last_error(), "objectMonitorLimitExceeded");
}

TEST_F(ControlOfALine, EndsItsCallsAndRefusesNewOnesWhileThePhoneIsGone) {
  new_call(CallState::accepted, driver::Direction::inbound, incoming);
  event(driver::LineOutOfService{handle, 5});
  EXPECT_EQ(told(), "delivered cleared ");
  make_call();
  EXPECT_EQ(last_error(), "callingDeviceOutOfService");
  event(driver::LineInService{handle});
  make_call();
  EXPECT_EQ(issued_.back().second, "MakeCall");
}

TEST_F(ControlOfALine, SaysThatTheLineIsGoneWhenTheSwitchClosesIt) {
  event(driver::LineClosed{handle, 8});
  EXPECT_EQ(told(), "gone ");
  EXPECT_FALSE(control_.attached({1}));
  make_call();
  EXPECT_EQ(last_error(), "networkOutOfService");
}

TEST_F(ControlOfALine, SharesOneLineAmongSessionsAndClosesItWithTheLast) {
  control_.attach({2}, link, {"SEPA", "1001", ""}, {"tel:1001;device=SEPA"}, actions_);
  EXPECT_EQ(told(), "");
  control_.detach({1}, actions_);
  issue();
  EXPECT_EQ(issued_.size(), 1U);
  control_.detach({2}, actions_);
  issue();
  EXPECT_EQ(issued_.back().second, "CloseLine");
}

TEST(ControlOpening, KeepsRequestsUntilTheLineIsOpen) {
  Random random(repeatable(1));
  Control control({}, random);
  Actions actions;
  const driver::LinkId link{0, 1};
  const driver::LineHandle handle{1, 2};
  control.attach({1}, link, {"SEPA", "1001", ""}, {"tel:1001"}, actions);
  control.issued(std::get<Order>(actions.at(0)).ticket, {7});
  control.request({1}, {1}, model::MonitorStart{{"tel:1001"}}, actions);
  EXPECT_EQ(actions.size(), 1U);
  control.event(link, driver::Answered{{7}, driver::LineOpened{handle}}, actions);
  control.event(link, driver::LineInService{handle}, actions);
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<model::MonitorStarted>(std::get<Respond>(actions[1]).response));
  control.request({1}, {2}, model::MakeCall{{"tel:1001"}, {"tel:1002"}, false}, actions);
  EXPECT_TRUE(std::holds_alternative<Order>(actions.back()));
}

TEST(ControlOpening, TellsTheClientWhyItsLineCannotBeOpened) {
  Random random(repeatable(1));
  Control control({}, random);
  Actions actions;
  control.attach({1}, {0, 1}, {"SEPA", "1001", ""}, {"tel:1001"}, actions);
  control.issued(std::get<Order>(actions.at(0)).ticket, {7});
  control.request({1}, {1}, model::MonitorStart{{"tel:1001"}}, actions);
  control.event({0, 1}, driver::Answered{{7}, driver::Failure{driver::Failure::Kind::refused, 0x8CCC00D3, "x"}},
                actions);
  const auto& respond = std::get<Respond>(actions.back());
  EXPECT_EQ(std::get<model::Refused>(respond.response).error, model::errors::privilege_violation);
  EXPECT_EQ(respond.why, "the CTI Manager refused with 0x8ccc00d3 (x)");
}

TEST(ControlOpening, IsTriedAgainByTheNextSessionAfterItFailed) {
  Random random(repeatable(1));
  Control control({}, random);
  Actions actions;
  control.attach({1}, {0, 1}, {"SEPA", "1001", ""}, {"tel:1001"}, actions);
  control.issued(std::get<Order>(actions.at(0)).ticket, {7});
  control.event({0, 1}, driver::Answered{{7}, driver::Failure{}}, actions);
  control.attach({2}, {0, 1}, {"SEPA", "1001", ""}, {"tel:1001"}, actions);
  ASSERT_EQ(actions.size(), 2U);
  control.issued(std::get<Order>(actions.at(1)).ticket, {8});
  control.event({0, 1}, driver::Answered{{8}, driver::LineOpened{{1, 2}}}, actions);
  control.request({1}, {1}, model::MonitorStart{{"tel:1001"}}, actions);
  EXPECT_TRUE(std::holds_alternative<model::MonitorStarted>(std::get<Respond>(actions.back()).response));
}

TEST(ControlErrors, KnowEveryCodeInOrder) {
  const auto error = [](std::uint32_t code) {
    return error_of({driver::Failure::Kind::refused, 0x8CCC0000 + code, ""}).value;
  };
  EXPECT_EQ(error(0x0001), "generic");
  EXPECT_EQ(error(0x0034), "invalidDestination");
  EXPECT_EQ(error(0x0040), "calledDeviceOutOfService");
  EXPECT_EQ(error(0x0046), "conferenceMemberLimitExceeded");
  EXPECT_EQ(error(0x00C4), "resourceBusy");
  EXPECT_EQ(error(0x00E1), "invalidConnectionID");
  EXPECT_EQ(error(0x0145), "generic");
  EXPECT_EQ(cause_of(17), model::EventCause::busy);
  EXPECT_EQ(cause_of(0x01000011), model::EventCause::busy);
  EXPECT_EQ(cause_of(9999), model::EventCause::normal_clearing);
}

}  // namespace
}  // namespace linebridge::control
