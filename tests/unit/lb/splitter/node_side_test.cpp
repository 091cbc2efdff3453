#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::StartsWith;

TEST(SplitterNodeSide, TakesANodesConnectionForTheNewestLegOfADialogItKnows) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  const PeerId leg = bench.node_leg(2, "one");
  const std::string event = request("INFO", "one", 100, "ocs", "<DeliveredEvent/>");
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(ocs), event);
  bench.says(ocs, response(200, "INFO", "one", 100, "ocs"));
  EXPECT_THAT(bench.out.take(leg), StartsWith("SIP/2.0 200"));
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(ocs, info);
  EXPECT_EQ(bench.out.take(leg), info);
  EXPECT_EQ(bench.out.take(first), "");
  EXPECT_EQ(bench.count(Counter::splitter_node_legs), 1u);
}

TEST(SplitterNodeSide, MakesADialogThatItDoesNotKnowFromTheHeader) {
  Bench bench;
  const PeerId stranger = bench.client(1, "192.0.2.11");
  const PeerId ocs = bench.client(2, "192.0.2.10");
  const PeerId leg = bench.node_leg(3, "one");
  EXPECT_EQ(bench.splitter.status().dialogs, 1u);
  const std::string event = request("INFO", "one", 100, "ocs");
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(ocs), event);
  EXPECT_EQ(bench.out.take(stranger), "");
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(ocs, info);
  EXPECT_EQ(bench.out.take(leg), info);
  EXPECT_TRUE(bench.out.dials.empty());
}

TEST(SplitterNodeSide, EndsSuchADialogAfterItsByeLikeAnother) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.node_leg(2, "one");
  bench.says(ocs, request("BYE", "one", 2, "pub-1"));
  bench.says(leg, response(200, "BYE", "one", 2, "pub-1"));
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(leg));
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
}

TEST(SplitterNodeSide, ForgetsSuchADialogWithItsConnection) {
  Bench bench;
  const PeerId leg = bench.node_leg(1, "one");
  bench.gone(leg);
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
  EXPECT_FALSE(bench.splitter.next_deadline());
}

TEST(SplitterNodeSide, LeavesAnUnansweredRequestOnTheLegItWentOutOn) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  bench.out.take(first);
  const PeerId leg = bench.node_leg(2, "one");
  EXPECT_EQ(bench.out.take(leg), "");
  const std::string ok = response(200, "INFO", "one", 2, "pub-1");
  bench.says(leg, ok);
  EXPECT_EQ(bench.out.take(ocs), "");
  EXPECT_EQ(bench.count(Counter::splitter_responses_dropped), 1u);
  bench.says(first, ok);
  EXPECT_EQ(bench.out.take(ocs), ok);
  bench.pass(3s);
  EXPECT_TRUE(bench.out.closed(first));
  EXPECT_FALSE(bench.out.closed(leg));
}

TEST(SplitterNodeSide, Answers500WhenTheOldLegGoesWithARequest) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  const PeerId leg = bench.node_leg(2, "one");
  bench.gone(first);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  EXPECT_FALSE(bench.out.closed(leg));
  EXPECT_EQ(bench.out.dials.size(), 1u);
}

TEST(SplitterNodeSide, TakesWhatWaitedForALeg) {
  Settings settings = Bench::usual();
  settings.dials = 1;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "other", 1));
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(ocs, info);
  EXPECT_EQ(bench.count(Counter::splitter_dials_waited), 1u);
  const PeerId leg = bench.node_leg(2, "one");
  EXPECT_EQ(bench.out.take(leg), info);
  const std::string ok = response(200, "INFO", "one", 2, "pub-1");
  bench.says(leg, ok);
  EXPECT_EQ(bench.out.take(ocs), ok);
  bench.up(bench.out.dials[0].peer);
  EXPECT_EQ(bench.out.dials.size(), 1u);
}

TEST(SplitterNodeSide, DoesNotOfferAThirdTimeWhatTwoNodesHad) {
  Settings settings = Bench::usual();
  settings.dials = 1;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  bench.says(ocs, request("INVITE", "other", 1));
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  bench.gone(first);
  const PeerId leg = bench.node_leg(2, "one");
  EXPECT_EQ(bench.out.take(leg), "");
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
}

TEST(SplitterNodeSide, FallsBackToAnOlderLegWhenTheNewestGoes) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  bench.gone(bench.node_leg(2, "one"));
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(ocs, info);
  EXPECT_EQ(bench.out.take(first), info);
  bench.pass(10s);
  EXPECT_FALSE(bench.out.closed(first));
}

TEST(SplitterNodeSide, ReadsOnlySoManyOldLegsOfADialog) {
  Bench bench;
  bench.client(1);
  for (std::uint64_t i = 2; i < 12; ++i)
    bench.node_leg(i, "one");
  EXPECT_EQ(bench.splitter.status().legs, 4u);
  EXPECT_TRUE(bench.out.closed({2}));
  EXPECT_FALSE(bench.out.closed({11}));
}

TEST(SplitterNodeSide, RefusesAConnectionWithoutAProperHeader) {
  Bench bench;
  const auto header = [](bool local, std::string key, std::string node) {
    ProxyHeader proxy;
    proxy.local = local;
    proxy.unique_id = std::move(key);
    proxy.authority = std::move(node);
    return std::optional(proxy);
  };
  std::uint64_t number = 0;
  for (const auto& proxy :
       {std::optional<ProxyHeader>{}, header(true, "one", "pub"), header(false, "", "pub"),
        header(false, std::string(65, 'k'), "pub"), header(false, "one", "new"), header(false, "one", "")}) {
    bench.on(Opened{{++number}, {Listener::node_side, {}, {}, "", proxy}});
    EXPECT_TRUE(bench.out.closed({number}));
    bench.says({number}, request("INFO", "one", 2));
  }
  EXPECT_EQ(bench.count(Counter::peers_refused), 6u);
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
}

TEST(SplitterNodeSide, IsBoundedByTheDialogs) {
  Settings settings = Bench::usual();
  settings.dialogs = 2;
  Bench bench(settings);
  bench.node_leg(1, "one");
  bench.node_leg(2, "two");
  EXPECT_TRUE(bench.out.closed(bench.node_leg(3, "three")));
  EXPECT_FALSE(bench.out.closed(bench.node_leg(4, "two")));
}

}  // namespace
}  // namespace linebridge::lb::splitter
