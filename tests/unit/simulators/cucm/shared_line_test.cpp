#include "tests/unit/simulators/cucm/people.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Alice's line on three phones: at the desk, at home, in the lobby. One client for each phone, so that each
/// is told of its own appearance only.
class CucmThreeAppearances : public testing::Test {
protected:
  struct Place {
    std::string phone;
    Client client;
    std::int32_t line = 0, leg = 0;
  };
  static ClusterSpec cluster() {
    ClusterSpec spec = small_cluster();
    spec.phones[4].registered = true;
    PhoneSpec lobby = spec.phones[0];
    lobby.name = "SEP000000001006";
    spec.phones.push_back(lobby);
    return spec;
  }
  void SetUp() override {
    for (Place* place : {&desk, &home, &lobby}) {
      place->client.log_in();
      place->line = place->client.watch(place->phone, "1001");
    }
    received(desk), received(home), received(lobby);
  }
  std::vector<Message> received(Place& place) {
    auto told = place.client.received();
    note(place, told);
    return told;
  }
  std::vector<Message> ask(Place& place, std::int32_t id) {
    auto told = place.client.ask(id, place.client.on_leg(place.line, place.leg));
    note(place, told);
    return told;
  }
  static void note(Place& place, const std::vector<Message>& told) {
    for (const Message& message : told) {
      if (message.id == 48) place.leg = message.fields.number("callLegID");
    }
  }
  void ring() {
    bench.order("dial 1002 1001");
    received(desk), received(home), received(lobby);
  }

  Bench bench{cluster()};
  Place desk{"SEP000000001001", Client(bench)}, home{"SEP000000001005", Client(bench)},
      lobby{"SEP000000001006", Client(bench)};
};

TEST_F(CucmThreeAppearances, RingTogetherAndSeeWhoAnswered) {
  ring();
  EXPECT_THAT(call_story(ask(home, 52)), ElementsAre("53", "281 connected"));
  EXPECT_THAT(call_story(received(desk)), ElementsAre("281 connected remote"));
  EXPECT_THAT(call_story(received(lobby)), ElementsAre("281 connected remote"));
  for (const std::int32_t id : {66, 74, 78, 52, 76, 141})
    EXPECT_EQ(code_of(first(ask(desk, id), 0)), id == 76 ? 0x8CCC003A : 0x8CCC0009) << id;
}

TEST_F(CucmThreeAppearances, RingOnWhereTheCallWasNotRejected) {
  ring();
  EXPECT_THAT(call_story(ask(home, 66)), ElementsAre("67", "281 idle"));
  EXPECT_THAT(received(desk), IsEmpty());
  EXPECT_THAT(call_story(ask(lobby, 66)), ElementsAre("67", "281 idle"));
  EXPECT_THAT(call_story(ask(desk, 66)), ElementsAre("67", "281 idle"));
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST_F(CucmThreeAppearances, TakeAHeldCallFromEachOther) {
  ring();
  ask(desk, 52);
  received(home), received(lobby);
  EXPECT_THAT(call_story(ask(desk, 74)), ElementsAre("75", "281 held"));
  EXPECT_THAT(call_story(received(home)), ElementsAre("281 held"));
  EXPECT_THAT(call_story(received(lobby)), ElementsAre("281 held"));
  EXPECT_THAT(call_story(ask(lobby, 78)), ElementsAre("79", "281 connected"));
  EXPECT_THAT(call_story(received(desk)), ElementsAre("281 connected remote"));
  EXPECT_THAT(call_story(received(home)), ElementsAre("281 connected remote"));
  EXPECT_THAT(call_story(ask(lobby, 66)), ElementsAre("67", "281 idle"));
  EXPECT_THAT(call_story(received(desk)), ElementsAre("281 idle remote"));
}

TEST_F(CucmThreeAppearances, AreToldNothingOfPrivateCalls) {
  bench.order("privacy SEP000000001001 on");
  bench.order("dial SEP000000001001 1002");
  bench.order("answer 1002");
  received(desk);
  const auto shown = received(home);
  ASSERT_THAT(call_story(shown), ElementsAre("48 connected remote"));
  const Fields& call = shown[0].fields;
  EXPECT_TRUE(call.flag("bPrivacy"));
  for (const std::string_view field : {"callingParty", "calledParty", "unModifiedCalledParty",
                                       "calledPartyName", "callingPartyDeviceName", "globalizedCallingParty"}) {
    EXPECT_EQ(call.text(field), "") << field;
  }
  EXPECT_EQ(call.text("deviceName"), "SEP000000001005");
  ask(desk, 74);
  EXPECT_THAT(call_story(received(home)), ElementsAre("281 held"));
  EXPECT_EQ(code_of(first(ask(home, 78), 0)), 0x8CCC0011);
  EXPECT_EQ(code_of(first(ask(home, 66), 0)), 0x8CCC0009);
  const auto info = ask(home, 72);
  EXPECT_EQ(first(info, 73).fields.text("calledParty"), "");
  EXPECT_EQ(ask(desk, 78).front().id, 79);
}

TEST_F(CucmThreeAppearances, AreToldWhenPrivacyEnds) {
  bench.order("privacy SEP000000001001 on");
  ring();
  ask(desk, 52);
  received(home);
  bench.order("privacy SEP000000001001 off");
  const auto told = received(home);
  ASSERT_THAT(call_story(told), ElementsAre("108 remote"));
  EXPECT_FALSE(told[0].fields.flag("bPrivacy"));
  EXPECT_EQ(told[0].fields.text("callingParty"), "1002");
  bench.order("privacy SEP000000001001 on");
  EXPECT_EQ(received(home).at(0).fields.text("callingParty"), "");
}

TEST_F(CucmThreeAppearances, LoseOnlyThemselvesWithTheirPhone) {
  ring();
  bench.order("unregister SEP000000001006");
  EXPECT_THAT(call_story(received(desk)), ElementsAre("129"));
  ask(desk, 52);
  received(home);
  bench.order("unregister SEP000000001005");
  EXPECT_THAT(bench.order("phones 1002").text, HasSubstr("\"connected\":true"));
  bench.order("register SEP000000001006");
  EXPECT_THAT(call_story(received(lobby)), Contains("48 connected remote"));
  ask(desk, 74);
  received(lobby);
  bench.order("unregister SEP000000001001");
  received(lobby);
  EXPECT_THAT(call_story(ask(lobby, 78)), ElementsAre("79", "281 connected"));
  bench.order("unregister SEP000000001006");
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST_F(CucmThreeAppearances, MaySeeACallThatTheyHadNoRoomFor) {
  bench.order("dial +15551111 1005");
  bench.order("answer SEP000000001005");
  bench.order("dnd SEP000000001005 on reject");
  received(home);
  bench.order("dial 1002 1001");
  EXPECT_THAT(received(home), Not(Contains(testing::Field(&Message::id, 48))));
  received(desk);
  ask(desk, 52);
  EXPECT_THAT(call_story(received(home)), Contains("48 connected remote"));
}

TEST_F(CucmThreeAppearances, TransferAndConferenceAsOneParty) {
  ring();
  ask(desk, 52);
  received(home);
  const auto asked =
      desk.client.ask(82, desk.client.on_leg(desk.line, desk.leg)
                              .set("newCallManagerID", 1)
                              .set("newGlobalCallID", first(desk.client.ask(11), 12).fields.number("callID"))
                              .set("destAddress", "1003"));
  const std::int32_t consult = first(asked, 83).fields.number("consultCallID");
  bench.order("answer 1003");
  received(home), received(desk);
  const auto told =
      desk.client.ask(172, desk.client.on_leg(desk.line, desk.leg).set("otherCallHandle", Handle{1, consult}));
  EXPECT_THAT(call_story(told), ElementsAre("173", "166", "281 idle", "281 idle", "167"));
  EXPECT_THAT(call_story(received(home)), ElementsAre("166", "281 idle remote", "281 idle", "167"));
  EXPECT_THAT(bench.order("phones 1002").text, HasSubstr("\"other\":\"1003\""));
}

/// 1002 is there twice: Bob's, and one in partition Lobby.
class CucmPartitions : public testing::Test {
protected:
  static ClusterSpec cluster() {
    ClusterSpec spec = small_cluster();
    spec.phones[2].lines[0].number = "1002";
    spec.phones[2].lines[0].partition = "Lobby";
    return spec;
  }
  static std::string rings_for(Bench& bench, const std::string& caller, const std::string& number) {
    bench.order("dial " + caller + " " + number);
    const bool bob = bench.order("phones SEP000000001002").text.find("\"ringing\":true") != std::string::npos;
    const bool lobby = bench.order("phones SEP000000001003").text.find("\"ringing\":true") != std::string::npos;
    bench.order("hangup " + caller);
    return bob && lobby ? "both" : bob ? "bob" : lobby ? "lobby" : "nobody";
  }
};

TEST_F(CucmPartitions, KeepTheSameNumberApart) {
  Bench bench(cluster());
  EXPECT_EQ(rings_for(bench, "SEP000000001001", "1002"), "bob");
  bench.order("forward SEP000000001003 all 1004");
  EXPECT_THAT(bench.order("phones SEP000000001002").text, HasSubstr("\"forward\":\"\""));
}

TEST_F(CucmPartitions, OfTheCallersOwnLinesComeFirst) {
  ClusterSpec spec = cluster();
  spec.phones[0].lines[0].partition = "Lobby";
  Bench bench(spec);
  EXPECT_EQ(rings_for(bench, "SEP000000001001", "1002"), "lobby");
  EXPECT_EQ(rings_for(bench, "SEP000000001004", "1002"), "bob");
}

TEST_F(CucmPartitions, AreSearchedInTheOrderOfThePhoneAndNoOthers) {
  ClusterSpec spec = cluster();
  spec.phones[0].search = {"Lobby", ""};
  spec.phones[3].search = {"Lobby"};
  Bench bench(spec);
  EXPECT_EQ(rings_for(bench, "SEP000000001001", "1002"), "lobby");
  EXPECT_EQ(rings_for(bench, "SEP000000001004", "1002"), "lobby");
  EXPECT_THAT(bench.order("dial SEP000000001004 1001").text, HasSubstr("\"state\":\"idle\""));
}

TEST_F(CucmPartitions, AreThoseOfWhoeverRedirectsUnlessTheCallersAreAskedFor) {
  ClusterSpec spec = cluster();
  spec.phones[0].search = {"Lobby", ""};
  for (const std::int32_t search : {2, 1}) {
    People people(spec);
    people.watch("SEP000000001001", "1001");
    people.watch("SEP000000001004", "1004");
    people.watch("SEP000000001003", "1002", "Lobby");
    people.call("1001", "1004");
    const auto told = people.ask(76, "1004", {{"redirectAddress", "1002"}, {"callingSearchSpace", search}});
    const auto story = people.story(told);
    EXPECT_EQ(std::count(story.begin(), story.end(), "48 offering 1002"), search == 1 ? 1 : 0);
  }
}

}  // namespace
}  // namespace linebridge::sim::cucm
