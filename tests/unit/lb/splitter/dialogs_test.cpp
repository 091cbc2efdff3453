#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(SplitterDialogs, OpensALegForANewDialogAndSendsTheInviteUnchanged) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const std::string invite = request("INVITE", "one", 1, "", "<RequestSystemStatus/>");
  bench.says(ocs, invite);
  ASSERT_EQ(bench.out.dials.size(), 1u);
  EXPECT_EQ(bench.out.dials[0].target.address, (Address{"/run/place.sock", 0}));
  EXPECT_EQ(bench.header(0),
            (ProxyHeader{false, {"192.0.2.10", 40001}, {"192.0.2.100", 5060}, "one", "new", ""}));
  const PeerId leg = bench.out.dials[0].peer;
  EXPECT_EQ(bench.out.take(leg), "");
  bench.up(leg);
  EXPECT_EQ(bench.out.take(leg), invite);
}

TEST(SplitterDialogs, KeysALongCallIdByItsDigest) {
  Bench bench;
  bench.says(bench.client(1), request("INVITE", std::string(65, 'c'), 1));
  EXPECT_EQ(bench.header(0).unique_id.size(), 64u);
  EXPECT_NE(bench.header(0).unique_id, std::string(64, 'c'));
}

TEST(SplitterDialogs, OpensOneLegForEachDialogOfAConnection) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1) + request("INVITE", "two", 1) + request("INVITE", "three", 1));
  ASSERT_EQ(bench.out.dials.size(), 3u);
  EXPECT_EQ(bench.header(1).unique_id, "two");
}

TEST(SplitterDialogs, TakesAStreamThatIsCutAnywhere) {
  const std::string invite = request("INVITE", "one", 1, "", "a body with\r\n\r\nINVITE sip:x SIP/2.0\r\n\r\n");
  for (std::size_t cut = 1; cut < invite.size(); ++cut) {
    SCOPED_TRACE(cut);
    Bench bench;
    const PeerId ocs = bench.client(1);
    bench.says(ocs, std::string_view(invite).substr(0, cut));
    bench.says(ocs, std::string_view(invite).substr(cut));
    ASSERT_EQ(bench.out.dials.size(), 1u);
    bench.up(bench.out.dials[0].peer);
    EXPECT_EQ(bench.out.take(bench.out.dials[0].peer), invite);
  }
}

TEST(SplitterDialogs, HintsAtTheNodeThatMadeTheToTag) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INFO", "one", 2, "pub-17"));
  bench.says(ocs, request("INFO", "two", 2, "sub-17"));
  bench.says(ocs, request("INFO", "three", 2, "forged"));
  EXPECT_EQ(bench.header(0).authority, "pub");
  EXPECT_EQ(bench.header(1).authority, "sub");
  EXPECT_EQ(bench.header(2).authority, "new");
}

TEST(SplitterDialogs, KeepsTheLegForEverythingInTheDialog) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  const std::string info = request("INFO", "one", 2, "pub-1", "<MakeCall/>");
  bench.says(ocs, info);
  EXPECT_EQ(bench.out.dials.size(), 1u);
  EXPECT_EQ(bench.out.take(leg), info);
}

TEST(SplitterDialogs, GivesAResponseToTheConnectionOfItsRequest) {
  Bench bench;
  const PeerId first = bench.client(1);
  const PeerId second = bench.client(2);
  const PeerId leg = bench.established(first, "one");
  bench.says(first, request("INFO", "one", 2, "pub-1"));
  bench.says(second, request("INFO", "one", 3, "pub-1"));
  const std::string to_second = response(200, "INFO", "one", 3, "pub-1");
  const std::string to_first = response(200, "INFO", "one", 2, "pub-1");
  bench.says(leg, to_second + to_first);
  EXPECT_EQ(bench.out.take(first), to_first);
  EXPECT_EQ(bench.out.take(second), to_second);
}

TEST(SplitterDialogs, GivesAResponseToAnotherConnectionOfTheHostWhenItsOwnIsGone) {
  Bench bench;
  const PeerId first = bench.client(1);
  const PeerId stranger = bench.client(2, "192.0.2.11");
  const PeerId leg = bench.established(first, "one");
  bench.says(first, request("INFO", "one", 2, "pub-1"));
  bench.gone(first);
  const PeerId again = bench.client(3);
  bench.says(leg, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_THAT(bench.out.take(again), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(bench.out.take(stranger), "");
}

TEST(SplitterDialogs, DropsAndCountsAResponseForNobody) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId stranger = bench.client(2, "192.0.2.11");
  const PeerId leg = bench.established(ocs, "one");
  bench.says(leg, response(200, "INFO", "one", 9, "pub-1"));
  EXPECT_EQ(bench.count(Counter::splitter_responses_dropped), 1u);
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  bench.gone(ocs);
  bench.says(leg, response(200, "INFO", "one", 2, "pub-1"));
  EXPECT_EQ(bench.count(Counter::splitter_responses_dropped), 2u);
  EXPECT_EQ(bench.out.take(ocs) + bench.out.take(stranger), "");
}

TEST(SplitterDialogs, FindsAResponseWithoutABranchByItsCseq) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1));
  const PeerId leg = bench.out.dials[0].peer;
  bench.up(leg);
  Sip ok{"SIP/2.0 200 OK", "one", "pub-1"};
  ok.branch = "";
  bench.says(leg, ok.text());
  EXPECT_EQ(bench.out.take(ocs), ok.text());
}

TEST(SplitterDialogs, TakesARequestOfTheNodeToTheNewestConnectionOfTheDialog) {
  Bench bench;
  const PeerId first = bench.client(1);
  const PeerId second = bench.client(2);
  const PeerId leg = bench.established(first, "one");
  const std::string event = request("INFO", "one", 100, "ocs", "<DeliveredEvent/>");
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(first), event);
  bench.says(second, request("INFO", "one", 2, "pub-1"));
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(second), event);
  EXPECT_EQ(bench.out.take(first), "");
}

TEST(SplitterDialogs, TakesTheAnswerToANodesRequestBackOnItsLeg) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(leg, request("INFO", "one", 100, "ocs"));
  const std::string ok = response(200, "INFO", "one", 100, "ocs");
  bench.says(ocs, ok + ok);
  EXPECT_EQ(bench.out.take(leg), ok);
  EXPECT_EQ(bench.count(Counter::splitter_responses_dropped), 1u);
}

TEST(SplitterDialogs, Answers480ToANodeWhoseOcsHasNoConnection) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.gone(ocs);
  bench.says(leg, request("INFO", "one", 100, "ocs"));
  EXPECT_THAT(bench.out.take(leg), StartsWith("SIP/2.0 480 "));
  EXPECT_EQ(bench.count(Counter::splitter_no_client), 1u);
}

TEST(SplitterDialogs, RefusesARequestOfAnotherDialogOnALeg) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.established(ocs, "two");
  bench.says(leg, request("INFO", "two", 100, "ocs"));
  EXPECT_THAT(bench.out.take(leg), StartsWith("SIP/2.0 481 "));
  bench.says(leg, response(200, "INVITE", "two", 1, "pub-1"));
  EXPECT_EQ(bench.out.take(ocs), "");
}

TEST(SplitterDialogs, ClosesTheLegFiveSecondsAfterBye) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(ocs, request("BYE", "one", 2, "pub-1"));
  bench.says(leg, response(200, "BYE", "one", 2, "pub-1"));
  bench.pass(4999ms);
  EXPECT_FALSE(bench.out.closed(leg));
  bench.pass(1ms);
  EXPECT_TRUE(bench.out.closed(leg));
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
  EXPECT_FALSE(bench.splitter.next_deadline());
}

TEST(SplitterDialogs, ClosesTheLegAfterTheNodesBye) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(leg, request("BYE", "one", 100, "ocs"));
  bench.pass(5s);
  EXPECT_FALSE(bench.out.closed(leg));
  bench.says(ocs, response(200, "BYE", "one", 100, "ocs"));
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(leg));
}

TEST(SplitterDialogs, ClosesTheLegAfterARefusedInviteButLetsItsAckPass) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1));
  const PeerId leg = bench.out.dials[0].peer;
  bench.up(leg);
  bench.out.take(leg);
  bench.says(leg, response(403, "INVITE", "one", 1, "pub-1"));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 403"));
  const std::string ack = request("ACK", "one", 1, "pub-1");
  bench.says(ocs, ack);
  EXPECT_EQ(bench.out.take(leg), ack);
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(leg));
}

TEST(SplitterDialogs, ClosesTheLegAfter481EitherWay) {
  for (const bool from_node : {true, false}) {
    SCOPED_TRACE(from_node);
    Bench bench;
    const PeerId ocs = bench.client(1);
    const PeerId leg = bench.established(ocs, "one");
    bench.says(from_node ? ocs : leg, request("INFO", "one", 2, "pub-1"));
    bench.says(from_node ? leg : ocs, response(481, "INFO", "one", 2, "pub-1"));
    bench.pass(5s);
    EXPECT_TRUE(bench.out.closed(leg));
  }
}

TEST(SplitterDialogs, KeepsTheLegWhenAnotherDialogOfTheSameCallIdIsNoMore) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-0"));
  bench.says(leg, response(481, "INFO", "one", 2, "pub-0"));
  bench.pass(5s);
  EXPECT_FALSE(bench.out.closed(leg));
}

TEST(SplitterDialogs, KeepsTheLegOfADialogThatGoesOn) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.says(ocs, request("INVITE", "one", 2, "pub-1"));
  bench.says(leg, response(491, "INVITE", "one", 2, "pub-1"));
  bench.pass(1h);
  EXPECT_FALSE(bench.out.closed(leg));
}

TEST(SplitterDialogs, ForgetsAnIdleDialogWhoseLegCloses) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.gone(leg);
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
  EXPECT_EQ(bench.out.take(ocs), "");
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.header(1).authority, "pub");
}

TEST(SplitterDialogs, PassesCancelOnTheLegOfItsInvite) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1));
  const PeerId leg = bench.out.dials[0].peer;
  bench.up(leg);
  bench.out.take(leg);
  Sip cancel{"CANCEL sip:b@x SIP/2.0", "one"};
  cancel.branch = "z9hG4bKINVITE1";
  cancel.cseq = "1 CANCEL";
  bench.says(ocs, cancel.text());
  EXPECT_EQ(bench.out.take(leg), cancel.text());
  Sip ok = cancel;
  ok.start = "SIP/2.0 200 OK";
  bench.says(leg, ok.text() + response(487, "INVITE", "one", 1, "pub-1"));
  EXPECT_EQ(bench.out.take(ocs), ok.text() + response(487, "INVITE", "one", 1, "pub-1"));
  EXPECT_EQ(bench.splitter.status().pending, 0u);
}

TEST(SplitterDialogs, WritesWhatPassedIntoTheTrace) {
  Bench bench;
  bench.splitter.wall_clock(WallTime{1000s}, bench.now);
  bench.now += 1s;
  const PeerId ocs = bench.client(1);
  bench.established(ocs, "one");
  std::vector<std::string> lines;
  bench.ring.for_each([&](const trace::Entry& entry) {
    EXPECT_EQ(entry.at_us, 1001000000);
    EXPECT_EQ(entry.session, 1u);
    lines.push_back(std::string(entry.from) + ">" + std::string(entry.to) + " " + std::string(entry.text));
  });
  EXPECT_EQ(lines, (std::vector<std::string>{"client>node INVITE", "node>client 200 Words (INVITE)",
                                             "client>node ACK"}));
}

}  // namespace
}  // namespace linebridge::lb::splitter
