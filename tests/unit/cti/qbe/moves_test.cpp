#include <gtest/gtest.h>

#include "conversation.hpp"

/// What is told of transfers, conferences and features.
namespace linebridge::cti::qbe {
namespace {

using driver::CallState;
using driver::GlobalCall;
using driver::LegHandle;

constexpr LegHandle leg{1, 33};

void put_pairs(Writer& w, Slot slot, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
  auto list = w.elements(slot, static_cast<std::uint32_t>(pairs.size()));
  for (const auto& [manager, number] : pairs) {
    Writer one = list.next();
    one.put(slot.inner->at(0), manager);
    one.put(slot.inner->at(1), number);
    one.finish();
  }
  list.finish();
}

void put_participant(Writer w, const std::string& number, LegHandle of, bool shown = true) {
  put(w, elements::participant_info,
      {{"participant_number", number},
       {"number_pi", shown},
       {"name_pi", true},
       {"call_manager_id", of.manager},
       {"call_leg_id", of.leg}});
  w.finish();
}

class QbeMoves : public testing::Test {
protected:
  QbeMoves() {
    talk.log_in();
    line = talk.open_line();
  }
  static std::vector<Value> of_line(std::vector<Value> more) {
    more.insert(more.end(), {{"line_call_manager_id", 1}, {"line_id", 145}});
    return more;
  }
  static std::vector<Value> of_leg(std::vector<Value> more) {
    more.insert(more.end(), {{"call_call_manager_id", leg.manager}, {"call_leg_id", leg.leg}});
    return of_line(std::move(more));
  }
  template <class Kind>
  Kind told(const std::string& message) {
    talk.receive(message);
    const auto events = talk.take_events();
    EXPECT_EQ(events.size(), 1u);
    if (events.size() != 1 || !std::holds_alternative<Kind>(events[0])) {
      ADD_FAILURE() << "another event";
      return {};
    }
    return std::get<Kind>(events[0]);
  }
  /// A message with its fields, then elements put by hand.
  template <class Fill>
  static std::string with(const Layout& layout, const std::vector<Value>& before, Fill fill) {
    std::string out;
    Writer w(out, dialect(0x00100000), layout);
    put(w, layout, before);
    fill(w);
    w.finish();
    return out;
  }
  Conversation talk;
  driver::LineHandle line;
};

TEST_F(QbeMoves, ATransferTellsItsCallsAndItsController) {
  const auto event = told<driver::TransferStarted>(
      message(m::line_transfer_started_event, of_line({{"transaction_id", 9},
                                                       {"controller_number", "1001"},
                                                       {"controller_device_name", "SEP1"},
                                                       {"surviving_gcm_id", 1},
                                                       {"surviving_gcc_id", 2001},
                                                       {"other_gcm_id", 1},
                                                       {"other_gcc_id", 2002},
                                                       {"final_controller_call_manager_id", 1},
                                                       {"final_controller_call_leg_id", 33},
                                                       {"other_controller_call_manager_id", 1},
                                                       {"other_controller_call_leg_id", 34}})));
  EXPECT_EQ(event.line, line);
  EXPECT_EQ(event.transaction, 9u);
  EXPECT_EQ(event.surviving, (GlobalCall{1, 2001}));
  EXPECT_EQ(event.other, (GlobalCall{1, 2002}));
  EXPECT_EQ(event.controller.number, "1001");
  EXPECT_EQ(event.controller.device, "SEP1");
  EXPECT_EQ(event.final_leg, leg);
  EXPECT_EQ(event.other_leg, (LegHandle{1, 34}));
}

TEST_F(QbeMoves, TheEndOfATransferTellsTheLegsThatAreGone) {
  constexpr const Layout& e = m::line_transfer_ended_event;
  const auto event =
      told<driver::TransferEnded>(with(e, of_line({{"transaction_id", 9}, {"success", true}}),
                                       [&](Writer& w) { put_pairs(w, e["idle_calls"], {{1, 34}, {1, 33}}); }));
  EXPECT_EQ(event.transaction, 9u);
  EXPECT_TRUE(event.success);
  EXPECT_EQ(event.idle, (std::vector<LegHandle>{{1, 34}, {1, 33}}));
  EXPECT_FALSE(told<driver::TransferEnded>(message(e, of_line({}))).success);
}

TEST_F(QbeMoves, AConferenceTellsTheCallsThatEndInIt) {
  constexpr const Layout& e = m::line_conference_started_event;
  std::string bytes;
  Writer w(bytes, dialect(0x00100000), e);
  put(w, e,
      of_line({{"transaction_id", 9},
               {"controller_number", "1001"},
               {"surviving_gcm_id", 1},
               {"surviving_gcc_id", 2001}}));
  put_pairs(w, e["other_gc_ids"], {{1, 2002}, {1, 2003}});
  w.put(e["requestor_number"], std::string_view("1003"));
  w.put(e["controller_device_name"], std::string_view("SEP1"));
  w.finish();
  const auto event = told<driver::ConferenceStarted>(bytes);
  EXPECT_EQ(event.surviving, (GlobalCall{1, 2001}));
  EXPECT_EQ(event.others, (std::vector<GlobalCall>{{1, 2002}, {1, 2003}}));
  EXPECT_EQ(event.controller.number, "1001");
  EXPECT_EQ(event.controller.device, "SEP1");
  EXPECT_EQ(event.requestor.number, "1003");

  constexpr const Layout& end = m::line_conference_ended_event;
  const auto ended =
      told<driver::ConferenceEnded>(with(end, of_line({{"transaction_id", 9}, {"success", true}}),
                                         [&](Writer& out) { put_pairs(out, end["idle_calls"], {{1, 34}}); }));
  EXPECT_EQ(ended.transaction, 9u);
  EXPECT_TRUE(ended.success);
  EXPECT_EQ(ended.idle, (std::vector<LegHandle>{{1, 34}}));
}

TEST_F(QbeMoves, WhoComesIntoAConferenceIsToldWithAllTheOthers) {
  constexpr const Layout& e = m::call_conference_state_changed_event;
  using Change = driver::ConferenceChanged::Change;
  const std::vector<std::pair<std::uint32_t, Change>> kinds = {{1, Change::added},
                                                               {2, Change::removed},
                                                               {3, Change::updated},
                                                               {0, Change::unknown},
                                                               {9, Change::unknown}};
  for (const auto& [status, change] : kinds) {
    std::string bytes;
    Writer w(bytes, dialect(0x00100000), e);
    put(w, e, of_leg({{"global_call_manager_id", 1}, {"global_call_id", 2001}, {"modify_status", status}}));
    put_participant(w.element(e["changed_participant_info"]), "1003", {1, 41});
    auto others = w.elements(e["other_participants_info"], 2);
    put_participant(others.next(), "1001", {1, 33});
    put_participant(others.next(), "1002", {1, 40}, false);
    others.finish();
    put_participant(w.element(e["controller_participant_info"]), "1001", {1, 33});
    w.put(e["reason"], 9u);
    w.finish();
    const auto event = told<driver::ConferenceChanged>(bytes);
    EXPECT_EQ(event.leg, leg);
    EXPECT_EQ(event.call, (GlobalCall{1, 2001}));
    EXPECT_EQ(event.change, change);
    EXPECT_EQ(event.changed.number, "1003");
    EXPECT_EQ(event.changed.leg, (LegHandle{1, 41}));
    EXPECT_FALSE(event.changed.restricted);
    ASSERT_EQ(event.others.size(), 2u);
    EXPECT_EQ(event.others[1].number, "1002");
    EXPECT_TRUE(event.others[1].restricted);
    EXPECT_EQ(event.controller.number, "1001");
    EXPECT_EQ(event.reason, 9u);
  }
}

TEST_F(QbeMoves, ACallThatClosesIsIdleAndOutOfOrderIfTheCallManagerFailed) {
  for (const auto& [reason, cause] :
       std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 0}, {1, 38}, {2, 0}}) {
    const auto event =
        told<driver::CallStateChanged>(message(m::call_closed_event, of_leg({{"reason", reason}})));
    EXPECT_EQ(event.leg, leg);
    EXPECT_EQ(event.state, CallState::idle);
    EXPECT_EQ(event.cause, cause);
  }
}

TEST_F(QbeMoves, TheEndOfTheExistingCallsIsTold) {
  EXPECT_EQ(told<driver::ExistingCallsTold>(message(m::existing_call_completed_event, of_line({}))).line, line);
}

std::string forwarded(const Layout& layout, Slot slot, std::vector<Value> values,
                      const std::vector<std::pair<std::uint32_t, std::string>>& entries) {
  std::string out;
  Writer w(out, dialect(0x00100000), layout);
  put(w, layout, values);
  auto list = w.elements(slot, static_cast<std::uint32_t>(entries.size()));
  for (const auto& [kind, destination] : entries) {
    Writer one = list.next();
    put(one, elements::cti_call_forward_information,
        {{"cfwd_type", kind}, {"call_fwd_destination", destination}});
    one.finish();
  }
  list.finish();
  w.finish();
  return out;
}

TEST_F(QbeMoves, ForwardingIsToldAndReadAsItsDestination) {
  using Entries = std::vector<std::pair<std::uint32_t, std::string>>;
  const std::vector<std::pair<Entries, std::string>> cases = {{{{1, "1003"}}, "1003"},
                                                              {{{0, ""}}, ""},
                                                              {{}, ""},
                                                              {{{0, "1003"}}, ""},
                                                              {{{7, "1"}, {1, "1003"}}, "1003"}};
  for (const auto& [entries, destination] : cases) {
    constexpr const Layout& e = m::line_forward_event;
    EXPECT_EQ(
        told<driver::ForwardingChanged>(forwarded(e, e["forward_array"], of_line({}), entries)).destination,
        destination);
    constexpr const Layout& r = m::line_get_forward_info_response;
    const auto id = talk.ask(driver::GetForwarding{line});
    talk.receive(forwarded(r, r["cti_fwd_array"], {{"seq", talk.only_request().seq}}, entries));
    EXPECT_EQ(std::get<driver::ForwardingIs>(*talk.outcome(id)).destination, destination);
    talk.take_events();
  }
}

TEST_F(QbeMoves, TheLampIsOnWhateverItsWayOfShining) {
  for (std::uint32_t mode = 0; mode <= 5; ++mode) {
    const auto id = talk.ask(driver::GetMessageWaiting{line});
    talk.receive(manager::done(talk.only_request(), {{"message_waiting_lamp_mode", mode}}));
    EXPECT_EQ(std::get<driver::MessageWaitingIs>(*talk.outcome(id)).on, mode >= 2) << mode;
  }
}

std::string device(const Layout& layout, std::vector<Value> more) {
  more.insert(more.end(), {{"device_call_manager_id", 1}, {"device_id", 38}});
  return message(layout, more);
}

TEST_F(QbeMoves, DoNotDisturbIsWhatTheDeviceToldLast) {
  EXPECT_EQ(failure_of(talk.outcome(talk.ask(driver::GetDoNotDisturb{line})))->code, error::no_information);
  talk.take_events();
  const auto known = [&] {
    const auto outcome = talk.outcome(talk.ask(driver::GetDoNotDisturb{line}));
    talk.take_events();
    return std::get<driver::DoNotDisturbIs>(*outcome).on;
  };
  talk.receive(device(m::device_in_service_event, {{"dnd_status", false}}));
  EXPECT_TRUE(talk.take_events().empty()) << "off is no change";
  EXPECT_FALSE(known());
  EXPECT_TRUE(
      told<driver::DoNotDisturbChanged>(device(m::device_dnd_status_changed_event, {{"dnd_status", true}})).on);
  EXPECT_TRUE(known());
  talk.receive(device(m::device_dnd_status_changed_event, {{"dnd_status", true}}));
  EXPECT_TRUE(talk.take_events().empty()) << "the same again";
  talk.receive(device(m::device_in_service_event, {{"dnd_status", false}}));
  EXPECT_FALSE(std::get<driver::DoNotDisturbChanged>(talk.take_events().at(0)).on);
  EXPECT_TRUE(talk.requests().empty()) << "nothing was asked for it";
}

TEST_F(QbeMoves, DoNotDisturbIsToldToEveryOpenLineOfTheDevice) {
  const auto second = talk.open_line("SEP1", "1002", {1, 146});
  talk.receive(device(m::device_dnd_status_changed_event, {{"dnd_status", true}}));
  const auto events = talk.take_events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<driver::DoNotDisturbChanged>(events[0]).line, line);
  EXPECT_EQ(std::get<driver::DoNotDisturbChanged>(events[1]).line, second);
}

TEST_F(QbeMoves, DoNotDisturbThatWasSetIsKnownThoughItsEventIsLost) {
  const auto id = talk.ask(driver::SetDoNotDisturb{line, true});
  talk.receive(manager::done(talk.only_request()));
  EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk.outcome(id)));
  auto events = talk.take_events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(std::get<driver::DoNotDisturbChanged>(events[1]).on);
  talk.receive(device(m::device_dnd_status_changed_event, {{"dnd_status", true}}));
  EXPECT_TRUE(talk.take_events().empty()) << "told once";
  EXPECT_TRUE(std::get<driver::DoNotDisturbIs>(*talk.outcome(talk.ask(driver::GetDoNotDisturb{line}))).on);
}

TEST(QbeEarly, WhatADeviceTellsBeforeItsHandleIsGivenCounts) {
  Conversation talk;
  talk.log_in();
  talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(device(m::device_in_service_event, {{"dnd_status", true}}) +
               device(m::device_out_of_service_event, {{"reason", 5}}));
  const driver::LineHandle line{1, 145};
  for (auto requests = talk.requests(); !requests.empty(); requests = talk.requests())
    for (const auto& request : requests)
      talk.receive(Conversation::answer(request, line));
  talk.take_events();
  EXPECT_TRUE(std::get<driver::DoNotDisturbIs>(*talk.outcome(talk.ask(driver::GetDoNotDisturb{line}))).on);
  talk.take_events();
  talk.receive(message(m::line_in_service_event, {{"line_call_manager_id", 1}, {"line_id", 145}}));
  EXPECT_TRUE(talk.take_events().empty()) << "its device is out of service";
  talk.receive(device(m::device_in_service_event, {{"dnd_status", true}}));
  ASSERT_EQ(talk.events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<driver::LineInService>(talk.events[0]));
}

}  // namespace
}  // namespace linebridge::cti::qbe
