#include <gtest/gtest.h>

#include "conversation.hpp"

/// Opening a line: each answer and event it needs left out, late, or crossed by the device's or the line's end.
namespace linebridge::cti::qbe {
namespace {

constexpr driver::LineHandle line{1, 145};

std::string of_line(const Layout& layout, std::vector<Value> more = {}) {
  more.insert(more.end(), {{"line_call_manager_id", 1}, {"line_id", 145}});
  return message(layout, more);
}
std::string of_device(const Layout& layout, std::vector<Value> more = {}) {
  more.insert(more.end(), {{"device_call_manager_id", 1}, {"device_id", 38}});
  return message(layout, more);
}

/// Goes through an opening and leaves out the answer to every request with the id `missing`.
std::vector<Sent> open_without(Conversation& talk, std::uint32_t missing) {
  std::vector<Sent> unanswered;
  for (auto requests = talk.requests(); !requests.empty(); requests = talk.requests())
    for (const auto& request : requests) {
      if (request.id == missing)
        unanswered.push_back(request);
      else
        talk.receive(Conversation::answer(request, line));
    }
  return unanswered;
}

void pass_alive(Conversation& talk) {
  talk.pass(9s);
  talk.receive(manager::heartbeat());
  talk.pass(1s);
}

template <class Kind>
std::size_t count(const std::vector<driver::Event>& events) {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [](const auto& event) { return std::holds_alternative<Kind>(event); }));
}

TEST(QbeOpening, WithoutAnAnswerThatItNeedsTimesOutAndCanBeTriedAgain) {
  for (const std::uint32_t missing : {16u, 37u, 39u}) {
    SCOPED_TRACE(missing);
    Conversation talk;
    talk.log_in();
    const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
    open_without(talk, missing);
    pass_alive(talk);
    ASSERT_NE(failure_of(talk.outcome(id)), nullptr);
    EXPECT_EQ(failure_of(talk.outcome(id))->kind, driver::Failure::Kind::timed_out);
    EXPECT_TRUE(talk.session.in_service());
    talk.take_events();
    open_without(talk, 0);  // What closes the rest again is answered.
    const auto again = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
    open_without(talk, 0);
    EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(again)));
  }
}

TEST(QbeOpening, WithoutTheAnswerToTheDeviceFilterGoesOn) {
  Conversation talk;
  talk.log_in();
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  open_without(talk, 20);
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(id)));
  pass_alive(talk);
  EXPECT_TRUE(talk.session.in_service());
  EXPECT_EQ(talk.session.open_lines(), 1u);
}

TEST(QbeOpening, WithTheDeviceFilterRefusedOpensTheLine) {
  Conversation talk;
  talk.log_in();
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(Conversation::answer(talk.only_request(), line));
  talk.receive(Conversation::answer(talk.only_request(), line));
  const auto filters = talk.requests();
  talk.receive(manager::failure(filters[0].seq, 0x8CCC0057));
  talk.receive(manager::done(filters[1]));
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(id)));
  talk.receive(of_line(m::line_in_service_event));
  EXPECT_EQ(count<driver::LineInService>(talk.events), 1u);
}

TEST(QbeOpening, ServiceThatIsToldLateOrNotAtAllLeavesTheLineOpenAndOutOfService) {
  Conversation talk;
  talk.log_in();
  const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  open_without(talk, 0);
  EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(id)));
  EXPECT_EQ(count<driver::LineInService>(talk.take_events()), 0u);
  for (int i = 0; i < 10; ++i) {
    talk.pass(30s);
    talk.receive(manager::heartbeat());
  }
  EXPECT_TRUE(talk.session.in_service());
  talk.receive(of_line(m::line_in_service_event));
  EXPECT_EQ(count<driver::LineInService>(talk.take_events()), 1u);
}

TEST(QbeOpening, WithoutAWordOfTheDeviceTheLineIsInServiceByItsOwn) {
  Conversation talk;
  talk.log_in();
  talk.open_line();
  EXPECT_EQ(failure_of(talk.outcome(talk.ask(driver::GetDoNotDisturb{line})))->code, error::no_information);
  talk.take_events();
  talk.receive(of_line(m::line_out_of_service_event, {{"reason", 4}}));
  EXPECT_EQ(std::get<driver::LineOutOfService>(talk.take_events().at(0)).reason, 4u);
}

TEST(QbeOpening, OutOfServiceAndBackIsToldOnceEachWay) {
  Conversation talk;
  talk.log_in();
  talk.open_line();
  talk.receive(of_device(m::device_in_service_event));
  talk.take_events();
  talk.receive(of_line(m::line_out_of_service_event, {{"reason", 4}}) +
               of_device(m::device_out_of_service_event, {{"reason", 4}}));
  EXPECT_EQ(count<driver::LineOutOfService>(talk.take_events()), 1u);
  talk.receive(of_line(m::line_in_service_event));
  EXPECT_TRUE(talk.take_events().empty()) << "its device is not back";
  talk.receive(of_device(m::device_in_service_event));
  EXPECT_EQ(count<driver::LineInService>(talk.take_events()), 1u);
}

/// The end of a device or line that crosses an opening.
struct End {
  const char* name;
  std::string event;
};

TEST(QbeOpening, CrossedByAnEndAtAnyStepFailsOnceAndLeavesNothingBehind) {
  const std::vector<End> ends = {{"line", of_line(m::line_closed_event, {{"reason", 5}})},
                                 {"device", of_device(m::device_closed_event, {{"reason", 4}})}};
  // After how many answers it comes: of the device, of the line, of the first filter.
  for (const auto& end : ends)
    for (std::size_t answered = 0; answered <= 3; ++answered) {
      SCOPED_TRACE(end.name + std::to_string(answered));
      Conversation talk;
      talk.log_in();
      const auto id = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
      std::vector<Sent> out = talk.requests();
      for (std::size_t i = 0; i < answered; ++i) {
        talk.receive(Conversation::answer(out.front(), line));
        out.erase(out.begin());
        for (auto& more : talk.requests())
          out.push_back(std::move(more));
      }
      talk.receive(end.event);
      for (auto& more : talk.requests())
        out.push_back(std::move(more));
      // What it has let go of, the CTI Manager does not know any more; before the first answer it is nobody's.
      const bool gone = answered >= 1;
      while (!out.empty()) {
        const auto request = out.front();
        out.erase(out.begin());
        talk.receive(gone && request.id != 16 ? manager::failure(request.seq, 0x8CCC0004)
                                              : Conversation::answer(request, line));
        for (auto& more : talk.requests())
          out.push_back(std::move(more));
      }
      const auto outcome = talk.outcome(id);
      ASSERT_TRUE(outcome);
      EXPECT_EQ(failure_of(outcome) != nullptr, gone);
      EXPECT_EQ(count<driver::LineClosed>(talk.events), 0u) << "nobody was told that it was open";
      EXPECT_EQ(talk.session.outstanding(), 0u);
      EXPECT_EQ(talk.session.open_lines(), gone ? 0u : 1u);
      EXPECT_TRUE(talk.session.in_service());
      talk.take_events();
      const auto again = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
      open_without(talk, 0);
      EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(again)));
    }
}

TEST(QbeOpening, ALineThatClosesWhileItIsClosedIsOpenedAnewForWhoWaits) {
  Conversation talk;
  talk.log_in();
  talk.open_line();
  const auto close = talk.ask(driver::CloseLine{line});
  const auto closing = talk.only_request();
  const auto again = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
  talk.receive(of_line(m::line_closed_event, {{"reason", 2}}));
  const auto open = talk.only_request();
  EXPECT_EQ(open.id, 37u);
  talk.receive(manager::failure(closing.seq, 0x8CCC0071));
  EXPECT_TRUE(std::holds_alternative<driver::Completed>(*talk.outcome(close)));
  talk.receive(Conversation::answer(open, {1, 146}));
  open_without(talk, 0);
  EXPECT_EQ(std::get<driver::LineOpened>(*talk.outcome(again)).line, (driver::LineHandle{1, 146}));
}

TEST(QbeOpening, ClosingThatIsRefusedOrNotAnsweredIsDoneAllTheSame) {
  for (const bool refused : {true, false}) {
    Conversation talk;
    talk.log_in();
    talk.open_line();
    const auto id = talk.ask(driver::CloseLine{line});
    const auto close = talk.only_request();
    if (refused)
      talk.receive(manager::failure(close.seq, 0x8CCC0004));
    else
      pass_alive(talk);
    EXPECT_TRUE(talk.outcome(id));
    const auto device = talk.only_request();
    EXPECT_EQ(device.id, 22u);
    if (refused)
      talk.receive(manager::failure(device.seq, 0x8CCC0004));
    else
      pass_alive(talk);
    EXPECT_TRUE(talk.session.in_service());
    EXPECT_EQ(talk.session.open_lines(), 0u);
    talk.requests();
    talk.take_events();
    const auto again = talk.ask(driver::OpenLine{"SEP1", "1001", ""});
    open_without(talk, 0);
    EXPECT_TRUE(std::holds_alternative<driver::LineOpened>(*talk.outcome(again)));
  }
}

}  // namespace
}  // namespace linebridge::cti::qbe
