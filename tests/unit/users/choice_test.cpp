#include "users/choice.hpp"

namespace linebridge::users {
namespace {

numbers::LineUri uri(const char* text) {
  return numbers::parse_line_uri(text).value();
}

User with_line(const char* line, std::vector<std::string> devices = {}) {
  return User{"sip:alice@example.test", true, uri(line), std::move(devices)};
}

std::string decided(const User& user, const char* asked, const std::vector<Candidate>& candidates,
                    ChoiceSettings settings = {}) {
  const auto choice = choose(user, uri(asked), candidates, settings);
  if (const auto* chosen = std::get_if<Chosen>(&choice))
    return candidates[chosen->index].device + ": " + std::string(chosen->rule);
  switch (std::get<NotChosen>(choice).why) {
    case NotChosen::Why::not_owned: return "not owned";
    case NotChosen::Why::not_listed: return "not listed";
    case NotChosen::Why::device_not_listed: return "device not listed";
    case NotChosen::Why::ambiguous: return "ambiguous";
  }
  return "";
}

const Candidate a{"SEPA", "", true, false};
const Candidate b{"SEPB", "", true, false};
constexpr const char* line = "tel:1001;phone-context=dialstring";

TEST(UsersChoice, TakesTheOnlyCandidate) {
  EXPECT_EQ(decided(with_line(line), line, {a}), "SEPA: the only candidate");
}

TEST(UsersChoice, RefusesALineThatIsNeitherStoredNorOnAnOwnDevice) {
  EXPECT_EQ(decided(with_line("tel:1002"), line, {a}), "not owned");
  EXPECT_EQ(decided(with_line("tel:1002", {"SEPA"}), line, {a}), "SEPA: the only candidate");
  EXPECT_EQ(decided(User{"sip:x@y", true, std::nullopt, {}}, line, {a}), "not owned");
}

TEST(UsersChoice, TakesTheDeviceThatTheLineUriNames) {
  EXPECT_EQ(decided(with_line(line), "tel:1001;device=sepb", {a, b}), "SEPB: device= of the line URI");
  EXPECT_EQ(decided(with_line(line), "tel:1001;device=SEPC", {a, b}), "device not listed");
}

TEST(UsersChoice, KeepsPartitionsApart) {
  const Candidate other{"SEPC", "internal", true, false};
  EXPECT_EQ(decided(with_line("tel:1001;partition=internal"), "tel:1001;partition=internal", {a, other}),
            "SEPC: the only candidate");
  EXPECT_EQ(decided(with_line(line), "tel:1001;partition=nowhere", {a, other}), "not listed");
}

TEST(UsersChoice, NarrowsToOwnDevicesAndPrefersTheRegisteredOne) {
  const Candidate off{"SEPA", "", false, false};
  EXPECT_EQ(decided(with_line(line, {"SEPA", "SEPB"}), line, {off, b}), "SEPB: the only registered own device");
  EXPECT_EQ(decided(with_line(line, {"SEPB", "SEPA"}), line, {b, a}), "SEPA: the first own device by name");
  EXPECT_EQ(decided(with_line(line, {"SEPB"}), line, {a, b}), "SEPB: the only candidate");
}

TEST(UsersChoice, LetsARegisteredIpCommunicatorWinOnLcsWithTwoCandidates) {
  const Candidate soft{"SEPS", "", true, true};
  const Candidate soft_off{"SEPS", "", false, true};
  const ChoiceSettings lcs{ServerType::lcs, true};
  EXPECT_EQ(decided(with_line(line), line, {a, soft}, lcs), "SEPS: IP Communicator rule of LCS");
  EXPECT_EQ(decided(with_line(line), line, {a, soft_off}, lcs), "SEPA: IP Communicator rule of LCS");
  EXPECT_EQ(decided(with_line(line), line, {a, b, soft}, lcs), "ambiguous");
  EXPECT_EQ(decided(with_line(line), line, {a, soft}), "ambiguous");
}

TEST(UsersChoice, RefusesOrTakesTheFirstWhenSeveralAreLeft) {
  EXPECT_EQ(decided(with_line(line), line, {b, a}), "ambiguous");
  EXPECT_EQ(decided(with_line(line), line, {b, a}, {ServerType::ocs, false}),
            "SEPA: the first by name (ambiguous_line = first)");
  EXPECT_EQ(decided(with_line(line), line, {}), "not listed");
}

TEST(UsersDirectory, FindsByAddressWithoutCaseAndCountsTheAssigned) {
  const Directory directory({with_line(line), User{"sip:bob@example.test", false, std::nullopt, {}}});
  ASSERT_NE(directory.find("sip:ALICE@Example.test"), nullptr);
  EXPECT_EQ(directory.find("sip:carol@example.test"), nullptr);
  EXPECT_EQ(directory.size(), 2U);
  EXPECT_EQ(directory.assigned(), 1U);
}

}  // namespace
}  // namespace linebridge::users
