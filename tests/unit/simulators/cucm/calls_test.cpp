#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using namespace std::chrono_literals;

/// One client that watches Alice and Bob.
class CucmCalls : public testing::Test {
protected:
  void SetUp() override {
    client.log_in();
    alice = client.watch("SEP000000001001", "1001");
    bob = client.watch("SEP000000001002", "1002");
  }

  std::vector<Message> call(const std::string& to = "1002") {
    auto told = client.make_call(alice, "1001", to);
    for (const Message& message : told) {
      if (message.id != 48) continue;
      const bool alices = message.fields.number("lineID") == alice;
      (alices ? alice_leg : bob_leg) = message.fields.number("callLegID");
    }
    return told;
  }
  std::vector<Message> on_alice(std::int32_t id) { return client.ask(id, client.on_leg(alice, alice_leg)); }
  std::vector<Message> on_bob(std::int32_t id) { return client.ask(id, client.on_leg(bob, bob_leg)); }

  Bench bench;
  Client client{bench};
  std::int32_t alice = 0, bob = 0, alice_leg = 0, bob_leg = 0;
};

TEST_F(CucmCalls, AreMadeInTheOrderThatSatisfiesTheClientLibrary) {
  const auto told = call();
  EXPECT_THAT(call_story(told), ElementsAre("44", "48 dialtone", "281 dialing", "108", "281 proceeding",
                                            "48 offering", "281 ringing", "281 ringback"));
  EXPECT_EQ(told[0].fields.number("callLegID"), alice_leg);
  const Fields& mine = told[1].fields;
  EXPECT_EQ(mine.number("origin"), 4);
  EXPECT_EQ(mine.number("reason"), 1);
  EXPECT_EQ(mine.text("callingParty"), "1001");
  EXPECT_EQ(mine.text("unModifiedCallingParty"), "1001");
  EXPECT_EQ(mine.text("calledParty"), "");
  EXPECT_EQ(mine.text("deviceName"), "SEP000000001001");
  const Fields& parties = told[3].fields;
  EXPECT_TRUE(parties.flag("callingPartyChanged"));
  EXPECT_TRUE(parties.flag("calledPartyChanged"));
  EXPECT_EQ(parties.text("calledParty"), "1002");
  EXPECT_EQ(parties.text("originalCalledParty"), "1002");
  const Fields& his = told[5].fields;
  EXPECT_EQ(his.number("origin"), 1);
  EXPECT_EQ(his.text("callingParty"), "1001");
  EXPECT_EQ(his.text("callingName"), "Alice");
  EXPECT_EQ(his.text("calledParty"), "1002");
  EXPECT_TRUE(his.flag("callPresentable"));
  // Empty, not null: null makes the client library drop the event.
  EXPECT_TRUE(std::holds_alternative<std::string>(*his.find("uniqueProtocolCallReference")));
  EXPECT_EQ(mine.handle("globalCallManagerID", "callID"), his.handle("globalCallManagerID", "callID"));
  EXPECT_NE(mine.number("callLegID"), his.number("callLegID"));
}

TEST_F(CucmCalls, UseTheGlobalHandleThatWasAllocated) {
  const Fields given = first(client.ask(11), 12).fields;
  const auto told = client.ask(43, {{"lineCallManagerID", 1},
                                    {"lineID", alice},
                                    {"globalCallManagerID", given.number("callManagerID")},
                                    {"globalCallID", given.number("callID")},
                                    {"destAddress", "1002"}});
  EXPECT_EQ(first(told, 48).fields.number("callID"), given.number("callID"));
}

TEST_F(CucmCalls, AreRefusedWithAGlobalHandleOfNobodyOrOfAnotherCall) {
  const auto with = [&](std::int32_t call_id) {
    return client.ask(43, {{"lineCallManagerID", 1},
                           {"lineID", alice},
                           {"globalCallManagerID", 1},
                           {"globalCallID", call_id},
                           {"destAddress", "1002"}});
  };
  EXPECT_EQ(code_of(first(with(0), 0)), 0x8CCC0019);
  EXPECT_EQ(code_of(first(with(99999999), 0)), 0x8CCC0019);
  const std::int32_t used = first(call(), 48).fields.number("callID");
  EXPECT_EQ(code_of(first(with(used), 0)), 0x8CCC0007);
}

TEST_F(CucmCalls, AreRefusedForACallerThatThePhoneDoesNotHave) {
  EXPECT_EQ(code_of(first(client.make_call(alice, "1002", "1003"), 0)), 0x8CCC0006);
  EXPECT_EQ(client.make_call(alice, "", "1003").front().id, 44);
}

TEST_F(CucmCalls, AreAnswered) {
  call();
  const auto told = on_bob(52);
  EXPECT_THAT(call_story(told), ElementsAre("53", "281 connected", "281 connected", "108"));
  EXPECT_EQ(told[1].fields.number("callLegID"), bob_leg);
  EXPECT_EQ(told[2].fields.number("callLegID"), alice_leg);
  EXPECT_EQ(code_of(first(on_bob(52), 0)), 0x8CCC0009);
  EXPECT_EQ(code_of(first(on_alice(52), 0)), 0x8CCC000A);
}

TEST_F(CucmCalls, AreDroppedByTheCaller) {
  call();
  on_bob(52);
  const auto told = on_alice(66);
  EXPECT_THAT(call_story(told), ElementsAre("67", "281 idle", "281 disconnected", "281 idle"));
  EXPECT_EQ(told[1].fields.number("callLegID"), alice_leg);
  EXPECT_EQ(told[2].fields.number("callLegID"), bob_leg);
  EXPECT_EQ(told[2].fields.number("cause"), 16);
  EXPECT_EQ(code_of(first(on_bob(66), 0)), 0x8CCC0004);
}

TEST_F(CucmCalls, AreDroppedByTheCalled) {
  call();
  on_bob(52);
  const auto told = on_bob(66);
  EXPECT_THAT(call_story(told), ElementsAre("67", "281 idle", "281 disconnected", "281 idle"));
  EXPECT_EQ(told[1].fields.number("callLegID"), bob_leg);
}

TEST_F(CucmCalls, AreAbandonedOrRejectedWhileTheyRing) {
  call();
  EXPECT_THAT(call_story(on_alice(66)), ElementsAre("67", "281 idle", "281 disconnected", "281 idle"));
  call();
  const auto rejected = on_bob(66);
  EXPECT_THAT(call_story(rejected), ElementsAre("67", "281 idle", "281 disconnected", "281 idle"));
  EXPECT_EQ(rejected[2].fields.number("cause"), 21);
}

TEST_F(CucmCalls, ToAnUnknownNumberEndAtOnce) {
  const auto told = call("9999");
  EXPECT_THAT(call_story(told),
              ElementsAre("44", "48 dialtone", "281 dialing", "281 disconnected", "281 idle"));
  EXPECT_EQ(told[3].fields.number("cause"), 1);
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST_F(CucmCalls, ToABusyLineStayBusyUntilTheCallerHangsUp) {
  bench.order("dial 1003 1002");
  bench.order("dial 1004 1002");
  client.received();
  const auto told = call();
  EXPECT_THAT(call_story(told),
              ElementsAre("44", "48 dialtone", "281 dialing", "108", "281 proceeding", "281 busy"));
  EXPECT_EQ(told[5].fields.number("cause"), 17);
  EXPECT_THAT(call_story(on_alice(66)), ElementsAre("67", "281 idle"));
}

TEST_F(CucmCalls, ToOneselfAreBusyAndToADeadPhoneOutOfOrder) {
  EXPECT_THAT(call_story(call("1001")).back(), "281 busy");
  on_alice(66);
  bench.order("unregister SEP000000001004");
  const auto told = call("1004");
  EXPECT_EQ(told[5].fields.number("cause"), 27);
  EXPECT_EQ(call_story(told).back(), "281 idle");
}

TEST_F(CucmCalls, AreHeldAndRetrieved) {
  call();
  on_bob(52);
  EXPECT_THAT(call_story(on_alice(74)), ElementsAre("75", "281 held"));
  EXPECT_EQ(code_of(first(on_alice(74), 0)), 0x8CCC0009);
  EXPECT_THAT(call_story(on_alice(78)), ElementsAre("79", "281 connected"));
  EXPECT_EQ(code_of(first(on_alice(78), 0)), 0x8CCC0009);
}

TEST_F(CucmCalls, AreHeldByTheSecondCallAndNotRetrievedDuringIt) {
  call();
  on_bob(52);
  const std::int32_t first_leg = alice_leg;
  const auto told = call("1003");
  EXPECT_THAT(call_story(told), IsSupersetOf({"281 held", "48 dialtone"}));
  EXPECT_EQ(told[1].fields.number("callLegID"), first_leg);
  bench.order("answer 1003");
  EXPECT_EQ(code_of(first(client.ask(78, client.on_leg(alice, first_leg)), 0)), 0x8CCC0070);
}

TEST_F(CucmCalls, AreLimitedPerLine) {
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(call("+155512345").front().id, 44);
  EXPECT_EQ(code_of(first(call("+155512345"), 0)), 0x8CCC00C4);
}

TEST_F(CucmCalls, CanBeginWithADialTone) {
  EXPECT_THAT(call_story(call("")), ElementsAre("44", "48 dialtone"));
  const auto told = client.ask(64, client.on_leg(alice, alice_leg).set("destAddress", "1002"));
  EXPECT_THAT(call_story(told), ElementsAre("65", "281 dialing", "108", "281 proceeding", "48 offering",
                                            "281 ringing", "281 ringback"));
}

TEST_F(CucmCalls, TakeDigitsOnceConnectedAndSayWhenTheyArePlayed) {
  call();
  Fields digits = client.on_leg(alice, alice_leg).set("dtmfDigits", std::vector<std::int32_t>{1, 2, 15});
  EXPECT_EQ(code_of(first(client.ask(68, digits), 0)), 0x8CCC0068);
  on_bob(52);
  const auto told = client.ask(68, digits);
  ASSERT_THAT(ids(told), ElementsAre(69, 106, 86, 86, 86));
  EXPECT_EQ(told[1].fields.number("seq"), client.seq);
  EXPECT_EQ(told[1].fields.number("callLegID"), alice_leg);
  EXPECT_EQ(told[2].fields.number("callLegID"), bob_leg);
  EXPECT_EQ(told[4].fields.number("digit"), 15);
  digits.set("dtmfDigits", std::vector<std::int32_t>{16});
  EXPECT_EQ(code_of(first(client.ask(68, digits), 0)), 0x8CCC0097);
}

TEST_F(CucmCalls, ToTheWorldOutsideRingUntilAnswered) {
  const auto told = call("+15551234");
  EXPECT_THAT(call_story(told),
              ElementsAre("44", "48 dialtone", "281 dialing", "108", "281 proceeding", "281 ringback"));
  bench.pass(1h);
  client.send_raw("");
  EXPECT_TRUE(bench.order("answer +15551234").ok);
  EXPECT_TRUE(bench.order("hangup +15551234").ok);
}

TEST_F(CucmCalls, ToTheWorldOutsideAreAnsweredAfterTheirTime) {
  call("+15550199");
  bench.pass(499ms);
  EXPECT_THAT(client.received(), IsEmpty());
  bench.pass(1ms);
  EXPECT_THAT(call_story(client.received()), ElementsAre("281 connected", "108"));
  EXPECT_TRUE(bench.order("hangup +15550199").ok);
  EXPECT_THAT(call_story(client.received()), ElementsAre("281 disconnected", "281 idle"));
}

TEST_F(CucmCalls, ToTheWorldOutsideMayFindItBusyOrAway) {
  EXPECT_EQ(call_story(call("+15550211")).back(), "281 busy");
  on_alice(66);
  EXPECT_EQ(call("+15550311")[5].fields.number("cause"), 27);
}

TEST_F(CucmCalls, FromTheWorldOutsideAreExternal) {
  EXPECT_THAT(bench.order("dial +15551234 1001").text, HasSubstr("\"state\":\"ringback\""));
  const auto told = client.received();
  EXPECT_THAT(call_story(told), ElementsAre("48 offering", "281 ringing"));
  EXPECT_EQ(told[0].fields.number("origin"), 3);
  EXPECT_EQ(told[0].fields.number("farEndpointType"), 2);
  EXPECT_EQ(told[0].fields.text("callingParty"), "+15551234");
}

TEST_F(CucmCalls, AreAnsweredByThePhonesUserIfItsFileSaysSo) {
  ClusterSpec spec = small_cluster();
  spec.phones[1].answer_after = 250ms;
  Bench other(spec);
  other.order("dial 1001 1002");
  other.pass(249ms);
  EXPECT_THAT(other.order("phones 1002").text, HasSubstr("\"ringing\":true,\"connected\":false"));
  other.pass(1ms);
  EXPECT_THAT(other.order("phones 1002").text, HasSubstr("\"ringing\":false,\"connected\":true"));
}

TEST_F(CucmCalls, GiveTheirPartiesAndLinesOnRequest) {
  call();
  const auto info = on_bob(72);
  EXPECT_EQ(first(info, 73).fields.text("callingParty"), "1001");
  EXPECT_EQ(first(info, 73).fields.text("lineDir"), "1002");
  const auto line = client.ask(45, {{"lineCallManagerID", 1}, {"lineID", alice}});
  EXPECT_EQ(first(line, 46).fields.elements("calls").at(0).number("callLegID"), alice_leg);
}

TEST_F(CucmCalls, CannotBeTouchedThroughAnotherLine) {
  call();
  EXPECT_EQ(code_of(first(client.ask(66, client.on_leg(bob, alice_leg)), 0)), 0x8CCC0004);
}

TEST_F(CucmCalls, LiveOnWhenTheConnectionThatMadeThemBreaks) {
  call();
  on_bob(52);
  client.lose();
  EXPECT_THAT(bench.order("phones 1001").text, HasSubstr("\"connected\":true"));
  Client next(bench);
  next.log_in();
  next.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", Fields{}}});
  const auto told = next.ask(
      37, {{"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", all_flags("LineEventFilter")}});
  EXPECT_THAT(call_story(told), ElementsAre("38", "114", "49 connected", "204"));
  EXPECT_EQ(told[2].fields.text("calledParty"), "1002");
}

TEST(CucmCallsOfTwoManagers, AreSeenAndSteeredThroughBoth) {
  Bench bench;
  Client one(bench, 2001), other(bench, 2002);
  one.log_in();
  other.log_in();
  const std::int32_t alice = one.watch("SEP000000001001", "1001");
  const std::int32_t bob = other.watch("SEP000000001002", "1002");
  const std::int32_t alice_too = other.watch("SEP000000001001", "1001");
  other.received();

  const auto mine = one.make_call(alice, "1001", "1002");
  EXPECT_THAT(call_story(mine),
              ElementsAre("44", "48 dialtone", "281 dialing", "108", "281 proceeding", "281 ringback"));
  const auto theirs = other.received();
  EXPECT_THAT(call_story(theirs), ElementsAre("48 dialtone", "281 dialing", "108", "281 proceeding",
                                              "48 offering", "281 ringing", "281 ringback"));
  EXPECT_EQ(theirs[0].fields.number("lineID"), alice_too);
  EXPECT_EQ(theirs[0].fields.number("callID"), first(mine, 48).fields.number("callID"));

  const std::int32_t bob_leg = theirs[4].fields.number("callLegID");
  EXPECT_THAT(call_story(other.ask(52, other.on_leg(bob, bob_leg))),
              ElementsAre("53", "281 connected", "281 connected", "108"));
  EXPECT_THAT(call_story(one.received()), ElementsAre("281 connected", "108"));
}

/// Alice's line 1001 on two phones, both watched.
class CucmSharedLine : public testing::Test {
protected:
  void SetUp() override {
    bench.order("register SEP000000001005");
    desk.log_in();
    home.log_in();
    desk_line = desk.watch("SEP000000001001", "1001");
    home_line = home.watch("SEP000000001005", "1001");
    desk.received();
    home.received();
  }
  Bench bench;
  Client desk{bench}, home{bench};
  std::int32_t desk_line = 0, home_line = 0;
};

TEST_F(CucmSharedLine, RingsEverywhereAndShowsWhoAnswered) {
  bench.order("dial 1002 1001");
  const auto at_desk = desk.received();
  EXPECT_THAT(call_story(at_desk), ElementsAre("48 offering", "281 ringing"));
  EXPECT_THAT(call_story(home.received()), ElementsAre("48 offering", "281 ringing"));
  const std::int32_t leg = at_desk[0].fields.number("callLegID");
  EXPECT_THAT(call_story(desk.ask(52, desk.on_leg(desk_line, leg))), ElementsAre("53", "281 connected"));
  const auto at_home = home.received();
  EXPECT_THAT(call_story(at_home), ElementsAre("281 connected remote"));
  const std::int32_t shown = at_home[0].fields.number("callLegID");
  EXPECT_EQ(code_of(first(home.ask(66, home.on_leg(home_line, shown)), 0)), 0x8CCC0009);

  desk.ask(74, desk.on_leg(desk_line, leg));
  EXPECT_THAT(call_story(home.received()), ElementsAre("281 held"));
  EXPECT_THAT(call_story(home.ask(78, home.on_leg(home_line, shown))), ElementsAre("79", "281 connected"));
  EXPECT_THAT(call_story(desk.received()), ElementsAre("281 connected remote"));
  bench.order("hangup 1002");
  EXPECT_THAT(call_story(home.received()), ElementsAre("281 disconnected", "281 idle"));
  EXPECT_THAT(call_story(desk.received()), ElementsAre("281 idle remote"));
}

TEST_F(CucmSharedLine, ShowsACallThatTheOtherPhoneMade) {
  bench.order("dial SEP000000001001 1002");
  EXPECT_THAT(home.received(), IsEmpty());
  bench.order("answer 1002");
  EXPECT_THAT(call_story(home.received()), ElementsAre("48 connected remote"));
  bench.order("hangup SEP000000001001");
  EXPECT_THAT(call_story(home.received()), ElementsAre("281 idle remote"));
  EXPECT_EQ(bench.order("calls").text, "[]");
}

}  // namespace
}  // namespace linebridge::sim::cucm
