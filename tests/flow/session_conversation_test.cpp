#include "tests/flow/conversation.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

const Someone alice;
const Someone laptop{{"laptop", "alice", "tel:1001;phone-context=dialstring", "00ff"}};
const Someone bob{{"bob", "bob", "tel:1002;phone-context=dialstring", "b0b"}};
const Phone own{"1001"}, far{"1002"}, outside{"+15551234"};

Someone who_answers(Person::Answers answers) {
  Someone made;
  made.answers = answers;
  return made;
}

TEST(ConversationOfASession, AsPidginSipeHoldsIt) {
  const Someone sipe = who_answers(Person::Answers::never);
  Conversation({sipe.signs_in_at_a_stroke(), sipe.calls("tel:+15551234"), outside.answers(), passes(2s),
                sipe.hears({"Originated", "Delivered", "Established"}), sipe.refreshes(), outside.hangs_up(),
                sipe.hears({"ConnectionCleared", "ConnectionCleared"}), sipe.stops_monitor(), sipe.signs_out()})
      .replay();
}

TEST(ConversationOfASession, WithAClientThatAnswersEventsLate) {
  const Someone late = who_answers(Person::Answers::late);
  Conversation({late.signs_in(), late.monitors(), late.calls("tel:1002"), passes(600ms),
                late.hears({"Originated", "Delivered"}), far.answers(), passes(1s), late.asks_features(),
                late.hears({"Established"}), own.hangs_up(), passes(1s), late.hears({"ConnectionCleared"}),
                late.signs_out()})
      .replay();
}

TEST(ConversationOfASession, RefreshedInEveryWay) {
  Conversation({alice.signs_in(), alice.monitors(), passes(1500s), alice.updates(), passes(1500s),
                alice.refreshes(), passes(1500s), alice.refreshes_without_body(), passes(1500s),
                outside.calls("1001"), alice.hears({"Delivered"}), outside.hangs_up(),
                alice.hears({"ConnectionCleared"}), alice.signs_out()})
      .replay();
}

TEST(ConversationOfASession, ThatIsNotRefreshedEnds) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"), far.answers(),
                alice.hears({"Originated", "Delivered", "Established"}), passes(1900s), alice.is_gone()})
      .replay();
}

TEST(ConversationOfASession, ReplacedByTheSameEndpointInMidCall) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"),
                alice.hears({"Originated", "Delivered"}), alice.signs_in_again(), alice.monitors(),
                far.answers(), alice.hears({"Established"}), own.hangs_up(), alice.hears({"ConnectionCleared"}),
                alice.signs_out()})
      .replay();
}

TEST(ConversationOfASession, BesideThatOfAnotherEndpoint) {
  Conversation({alice.signs_in(), alice.monitors(), laptop.signs_in(), laptop.monitors(),
                alice.calls("tel:1002"), alice.hears({"Originated", "Delivered"}),
                laptop.hears({"Originated", "Delivered"}), alice.signs_out(), far.answers(), own.hangs_up(),
                laptop.hears({"Established", "ConnectionCleared"}), laptop.signs_out()})
      .replay();
}

TEST(ConversationOfASession, BesideThatOfTheCalledUser) {
  Conversation({alice.signs_in(), alice.monitors(), bob.signs_in(), bob.monitors(), alice.calls("tel:1002"),
                alice.hears({"Originated", "Delivered"}), bob.hears({"Delivered"}), far.answers(),
                alice.hears({"Established"}), bob.hears({"Established"}), own.hangs_up(), bob.signs_out(),
                alice.signs_out()})
      .replay();
}

TEST(ConversationOfASession, ThatEndsWhileARequestWaits) {
  Conversation({alice.signs_in(), alice.monitors(), cti_falls_silent(), alice.asks_for_call("tel:1002"),
                alice.leaves(), alice.is_gone(), cti_is_well_again()})
      .replay();
}

TEST(ConversationOfASession, ThatTheStopOfTheNodeEndsInMidCall) {
  Conversation({alice.signs_in(), alice.monitors(), alice.calls("tel:1002"), far.answers(),
                alice.hears({"Originated", "Delivered", "Established"}), passes(2s), node_stops(),
                alice.is_gone()})
      .replay();
}

}  // namespace
}  // namespace linebridge::test
