#include "base/text.hpp"
#include "tests/unit/simulators/cucm/bench.hpp"
#include "tests/unit/simulators/cucm/sample_frames.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

std::string bytes_of(std::string_view hex) {
  const auto raw = from_hex(hex);
  return std::string(raw->begin(), raw->end());
}

std::uint32_t reason_of(const Message& message) {
  return static_cast<std::uint32_t>(message.fields.number("reason"));
}

TEST(CucmOpen, AnswersEachStepOfALogIn) {
  Bench bench;
  Client client(bench);
  const auto hello = client.ask(310, {{"provider", "127.0.0.1"}});
  ASSERT_THAT(ids(hello), ElementsAre(311));
  EXPECT_EQ(hello[0].fields.number("seq"), 0);
  EXPECT_EQ(hello[0].fields.text("nonce").size(), 36u);
  EXPECT_EQ(hello[0].fields.text("certificate"), bench_key().certificate());

  Client second(bench);
  const auto opened = second.log_in();
  ASSERT_THAT(ids(opened), ElementsAre(4, 126));
  EXPECT_EQ(opened[0].fields.number("serverHeartbeat"), 30);
  EXPECT_EQ(opened[1].fields.number("seq"), 1);
  EXPECT_EQ(opened[1].fields.number("reason"), 0);
  EXPECT_EQ(opened[1].fields.number("totalControllableDevices"), 5);
  EXPECT_EQ(opened[1].fields.number("providerId"), opened[0].fields.number("providerId"));
  EXPECT_EQ(opened[1].fields.text("clusterID"), "StandAloneCluster");

  const auto able = second.ask(127);
  ASSERT_THAT(ids(able), ElementsAre(128));
  EXPECT_FALSE(able[0].fields.element("providerCapabilitiesInfo").flag("controlAnyDevice"));

  const auto listed = second.ask(282);
  ASSERT_THAT(ids(listed), ElementsAre(283, 279, 279, 279, 279, 279, 284));
  EXPECT_EQ(listed[1].fields.number("requestId"), second.seq);
  EXPECT_EQ(listed[1].fields.number("eventContent"), 15);
  EXPECT_EQ(listed[1].fields.text("deviceName"), "SEP000000001001");
  EXPECT_EQ(listed[1].fields.elements("lineInfo").at(0).text("name"), "1001");
  EXPECT_EQ(listed[5].fields.number("deviceRegistrationStatus"), 2);
  EXPECT_EQ(listed[5].fields.elements("lineInfo").at(1).text("unicodeDisplayName"), "Zo\xC3\xAB");
  EXPECT_EQ(listed[6].fields.number("requestId"), second.seq);
}

TEST(CucmOpen, GivesEachConnectionItsOwnNonce) {
  Bench bench;
  Client one(bench), other(bench);
  EXPECT_NE(first(one.ask(310), 311).fields.text("nonce"), first(other.ask(310), 311).fields.text("nonce"));
}

TEST(CucmOpen, ListsAPhoneOfManyLinesInSeveralEvents) {
  Bench bench;
  Client client(bench);
  client.log_in("many");
  const auto listed = client.ask(282);
  ASSERT_THAT(ids(listed), ElementsAre(283, 279, 279, 279, 284));
  EXPECT_EQ(listed[1].fields.elements("lineInfo").size(), 4u);
  EXPECT_TRUE(listed[1].fields.flag("moreLines"));
  EXPECT_EQ(listed[2].fields.number("eventContent"), 8);
  EXPECT_EQ(listed[3].fields.elements("lineInfo").size(), 2u);
  EXPECT_FALSE(listed[3].fields.flag("moreLines"));
}

TEST(CucmOpen, RefusesAWrongPasswordInTwoSteps) {
  Bench bench;
  Client client(bench);
  const auto refused = client.log_in("linebridge", "wrong");
  ASSERT_THAT(ids(refused), ElementsAre(4, 126, 155));
  EXPECT_EQ(refused[0].fields.number("result"), 0);
  EXPECT_EQ(reason_of(refused[1]), 0x8CCC0060);
  EXPECT_EQ(refused[2].fields.number("reason"), 4);
  EXPECT_TRUE(client.is_closed());
}

TEST(CucmOpen, TellsNoDifferenceBetweenAnUnknownUserAndAWrongPassword) {
  Bench bench;
  Client client(bench);
  EXPECT_EQ(reason_of(first(client.log_in("stranger"), 126)), 0x8CCC0060);
}

TEST(CucmOpen, RefusesAUserWithoutTheCtiGroup) {
  Bench bench;
  Client client(bench);
  EXPECT_EQ(reason_of(first(client.log_in("nobody"), 126)), 0x8CCC005F);
}

TEST(CucmOpen, RefusesALogInThatAskedForNoNonce) {
  Bench bench;
  Client client(bench);
  const auto refused = client.ask(3, {{"login", "linebridge"},
                                      {"password", std::string(32, 'x')},
                                      {"encryptedKeyData", std::string(256, 'x')},
                                      {"filter", all_flags("ProviderEventFilter")}});
  EXPECT_EQ(reason_of(first(refused, 126)), 0x8CCC0060);
}

TEST(CucmOpen, RefusesTicketsInsteadOfAPassword) {
  Bench bench;
  Client client(bench);
  client.ask(310);
  const auto refused = client.ask(
      3, {{"login", "linebridge"}, {"authenticationType", 1}, {"filter", all_flags("ProviderEventFilter")}});
  EXPECT_EQ(reason_of(first(refused, 126)), 0x8CCC011A);
}

TEST(CucmOpen, RefusesRequestsBeforeTheLogInAndASecondLogIn) {
  Bench bench;
  Client client(bench);
  EXPECT_EQ(code_of(first(client.ask(282), 0)), 0x8CCC0061);
  client.log_in();
  EXPECT_EQ(code_of(first(client.ask(3, {{"filter", all_flags("ProviderEventFilter")}}), 0)), 0x8CCC0062);
  EXPECT_THAT(ids(client.ask(127)), ElementsAre(128));
}

TEST(CucmOpen, AnswersInTheClientsVersionAndRefusesOthers) {
  Bench bench;
  Client client(bench);
  client.version = 0x00110000;
  EXPECT_THAT(ids(client.log_in()), ElementsAre(4, 126));

  bench.spec.protocol_versions = {0x00100000};
  const auto refused = client.ask(127);
  ASSERT_THAT(ids(refused), ElementsAre(0));
  EXPECT_EQ(code_of(refused[0]), 0x8CCC0050);
}

TEST(CucmOpen, RefusesAFilterOfAnotherVersion) {
  Bench bench;
  Client client(bench);
  client.log_in();
  std::string frame = client.frame(5, {{"filter", all_flags("ProviderEventFilter")}});
  // The element says that its fixed part has 20 bytes instead of 24.
  write_u32(frame, header_bytes + 4 + 8, 20);
  client.send_raw(frame);
  EXPECT_EQ(code_of(first(client.received(), 0)), 0x8CCC0057);
}

TEST(CucmOpen, ClosesWhenTheApplicationAsks) {
  Bench bench;
  Client client(bench);
  client.log_in();
  EXPECT_THAT(ids(client.ask(9)), ElementsAre(10));
  EXPECT_TRUE(client.is_closed());
}

TEST(CucmOpen, LetsASuperProviderAcquireAndFetchOnePhone) {
  Bench bench;
  Client client(bench), plain(bench);
  client.log_in("super");
  EXPECT_TRUE(first(client.ask(127), 128).fields.element("providerCapabilitiesInfo").flag("controlAnyDevice"));
  EXPECT_EQ(code_of(first(client.ask(285, {{"deviceName", "SEP000000001001"}}), 0)), 0x8CCC0018);
  EXPECT_THAT(ids(client.ask(212, {{"deviceName", "SEP000000001001"}})), ElementsAre(213));
  EXPECT_THAT(ids(client.ask(285, {{"deviceName", "SEP000000001001"}})), ElementsAre(286, 279, 287));
  EXPECT_THAT(ids(client.ask(214, {{"deviceName", "SEP000000001001"}})), ElementsAre(215));
  EXPECT_EQ(code_of(first(client.ask(212, {{"deviceName", "SEPNONE"}}), 0)), 0x8CCC0022);
  plain.log_in();
  EXPECT_EQ(code_of(first(plain.ask(212, {{"deviceName", "SEP000000002000"}}), 0)), 0x8CCC0018);
}

TEST(CucmStream, AnswersAnUnknownMessageAndLivesOn) {
  Bench bench;
  Client client(bench);
  client.log_in();
  std::string unknown = bytes_of(samples::provider_close_request);
  write_u32(unknown, 16, 9999);
  client.send_raw(unknown);
  const auto refused = client.received();
  ASSERT_THAT(ids(refused), ElementsAre(0));
  EXPECT_EQ(refused[0].fields.number("seq"), 7);
  EXPECT_EQ(code_of(refused[0]), 0x8CCC0051);
  // An event is nothing a client may send; recording is a request of the protocol that is not served.
  std::string recording = bytes_of(samples::provider_close_request);
  write_u32(recording, 16, 233);
  client.send_raw(recording);
  EXPECT_EQ(code_of(first(client.received(), 0)), 0x8CCC0099);
  EXPECT_EQ(code_of(first(client.ask(115), 0)), 0x8CCC0051);
  EXPECT_THAT(ids(client.ask(127)), ElementsAre(128));
}

TEST(CucmStream, AnswersAMalformedMessageAndLivesOn) {
  Bench bench;
  Client client(bench);
  client.log_in();
  std::string frame = client.frame(16, {{"deviceName", "SEP000000001001"}});
  write_u32(frame, header_bytes + 4, 0xFFFFFFFF);
  client.send_raw(frame);
  EXPECT_EQ(code_of(first(client.received(), 0)), 0x8CCC0052);
  EXPECT_THAT(bench.log.lines.back(), HasSubstr("LB-SIMC-003"));
  EXPECT_THAT(ids(client.ask(127)), ElementsAre(128));
}

TEST(CucmStream, ClosesAConnectionWithABadFrameAndNoOther) {
  Bench bench;
  Client bad(bench), good(bench);
  good.log_in();
  bad.send_raw("GET / HTTP/1.1\r\nHost: cucm\r\n\r\n");
  EXPECT_TRUE(bad.is_closed());
  EXPECT_THAT(bench.log.lines.back(), HasSubstr("bad magic"));
  EXPECT_THAT(ids(good.ask(127)), ElementsAre(128));
}

TEST(CucmStream, TakesALogInInSingleBytes) {
  Bench bench;
  Client client(bench);
  for (const char byte : client.frame(310, {}))
    client.send_raw({&byte, 1});
  EXPECT_THAT(ids(client.received()), ElementsAre(311));
}

TEST(CucmStream, AnswersManyMessagesOfOneSegmentInOrder) {
  Bench bench;
  Client client(bench);
  client.log_in();
  std::string segment;
  for (int i = 0; i < 100; ++i)
    segment += client.frame(127, {});
  client.send_raw(segment);
  const auto answers = client.received();
  ASSERT_EQ(answers.size(), 100u);
  EXPECT_EQ(answers[99].fields.number("seq"), client.seq);
}

TEST(CucmHeartbeat, IsSentOnceAnIdlePeriodAndNotWhenThereIsTraffic) {
  Bench bench;
  Client client(bench);
  client.log_in();
  bench.pass(29s);
  EXPECT_TRUE(client.received().empty());
  client.ask(127);
  bench.pass(29s);
  EXPECT_TRUE(client.received().empty());
  bench.pass(1s);
  EXPECT_THAT(ids(client.received()), ElementsAre(120));
}

TEST(CucmHeartbeat, OfTheClientKeepsTheConnectionAndItsLackEndsIt) {
  Bench bench;
  Client client(bench);
  client.log_in();
  bench.pass(59s);
  client.send_raw(bytes_of(samples::heartbeat));
  bench.pass(59s);
  EXPECT_FALSE(client.is_closed());
  client.received();
  bench.pass(1s);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(first(client.received(), 155).fields.number("reason"), 1);
}

TEST(CucmHeartbeat, FollowsTheClustersFileOverTheClientsWish) {
  ClusterSpec spec = small_cluster();
  spec.server_heartbeat = 4s;
  Bench bench(spec);
  Client client(bench);
  EXPECT_EQ(first(client.log_in(), 4).fields.number("serverHeartbeat"), 4);
  bench.pass(8s);
  EXPECT_THAT(ids(client.received()), ElementsAre(120, 120));
}

TEST(CucmHeartbeat, IsNotWaitedForBeforeTheLogInButTheLogInIs) {
  Bench bench;
  Client client(bench);
  bench.pass(59s);
  EXPECT_FALSE(client.is_closed());
  bench.pass(1s);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(client.received().empty());
}

}  // namespace
}  // namespace linebridge::sim::cucm
