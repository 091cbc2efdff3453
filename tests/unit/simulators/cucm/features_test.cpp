#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// Alice (1001) talks to Bob (1002); Carol (1003) is there. One client watches all three.
class CucmFeatures : public testing::Test {
protected:
  void SetUp() override {
    client.log_in();
    alice = client.watch("SEP000000001001", "1001");
    bob = client.watch("SEP000000001002", "1002");
    carol = client.watch("SEP000000001003", "1003");
    const auto told = client.make_call(alice, "1001", "1002");
    alice_leg = leg_at(told, alice);
    bob_leg = leg_at(told, bob);
    first_call = first(told, 48).fields.number("callID");
    client.ask(52, client.on_leg(bob, bob_leg));
  }

  static std::int32_t leg_at(const std::vector<Message>& told, std::int32_t line) {
    for (const Message& message : told) {
      if (message.id == 48 && message.fields.number("lineID") == line)
        return message.fields.number("callLegID");
    }
    return 0;
  }

  /// Alice asks Carol first; `setup` is 82 or 80.
  std::vector<Message> consult(std::int32_t setup, bool answered) {
    const Fields call = first(client.ask(11), 12).fields;
    auto told = client.ask(setup, client.on_leg(alice, alice_leg)
                                      .set("newCallManagerID", call.number("callManagerID"))
                                      .set("newGlobalCallID", call.number("callID"))
                                      .set("callingAddress", Null{})
                                      .set("destAddress", "1003"));
    consult_leg = leg_at(told, alice);
    carol_leg = leg_at(told, carol);
    if (answered) client.ask(52, client.on_leg(carol, carol_leg));
    return told;
  }
  std::vector<Message> complete_transfer() {
    return client.ask(172, client.on_leg(alice, alice_leg).set("otherCallHandle", Handle{1, consult_leg}));
  }
  std::vector<Message> join() {
    return client.ask(174,
                      client.on_leg(alice, alice_leg).set("otherCalls", std::vector<Handle>{{1, consult_leg}}));
  }
  std::vector<Message> redirect(std::int32_t line, std::int32_t leg, const std::string& to,
                                std::int32_t reason) {
    return client.ask(76, client.on_leg(line, leg)
                              .set("redirectAddress", to)
                              .set("redirectReason", reason)
                              .set("calledAddressOption", reason)
                              .set("preferredOriginalCalledParty", to)
                              .set("modifiedCallingParty", Null{}));
  }

  Bench bench;
  Client client{bench};
  std::int32_t alice = 0, bob = 0, carol = 0, alice_leg = 0, bob_leg = 0, carol_leg = 0, consult_leg = 0;
  std::int32_t first_call = 0;
};

TEST_F(CucmFeatures, ConsultHoldsTheFirstCallAndMakesTheSecond) {
  const auto told = consult(82, false);
  EXPECT_THAT(call_story(told), ElementsAre("83", "281 held", "48 dialtone", "281 dialing", "108",
                                            "281 proceeding", "48 offering", "281 ringing", "281 ringback"));
  EXPECT_EQ(told[0].fields.number("consultCallID"), consult_leg);
  EXPECT_EQ(told[0].fields.text("consultLine"), "1001");
  EXPECT_EQ(told[1].fields.number("callLegID"), alice_leg);
  EXPECT_EQ(told[2].fields.number("origin"), 7);
}

TEST_F(CucmFeatures, TransferJoinsTheFarPartiesInTheFirstCall) {
  consult(82, true);
  const auto told = complete_transfer();
  EXPECT_THAT(call_story(told), ElementsAre("173", "166", "166", "166", "88", "108", "281 idle", "281 idle",
                                            "167", "167", "167"));
  const Fields& start = told[1].fields;
  EXPECT_EQ(start.number("survivingGCCID"), first_call);
  EXPECT_NE(start.number("otherGCCID"), first_call);
  EXPECT_EQ(start.text("controllerNumber"), "1001");
  const Fields& moved = told[4].fields;
  EXPECT_EQ(moved.number("lineID"), carol);
  EXPECT_EQ(moved.number("newGlobalCallID"), first_call);
  EXPECT_EQ(moved.number("reason"), 2);
  const Fields& parties = told[5].fields;
  EXPECT_EQ(parties.number("lineID"), bob);
  EXPECT_EQ(parties.text("calledParty"), "1003");
  EXPECT_EQ(parties.text("lastRedirectingParty"), "1001");
  EXPECT_EQ(told[6].fields.number("callLegID"), consult_leg);
  EXPECT_EQ(told[7].fields.number("callLegID"), alice_leg);
  for (std::size_t at = 8; at < 11; ++at) {
    const bool controllers = told[at].fields.number("lineID") == alice;
    EXPECT_TRUE(told[at].fields.flag("success"));
    EXPECT_EQ(told[at].fields.elements("idleCalls").size(), controllers ? 2u : 0u);
  }
  EXPECT_THAT(call_story(client.ask(66, client.on_leg(carol, carol_leg))),
              ElementsAre("67", "281 idle", "281 disconnected", "281 idle"));
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST_F(CucmFeatures, TransferBeforeTheAnswerLeavesTheFarPartyWithRingback) {
  consult(82, false);
  EXPECT_THAT(call_story(complete_transfer()), Contains("281 ringback"));
  EXPECT_THAT(call_story(client.ask(52, client.on_leg(carol, carol_leg))),
              ElementsAre("53", "281 connected", "281 connected", "108"));
}

TEST_F(CucmFeatures, TransferIsCompletedByTheOtherRequestToo) {
  consult(82, true);
  const auto told = client.ask(62, client.on_leg(alice, alice_leg).set("consultCallLegID", consult_leg));
  EXPECT_EQ(told.front().id, 63);
  EXPECT_EQ(call_story(told).back(), "167");
}

TEST_F(CucmFeatures, TransferIsRefusedWithoutTwoCallsOfOnePhone) {
  consult_leg = alice_leg;
  EXPECT_EQ(code_of(first(complete_transfer(), 0)), 0x8CCC000E);
  consult_leg = bob_leg;
  EXPECT_EQ(code_of(first(complete_transfer(), 0)), 0x8CCC000E);
  consult_leg = 4711;
  EXPECT_EQ(code_of(first(complete_transfer(), 0)), 0x8CCC0004);
}

TEST_F(CucmFeatures, ConferenceKeepsTheFirstCallAndAddsTheOther) {
  EXPECT_EQ(consult(80, true)[2].fields.number("origin"), 6);
  const auto told = join();
  EXPECT_THAT(call_story(told), ElementsAre("175", "169", "169", "169", "88", "281 idle", "281 connected",
                                            "107", "107", "107", "170", "170", "170"));
  EXPECT_EQ(told[1].fields.elements("otherGCIDs").size(), 1u);
  EXPECT_EQ(told[4].fields.number("newGlobalCallID"), first_call);
  EXPECT_EQ(told[4].fields.number("reason"), 9);
  EXPECT_EQ(told[5].fields.number("callLegID"), consult_leg);
  EXPECT_EQ(told[7].fields.number("modifyStatus"), 1);
  EXPECT_EQ(told[7].fields.elements("otherParticipantsInfo").size(), 2u);
  EXPECT_EQ(told[7].fields.element("changedParticipantInfo").text("participantNumber"), "1003");
}

TEST_F(CucmFeatures, ConferenceShrinksToAPlainCall) {
  consult(80, true);
  join();
  const auto left = client.ask(66, client.on_leg(bob, bob_leg));
  EXPECT_THAT(call_story(left), ElementsAre("67", "281 idle", "107", "107"));
  EXPECT_EQ(left[2].fields.number("modifyStatus"), 2);
  EXPECT_EQ(left[2].fields.element("changedParticipantInfo").text("participantNumber"), "1002");
  EXPECT_THAT(call_story(client.ask(66, client.on_leg(alice, alice_leg))),
              ElementsAre("67", "281 idle", "281 disconnected", "281 idle"));
}

TEST_F(CucmFeatures, ConferenceDropsAPartyOnRequest) {
  consult(80, true);
  const Fields drop_bob = client.on_leg(alice, alice_leg).set("dropPartyCallLegID", bob_leg);
  EXPECT_EQ(code_of(first(client.ask(252, drop_bob), 0)), 0x8CCC007D);
  join();
  const auto told = client.ask(252, drop_bob);
  EXPECT_THAT(call_story(told), ElementsAre("253", "281 disconnected", "281 idle", "107", "107"));
  EXPECT_EQ(told[1].fields.number("callLegID"), bob_leg);
  EXPECT_EQ(told[1].fields.number("cause"), 0x70000);
}

TEST_F(CucmFeatures, ConferenceIsRefusedWithACallThatRingsOrIsNobodys) {
  consult(80, false);
  EXPECT_EQ(code_of(first(join(), 0)), 0x8CCC007B);
  consult_leg = bob_leg;
  EXPECT_EQ(code_of(first(join(), 0)), 0x8CCC007B);
  EXPECT_EQ(code_of(first(client.ask(174, client.on_leg(alice, alice_leg)), 0)), 0x8CCC007A);
}

TEST_F(CucmFeatures, RedirectMovesAConnectedCall) {
  const auto told = redirect(bob, bob_leg, "1003", 0);
  EXPECT_THAT(call_story(told),
              ElementsAre("77", "281 idle", "108", "48 offering", "281 ringing", "281 ringback"));
  EXPECT_EQ(told[1].fields.number("callLegID"), bob_leg);
  EXPECT_EQ(told[2].fields.number("lineID"), alice);
  EXPECT_EQ(told[2].fields.text("calledParty"), "1003");
  EXPECT_EQ(told[2].fields.text("lastRedirectingParty"), "1002");
  EXPECT_EQ(told[2].fields.number("reason"), 6);
  EXPECT_EQ(told[3].fields.number("reason"), 6);
  EXPECT_EQ(told[3].fields.text("originalCalledParty"), "1002");
  EXPECT_EQ(told[3].fields.number("callID"), first_call);
}

TEST_F(CucmFeatures, RedirectByTheCallerIsABlindTransfer) {
  const auto told = redirect(alice, alice_leg, "1003", 1);
  EXPECT_THAT(call_story(told),
              ElementsAre("77", "281 idle", "108", "48 offering", "281 ringing", "281 ringback"));
  EXPECT_EQ(told[3].fields.number("reason"), 7);
  EXPECT_EQ(told[3].fields.text("callingParty"), "1002");
  EXPECT_EQ(told[3].fields.text("originalCalledParty"), "1003");
  EXPECT_EQ(told[5].fields.number("callLegID"), bob_leg);
}

TEST_F(CucmFeatures, RedirectMovesACallThatStillRings) {
  client.ask(66, client.on_leg(alice, alice_leg));
  const auto again = client.make_call(alice, "1001", "1002");
  const auto told = redirect(bob, leg_at(again, bob), "+15550199", 0);
  EXPECT_THAT(call_story(told), ElementsAre("77", "281 idle", "108", "281 ringback"));
  bench.pass(std::chrono::seconds(1));
  EXPECT_THAT(call_story(client.received()), ElementsAre("281 connected", "108"));
}

TEST_F(CucmFeatures, RedirectIsRefusedWithTheReason) {
  EXPECT_EQ(code_of(first(redirect(bob, bob_leg, "4711", 0), 0)), 0x8CCC0034);
  EXPECT_EQ(code_of(first(redirect(bob, bob_leg, "+15550211", 0), 0)), 0x8CCC003F);
  EXPECT_EQ(code_of(first(redirect(bob, bob_leg, "1001", 0), 0)), 0x8CCC003F);
  EXPECT_EQ(code_of(first(redirect(bob, bob_leg, "1005", 0), 0)), 0x8CCC0040);
  client.make_call(alice, "1001", "1003");
  EXPECT_THAT(bench.order("phones 1002").text, testing::HasSubstr("\"connected\":true"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
