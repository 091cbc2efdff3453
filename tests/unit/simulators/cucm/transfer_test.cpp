#include "tests/unit/simulators/cucm/people.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// Alice talks to Bob; Carol and Dan are there.
class CucmTransfer : public testing::Test {
protected:
  static ClusterSpec cluster() {
    ClusterSpec spec = small_cluster();
    spec.phones[0].lines.push_back({"1101", "", "Alice too", 4, 2, false});
    return spec;
  }
  void SetUp() override {
    people.watch_all();
    people.connect("1001", "1002");
    mine = people.legs["1001"];
  }
  std::vector<Message> transfer(std::int32_t first, std::int32_t other) {
    return people.ask(172, "1001", {{"otherCallHandle", Handle{1, other}}}, first);
  }
  People people{cluster()};
  std::int32_t mine = 0;
};

TEST_F(CucmTransfer, OfTwoCallsMadeSeparatelyKeepsTheFirst) {
  people.connect("1001", "1003");
  const std::int32_t second = people.legs["1001"];
  const auto told = transfer(second, mine);
  EXPECT_THAT(people.story(told),
              ElementsAre("173", "166 1001", "166 1003", "166 1002", "88 1002", "108 1003", "281 idle 1001",
                          "281 idle 1001", "167 1001", "167 1003", "167 1002"));
  const Fields start = people.at(told, 166, "1002");
  EXPECT_EQ(start.number("finalControllerCallLegID"), second);
  EXPECT_EQ(start.number("otherControllerCallLegID"), mine);
  EXPECT_EQ(start.text("controllerNumber"), "1001");
  EXPECT_EQ(start.text("controllerDeviceName"), "SEP000000001001");
  EXPECT_EQ(people.at(told, 88, "1002").number("newGlobalCallID"), start.number("survivingGCCID"));
  EXPECT_EQ(people.at(told, 88, "1002").number("reason"), 2);
  EXPECT_EQ(people.at(told, 108, "1003").text("calledParty"), "1002");
  EXPECT_EQ(people.at(told, 108, "1003").text("lastRedirectingParty"), "1001");
  EXPECT_EQ(told[6].fields.number("callLegID"), mine);
  EXPECT_EQ(told[7].fields.number("callLegID"), second);
  EXPECT_EQ(people.at(told, 167, "1001").number("transactionID"), start.number("transactionID"));
}

TEST_F(CucmTransfer, GoesAcrossTwoLinesOfOnePhone) {
  const auto opened = people.client.ask(
      37, {{"deviceName", "SEP000000001001"}, {"lineName", "1101"}, {"filter", all_flags("LineEventFilter")}});
  people.lines["1101"] = first(opened, 38).fields.number("lineID");
  people.call("1101", "1003");
  people.ask(52, "1003");
  const auto told = transfer(mine, people.legs["1101"]);
  EXPECT_EQ(told.front().id, 173);
  EXPECT_THAT(people.story(told), Contains("281 idle 1101"));
  EXPECT_EQ(people.at(told, 167, "1001").elements("idleCalls").size(), 2u);
  EXPECT_EQ(people.at(told, 167, "1101").elements("idleCalls").size(), 0u);
  EXPECT_THAT(people.story(people.ask(66, "1002")),
              ElementsAre("67", "281 idle 1002", "281 disconnected 1003", "281 idle 1003"));
}

TEST_F(CucmTransfer, OfACallThatStillRingsGivesRingbackToTheOther) {
  people.consult(82, "1001", "1003");
  const std::int32_t asking = people.legs["1001"];
  const auto told = transfer(mine, asking);
  EXPECT_THAT(people.story(told),
              ElementsAre("173", "166 1001", "166 1002", "166 1003", "88 1003", "108 1002", "281 idle 1001",
                          "281 idle 1001", "281 ringback 1002", "167 1001", "167 1002", "167 1003"));
  EXPECT_EQ(people.at(told, 88, "1003").text("callingParty"), "1002");
}

TEST_F(CucmTransfer, OfTheRingingCallFirstGivesRingbackToo) {
  people.consult(82, "1001", "1003");
  const auto told = transfer(people.legs["1001"], mine);
  EXPECT_THAT(people.story(told), Contains("88 1002"));
  EXPECT_THAT(people.story(told), Contains("281 ringback 1002"));
  EXPECT_THAT(people.story(people.ask(52, "1003")),
              ElementsAre("53", "281 connected 1003", "281 connected 1002", "108 1002"));
}

TEST_F(CucmTransfer, IsRefusedBetweenTwoThatRing) {
  people.ask(66, "1001");
  people.call("1001", "1002");
  const std::int32_t one = people.legs["1001"];
  people.call("1001", "1003");
  EXPECT_EQ(people.refusal(172, "1001", {{"otherCallHandle", Handle{1, one}}}), 0x8CCC000E);
}

TEST_F(CucmTransfer, OfAHeldCallKeepsTheFarPartyConnected) {
  people.ask(74, "1002");
  people.consult(82, "1001", "1003");
  people.ask(52, "1003");
  transfer(mine, people.legs["1001"]);
  EXPECT_THAT(people.story(people.ask(78, "1002")), ElementsAre("79", "281 connected 1002"));
}

TEST_F(CucmTransfer, BlindRingsTheTargetWithItsOwnReason) {
  const auto told = people.consult(56, "1001", "1003");
  EXPECT_THAT(people.story(told), ElementsAre("57", "281 idle 1001", "108 1002", "48 offering 1003",
                                              "281 ringing 1003", "281 ringback 1002"));
  EXPECT_EQ(people.at(told, 48, "1003").number("reason"), 7);
  EXPECT_EQ(people.at(told, 48, "1003").text("lastRedirectingParty"), "1001");
}

TEST_F(CucmTransfer, BlindIsRefusedInWordsOfATransfer) {
  const auto refused = [&](const std::string& to) { return code_of(first(people.consult(56, "1001", to), 0)); };
  EXPECT_EQ(refused("4711"), 0x8CCC000B);
  EXPECT_EQ(refused("+15550211"), 0x8CCC000D);
  EXPECT_EQ(refused("+15550311"), 0x8CCC000E);
  people.call("1003", "1004");
  EXPECT_EQ(code_of(first(people.consult(56, "1004", "1002"), 0)), 0x8CCC0009);
}

TEST_F(CucmTransfer, AsksOnlyOneAtATime) {
  people.consult(82, "1001", "1003");
  EXPECT_EQ(code_of(first(people.consult(82, "1001", "1004", mine), 0)), 0x8CCC0048);
  people.ask(66, "1001");
  EXPECT_EQ(people.consult(82, "1001", "1004", mine).front().id, 83);
}

TEST_F(CucmTransfer, ByRedirectionMayEndTheCallIfItFails) {
  const Fields to = {{"redirectAddress", "4711"}, {"unconditional", true}};
  const auto told = people.ask(76, "1001", to);
  EXPECT_THAT(people.story(told), ElementsAre("0", "281 idle 1001", "281 disconnected 1002", "281 idle 1002"));
  EXPECT_EQ(code_of(told[0]), 0x8CCC0034);
}

TEST_F(CucmTransfer, IsDoneByPeopleAtTheirPhonesToo) {
  people.after("consult 1001 1003");
  people.after("answer 1003");
  EXPECT_THAT(people.story(people.after("transfer 1001")), Contains("88 1003"));
  EXPECT_THAT(people.bench.order("phones 1002").text, HasSubstr("\"other\":\"1003\""));
  people.after("transfer 1002 1004");
  EXPECT_THAT(people.story(people.after("deflect 1004 1001")), Contains("48 offering 1001"));
  EXPECT_THAT(people.bench.order("transfer 1002").text, HasSubstr("no such call"));
}

TEST_F(CucmTransfer, CallsAreNotToldOfOnceTheApplicationClosedThem) {
  EXPECT_THAT(people.story(people.ask(58, "1001")), ElementsAre("59"));
  EXPECT_EQ(people.refusal(74, "1001"), 0x8CCC0004);
  EXPECT_THAT(people.story(people.after("hangup 1002")), ElementsAre("281 idle 1002"));
  EXPECT_THAT(people.story(people.call("1001", "1002")), Contains("281 ringback 1001"));
}

TEST_F(CucmTransfer, TonesAreToldToLinesThatAskForAll) {
  EXPECT_THAT(people.story(people.ask(70, "1001", {{"tone", 5}})), ElementsAre("71"));
  Fields filter = all_flags("LineEventFilter");
  people.client.ask(
      39,
      {{"lineCallManagerID", 1}, {"lineID", people.lines["1001"]}, {"filter", filter.set("toneChanged", -1)}});
  const auto told = people.ask(70, "1001", {{"tone", 5}, {"direction", 1}});
  ASSERT_THAT(people.story(told), ElementsAre("71", "89 1001"));
  EXPECT_EQ(told[1].fields.number("tone"), 5);
  EXPECT_EQ(people.refusal(70, "1001", {{"tone", -1}}), 0x8CCC0115);
  people.ask(74, "1001");
  EXPECT_EQ(people.refusal(70, "1001", {{"tone", 5}}), 0x8CCC0009);
}

TEST_F(CucmTransfer, WrongStatesAreRefusedWithTheirCodes) {
  people.ask(74, "1001");
  EXPECT_EQ(people.refusal(52, "1001"), 0x8CCC000A);
  EXPECT_EQ(people.refusal(50, "1001"), 0x8CCC0009);
  EXPECT_EQ(people.refusal(64, "1001", {{"destAddress", "1003"}}), 0x8CCC0009);
  EXPECT_EQ(people.refusal(68, "1001", {{"dtmfDigits", std::vector<std::int32_t>{1}}}), 0x8CCC0068);
  people.ask(74, "1002");
  EXPECT_EQ(people.refusal(52, "1002"), 0x8CCC0009);
  for (const std::int32_t id :
       {50, 52, 54, 56, 58, 60, 62, 64, 66, 68, 70, 72, 74, 76, 78, 80, 82, 141, 172, 174, 252}) {
    SCOPED_TRACE(id);
    EXPECT_EQ(people.refusal(id, "1001", {}, 4711), 0x8CCC0004);
  }
}

TEST(CucmMedia, BeginsAndEndsWithTheAudioOfALegForDevicesThatAsk) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const Fields media = {{"startTransmission", true},
                        {"stopTransmission", true},
                        {"startReception", true},
                        {"stopReception", true}};
  client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", media}});
  client.ask(
      37, {{"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", all_flags("LineEventFilter")}});
  bench.order("dial 1002 1001");
  client.received();
  bench.order("answer 1001");
  const auto begins = client.received();
  ASSERT_THAT(ids(begins), ElementsAre(281, 90, 91));
  EXPECT_EQ(begins[1].fields.number("callLegID"), begins[0].fields.number("callLegID"));
  EXPECT_EQ(begins[1].fields.number("ipAddr"), 0x0100007F);
  EXPECT_NE(begins[1].fields.number("rtpPortNumber"), begins[2].fields.number("rtpPortNumber"));
  bench.order("hold 1001");
  EXPECT_THAT(ids(client.received()), ElementsAre(92, 93, 281));
  bench.order("retrieve 1001");
  EXPECT_THAT(ids(client.received()), ElementsAre(281, 90, 91));
  bench.order("hangup 1002");
  EXPECT_THAT(ids(client.received()), ElementsAre(92, 93, 281, 281));
}

TEST(CucmCallsAtPorts, WaitForTheirApplicationToAccept) {
  ClusterSpec spec = small_cluster();
  spec.phones[1].type = 72;
  People people(spec);
  people.watch_all();
  EXPECT_THAT(people.story(people.call("1001", "1002")),
              ElementsAre("44 1001", "48 dialtone 1001", "281 dialing 1001", "108 1001", "281 proceeding 1001",
                          "48 offering 1002", "281 ringback 1001"));
  EXPECT_THAT(people.story(people.ask(50, "1002")), ElementsAre("51", "281 ringing 1002"));
  EXPECT_THAT(people.story(people.ask(50, "1002")), ElementsAre("51"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
