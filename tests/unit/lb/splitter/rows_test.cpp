#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::StartsWith;

TEST(SplitterRows, FollowsAHostThatReconnectsWithoutEndingItsOldConnection) {
  Bench bench;
  const PeerId dead = bench.client(1);
  const PeerId leg = bench.established(dead, "one");
  const PeerId newer = bench.client(2);
  const std::string lost = request("INFO", "one", 100, "ocs");
  bench.says(leg, lost);
  EXPECT_EQ(bench.out.take(dead), lost);
  bench.pass(2s);
  const std::string event = request("INFO", "one", 101, "ocs");
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(newer), event);
  EXPECT_EQ(bench.out.take(dead), "");
}

// Of one host there may be several programs, or several hosts behind one address.
TEST(SplitterRows, KeepsADialogOnItsConnectionThoughTheHostOpensAnother) {
  Bench bench;
  const PeerId first = bench.client(1);
  const PeerId leg = bench.established(first, "one");
  bench.client(2);
  bench.pass(3600s);
  const std::string event = request("INFO", "one", 100, "ocs");
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(first), event);
}

TEST(SplitterRows, StaysOnAConnectionThatStillSpeaksThoughThereIsANewerOne) {
  Bench bench;
  const PeerId first = bench.client(1);
  const PeerId leg = bench.established(first, "one");
  const PeerId newer = bench.client(2);
  for (int cseq = 100; cseq < 103; ++cseq) {
    const std::string event = request("INFO", "one", cseq, "ocs");
    bench.says(leg, event);
    EXPECT_EQ(bench.out.take(first), event);
    bench.says(first, "\r\n\r\n");
    bench.out.take(first);
    bench.pass(2s);
  }
  EXPECT_EQ(bench.out.take(newer), "");
}

TEST(SplitterRows, LetsAnotherMemberOfThePoolGoOnWithADialog) {
  Bench bench;
  const PeerId one = bench.client(1, "192.0.2.10");
  const PeerId two = bench.client(2, "192.0.2.11");
  const PeerId leg = bench.established(one, "one");
  const std::string info = request("INFO", "one", 2, "pub-1");
  bench.says(two, info);
  EXPECT_EQ(bench.out.take(leg), info);
  const std::string ok = response(200, "INFO", "one", 2, "pub-1");
  bench.says(leg, ok);
  EXPECT_EQ(bench.out.take(two), ok);
  const std::string event = request("INFO", "one", 100, "ocs");
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(two), event);
  bench.gone(two);
  bench.says(leg, event);
  EXPECT_EQ(bench.out.take(one), "");
  EXPECT_THAT(bench.out.take(leg), StartsWith("SIP/2.0 480 "));
}

TEST(SplitterRows, GivesNoResponseToAnotherRequestOfTheSameNumber) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  Sip info{"INFO sip:b@x SIP/2.0", "one", "pub-1"};
  info.cseq = "2 INFO";
  info.branch = "z9hG4bKold";
  bench.says(ocs, info.text());
  bench.pass(15s);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  info.branch = "z9hG4bKnew";
  bench.says(ocs, info.text());
  Sip late = info;
  late.start = "SIP/2.0 200 OK";
  late.branch = "z9hG4bKold";
  bench.says(leg, late.text());
  EXPECT_EQ(bench.out.take(ocs), "");
  late.branch = "z9hG4bKnew";
  bench.says(leg, late.text());
  EXPECT_EQ(bench.out.take(ocs), late.text());
}

TEST(SplitterRows, TakesGlareToTheSameLegBothWays) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  const std::string ours = request("INVITE", "one", 7, "pub-1");
  const std::string theirs = request("INVITE", "one", 7, "ocs");
  bench.says(ocs, ours);
  bench.says(leg, theirs);
  EXPECT_EQ(bench.out.take(leg), ours);
  EXPECT_EQ(bench.out.take(ocs), theirs);
  bench.says(leg, response(491, "INVITE", "one", 7, "pub-1"));
  bench.says(ocs, response(491, "INVITE", "one", 7, "ocs"));
  EXPECT_EQ(bench.out.take(ocs), response(491, "INVITE", "one", 7, "pub-1"));
  EXPECT_EQ(bench.out.take(leg), response(491, "INVITE", "one", 7, "ocs"));
  const std::string ack = request("ACK", "one", 7, "pub-1");
  bench.says(ocs, ack);
  EXPECT_EQ(bench.out.take(leg), ack);
  bench.says(leg, request("ACK", "one", 7, "ocs"));
  EXPECT_EQ(bench.out.take(ocs), request("ACK", "one", 7, "ocs"));
  bench.pass(1h);
  EXPECT_FALSE(bench.out.closed(leg));
}

TEST(SplitterRows, TakesAnInfoThatRacesWithByeToTheSameLeg) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  const std::string bye = request("BYE", "one", 2, "pub-1");
  const std::string info = request("INFO", "one", 3, "pub-1");
  bench.says(ocs, bye);
  bench.says(leg, response(200, "BYE", "one", 2, "pub-1"));
  bench.pass(2s);
  bench.says(ocs, info);
  EXPECT_EQ(bench.out.take(leg), bye + info);
  bench.pass(4s);
  EXPECT_FALSE(bench.out.closed(leg));
  bench.says(leg, response(481, "INFO", "one", 3, "pub-1"));
  bench.pass(5s);
  EXPECT_TRUE(bench.out.closed(leg));
  bench.says(ocs, request("INFO", "one", 4, "pub-1"));
  EXPECT_EQ(bench.header(1).authority, "pub");
}

TEST(SplitterRows, SendsCancelAfterAnInviteThatIsOfferedAgain) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const std::string invite = request("INVITE", "one", 1);
  bench.says(ocs, invite);
  bench.up(bench.out.dials[0].peer);
  bench.gone(bench.out.dials[0].peer);
  Sip cancel{"CANCEL sip:b@x SIP/2.0", "one"};
  cancel.branch = "z9hG4bKINVITE1";
  cancel.cseq = "1 CANCEL";
  bench.says(ocs, cancel.text());
  const PeerId second = bench.out.dials[1].peer;
  bench.up(second);
  EXPECT_EQ(bench.out.take(second), invite + cancel.text());
}

TEST(SplitterRows, OffersARequestToTwoNodesAtMostHoweverTheOthersEnd) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1") + request("INFO", "one", 3, "pub-1"));
  bench.gone(first);
  const PeerId second = bench.out.dials[1].peer;
  bench.up(second);
  bench.says(second, response(481, "INFO", "one", 2, "pub-1"));
  bench.out.take(ocs);
  bench.gone(second);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
}

TEST(SplitterRows, OffersOnlyWhatIsNewWhenTheSecondNodeGoesToo) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId first = bench.established(ocs, "one");
  bench.says(ocs, request("INFO", "one", 2, "pub-1"));
  bench.gone(first);
  const PeerId second = bench.out.dials[1].peer;
  bench.up(second);
  bench.says(ocs, request("INFO", "one", 3, "pub-1"));
  bench.gone(second);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
  ASSERT_EQ(bench.out.dials.size(), 3u);
  bench.up(bench.out.dials[2].peer);
  EXPECT_EQ(bench.out.take(bench.out.dials[2].peer), request("INFO", "one", 3, "pub-1"));
}

TEST(SplitterRows, RefusesNewDialogsWhenTooManyWaitToBePlaced) {
  Settings settings = Bench::usual();
  settings.dials = 1;
  settings.waiting = 2;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  for (int i = 0; i < 3; ++i)
    bench.says(ocs, request("INVITE", "d" + std::to_string(i), 1));
  EXPECT_EQ(bench.count(Counter::splitter_dials_waited), 2u);
  EXPECT_EQ(bench.out.take(ocs), "");
  bench.says(ocs, request("INVITE", "late", 1));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 503 "));
  bench.says(ocs, request("INFO", "late", 1, "pub-1"));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
}

TEST(SplitterRows, LetsAWaitingDialogGoWhenNobodyAnswersInTime) {
  Settings settings = Bench::usual();
  settings.dials = 1;
  Bench bench(settings);
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("INVITE", "one", 1) + request("INVITE", "two", 1));
  bench.pass(20s);
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 500 "));
  EXPECT_EQ(bench.splitter.status().dialogs, 1u);
  bench.up(bench.out.dials[0].peer);
  EXPECT_EQ(bench.out.take(bench.out.dials[0].peer), "");
  bench.pass(5s);
  EXPECT_EQ(bench.splitter.status().dialogs, 0u);
  EXPECT_EQ(bench.out.dials.size(), 1u);
  bench.says(ocs, request("INVITE", "three", 1));
  EXPECT_EQ(bench.header(1).unique_id, "three");
}

TEST(SplitterRows, AnswersAHealthCheckOfHaproxyWithNothing) {
  Bench bench;
  ProxyHeader check;
  check.local = true;
  bench.on(Opened{{1}, {Listener::sip, {}, {}, "", check}});
  EXPECT_TRUE(bench.out.closed({1}));
  EXPECT_EQ(bench.splitter.status().clients, 0u);
}

TEST(SplitterRows, TracesWhatItAnswersItself) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  bench.gone(ocs);
  bench.says(leg, request("INFO", "one", 100, "ocs"));
  const PeerId again = bench.client(2);
  bench.says(again, request("CANCEL", "two", 1));
  std::vector<std::string> lines;
  bench.ring.for_each([&](const trace::Entry& entry) {
    lines.push_back(std::string(entry.from) + ">" + std::string(entry.to) + " " + std::string(entry.text) +
                    " " + std::string(entry.detail));
  });
  lines.erase(lines.begin(), lines.begin() + 3);
  EXPECT_EQ(lines, (std::vector<std::string>{"front>node 480 Temporarily Unavailable (INFO) one",
                                             "client>front CANCEL two",
                                             "front>client 481 Call/Transaction Does Not Exist (CANCEL) two"}));
}

}  // namespace
}  // namespace linebridge::lb::splitter
