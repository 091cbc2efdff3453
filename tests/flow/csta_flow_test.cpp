#include "csta/decode.hpp"
#include "csta/features.hpp"
#include "tests/flow/client.hpp"
#include "tests/unit/support/files.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* line = "tel:1001;phone-context=dialstring";

std::string root_of(std::string_view body) {
  const auto from = body.find('<', body.find("?>")) + 1;
  return std::string(body.substr(from, body.find_first_of(" />", from) - from));
}

class FlowOfCsta : public testing::Test, protected World {
protected:
  void sign_in(core::Gateway::Settings with) {
    start(std::move(with));
    alice.connect();
    ASSERT_EQ(alice.sign_in(), 200);
  }
  Seen snapshot(const std::string& device = line) {
    return alice.info(csta("<SnapshotDevice><snapshotObject>" + device + "</snapshotObject></SnapshotDevice>"));
  }
  Client alice{*this, "alice", line, "callid-alice-1"};
};

TEST_F(FlowOfCsta, ServesWhatTheTableSaysAndRefusesTheRest) {
  sign_in(settings());
  ASSERT_NE(alice.monitor(), "");
  for (const auto& path : data_files("csta/requests")) {
    SCOPED_TRACE(path);
    const std::string body = data(path);
    const auto refused = csta::refusal_of(csta::decode(body).value().request);
    const Seen answer = alice.info(body);
    EXPECT_EQ(answer.status(), 200);
    EXPECT_EQ(inside(answer.body, "operation") == "serviceNotSupported", refused.has_value()) << answer.body;
  }
}

TEST_F(FlowOfCsta, AnswersEveryServiceItAdvertisesWithAResponse) {
  sign_in(settings());
  const Seen features = alice.info(csta("<GetCSTAFeatures/>"));
  for (const auto& row : csta::services)
    EXPECT_EQ(features.body.find("<" + std::string(row.feature) + "/>") != std::string::npos, row.served);
  EXPECT_EQ(root_of(alice.info(csta("<RequestSystemStatus/>")).body), "RequestSystemStatusResponse");
  EXPECT_EQ(root_of(alice.info(csta("<SystemStatus><systemStatus>enabled</systemStatus></SystemStatus>")).body),
            "SystemStatusResponse");
  EXPECT_THAT(snapshot().body, HasSubstr("<snapshotData></snapshotData>"));
}

TEST_F(FlowOfCsta, RefusesInCstasWordsWhatSaysNothing) {
  sign_in(settings());
  for (const auto& [body, error] :
       {std::pair("<SystemStatus/>", "invalidParameterValue"),
        {"<SystemStatus><systemStatus>fine</systemStatus></SystemStatus>", "invalidParameterValue"},
        {"<MonitorStart/>", "invalidDeviceID"},
        {"<MonitorStop/>", "invalidMonitorCrossRefID"},
        {"<SnapshotDevice/>", "invalidDeviceID"},
        {"<SnapshotCall/>", "invalidCallID"},
        {"<MakeCall/>", "invalidCallingDeviceID"},
        {"<ParkCall/>", "serviceNotSupported"}}) {
    EXPECT_EQ(inside(alice.info(csta(body)).body, "operation"), error) << body;
    EXPECT_TRUE(log.has("LB-CSTA-001", error)) << body;
  }
}

TEST_F(FlowOfCsta, RefusesResponsesErrorsAndEventsOfAClientAndServesOn) {
  sign_in(settings());
  const std::string monitor = alice.monitor();
  for (const auto* name : {"DeliveredEvent-incoming", "MakeCallResponse", "CSTAErrorCode-operation"}) {
    const auto before = counters[Counter::csta_refused];
    const Seen answer = alice.info(data("csta/answers/" + std::string(name) + ".xml"));
    EXPECT_EQ(answer.status(), 200) << name;
    EXPECT_EQ(inside(answer.body, "operation"), "generic") << name;
    EXPECT_EQ(counters[Counter::csta_refused], before + 1) << name;
  }
  EXPECT_EQ(root_of(alice.call("tel:+15551234").body), "MakeCallResponse");
  EXPECT_THAT(alice.events(), ElementsAre("OriginatedEvent", "DeliveredEvent"));
}

TEST_F(FlowOfCsta, ShowsACallToAClientThatSignsInDuringIt) {
  sign_in(settings());
  ASSERT_NE(alice.monitor(), "");
  const std::string call = inside(alice.call("tel:+15551234").body, "callID");
  advance(100ms);
  Client again{*this, "alice", line, "callid-alice-2", "anotherepid"};
  again.connect();
  ASSERT_EQ(again.sign_in(), 200);
  const Seen started = again.info(csta("<MonitorStart><monitorObject><deviceObject>" + std::string(line) +
                                       "</deviceObject></monitorObject></MonitorStart>"));
  EXPECT_EQ(inside(started.body, "monitorExistingCalls"), "true");
  const Seen seen = again.info(
      csta("<SnapshotDevice><snapshotObject>" + std::string(line) + "</snapshotObject></SnapshotDevice>"));
  EXPECT_EQ(inside(seen.body, "callID"), call);
  EXPECT_EQ(inside(seen.body, "deviceID"), line);
  EXPECT_THAT(seen.body,
              HasSubstr("<localConnectionState>connected</localConnectionState><localConnectionState>"
                        "alerting</localConnectionState>"));
  const Seen parties = again.info(
      csta("<SnapshotCall><snapshotObject><callID>" + call + "</callID></snapshotObject></SnapshotCall>"));
  EXPECT_THAT(parties.body, HasSubstr("<calledDevice><deviceIdentifier>tel:+15551234</deviceIdentifier>"));
}

TEST_F(FlowOfCsta, SpeaksTheEditionItIsSpokenTo) {
  sign_in(settings());
  for (const auto* edition : {"ed1", "ed2", "ed4", "ed5", "ed6", "ed3/priv5"}) {
    const std::string space =
        "http://www.ecma-international.org/standards/ecma-323/csta/" + std::string(edition);
    const Seen answer = alice.info("<c:SnapshotDevice xmlns:c='" + space + "'><c:snapshotObject>" + line +
                                   "</c:snapshotObject></c:SnapshotDevice>");
    EXPECT_THAT(answer.body, HasSubstr("<SnapshotDeviceResponse xmlns=\"" + space + "\">"));
  }
}

TEST_F(FlowOfCsta, AnswersGetCstaFeaturesWithTheSitesOwnBody) {
  auto with = settings();
  with.csta.features =
      "<?xml version=\"1.0\"?>\n<GetCSTAFeaturesResponse "
      "xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\" >\n</GetCSTAFeaturesResponse>\n";
  sign_in(with);
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).body, with.csta.features);
}

TEST(FlowCheckedWire, NoticesABodyThatTheSchemaRefuses) {
  const auto message = [](const std::string& body) {
    return with_body("INFO sip:a SIP/2.0\r\nContent-Type: application/csta+xml\r\n", body);
  };
  const std::string good = data("csta/answers/HeldEvent.xml");
  std::string bad = good;
  bad.replace(bad.find("hold"), 4, "hole");
  EXPECT_EQ(body_problems(message(good) + message(good)), "");
  EXPECT_THAT(body_problems("\r\n" + message(good) + message(bad)), HasSubstr("hole"));
  EXPECT_THAT(body_problems(message("<HeldEvent")), StartsWith("not well-formed"));
  EXPECT_EQ(body_problems(std::string("\0\0\0\x10 no SIP", 11)), "");
}

}  // namespace
}  // namespace linebridge::test
