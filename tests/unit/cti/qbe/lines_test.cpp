#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

using driver::LineHandle;

constexpr LineHandle first{1, 145}, second{1, 146};

std::string line_event(const Layout& layout, LineHandle line, std::vector<Value> more = {}) {
  more.push_back({"line_call_manager_id", line.manager});
  more.push_back({"line_id", line.line});
  return message(layout, more);
}
std::string device_event(const Layout& layout, std::vector<Value> more = {}) {
  more.push_back({"device_call_manager_id", 1u});
  more.push_back({"device_id", 38u});
  return message(layout, more);
}
std::string new_call(LineHandle line) {
  return line_event(m::new_call_event, line, {{"call_call_manager_id", 1}, {"call_leg_id", 33}, {"state", 2}});
}

std::vector<std::uint32_t> ids(const std::vector<Sent>& requests) {
  std::vector<std::uint32_t> out;
  for (const auto& request : requests)
    out.push_back(request.id);
  return out;
}

/// The kinds of events, in order.
template <class... Kinds>
bool are(const std::vector<driver::Event>& events) {
  std::size_t i = 0;
  return events.size() == sizeof...(Kinds) && (std::holds_alternative<Kinds>(events[i++]) && ...);
}

class QbeLines : public testing::Test {
protected:
  QbeLines() { talk.log_in(); }
  /// Answers all requests that are out, until none come any more.
  void answer_all(LineHandle line) {
    for (auto requests = talk.requests(); !requests.empty(); requests = talk.requests())
      for (const auto& request : requests)
        talk.receive(Conversation::answer(request, line));
  }
  Conversation talk;
};

TEST_F(QbeLines, AreOpenedDeviceFirstThenLineThenFilters) {
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", "internal"});
  const auto device = talk.only_request();
  EXPECT_EQ(device.id, 16u);
  EXPECT_EQ(device.text("device_name"), "SEP1");
  talk.receive(Conversation::answer(device, first));

  const auto line = talk.only_request();
  EXPECT_EQ(line.id, 37u);
  EXPECT_EQ(line.text("device_name"), "SEP1");
  EXPECT_EQ(line.text("line_name"), "1001");
  EXPECT_EQ(line.text("partition"), "internal");
  talk.receive(Conversation::answer(line, first));

  const auto filters = talk.requests();
  ASSERT_EQ(ids(filters), (std::vector<std::uint32_t>{20, 39}));
  EXPECT_EQ(filters[0].number("device_id"), 38u);
  EXPECT_EQ(filters[1].number("line_id"), 145u);
  talk.receive(manager::done(filters[0]));
  EXPECT_EQ(talk.outcome(id), std::nullopt);
  talk.receive(manager::done(filters[1]));
  const auto outcome = talk.outcome(id);
  ASSERT_TRUE(outcome && std::holds_alternative<driver::LineOpened>(*outcome));
  EXPECT_EQ(std::get<driver::LineOpened>(*outcome).line, first);
}

TEST_F(QbeLines, AreAskedForTheirCallsByTheSecondFilter) {
  talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  constexpr const Layout& f = elements::line_event_filter;
  const auto open = talk.only_request();
  const View opened = View::open(frame_of(open.bytes), m::line_open_request).value();
  EXPECT_FALSE(opened.element(m::line_open_request["filter"]).flag(f["new_call_event"]));
  talk.receive(Conversation::answer(open, first));
  const auto filter = talk.requests().back();
  const View view = View::open(frame_of(filter.bytes), m::line_change_event_filter_request).value();
  const View flags = view.element(m::line_change_event_filter_request["filter"]);
  for (const auto slot : {f["call_state_changed"], f["global_call_handle_changed"], f["party_info_changed"],
                          f["existing_call_event"], f["new_call_event"]})
    EXPECT_TRUE(flags.flag(slot));
  EXPECT_FALSE(flags.flag(f["ring"]));
}

TEST_F(QbeLines, ShareTheHandleAndAreClosedWithTheLastUser) {
  const LineHandle line = talk.open_line();
  const auto again = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  EXPECT_TRUE(talk.requests().empty());
  EXPECT_EQ(std::get<driver::LineOpened>(*talk.outcome(again)).line, line);
  EXPECT_TRUE((are<driver::Answered, driver::LineInService>(talk.take_events())))
      << "the second user learns it too";

  const auto one = talk.ask(driver::CloseLine{line});
  EXPECT_TRUE(talk.outcome(one));
  EXPECT_TRUE(talk.requests().empty());
  const auto last = talk.ask(driver::CloseLine{line});
  EXPECT_FALSE(talk.outcome(last));
  const auto close = talk.only_request();
  EXPECT_EQ(close.id, 41u);
  talk.receive(manager::done(close));
  EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk.outcome(last)));
  EXPECT_EQ(talk.only_request().id, 22u) << "no line is left on the device";
  EXPECT_EQ(talk.session.open_lines(), 0u);
}

TEST_F(QbeLines, OfOneDeviceShareItsOpening) {
  talk.open_line("SEP1", "1001", first);
  talk.ask(driver::OpenLine{"SEP1", "1002", ""});
  const auto line = talk.only_request();
  EXPECT_EQ(line.id, 37u);
  talk.receive(Conversation::answer(line, second));
  EXPECT_EQ(ids(talk.requests()), (std::vector<std::uint32_t>{39})) << "the device has its filter";
}

TEST_F(QbeLines, OpenedTwiceAtOnceAreOpenedOnce) {
  const auto a = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  const auto b = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  answer_all(first);
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(a)));
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(b)));
  talk.ask(driver::CloseLine{first});
  EXPECT_TRUE(talk.requests().empty());
}

TEST_F(QbeLines, InTwoPartitionsAreTwo) {
  talk.ask(driver::OpenLine{"SEP1", "1001", "a"});
  talk.ask(driver::OpenLine{"SEP1", "1001", "b"});
  talk.receive(Conversation::answer(talk.only_request(), first));
  EXPECT_EQ(ids(talk.requests()), (std::vector<std::uint32_t>{37, 37}));
}

TEST_F(QbeLines, ARefusedDeviceRefusesAllItsLines) {
  const auto a = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  const auto b = talk.ask(driver::OpenLine{"SEP1", "1002", ""});
  talk.receive(manager::failure(talk.only_request().seq, 0x8CCC00D2, "restricted"));
  for (const auto id : {a, b}) {
    const auto outcome = talk.outcome(id);
    ASSERT_NE(failure_of(outcome), nullptr);
    EXPECT_EQ(failure_of(outcome)->kind, driver::Failure::Kind::refused);
    EXPECT_EQ(failure_of(outcome)->code, 0x8CCC00D2u);
  }
  EXPECT_TRUE(talk.requests().empty());
  EXPECT_FALSE(talk.open_line().line == 0) << "it can be tried again";
}

TEST_F(QbeLines, ARefusedLineClosesADeviceNobodyElseUses) {
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  talk.receive(manager::failure(talk.only_request().seq, 0x8CCC00D3));
  EXPECT_EQ(failure_of(talk.outcome(id))->code, 0x8CCC00D3u);
  EXPECT_EQ(talk.only_request().id, 22u);
}

TEST_F(QbeLines, ARefusedLineFilterIsCountedAndClosesTheLineAgain) {
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  talk.receive(Conversation::answer(talk.only_request(), first));
  const auto filters = talk.requests();
  talk.receive(manager::failure(filters[1].seq, 0x8CCC0057));
  EXPECT_EQ(failure_of(talk.outcome(id))->code, 0x8CCC0057u);
  EXPECT_EQ(talk.counters[Counter::cti_filters_refused], 1u);
  EXPECT_EQ(talk.only_request().id, 41u);
}

TEST_F(QbeLines, ARefusedDeviceFilterDoesNoHarm) {
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  talk.receive(Conversation::answer(talk.only_request(), first));
  const auto filters = talk.requests();
  talk.receive(manager::failure(filters[0].seq, 0x8CCC0057));
  talk.receive(manager::done(filters[1]));
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(id)));
}

TEST_F(QbeLines, AStepNotAnsweredFailsTheOpeningInItsTime) {
  for (std::size_t answered = 0; answered < 3; ++answered) {
    SCOPED_TRACE(answered);
    Conversation fresh;
    fresh.log_in();
    const auto id = fresh.ask(driver::OpenLine{"SEP1", "1001", ""});
    for (std::size_t i = 0; i < answered; ++i)
      fresh.receive(Conversation::answer(fresh.requests().back(), first));
    fresh.pass(5s);
    fresh.receive(manager::heartbeat());
    fresh.pass(4999ms);
    EXPECT_FALSE(fresh.outcome(id));
    fresh.pass(1ms);
    ASSERT_NE(failure_of(fresh.outcome(id)), nullptr);
    EXPECT_EQ(failure_of(fresh.outcome(id))->kind, driver::Failure::Kind::timed_out);
    EXPECT_FALSE(fresh.session.ended()) << "the link lives: it was heard since";
  }
}

TEST_F(QbeLines, WhatOpensTooLateIsClosedAgain) {
  talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  const auto device = talk.only_request();
  talk.pass(5s);
  talk.receive(manager::heartbeat());
  talk.pass(5s);
  talk.receive(Conversation::answer(device, first));
  const auto close = talk.only_request();
  EXPECT_EQ(close.id, 22u);
  EXPECT_EQ(close.number("device_id"), 38u);
  EXPECT_EQ(talk.counters[Counter::cti_late_answers], 1u);

  talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  const auto line = talk.only_request();
  talk.pass(5s);
  talk.receive(manager::heartbeat());
  talk.pass(5s);
  talk.requests();
  talk.receive(Conversation::answer(line, first));
  EXPECT_EQ(talk.only_request().id, 41u);
}

TEST_F(QbeLines, OpenedWhileTheyCloseAreOpenedAnew) {
  const LineHandle line = talk.open_line();
  talk.ask(driver::CloseLine{line});
  const auto close = talk.only_request();
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  EXPECT_TRUE(talk.requests().empty());
  talk.receive(manager::done(close));
  answer_all(second);
  EXPECT_EQ(std::get<driver::LineOpened>(*talk.outcome(id)).line, second);
}

TEST_F(QbeLines, OpenedWhileTheirDeviceClosesOpenItAnew) {
  const LineHandle line = talk.open_line();
  talk.ask(driver::CloseLine{line});
  talk.receive(manager::done(talk.only_request()));
  const auto close = talk.only_request();
  EXPECT_EQ(close.id, 22u);
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  EXPECT_TRUE(talk.requests().empty());
  talk.receive(manager::done(close));
  answer_all(second);
  EXPECT_EQ(std::get<driver::LineOpened>(*talk.outcome(id)).line, second);
}

TEST_F(QbeLines, ClosingWhatIsNotOpenIsDone) {
  EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk.outcome(talk.ask(driver::CloseLine{{1, 4711}}))));
}

TEST_F(QbeLines, ServiceIsToldAfterTheOpeningWheneverItCame) {
  const std::string up = line_event(m::line_in_service_event, first);
  for (int when = 0; when < 4; ++when) {
    SCOPED_TRACE(when);
    Conversation fresh;
    fresh.log_in();
    fresh.ask(driver::OpenLine{"SEP1", "1001", ""});
    fresh.receive(Conversation::answer(fresh.only_request(), first));
    if (when == 0) fresh.receive(up);
    fresh.receive(Conversation::answer(fresh.only_request(), first));
    if (when == 1) fresh.receive(up);
    const auto filters = fresh.requests();
    fresh.receive(manager::done(filters[0]));
    if (when == 2) fresh.receive(up);
    fresh.receive(manager::done(filters[1]));
    if (when == 3) fresh.receive(up);
    EXPECT_TRUE((are<driver::Answered, driver::LineInService>(fresh.events)));
  }
}

TEST_F(QbeLines, AnUnregisteredPhoneOpensAndComesIntoServiceLater) {
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  answer_all(first);
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(id)));
  EXPECT_TRUE((are<driver::Answered>(talk.take_events())));
  talk.pass(20s);
  talk.receive(line_event(m::line_in_service_event, first));
  EXPECT_TRUE((are<driver::LineInService>(talk.take_events())));
}

TEST_F(QbeLines, CallEventsAreHeldUntilTheLineIsTold) {
  talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  const auto line = talk.only_request();
  talk.receive(new_call(first));  // Before its handle is known.
  talk.receive(Conversation::answer(line, first));
  talk.receive(line_event(m::call_state_changed_event_v2, first, {{"state", 3}}));
  const auto filters = talk.requests();
  EXPECT_TRUE(talk.events.empty());
  talk.receive(manager::done(filters[1]));
  EXPECT_TRUE((are<driver::Answered, driver::NewCall, driver::CallStateChanged>(talk.events)));
}

TEST_F(QbeLines, TooManyEventsBeforeTheLineIsToldFailItsOpening) {
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  talk.receive(Conversation::answer(talk.only_request(), first));
  for (int i = 0; i < 256; ++i)
    talk.receive(new_call(first));
  EXPECT_FALSE(talk.outcome(id));
  talk.receive(new_call(first));
  EXPECT_NE(failure_of(talk.outcome(id)), nullptr);
}

TEST_F(QbeLines, EventsOfLinesThatAreNotOpenAreCountedAndDropped) {
  talk.receive(new_call({9, 9}));
  EXPECT_TRUE(talk.events.empty());
  EXPECT_EQ(talk.counters[Counter::cti_stray_events], 1u);
  talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  for (int i = 0; i < 300; ++i)
    talk.receive(new_call({9, 9}));
  answer_all(first);
  EXPECT_EQ(talk.counters[Counter::cti_stray_events], 301u);
}

TEST_F(QbeLines, LineServiceIsToldOnlyWhenItChanges) {
  talk.open_line();
  talk.receive(line_event(m::line_in_service_event, first));
  EXPECT_TRUE(talk.take_events().empty());
  talk.receive(line_event(m::line_out_of_service_event, first, {{"reason", 4}}));
  ASSERT_TRUE((are<driver::LineOutOfService>(talk.events)));
  EXPECT_EQ(std::get<driver::LineOutOfService>(talk.events.front()).reason, 4u);
  talk.take_events();
  talk.receive(line_event(m::line_out_of_service_event, first));
  EXPECT_TRUE(talk.take_events().empty());
}

TEST_F(QbeLines, DeviceServiceIsThatOfItsLines) {
  talk.open_line();
  talk.receive(device_event(m::device_out_of_service_event, {{"reason", 3}}));
  EXPECT_TRUE((are<driver::LineOutOfService>(talk.take_events())));
  talk.receive(line_event(m::line_out_of_service_event, first));
  talk.receive(device_event(m::device_in_service_event));
  EXPECT_TRUE(talk.take_events().empty()) << "the line itself is still out";
  talk.receive(line_event(m::line_in_service_event, first));
  EXPECT_TRUE((are<driver::LineInService>(talk.take_events())));
}

TEST_F(QbeLines, AClosedLineIsToldAndItsDeviceGivenBack) {
  talk.open_line();
  talk.receive(line_event(m::line_closed_event, first, {{"reason", 8}}));
  ASSERT_TRUE((are<driver::LineClosed>(talk.events)));
  EXPECT_EQ(std::get<driver::LineClosed>(talk.events.front()).reason, 8u);
  EXPECT_EQ(talk.only_request().id, 22u);
  const auto call = talk.ask(driver::MakeCall{first, "1002"});
  EXPECT_EQ(failure_of(talk.outcome(call))->code, 0x8CCC0071u);
}

TEST_F(QbeLines, AClosedDeviceTakesItsLinesWithIt) {
  talk.open_line("SEP1", "1001", first);
  talk.open_line("SEP1", "1002", second);
  const auto opening = talk.ask(driver::OpenLine{"SEP1", "1003", ""});
  const auto request = talk.only_request();
  talk.receive(device_event(m::device_closed_event, {{"reason", 4}}));
  EXPECT_TRUE((are<driver::LineClosed, driver::LineClosed, driver::Answered>(talk.events)));
  EXPECT_NE(failure_of(talk.outcome(opening)), nullptr);
  EXPECT_TRUE(talk.requests().empty());
  talk.receive(Conversation::answer(request, {1, 147}));
  EXPECT_EQ(talk.only_request().id, 41u) << "it came open when nobody wanted it any more";
}

TEST_F(QbeLines, AHandleGivenTwiceIsRefused) {
  talk.open_line("SEP1", "1001", first);
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1002", ""});
  talk.receive(Conversation::answer(talk.only_request(), first));
  EXPECT_NE(failure_of(talk.outcome(id)), nullptr);
  EXPECT_EQ(talk.session.open_lines(), 1u);
}

}  // namespace
}  // namespace linebridge::cti::qbe
