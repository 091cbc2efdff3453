#include "cli/joiner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::cli {
namespace {

using testing::ElementsAre;

view::Passed passed(std::int64_t at_us, std::string from, std::string to, std::string text,
                    std::string call_id = "call@ocs") {
  view::Passed one;
  one.at_us = at_us;
  one.call_id = std::move(call_id);
  one.from = std::move(from);
  one.to = std::move(to);
  one.text = std::move(text);
  return one;
}

/// "100 client node: INFO MakeCall [front node]"
std::vector<std::string> shown(const std::vector<view::Passed>& steps) {
  std::vector<std::string> out;
  for (const auto& step : steps)
    out.push_back(std::to_string(step.at_us) + " " + step.from + " " + step.to + ": " + step.text + " [" +
                  step.seen + "]");
  return out;
}

TEST(CliJoiner, KnowsAMessageByItsMethodAndStatus) {
  EXPECT_EQ(kind_of("INFO MakeCall"), "INFO");
  EXPECT_EQ(kind_of("INFO"), "INFO");
  EXPECT_EQ(kind_of("200 OK (INFO) MakeCallResponse"), "200 INFO");
  EXPECT_EQ(kind_of("481 Call/Transaction Does Not Exist (BYE)"), "481 BYE");
  EXPECT_EQ(kind_of("481 (BYE)"), "481 BYE");
  EXPECT_EQ(kind_of("481"), "481");
  EXPECT_EQ(kind_of("200 (INFO"), "200");
  EXPECT_EQ(kind_of(""), "");
}

TEST(CliJoiner, MakesOneStepOfWhatFrontAndNodeSaw) {
  Joiner joiner;
  joiner.expect_front(true);
  joiner.add(passed(100, "client", "node", "INFO MakeCall"), Witness::node);
  joiner.add(passed(120, "node", "client", "200 OK (INFO) MakeCallResponse"), Witness::node);
  joiner.add(passed(90, "client", "node", "INFO"), Witness::front);
  joiner.add(passed(125, "node", "client", "200 OK (INFO)"), Witness::front);
  EXPECT_THAT(shown(joiner.take(1000, 1000)),
              ElementsAre("100 client node: INFO MakeCall [front node]",
                          "120 node client: 200 OK (INFO) MakeCallResponse [front node]"));
}

TEST(CliJoiner, JoinsMessagesOfOneKindInTheirOrder) {
  Joiner joiner;
  joiner.expect_front(true);
  for (const auto* text : {"INFO MakeCall", "INFO ClearConnection"})
    joiner.add(passed(100, "client", "node", text), Witness::node);
  for (const std::int64_t at : {90, 95})
    joiner.add(passed(at, "client", "node", "INFO"), Witness::front);
  joiner.add(passed(96, "client", "node", "INFO", "another@ocs"), Witness::front);
  EXPECT_THAT(shown(joiner.take_all()),
              ElementsAre("96 client node: INFO [front]", "100 client node: INFO MakeCall [front node]",
                          "100 client node: INFO ClearConnection [front node]"));
}

TEST(CliJoiner, TakesTheClientsWordAsThird) {
  Joiner joiner;
  joiner.expect_front(true);
  joiner.add(passed(80, "client", "front", "INFO MakeCall"), Witness::client);
  joiner.add(passed(90, "client", "node", "INFO"), Witness::front);
  EXPECT_THAT(shown(joiner.take_all()), ElementsAre("90 client node: INFO MakeCall [client front]"));

  joiner.add(passed(80, "client", "front", "INFO MakeCall"), Witness::client);
  joiner.add(passed(100, "client", "node", "INFO MakeCall"), Witness::node);
  joiner.add(passed(90, "client", "node", "INFO"), Witness::front);
  EXPECT_THAT(shown(joiner.take_all()), ElementsAre("100 client node: INFO MakeCall [client front node]"));
}

TEST(CliJoiner, ShowsAloneWhatOnlyTheFrontEndSaw) {
  Joiner joiner;
  joiner.expect_front(true);
  joiner.add(passed(100, "client", "front", "OPTIONS"), Witness::front);
  joiner.add(passed(101, "front", "client", "200 OK (OPTIONS)"), Witness::front);
  joiner.add(passed(102, "front", "node", "ACK"), Witness::front);
  EXPECT_THAT(shown(joiner.take(1000, 103)),
              ElementsAre("100 client front: OPTIONS [front]", "101 front client: 200 OK (OPTIONS) [front]",
                          "102 front node: ACK [front]"));
}

TEST(CliJoiner, HoldsAllBackBehindAMessageThatWaitsForItsOtherWitness) {
  Joiner joiner;
  joiner.expect_front(true);
  joiner.add(passed(100, "client", "node", "INFO"), Witness::front);
  joiner.add(passed(200, "node", "cti1", "MakeCall", ""), Witness::node);
  EXPECT_TRUE(joiner.take(1000, 1000).empty());
  joiner.add(passed(110, "client", "node", "INFO MakeCall"), Witness::node);
  EXPECT_THAT(shown(joiner.take(1000, 1000)),
              ElementsAre("110 client node: INFO MakeCall [front node]", "200 node cti1: MakeCall [node]"));

  joiner.add(passed(2000, "client", "node", "INFO"), Witness::front);
  EXPECT_TRUE(joiner.take(3'000'000, 2000 + Joiner::patience_us - 1).empty());
  EXPECT_THAT(shown(joiner.take(3'000'000, 2000 + Joiner::patience_us)),
              ElementsAre("2000 client node: INFO [front]"));
}

TEST(CliJoiner, WaitsForClientsWhoseLinesComeLate) {
  constexpr std::int64_t late = 4'000'000;
  Joiner joiner;
  joiner.expect_front(true);
  joiner.expect_clients_within(late);
  joiner.add(passed(100, "client", "node", "INVITE"), Witness::front);
  joiner.add(passed(110, "client", "node", "INVITE"), Witness::node);
  EXPECT_TRUE(joiner.take(5'000'000, 4'000'000).empty());
  joiner.add(passed(90, "client", "front", "INVITE"), Witness::client);
  EXPECT_THAT(shown(joiner.take(5'000'000, 4'000'000)),
              ElementsAre("110 client node: INVITE [client front node]"));

  joiner.add(passed(5'000'000, "client", "node", "BYE"), Witness::front);
  joiner.add(passed(5'000'010, "client", "node", "BYE"), Witness::node);
  EXPECT_TRUE(joiner.take(9'600'000, 5'000'010 + late).empty());
  EXPECT_THAT(shown(joiner.take(9'600'000, 5'000'010 + late + Joiner::patience_us)),
              ElementsAre("5000010 client node: BYE [front node]"));
}

TEST(CliJoiner, WaitsOnlyForWhoTraces) {
  Joiner joiner;
  joiner.add(passed(100, "client", "node", "INFO MakeCall"), Witness::node);
  EXPECT_EQ(joiner.take(1000, 100).size(), 1U);
  joiner.expect_front(true);
  joiner.add(passed(100, "client", "node", "INFO MakeCall"), Witness::node);
  EXPECT_TRUE(joiner.take(1000, 100).empty());
  joiner.add(passed(90, "client", "node", "INFO"), Witness::front);
  EXPECT_EQ(joiner.take(1000, 100).size(), 1U);
  // From now on the client of this dialog is known to trace.
  joiner.add(passed(200, "client", "front", "BYE"), Witness::client);
  joiner.add(passed(210, "client", "node", "BYE"), Witness::front);
  joiner.add(passed(220, "client", "node", "BYE"), Witness::node);
  EXPECT_EQ(joiner.take(1000, 220).size(), 1U);
  joiner.add(passed(310, "node", "client", "200 OK (BYE)"), Witness::front);
  joiner.add(passed(300, "node", "client", "200 OK (BYE)"), Witness::node);
  EXPECT_TRUE(joiner.take(1000, 400).empty());
}

TEST(CliJoiner, DoesNotJoinWhatIsFarApart) {
  Joiner joiner;
  joiner.add(passed(0, "client", "node", "INFO"), Witness::front);
  joiner.add(passed(5'000'000, "client", "node", "INFO MakeCall"), Witness::node);
  EXPECT_EQ(joiner.take_all().size(), 2U);
}

TEST(CliJoiner, KeepsWhatIsNotYetToBeTaken) {
  Joiner joiner;
  joiner.add(passed(300, "cti1", "node", "third", ""), Witness::node);
  joiner.add(passed(100, "cti1", "node", "first", ""), Witness::node);
  joiner.add(passed(100, "cti1", "node", "second", ""), Witness::node);
  EXPECT_THAT(shown(joiner.take(300, 300)),
              ElementsAre("100 cti1 node: first [node]", "100 cti1 node: second [node]"));
  EXPECT_THAT(shown(joiner.take_all()), ElementsAre("300 cti1 node: third [node]"));
}

}  // namespace
}  // namespace linebridge::cli
