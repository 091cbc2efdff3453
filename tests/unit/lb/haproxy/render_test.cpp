#include "lb/haproxy/render.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/wait.h>

#include "tests/unit/support/certificates.hpp"

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

/// As site(), and it speaks TLS with OCS.
config::Config tls_site() {
  config::Config config = site();
  config.front.tls_listen = Address{"0.0.0.0", 5061};
  config.tls.certificate = "/c";
  config.tls.key = "/k";
  config.tls.client_ca = "/ca";
  return config;
}

const Pem& pem() {
  static const test::Authority authority;
  static const test::Identity own = authority.sign({});
  static const Pem made{own.certificate, own.key, authority.certificate(), "/etc/haproxy"};
  return made;
}

std::string file(const config::Config& config, std::string_view name, Limits limits = {}) {
  for (const auto& each : render(config, limits, pem()))
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
  Pem here = pem();
  here.directory = scratch.path;
  for (const auto& each : render(config, limits, here))
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
  EXPECT_THAT(text(site()), HasSubstr("acl listed src -f trusted-hosts.lst\n"));
}

TEST(HaproxyRender, SendsSomeStrangersToWhereTheyAreToldAndCutsTheRest) {
  const auto config = text(site());
  EXPECT_THAT(config, HasSubstr("acl too_many be_sess_rate(refuse) ge 10\n"));
  EXPECT_THAT(config, HasSubstr("acl too_many be_conn(refuse) ge 20\n"));
  EXPECT_THAT(config,
              HasSubstr("tcp-request content reject if !listed too_many\n    use_backend refuse if !listed\n"));
  EXPECT_THAT(config, HasSubstr("server splitter 'unix@/run/linebridge/refuse.sock' send-proxy-v2\n"));
}

TEST(HaproxyRender, WritesNoFileOfTlsWithoutTls) {
  for (const auto& each : render(site(), {}, pem())) {
    EXPECT_FALSE(each.secret) << each.name;
    EXPECT_THAT(each.content, Not(HasSubstr("ssl"))) << each.name;
  }
}

TEST(HaproxyRender, WantsACertificateOfEveryClientOverTls) {
  const auto config = text(tls_site());
  EXPECT_THAT(config, HasSubstr("bind '0.0.0.0:5061' ssl crt front.pem ca-file authorities.pem verify required "
                                "ssl-min-ver TLSv1.2 crt-ignore-err 26 tcp-ut 60s\n"));
  EXPECT_THAT(config, HasSubstr("tcp-request connection reject unless { src -f trusted-hosts.lst }\n"));
  EXPECT_THAT(config, HasSubstr("split.sock' send-proxy-v2-ssl-cn\n"));
  EXPECT_EQ(file(tls_site(), "authorities.pem"), pem().authorities);
  EXPECT_EQ(checked_by_haproxy(tls_site()), 0);
}

TEST(HaproxyRender, KeepsTheKeyASecret) {
  for (const auto& each : render(tls_site(), {}, pem())) {
    EXPECT_EQ(each.secret, each.name == "front.pem") << each.name;
    EXPECT_EQ(each.content.find(pem().key) != std::string::npos, each.secret) << each.name;
  }
  EXPECT_THAT(file(tls_site(), "front.pem"), HasSubstr(pem().certificate));
}

TEST(HaproxyRender, TakesOnlyNamesOfTheListIfThereIsOne) {
  auto config = tls_site();
  EXPECT_THAT(text(config), Not(HasSubstr("trusted-names.lst")));
  config.tls.names = {"ocs.example.test", "OCS Pool"};
  EXPECT_THAT(text(config),
              HasSubstr("tcp-request content reject unless { ssl_c_s_dn(cn) -m str -i -f trusted-names.lst }"));
  EXPECT_EQ(file(config, "trusted-names.lst"), "ocs.example.test\nOCS Pool\n");
  EXPECT_EQ(checked_by_haproxy(config), 0);
}

TEST(HaproxyRender, IsLenientWithOldTlsNowhereButWithOcs) {
  auto config = tls_site();
  config.tls.minimum = "1.3";
  EXPECT_THAT(text(config), HasSubstr("ssl-min-ver TLSv1.3"));
  EXPECT_THAT(text(config), Not(HasSubstr("SECLEVEL")));
  config.tls.minimum = "1.2";
  config.tls.legacy = true;
  config.ocs.tls = {{"localhost", 5061}};
  std::istringstream lines(text(config));
  int lenient = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("SECLEVEL=0") == std::string::npos) continue;
    ++lenient;
    EXPECT_THAT(line, HasSubstr("verify required ssl-min-ver TLSv1.0 ciphers "));
  }
  EXPECT_EQ(lenient, 2);
  EXPECT_EQ(checked_by_haproxy(config), 0);
}

TEST(HaproxyRender, CallsEachHostOfTheListByItsPlace) {
  auto config = tls_site();
  EXPECT_THAT(text(config), Not(HasSubstr("egress")));
  config.ocs.tcp = {{"192.0.2.10", 5060}, {"2001:db8::10", 5060}};
  config.ocs.tls = {{"localhost", 5061}};
  EXPECT_THAT(text(config), HasSubstr("crt-base '/etc/haproxy'\n"));
  const auto written = text(config);
  EXPECT_THAT(written, HasSubstr("bind 'unix@/run/linebridge/egress.sock' mode 660 accept-proxy\n"));
  EXPECT_THAT(written, HasSubstr("use_backend ocs2 if { fc_pp_authority -m str ocs2 }\n"));
  EXPECT_THAT(written, HasSubstr("server ocs1 '192.0.2.10:5060'\n"));
  EXPECT_THAT(written, HasSubstr("server ocs2 'ipv6@2001:db8::10:5060'\n"));
  EXPECT_THAT(written,
              HasSubstr("server ocs3 'localhost:5061' init-addr libc,none resolvers system resolve-prefer ipv4 "
                        "ssl crt front.pem ca-file authorities.pem verify required ssl-min-ver TLSv1.2 "
                        "verifyhost 'localhost'\n"));
  EXPECT_EQ(checked_by_haproxy(config), 0);
}

TEST(HaproxyRender, CallsFromTheAddressItListensAtIfThatIsOneOfItsOwn) {
  auto config = tls_site();
  config.ocs.tcp = {{"192.0.2.10", 5060}, {"2001:db8::10", 5060}};
  config.ocs.tls = {{"localhost", 5061}};
  EXPECT_THAT(text(config), Not(HasSubstr("    source ")));
  config.front.listen.host = "192.0.2.100";
  config.front.tls_listen = Address{"2001:db8::100", 5061};
  EXPECT_THAT(text(config),
              HasSubstr("backend ocs1\n    timeout connect 3s\n    retries 0\n    source '192.0.2.100:0'\n"));
  EXPECT_THAT(text(config),
              HasSubstr("    source 'ipv6@2001:db8::100:0'\n    server ocs3 'ipv6@localhost:5061'"));
  EXPECT_THAT(text(config), HasSubstr("retries 0\n    server ocs2 "));
  EXPECT_EQ(checked_by_haproxy(config), 0);
}

TEST(HaproxyRender, CallsOverTlsThoughItIsNotCalledSo) {
  auto config = tls_site();
  config.front.tls_listen.reset();
  config.ocs.tls = {{"localhost", 5061}};
  EXPECT_EQ(checked_by_haproxy(config), 0);
}

TEST(HaproxyRender, StartsThoughAHostToCallIsNotFound) {
  auto config = site();
  config.ocs.tcp = {{"192.0.2.10", 5060}};
  EXPECT_THAT(text(config), HasSubstr("zero-warning"));
  config.ocs.tcp = {{"ocs.invalid", 5060}};
  EXPECT_EQ(checked_by_haproxy(config), 0);
}

TEST(HaproxyRender, HandsTheOriginalAddressesToTheSplitter) {
  EXPECT_THAT(text(site()), HasSubstr("bind '0.0.0.0:5060' tcp-ut 60s\n"));
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
      HasSubstr(
          "server pub '127.0.0.1:5071' check agent-check agent-addr '127.0.0.1' agent-port 5081 tcp-ut 60s\n"));
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

config::Config with_dialogs(std::uint32_t dialogs) {
  config::Config config;
  config.front.dialogs = dialogs;
  return config;
}

TEST(HaproxyCapacity, GivesTheDialogsAskedForWhenDescriptorsPermit) {
  const auto most = capacity(with_dialogs(20000), {65536});
  EXPECT_EQ(most.dialogs, 20000u);
  EXPECT_EQ(most.new_dialogs, 19000u);
  EXPECT_EQ(most.total, 20552u);
}

TEST(HaproxyCapacity, LeavesRoomForCallsAndSharesThatForClientsWithTls) {
  auto config = with_dialogs(20000);
  config.front.tls_listen = Address{"0.0.0.0", 5061};
  config.ocs.tcp = {{"192.0.2.10", 5060}};
  const auto most = capacity(config, {65536});
  EXPECT_EQ(most.dialogs, 20000u);
  EXPECT_EQ(most.clients, 250u);
  EXPECT_EQ(most.calls, 64u);
  EXPECT_EQ(most.total, 20616u);
}

TEST(HaproxyCapacity, StaysWithinTheDescriptors) {
  const auto most = capacity(with_dialogs(20000), {20000});
  EXPECT_EQ(most.total, 9900u);
  EXPECT_EQ(most.dialogs, 9348u);
  EXPECT_THAT(text(site(), {20000}), HasSubstr("maxconn 9900\n"));
}

TEST(HaproxyCapacity, IsUsableHoweverFewDescriptorsThereAre) {
  auto config = tls_site();
  config.ocs.tcp = {{"192.0.2.10", 5060}};
  for (const std::uint64_t few : {0u, 1u, 199u, 200u, 300u, 1024u}) {
    SCOPED_TRACE(few);
    const auto most = capacity(config, {few});
    EXPECT_GE(most.dialogs, 1u);
    EXPECT_GE(most.clients, 1u);
    EXPECT_GE(most.strangers, 1u);
    EXPECT_GE(most.calls, 1u);
    EXPECT_LE(most.dialogs + 2 * most.clients + most.strangers + most.calls, most.total);
    EXPECT_EQ(checked_by_haproxy(config, {few}), 0);
  }
  EXPECT_EQ(capacity(with_dialogs(0), {65536}).dialogs, 1u);
}

}  // namespace
}  // namespace linebridge::lb::haproxy
