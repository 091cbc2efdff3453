#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Door : Bench {
  using Bench::Bench;
  PeerId stranger(std::uint64_t number, std::string tls_name = "") {
    ProxyHeader proxy;
    proxy.source = {"203.0.113.9", 40000};
    proxy.destination = {"192.0.2.100", 5060};
    proxy.tls_name = std::move(tls_name);
    on(Opened{{number}, {Listener::refused, {}, {}, "", proxy}});
    return {number};
  }
};

TEST(SplitterStrangers, Answers403WithTheReasonAndCloses) {
  Door door;
  const PeerId peer = door.stranger(1);
  door.says(peer, request("INVITE", "one", 1));
  EXPECT_THAT(door.out.take(peer),
              AllOf(StartsWith("SIP/2.0 403 Forbidden\r\n"),
                    HasSubstr("\r\nms-diagnostics: 50002;reason=\"host 203.0.113.9 is not in the list "
                              "sip.incoming\";source=\"front\"\r\n")));
  ASSERT_TRUE(door.out.closed(peer));
  EXPECT_EQ(door.out.closes.back().flush, Flush::yes);
  EXPECT_EQ(door.count(Counter::splitter_strangers), 1u);
  EXPECT_FALSE(door.splitter.next_deadline());
}

TEST(SplitterStrangers, NamesTheListOfNamesToWhoShowedACertificate) {
  Door door;
  const PeerId peer = door.stranger(1, "other.example.test");
  door.says(peer, request("OPTIONS", "one", 1));
  EXPECT_THAT(door.out.take(peer), HasSubstr("is not in the list tls.names\""));
}

TEST(SplitterStrangers, AnswersEachOfSeveralRequestsOnce) {
  Door door;
  const PeerId peer = door.stranger(1);
  door.says(peer, request("INVITE", "one", 1) + request("INFO", "two", 7, "pub-1"));
  const std::string answers = door.out.take(peer);
  EXPECT_THAT(answers, AllOf(HasSubstr("Call-ID: one\r\n"), HasSubstr("Call-ID: two\r\n")));
  door.says(peer, request("INVITE", "three", 1));
  EXPECT_EQ(door.out.take(peer), "");
}

TEST(SplitterStrangers, LetsNothingOfThemReachAnything) {
  Door door;
  const PeerId ocs = door.client(2);
  const PeerId leg = door.established(ocs, "one");
  const PeerId peer = door.stranger(1);
  door.says(peer, request("ACK", "one", 1, "pub-1"));
  EXPECT_EQ(door.out.take(peer) + door.out.take(leg), "");
  EXPECT_FALSE(door.out.closed(peer));
  door.says(peer, request("INFO", "one", 2, "pub-1"));
  EXPECT_EQ(door.out.take(leg), "");
  const PeerId other = door.stranger(3);
  door.says(leg, request("INFO", "one", 100, "ocs"));
  door.out.take(ocs);
  door.says(other, response(200, "INFO", "one", 100, "ocs"));
  EXPECT_EQ(door.out.take(leg), "");
  EXPECT_EQ(door.out.dials.size(), 1u);
}

TEST(SplitterStrangers, ClosesASilentOneAfterFiveSeconds) {
  Door door;
  const PeerId peer = door.stranger(1);
  door.says(peer, "INVITE sip:x SIP/2.0\r\n");
  door.pass(4999ms);
  EXPECT_FALSE(door.out.closed(peer));
  door.pass(1ms);
  EXPECT_TRUE(door.out.closed(peer));
}

TEST(SplitterStrangers, ClosesOnGarbage) {
  Door door;
  const PeerId peer = door.stranger(1);
  door.says(peer, "GET / HTTP/1.1\n");
  EXPECT_EQ(door.out.take(peer), "");
  EXPECT_TRUE(door.out.closed(peer));
}

TEST(SplitterStrangers, LetsTwentyInAtOnce) {
  Door door;
  for (std::uint64_t i = 1; i <= 20; ++i)
    EXPECT_FALSE(door.out.closed(door.stranger(i)));
  EXPECT_TRUE(door.out.closed(door.stranger(21)));
  door.gone({21});
  door.gone({1});
  EXPECT_FALSE(door.out.closed(door.stranger(22)));
  EXPECT_EQ(door.count(Counter::splitter_strangers), 22u);
}

TEST(SplitterStrangers, GoWhenTheSplitterStops) {
  Door door;
  const PeerId peer = door.stranger(1);
  door.on(Stop{door.now + 1s});
  EXPECT_TRUE(door.out.closed(peer));
  EXPECT_TRUE(door.splitter.finished());
  EXPECT_TRUE(door.out.closed(door.stranger(2)));
}

}  // namespace
}  // namespace linebridge::lb::splitter
