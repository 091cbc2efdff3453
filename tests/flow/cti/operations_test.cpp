#include <gtest/gtest.h>

#include "tests/flow/cti/site.hpp"

namespace linebridge::test {
namespace {

namespace driver = cti::driver;
using driver::CallState;

/// Four phones; those of a, b and c are open, and a has called b, who answered.
class CtiOperations : public testing::Test {
protected:
  CtiOperations() {
    site.start();
    a = site.open("1001");
    b = site.open("1002");
    c = site.open("1003");
  }
  void TearDown() override {
    EXPECT_EQ(site.counters[Counter::cti_malformed], 0u);
    EXPECT_EQ(site.counters[Counter::cti_unknown_message], 0u);
    EXPECT_EQ(site.counters[Counter::cti_stray_answers], 0u);
    EXPECT_EQ(site.counters[Counter::cti_timeouts], 0u);
  }
  void done(const driver::Operation& operation) { site.get<driver::Completed>(operation); }
  void talk() {
    first = site.get<driver::CallStarted>(driver::MakeCall{a, "1002"});
    far = site.newest(b);
    done(driver::AnswerCall{b, far});
    ASSERT_EQ(site.state(first.leg), CallState::connected);
    ASSERT_EQ(site.state(far), CallState::connected);
  }
  driver::CallStarted consult(driver::Consult::Purpose purpose) {
    const auto second = site.get<driver::CallStarted>(driver::Consult{a, first.leg, "1003", purpose});
    EXPECT_EQ(site.state(first.leg), CallState::on_hold);
    third = site.newest(c);
    done(driver::AnswerCall{c, third});
    return second;
  }

  CtiSite site;
  driver::LineHandle a, b, c;
  driver::CallStarted first;
  driver::LegHandle far, third;
};

TEST_F(CtiOperations, TheDevicesAreListed) {
  const auto view = site.pool->view(0);
  EXPECT_EQ(view.devices, 4u);
  EXPECT_EQ(view.lines, 4u);
  EXPECT_EQ(view.devices_expected, 4u);
  EXPECT_EQ(view.open_lines, 3u);
  EXPECT_FALSE(view.controls_any_device);
  EXPECT_GT(view.most_devices_open, 0u);
}

TEST_F(CtiOperations, ACallIsMadeAnsweredHeldRetrievedAndHungUp) {
  talk();
  done(driver::HoldCall{a, first.leg});
  EXPECT_EQ(site.state(first.leg), CallState::on_hold);
  EXPECT_EQ(site.state(far), CallState::connected);
  done(driver::RetrieveCall{a, first.leg});
  EXPECT_EQ(site.state(first.leg), CallState::connected);
  done(driver::Disconnect{a, first.leg});
  EXPECT_EQ(site.state(first.leg), CallState::idle);
  EXPECT_EQ(site.state(far), CallState::idle);
}

TEST_F(CtiOperations, ATransferAfterAConsultationLeavesTheOthersTalking) {
  talk();
  const auto second = consult(driver::Consult::Purpose::transfer);
  site.events();
  done(driver::Transfer{a, first.leg, second.leg});
  const auto started = site.last<driver::TransferStarted>(a);
  const auto ended = site.last<driver::TransferEnded>(a);
  ASSERT_TRUE(started && ended);
  EXPECT_EQ(started->transaction, ended->transaction);
  EXPECT_EQ(started->controller.number, "1001");
  EXPECT_TRUE(ended->success);
  EXPECT_EQ(ended->idle.size(), 2u);
  EXPECT_EQ(site.state(first.leg), CallState::idle);
  EXPECT_EQ(site.state(second.leg), CallState::idle);
  EXPECT_TRUE(site.last<driver::TransferEnded>(b));
  EXPECT_TRUE(site.last<driver::TransferEnded>(c));
  EXPECT_TRUE(site.last<driver::GlobalCallChanged>(b) || site.last<driver::GlobalCallChanged>(c));
  done(driver::Disconnect{b, far});
  EXPECT_EQ(site.state(third), CallState::idle);
}

TEST_F(CtiOperations, TwoCallsMadeApartCanBeTransferredToo) {
  talk();
  done(driver::HoldCall{a, first.leg});
  const auto second = site.get<driver::CallStarted>(driver::MakeCall{a, "1003"});
  done(driver::AnswerCall{c, site.newest(c)});
  done(driver::Transfer{a, first.leg, second.leg});
  EXPECT_EQ(site.state(second.leg), CallState::idle);
}

TEST_F(CtiOperations, AConferenceTellsWhoIsInItAndLetsOneBeDropped) {
  talk();
  const auto second = consult(driver::Consult::Purpose::conference);
  site.events();
  done(driver::Conference{a, first.leg, {second.leg}});
  const auto started = site.last<driver::ConferenceStarted>(a);
  const auto ended = site.last<driver::ConferenceEnded>(a);
  ASSERT_TRUE(started && ended);
  EXPECT_EQ(started->surviving, first.call);
  EXPECT_EQ(started->others, (std::vector<driver::GlobalCall>{second.call}));
  EXPECT_TRUE(ended->success);
  EXPECT_EQ(site.state(second.leg), CallState::idle);
  const auto changed = site.last<driver::ConferenceChanged>(a);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->change, driver::ConferenceChanged::Change::added);
  driver::LegHandle party;
  for (const auto& participant : changed->others)
    if (participant.number == "1003") party = participant.leg;
  if (changed->changed.number == "1003") party = changed->changed.leg;
  ASSERT_NE(party, driver::LegHandle{}) << "the third one is told with a leg";
  done(driver::DropParty{a, first.leg, party});
  EXPECT_EQ(site.state(third), CallState::idle);
  EXPECT_EQ(site.last<driver::ConferenceChanged>(a)->change, driver::ConferenceChanged::Change::removed);
}

TEST_F(CtiOperations, ACallIsRedirectedWhileItRingsAndWhenItIsAnswered) {
  for (const auto kind : {driver::Redirect::Kind::redirect, driver::Redirect::Kind::blind_transfer}) {
    talk();
    done(driver::Redirect{b, far, "1003", kind});
    EXPECT_EQ(site.state(far), CallState::idle);
    const auto call = site.last<driver::NewCall>(c);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->parties.last_redirecting, "1002");
    EXPECT_EQ(call->reason, kind == driver::Redirect::Kind::redirect ? 6u : 7u);
    done(driver::Disconnect{a, first.leg});
  }
  first = site.get<driver::CallStarted>(driver::MakeCall{a, "1002"});
  done(driver::Redirect{b, site.newest(b), "1003", driver::Redirect::Kind::redirect});
  EXPECT_EQ(site.state(site.newest(c)), CallState::accepted);
}

TEST_F(CtiOperations, DigitsAreCompleteWhenTheyArePlayed) {
  talk();
  done(driver::SendDigits{a, first.leg, "0123456789*#"});
  const auto outcome = site.ask(driver::SendDigits{a, first.leg, "12x"});
  EXPECT_EQ(std::get<driver::Failure>(outcome).code, 0x8CCC0097u);
}

TEST_F(CtiOperations, ForwardingIsSetToldAndRead) {
  EXPECT_EQ(site.get<driver::ForwardingIs>(driver::GetForwarding{a}).destination, "");
  done(driver::SetForwarding{a, "1003"});
  EXPECT_EQ(site.last<driver::ForwardingChanged>(a)->destination, "1003");
  EXPECT_EQ(site.get<driver::ForwardingIs>(driver::GetForwarding{a}).destination, "1003");
  done(driver::SetForwarding{a, ""});
  EXPECT_EQ(site.last<driver::ForwardingChanged>(a)->destination, "");
  EXPECT_EQ(site.get<driver::ForwardingIs>(driver::GetForwarding{a}).destination, "");
}

TEST_F(CtiOperations, DoNotDisturbIsSetToldAndKnown) {
  EXPECT_FALSE(site.get<driver::DoNotDisturbIs>(driver::GetDoNotDisturb{a}).on);
  done(driver::SetDoNotDisturb{a, true});
  EXPECT_TRUE(site.last<driver::DoNotDisturbChanged>(a)->on);
  EXPECT_TRUE(site.get<driver::DoNotDisturbIs>(driver::GetDoNotDisturb{a}).on);
  EXPECT_FALSE(site.get<driver::DoNotDisturbIs>(driver::GetDoNotDisturb{b}).on) << "another device";
  site.events();
  site.exchange->set_dnd(*site.exchange->phone("SEP000000001001"), false);
  site.pump();
  EXPECT_FALSE(site.last<driver::DoNotDisturbChanged>(a)->on) << "set at the phone";
}

TEST_F(CtiOperations, TheLampIsSetAndRead) {
  EXPECT_FALSE(site.get<driver::MessageWaitingIs>(driver::GetMessageWaiting{a}).on);
  done(driver::SetMessageWaiting{a, true});
  EXPECT_TRUE(site.get<driver::MessageWaitingIs>(driver::GetMessageWaiting{a}).on);
  done(driver::SetMessageWaiting{a, false});
  EXPECT_FALSE(site.get<driver::MessageWaitingIs>(driver::GetMessageWaiting{a}).on);
}

TEST_F(CtiOperations, ALineOpenedDuringACallIsToldIt) {
  talk();
  done(driver::CloseLine{b});
  site.events();
  b = site.open("1002");
  const auto call = site.last<driver::NewCall>(b);
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->existing);
  EXPECT_EQ(call->state, CallState::connected);
  EXPECT_EQ(call->call, first.call);
  EXPECT_TRUE(site.last<driver::ExistingCallsTold>(b));
}

TEST_F(CtiOperations, APhoneThatGoesAndComesIsToldOnItsLine) {
  const auto phone = *site.exchange->phone("SEP000000001001");
  site.exchange->set_registered(phone, false);
  site.pump();
  EXPECT_TRUE(site.last<driver::LineOutOfService>(a));
  site.events();
  site.exchange->set_registered(phone, true);
  site.pump();
  EXPECT_TRUE(site.last<driver::LineInService>(a));
}

TEST_F(CtiOperations, WhatMakesNoSenseIsRefusedAndTheLinkLives) {
  const driver::LegHandle none{1, 4711};
  for (const driver::Operation& operation : std::vector<driver::Operation>{
           driver::AnswerCall{a, none}, driver::Disconnect{a, none}, driver::HoldCall{a, none},
           driver::RetrieveCall{a, none}, driver::Consult{a, none, "1002"}, driver::Transfer{a, none, none},
           driver::Conference{a, none, {none}}, driver::DropParty{a, none, none},
           driver::Redirect{a, none, "1002"}, driver::SendDigits{a, none, "1"},
           driver::OpenLine{"SEPUNKNOWN", "1", ""}, driver::AcquireDevice{"SEP000000001001"}}) {
    const auto outcome = site.ask(operation);
    ASSERT_TRUE(std::holds_alternative<driver::Failure>(outcome)) << operation.index();
    EXPECT_EQ(std::get<driver::Failure>(outcome).kind, driver::Failure::Kind::refused) << operation.index();
    EXPECT_NE(std::get<driver::Failure>(outcome).code, 0u);
  }
  EXPECT_TRUE(site.pool->in_service(site.link()));
}

TEST(CtiDevices, AreAcquiredWithTheirLinesAndGivenBack) {
  CtiSite site("anybody");
  site.start();
  EXPECT_TRUE(site.pool->view(0).controls_any_device);
  EXPECT_EQ(site.pool->view(0).devices, 0u);
  site.get<driver::Completed>(driver::AcquireDevice{"SEP000000001001"});
  EXPECT_EQ(site.pool->appearances(site.link(), "1001").size(), 1u);
  const auto line = site.open("1001");
  site.get<driver::Completed>(driver::ReleaseDevice{"SEP000000001001"});
  EXPECT_TRUE(site.last<driver::LineClosed>(line));
  EXPECT_TRUE(site.pool->appearances(site.link(), "1001").empty());
  const auto unknown = site.ask(driver::AcquireDevice{"SEPUNKNOWN"});
  EXPECT_TRUE(std::holds_alternative<driver::Failure>(unknown));
}

TEST(CtiDevices, ComeBackAfterTheLinkWasLost) {
  CtiSite site;
  site.start();
  site.open("1001");
  site.drop_link();
  const auto events = site.events();
  EXPECT_TRUE(std::holds_alternative<driver::LinkLost>(events.back()));
  site.advance(std::chrono::seconds(60));
  EXPECT_EQ(site.pool->view(0).life, 2u);
  site.open("1001");
}

}  // namespace
}  // namespace linebridge::test
