#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The flags the client library sets when it opens a line: no call events yet.
Fields quiet_line_filter() {
  return {{"bLineCfwdAllStatus", true}, {"bIntercomInfoChanged", true}, {"bMonitoringTerminatedEvent", true}};
}

TEST(CucmLines, OpenInTheOrderOfTheClientLibrary) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const auto device =
      client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", Fields{{"bDNDChanged", true}}}});
  ASSERT_THAT(ids(device), ElementsAre(17, 112));
  EXPECT_EQ(device[0].fields.element("deviceInfo").text("devTypeName"), "Cisco 7960");
  EXPECT_EQ(device[1].fields.number("deviceID"), device[0].fields.number("deviceID"));

  const auto line = client.ask(
      37, {{"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", quiet_line_filter()}});
  ASSERT_THAT(ids(line), ElementsAre(38, 114));
  EXPECT_EQ(line[1].fields.number("lineID"), line[0].fields.number("lineID"));

  const Fields device_filter = {{"callManagerID", 1},
                                {"deviceID", device[0].fields.number("deviceID")},
                                {"filter", all_flags("DeviceEventFilter")}};
  EXPECT_THAT(ids(client.ask(20, device_filter)), ElementsAre(21));
  const Fields line_filter = {{"lineCallManagerID", 1},
                              {"lineID", line[0].fields.number("lineID")},
                              {"filter", all_flags("LineEventFilter")}};
  // All flags, so ExistingCallCompleted too.
  EXPECT_THAT(ids(client.ask(39, line_filter)), ElementsAre(40, 204));
  EXPECT_THAT(ids(client.ask(39, line_filter)), ElementsAre(40));
}

TEST(CucmLines, TellNothingOfCallsUntilTheirFilterAsks) {
  Bench bench;
  Client client(bench);
  client.log_in();
  client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", Fields{}}});
  const auto line = client.ask(
      37, {{"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", quiet_line_filter()}});
  bench.order("dial 1002 1001");
  EXPECT_THAT(client.received(), IsEmpty());

  const auto told =
      client.ask(39, {{"lineCallManagerID", 1},
                      {"lineID", line[0].fields.number("lineID")},
                      {"filter", Fields{{"bExistingCallEvent", true}, {"callStateChanged", true}}}});
  EXPECT_THAT(call_story(told), ElementsAre("40", "49 ringing"));
  EXPECT_EQ(told[1].fields.text("callingParty"), "1002");
  EXPECT_TRUE(told[1].fields.flag("callPresentable"));
  bench.order("answer 1001");
  EXPECT_THAT(call_story(client.received()), ElementsAre("281 connected"));
}

TEST(CucmLines, AreRefusedWithTheCodeOfWhatIsWrong) {
  ClusterSpec spec = small_cluster();
  spec.phones[1].restricted = true;
  spec.phones[2].lines[0].restricted = true;
  Bench bench(spec);
  Client client(bench);
  client.log_in();
  const Fields device_filter = all_flags("DeviceEventFilter"), line_filter = all_flags("LineEventFilter");
  const auto open_device = [&](const std::string& name) {
    return code_of(first(client.ask(16, {{"deviceName", name}, {"filter", device_filter}}), 0));
  };
  const auto open_line = [&](const std::string& name, const std::string& number, const std::string& partition) {
    return code_of(first(
        client.ask(
            37,
            {{"deviceName", name}, {"lineName", number}, {"partition", partition}, {"filter", line_filter}}),
        0));
  };
  EXPECT_EQ(open_device("SEPNONE"), 0x8CCC0022);
  EXPECT_EQ(open_device("SEP000000002000"), 0x8CCC0018);
  EXPECT_EQ(open_device("SEP000000001002"), 0x8CCC00D2);
  EXPECT_EQ(open_line("SEP000000001001", "1001", ""), 0x8CCC001A);
  client.watch("SEP000000001001", "1001");
  EXPECT_EQ(open_device("SEP000000001001"), 0x8CCC00A0);
  EXPECT_EQ(open_line("SEP000000001001", "1001", ""), 0x8CCC0114);
  EXPECT_EQ(open_line("SEP000000001001", "1001", "other"), 0x8CCC0005);
  client.ask(16, {{"deviceName", "SEP000000001003"}, {"filter", device_filter}});
  EXPECT_EQ(open_line("SEP000000001003", "1003", ""), 0x8CCC00D3);
  EXPECT_EQ(code_of(first(client.ask(41, {{"lineCallManagerID", 1}, {"lineID", 4711}}), 0)), 0x8CCC0071);
  EXPECT_EQ(code_of(first(client.ask(22, {{"callManagerID", 1}, {"deviceID", 4711}}), 0)), 0x8CCC0004);
}

TEST(CucmLines, TellEveryoneThePartitionTheyAreIn) {
  ClusterSpec spec = small_cluster();
  spec.phones[0].lines.push_back({"1001", "Lobby", "", 4, 2, false});
  Bench bench(spec);
  Client client(bench);
  client.log_in();
  const std::int32_t plain = client.watch("SEP000000001001", "1001");
  const auto lobby = client.ask(37, {{"deviceName", "SEP000000001001"},
                                     {"lineName", "1001"},
                                     {"partition", "Lobby"},
                                     {"filter", all_flags("LineEventFilter")}});
  EXPECT_NE(first(lobby, 38).fields.number("lineID"), plain);
}

TEST(CucmLines, HaveHandlesThatAreNobodyElses) {
  Bench bench;
  Client one(bench, 2001), other(bench, 2002);
  one.log_in();
  other.log_in();
  const std::int32_t mine = one.watch("SEP000000001001", "1001");
  EXPECT_NE(mine, other.watch("SEP000000001001", "1001"));
  EXPECT_EQ(code_of(first(other.ask(45, {{"lineCallManagerID", 1}, {"lineID", mine}}), 0)), 0x8CCC0071);
}

TEST(CucmLines, OfAnUnregisteredPhoneComeInServiceWhenItRegisters) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const Fields filter = all_flags("DeviceEventFilter");
  EXPECT_THAT(ids(client.ask(16, {{"deviceName", "SEP000000001005"}, {"filter", filter}})), ElementsAre(17));
  const auto line = client.ask(
      37, {{"deviceName", "SEP000000001005"}, {"lineName", "1005"}, {"filter", all_flags("LineEventFilter")}});
  EXPECT_EQ(line.front().id, 38);
  EXPECT_EQ(code_of(first(client.make_call(line[0].fields.number("lineID"), "1005", "1002"), 0)), 0x8CCC0076);
  EXPECT_TRUE(bench.order("register SEP000000001005").ok);
  EXPECT_THAT(ids(client.received()), ElementsAre(280, 112, 114));
  EXPECT_THAT(ids(client.make_call(line[0].fields.number("lineID"), "1005", "1002")), testing::Contains(44));
}

TEST(CucmLines, GoOutOfServiceWithTheirPhoneAndItsCalls) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const std::int32_t alice = client.watch("SEP000000001001", "1001");
  client.watch("SEP000000001002", "1002");
  client.make_call(alice, "1001", "1002");
  bench.order("answer 1002");
  client.received();
  EXPECT_TRUE(bench.order("unregister SEP000000001002").ok);
  // Nothing is said of Bob's own leg: out of service is all a client gets.
  const auto told = client.received();
  EXPECT_THAT(call_story(told), ElementsAre("113", "111", "129", "281 disconnected", "281 idle"));
  EXPECT_EQ(told[3].fields.number("cause"), 27);
  EXPECT_EQ(bench.order("calls").text, "[]");
}

TEST(CucmLines, AreClosedWithTheirDevice) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const auto device = client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", Fields{}}});
  const Fields open = {
      {"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", quiet_line_filter()}};
  const std::int32_t line = first(client.ask(37, open), 38).fields.number("lineID");
  const Fields close = {{"callManagerID", 1}, {"deviceID", device[0].fields.number("deviceID")}};
  EXPECT_THAT(ids(client.ask(22, close)), ElementsAre(23));
  EXPECT_EQ(code_of(first(client.ask(41, {{"lineCallManagerID", 1}, {"lineID", line}}), 0)), 0x8CCC0071);
  EXPECT_EQ(client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", Fields{}}}).front().id, 17);
  const std::int32_t again = first(client.ask(37, open), 38).fields.number("lineID");
  EXPECT_THAT(ids(client.ask(41, {{"lineCallManagerID", 1}, {"lineID", again}})), ElementsAre(42));
}

TEST(CucmLines, ForwardAllCallsAndTellAllAppearances) {
  Bench bench;
  Client client(bench), other(bench);
  client.log_in();
  other.log_in();
  const std::int32_t alice = client.watch("SEP000000001001", "1001"),
                     bob = client.watch("SEP000000001002", "1002");
  other.watch("SEP000000001005", "1001");
  other.received();
  const auto forward = [&](std::int32_t type, const std::string& to) {
    return client.ask(
        121, {{"lineCallManagerID", 1},
              {"lineID", alice},
              {"FwdDestnInfo", std::vector<Fields>{{{"CfwdType", type}, {"CallFwdDestination", to}}}}});
  };
  const auto on = forward(1, "1003");
  ASSERT_THAT(ids(on), ElementsAre(122, 123));
  EXPECT_EQ(on[1].fields.elements("forwardArray").at(0).text("CallFwdDestination"), "1003");
  EXPECT_THAT(ids(other.received()), ElementsAre(123));
  const auto read = client.ask(124, {{"lineCallManagerID", 1}, {"lineID", alice}});
  EXPECT_EQ(read[0].fields.elements("CtiFwdArray").at(0).text("CallFwdDestination"), "1003");

  const auto call = client.make_call(bob, "1002", "1001");
  EXPECT_EQ(first(call, 108).fields.text("calledParty"), "1003");
  EXPECT_EQ(first(call, 108).fields.text("originalCalledParty"), "1001");
  EXPECT_EQ(first(call, 108).fields.text("lastRedirectingParty"), "1001");

  EXPECT_EQ(code_of(first(forward(1, "4711"), 0)), 0x8CCC0074);
  EXPECT_EQ(code_of(first(forward(1, ""), 0)), 0x8CCC0074);
  EXPECT_EQ(code_of(first(forward(2, "1003"), 0)), 0x8CCC00C9);
  EXPECT_THAT(ids(forward(0, "")), ElementsAre(122, 123));
  EXPECT_THAT(client.ask(124, {{"lineCallManagerID", 1}, {"lineID", alice}})[0].fields.elements("CtiFwdArray"),
              IsEmpty());
}

TEST(CucmLines, DoNotForwardForEver) {
  Bench bench;
  bench.cluster.exchange().set_forward(0, "1002");
  bench.cluster.exchange().set_forward(1, "1001");
  EXPECT_TRUE(bench.order("dial 1003 1001").ok);
}

TEST(CucmLines, SetDoNotDisturbAndMessageWaiting) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const auto device =
      client.ask(16, {{"deviceName", "SEP000000001001"}, {"filter", all_flags("DeviceEventFilter")}});
  const std::int32_t handle = device[0].fields.number("deviceID");
  const auto dnd = client.ask(242, {{"callManagerID", 1}, {"deviceID", handle}, {"dndStatus", true}});
  ASSERT_THAT(ids(dnd), ElementsAre(243, 244));
  EXPECT_TRUE(dnd[1].fields.flag("dndStatus"));
  EXPECT_EQ(
      first(client.ask(247, {{"callManagerID", 1}, {"deviceID", handle}}), 248).fields.number("dndOption"), 1);
  EXPECT_EQ(
      first(client.ask(210, {{"callManagerID", 1}, {"deviceID", handle}}), 211).fields.number("deviceState"),
      0);

  const Fields open = {
      {"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", all_flags("LineEventFilter")}};
  const std::int32_t line = first(client.ask(37, open), 38).fields.number("lineID");
  const auto lamp = [&](const std::string& number) {
    return client.ask(102, {{"lineCallManagerID", 1}, {"lineID", line}, {"lineName", number}, {"lampMode", 2}});
  };
  EXPECT_THAT(ids(lamp("1001")), ElementsAre(103));
  EXPECT_EQ(code_of(first(lamp("4711"), 0)), 0x8CCC0078);
  EXPECT_EQ(first(client.ask(45, {{"lineCallManagerID", 1}, {"lineID", line}}), 46)
                .fields.number("messageWaitingLampMode"),
            2);
}

}  // namespace
}  // namespace linebridge::sim::cucm
