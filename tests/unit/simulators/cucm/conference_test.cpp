#include "tests/unit/simulators/cucm/people.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

/// Alice (1001) has a call with each of Bob, Carol and Dan; only the last is active.
class CucmConference : public testing::Test {
protected:
  static ClusterSpec cluster(std::int32_t limit, bool advanced) {
    ClusterSpec spec = small_cluster();
    spec.conference_limit = limit;
    spec.advanced_conference = advanced;
    return spec;
  }
  void begin(People& people) {
    people.watch_all();
    for (const std::string number : {"1002", "1003", "1004"}) {
      people.connect("1001", number);
      mine.push_back(people.legs["1001"]);
    }
  }
  std::vector<Message> join(People& people, const std::vector<std::int32_t>& others) {
    std::vector<Handle> handles;
    for (const std::int32_t leg : others)
      handles.push_back({1, leg});
    return people.ask(174, "1001", {{"otherCalls", handles}}, mine[0]);
  }
  std::vector<std::int32_t> mine;
};

TEST_F(CucmConference, OfFourIsJoinedAtOnce) {
  People people(cluster(4, false));
  begin(people);
  const auto told = join(people, {mine[1], mine[2]});
  EXPECT_THAT(people.story(told),
              ElementsAre("175", "169 1001", "169 1002", "169 1003", "169 1004", "88 1003", "88 1004",
                          "281 idle 1001", "281 idle 1001", "281 connected 1001", "107 1001", "107 1002",
                          "107 1003", "107 1004", "107 1001", "107 1002", "107 1003", "107 1004", "170 1001",
                          "170 1002", "170 1003", "170 1004"));
  const Fields start = people.at(told, 169, "1002");
  EXPECT_EQ(start.elements("otherGCIDs").size(), 2u);
  EXPECT_EQ(start.text("controllerNumber"), "1001");
  EXPECT_EQ(start.text("requestorNumber"), "1001");
  EXPECT_EQ(people.at(told, 88, "1004").number("newGlobalCallID"), start.number("survivingGCCID"));
  EXPECT_EQ(people.at(told, 88, "1004").number("reason"), 9);
  const Fields change = people.at(told, 107, "1002");
  EXPECT_EQ(change.number("modifyStatus"), 1);
  EXPECT_EQ(change.element("changedParticipantInfo").text("participantNumber"), "1003");
  EXPECT_EQ(change.element("controllerParticipantInfo").text("participantNumber"), "1001");
  EXPECT_EQ(change.text("controllerDeviceName"), "SEP000000001001");
  EXPECT_EQ(change.elements("otherParticipantsInfo").size(), 3u);
  EXPECT_EQ(people.at(told, 170, "1001").elements("idleCalls").size(), 2u);
  EXPECT_THAT(people.at(told, 170, "1002").elements("idleCalls"), IsEmpty());
}

TEST_F(CucmConference, GrowsByOneMore) {
  People people(cluster(4, false));
  begin(people);
  join(people, {mine[1]});
  const auto told = join(people, {mine[2]});
  EXPECT_THAT(people.story(told), Contains("88 1004"));
  EXPECT_EQ(people.at(told, 107, "1004").elements("otherParticipantsInfo").size(), 3u);
  EXPECT_THAT(people.bench.order("calls").text, HasSubstr("\"conference_of\":\"1001\""));
}

TEST_F(CucmConference, IsFullAtItsLimit) {
  People people(cluster(3, false));
  begin(people);
  EXPECT_EQ(code_of(first(join(people, {mine[1], mine[2]}), 0)), 0x8CCC0046);
  join(people, {mine[1]});
  EXPECT_EQ(code_of(first(join(people, {mine[2]}), 0)), 0x8CCC0046);
}

TEST_F(CucmConference, IsCompletedByTheOtherRequestToo) {
  People people(cluster(4, false));
  begin(people);
  EXPECT_EQ(people.ask(60, "1001", {{"consultCallLegID", mine[1]}}, mine[0]).front().id, 61);
}

TEST_F(CucmConference, GoesOnWithoutWhoeverLeavesUntilTwoAreLeft) {
  People people(cluster(4, false));
  begin(people);
  join(people, {mine[1], mine[2]});
  const auto controller = people.ask(66, "1001", {}, mine[0]);
  EXPECT_THAT(people.story(controller), ElementsAre("67", "281 idle 1001", "107 1002", "107 1003", "107 1004"));
  EXPECT_EQ(controller[2].fields.number("modifyStatus"), 2);
  EXPECT_EQ(controller[2].fields.element("changedParticipantInfo").text("participantNumber"), "1001");
  EXPECT_THAT(people.story(people.ask(66, "1002")), ElementsAre("67", "281 idle 1002", "107 1003", "107 1004"));
  const auto info = people.ask(72, "1004");
  EXPECT_EQ(info[0].fields.text("callingParty"), "1003");
  EXPECT_EQ(info[0].fields.text("calledParty"), "1004");
  EXPECT_THAT(people.story(people.ask(66, "1003")),
              ElementsAre("67", "281 idle 1003", "281 disconnected 1004", "281 idle 1004"));
}

TEST_F(CucmConference, DropsPartiesForItsControllerOnly) {
  People people(cluster(4, false));
  begin(people);
  join(people, {mine[1], mine[2]});
  EXPECT_EQ(people.refusal(252, "1002", {{"dropPartyCallLegID", people.legs["1003"]}}), 0x8CCC00F8);
  EXPECT_EQ(people.refusal(252, "1001", {{"dropPartyCallLegID", 4711}}, mine[0]), 0x8CCC0004);
  EXPECT_EQ(people.refusal(252, "1001", {{"dropPartyCallLegID", mine[0]}}, mine[0]), 0x8CCC007B);
  const auto told = people.ask(252, "1001", {{"dropPartyCallLegID", people.legs["1003"]}}, mine[0]);
  EXPECT_THAT(people.story(told),
              ElementsAre("253", "281 disconnected 1003", "281 idle 1003", "107 1001", "107 1002", "107 1004"));
  EXPECT_EQ(told[3].fields.element("requestorParticipantInfo").text("participantNumber"), "1001");
}

TEST_F(CucmConference, IsEverybodysIfTheClusterAllowsIt) {
  for (const bool advanced : {false, true}) {
    SCOPED_TRACE(advanced);
    mine.clear();
    People people(cluster(8, advanced));
    begin(people);
    join(people, {mine[1]});
    const std::int32_t bob = people.legs["1002"];
    people.connect("1002", "+15550199");
    const auto told =
        people.ask(174, "1002", {{"otherCalls", std::vector<Handle>{{1, people.legs["1002"]}}}}, bob);
    if (advanced) {
      EXPECT_EQ(people.at(told, 169, "1001").text("controllerNumber"), "1001");
      EXPECT_EQ(people.at(told, 169, "1001").text("requestorNumber"), "1002");
      EXPECT_EQ(people.at(told, 170, "1002").elements("idleCalls").size(), 1u);
      EXPECT_TRUE(people.at(told, 107, "1003").flag("bAdvanceAdhocConference"));
    } else {
      EXPECT_EQ(code_of(first(told, 0)), 0x8CCC009D);
    }
  }
}

TEST_F(CucmConference, TakesInWhoeverAnswers) {
  People people;
  people.watch_all();
  people.connect("1001", "1002");
  const auto asked = people.consult(54, "1001", "1003");
  EXPECT_EQ(asked.front().id, 55);
  EXPECT_THAT(people.story(asked), Contains("281 held 1001"));
  EXPECT_EQ(people.at(asked, 48, "1001").number("origin"), 6);
  EXPECT_THAT(people.story(people.ask(52, "1003")),
              ElementsAre("53", "281 connected 1003", "281 connected 1001", "108 1001", "169 1001", "169 1002",
                          "169 1003", "88 1003", "281 idle 1001", "281 connected 1001", "107 1001", "107 1002",
                          "107 1003", "170 1001", "170 1002", "170 1003"));
}

TEST_F(CucmConference, HoldsAnotherActiveCallOfThePhone) {
  People people(cluster(4, false));
  begin(people);
  EXPECT_THAT(people.story(join(people, {mine[1]})), Contains("281 held 1001"));
}

TEST_F(CucmConference, ShowsItselfToWhoeverComesLate) {
  People people(cluster(4, false));
  begin(people);
  join(people, {mine[1]});
  Client late(people.bench);
  late.log_in();
  late.ask(16, {{"deviceName", "SEP000000001002"}, {"filter", Fields{}}});
  const auto told = late.ask(
      37, {{"deviceName", "SEP000000001002"}, {"lineName", "1002"}, {"filter", all_flags("LineEventFilter")}});
  const Fields& call = first(told, 49).fields;
  EXPECT_EQ(call.elements("participantsInfo").size(), 3u);
  EXPECT_EQ(call.element("controllerParticipant").text("participantNumber"), "1001");
  EXPECT_TRUE(call.flag("mediaTransmitActive"));
}

TEST_F(CucmConference, IsLeftByATransferThatBringsInAnother) {
  People people(cluster(8, false));
  begin(people);
  join(people, {mine[1]});
  const auto told = people.ask(172, "1001", {{"otherCallHandle", Handle{1, mine[2]}}}, mine[0]);
  EXPECT_THAT(people.story(told), Contains("107 1004"));
  EXPECT_THAT(people.bench.order("calls").text, Not(HasSubstr("\"number\":\"1001\"")));
}

TEST_F(CucmConference, IsHeldByPeopleAtTheirPhonesToo) {
  People people(cluster(4, false));
  begin(people);
  EXPECT_THAT(people.story(people.after("conference 1001")), Contains("170 1004"));
  EXPECT_THAT(people.story(people.after("drop 1001 1004")), Contains("281 disconnected 1004"));
  people.after("conference 1001 1004");
  EXPECT_THAT(people.story(people.after("answer 1004")), Contains("88 1004"));
  EXPECT_THAT(people.bench.order("drop 1001 4711").text, HasSubstr("not in that call"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
