#include "cli/follower.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t late = 1'000'000'000;  ///< After everything, and after all patience.

view::TraceLine line(std::uint64_t number, std::string session, std::string from, std::string to,
                     std::string text, std::string detail = {}) {
  return {number,
          static_cast<std::int64_t>(number) * 1000,
          std::move(session),
          std::move(from),
          std::move(to),
          std::move(text),
          std::move(detail)};
}

view::TraceLine sign_in(std::uint64_t number, const std::string& session, const std::string& user) {
  return line(number, session, "client", "node", "INVITE RequestSystemStatus",
              "sip:" + user + "@example.test " + user + "-1@ocs");
}

view::Status status(std::vector<view::Session> sessions) {
  view::Status status;
  status.sessions = std::move(sessions);
  return status;
}

view::Session session(const std::string& id, const std::string& user, const std::string& call_id) {
  view::Session session;
  session.id = id;
  session.user = "sip:" + user + "@example.test";
  session.line = "tel:1001";
  session.link = 2;
  session.call_id = call_id;
  session.age_seconds = 60;
  return session;
}

/// "pub-1 alice@example.test: INFO MakeCall", or the words of a remark.
std::vector<std::string> shown(const std::vector<view::Passed>& steps) {
  std::vector<std::string> out;
  for (const auto& step : steps)
    out.push_back(step.from.empty() ? step.text : step.session + " " + step.user + ": " + step.text);
  return out;
}

class FollowerTest : public testing::Test {
protected:
  void traced(std::size_t source, std::vector<view::TraceLine> lines, std::int64_t now_us = late) {
    follower.traced(source, view::Trace{std::move(lines)}, now_us);
  }
  /// After everybody was asked again.
  std::vector<view::Passed> steps() {
    EXPECT_TRUE(follower.ready(0, late).empty());
    return follower.ready(late, late);
  }
  std::vector<std::string> ready() { return shown(steps()); }

  Follower follower{{{"sip:Alice@example.test", "bob"}, {{"1002", "sip:bob@example.test"}}, 0, true}};
  std::size_t publisher = follower.add_source("publisher", Follower::Kind::node);
  std::size_t subscriber = follower.add_source("subscriber", Follower::Kind::node);
  std::size_t front = follower.add_source("front end", Follower::Kind::front);
};

using CliFollower = FollowerTest;

TEST_F(CliFollower, ShowsTheSessionsOfItsUsersOnly) {
  traced(publisher,
         {sign_in(1, "pub-1", "alice"), sign_in(2, "pub-2", "carol"),
          line(3, "pub-1", "client", "node", "INFO MakeCall"), line(4, "pub-2", "client", "node", "BYE")});
  traced(subscriber, {sign_in(1, "sub-1", "bob")});
  EXPECT_THAT(ready(), ElementsAre("pub-1 alice@example.test: INVITE RequestSystemStatus",
                                   "sub-1 bob@example.test: INVITE RequestSystemStatus",
                                   "pub-1 alice@example.test: INFO MakeCall"));
}

TEST_F(CliFollower, AsksEachSourceForWhatIsNew) {
  EXPECT_EQ(follower.target(publisher), "/v1/trace?after=0&most=100000");
  traced(publisher, {sign_in(41, "pub-1", "alice")});
  EXPECT_EQ(follower.target(publisher), "/v1/trace?after=41&most=100000");
  EXPECT_EQ(follower.target(subscriber), "/v1/trace?after=0&most=100000");
}

TEST_F(CliFollower, LearnsFromTheStatusWhoseSessionsWereThereBefore) {
  EXPECT_TRUE(follower.wants_status(publisher));
  EXPECT_FALSE(follower.wants_status(front));
  follower.status(publisher, status({session("pub-7", "alice", "old@ocs")}));
  EXPECT_FALSE(follower.wants_status(publisher));
  traced(publisher,
         {line(1, "pub-7", "client", "node", "INFO MakeCall"), line(2, "pub-8", "client", "node", "BYE")});
  EXPECT_TRUE(follower.wants_status(publisher));
  follower.status(publisher,
                  status({session("pub-7", "alice", "old@ocs"), session("pub-8", "bob", "bob@ocs")}));
  EXPECT_THAT(ready(), ElementsAre("pub-7 alice@example.test: INFO MakeCall", "pub-8 bob@example.test: BYE"));
}

TEST_F(CliFollower, SaysWhereItsUsersAre) {
  follower.status(publisher,
                  status({session("pub-7", "alice", "old@ocs"), session("pub-8", "carol", "x@ocs")}));
  EXPECT_THAT(shown(follower.introduction(0)),
              ElementsAre("alice@example.test: pub-7 on the publisher, link 2, tel:1001, signed in for 1 min",
                          "bob is not signed in; waiting"));
}

TEST_F(CliFollower, GivesTheFrontEndsLinesToTheSessionOfTheirDialog) {
  traced(front, {line(1, "", "client", "node", "INVITE", "alice-1@ocs"),
                 line(2, "", "client", "front", "OPTIONS", "nobody@ocs")});
  traced(publisher, {sign_in(1, "pub-1", "alice")});
  traced(front, {line(3, "", "node", "client", "200 OK (BYE)", "alice-1@ocs")});
  const auto steps = this->steps();
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].seen, "front node");
  EXPECT_EQ(steps[1].seen, "front");
  EXPECT_EQ(steps[1].session, "pub-1");
}

TEST_F(CliFollower, ShowsWhatWasRefusedWithItsReason) {
  traced(publisher, {sign_in(1, "pub-1", "alice"), line(2, "pub-1", "node", "node", "session ended")});
  auto refused = line(4, "", "node", "client", "481 (INFO)", "link-lost: sign in again");
  refused.at_us = 3000;
  auto stranger = line(6, "", "node", "client", "403 (INVITE)", "sender: not listed");
  stranger.at_us = 5000;
  traced(publisher, {line(3, "", "client", "node", "INFO", "sip:alice@example.test alice-1@ocs"), refused,
                     line(5, "", "client", "node", "INVITE", "sip:mallory@example.test m@ocs"), stranger,
                     line(7, "", "cti1", "node", "Completed")});
  EXPECT_THAT(ready(), ElementsAre("pub-1 alice@example.test: INVITE RequestSystemStatus",
                                   "pub-1 alice@example.test: session ended", "pub-1 alice@example.test: INFO",
                                   "pub-1 alice@example.test: 481 (INFO)"));
}

TEST_F(CliFollower, ShowsToEverybodyWhatLinksDo) {
  traced(publisher,
         {line(1, "", "cti1", "node", "link lost", "closed"), line(2, "", "cti1", "node", "Completed")});
  EXPECT_THAT(ready(), ElementsAre("publisher : link lost"));
}

TEST_F(CliFollower, TakesLinesOfOtherProcesses) {
  traced(publisher, {sign_in(1, "pub-1", "alice")});
  view::Passed phone;
  phone.at_us = 2000;
  phone.line = "1002";
  phone.from = "cti";
  phone.to = "phone";
  phone.text = "rings";
  follower.also(phone);
  phone.line = "1003";
  follower.also(phone);
  view::Passed client;
  client.at_us = 900;
  client.call_id = "alice-1@ocs";
  client.user = "alice";
  client.from = "client";
  client.to = "front";
  client.text = "INVITE";
  follower.also(client);
  const auto steps = this->steps();
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].seen, "client node");
  EXPECT_EQ(steps[1].user, "bob@example.test");
}

TEST_F(CliFollower, TellsOfASourceThatIsSilentAndAsksItAgain) {
  traced(publisher, {sign_in(5, "pub-1", "alice")});
  for (int i = 0; i < 3; ++i)
    follower.traced(publisher, Error{Errc::closed, "Connection refused"}, late - 1);
  EXPECT_EQ(follower.target(publisher), "/v1/trace?after=0&most=100000");
  EXPECT_FALSE(follower.wants_status(publisher));
  traced(publisher, {sign_in(5, "pub-1", "alice"), line(6, "pub-1", "client", "node", "ACK")}, late - 1);
  EXPECT_EQ(follower.target(publisher), "/v1/trace?after=6&most=100000");
  EXPECT_THAT(ready(), ElementsAre("pub-1 alice@example.test: INVITE RequestSystemStatus",
                                   "pub-1 alice@example.test: ACK",
                                   "publisher does not answer: Connection refused; it is asked again and again",
                                   "publisher answers again"));
}

TEST_F(CliFollower, NoticesThatASourceBeganAnew) {
  traced(publisher, {sign_in(5, "pub-1", "alice")});
  follower.traced(publisher, Error{Errc::closed, "gone"}, 6000);
  auto again = sign_in(1, "pub-1", "carol");
  again.at_us = 9000;
  auto bob = sign_in(2, "pub-2", "bob");
  bob.at_us = 9500;
  traced(publisher, {again, bob}, 9900);
  const auto steps = ready();
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[3], "publisher answers again, started anew");
  EXPECT_EQ(steps[2], "pub-2 bob@example.test: INVITE RequestSystemStatus");
  // Between two questions, too.
  auto third = sign_in(1, "pub-1", "alice");
  third.at_us = 10'000;
  traced(publisher, {third}, 10'100);
  EXPECT_THAT(ready(), ElementsAre("pub-1 alice@example.test: INVITE RequestSystemStatus",
                                   "publisher was started anew"));
}

TEST_F(CliFollower, TellsOfLinesThatWereOverwritten) {
  traced(publisher, {sign_in(5, "pub-1", "alice")});
  traced(publisher, {line(9, "pub-1", "client", "node", "ACK")});
  EXPECT_THAT(ready(), ElementsAre("pub-1 alice@example.test: INVITE RequestSystemStatus",
                                   "publisher: 3 lines were overwritten before they could be read",
                                   "pub-1 alice@example.test: ACK"));
}

TEST_F(CliFollower, ShowsNothingThatWasBeforeItsTime) {
  Follower later({{"alice"}, {}, 1500, true});
  const auto node = later.add_source("publisher", Follower::Kind::node);
  later.traced(node, view::Trace{{sign_in(1, "pub-1", "alice"), line(2, "pub-1", "client", "node", "BYE")}},
               5000);
  EXPECT_THAT(shown(later.rest()), ElementsAre("pub-1 alice@example.test: BYE"));
}

TEST_F(CliFollower, WaitsForTheFrontEndOnlyWhileItAnswers) {
  traced(front, {});
  traced(publisher, {sign_in(1, "pub-1", "alice")});
  EXPECT_THAT(shown(follower.ready(late, 1000)), IsEmpty());
  follower.traced(front, Error{Errc::unsupported, "it does not show what passes"}, 1000);
  EXPECT_THAT(
      shown(follower.ready(late, 1000)),
      ElementsAre(HasSubstr("INVITE"),
                  "front end does not answer: it does not show what passes; it is asked again and again"));
}

}  // namespace
}  // namespace linebridge::cli
