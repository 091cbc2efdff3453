#include "tests/unit/simulators/cucm/people.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

/// Alice talks to Bob; there are two park numbers.
class CucmPark : public testing::Test {
protected:
  static ClusterSpec cluster() {
    ClusterSpec spec = small_cluster();
    spec.park_numbers = {"5900", "5901"};
    return spec;
  }
  void SetUp() override {
    people.watch_all();
    people.connect("1001", "1002");
  }
  std::vector<Message> unpark(const std::string& at, const std::string& number) {
    const Fields call = first(people.client.ask(11), 12).fields;
    return people.client.ask(143, {{"lineCallManagerID", 1},
                                   {"lineID", people.lines.at(at)},
                                   {"globalCallManagerID", call.number("callManagerID")},
                                   {"globalCallID", call.number("callID")},
                                   {"parkedAtAddress", number}});
  }
  People people{cluster()};
};

TEST_F(CucmPark, TakesTheParkersLegAndLeavesTheOtherWaiting) {
  const auto told = people.ask(141, "1001");
  EXPECT_THAT(people.story(told), ElementsAre("142", "281 idle 1001", "108 1002"));
  EXPECT_EQ(told[0].fields.text("ParkedAt"), "5900");
  EXPECT_EQ(told[1].fields.number("reason"), 10);
  EXPECT_EQ(told[2].fields.number("reason"), 10);
  EXPECT_EQ(told[2].fields.text("calledParty"), "5900");
  EXPECT_EQ(told[2].fields.text("lastRedirectingParty"), "1001");
  EXPECT_THAT(people.bench.order("calls").text, HasSubstr("\"parked_at\":\"5900\""));
}

TEST_F(CucmPark, IsTakenBackFromAnotherPhone) {
  people.ask(141, "1001");
  const auto told = unpark("1003", "5900");
  EXPECT_THAT(people.story(told),
              ElementsAre("144 1003", "48 dialtone 1003", "281 dialing 1003", "108 1003", "281 proceeding 1003",
                          "88 1002", "108 1002", "281 connected 1003"));
  EXPECT_EQ(people.at(told, 48, "1003").number("reason"), 16);
  EXPECT_EQ(people.at(told, 108, "1003").text("calledParty"), "1002");
  EXPECT_EQ(people.at(told, 88, "1002").number("reason"), 16);
  EXPECT_EQ(people.at(told, 88, "1002").number("newGlobalCallID"),
            people.at(told, 48, "1003").number("callID"));
  EXPECT_EQ(people.at(told, 108, "1002").text("callingParty"), "1003");
  EXPECT_THAT(people.story(people.ask(66, "1002")),
              ElementsAre("67", "281 idle 1002", "281 disconnected 1003", "281 idle 1003"));
}

TEST_F(CucmPark, IsTakenBackByDiallingItsNumber) {
  EXPECT_EQ(people.bench.order("park 1001 5901").text, "5901");
  people.client.received();
  const auto told = people.call("1003", "5901");
  EXPECT_EQ(people.story(told).back(), "281 connected 1003");
  people.ask(66, "1003");
  EXPECT_EQ(people.call("1003", "5901")[3].fields.number("cause"), 1);
}

TEST_F(CucmPark, RingsBackWhereItWasParked) {
  people.ask(141, "1001");
  EXPECT_THAT(people.after(59s), IsEmpty());
  const auto told = people.after(1s);
  EXPECT_THAT(people.story(told),
              testing::IsSupersetOf({"108 1002", "48 offering 1001", "281 ringing 1001", "281 ringback 1002"}));
  EXPECT_EQ(people.at(told, 48, "1001").number("reason"), 15);
  EXPECT_EQ(people.at(told, 48, "1001").text("callingParty"), "1002");
  EXPECT_EQ(people.at(told, 48, "1001").text("lastRedirectingParty"), "5900");
  EXPECT_EQ(people.story(people.ask(52, "1001"))[1], "281 connected 1001");
}

TEST_F(CucmPark, WaitsAnotherRoundWhileItsParkerIsGone) {
  people.ask(141, "1001");
  people.after("unregister SEP000000001001");
  people.bench.pass(60s);
  people.after("register SEP000000001001");
  people.bench.pass(59s);
  people.client.received();
  EXPECT_EQ(people.at(people.after(1s), 48, "1001").number("reason"), 15);
}

TEST_F(CucmPark, FreesItsNumberWhenTheParkedPartyGivesUp) {
  people.ask(141, "1001");
  EXPECT_THAT(people.story(people.ask(66, "1002")), ElementsAre("67", "281 idle 1002"));
  EXPECT_EQ(people.bench.order("calls").text, "[]");
  people.connect("1003", "1004");
  EXPECT_EQ(people.ask(141, "1003")[0].fields.text("ParkedAt"), "5900");
}

TEST_F(CucmPark, IsRefusedWithTheReason) {
  EXPECT_EQ(people.refusal(141, "1001", {{"ParkAtAddress", "4711"}}), 0x8CCC0082);
  EXPECT_EQ(people.refusal(141, "1001", {}, 4711), 0x8CCC0004);
  EXPECT_EQ(code_of(first(unpark("1003", "5900"), 0)), 0x8CCC0081);
  EXPECT_EQ(code_of(first(unpark("1003", "4711"), 0)), 0x8CCC0082);
  people.ask(141, "1001", {{"ParkAtAddress", "5901"}});
  people.call("1003", "1004");
  EXPECT_EQ(people.refusal(141, "1003"), 0x8CCC0009);
  people.ask(52, "1004");
  EXPECT_EQ(people.refusal(141, "1003", {{"ParkAtAddress", "5901"}}), 0x8CCC0085);
  people.ask(141, "1003");
  people.connect("1001", "+15550199");
  EXPECT_EQ(people.refusal(141, "1001"), 0x8CCC0085);
}

TEST_F(CucmPark, CannotBeTransferredJoinedOrParkedTwice) {
  people.ask(141, "1001");
  EXPECT_EQ(people.refusal(141, "1002"), 0x8CCC0009);
  EXPECT_EQ(people.refusal(76, "1002", {{"redirectAddress", "1004"}}), 0x8CCC003A);
  EXPECT_EQ(people.refusal(174, "1002", {{"otherCalls", std::vector<Handle>{{1, people.legs["1002"]}}}}),
            0x8CCC007A);
  EXPECT_THAT(people.story(people.ask(74, "1002")), ElementsAre("75", "281 held 1002"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
