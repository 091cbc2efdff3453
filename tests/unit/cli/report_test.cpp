#include "cli/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::cli {
namespace {

using testing::HasSubstr;

constexpr std::int64_t noon = 1'795'348'800'000'000;  // 2026-11-22 12:00:00 UTC

view::Status publisher() {
  view::Status status;
  status.node = {"publisher", "0.1.0", "up", 7260, 1, 0, 40};
  status.links = {{1, "192.0.2.11:2748", "in service", 1, 120, 131, 1, 0, 0, ""},
                  {2, "cucm2.example.test:2748", "waiting", 0, 0, 0, 0, 0, 12, "connection refused"}};
  status.sessions = {{"7f3a", "sip:alice@example.test", "tel:1001;phone-context=dialstring", "SEP0002FD3BB5C5",
                      "only device", 1, "call@host", "41", "monitored", 600, 59, 5, 9, 8, 1}};
  return status;
}

TEST(CliStatus, ShowsNodesLinksAndSessions) {
  EXPECT_EQ(
      status_report({{"publisher", "/run/linebridge/publisher.sock", publisher()}}),
      "publisher: up, version 0.1.0, running 2 h 1 min, 1 session, 0 calls, 40 users assigned\n"
      "\n"
      "  LINK  ADDRESS                  STATE       SESSIONS  DEVICES  LINES  OPEN  WAITING  LOST  LAST ERROR\n"
      "     1  192.0.2.11:2748          in service         1      120    131     1        0     0  -\n"
      "     2  cucm2.example.test:2748  waiting            0        0      0     0        0    12  connection "
      "refused\n"
      "\n"
      "  SESSION  USER                    LINE                               DEVICE           RULE         "
      "LINK  "
      "STATE      AGE     REFRESHED  REQUESTS  EVENTS  UNANSWERED\n"
      "  7f3a     sip:alice@example.test  tel:1001;phone-context=dialstring  SEP0002FD3BB5C5  only device     "
      "1  "
      "monitored  10 min  59 s ago          5       9           1\n");
}

TEST(CliStatus, ShowsANodeThatDoesNotAnswer) {
  view::Status draining;
  draining.node = {"subscriber", "0.1.0", "drain", 5, 0, 0, 0};
  EXPECT_EQ(
      status_report({{"publisher", "/run/p.sock", Error{Errc::closed, "No such file or directory"}},
                     {"subscriber", "/run/s.sock", draining}}),
      "publisher: no answer from /run/p.sock: No such file or directory\n"
      "\n"
      "subscriber: drain (takes no new sessions), version 0.1.0, running 5 s, 0 sessions, 0 calls, 0 users "
      "assigned\n");
}

TEST(CliStatus, ShowsADrainAndItsEnd) {
  view::Status status = publisher();
  status.node.agent = "drain";
  status.node.state = "draining";
  status.node.drain_seconds_left = 1800;
  EXPECT_THAT(
      status_report({{"publisher", "/run/p.sock", status}}),
      testing::StartsWith("publisher: drain (takes no new sessions), draining, the rest is ended in 30 min, "
                          "version 0.1.0"));
}

TEST(CliDrain, SaysHowTheNodeStands) {
  EXPECT_EQ(drain_report({{"publisher", "/run/p.sock", view::Drainage{"draining", 3, 90}}}),
            "publisher: draining, the rest is ended in 1 min, 3 sessions\n");
  EXPECT_EQ(drain_report({{"subscriber", "/run/s.sock", view::Drainage{"serving", 1, 0}}}),
            "subscriber: takes new sessions, 1 session\n");
  EXPECT_EQ(drain_report({{"subscriber", "/run/s.sock", Error{Errc::closed, "x"}}}), "");
}

TEST(CliStatus, ShowsNothingANodeSentAsControlCharacters) {
  view::Status status = publisher();
  status.node.agent = "up\x1B[2J";
  status.sessions[0].user = "sip:\x1B]0;x\x07@example.test";
  const auto text = status_report({{"publisher", "/run/p.sock", status}});
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("up\\x1b[2J"));
}

TEST(CliLadder, MergesNodesInTheOrderOfTime) {
  const view::Trace publisher{{{1, noon, "7f3a", "client", "node", "INVITE", "user sip:alice@example.test"},
                               {2, noon + 1'500, "7f3a", "node", "client", "200 OK (INVITE)", ""}}};
  const view::Trace subscriber{{{1, noon + 1'000, "", "node", "cti1", "ProviderHeartbeat", ""}}};
  EXPECT_EQ(ladder({{"publisher", "", publisher}, {"subscriber", "", subscriber}}),
            "TIME (UTC)                  NODE        SESSION  FROM -> TO        MESSAGE            DETAIL\n"
            "2026-11-22 12:00:00.000000  publisher   7f3a     client -> node    INVITE             user "
            "sip:alice@example.test\n"
            "2026-11-22 12:00:00.001000  subscriber  -        node   -> cti1    ProviderHeartbeat  -\n"
            "2026-11-22 12:00:00.001500  publisher   7f3a     node   -> client  200 OK (INVITE)    -\n");
}

TEST(CliLadder, KeepsTheOrderOfLinesOfOneInstant) {
  const view::Trace trace{{{1, noon, "", "a", "b", "first", ""}, {2, noon, "", "a", "b", "second", ""}}};
  const auto text = ladder({{"publisher", "", trace}});
  EXPECT_LT(text.find("first"), text.find("second"));
}

TEST(CliLadder, SaysSoIfNothingWasTraced) {
  EXPECT_EQ(ladder({{"publisher", "", view::Trace{}}, {"subscriber", "", Error{Errc::closed, ""}}}),
            "nothing was traced\n");
}

TEST(CliLadder, TakesAnyTime) {
  const view::Trace trace{{{1, -1, "", "", "", "", ""}, {2, 253'402'300'799'999'999, "", "", "", "", ""}}};
  const auto text = ladder({{"publisher", "", trace}});
  EXPECT_THAT(text, HasSubstr("1969-12-31 23:59:59.999999"));
  EXPECT_THAT(text, HasSubstr("9999-12-31 23:59:59.999999"));
}

TEST(CliReport, ShowsDurationsInTheirTwoLargestUnits) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(59), "59 s");
  EXPECT_EQ(duration_text(60), "1 min");
  EXPECT_EQ(duration_text(3'599), "59 min");
  EXPECT_EQ(duration_text(12'000), "3 h 20 min");
  EXPECT_EQ(duration_text(2 * 86'400 + 3 * 3'600 + 59), "2 d 3 h");
}

}  // namespace
}  // namespace linebridge::cli
