#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// What each message says is the reason, of those that say one.
std::vector<std::string> reasons(const std::vector<Message>& messages) {
  std::vector<std::string> all;
  for (const Message& message : messages) {
    const Name name = message.id == 280 ? Name("registerReason") : Name("reason");
    all.push_back(std::to_string(message.id) + " " + std::to_string(message.fields.number(name)));
  }
  return all;
}

class CucmInventory : public testing::Test {
protected:
  CucmInventory() : client(bench) { client.log_in(); }

  std::vector<Message> after(const std::string& order) {
    client.received();
    const Reply reply = bench.order(order);
    EXPECT_TRUE(reply.ok) << reply.text;
    return client.received();
  }
  std::vector<Message> open_line(const std::string& phone, const std::string& number) {
    return client.ask(37,
                      {{"deviceName", phone}, {"lineName", number}, {"filter", all_flags("LineEventFilter")}});
  }
  std::vector<Message> open_device(const std::string& phone) {
    return client.ask(16, {{"deviceName", phone}, {"filter", all_flags("DeviceEventFilter")}});
  }
  /// Alice talks to Bob; both are watched.
  std::int32_t connect() {
    const std::int32_t alice = client.watch("SEP000000001001", "1001");
    client.watch("SEP000000001002", "1002");
    client.make_call(alice, "1001", "1002");
    bench.order("answer 1002");
    client.received();
    return alice;
  }

  Bench bench;
  Client client;
};

TEST_F(CucmInventory, SaysWhyAPhoneIsGone) {
  client.watch("SEP000000001001", "1001");
  const auto gone = [&](const std::string& why) {
    const auto told = after("unregister SEP000000001001 " + why);
    bench.order("register SEP000000001001");
    return reasons(told);
  };
  EXPECT_THAT(gone("off"), ElementsAre("113 5", "111 5", "129 0"));
  EXPECT_THAT(gone("failure"), ElementsAre("113 4", "111 4", "129 0"));
  EXPECT_THAT(gone("node"), ElementsAre("113 1", "111 1", "129 0"));
  EXPECT_THAT(gone("no-node"), ElementsAre("113 3", "111 3", "129 0"));
  EXPECT_THAT(gone("rehome"), ElementsAre("113 2", "111 2", "129 0"));
  EXPECT_THAT(gone("power-save"), ElementsAre("113 6", "111 6", "129 4"));
  EXPECT_THAT(bench.order("unregister SEP000000001001 boredom").text, HasSubstr("rehome"));
}

TEST_F(CucmInventory, TakesAPhoneToAnotherNodeOnlyWhenItHasNoCalls) {
  connect();
  EXPECT_FALSE(bench.order("unregister SEP000000001001 rehome").ok);
  EXPECT_TRUE(bench.order("unregister SEP000000001001 node").ok);
}

TEST_F(CucmInventory, TellsTheLinesOfAPhoneThatComesBack) {
  client.watch("SEP000000001001", "1001");
  bench.order("unregister SEP000000001001");
  const auto told = after("register SEP000000001001");
  ASSERT_THAT(ids(told), ElementsAre(280, 112, 114));
  EXPECT_EQ(told[0].fields.text("deviceName"), "SEP000000001001");
  EXPECT_EQ(told[0].fields.number("eventContent"), 14);
  EXPECT_EQ(told[0].fields.number("totalLines"), 1);
  EXPECT_EQ(told[0].fields.elements("lineInfo").at(0).text("name"), "1001");
  EXPECT_EQ(told[0].fields.element("deviceRegistrationInfo").number("CtiControllable"), 1);
}

TEST_F(CucmInventory, TellsAPhoneThatComesBackWithoutItsLinesToThoseWhoFetchTheOldWay) {
  Client old(bench);
  const auto hello = old.ask(310);
  Fields open = {{"login", "linebridge"},
                 {"filter", all_flags("ProviderEventFilter")},
                 {"requestOldDeviceLineFetch", true}};
  old.log_in_with(first(hello, 311).fields, "secret", std::move(open));
  bench.order("unregister SEP000000001001");
  bench.order("register SEP000000001001");
  const auto told = old.received();
  ASSERT_THAT(ids(told), ElementsAre(129, 15));
  EXPECT_EQ(told[1].fields.element("deviceInfo").text("name"), "SEP000000001001");
  EXPECT_EQ(told[1].fields.number("ctiControl"), 1);
  EXPECT_EQ(told[1].fields.number("deviceControlFlagBitMask"), 1);
}

TEST_F(CucmInventory, RestartsAPhone) {
  connect();
  const auto told = after("reset SEP000000001001");
  EXPECT_THAT(reasons(told),
              ElementsAre("113 5", "111 5", "129 1", "281 1", "281 1", "280 1", "112 0", "114 0"));
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST_F(CucmInventory, TakesManyPhonesAtOnce) {
  client.watch("SEP000000001001", "1001");
  EXPECT_THAT(ids(after("unregister SEP00000000100* node")), ElementsAre(113, 111, 129, 129, 129, 129));
  EXPECT_THAT(ids(after("register SEP00000000100*")), ElementsAre(280, 112, 114, 280, 280, 280, 280));
  EXPECT_FALSE(bench.order("register XYZ*").ok);
}

TEST_F(CucmInventory, ClosesADeviceThatMayNotBeControlledAnyMore) {
  const std::int32_t alice = connect();
  const auto told = after("restrict SEP000000001001");
  EXPECT_THAT(reasons(told), ElementsAre("47 8", "30 13", "115 0"));
  EXPECT_EQ(told[0].fields.number("lineID"), alice);
  EXPECT_EQ(told[2].fields.number("typeOfNotification"), 4);
  EXPECT_TRUE(told[2].fields.element("deviceInfo").flag("isRestricted"));
  EXPECT_EQ(code_of(first(open_device("SEP000000001001"), 0)), 0x8CCC00D2);
  EXPECT_THAT(bench.order("calls").text, HasSubstr("connected"));
  EXPECT_THAT(ids(after("permit SEP000000001001")), ElementsAre(115));
  EXPECT_EQ(open_device("SEP000000001001").front().id, 17);
}

TEST_F(CucmInventory, ClosesALineThatMayNotBeControlledAnyMore) {
  connect();
  const auto told = after("restrict SEP000000001001 1001");
  EXPECT_THAT(reasons(told), ElementsAre("47 8", "115 0"));
  EXPECT_EQ(code_of(first(open_line("SEP000000001001", "1001"), 0)), 0x8CCC00D3);
  after("permit SEP000000001001 1001");
  // The call is still there, and whoever opens the line again is told of it.
  EXPECT_THAT(ids(open_line("SEP000000001001", "1001")), ElementsAre(38, 114, 49, 204));
}

TEST_F(CucmInventory, ForgetsAPhoneThatIsDeletedWithItsCalls) {
  connect();
  const auto told = after("phone delete SEP000000001001");
  EXPECT_THAT(reasons(told), ElementsAre("47 5", "30 4", "115 0", "281 1", "281 1"));
  EXPECT_EQ(told[2].fields.number("typeOfNotification"), 9);
  EXPECT_EQ(told[2].fields.number("deviceControlFlagBitMask"), 0);
  EXPECT_EQ(told[2].fields.element("deviceInfo").text("name"), "SEP000000001001");
  EXPECT_EQ(told[3].fields.number("state"), 14);
  EXPECT_EQ(code_of(first(open_device("SEP000000001001"), 0)), 0x8CCC0022);
  EXPECT_EQ(bench.order("phones SEP000000001001").text, "[]");
  EXPECT_THAT(ids(client.ask(282)), ElementsAre(283, 279, 279, 279, 279, 284));
  EXPECT_FALSE(bench.order("phone delete SEP000000001001").ok);
}

TEST_F(CucmInventory, TakesANewPhone) {
  const auto told = after("phone add SEP000000001009 7965 1009 1010/Lobby");
  ASSERT_THAT(ids(told), ElementsAre(115));
  EXPECT_EQ(told[0].fields.number("typeOfNotification"), 1);
  EXPECT_EQ(told[0].fields.element("deviceInfo").number("type"), 436);
  const auto listed = client.ask(285, {{"deviceName", "SEP000000001009"}});
  EXPECT_EQ(first(listed, 279).fields.elements("lineInfo").at(1).text("partition"), "Lobby");
  const std::int32_t line = client.watch("SEP000000001009", "1009");
  EXPECT_THAT(ids(client.make_call(line, "1009", "1002")), Contains(44));
  EXPECT_FALSE(bench.order("phone add SEP000000001009 7965 1009").ok);
  EXPECT_THAT(bench.order("phone add SEP1 9999 1").text, HasSubstr("not a known model"));
}

TEST_F(CucmInventory, TakesAPhoneAgainThatWasDeleted) {
  bench.order("phone delete SEP000000001001");
  EXPECT_THAT(ids(after("phone add SEP000000001001 CIPC 1001")), ElementsAre(115));
  EXPECT_EQ(open_device("SEP000000001001")[0].fields.element("deviceInfo").number("type"), 30016);
}

TEST_F(CucmInventory, TakesALineOffAPhoneWithItsCalls) {
  connect();
  const auto told = after("line remove SEP000000001001 1001");
  EXPECT_THAT(reasons(told), ElementsAre("47 4", "115 0", "281 1", "281 1"));
  EXPECT_EQ(told[1].fields.number("typeOfNotification"), 4);
  EXPECT_EQ(code_of(first(open_line("SEP000000001001", "1001"), 0)), 0x8CCC0005);
  EXPECT_FALSE(bench.order("line remove SEP000000001001 1001").ok);
}

TEST_F(CucmInventory, PutsALineOnAPhone) {
  open_device("SEP000000001001");
  EXPECT_THAT(ids(after("line add SEP000000001001 1011")), ElementsAre(115));
  EXPECT_THAT(ids(open_line("SEP000000001001", "1011")), Contains(114));
  EXPECT_THAT(ids(after("dial 1002 1011")), Contains(48));
  EXPECT_FALSE(bench.order("line add SEP000000001001 1011").ok);
}

TEST_F(CucmInventory, LetsACallRingOnWhereItsLineIsSharedWhenOnePhoneGoes) {
  bench.order("register SEP000000001005");
  client.watch("SEP000000001005", "1001");
  after("dial 1002 1001");
  EXPECT_THAT(after("unregister SEP000000001001"), Not(IsEmpty()));
  EXPECT_TRUE(bench.order("answer SEP000000001005").ok);
}

TEST_F(CucmInventory, TellsTheStateOfADeviceToThoseWhoAsk) {
  const std::int32_t handle = open_device("SEP000000001001")[0].fields.number("deviceID");
  const auto state = [&] {
    const auto answer = client.ask(210, {{"callManagerID", 1}, {"deviceID", handle}});
    return first(answer, 211).fields.number("deviceState");
  };
  EXPECT_EQ(state(), 0);
  EXPECT_THAT(ids(after("dial 1002 1001")), ElementsAre(208));
  EXPECT_EQ(state(), 2);
  EXPECT_THAT(ids(after("answer 1001")), Contains(209));
  EXPECT_EQ(state(), 1);
  EXPECT_THAT(ids(after("hold 1001")), Contains(207));
  EXPECT_EQ(state(), 3);
  EXPECT_THAT(ids(after("retrieve 1001")), Contains(209));
  EXPECT_THAT(ids(after("hangup 1001")), Contains(206));
  EXPECT_EQ(state(), 0);
  bench.order("unregister SEP000000001001");
  EXPECT_EQ(state(), 4);
}

TEST_F(CucmInventory, TellsNoStateOfADeviceToThoseWhoDoNotAsk) {
  client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", Fields{{"bDNDChanged", true}}}});
  EXPECT_THAT(after("dial 1002 1001"), IsEmpty());
}

TEST_F(CucmInventory, TellsAllWhoOpenedALineThatItAcceptsByItself) {
  Client other(bench);
  other.log_in();
  const std::int32_t line = client.watch("SEP000000001001", "1001");
  other.watch("SEP000000001001", "1001");
  other.received();
  const auto set = [&](std::int32_t status) {
    return client.ask(201, {{"lineCallManagerID", 1}, {"lineID", line}, {"autoAcceptStatus", status}});
  };
  const auto on = set(1);
  ASSERT_THAT(ids(on), ElementsAre(202, 203));
  EXPECT_EQ(on[0].fields.number("autoAcceptStatus"), 1);
  const auto told = other.received();
  ASSERT_THAT(ids(told), ElementsAre(203));
  EXPECT_EQ(told[0].fields.number("autoAcceptStatus"), 1);
  EXPECT_THAT(ids(set(1)), ElementsAre(202));
  EXPECT_EQ(code_of(first(set(2), 0)), 0x8CCC00B4);
}

TEST_F(CucmInventory, SetsTheRingerOfALine) {
  const std::int32_t line = client.watch("SEP000000001001", "1001");
  const auto set = [&](std::int32_t status) {
    return client.ask(137, {{"lineCallManagerID", 1}, {"lineID", line}, {"ringerStatus", status}});
  };
  EXPECT_THAT(ids(set(1)), ElementsAre(138));
  EXPECT_EQ(code_of(first(set(3), 0)), 0x8CCC0020);
  const Fields nobodys = {{"lineCallManagerID", 1}, {"lineID", 4711}, {"ringerStatus", 1}};
  EXPECT_EQ(code_of(first(client.ask(137, nobodys), 0)), 0x8CCC0071);
}

TEST_F(CucmInventory, TellsAndShowsHowAPhoneDoesNotDisturb) {
  const auto opened = open_device("SEP000000001001");
  EXPECT_EQ(first(opened, 112).fields.number("dndOption"), 1);
  const auto told = after("dnd-option SEP000000001001 call_reject");
  ASSERT_THAT(ids(told), ElementsAre(246));
  EXPECT_EQ(told[0].fields.number("dndOption"), 2);
  const Fields device = {{"callManagerID", 1}, {"deviceID", opened[0].fields.number("deviceID")}};
  EXPECT_EQ(first(client.ask(247, device), 248).fields.number("dndOption"), 2);
  EXPECT_FALSE(bench.order("dnd-option SEP000000001001 loud").ok);
}

TEST_F(CucmInventory, SetsTheLampOfItsOwnLineOrOfAnother) {
  const std::int32_t line = client.watch("SEP000000001001", "1001");
  const auto lamp = [&](const std::string& number, std::int32_t mode) {
    return client.ask(102,
                      {{"lineCallManagerID", 1}, {"lineID", line}, {"lineName", number}, {"lampMode", mode}});
  };
  EXPECT_THAT(ids(lamp("", 2)), ElementsAre(103));
  EXPECT_THAT(ids(lamp("1002", 2)), ElementsAre(103));
  EXPECT_THAT(bench.order("phones 1002").text, HasSubstr("\"message_waiting\":true"));
  EXPECT_THAT(ids(lamp("1002", 1)), ElementsAre(103));
  EXPECT_EQ(code_of(first(lamp("1002", 6), 0)), 0x8CCC00B4);
}

TEST_F(CucmInventory, TellsWhatIsOnALine) {
  const std::int32_t line = connect();
  const auto info = client.ask(45, {{"lineCallManagerID", 1}, {"lineID", line}});
  ASSERT_THAT(ids(info), ElementsAre(46));
  EXPECT_EQ(info[0].fields.text("deviceName"), "SEP000000001001");
  EXPECT_EQ(info[0].fields.text("lineDir"), "1001");
  EXPECT_EQ(info[0].fields.number("numActiveCalls"), 1);
  EXPECT_EQ(info[0].fields.number("maxActiveCalls"), 4);
  EXPECT_EQ(info[0].fields.number("maxCallsOnHold"), 4);
  EXPECT_EQ(info[0].fields.elements("calls").size(), 1u);
  bench.order("hold 1001");
  client.received();
  const auto held = client.ask(45, {{"lineCallManagerID", 1}, {"lineID", line}});
  EXPECT_EQ(held[0].fields.number("numActiveCalls"), 0);
  EXPECT_EQ(held[0].fields.number("numCallsOnHold"), 1);
}

TEST(CucmStream, RefusesWhatTheProtocolHasButNobodyServes) {
  Bench bench;
  Client client(bench);
  const auto ask = [&](std::int32_t id) {
    std::string frame = client.frame(9, {});
    write_u32(frame, 16, static_cast<std::uint32_t>(id));
    client.send_raw(frame);
    const auto answer = client.received();
    EXPECT_THAT(ids(answer), ElementsAre(0)) << id;
    EXPECT_EQ(first(answer, 0).fields.number("seq"), client.seq);
    return code_of(first(answer, 0));
  };
  EXPECT_EQ(ask(233), 0x8CCC0061);
  client.log_in();
  for (const std::int32_t id : {26, 28, 134, 145, 152, 157, 164, 180, 194, 217, 224, 231, 233, 257, 288, 314})
    EXPECT_EQ(ask(id), 0x8CCC0099) << id;
  for (const std::int32_t id : {1, 7, 27, 104, 105, 156, 179, 255, 316, 9999, -1})
    EXPECT_EQ(ask(id), 0x8CCC0051) << id;
  // Responses and events are for a CTI Manager to send, whatever is in them.
  for (const std::int32_t id : {4, 17, 38, 48, 115, 126, 155, 281, 283, 311})
    EXPECT_EQ(ask(id), 0x8CCC0051) << id;
  EXPECT_THAT(ids(client.ask(127)), ElementsAre(128));
}

TEST(CucmStream, RefusesEveryRequestBeforeTheLogIn) {
  Bench bench;
  Client client(bench);
  for (const std::int32_t id : {5, 11, 13, 16, 18, 24, 37, 94, 127, 130, 212, 282, 285})
    EXPECT_EQ(code_of(first(client.ask(id), 0)), 0x8CCC0061) << id;
  EXPECT_EQ(first(client.log_in(), 126).fields.number("reason"), 0);
  EXPECT_EQ(code_of(first(client.ask(310), 0)), 0x8CCC0062);
}

TEST(CucmOpen, SaysWhereThePluginsAre) {
  Bench bench;
  Client client(bench), second(bench);
  const auto hello = client.ask(310);
  EXPECT_EQ(hello[0].fields.text("pluginLocation"), "http://127.0.0.1/plugins/");
  EXPECT_EQ(hello[0].fields.number("providerID"), 16777217);
  const auto opened = second.log_in();
  EXPECT_EQ(first(opened, 4).fields.number("requestTimer"), 5);
  EXPECT_EQ(first(opened, 4).fields.text("pluginLocation"), "http://127.0.0.1/plugins/");
  EXPECT_EQ(first(opened, 4).fields.number("providerId"), 16777218);
}

}  // namespace
}  // namespace linebridge::sim::cucm
