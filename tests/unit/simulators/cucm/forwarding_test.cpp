#include "tests/unit/simulators/cucm/people.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

ClusterSpec cluster_with(std::string LineSpec::* forward, const std::string& to) {
  ClusterSpec spec = small_cluster();
  spec.phones[1].lines[0].*forward = to;
  return spec;
}

void fill(People& people, const std::string& number) {
  people.bench.order("dial +15551234 " + number);
  people.bench.order("dial +15555678 " + number);
  people.client.received();
}

TEST(CucmForwarding, OfAllCallsTellsWhoWasDialledAndWhoForwarded) {
  People people(cluster_with(&LineSpec::forward_all, "1003"));
  people.watch_all();
  const auto told = people.call("1001", "1002");
  EXPECT_THAT(people.story(told),
              ElementsAre("44 1001", "48 dialtone 1001", "281 dialing 1001", "108 1001", "281 proceeding 1001",
                          "48 offering 1003", "281 ringing 1003", "281 ringback 1001"));
  const Fields at = people.at(told, 48, "1003");
  EXPECT_EQ(at.number("reason"), 5);
  EXPECT_EQ(at.text("calledParty"), "1003");
  EXPECT_EQ(at.text("originalCalledParty"), "1002");
  EXPECT_EQ(at.text("lastRedirectingParty"), "1002");
}

TEST(CucmForwarding, OfABusyLineRingsElsewhere) {
  People people(cluster_with(&LineSpec::forward_busy, "1003"));
  people.watch_all();
  EXPECT_THAT(people.story(people.call("1001", "1002")).at(5), "48 offering 1002");
  people.ask(66, "1001");
  fill(people, "1002");
  const auto told = people.call("1001", "1002");
  EXPECT_EQ(people.at(told, 48, "1003").number("reason"), 4);
  EXPECT_EQ(people.at(told, 48, "1003").text("lastRedirectingParty"), "1002");
}

TEST(CucmForwarding, OfAnUnansweredCallRingsElsewhereAfterItsTime) {
  ClusterSpec spec = cluster_with(&LineSpec::forward_no_answer, "1003");
  spec.phones[1].lines[0].no_answer_after = 5s;
  People people(spec);
  people.watch_all();
  people.call("1001", "1002");
  EXPECT_THAT(people.after(4999ms), IsEmpty());
  const auto told = people.after(1ms);
  EXPECT_THAT(people.story(told), ElementsAre("281 idle 1002", "108 1001", "48 offering 1003",
                                              "281 ringing 1003", "281 ringback 1001"));
  EXPECT_EQ(people.at(told, 48, "1003").number("reason"), 3);
  EXPECT_EQ(people.at(told, 48, "1003").text("originalCalledParty"), "1002");
  EXPECT_EQ(people.at(told, 108, "1001").text("calledParty"), "1003");
  EXPECT_THAT(people.story(people.ask(52, "1003")),
              ElementsAre("53", "281 connected 1003", "281 connected 1001", "108 1001"));
}

TEST(CucmForwarding, OfAnUnansweredCallToABusyLineGivesBusy) {
  People people(cluster_with(&LineSpec::forward_no_answer, "1003"));
  people.watch_all();
  fill(people, "1003");
  people.call("1001", "1002");
  const auto told = people.after(12s);
  EXPECT_THAT(people.story(told), ElementsAre("281 idle 1002", "108 1001", "281 busy 1001"));
  EXPECT_EQ(told[2].fields.number("cause"), 17);
}

TEST(CucmForwarding, IsNotDoneOnceTheCallIsAnswered) {
  People people(cluster_with(&LineSpec::forward_no_answer, "1003"));
  people.watch_all();
  people.connect("1001", "1002");
  EXPECT_THAT(people.after(60s), IsEmpty());
}

TEST(CucmForwarding, LetsACallRingOnlySoLong) {
  People people;
  people.watch_all();
  people.call("1001", "1002");
  EXPECT_THAT(people.after(179s), IsEmpty());
  const auto told = people.after(1s);
  EXPECT_THAT(people.story(told), ElementsAre("281 idle 1002", "281 disconnected 1001", "281 idle 1001"));
  EXPECT_EQ(told[1].fields.number("cause"), 19);
}

TEST(CucmForwarding, GoesAlongAChainAndEndsALoopAsBusy) {
  ClusterSpec spec = cluster_with(&LineSpec::forward_all, "1003");
  spec.phones[2].lines[0].forward_all = "1004";
  People people(spec);
  people.watch_all();
  const auto chain = people.call("1001", "1002");
  EXPECT_EQ(people.at(chain, 48, "1004").text("originalCalledParty"), "1002");
  EXPECT_EQ(people.at(chain, 48, "1004").text("lastRedirectingParty"), "1003");
  people.ask(66, "1001");
  people.after("forward 1004 all 1002");
  EXPECT_EQ(call_story(people.call("1001", "1002")).back(), "281 busy");
}

TEST(CucmForwarding, BackAndForthBetweenUnansweredLinesEnds) {
  ClusterSpec spec = cluster_with(&LineSpec::forward_no_answer, "1003");
  spec.phones[2].lines[0].forward_no_answer = "1002";
  People people(spec);
  people.watch_all();
  people.call("1001", "1002");
  people.bench.pass(1h);
  EXPECT_EQ(people.bench.order("calls").text, "[]");
}

TEST(CucmForwarding, IsSetAtTheConsoleAndRefusedToNobodyAndToItself) {
  People people;
  people.watch_all();
  EXPECT_THAT(people.story(people.after("forward 1002 all 1003")), ElementsAre("123 1002"));
  EXPECT_THAT(people.after("forward 1002 busy 1003"), IsEmpty());
  EXPECT_THAT(people.after("forward 1002 no-answer +15551234"), IsEmpty());
  EXPECT_THAT(people.bench.order("phones 1002").text,
              HasSubstr("\"forward\":\"1003\",\"forward_busy\":\"1003\",\"forward_no_answer\":\"+15551234\""));
  EXPECT_THAT(people.story(people.after("forward 1002 all off")), ElementsAre("123 1002"));
  EXPECT_THAT(people.bench.order("forward 1002 busy 4711").text, HasSubstr("0x8CCC0074"));
  EXPECT_THAT(people.bench.order("forward 1002 busy 1002").text, HasSubstr("0x8CCC0074"));
}

TEST(CucmDoNotDisturb, RingsWithoutASound) {
  People people;
  people.watch_all();
  EXPECT_EQ(people.after("dnd 1002 on").size(), 1u);
  EXPECT_THAT(people.story(people.call("1001", "1002")).at(5), "48 offering 1002");
  EXPECT_THAT(people.bench.order("phones 1002").text, HasSubstr("\"silent\":true"));
  people.ask(52, "1002");
  EXPECT_THAT(people.bench.order("phones 1002").text, HasSubstr("\"silent\":false"));
}

TEST(CucmDoNotDisturb, RejectsCallsWithBusyOrForwardsThem) {
  ClusterSpec spec = small_cluster();
  spec.phones[1].dnd_option = DndOption::call_reject;
  People people(spec);
  people.watch_all();
  people.after("dnd 1002 on");
  const auto told = people.call("1001", "1002");
  EXPECT_EQ(call_story(told).back(), "281 busy");
  EXPECT_EQ(told.back().fields.number("cause"), 17);
  people.ask(66, "1001");
  people.after("forward 1002 busy 1003");
  EXPECT_EQ(people.at(people.call("1001", "1002"), 48, "1003").number("reason"), 4);
  people.ask(66, "1001");
  people.after("dnd 1002 off");
  EXPECT_THAT(people.story(people.call("1001", "1002")).at(5), "48 offering 1002");
}

TEST(CucmDoNotDisturb, TellsItsOptionToWhoeverAsks) {
  People people;
  people.watch_all();
  const auto told = people.after("dnd 1002 on reject");
  ASSERT_THAT(ids(told), ElementsAre(246, 244));
  EXPECT_EQ(told[0].fields.number("dndOption"), 2);
  EXPECT_TRUE(told[1].fields.flag("dndStatus"));
  EXPECT_THAT(people.bench.order("dnd 1002 maybe").text, HasSubstr("on or off"));
  EXPECT_THAT(people.bench.order("dnd 1002 on loudly").text, HasSubstr("silent or reject"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
