#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int32_t controlled = 1, registerable = 2, hotelled = 3, monitored = 4;

std::vector<std::string> names(const Message& message, std::string_view list = "info") {
  std::vector<std::string> all;
  for (const Fields& one : message.fields.elements(list))
    all.emplace_back(one.text("name"));
  return all;
}

class CucmEnumeration : public testing::Test {
protected:
  explicit CucmEnumeration(ClusterSpec spec = small_cluster()) : bench(std::move(spec)), client(bench) {}

  std::int32_t list_devices(std::int32_t group) {
    return first(client.ask(13, {{"deviceGroup", group}}), 14).fields.number("enumerationHandle");
  }
  std::vector<Message> fetch(std::int32_t request, std::int32_t handle, std::int32_t count) {
    return client.ask(request, {{"enumerationHandle", handle}, {"count", count}});
  }

  Bench bench;
  Client client;
};

TEST_F(CucmEnumeration, GivesTheDevicesInPartsUntilThereIsNoMore) {
  client.log_in();
  const std::int32_t handle = list_devices(controlled);
  const Message one = first(fetch(94, handle, 3), 95);
  EXPECT_THAT(names(one), ElementsAre("SEP000000001001", "SEP000000001002", "SEP000000001003"));
  EXPECT_TRUE(one.fields.flag("more"));
  EXPECT_THAT(one.fields.numbers("deviceControlFlagBitMask"), ElementsAre(1, 1, 1));
  EXPECT_EQ(one.fields.elements("info")[0].text("devTypeName"), "Cisco 7960");
  const Message two = first(fetch(94, handle, 3), 95);
  EXPECT_THAT(names(two), ElementsAre("SEP000000001004", "SEP000000001005"));
  EXPECT_FALSE(two.fields.flag("more"));
  EXPECT_THAT(names(first(fetch(94, handle, 3), 95)), IsEmpty());
  EXPECT_THAT(ids(client.ask(96, {{"enumerationHandle", handle}})), ElementsAre(97));
  EXPECT_EQ(code_of(first(fetch(94, handle, 3), 0)), 0x8CCC0004);
}

TEST_F(CucmEnumeration, GivesTheLinesOfAPhoneInPartsUntilThereIsNoMore) {
  client.log_in("many");
  const auto opened = client.ask(24, {{"deviceName", "SEP000000002000"}});
  const std::int32_t handle = first(opened, 25).fields.number("enumerationHandle");
  const Message one = first(fetch(98, handle, 7), 99);
  EXPECT_THAT(names(one), SizeIs(7));
  EXPECT_TRUE(one.fields.flag("more"));
  EXPECT_EQ(one.fields.elements("info")[6].number("lineInstance"), 7);
  const Message two = first(fetch(98, handle, 7), 99);
  EXPECT_THAT(names(two), ElementsAre("2007", "2008", "2009"));
  EXPECT_FALSE(two.fields.flag("more"));
  EXPECT_THAT(ids(client.ask(100, {{"enumerationHandle", handle}})), ElementsAre(101));
  EXPECT_EQ(code_of(first(client.ask(100, {{"enumerationHandle", handle}}), 0)), 0x8CCC0004);
}

TEST_F(CucmEnumeration, RefusesWhatMakesNoSense) {
  client.log_in();
  EXPECT_EQ(code_of(first(client.ask(13, {{"deviceGroup", 5}}), 0)), 0x8CCC00B4);
  EXPECT_EQ(code_of(first(fetch(94, list_devices(controlled), 0), 0)), 0x8CCC00B4);
  EXPECT_EQ(code_of(first(fetch(94, 4711, 10), 0)), 0x8CCC0004);
  EXPECT_EQ(code_of(first(fetch(98, 4711, 10), 0)), 0x8CCC0004);
  EXPECT_EQ(code_of(first(client.ask(96, {{"enumerationHandle", 4711}}), 0)), 0x8CCC0004);
  EXPECT_EQ(code_of(first(client.ask(24, {{"deviceName", "SEPNONE"}}), 0)), 0x8CCC0022);
  EXPECT_EQ(code_of(first(client.ask(24, {{"deviceName", "SEP000000002000"}}), 0)), 0x8CCC0018);
}

TEST_F(CucmEnumeration, HasABoundOfListsThatAreNotGivenBack) {
  client.log_in();
  std::int32_t last = 0;
  for (std::size_t i = 0; i < Enumerations::most_open; ++i)
    last = list_devices(controlled);
  EXPECT_EQ(code_of(first(client.ask(13, {{"deviceGroup", 1}}), 0)), 0x8CCC00B0);
  client.ask(96, {{"enumerationHandle", last}});
  EXPECT_THAT(ids(client.ask(13, {{"deviceGroup", 1}})), ElementsAre(14));
}

TEST_F(CucmEnumeration, LeavesOutWhatWentSinceTheListWasMade) {
  client.log_in();
  const std::int32_t handle = list_devices(controlled);
  bench.order("phone delete SEP000000001002");
  EXPECT_THAT(names(first(fetch(94, handle, 3), 95)), ElementsAre("SEP000000001001", "SEP000000001003"));
}

TEST_F(CucmEnumeration, AnswersNoMoreThanAHundredAtOnce) {
  ClusterSpec spec = small_cluster();
  for (int i = 0; i < 120; ++i) {
    PhoneSpec phone;
    phone.name = "CSF" + std::to_string(i);
    spec.phones.push_back(phone);
  }
  spec.users[0].devices = {"CSF*"};
  Bench large(spec);
  Client other(large);
  other.log_in();
  const std::int32_t handle = first(other.ask(13, {{"deviceGroup", 1}}), 14).fields.number("enumerationHandle");
  const auto part = other.ask(94, {{"enumerationHandle", handle}, {"count", 1000}});
  EXPECT_EQ(part[0].fields.elements("info").size(), 100u);
  EXPECT_TRUE(part[0].fields.flag("more"));
}

TEST_F(CucmEnumeration, TellsTheGroupsOfDevicesApart) {
  ClusterSpec spec = small_cluster();
  spec.phones[1].model = "CTI Port";
  spec.phones[1].type = 72;
  spec.phones[2].extension_mobility = true;
  spec.profiles = {{"dan-mobile", "dan", {LineSpec{"1044"}}}};
  spec.users[0].profiles = {"dan-mobile"};
  Bench mixed(spec);
  Client other(mixed);
  other.log_in();
  const auto group = [&](std::int32_t number) {
    const auto handle = first(other.ask(13, {{"deviceGroup", number}}), 14).fields.number("enumerationHandle");
    return names(first(other.ask(94, {{"enumerationHandle", handle}, {"count", 50}}), 95));
  };
  EXPECT_THAT(group(registerable), ElementsAre("SEP000000001002"));
  EXPECT_THAT(group(hotelled), IsEmpty());
  EXPECT_THAT(group(monitored), IsEmpty());
  EXPECT_TRUE(mixed.order("em login SEP000000001003 dan-mobile").ok);
  other.received();
  EXPECT_THAT(group(hotelled), ElementsAre("SEP000000001003"));
}

TEST_F(CucmEnumeration, GivesWhatIsKnownOfOnePhone) {
  client.log_in();
  const auto known = client.ask(130, {{"deviceName", "SEP000000001001"}});
  ASSERT_THAT(ids(known), ElementsAre(131));
  EXPECT_EQ(known[0].fields.element("info").number("type"), 7);
  EXPECT_FALSE(known[0].fields.element("info").flag("allowsRegistration"));
  EXPECT_EQ(known[0].fields.number("deviceControlFlagBitMask"), 1);
  EXPECT_EQ(code_of(first(client.ask(130, {{"deviceName", "SEPNONE"}}), 0)), 0x8CCC0022);
}

}  // namespace
}  // namespace linebridge::sim::cucm
