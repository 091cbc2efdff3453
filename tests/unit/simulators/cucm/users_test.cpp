#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

std::uint32_t reason_of(const Message& message) {
  return static_cast<std::uint32_t>(message.fields.number("reason"));
}

std::vector<std::int32_t> notices(const std::vector<Message>& messages) {
  std::vector<std::int32_t> types;
  for (const Message& message : messages) {
    if (message.id == 115) types.push_back(message.fields.number("typeOfNotification"));
  }
  return types;
}

std::uint32_t refused_as(Account account) {
  ClusterSpec spec = small_cluster();
  spec.users[0].account = account;
  Bench bench(spec);
  Client client(bench);
  const auto refused = client.log_in();
  EXPECT_THAT(ids(refused), ElementsAre(4, 126, 155));
  EXPECT_THAT(first(refused, 126).fields.text("failureDescription"), HasSubstr("Directory login failed"));
  EXPECT_EQ(first(refused, 155).fields.number("reason"), 4);
  EXPECT_TRUE(client.is_closed());
  return reason_of(first(refused, 126));
}

TEST(CucmUsers, AreRefusedForWhatIsWrongWithTheirAccount) {
  EXPECT_EQ(refused_as(Account::locked), 0x8CCC011F);
  EXPECT_EQ(refused_as(Account::expired), 0x8CCC011D);
  EXPECT_EQ(refused_as(Account::expired_for_good), 0x8CCC011E);
  EXPECT_EQ(refused_as(Account::disabled), 0x8CCC0145);
}

TEST(CucmUsers, WithAWrongPasswordAreToldNothingOfTheirAccount) {
  ClusterSpec spec = small_cluster();
  spec.users[0].account = Account::locked;
  Bench bench(spec);
  Client client(bench);
  EXPECT_EQ(reason_of(first(client.log_in("linebridge", "wrong"), 126)), 0x8CCC0060);
}

TEST(CucmUsers, LearnWhenTheirPasswordExpires) {
  Bench bench;
  Client one(bench), other(bench);
  const auto never = one.log_in();
  EXPECT_EQ(first(never, 126).fields.number("daysUntilPasswordExpiry"), -1);
  EXPECT_TRUE(std::holds_alternative<Null>(*first(never, 126).fields.find("failureDescription")));
  EXPECT_TRUE(bench.order("user linebridge expires 12").ok);
  EXPECT_EQ(first(other.log_in(), 126).fields.number("daysUntilPasswordExpiry"), 12);
}

TEST(CucmUsers, AreToldOfADirectoryThatIsDown) {
  Bench bench;
  EXPECT_TRUE(bench.order("directory down").ok);
  Client client(bench), later(bench);
  EXPECT_EQ(reason_of(first(client.log_in(), 126)), 0x8CCC005E);
  bench.order("directory up");
  EXPECT_EQ(reason_of(first(later.log_in(), 126)), 0u);
}

TEST(CucmUsers, WaitForADirectoryThatDoesNotAnswerUntilItsTimeIsUp) {
  Bench bench;
  bench.order("directory slow");
  Client client(bench);
  EXPECT_THAT(ids(client.log_in()), ElementsAre(4));
  EXPECT_EQ(code_of(first(client.ask(127), 0)), 0x8CCC0061);
  EXPECT_EQ(code_of(first(client.ask(3, {{"filter", all_flags("ProviderEventFilter")}}), 0)), 0x8CCC0062);
  bench.pass(9s);
  EXPECT_THAT(client.received(), IsEmpty());
  bench.pass(1s);
  const auto refused = client.received();
  ASSERT_THAT(ids(refused), ElementsAre(126, 155));
  EXPECT_EQ(refused[0].fields.number("seq"), 1);
  EXPECT_EQ(reason_of(refused[0]), 0x8CCC0075);
}

TEST(CucmUsers, FindACtiManagerFullThatHasAllTheConnectionsItTakes) {
  ClusterSpec spec = small_cluster();
  spec.max_cti_connections = 1;
  Bench bench(spec);
  Client one(bench, 2001), second(bench, 2001), elsewhere(bench, 2002), third(bench, 2001);
  one.log_in();
  const auto refused = second.log_in();
  ASSERT_THAT(ids(refused), ElementsAre(0));
  EXPECT_EQ(code_of(refused[0]), 0x8CCC0047);
  EXPECT_TRUE(second.is_closed());
  EXPECT_EQ(reason_of(first(elsewhere.log_in(), 126)), 0u);
  one.lose();
  EXPECT_EQ(reason_of(first(third.log_in(), 126)), 0u);
}

TEST(CucmUsers, OpenNoMoreDevicesThanAProviderMay) {
  ClusterSpec spec = small_cluster();
  spec.max_devices_per_provider = 1;
  Bench bench(spec);
  Client client(bench);
  client.log_in();
  const auto able = first(client.ask(127), 128).fields.element("providerCapabilitiesInfo");
  EXPECT_EQ(able.number("maxNumberOfDevicesOpen"), 1);
  const Fields filter = all_flags("DeviceEventFilter");
  EXPECT_EQ(client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", filter}}).front().id, 17);
  EXPECT_EQ(code_of(first(client.ask(16, {{"deviceName", "SEP000000001002"}, {"filter", filter}}), 0)),
            0x8CCC00B0);
}

TEST(CucmUsers, AreToldOfADeviceThatIsGivenToThem) {
  Bench bench;
  Client client(bench), old(bench);
  client.log_in();
  EXPECT_EQ(code_of(first(client.ask(285, {{"deviceName", "SEP000000002000"}}), 0)), 0x8CCC0018);
  EXPECT_TRUE(bench.order("user linebridge give SEP000000002000").ok);
  const auto told = client.received();
  ASSERT_THAT(ids(told), ElementsAre(115));
  EXPECT_EQ(told[0].fields.number("typeOfNotification"), 1);
  EXPECT_EQ(told[0].fields.number("deviceControlFlagBitMask"), 1);
  EXPECT_EQ(told[0].fields.element("deviceInfo").text("name"), "SEP000000002000");
  EXPECT_EQ(told[0].fields.element("providerCapabilitiesInfo").number("maxNumberOfDevicesOpen"), 100000);
  EXPECT_THAT(ids(client.ask(285, {{"deviceName", "SEP000000002000"}})), ElementsAre(286, 279, 279, 279, 287));
  EXPECT_FALSE(bench.order("user linebridge give SEPNONE").ok);
}

TEST(CucmUsers, LoseADeviceWithItsOpenLinesWhenItIsTaken) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const std::int32_t alice = client.watch("SEP000000001001", "1001");
  client.watch("SEP000000001002", "1002");
  client.make_call(alice, "1001", "1002");
  bench.order("answer 1002");
  client.received();
  EXPECT_TRUE(bench.order("user linebridge take SEP000000001001").ok);
  const auto told = client.received();
  ASSERT_THAT(ids(told), ElementsAre(47, 30, 115));
  EXPECT_EQ(told[0].fields.number("lineID"), alice);
  EXPECT_EQ(told[0].fields.number("reason"), 5);
  EXPECT_EQ(told[1].fields.number("reason"), 4);
  EXPECT_EQ(told[2].fields.number("typeOfNotification"), 2);
  EXPECT_EQ(told[2].fields.number("deviceControlFlagBitMask"), 0);
  // The call is none of the application's business any more, but it goes on.
  EXPECT_THAT(bench.order("calls").text, HasSubstr("connected"));
  // The client library still closes the line, once.
  const Fields line = {{"lineCallManagerID", 1}, {"lineID", alice}};
  EXPECT_THAT(ids(client.ask(41, line)), ElementsAre(42));
  EXPECT_EQ(code_of(first(client.ask(41, line), 0)), 0x8CCC0071);
  const Fields device = {{"callManagerID", 1}, {"deviceID", told[1].fields.number("deviceID")}};
  EXPECT_THAT(ids(client.ask(22, device)), ElementsAre(23));
  bench.order("user linebridge give SEP000000001001");
  EXPECT_THAT(notices(client.received()), ElementsAre(1));
}

TEST(CucmUsers, HearNothingOfChangesTheyDidNotAskFor) {
  Bench bench;
  Client client(bench);
  client.log_in();
  client.ask(5, {{"filter", Fields{}}});
  bench.order("user linebridge give SEP000000002000");
  bench.order("unregister SEP000000001001");
  bench.order("register SEP000000001001");
  EXPECT_THAT(client.received(), IsEmpty());
}

TEST(CucmUsers, HearNothingOfOtherUsers) {
  Bench bench;
  Client client(bench), other(bench);
  client.log_in();
  other.log_in("many");
  bench.order("user linebridge take SEP000000001001");
  bench.order("unregister SEP000000001001");
  EXPECT_THAT(other.received(), IsEmpty());
  EXPECT_THAT(ids(client.received()), ElementsAre(115));
}

TEST(CucmUsers, AreCutOffWhenTheyAreDeleted) {
  Bench bench;
  Client client(bench), other(bench), again(bench);
  client.log_in();
  other.log_in("many");
  client.watch("SEP000000001001", "1001");
  client.received();
  EXPECT_TRUE(bench.order("user linebridge delete").ok);
  const auto told = client.received();
  ASSERT_THAT(ids(told), ElementsAre(155));
  EXPECT_EQ(told[0].fields.number("reason"), 5);
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(other.is_closed());
  EXPECT_EQ(reason_of(first(again.log_in(), 126)), 0x8CCC0060);
}

TEST(CucmUsers, AreCutOffWhenTheyMayNotUseCtiAnyMore) {
  Bench bench;
  Client client(bench), again(bench), finally(bench);
  client.log_in();
  bench.order("user linebridge cti off");
  EXPECT_EQ(first(client.received(), 155).fields.number("reason"), 12);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(reason_of(first(again.log_in(), 126)), 0x8CCC005F);
  bench.order("user linebridge cti on");
  EXPECT_EQ(reason_of(first(finally.log_in(), 126)), 0u);
}

TEST(CucmUsers, CanBeAddedAndGetANewPassword) {
  Bench bench;
  EXPECT_TRUE(bench.order("user second add first-word SEP000000001001 SEP000000001002").ok);
  EXPECT_FALSE(bench.order("user second add other").ok);
  Client one(bench), other(bench), third(bench);
  EXPECT_EQ(first(one.log_in("second", "first-word"), 126).fields.number("totalControllableDevices"), 2);
  bench.order("user second password next-word");
  EXPECT_EQ(reason_of(first(other.log_in("second", "first-word"), 126)), 0x8CCC0060);
  EXPECT_EQ(reason_of(first(third.log_in("second", "next-word"), 126)), 0u);
  const std::string shown = bench.order("users").text;
  EXPECT_THAT(shown, HasSubstr("\"second\""));
  EXPECT_THAT(shown, Not(HasSubstr("next-word")));
}

TEST(CucmSuperProvider, SeesADeviceOnlyWhileItHasAcquiredIt) {
  Bench bench;
  Client client(bench);
  EXPECT_EQ(first(client.log_in("super"), 126).fields.number("totalControllableDevices"), 0);
  EXPECT_THAT(ids(client.ask(282)), ElementsAre(283, 284));
  client.ask(212, {{"deviceName", "SEP000000001001"}});
  const auto known = client.ask(130, {{"deviceName", "SEP000000001001"}});
  EXPECT_EQ(first(known, 131).fields.number("deviceControlFlagBitMask"), 2);
  EXPECT_THAT(ids(client.ask(282)), ElementsAre(283, 279, 284));
  const std::int32_t line = client.watch("SEP000000001001", "1001");
  client.received();
  // It gives the device back: what is open there is closed.
  const auto released = client.ask(214, {{"deviceName", "SEP000000001001"}});
  ASSERT_THAT(ids(released), ElementsAre(215, 47, 30));
  EXPECT_EQ(released[1].fields.number("lineID"), line);
  EXPECT_THAT(ids(client.ask(282)), ElementsAre(283, 284));
  EXPECT_EQ(code_of(first(client.ask(214, {{"deviceName", "SEP000000001001"}}), 0)), 0x8CCC0018);
}

TEST(CucmSuperProvider, GivesBackOnlyWhatItAcquired) {
  ClusterSpec spec = small_cluster();
  spec.users[0].all_devices = true;
  Bench bench(spec);
  Client client(bench);
  client.log_in();
  EXPECT_EQ(code_of(first(client.ask(214, {{"deviceName", "SEP000000001001"}}), 0)), 0x8CCC00D5);
  client.ask(212, {{"deviceName", "SEP000000001001"}});
  const auto known = client.ask(130, {{"deviceName", "SEP000000001001"}});
  EXPECT_EQ(first(known, 131).fields.number("deviceControlFlagBitMask"), 3);
  // It is listed too, so nothing is closed.
  client.watch("SEP000000001001", "1001");
  EXPECT_THAT(ids(client.ask(214, {{"deviceName", "SEP000000001001"}})), ElementsAre(215));
}

TEST(CucmSuperProvider, LosesWhatItAcquiredWithTheRight) {
  ClusterSpec spec = small_cluster();
  spec.users[0].all_devices = true;
  Bench bench(spec);
  Client client(bench);
  client.log_in();
  client.ask(212, {{"deviceName", "SEP000000002000"}});
  client.watch("SEP000000002000", "2000");
  client.received();
  EXPECT_TRUE(bench.order("user linebridge all off").ok);
  const auto told = client.received();
  ASSERT_THAT(ids(told), ElementsAre(47, 30, 216, 115));
  EXPECT_EQ(told[2].fields.text("deviceName"), "SEP000000002000");
  EXPECT_EQ(told[3].fields.number("typeOfNotification"), 16);
  EXPECT_FALSE(told[3].fields.element("providerCapabilitiesInfo").flag("controlAnyDevice"));
  EXPECT_FALSE(first(client.ask(127), 128).fields.element("providerCapabilitiesInfo").flag("controlAnyDevice"));
  bench.order("user linebridge all on");
  const auto back = client.received();
  EXPECT_THAT(notices(back), ElementsAre(16));
  EXPECT_TRUE(back[0].fields.element("providerCapabilitiesInfo").flag("controlAnyDevice"));
}

TEST(CucmSuperProvider, IsClosedIfTheRightWasAllItHad) {
  Bench bench;
  Client client(bench);
  client.log_in("super");
  client.ask(212, {{"deviceName", "SEP000000001001"}});
  bench.order("user super all off");
  const auto told = client.received();
  ASSERT_THAT(ids(told), ElementsAre(216, 155));
  EXPECT_EQ(told[1].fields.number("reason"), 6);
  EXPECT_TRUE(client.is_closed());
}

TEST(CucmUsers, WordsOfTheConsoleAreExplainedAndChecked) {
  Bench bench;
  EXPECT_THAT(std::string(command_help()), HasSubstr("user NAME give DEVICE"));
  EXPECT_THAT(bench.order("user nobody-here delete").text, HasSubstr("no such user"));
  EXPECT_THAT(bench.order("user linebridge account odd").text, HasSubstr("expired_for_good"));
  EXPECT_THAT(bench.order("user linebridge expires soon").text, HasSubstr("never"));
  EXPECT_THAT(bench.order("user linebridge cti maybe").text, HasSubstr("on or off"));
  EXPECT_THAT(bench.order("user linebridge sing").text, HasSubstr("give, take"));
  EXPECT_THAT(bench.order("directory sideways").text, HasSubstr("slow"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
