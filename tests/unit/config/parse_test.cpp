#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace linebridge::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string least = R"([sip]
names = ["gw.example.test"]
incoming = ["192.0.2.10"]
[cti]
user = "linebridge"
password_file = "/etc/linebridge/cti.password"
managers = ["cucm1.example.test"]
)";

/// `least` with lines put behind the head of a section.
std::string with(const std::string& section, const std::string& lines) {
  const std::string head = "[" + section + "]\n";
  const auto at = least.find(head);
  if (at == std::string::npos) return least + head + lines + "\n";
  return std::string(least).insert(at + head.size(), lines + "\n");
}

/// `least` with a line exchanged for another.
std::string instead(const std::string& of, const std::string& line) {
  std::string text = least;
  const auto at = text.find(of + " =");
  return text.replace(at, text.find('\n', at) - at, line);
}

Config good(const std::string& text) {
  const auto parsed = parse(text);
  if (const auto* config = std::get_if<Config>(&parsed)) return *config;
  for (const auto& problem : std::get<std::vector<Problem>>(parsed))
    ADD_FAILURE() << problem.line << ": " << problem.key << ": " << problem.what;
  return {};
}

std::vector<Problem> problems(const std::string& text) {
  const auto parsed = parse(text);
  if (const auto* found = std::get_if<std::vector<Problem>>(&parsed)) return *found;
  return {};
}

/// The only problem of the text as "LINE KEY: WHAT".
std::string problem(const std::string& text) {
  const auto found = problems(text);
  if (found.size() != 1) return std::to_string(found.size()) + " problems";
  return std::to_string(found[0].line) + " " + found[0].key + ": " + found[0].what;
}

std::string file(const std::string& name) {
  std::ifstream stream(std::string(LINEBRIDGE_SOURCE_DIR) + "/configs/" + name);
  EXPECT_TRUE(stream) << name;
  std::stringstream all;
  all << stream.rdbuf();
  return all.str();
}

TEST(ConfigParse, FillsInTheDefaults) {
  const Config config = good(least);
  EXPECT_TRUE(config.sip.enabled);
  EXPECT_THAT(config.sip.names, ElementsAre("gw.example.test"));
  EXPECT_FALSE(config.sip.virtual_address);
  EXPECT_EQ(config.sip.session_timer, 1800s);
  EXPECT_EQ(config.sip.features_file, "");
  EXPECT_EQ(config.sip.transfer_event, "TransferedEvent");
  EXPECT_THAT(config.cti.managers, ElementsAre(Address{"cucm1.example.test", 2748}));
  EXPECT_EQ(config.cti.heartbeat, 30s);
  EXPECT_EQ(config.publisher.listen, (Address{"127.0.0.1", 5071}));
  EXPECT_EQ(config.subscriber.agent, (Address{"127.0.0.1", 5082}));
  EXPECT_EQ(config.subscriber.api_socket, "/run/linebridge/subscriber.sock");
  EXPECT_FALSE(config.publisher.metrics);
  EXPECT_EQ(config.front.listen, (Address{"0.0.0.0", 5060}));
  EXPECT_EQ(config.front.node_side, (Address{"/run/linebridge/node.sock", 0}));
  EXPECT_EQ(config.front.dialogs, 20000u);
  EXPECT_TRUE(config.refuse_ambiguous_line);
  EXPECT_EQ(config.log_level, "info");
  EXPECT_THAT(config.users, IsEmpty());
}

const std::string everything = R"([sip]
enabled = false
names = ["GW.example.test", "192.0.2.100", "2001:db8::1"]
virtual_address = "192.0.2.100"
server_type = "lcs"
session_timer = "90s"
features_file = "/etc/features.xml"
transfer_event = "TransferredEvent"
incoming = ["192.0.2.10", "192.0.2.0/24", "2001:db8::/32"]
[cti]
user = "jtapi"
password_file = "/etc/secret"
managers = ["192.0.2.1", "cucm2.example.test:2749", "[2001:db8::5]:2748"]
heartbeat = "1m"
answer_within = "5s"
reconnect_most = "2m"
protocol_versions = [0x00110000]
[node.publisher]
listen = "/run/x/pub.sock"
agent = "127.0.0.1:1"
api_socket = "/run/x/api.sock"
direct_listen = "[::]:5070"
tls_listen = "[::]"
metrics = "127.0.0.1:9071"
[tls]
certificate = "/etc/tls.pem"
key = "/etc/tls.key"
client_ca = "/etc/ca.pem"
require_client_certificate = false
minimum = "1.3"
names = ["ocs.example.test", "OCS Pool"]
[ocs]
tcp = ["ocs.example.test", "192.0.2.10:5070"]
tls = ["OCS.example.test", "ocs2.example.test:5071"]
[front]
listen = "192.0.2.100"
tls_listen = "192.0.2.100"
run_directory = "/run/x/"
api_socket = "/run/x/s.sock"
node_side = "127.0.0.1:7000"
statistics = "/run/x/statistics.sock"
dialogs = 10
[limits]
sessions = 1
sessions_per_user = 2
monitors_per_session = 3
pending_per_session = 4
events_per_session = 16
event_bytes_per_session = 16384
head_bytes = 4096
body_bytes = 8192
output_pause_bytes = 65536
output_drop_bytes = 65537
[log]
level = "debug"
format = "json"
[users]
ambiguous_line = "first"
[[user]]
address = "sip:Alice@Example.Test"
assigned = true
line_uri = "tel:1001;phone-context=dialstring"
devices = ["SEP1", "SEP2"]
[[user]]
address = "sip:bob@example.test"
)";

TEST(ConfigParse, ReadsEveryKey) {
  const Config config = good(everything);
  EXPECT_FALSE(config.sip.enabled);
  EXPECT_THAT(config.sip.names, ElementsAre("gw.example.test", "192.0.2.100", "2001:db8::1"));
  EXPECT_EQ(config.sip.virtual_address, (Address{"192.0.2.100", 5060}));
  EXPECT_EQ(config.sip.server_type, ServerType::lcs);
  EXPECT_EQ(config.sip.session_timer, 90s);
  EXPECT_EQ(config.sip.features_file, "/etc/features.xml");
  EXPECT_EQ(config.sip.transfer_event, "TransferredEvent");
  EXPECT_EQ(config.cti.managers[2], (Address{"2001:db8::5", 2748}));
  EXPECT_EQ(config.cti.reconnect_most, 2min);
  EXPECT_THAT(config.cti.protocol_versions, ElementsAre(0x00110000u));
  EXPECT_EQ(config.node(Role::publisher).listen, (Address{"/run/x/pub.sock", 0}));
  EXPECT_EQ(config.publisher.direct_listen, (Address{"::", 5070}));
  EXPECT_EQ(config.publisher.tls_listen, (Address{"::", 5061}));
  EXPECT_EQ(config.tls.certificate, "/etc/tls.pem");
  EXPECT_EQ(config.tls.key, "/etc/tls.key");
  EXPECT_EQ(config.tls.client_ca, "/etc/ca.pem");
  EXPECT_FALSE(config.tls.require_client_certificate);
  EXPECT_EQ(config.tls.minimum, "1.3");
  EXPECT_THAT(config.tls.names, ElementsAre("ocs.example.test", "OCS Pool"));
  EXPECT_EQ(config.node(Role::subscriber).api_socket, "/run/x/subscriber.sock");
  EXPECT_EQ(config.front.listen, (Address{"192.0.2.100", 5060}));
  EXPECT_EQ(config.front.tls_listen, (Address{"192.0.2.100", 5061}));
  EXPECT_EQ(config.front.run_directory, "/run/x");
  EXPECT_THAT(config.ocs.tcp, ElementsAre(Address{"ocs.example.test", 5060}, Address{"192.0.2.10", 5070}));
  EXPECT_EQ(config.ocs.tls.back(), (Address{"ocs2.example.test", 5071}));
  EXPECT_TRUE(config.log_json);
  EXPECT_FALSE(config.refuse_ambiguous_line);
  ASSERT_EQ(config.users.size(), 2u);
  EXPECT_EQ(config.users[0].address, "sip:alice@example.test");
  EXPECT_EQ(config.limits, (Limits{1, 2, 3, 4, 16, 16384, 4096, 8192, 65536, 65537}));
  EXPECT_EQ(config.users[0].line, 59);
  EXPECT_THAT(config.users[0].devices, ElementsAre("SEP1", "SEP2"));
  EXPECT_FALSE(config.users[1].assigned);
}

TEST(ConfigParse, NamesEveryProblemAtOnceInTheOrderOfTheLines) {
  const auto found = problems(R"([sip]
name = ["gw.example.test"]
session_timer = 1800
incoming = ["192.0.2.0/33", "ocs.example.test"]

[cti]
user = ""
managers = []
heartbeet = "30s"

[fornt]
listen = "0.0.0.0:5060"
)");
  std::vector<std::string> where;
  for (const auto& each : found)
    where.push_back(std::to_string(each.line) + " " + each.key);
  EXPECT_THAT(where, ElementsAre("1 sip.names", "2 sip.name", "3 sip.session_timer", "4 sip.incoming[1]",
                                 "4 sip.incoming[2]", "6 cti.password_file", "7 cti.user", "8 cti.managers",
                                 "9 cti.heartbeet", "11 fornt"));
}

TEST(ConfigParse, TellsWhereTextStopsBeingToml) {
  EXPECT_THAT(problem("[sip]\nnames = [\"a\"\n\n[cti]"), HasSubstr("not TOML"));
  EXPECT_THAT(problem("[sip]\nnames = 'a'\nnames = 'b'\n"), testing::StartsWith("3 "));
  EXPECT_THAT(problem("\xFF\xFE"), HasSubstr("not TOML"));
  EXPECT_THAT(problem(std::string(2000, '[')), HasSubstr("not TOML"));
}

TEST(ConfigParse, GuessesWhatAnUnknownKeyWasMeantToBe) {
  EXPECT_THAT(problem(with("cti", "heart_beat = \"30s\"")), HasSubstr("did you mean 'cti.heartbeat'?"));
  EXPECT_THAT(problem(with("cti", "password = \"secret\"")), HasSubstr("did you mean 'cti.password_file'?"));
  EXPECT_THAT(problem(with("cti", "colour = \"red\"")), HasSubstr("known here are: user, password_file"));
  EXPECT_THAT(problem(with("publisher", "listen = \"127.0.0.1:1\"")), HasSubstr("8 publisher: unknown key"));
  EXPECT_THAT(problem(with("node.publsher", "listen = \"127.0.0.1:1\"")),
              HasSubstr("did you mean 'node.publisher'?"));
  EXPECT_THAT(problem(least + "[[users]]\naddress = \"sip:a@b\"\n"), HasSubstr("must be a section"));
}

TEST(ConfigParse, RefusesWrongKindsOfValues) {
  EXPECT_THAT(problem(with("sip", "enabled = \"yes\"")), HasSubstr("2 sip.enabled: must be true or false"));
  EXPECT_THAT(problem(with("front", "dialogs = \"many\"")), HasSubstr("must be a whole number"));
  EXPECT_THAT(problem(with("front", "listen = 5060")), HasSubstr("must be a text in quotes"));
  EXPECT_THAT(problem(instead("names", "names = \"gw.example.test\"")), HasSubstr("must be a list"));
  EXPECT_THAT(problem(instead("names", "names = [1979-05-27]")), HasSubstr("sip.names[1]: must be a text"));
  EXPECT_THAT(problem(least + "[user]\naddress = \"sip:a@b\"\n"), HasSubstr("must be written as [[user]]"));
  EXPECT_THAT(problem("user = [1]\n" + least), HasSubstr("must be written as [[user]]"));
  EXPECT_THAT(problem("log = 1\n" + least), HasSubstr("1 log: must be a section: [log]"));
}

TEST(ConfigParse, TakesTimesOnlyWithAUnitAndInRange) {
  const auto timer = [](const std::string& value) { return problem(with("sip", "session_timer = " + value)); };
  EXPECT_THAT(timer("1800"), HasSubstr("needs a unit in quotes: \"1800s\""));
  EXPECT_THAT(timer("\"1800\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"1.5h\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"-5m\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"30 m\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"m\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"99999999999999h\""), HasSubstr("is no time"));
  EXPECT_THAT(timer("\"89s\""), HasSubstr("out of range; write \"90s\" to \"24h\""));
  EXPECT_THAT(timer("\"4294967295h\""), HasSubstr("out of range"));
  EXPECT_THAT(timer("true"), HasSubstr("must be a time"));
  EXPECT_EQ(good(with("sip", "session_timer = \"24h\"")).sip.session_timer, 24h);
}

TEST(ConfigParse, ChecksTheNumberOfManagers) {
  EXPECT_THAT(problem(instead("managers", "managers = []")), HasSubstr("cti.managers"));
  EXPECT_THAT(problem(instead("managers", R"(managers = ["a","b","c","d","e","f","g","h","i"])")),
              HasSubstr("9 entries; at most 8"));
  EXPECT_THAT(problem(instead("managers", R"(managers = ["a", "b:2748", "a:2748"])")), HasSubstr("twice"));
}

TEST(ConfigParse, ChecksAddresses) {
  const auto listen = [](const std::string& value) {
    return problem(with("front", "listen = \"" + value + "\""));
  };
  EXPECT_THAT(listen("gw.example.test:5060"), HasSubstr("must be a numeric IP address"));
  EXPECT_THAT(listen("192.0.2.300:5060"), HasSubstr("must be a numeric IP address"));
  EXPECT_THAT(listen("192.0.2.1:0"), HasSubstr("bad port"));
  EXPECT_THAT(listen("192.0.2.1:70000"), HasSubstr("bad port"));
  EXPECT_THAT(listen("2001:db8::1"), HasSubstr("in brackets"));
  EXPECT_THAT(listen("/run/x.sock"), HasSubstr("not a path"));
  EXPECT_THAT(problem(with("node.publisher", "listen = \"127.0.0.1\"")), HasSubstr("needs a port"));
  EXPECT_THAT(problem(instead("managers", "managers = [\"http://cucm1\"]")), HasSubstr("not a URI"));
  EXPECT_THAT(problem(instead("managers", "managers = [\"cucm 1\"]")), HasSubstr("cti.managers[1]"));
  EXPECT_THAT(problem(instead("managers", "managers = [\"/run/x\"]")), HasSubstr("not a path"));
  EXPECT_THAT(problem(instead("names", "names = [\"sip:gw.example.test\"]")), HasSubstr("sip.names[1]"));
  EXPECT_THAT(problem(instead("names", "names = [\"[2001:db8::1]\"]")), HasSubstr("without brackets"));
  EXPECT_THAT(problem(instead("incoming", "incoming = [\"ocs.example.test\"]")), HasSubstr("not a name"));
}

TEST(ConfigParse, RefusesEmptyListsOfNamesAndHosts) {
  EXPECT_THAT(problem(instead("names", "names = []")), HasSubstr("sip.names: must not be empty"));
  EXPECT_THAT(problem(instead("incoming", "incoming = []")), HasSubstr("sip.incoming: must not be empty"));
}

TEST(ConfigParse, ChecksPathsAgainstWhatASocketCanHave) {
  const std::string folder = "/" + std::string(93, 'x');
  EXPECT_THAT(problem(with("front", "run_directory = \"" + folder + "\"")), HasSubstr("at most 93"));
  EXPECT_EQ(problem(with("front", "run_directory = \"" + folder.substr(0, 93) + "\"")), "0 problems");
  EXPECT_THAT(problem(with("node.publisher", "api_socket = \"api.sock\"")), HasSubstr("absolute path"));
  EXPECT_THAT(problem(instead("password_file", R"(password_file = "/etc/a\nb")")),
              HasSubstr("control characters"));
}

TEST(ConfigParse, TakesTheFileOfASecretByItsPathOrByItsNameAlone) {
  const auto with_password = [](const std::string& file) {
    return problem(instead("password_file", "password_file = \"" + file + "\""));
  };
  for (const std::string good : {"/etc/secret", "cti.password", "CTI_password-2", "x"})
    EXPECT_EQ(with_password(good), "0 problems") << good;
  EXPECT_THAT(with_password("secrets/cti"), HasSubstr("or a name without any '/'"));
  EXPECT_THAT(with_password("./cti"), HasSubstr("or a name without any '/'"));
  for (const std::string bad : {".hidden", "..", "cti password", "c\u00fcti"})
    EXPECT_THAT(with_password(bad), HasSubstr("letters, digits")) << bad;
  EXPECT_EQ(with_password(std::string(200, 'x')), "0 problems");
  EXPECT_THAT(with_password(std::string(201, 'x')), HasSubstr("at most 200 bytes"));
}

TEST(ConfigParse, RefusesTwoSocketsOnOneAddress) {
  EXPECT_THAT(problem(with("node.subscriber", "listen = \"127.0.0.1:5071\"")),
              HasSubstr("node.subscriber.listen: 127.0.0.1:5071 is already used by node.publisher.listen"));
  EXPECT_THAT(problem(with("front", "api_socket = \"/run/linebridge/publisher.sock\"")),
              HasSubstr("already used by front.api_socket"));
}

TEST(ConfigParse, KeepsTheSocketsBetweenThePartsForThem) {
  for (const std::string name : {"split", "refuse", "place", "egress", "admin", "node", "splitter"}) {
    const std::string path = "/run/linebridge/" + name + ".sock";
    EXPECT_THAT(problem(with("node.publisher", "listen = \"" + path + "\"")),
                HasSubstr("node.publisher.listen: " + path + " is already used by front."));
  }
}

TEST(ConfigParse, ChecksUsers) {
  const auto user = [](const std::string& lines) { return problem(least + "[[user]]\n" + lines + "\n"); };
  EXPECT_THAT(user("assigned = true"), HasSubstr("8 user[1].address: is missing"));
  EXPECT_THAT(user("address = \"alice@example.test\""), HasSubstr("write \"sip:alice@example.test\""));
  EXPECT_THAT(user("address = \"sip:@example.test\""), HasSubstr("no SIP address"));
  EXPECT_THAT(user("address = \"sip:a b@example.test\""), HasSubstr("no SIP address"));
  EXPECT_THAT(user("address = \"sip:a@b\"\nline_uri = \"1001\""), HasSubstr("no line URI"));
  EXPECT_THAT(user("address = \"sip:a@b\"\nline_uri = \"tel:\""), HasSubstr("no line URI"));
  EXPECT_THAT(user("address = \"sip:a@b\"\nline_uri = \"tel:1 001\""), HasSubstr("no line URI"));
  EXPECT_THAT(user("address = \"sip:a@b\"\ndevices = [\"SEP1\", \"SEP1\"]"), HasSubstr("twice"));
  EXPECT_THAT(user("address = \"sip:a@b\"\ndevices = [\"SEP/1\"]"), HasSubstr("no device name"));
  EXPECT_THAT(user("address = \"sip:a@b\"\nasigned = true"), HasSubstr("did you mean 'user[1].assigned'?"));
  EXPECT_THAT(user("address = \"sip:a@b\"\n[[user]]\naddress = \"sip:A@B\""),
              HasSubstr("10 user[2].address: 'sip:a@b' stands already in line 8"));
}

TEST(ConfigParse, ChecksLimitsAndHowTheyGoTogether) {
  EXPECT_THAT(problem(with("limits", "sessions = 0")), HasSubstr("limits.sessions"));
  EXPECT_THAT(problem(with("limits", "body_bytes = 2000000")), HasSubstr("limits.body_bytes"));
  EXPECT_THAT(problem(with("limits", "output_drop_bytes = 100000")),
              HasSubstr("must not be less than limits.output_pause_bytes, which is 262144"));
  EXPECT_THAT(problem(with("limits", "output_pause_bytes = 2000000")), HasSubstr("limits.output_drop_bytes"));
}

TEST(ConfigParse, NamesTheWordsItKnows) {
  EXPECT_THAT(problem(with("sip", "server_type = \"lync\"")), HasSubstr("write one of \"ocs\", \"lcs\""));
  EXPECT_THAT(problem(with("sip", "transfer_event = \"Transferred\"")), HasSubstr("TransferedEvent"));
  EXPECT_THAT(problem(with("sip", "features_file = \"features.xml\"")), HasSubstr("absolute"));
  EXPECT_THAT(problem(with("log", "level = \"warn\"")), HasSubstr("did you mean \"warning\"?"));
  EXPECT_THAT(problem(with("users", "ambiguous_line = true")),
              HasSubstr("must be one of \"refuse\", \"first\""));
}

const std::string tls_listen = "tls_listen = \"127.0.0.1\"";

TEST(ConfigParse, WantsACertificateAndItsKeyForTls) {
  auto found = problems(with("node.publisher", tls_listen));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].key, "tls.certificate");
  EXPECT_EQ(found[1].key, "tls.key");
  EXPECT_THAT(problem(with("tls", "certificate = \"/c\"")), HasSubstr("tls.key: is missing"));
  EXPECT_THAT(problem(with("tls", "key = \"/k\"")), HasSubstr("tls.certificate: is missing"));
  EXPECT_THAT(problem(with("tls", "certificate = \"./c\"\nkey = \"/k\"")),
              HasSubstr("must be an absolute path"));
  const Config config =
      good(with("node.subscriber", tls_listen) + "[tls]\ncertificate = \"/c\"\nkey = \"/k\"\n");
  EXPECT_FALSE(config.tls.require_client_certificate);
  EXPECT_EQ(config.tls.minimum, "1.2");
}

TEST(ConfigParse, ChecksWhatTlsAsksOfClients) {
  EXPECT_TRUE(good(with("tls", "client_ca = \"/ca\"")).tls.require_client_certificate);
  EXPECT_THAT(problem(with("tls", "require_client_certificate = true")), HasSubstr("needs client_ca"));
  EXPECT_THAT(problem(with("tls", "names = [\"ocs\"]")), HasSubstr("needs client_ca"));
  EXPECT_THAT(problem(with("tls", "client_ca = \"/ca\"\nnames = [\"a\", \"a\"]")), HasSubstr("twice"));
  EXPECT_THAT(problem(with("tls", "minimum = \"1.1\"")), HasSubstr("write one of \"1.2\", \"1.3\""));
  EXPECT_THAT(problem(with("tls", "minimum = \"1.2\"\nlegacy = true")),
              HasSubstr("has no meaning with legacy"));
  EXPECT_TRUE(good(with("tls", "legacy = true")).tls.legacy);
}

TEST(ConfigParse, WantsMutualTlsAtTheFrontEnd) {
  const std::string identity = "[tls]\ncertificate = \"/c\"\nkey = \"/k\"\n";
  EXPECT_EQ(problems(with("front", tls_listen)).size(), 3u);
  EXPECT_THAT(problem(with("front", tls_listen) + identity), HasSubstr("tls.client_ca: is missing"));
  EXPECT_THAT(problem(with("ocs", "tls = [\"ocs.example.test\"]") + identity),
              HasSubstr("tls.client_ca: is missing"));
  const Config config = good(with("front", tls_listen) + identity + "client_ca = \"/ca\"\n");
  EXPECT_EQ(config.front.tls_listen, (Address{"127.0.0.1", 5061}));
  EXPECT_THAT(problem(with("front", "tls_listen = \"127.0.0.1:5060\"") + identity + "client_ca = \"/ca\"\n"),
              HasSubstr("must not have the port of front.listen"));
}

TEST(ConfigParse, ChecksTheHostsThatMayBeCalled) {
  EXPECT_THAT(problem(with("ocs", "tcp = [\"sip:ocs\"]")), HasSubstr("ocs.tcp[1]"));
  EXPECT_THAT(problem(with("ocs", "tcp = [\"ocs\", \"ocs:5060\"]")),
              HasSubstr("ocs.tcp: has the same entry twice"));
  EXPECT_THAT(problem(with("ocs", "tls = [\"192.0.2.10\"]")), HasSubstr("by the name in its certificate"));
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += (i > 0 ? ", " : "") + ("\"ocs" + std::to_string(i) + "\"");
  EXPECT_THAT(problem(with("ocs", "tcp = [" + many + "]")), HasSubstr("ocs.tcp: makes 33 hosts"));
}

TEST(ConfigEffective, GivesTheSameConfigurationBack) {
  Config config = good(least);
  EXPECT_EQ(good(effective(config)), config);
  config = good(file("linebridge.toml"));
  config.sip.virtual_address = Address{"2001:db8::100", 5061};
  config.sip.server_type = ServerType::lcs;
  config.sip.session_timer = 3661s;
  config.sip.features_file = "/etc/linebridge/features.xml";
  config.sip.transfer_event = "TransferredEvent";
  config.cti.user = "a \"quoted\" \\ name\t\x7F \xC3\xA9";
  config.cti.protocol_versions = {1, 0xFFFFFFFF};
  config.publisher.metrics = Address{"127.0.0.1", 9071};
  config.subscriber.direct_listen = Address{"::", 5070};
  config.log_json = true;
  config.limits = {1, 2, 3, 4, 16, 16384, 4096, 8192, 65536, 65537};
  config.publisher.tls_listen = Address{"::", 5061};
  config.tls = {"/c", "/k", "/ca", false, "1.3", false, {"ocs.example.test"}};
  config.front.tls_listen = Address{"::", 5062};
  config.ocs = {{{"ocs.example.test", 5060}, {"2001:db8::10", 5070}}, {{"ocs.example.test", 5061}}};
  EXPECT_EQ(good(effective(config)), config) << effective(config);
  config.tls.legacy = true;
  config.tls.minimum = "1.2";
  config.refuse_ambiguous_line = false;
  EXPECT_EQ(good(effective(config)), config) << effective(config);
}

TEST(ConfigEffective, ShowsTimesInTheirLargestUnitAndVersionsInHex) {
  const std::string shown = effective(good(least));
  EXPECT_THAT(shown, HasSubstr("session_timer = \"30m\"\n"));
  EXPECT_THAT(shown, HasSubstr("heartbeat = \"30s\"\n"));
  EXPECT_THAT(shown, HasSubstr("protocol_versions = [0x00100000, 0x00110000]\n"));
}

TEST(ConfigFiles, TheCommentedFileLoadsAndShowsTheDefaults) {
  const std::string text = file("linebridge.toml");
  Config shown = good(text);
  EXPECT_EQ(shown.users.size(), 2u);

  // With the '#' before its keys taken away it says the same but for the keys that have no default.
  std::string open;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool key = line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
    const bool both_nodes = line.find("direct_listen") + 1 || line.find("tls_listen") + 1;
    open += (key && !both_nodes ? line.substr(1) : line) + "\n";
  }
  Config all = good(open);
  EXPECT_EQ(all.sip.virtual_address, (Address{"192.0.2.100", 5060}));
  all.sip.virtual_address.reset();
  EXPECT_TRUE(all.tls.require_client_certificate);
  all.tls = {};
  EXPECT_EQ(all.sip.features_file, "/etc/linebridge/features.xml");
  all.sip.features_file.clear();
  EXPECT_EQ(all.ocs.tcp, (std::vector<Address>{{"ocs.example.test", 5060}}));
  EXPECT_EQ(all.ocs.tls, (std::vector<Address>{{"ocs.example.test", 5061}}));
  all.ocs = {};
  all.publisher.metrics.reset();
  all.subscriber.metrics.reset();
  EXPECT_EQ(all, shown);
}

TEST(ConfigFiles, TheCommentedFileExplainsEveryKey) {
  const std::string text = file("linebridge.toml");
  Config config = good(text);
  config.sip.virtual_address = Address{"192.0.2.100", 5060};
  config.sip.features_file = "/etc/linebridge/features.xml";
  config.publisher.metrics = config.publisher.direct_listen = config.publisher.tls_listen =
      config.front.tls_listen = Address{"127.0.0.1", 1};
  config.tls = {"/c", "/k", "/ca", true, "1.2", false, {"ocs"}};
  std::istringstream lines(effective(config));
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find(" ="));
    EXPECT_TRUE(text.find("\n" + name) != std::string::npos || text.find("\n#" + name) != std::string::npos)
        << name;
  }
}

}  // namespace
}  // namespace linebridge::config
