#include "tests/flow/client.hpp"
#include "tests/flow/world_wire.hpp"
#include "tests/load/wrong_input.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

/// Walks the table of wrong input, kind by kind: the answer, the counter, the log line; bob is served before
/// and after; and nothing of it stays in the node.
class EveryKindOfWrongInput : public testing::Test, protected World {
protected:
  void SetUp() override {
    start();
    bob.connect();
    ASSERT_EQ(bob.sign_in(), 200);
    scene.foreign_monitor = bob.monitor();
    ASSERT_NE(scene.foreign_monitor, "");
    ASSERT_TRUE(scene.begin());
    scene.neighbour("\r\n\r\n");
    bob_is_served();
  }

  /// Bob asks and is answered; his phone rings and he is told.
  void bob_is_served() {
    EXPECT_EQ(bob.info(csta("<GetCSTAFeatures/>")).status(), 200);
    exchange->originate_outside("+15551234", "1002", now);
    pump();
    EXPECT_EQ(bob.events(), Names{"DeliveredEvent"});
    exchange->disconnect(leg_of("+15551234"));
    pump();
    EXPECT_EQ(bob.events(), Names{"ConnectionClearedEvent"});
  }

  /// What could leak, in one line.
  std::string held() {
    const auto shown = status();
    std::string text = std::to_string(shown.node.connections) + " connections, " +
                       std::to_string(shown.node.waiting) + " waiting, " +
                       std::to_string(shown.node.transactions) + " transactions, " +
                       std::to_string(shown.node.calls) + " calls";
    for (const auto& session : shown.sessions)
      text += ", session of " + session.user;
    for (const auto& link : shown.links)
      text += ", " + std::to_string(link.outstanding) + " outstanding";
    return text;
  }

  void walk(std::span<const WrongInput> kinds) {
    for (const auto& kind : kinds) {
      SCOPED_TRACE(kind.name);
      ASSERT_TRUE(scene.refresh());
      ASSERT_EQ(bob.request("UPDATE", {}, "Supported: timer\r\n").status(), 200);
      const std::string before = held();
      const std::uint64_t counted = kind.counter ? counters[*kind.counter] : 0;
      log.lines.clear();
      EXPECT_EQ(kind.give(scene), kind.answer);
      EXPECT_TRUE(!kind.counter || counters[*kind.counter] > counted) << "not counted";
      EXPECT_TRUE(kind.log.empty() || log.has(kind.log)) << testing::PrintToString(log.lines);
      scene.neighbour("\r\n\r\n");
      bob_is_served();
      EXPECT_EQ(scene.csta("<GetCSTAFeatures/>"), "200") << "alice is served too";
      advance(40s);
      EXPECT_EQ(held(), before) << "something stays in the node";
    }
  }

  Client bob{*this, "bob", "tel:1002;phone-context=dialstring", "callid-of-bob", "b0"};
  WorldWire wire{*this};
  Scene scene{wire};
};

TEST_F(EveryKindOfWrongInput, OfStreamsThatCannotBeCut) {
  walk(wrong_framing());
}
TEST_F(EveryKindOfWrongInput, OfHeadsOverALimit) {
  walk(wrong_limits());
}
TEST_F(EveryKindOfWrongInput, OfHeadsThatCannotBeTaken) {
  walk(wrong_heads());
}
TEST_F(EveryKindOfWrongInput, OfBodiesThatAreNoCsta) {
  walk(wrong_bodies());
}
TEST_F(EveryKindOfWrongInput, OfCstaThatNobodyMayAsk) {
  walk(wrong_csta());
}
TEST_F(EveryKindOfWrongInput, OfMessagesThatFitNoDialog) {
  walk(wrong_dialogs());
}
TEST_F(EveryKindOfWrongInput, OfFloods) {
  walk(wrong_floods());
}
TEST_F(EveryKindOfWrongInput, OfPeersThatDoNotRead) {
  walk(wrong_peers());
}

std::vector<WrongInput> every_kind() {
  std::vector<WrongInput> all;
  for (const auto kinds : {wrong_framing(), wrong_limits(), wrong_heads(), wrong_bodies(), wrong_csta(),
                           wrong_dialogs(), wrong_floods(), wrong_peers()})
    all.insert(all.end(), kinds.begin(), kinds.end());
  return all;
}

TEST(TableOfWrongInput, NamesEachKindOnce) {
  std::vector<std::string_view> names;
  for (const auto& kind : every_kind())
    names.push_back(kind.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_GE(names.size(), 160U);
}

TEST(TableOfWrongInput, HasACounterAndALogLineForEachRefusal) {
  for (const auto& kind : every_kind()) {
    const bool harmless = kind.answer.empty() || kind.answer.starts_with("ping") ||
                          kind.answer.find_first_not_of("20 x1") == std::string_view::npos;
    EXPECT_TRUE(harmless || (kind.counter && !kind.log.empty())) << kind.name;
  }
}

}  // namespace
}  // namespace linebridge::test
