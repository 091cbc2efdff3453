#include "tests/simulators/cucm/cluster_file.hpp"

#include <filesystem>
#include <fstream>

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::string_view smallest = "[[cti_manager]]\nname = \"cti1\"\nlisten = \"127.0.0.1:0\"\n";

Problems problems_of(std::string_view text) {
  const auto parsed = parse_cluster(text);
  const auto* problems = std::get_if<Problems>(&parsed);
  return problems ? *problems : Problems{};
}

TEST(CucmFile, OfTheLabIsRead) {
  const auto loaded = load_cluster(std::string(LINEBRIDGE_SOURCE_DIR) + "/tests/data/lab/cucm.toml");
  const auto* spec = std::get_if<ClusterSpec>(&loaded);
  ASSERT_NE(spec, nullptr) << testing::PrintToString(std::get<Problems>(loaded));
  ASSERT_EQ(spec->managers.size(), 2u);
  EXPECT_EQ(spec->managers[0].listen, (Address{"127.0.0.1", 0}));
  EXPECT_EQ(spec->protocol_versions, (std::vector<std::uint32_t>{0x00100000, 0x00110000}));
  EXPECT_EQ(spec->users.at(0).devices, std::vector<std::string>{"SEP*"});
  ASSERT_EQ(spec->phones.size(), 4u);
  EXPECT_EQ(spec->phones[0].lines.at(0).display, "Alice");
  EXPECT_EQ(spec->phones[3].type, 436);
  EXPECT_EQ(spec->outside.at(0).behaviour, OutsideSpec::Behaviour::answer);
  EXPECT_EQ(spec->outside.at(0).answer_after, 1000ms);
}

TEST(CucmFile, CountsUpARangeOfPhones) {
  const auto parsed =
      parse_cluster(std::string(smallest) +
                    "[[phone_range]]\nfirst_phone = \"SEP000000000999\"\nfirst_number = \"2999\"\n"
                    "count = 3\nanswer_after_ms = 50\n");
  const auto& spec = std::get<ClusterSpec>(parsed);
  ASSERT_EQ(spec.phones.size(), 3u);
  EXPECT_EQ(spec.phones[2].name, "SEP000000001001");
  EXPECT_EQ(spec.phones[2].lines[0].number, "3001");
  EXPECT_EQ(spec.phones[2].answer_after, 50ms);
}

TEST(CucmFile, SaysWhatCallsAndPhonesDo) {
  const auto parsed = parse_cluster(
      "[cluster]\npark_numbers = [\"5900\", \"5901\"]\npark_reversion = 30\nring_limit = 0\n"
      "conference_limit = 8\nadvanced_conference = true\n" +
      std::string(smallest) +
      "[[phone]]\nname = \"SEP1\"\ndnd_option = \"call_reject\"\nprivacy = true\nsearch = [\"Lobby\", \"\"]\n"
      "[[phone.line]]\nnumber = \"1001\"\nforward_all = \"1\"\nforward_busy = \"2\"\nforward_no_answer = "
      "\"3\"\n"
      "no_answer_ms = 5000\n");
  const auto& spec = std::get<ClusterSpec>(parsed);
  EXPECT_THAT(spec.park_numbers, ElementsAre("5900", "5901"));
  EXPECT_EQ(spec.park_reversion, 30s);
  EXPECT_EQ(spec.ring_limit, 0s);
  EXPECT_EQ(spec.conference_limit, 8);
  EXPECT_TRUE(spec.advanced_conference);
  const PhoneSpec& phone = spec.phones.at(0);
  EXPECT_EQ(phone.dnd_option, DndOption::call_reject);
  EXPECT_TRUE(phone.privacy);
  EXPECT_THAT(phone.search, ElementsAre("Lobby", ""));
  const LineSpec& line = phone.lines.at(0);
  EXPECT_EQ(line.forward_all + line.forward_busy + line.forward_no_answer, "123");
  EXPECT_EQ(line.no_answer_after, 5000ms);
}

TEST(CucmFile, RefusesADndOptionThatPhonesDoNotHaveAndParkNumbersTwice) {
  EXPECT_THAT(problems_of(std::string(smallest) + "[[phone]]\nname = \"SEP1\"\ndnd_option = \"loud\"\n"
                                                  "[[phone.line]]\nnumber = \"1001\"\n"),
              ElementsAre(HasSubstr("line 6: phone.dnd_option: must be none, ringer_off or call_reject")));
  EXPECT_THAT(problems_of("[cluster]\npark_numbers = [\"5900\", \"5900\"]\n" + std::string(smallest)),
              ElementsAre("park number 5900 is there twice"));
}

TEST(CucmFile, KnowsTheNumbersOfModels) {
  const auto parsed = parse_cluster(
      std::string(smallest) +
      "[[phone]]\nname = \"A\"\nmodel = \"Cisco 7965\"\n[[phone.line]]\nnumber = \"1\"\n"
      "[[phone]]\nname = \"B\"\nmodel = \"csf\"\n[[phone.line]]\nnumber = \"2\"\n"
      "[[phone]]\nname = \"C\"\nmodel = \"CTI Port\"\n[[phone.line]]\nnumber = \"3\"\n"
      "[[phone]]\nname = \"D\"\nmodel = \"Cisco 9999\"\ntype = 9999\n[[phone.line]]\nnumber = \"4\"\n"
      "[[phone]]\nname = \"E\"\nmodel = \"Cisco 9971\"\nprotocol = \"sccp\"\n[[phone.line]]\nnumber = \"5\"\n");
  const auto* spec = std::get_if<ClusterSpec>(&parsed);
  ASSERT_NE(spec, nullptr) << testing::PrintToString(std::get<Problems>(parsed));
  EXPECT_EQ(spec->phones[0].type, 436);
  EXPECT_EQ(spec->phones[1].type, 503);
  EXPECT_EQ(spec->phones[1].model, "Cisco Unified Client Services Framework");
  EXPECT_EQ(spec->phones[1].protocol, 2);
  EXPECT_FALSE(spec->phones[2].registered);
  EXPECT_EQ(spec->phones[3].model, "Cisco 9999");
  EXPECT_EQ(spec->phones[3].type, 9999);
  EXPECT_EQ(spec->phones[4].type, 493);
  EXPECT_EQ(spec->phones[4].protocol, 1);
}

TEST(CucmFile, NamesTheModelsItKnows) {
  EXPECT_THAT(problems_of(std::string(smallest) +
                          "[[phone]]\nname = \"A\"\nmodel = \"Cisco 9999\"\n[[phone.line]]\nnumber = \"1\"\n"),
              ElementsAre(AllOf(HasSubstr("line 6: phone.model: is not known"), HasSubstr("Cisco 7965"),
                                HasSubstr("Cisco IP Communicator"))));
}

TEST(CucmFile, ReadsUsersLimitsAndProfiles) {
  const auto parsed = parse_cluster(
      "[cluster]\nmax_cti_connections = 3\nmax_devices_per_provider = 50\n" + std::string(smallest) +
      "[[user]]\nname = \"app\"\naccount = \"locked\"\npassword_days = 7\nprofiles = [\"erin\"]\n"
      "[[profile]]\nname = \"erin\"\nuser = \"e\"\n[[profile.line]]\nnumber = \"1\"\n");
  const auto* spec = std::get_if<ClusterSpec>(&parsed);
  ASSERT_NE(spec, nullptr) << testing::PrintToString(std::get<Problems>(parsed));
  EXPECT_EQ(spec->max_cti_connections, 3);
  EXPECT_EQ(spec->max_devices_per_provider, 50);
  EXPECT_EQ(spec->users[0].account, Account::locked);
  EXPECT_EQ(spec->users[0].password_days, 7);
  EXPECT_THAT(spec->users[0].profiles, ElementsAre("erin"));
  EXPECT_EQ(spec->profiles.at(0).lines.at(0).number, "1");
  EXPECT_THAT(problems_of(std::string(smallest) + "[[user]]\nname = \"a\"\naccount = \"odd\"\n"
                                                  "[[profile]]\nname = \"p\"\nuser = \"u\"\n"),
              ElementsAre(HasSubstr("user.account: must be good"), HasSubstr("profile.line: a profile has")));
}

TEST(CucmFile, TakesAPasswordFromAFile) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "cucm_file_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "secret") << "from a file\nsecond line\n";
  const auto parsed = parse_cluster(
      std::string(smallest) + "[[user]]\nname = \"app\"\npassword_file = \"secret\"\n", folder.string());
  std::filesystem::remove_all(folder);
  EXPECT_EQ(std::get<ClusterSpec>(parsed).users.at(0).password, "from a file");
}

TEST(CucmFile, NamesEveryProblemWithItsLine) {
  const auto problems = problems_of(
      "[cluster]\nnmae = \"x\"\nclient_heartbeat = 0\n"
      "[[cti_manager]]\nlisten = \"nowhere\"\n"
      "[[user]]\nname = 7\npassword_file = \"not/there\"\n"
      "[[phone]]\nname = \"SEP1\"\nprotocol = \"h323\"\n"
      "[[outside]]\npattern = \"9*\"\nbehaviour = \"sing\"\n");
  EXPECT_THAT(problems,
              ElementsAre(HasSubstr("line 3: cluster.client_heartbeat: must be a number from 1 to 3600"),
                          HasSubstr("line 2: cluster.nmae: is not a known key"),
                          HasSubstr("cti_manager.name: is missing"), HasSubstr("line 5: cti_manager.listen: "),
                          HasSubstr("line 7: user.name: must be a text"),
                          HasSubstr("line 8: user.password_file: cannot be read"),
                          HasSubstr("line 11: phone.protocol: must be sccp or sip"),
                          HasSubstr("phone.line: a phone has at least one"),
                          HasSubstr("line 14: outside.behaviour: must be ring")));
}

TEST(CucmFile, RefusesTwinsAndAClusterWithoutManagers) {
  EXPECT_THAT(problems_of(std::string(smallest) + std::string(smallest)),
              ElementsAre("cti_manager cti1 is there twice"));
  EXPECT_THAT(problems_of(""), ElementsAre("there is no [[cti_manager]]"));
}

TEST(CucmFile, RefusesWhatIsNoToml) {
  EXPECT_THAT(problems_of("[cluster"), ElementsAre(HasSubstr("line 1: ")));
}

TEST(CucmFile, MustBeThere) {
  EXPECT_THAT(std::get<Problems>(load_cluster("not/there.toml")),
              ElementsAre("not/there.toml: cannot be read"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
