#include "bench.hpp"

namespace linebridge::sim::ocs {
namespace {

const std::string contact =
    "Contact: <sip:198.51.100.7:34004;transport=tcp>;+sip.instance=\"<urn:uuid:1>\"\r\n";

Message only(std::vector<Message> messages) {
  EXPECT_EQ(messages.size(), 1u);
  return messages.empty() ? Message{} : messages.front();
}

TEST(OcsHome, RegistersAUserWithoutChallengeAndGivesAGruu) {
  Bench bench;
  bench.from(bench.client, request("REGISTER", "sip:example.test", contact));
  const Message answer = only(bench.to(bench.client));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.get("Expires"), "7200");
  EXPECT_EQ(answer.get("Supported"), "msrtc-event-categories");
  EXPECT_EQ(answer.get("Allow-Events"), "vnd-microsoft-roaming-self");
  EXPECT_EQ(parameter(answer.get("Contact"), "gruu"), "sip:alice@example.test;opaque=user:epid:b34a;gruu");
}

TEST(OcsHome, PlaysLiveCommunicationsServer2005) {
  Settings settings = Bench::settings();
  settings.site.flavour = Flavour::lcs2005;
  Bench bench(settings);
  bench.from(bench.client, request("REGISTER", "sip:example.test", contact));
  Message answer = only(bench.to(bench.client));
  EXPECT_EQ(answer.get("Supported"), "");
  EXPECT_EQ(answer.get("Allow-Events"), "vnd-microsoft-provisioning");
  EXPECT_EQ(parameter(answer.get("Contact"), "gruu"), std::nullopt);
  bench.from(bench.client,
             request("SUBSCRIBE", "sip:alice@example.test", "Event: vnd-microsoft-provisioning\r\n"));
  answer = only(bench.to(bench.client));
  EXPECT_EQ(
      answer.body,
      "<provisioning><user uri=\"sip:alice@example.test\"><line uri=\"tel:1001;phone-context=dialstring\" "
      "server=\"sip:ctigw@gw.example.test\"/></user></provisioning>");
}

TEST(OcsHome, KnowsOnlyItsUsers) {
  Bench bench;
  bench.from(bench.client, request("REGISTER", "sip:example.test", contact, "mallory"));
  EXPECT_EQ(only(bench.to(bench.client)).status(), 404);
  bench.from(bench.client, request("SUBSCRIBE", "sip:m@example.test", "Event: presence\r\n", "mallory"));
  EXPECT_EQ(only(bench.to(bench.client)).status(), 404);
}

TEST(OcsHome, TellsEachUserTheirOwnLine) {
  Bench bench;
  bench.from(bench.client, request("SUBSCRIBE", "sip:bob@example.test",
                                   "Event: vnd-microsoft-roaming-self\r\nExpires: 0\r\n", "bob"));
  const Message answer = only(bench.to(bench.client));
  EXPECT_EQ(answer.get("Event"), "vnd-microsoft-roaming-self");
  EXPECT_EQ(answer.get("Expires"), "0");
  EXPECT_EQ(answer.get("ms-piggyback-cseq"), "1");
  EXPECT_THAT(answer.body,
              ::testing::HasSubstr("<line lineType=\"Rcc\" lineServer=\"sip:ctigw@gw.example.test\">"
                                   "tel:1002;phone-context=dialstring</line>"));
}

TEST(OcsHome, TakesOtherSubscriptionsAndPublicationsWithoutABody) {
  Bench bench;
  bench.from(bench.client, request("SUBSCRIBE", "sip:alice@example.test", "Event: presence\r\n"));
  EXPECT_EQ(only(bench.to(bench.client)).body, "");
  bench.from(bench.client, request("SERVICE", "sip:alice@example.test"));
  EXPECT_EQ(only(bench.to(bench.client)).status(), 200);
}

TEST(OcsHome, ReadsUsersAsTheyAreWritten) {
  EXPECT_EQ(parse_user("SIP:Alice@Example.test=tel:1001;phone-context=dialstring").value(),
            (User{"sip:alice@example.test", "tel:1001;phone-context=dialstring"}));
  for (const auto* wrong : {"", "alice", "alice=tel:1", "@example.test=tel:1", "alice@=tel:1",
                            "alice@example.test", "alice@example.test=1001"})
    EXPECT_FALSE(parse_user(wrong)) << wrong;
}

}  // namespace
}  // namespace linebridge::sim::ocs
