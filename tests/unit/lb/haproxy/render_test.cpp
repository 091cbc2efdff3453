#include "lb/haproxy/render.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/wait.h>

namespace linebridge::lb::haproxy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

config::Config site() {
  config::Config config;
  config.sip.names = {"cti.example.test", "192.0.2.100"};
  config.sip.incoming = {"192.0.2.10", "198.51.100.0/24"};
  config.publisher.listen = {"127.0.0.1", 5071};
  config.publisher.agent = {"127.0.0.1", 5081};
  config.subscriber.listen = {"127.0.0.1", 5072};
  config.subscriber.agent = {"127.0.0.1", 5082};
  config.front.listen = {"0.0.0.0", 5060};
  config.front.run_directory = "/run/linebridge";
  config.front.statistics = {"127.0.0.1", 8404};
  return config;
}

std::string file(const config::Config& config, std::string_view name, Limits limits = {}) {
  for (const auto& each : render(config, limits))
    if (each.name == name) return each.content;
  return "no file " + std::string(name);
}
std::string text(const config::Config& config, Limits limits = {}) {
  return file(config, "haproxy.cfg", limits);
}

/// A new directory that goes away with the test.
struct Scratch {
  std::filesystem::path path;
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "linebridge haproxy XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path = pattern;
  }
  ~Scratch() {
    if (!path.empty()) std::filesystem::remove_all(path);
  }
};

/// The exit status of `haproxy -c`, started from another directory.
int checked_by_haproxy(const config::Config& config, Limits limits = {}) {
  const Scratch scratch;
  for (const auto& each : render(config, limits))
    std::ofstream(scratch.path / each.name) << each.content;
  const std::string command =
      "cd / && PATH=\"$PATH:/usr/sbin\" haproxy -c -f '" + (scratch.path / "haproxy.cfg").string() + "' >&2";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(HaproxyRender, IsAcceptedByHaproxyWithoutAWarning) {
  EXPECT_EQ(checked_by_haproxy(site()), 0);
}

TEST(HaproxyRender, IsAcceptedWithAnEmptyListOfHosts) {
  auto config = site();
  config.sip.incoming.clear();
  EXPECT_EQ(checked_by_haproxy(config), 0);
  EXPECT_EQ(file(config, "trusted-hosts.lst"), "");
}

TEST(HaproxyRender, IsAcceptedWithIpv6AndOddPaths) {
  auto config = site();
  config.front.listen = {"::", 5060};
  config.publisher.listen = {"::", 5071};
  config.publisher.agent = {"::1", 5081};
  config.subscriber.listen = {"/run/line bridge/sub.sock", 0};
  config.front.run_directory = "/tmp/it's $HOME \"here\" # 1/";
  config.front.statistics = {"::1", 8404};
  config.sip.incoming = {"2001:db8::/32"};
  config.sip.names = {"2001:db8::5060"};
  EXPECT_EQ(checked_by_haproxy(config), 0);
  EXPECT_THAT(text(config), HasSubstr("'unix@/tmp/it'\\''s $HOME \"here\" # 1/place.sock'"));
  EXPECT_THAT(text(config), HasSubstr("server pub 'ipv6@::1:5071' check"));
}

TEST(HaproxyRender, ListsTheHostsThatMayCome) {
  EXPECT_EQ(file(site(), "trusted-hosts.lst"), "192.0.2.10\n198.51.100.0/24\n");
  EXPECT_THAT(text(site()), HasSubstr("tcp-request connection reject unless { src -f trusted-hosts.lst }"));
}

TEST(HaproxyRender, HandsTheOriginalAddressesToTheSplitter) {
  EXPECT_THAT(text(site()), HasSubstr("bind '0.0.0.0:5060'"));
  EXPECT_THAT(text(site()), HasSubstr("server splitter 'unix@/run/linebridge/split.sock' send-proxy-v2\n"));
}

TEST(HaproxyRender, PlacesByHintThenByKeyThenInTurn) {
  const auto config = text(site());
  EXPECT_THAT(config, HasSubstr("bind 'unix@/run/linebridge/place.sock' mode 660 accept-proxy"));
  EXPECT_THAT(config, HasSubstr("balance roundrobin"));
  EXPECT_THAT(config, HasSubstr("use-server pub if { fc_pp_authority -m str pub }"));
  EXPECT_THAT(config, HasSubstr("use-server sub if { fc_pp_authority -m str sub }"));
  EXPECT_THAT(config, HasSubstr("stick on fc_pp_unique_id"));
}

TEST(HaproxyRender, TellsTheNodeTheKeyAndTheHint) {
  EXPECT_THAT(text(site()), HasSubstr("unique-id-format %[fc_pp_unique_id]"));
  EXPECT_THAT(text(site()), HasSubstr("send-proxy-v2 proxy-v2-options unique-id,authority"));
}

TEST(HaproxyRender, ChecksNodesWithOptionsToANameOfOurs) {
  EXPECT_THAT(text(site()), HasSubstr("tcp-check connect default\n"));
  EXPECT_THAT(text(site()), HasSubstr("tcp-check send \"OPTIONS sip:cti.example.test SIP/2.0\\r\\nVia: "));
  auto nameless = site();
  nameless.sip.names.clear();
  nameless.sip.virtual_address = Address{"192.0.2.100", 5060};
  EXPECT_THAT(text(nameless), HasSubstr("OPTIONS sip:192.0.2.100 SIP/2.0"));
}

TEST(HaproxyRender, AsksEachNodesAgent) {
  EXPECT_THAT(
      text(site()),
      HasSubstr("server pub '127.0.0.1:5071' check agent-check agent-addr '127.0.0.1' agent-port 5081"));
  EXPECT_THAT(
      text(site()),
      HasSubstr("server sub '127.0.0.1:5072' check agent-check agent-addr '127.0.0.1' agent-port 5082"));
}

TEST(HaproxyRender, NeverSendsADialogToTheAddressOfAllZeros) {
  auto config = site();
  config.publisher.listen.host = "0.0.0.0";
  EXPECT_THAT(text(config), HasSubstr("server pub '127.0.0.1:5071'"));
  EXPECT_THAT(text(config), Not(HasSubstr("server pub '0.0.0.0")));
}

TEST(HaproxyCapacity, GivesTheDialogsAskedForWhenDescriptorsPermit) {
  config::Front front;
  front.dialogs = 20000;
  const auto most = capacity(front, {65536});
  EXPECT_EQ(most.dialogs, 20000u);
  EXPECT_EQ(most.new_dialogs, 19000u);
  EXPECT_EQ(most.total, 20532u);
}

TEST(HaproxyCapacity, StaysWithinTheDescriptors) {
  config::Front front;
  front.dialogs = 20000;
  const auto most = capacity(front, {20000});
  EXPECT_EQ(most.total, 9900u);
  EXPECT_EQ(most.dialogs, 9368u);
  EXPECT_THAT(text(site(), {20000}), HasSubstr("maxconn 9900\n"));
}

TEST(HaproxyCapacity, IsUsableHoweverFewDescriptorsThereAre) {
  config::Front front;
  for (const std::uint64_t few : {0u, 1u, 199u, 200u, 300u, 1024u}) {
    SCOPED_TRACE(few);
    const auto most = capacity(front, {few});
    EXPECT_GE(most.dialogs, 1u);
    EXPECT_GE(most.clients, 1u);
    EXPECT_LE(most.dialogs + most.clients, most.total);
    EXPECT_EQ(checked_by_haproxy(site(), {few}), 0);
  }
  front.dialogs = 0;
  EXPECT_EQ(capacity(front, {65536}).dialogs, 1u);
}

}  // namespace
}  // namespace linebridge::lb::haproxy
