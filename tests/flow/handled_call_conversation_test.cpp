#include "tests/flow/conversation.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

const Someone alice;
const Someone laptop{{"laptop", "alice", "tel:1001;phone-context=dialstring", "00ff"}};
const Someone bob{{"bob", "bob", "tel:1002;phone-context=dialstring", "b0b"}};
const Phone own{"1001"}, far{"1002"}, outside{"+15551234"}, other{"+15555678"};

TEST(ConversationOfAHandledCall, ThatComesInAndIsAnsweredAndHungUpByTheClient) {
  Conversation({alice.signs_in(), alice.asks_features(), alice.monitors(), outside.calls("1001"),
                alice.hears({"Delivered"}), alice.picks_up(), alice.hears({"Established"}), alice.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, ThatComesInAndIsTurnedAway) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.hears({"Delivered"}),
                alice.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, ThatIsGivenUpBeforeItIsAnswered) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"),
                alice.hears({"Originated", "Delivered"}), alice.hangs_up(), alice.hears({"ConnectionCleared"}),
                alice.sees_calls(0), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, HeldAndRetrievedByTheClient) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:+15551234"),
                alice.hears({"Originated", "Delivered"}), outside.answers(), alice.hears({"Established"}),
                alice.holds(), alice.hears({"Held"}), alice.sees_calls(1), alice.retrieves(),
                alice.hears({"Retrieved"}), alice.holds(), alice.retrieves(),
                alice.hears({"Held", "Retrieved"}), alice.hangs_up(), alice.hears({"ConnectionCleared"}),
                alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, HeldAndRetrievedAtThePhone) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(), own.holds(),
                alice.hears({"Delivered", "Established", "Held"}), own.retrieves(), alice.hears({"Retrieved"}),
                own.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, HeldByTheClientAndRetrievedAtThePhoneAndTheOtherWayRound) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(), alice.holds(),
                own.retrieves(), alice.hears({"Delivered", "Established", "Held", "Retrieved"}), own.holds(),
                alice.retrieves(), alice.hears({"Held", "Retrieved"}), outside.hangs_up(),
                alice.hears({"ConnectionCleared", "ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, ThatTheFarSideHangsUpWhileItIsHeld) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(), alice.holds(),
                alice.hears({"Delivered", "Established", "Held"}), outside.hangs_up(),
                alice.hears({"ConnectionCleared", "ConnectionCleared"}), alice.sees_calls(0),
                alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, ThatIsHungUpWhileItIsHeld) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"), far.answers(), alice.holds(),
                alice.hears({"Originated", "Delivered", "Established", "Held"}), alice.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, WhoseStateDoesNotFitTheRequest) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"),
                alice.tries("HoldCall", "invalidConnectionState"), own.answers(),
                alice.hears({"Delivered", "Established"}), alice.tries("AnswerCall", "invalidConnectionState"),
                alice.tries("RetrieveCall", "invalidConnectionState"), alice.holds(),
                alice.tries("HoldCall", "invalidConnectionState"), alice.hears({"Held"}), alice.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.calls("tel:1002"),
                alice.tries("AnswerCall", "invalidConnectionState"), alice.hangs_up(),
                alice.hears({"Originated", "Delivered", "ConnectionCleared"}), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, ThatWaitsWhileAnotherIsAnswered) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(),
                other.calls("1001"), alice.hears({"Delivered", "Established", "Delivered"}), alice.picks_up(),
                alice.hears({"Held", "Established"}), alice.sees_calls(2),
                alice.tries("RetrieveCall", "invalidConnectionState", Which::oldest), alice.holds(),
                alice.retrieves(Which::oldest), alice.hears({"Held", "Retrieved"}), alice.hangs_up(),
                alice.tries("RetrieveCall", "invalidConnectionState"), alice.hangs_up(),
                alice.hears({"ConnectionCleared", "ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, ThatIsHeldForASecondOne) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(),
                alice.calls("tel:1002"),
                alice.hears({"Delivered", "Established", "Held", "Originated", "Delivered"}), alice.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.retrieves(), alice.hears({"Retrieved"}),
                alice.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, WhoseEventsTheSwitchTellsBeforeItAnswers) {
  Conversation({cti_tells_events_first(), alice.signs_in(), alice.monitors(), outside.calls("1001"),
                alice.picks_up(), alice.holds(), alice.retrieves(), alice.calls("tel:1002"), alice.hangs_up(),
                alice.retrieves(), alice.hangs_up(),
                alice.was_told({"RequestSystemStatusResponse", "MonitorStartResponse", "DeliveredEvent",
                                "AnswerCallResponse", "EstablishedEvent", "HoldCallResponse", "HeldEvent",
                                "RetrieveCallResponse", "RetrievedEvent", "MakeCallResponse", "HeldEvent",
                                "OriginatedEvent", "DeliveredEvent", "ClearConnectionResponse",
                                "ConnectionClearedEvent", "RetrieveCallResponse", "RetrievedEvent",
                                "ClearConnectionResponse", "ConnectionClearedEvent"}),
                alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, WhoseEventsTheSwitchTellsBehindItsAnswers) {
  Conversation(
      {alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(), other.calls("1001"),
       alice.picks_up(), alice.hangs_up(), alice.retrieves(), alice.holds(), alice.hangs_up(),
       alice.was_told({"RequestSystemStatusResponse", "MonitorStartResponse", "DeliveredEvent",
                       "AnswerCallResponse", "EstablishedEvent", "DeliveredEvent", "AnswerCallResponse",
                       "HeldEvent", "EstablishedEvent", "ClearConnectionResponse", "ConnectionClearedEvent",
                       "RetrieveCallResponse", "RetrievedEvent", "HoldCallResponse", "HeldEvent",
                       "ClearConnectionResponse", "ConnectionClearedEvent"}),
       alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, OfTwoClientsOfOneUser) {
  Conversation({alice.signs_in(), alice.monitors(), laptop.signs_in(), laptop.monitors(), outside.calls("1001"),
                alice.picks_up(), laptop.holds(), alice.retrieves(), laptop.hangs_up(),
                alice.hears({"Delivered", "Established", "Held", "Retrieved", "ConnectionCleared"}),
                laptop.hears({"Delivered", "Established", "Held", "Retrieved", "ConnectionCleared"}),
                laptop.signs_out(), alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, OfTwoUsersWithAClientEach) {
  Conversation talk({alice.signs_in(),
                     alice.monitors(),
                     bob.signs_in(),
                     bob.monitors(),
                     alice.calls("tel:1002"),
                     bob.hears({"Delivered"}),
                     bob.picks_up(),
                     bob.holds(),
                     bob.hears({"Established", "Held"}),
                     alice.hears({"Originated", "Delivered", "Established"}),
                     alice.holds(),
                     bob.retrieves(),
                     alice.retrieves(),
                     bob.hears({"Retrieved"}),
                     alice.hears({"Held", "Retrieved"}),
                     alice.hangs_up(),
                     alice.hears({"ConnectionCleared"}),
                     bob.hears({"ConnectionCleared", "ConnectionCleared"}),
                     bob.signs_out(),
                     alice.signs_out()});
  talk.replay_with(Loss::leg);
  talk.replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, AtAPhoneThatGoesWhileItIsHeld) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(), alice.holds(),
                alice.hears({"Delivered", "Established", "Held"}), own.unregisters(),
                alice.hears({"ConnectionCleared"}), own.registers(), outside.calls("1001"),
                alice.hears({"Delivered"}), alice.picks_up(), alice.hangs_up(),
                alice.hears({"Established", "ConnectionCleared"}), alice.signs_out()})
      .replay_with(Loss::link);
}

TEST(ConversationOfAHandledCall, AnsweredByTheSwitchAfterTheDeadline) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.hears({"Delivered"}),
                cti_goes_deaf(), alice.asks_for("AnswerCall"), passes(1s), other.calls("1001"),
                alice.hears({"Delivered"}), other.hangs_up(), alice.hears({"ConnectionCleared"}), passes(9s),
                alice.was_refused("generic"), cti_is_well_again(), alice.hears({"Established"}),
                then("the late answer was counted",
                     [](Stage& stage) { EXPECT_EQ(stage.counters[Counter::cti_late_answers], 1U); }),
                alice.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, WhoseCtiManagerFallsSilent) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.picks_up(),
                alice.hears({"Delivered", "Established"}), cti_falls_silent(), alice.asks_for("HoldCall"),
                passes(10s), alice.was_refused("generic"), alice.asks_features(), cti_is_well_again(),
                outside.hangs_up(), alice.signs_out()})
      .replay();
}

TEST(ConversationOfAHandledCall, WhoseClientLeavesWhileItWaits) {
  Conversation({alice.signs_in(), alice.monitors(), laptop.signs_in(), laptop.monitors(), outside.calls("1001"),
                cti_goes_deaf(), alice.asks_for("AnswerCall"), alice.leaves(), cti_is_well_again(),
                laptop.hears({"Delivered", "Established"}), laptop.hangs_up(),
                laptop.hears({"ConnectionCleared"}), laptop.signs_out()})
      .replay();
}

}  // namespace
}  // namespace linebridge::test
