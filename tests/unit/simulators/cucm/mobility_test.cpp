#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Phones one and two take log-ins. Erin has two lines in her profile; the application "erin" is her own.
ClusterSpec mobile_cluster() {
  ClusterSpec spec = small_cluster();
  spec.phones[0].extension_mobility = true;
  spec.phones[1].extension_mobility = true;
  spec.profiles = {{"erin-mobile", "erin", {LineSpec{"1044"}, LineSpec{"1045"}}},
                   {"frank-mobile", "frank", {LineSpec{"1055"}}}};
  UserSpec erin, follower;
  erin.name = "erin";
  follower.name = "follower";
  erin.password = follower.password = "secret";
  follower.profiles = {"erin-mobile"};
  spec.users.push_back(erin);
  spec.users.push_back(follower);
  return spec;
}

class CucmMobility : public testing::Test {
protected:
  CucmMobility() : bench(mobile_cluster()), client(bench) {}

  std::vector<Message> after(const std::string& order) {
    client.received();
    const Reply reply = bench.order(order);
    EXPECT_TRUE(reply.ok) << reply.text;
    return client.received();
  }

  Bench bench;
  Client client;
};

std::vector<std::string> lines_of(const Message& message) {
  std::vector<std::string> numbers;
  for (const Fields& line : message.fields.elements("lineInfo"))
    numbers.emplace_back(line.text("name"));
  return numbers;
}

TEST_F(CucmMobility, ClosesTheLinesOfThePhoneAndRestartsItWithThoseOfTheUser) {
  client.log_in();
  const std::int32_t own = client.watch("SEP000000001001", "1001");
  const auto told = after("em login SEP000000001001 erin-mobile");
  ASSERT_THAT(ids(told), ElementsAre(47, 111, 129, 296, 280, 112));
  EXPECT_EQ(told[0].fields.number("lineID"), own);
  EXPECT_EQ(told[0].fields.number("reason"), 4);
  EXPECT_EQ(told[2].fields.number("reason"), 2);
  EXPECT_EQ(told[2].fields.text("loginUserID"), "erin");
  EXPECT_EQ(told[3].fields.text("deviceName"), "SEP000000001001");
  EXPECT_EQ(told[3].fields.number("EMStatus"), 1);
  EXPECT_EQ(told[4].fields.number("registerReason"), 2);
  EXPECT_EQ(told[4].fields.element("deviceRegistrationInfo").text("unicodeLoginUserID"), "erin");
  EXPECT_TRUE(told[4].fields.element("deviceInfoDynamic").flag("EMLoginAllowed"));
  EXPECT_THAT(lines_of(told[4]), ElementsAre("1044", "1045"));
  const auto listed = client.ask(285, {{"deviceName", "SEP000000001001"}});
  EXPECT_THAT(lines_of(first(listed, 279)), ElementsAre("1044", "1045"));
  // The device is still open: its new lines can be opened at once.
  EXPECT_THAT(ids(client.ask(37, {{"deviceName", "SEP000000001001"},
                                  {"lineName", "1044"},
                                  {"filter", all_flags("LineEventFilter")}})),
              Contains(114));
}

TEST_F(CucmMobility, BringsTheOwnLinesBackWhenTheUserGoes) {
  client.log_in();
  bench.order("em login SEP000000001001 erin-mobile");
  client.watch("SEP000000001001", "1044");
  const auto told = after("em logout SEP000000001001");
  ASSERT_THAT(ids(told), ElementsAre(47, 111, 129, 296, 280, 112));
  EXPECT_EQ(told[2].fields.number("reason"), 3);
  EXPECT_EQ(told[2].fields.text("loginUserID"), "erin");
  EXPECT_EQ(told[3].fields.number("EMStatus"), 0);
  EXPECT_EQ(told[4].fields.number("registerReason"), 3);
  EXPECT_EQ(told[4].fields.element("deviceRegistrationInfo").text("unicodeLoginUserID"), "");
  EXPECT_THAT(lines_of(told[4]), ElementsAre("1001"));
  EXPECT_TRUE(bench.order("dial 1002 1001").ok);
  EXPECT_FALSE(bench.order("em logout SEP000000001001").ok);
}

TEST_F(CucmMobility, EndsTheCallsThatWereOnThePhone) {
  client.log_in();
  const std::int32_t alice = client.watch("SEP000000001001", "1001");
  client.watch("SEP000000001003", "1003");
  client.make_call(alice, "1001", "1003");
  bench.order("answer 1003");
  const auto told = after("em login SEP000000001001 erin-mobile");
  EXPECT_THAT(ids(told), ElementsAre(47, 281, 281, 111, 129, 296, 280, 112));
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST_F(CucmMobility, IsToldOfAPhoneThatNobodyOpened) {
  client.log_in();
  EXPECT_THAT(ids(after("em login SEP000000001001 erin-mobile")), ElementsAre(129, 296, 280));
  EXPECT_THAT(ids(after("em logout SEP000000001001")), ElementsAre(129, 296, 280));
}

TEST_F(CucmMobility, IsToldOfAPhoneThatIsNotRegistered) {
  client.log_in();
  bench.order("unregister SEP000000001001");
  EXPECT_THAT(ids(after("em login SEP000000001001 erin-mobile")), ElementsAre(296));
  EXPECT_THAT(lines_of(first(client.ask(285, {{"deviceName", "SEP000000001001"}}), 279)),
              ElementsAre("1044", "1045"));
}

TEST_F(CucmMobility, GivesAUserThePhoneHeIsAtAndTakesItWhenHeGoes) {
  EXPECT_EQ(first(client.log_in("erin"), 126).fields.number("totalControllableDevices"), 0);
  const auto came = after("em login SEP000000001001 erin-mobile");
  ASSERT_THAT(ids(came), ElementsAre(115, 296, 280));
  EXPECT_EQ(came[0].fields.number("typeOfNotification"), 257);
  EXPECT_EQ(came[0].fields.number("deviceControlFlagBitMask"), 4);
  client.watch("SEP000000001001", "1044");
  const auto went = after("em logout SEP000000001001");
  ASSERT_THAT(ids(went), ElementsAre(47, 111, 129, 30, 115, 296));
  EXPECT_EQ(went[4].fields.number("typeOfNotification"), 258);
  EXPECT_EQ(went[4].fields.number("deviceControlFlagBitMask"), 0);
  EXPECT_EQ(code_of(first(client.ask(285, {{"deviceName", "SEP000000001001"}}), 0)), 0x8CCC0018);
}

TEST_F(CucmMobility, GivesTheFollowerOfAProfileThePhoneWhereItIs) {
  client.log_in("follower");
  const auto came = after("em login SEP000000001002 erin-mobile");
  ASSERT_THAT(ids(came), ElementsAre(115, 296, 280));
  EXPECT_EQ(came[0].fields.number("typeOfNotification"), 259);
  EXPECT_EQ(came[0].fields.number("deviceControlFlagBitMask"), 8);
  const auto went = after("em logout SEP000000001002");
  ASSERT_THAT(ids(went), ElementsAre(129, 115, 296));
  EXPECT_EQ(went[1].fields.number("typeOfNotification"), 260);
  EXPECT_THAT(after("em login SEP000000001002 frank-mobile"), IsEmpty());
}

TEST_F(CucmMobility, TellsAUserWhoLogsInWhoIsWhereAlready) {
  bench.order("em login SEP000000001001 erin-mobile");
  EXPECT_EQ(first(client.log_in("erin"), 126).fields.number("totalControllableDevices"), 1);
  const auto listed = client.ask(282);
  ASSERT_THAT(ids(listed), ElementsAre(283, 279, 284));
  EXPECT_EQ(listed[1].fields.element("deviceRegistrationInfo").text("unicodeLoginUserID"), "erin");
  EXPECT_EQ(listed[1].fields.number("controlModeBitMap"), 4);
}

TEST_F(CucmMobility, RefusesWhatExtensionMobilityDoesNotDo) {
  EXPECT_THAT(bench.order("em login SEP000000001003 erin-mobile").text, HasSubstr("nobody can log in there"));
  EXPECT_THAT(bench.order("em login SEP000000001001 nobody").text, HasSubstr("no such profile"));
  EXPECT_THAT(bench.order("em login SEPNONE erin-mobile").text, HasSubstr("no such phone"));
  bench.order("em login SEP000000001001 erin-mobile");
  EXPECT_THAT(bench.order("em login SEP000000001002 erin-mobile").text,
              HasSubstr("is logged in at SEP000000001001"));
  EXPECT_THAT(bench.order("em login SEP000000001001 frank-mobile").text,
              HasSubstr("log out erin-mobile first"));
}

TEST_F(CucmMobility, MakesNoNewLinesHoweverOftenUsersComeAndGo) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(bench.order("em login SEP000000001001 erin-mobile").ok);
    EXPECT_TRUE(bench.order("em logout SEP000000001001").ok);
  }
  const std::size_t lines = bench.cluster.exchange().lines().size();
  EXPECT_EQ(lines, 1u + 1 + 1 + 1 + 2 + 10 + 2);
}

}  // namespace
}  // namespace linebridge::sim::cucm
