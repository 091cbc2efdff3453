#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::Contains;
using testing::ElementsAre;

ClusterSpec cluster_with_ports() {
  ClusterSpec spec = small_cluster();
  for (const std::size_t at : {0u, 1u}) {
    spec.phones[at].model = at == 0 ? "CTI Port" : "CTI Route Point";
    spec.phones[at].type = at == 0 ? 72 : 73;
    spec.phones[at].registered = false;
  }
  return spec;
}

class CucmRegisteredPorts : public testing::Test {
protected:
  CucmRegisteredPorts() : bench(cluster_with_ports()), client(bench), other(bench) {
    client.log_in();
    other.log_in();
  }

  std::vector<Message> register_device(Client& by, const std::string& name, std::int32_t media) {
    return by.ask(
        18,
        {{"deviceName", name}, {"filter", all_flags("DeviceEventFilter")}, {"mediaRegistrationType", media}});
  }

  Bench bench;
  Client client, other;
};

constexpr std::int32_t static_port = 1, dynamic_port = 2;

TEST_F(CucmRegisteredPorts, AreRegisteredByAnApplication) {
  const auto answer = register_device(client, "SEP000000001001", dynamic_port);
  ASSERT_THAT(ids(answer), ElementsAre(19, 280, 112));
  EXPECT_EQ(answer[0].fields.element("deviceInfo").number("type"), 72);
  EXPECT_TRUE(answer[0].fields.element("deviceInfo").flag("allowsRegistration"));
  EXPECT_EQ(answer[0].fields.number("deviceID"), answer[2].fields.number("deviceID"));
  EXPECT_THAT(ids(other.received()), ElementsAre(280));
  const auto line = client.ask(
      37, {{"deviceName", "SEP000000001001"}, {"lineName", "1001"}, {"filter", all_flags("LineEventFilter")}});
  EXPECT_THAT(ids(line), Contains(114));
  EXPECT_THAT(ids(register_device(client, "SEP000000001002", dynamic_port)), ElementsAre(19, 280, 112));
}

TEST_F(CucmRegisteredPorts, AreUnregisteredWhenTheirApplicationClosesThem) {
  const auto answer = register_device(client, "SEP000000001001", static_port);
  other.received();
  const Fields device = {{"callManagerID", 1}, {"deviceID", answer[0].fields.number("deviceID")}};
  EXPECT_THAT(ids(client.ask(22, device)), ElementsAre(23, 129));
  EXPECT_THAT(ids(other.received()), ElementsAre(129));
}

TEST_F(CucmRegisteredPorts, AreUnregisteredWhenTheirApplicationIsGone) {
  register_device(client, "SEP000000001001", static_port);
  other.received();
  client.lose();
  EXPECT_THAT(ids(other.received()), ElementsAre(129));
  register_device(other, "SEP000000001001", static_port);
  other.received();
  bench.order("user linebridge delete");
  EXPECT_FALSE(bench.cluster.exchange().phones()[0].registered);
}

TEST_F(CucmRegisteredPorts, AreSharedByApplicationsThatSayWhereTheAudioGoesWithEachCall) {
  register_device(client, "SEP000000001001", dynamic_port);
  other.received();
  EXPECT_THAT(ids(register_device(other, "SEP000000001001", dynamic_port)), ElementsAre(19, 112));
  client.lose();
  EXPECT_TRUE(bench.cluster.exchange().phones()[0].registered);
  other.lose();
  EXPECT_FALSE(bench.cluster.exchange().phones()[0].registered);
}

TEST_F(CucmRegisteredPorts, AreRefusedForWhatIsWrong) {
  EXPECT_EQ(code_of(first(register_device(client, "SEP000000001003", static_port), 0)), 0x8CCC0016);
  EXPECT_EQ(code_of(first(register_device(client, "SEPNONE", static_port), 0)), 0x8CCC0022);
  EXPECT_EQ(code_of(first(register_device(client, "SEP000000002000", static_port), 0)), 0x8CCC0018);
  EXPECT_EQ(code_of(first(register_device(client, "SEP000000001001", 0), 0)), 0x8CCC00B4);
  register_device(client, "SEP000000001001", static_port);
  EXPECT_EQ(code_of(first(register_device(client, "SEP000000001001", static_port), 0)), 0x8CCC00A0);
  other.received();
  EXPECT_EQ(code_of(first(register_device(other, "SEP000000001001", static_port), 0)), 0x8CCC0013);
  EXPECT_EQ(code_of(first(register_device(other, "SEP000000001001", dynamic_port), 0)), 0x8CCC0091);
}

TEST_F(CucmRegisteredPorts, OpenedAsAPhoneIsAreInServiceOnceSomebodyRegistersThem) {
  const Fields open = {{"deviceName", "SEP000000001001"}, {"filter", all_flags("DeviceEventFilter")}};
  EXPECT_THAT(ids(other.ask(16, open)), ElementsAre(17));
  register_device(client, "SEP000000001001", static_port);
  EXPECT_THAT(ids(other.received()), ElementsAre(280, 112));
}

}  // namespace
}  // namespace linebridge::sim::cucm
