#include <gtest/gtest.h>

#include "tests/flow/cti/site.hpp"

/// What becomes of a link when the CTI Manager never says one thing, or does not know one request.
namespace linebridge::test {
namespace {

using namespace std::chrono_literals;
namespace driver = cti::driver;

/// One of everything an application does. Whatever is missing: each operation is answered in time.
class Day {
public:
  explicit Day(CtiSite& site) : site_(site) {}

  void pass() {
    a_ = open("1001"), b_ = open("1002"), c_ = open("1003");
    calls();
    features();
    for (const auto line : {a_, b_, c_})
      site_.ask(driver::CloseLine{line});
  }

private:
  driver::LineHandle open(const std::string& number) {
    const auto outcome = site_.ask(driver::OpenLine{"SEP00000000" + number, number, ""});
    const auto* opened = std::get_if<driver::LineOpened>(&outcome);
    return opened == nullptr ? driver::LineHandle{} : opened->line;
  }
  driver::LegHandle leg_of(const driver::Outcome& outcome) {
    const auto* started = std::get_if<driver::CallStarted>(&outcome);
    return started == nullptr ? driver::LegHandle{} : started->leg;
  }
  void calls() {
    for (const auto purpose : {driver::Consult::Purpose::transfer, driver::Consult::Purpose::conference}) {
      const auto first = leg_of(site_.ask(driver::MakeCall{a_, "1002"}));
      site_.ask(driver::AnswerCall{b_, site_.newest(b_)});
      site_.ask(driver::HoldCall{a_, first});
      site_.ask(driver::RetrieveCall{a_, first});
      site_.ask(driver::SendDigits{a_, first, "12#"});
      const auto second = leg_of(site_.ask(driver::Consult{a_, first, "1003", purpose}));
      site_.ask(driver::AnswerCall{c_, site_.newest(c_)});
      if (purpose == driver::Consult::Purpose::transfer)
        site_.ask(driver::Transfer{a_, first, second});
      else
        site_.ask(driver::Conference{a_, first, {second}});
      site_.ask(driver::Redirect{b_, site_.newest(b_), "1004", driver::Redirect::Kind::blind_transfer});
      for (const auto line : {a_, b_, c_})
        site_.ask(driver::Disconnect{line, site_.newest(line)});
    }
  }
  void features() {
    site_.ask(driver::SetForwarding{a_, "1004"});
    site_.ask(driver::GetForwarding{a_});
    site_.ask(driver::SetForwarding{a_, ""});
    site_.ask(driver::SetDoNotDisturb{a_, true});
    site_.ask(driver::GetDoNotDisturb{a_});
    site_.ask(driver::SetDoNotDisturb{a_, false});
    site_.ask(driver::SetMessageWaiting{a_, true});
    site_.ask(driver::GetMessageWaiting{a_});
    site_.ask(driver::SetMessageWaiting{a_, false});
  }

  CtiSite& site_;
  driver::LineHandle a_, b_, c_;
};

class CtiWithout : public testing::TestWithParam<std::int32_t> {};

TEST_P(CtiWithout, OneMessageEverythingIsAnsweredAndOnceItComesAgainAllIsWell) {
  CtiSite site;
  site.omitted = {GetParam()};
  site.start();
  Day(site).pass();
  site.omitted.clear();
  constexpr std::int32_t device_line_info = 279;
  if (GetParam() == device_line_info) site.drop_link();  // An empty list is one: the next life has another.
  site.advance(10min);
  // Whatever stayed behind at the phones is ended there.
  while (!site.exchange->legs().empty())
    site.exchange->disconnect(site.exchange->legs().begin()->first);
  site.advance(1s);
  ASSERT_TRUE(site.pool->in_service(site.link()));
  EXPECT_EQ(site.pool->view(0).outstanding, 0u);
  const auto from = site.open("1001");
  const auto to = site.open("1002");
  const auto call = site.get<driver::CallStarted>(driver::MakeCall{from, "1002"});
  site.get<driver::Completed>(driver::AnswerCall{to, site.newest(to)});
  EXPECT_EQ(site.state(call.leg), driver::CallState::connected);
  site.get<driver::Completed>(driver::Disconnect{from, call.leg});
}

/// All that a CTI Manager says in such a day.
INSTANTIATE_TEST_SUITE_P(Said, CtiWithout,
                         testing::Values(4, 12, 17, 21, 23, 38, 40, 42, 44, 46, 48, 53, 67, 69, 75, 77, 79, 83,
                                         81, 88, 103, 106, 107, 108, 112, 114, 120, 122, 123, 125, 126, 128,
                                         166, 167, 169, 170, 173, 175, 204, 243, 244, 279, 281, 283, 284, 311));

TEST(CtiDevices, AreListedInStepsByACtiManagerThatKnowsNoOtherWay) {
  CtiSite whole, steps;
  steps.refused = {{282, static_cast<sim::cucm::Code>(0x8CCC0099)},
                   {285, static_cast<sim::cucm::Code>(0x8CCC0099)}};
  for (auto* site : {&whole, &steps}) {
    auto& shared = site->spec.phones.emplace_back(site->spec.phones.front());
    shared.name = "SEP000000009001";
    shared.model = "Cisco IP Communicator";
    shared.type = 30016;
    shared.lines.push_back({"1002", "Lobby", "Alice in the lobby"});
    site->start();
    ASSERT_TRUE(site->pool->in_service(site->link()));
  }
  for (const auto* number : {"1001", "1002", "1003", "1004", "1005"}) {
    const auto expected = whole.pool->appearances(whole.link(), number);
    const auto found = steps.pool->appearances(steps.link(), number);
    ASSERT_EQ(found.size(), expected.size()) << number;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].device, expected[i].device);
      EXPECT_EQ(found[i].partition, expected[i].partition);
      EXPECT_EQ(found[i].model, expected[i].model);
      EXPECT_EQ(found[i].ip_communicator, expected[i].ip_communicator);
    }
  }
  steps.open("1003");
}

}  // namespace
}  // namespace linebridge::test
