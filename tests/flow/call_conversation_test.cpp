#include "tests/flow/conversation.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

const Someone alice;
const Phone own{"1001"}, far{"1002"}, outside{"+15551234"}, other{"+15555678"};

TEST(ConversationOfACall, MadeAnsweredAndHungUpByUs) {
  Conversation({alice.signs_in(), alice.asks_features(), alice.monitors(), alice.calls("tel:1002"),
                alice.hears({"Originated", "Delivered"}), far.answers(), alice.hears({"Established"}),
                own.hangs_up(), alice.hears({"ConnectionCleared"}), alice.stops_monitor(), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, MadeAnsweredAndHungUpByTheFarSide) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:+15551234"),
                alice.hears({"Originated", "Delivered"}), outside.answers(), alice.hears({"Established"}),
                outside.hangs_up(), alice.hears({"ConnectionCleared", "ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, ThatFindsTheFarSideBusy) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:+16661234"),
                alice.hears({"Originated", "Failed"}), own.hangs_up(), alice.hears({"ConnectionCleared"}),
                alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, ToANumberThatNobodyHas) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:4711"), alice.hears({"ConnectionCleared"}),
                alice.is_refused("mailto:bob", "invalidCalledDeviceID"), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, ThatIsNotAnswered) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"),
                alice.hears({"Originated", "Delivered"}), passes(3min), own.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, ThatComesInAndIsAnsweredAtThePhone) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.hears({"Delivered"}),
                own.answers(), alice.hears({"Established"}), outside.hangs_up(),
                alice.hears({"ConnectionCleared", "ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, ThatComesInAndIsGivenUp) {
  Conversation({alice.signs_in(), alice.monitors(), outside.calls("1001"), alice.hears({"Delivered"}),
                outside.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, WhileAnotherRings) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"), far.answers(),
                alice.hears({"Originated", "Delivered", "Established"}), other.calls("1001"),
                alice.hears({"Delivered"}), other.hangs_up(), alice.hears({"ConnectionCleared"}),
                own.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, ThatASnapshotShows) {
  Conversation({alice.signs_in(), alice.sees_calls(0), outside.calls("1001"), alice.sees_calls(1),
                own.answers(), alice.signs_in_again(), alice.sees_calls(1), alice.monitors(),
                outside.hangs_up(), alice.hears({"ConnectionCleared", "ConnectionCleared"}),
                alice.sees_calls(0), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, FromAPhoneThatIsNotThere) {
  Conversation({alice.signs_in(), alice.monitors(), own.unregisters(),
                alice.is_refused("tel:1002", "callingDeviceOutOfService"), own.registers(),
                alice.calls("tel:1002"), alice.hears({"Originated", "Delivered"}), own.unregisters(),
                alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, WhoseAnswerComesAfterItsDeadline) {
  Conversation({alice.signs_in(), alice.monitors(), cti_goes_deaf(), alice.asks_for_call("tel:1002"),
                passes(1s), outside.calls("1001"), alice.hears({"Delivered"}), outside.hangs_up(),
                alice.hears({"ConnectionCleared"}), passes(9s), alice.was_refused("generic"),
                cti_is_well_again(), alice.hears({}),
                then("the late answer was counted, and no call is left",
                     [](Stage& stage) {
                       EXPECT_EQ(stage.counters[Counter::cti_late_answers], 1U);
                       EXPECT_TRUE(stage.exchange->legs().empty());
                     }),
                alice.calls("tel:1002"), alice.hears({"Originated", "Delivered"}), own.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfACall, WhoseCtiManagerFallsSilent) {
  Conversation({alice.signs_in(), alice.monitors(), cti_falls_silent(), alice.asks_for_call("tel:1002"),
                passes(10s), alice.was_refused("generic"), alice.asks_features(), alice.calls("tel:1002"),
                alice.hears({"Originated", "Delivered"}), far.answers(), alice.hears({"Established"}),
                cti_is_well_again(), own.hangs_up(), alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

}  // namespace
}  // namespace linebridge::test
