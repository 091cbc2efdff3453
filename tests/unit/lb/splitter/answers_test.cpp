#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

TEST(SplitterAnswers, AnswersOptionsItself) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("OPTIONS", "ping", 1));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 200 OK\r\nVia: "));
  EXPECT_TRUE(bench.out.dials.empty());
}

TEST(SplitterAnswers, PassesOptionsOfADialogOn) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  const PeerId leg = bench.established(ocs, "one");
  const std::string options = request("OPTIONS", "one", 2, "pub-1");
  bench.says(ocs, options);
  EXPECT_EQ(bench.out.take(leg), options);
}

TEST(SplitterAnswers, CopiesTheHeadersByteForByte) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(
      ocs,
      "OPTIONS sip:x SIP/2.0\r\nv: SIP/2.0/TCP  a;branch=1 , SIP/2.0/TCP b\r\nVIA: SIP/2.0/TLS "
      "c;odd=\"x;y\"\r\n"
      "f: \"A, B\"\r\n <sip:a@x>;tag=1\r\nt:<sip:b@x;tag=2>\r\ni: odd id\r\ncseq: 7   OPTIONS\r\nl: 0\r\n\r\n");
  EXPECT_THAT(bench.out.take(ocs),
              StartsWith("SIP/2.0 200 OK\r\nv: SIP/2.0/TCP  a;branch=1 , SIP/2.0/TCP b\r\n"
                         "VIA: SIP/2.0/TLS c;odd=\"x;y\"\r\nf: \"A, B\"\r\n <sip:a@x>;tag=1\r\n"
                         "To: <sip:b@x;tag=2>;tag=front-"));
}

TEST(SplitterAnswers, AnswersAPing) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, "\r\n\r\n");
  EXPECT_EQ(bench.out.take(ocs), "\r\n");
}

TEST(SplitterAnswers, RefusesBrokenFramingAndClosesThatConnectionOnly) {
  Bench bench;
  const PeerId bad = bench.client(1);
  const PeerId good = bench.client(2);
  bench.says(bad,
             "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\n"
             "Call-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n");
  EXPECT_THAT(bench.out.take(bad), StartsWith("SIP/2.0 400 "));
  EXPECT_TRUE(bench.out.closed(bad));
  bench.says(bad, request("INVITE", "after", 1));
  EXPECT_TRUE(bench.out.dials.empty());
  EXPECT_FALSE(bench.out.closed(good));
  EXPECT_EQ(bench.count(Counter::sip_malformed), 1u);
}

TEST(SplitterAnswers, ClosesOnGarbageWithoutAnAnswer) {
  for (const std::string& garbage : {std::string("\x16\x03\x01\x02\n"), std::string(20000, 'a'),
                                     std::string("\n\n\n"), std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n")}) {
    Bench bench;
    const PeerId ocs = bench.client(1);
    bench.says(ocs, garbage);
    EXPECT_EQ(bench.out.take(ocs), "");
    EXPECT_TRUE(bench.out.closed(ocs));
  }
}

TEST(SplitterAnswers, RefusesAMessageWithoutAMandatoryHeaderAndGoesOn) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 400 "));
  EXPECT_FALSE(bench.out.closed(ocs));
  bench.says(ocs, request("INVITE", "one", 1));
  EXPECT_EQ(bench.out.dials.size(), 1u);
}

TEST(SplitterAnswers, NeverAnswersAnAck) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("ACK", "unknown", 1, "pub-1"));
  bench.says(ocs, "ACK sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n");
  bench.says(ocs, "ACK sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n");
  EXPECT_EQ(bench.out.take(ocs), "");
  EXPECT_TRUE(bench.out.dials.empty());
}

TEST(SplitterAnswers, Answers481ToACancelOfNothing) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, request("CANCEL", "unknown", 1));
  EXPECT_THAT(bench.out.take(ocs), StartsWith("SIP/2.0 481 "));
}

TEST(SplitterAnswers, DropsAResponseWithoutADialog) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  bench.says(ocs, response(200, "INFO", "unknown", 1, "x"));
  EXPECT_EQ(bench.out.take(ocs), "");
  EXPECT_EQ(bench.count(Counter::splitter_responses_dropped), 1u);
}

TEST(SplitterAnswers, RepeatsNoRetryAfterSoThatHostsDoNotReturnTogether) {
  Bench bench;
  const PeerId ocs = bench.client(1);
  std::set<std::string> seen;
  for (int i = 0; i < 40; ++i) {
    bench.says(ocs, request("INVITE", "d" + std::to_string(i), 1));
    bench.gone(bench.out.dials.back().peer, Gone::refused);
    const std::string answer = bench.out.take(ocs);
    EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: "));
    seen.insert(answer.substr(answer.find("Retry-After"), 14));
  }
  EXPECT_GT(seen.size(), 2u);
}

TEST(SplitterAnswers, ClosesAConnectionThatComesToNoDoorOfOurs) {
  Bench bench;
  bench.on(Opened{{9}, {Listener::metrics, {}, {}, "", {}}});
  EXPECT_TRUE(bench.out.closed({9}));
  bench.says({9}, "x");
  bench.gone({9});
}

}  // namespace
}  // namespace linebridge::lb::splitter
