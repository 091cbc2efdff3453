#include "csta/encode.hpp"
#include "csta/features.hpp"
#include "csta/trace_words.hpp"
#include "tests/unit/support/files.hpp"
#include "tests/unit/support/xsd.hpp"

namespace linebridge::csta {
namespace {

const model::DeviceId line{"tel:1001;phone-context=dialstring"};
const model::DeviceId other{"tel:1002;phone-context=dialstring"};
const model::DeviceId outside{"tel:+14085551234"};
const model::ConnectionId own{{"2001-7"}, line};
const model::ConnectionId own_second{{"2001-8"}, line};
const model::ConnectionId far{{"2001-7"}, outside};
const model::ConnectionId far_second{{"2001-8"}, other};
const auto own_device = model::EventDevice::of(line);
const auto other_device = model::EventDevice::of(other);
const auto far_device = model::EventDevice::of(outside);
const model::ConnectionList joined{
    {own, own, {}}, {far, far, {}}, {{{{"2001-7"}, other}}, far_second, other_device}};
const model::ConnectionList sent_on{{far, far, {}}, {{{{"2001-7"}, other}}, far_second, {}}};

using enum model::LocalConnectionState;
using model::EventCause;

struct ResponseSample {
  std::string name;
  model::Response response;
};
struct EventSample {
  std::string name;
  model::Event event;
};

model::CallSnapshot call_snapshot() {
  model::CallSnapshot out;
  out.parties.push_back({own_device, own, connected});
  out.parties.push_back({far_device, far, alerting});
  out.calling = own_device;
  out.called = far_device;
  return out;
}

const std::vector<ResponseSample> responses_written{
    {"RequestSystemStatusResponse", model::StatusAnswer{model::SystemStatus::normal}},
    {"GetCSTAFeaturesResponse", model::FeaturesAnswer{}},
    {"MonitorStartResponse", model::MonitorStarted{{"41"}}},
    {"MonitorStartResponse-calls", model::MonitorStarted{{"41"}, true}},
    {"MakeCallResponse", model::CallMade{own}},
    {"SnapshotDeviceResponse", model::DeviceSnapshot{{{own, own_device, std::vector{connected, connected}},
                                                      {own_second, {}, model::SimpleCallState::received},
                                                      {{{"2001-9"}, line}, own_device, {}}}}},
    {"SnapshotDeviceResponse-idle", model::DeviceSnapshot{}},
    {"SnapshotCallResponse", call_snapshot()},
    {"ConsultationCallResponse", model::ConsultationStarted{own_second}},
    {"TransferCallResponse", model::CallTransferred{{{"2001-7"}, {}}, {}}},
    {"TransferCallResponse-connections", model::CallTransferred{far, sent_on}},
    {"SingleStepTransferCallResponse", model::CallSentOn{far, sent_on}},
    {"ConferenceCallResponse", model::CallConferenced{own, joined}},
    {"GetMessageWaitingIndicatorResponse", model::MessageWaitingAnswer{true, other, true}},
    {"GetMessageWaitingIndicatorResponse-off", model::MessageWaitingAnswer{false, {}, {}}},
    {"GetDoNotDisturbResponse", model::DoNotDisturbAnswer{true}},
    {"GetForwardingResponse",
     model::ForwardingAnswer{{{model::ForwardingType::immediate, true, outside},
                              {model::ForwardingType::no_answer, false, other, model::ForwardDefault::type, 4U},
                              {{}, false}}}},
    {"SystemStatusResponse", model::StatusNoted{}},
    {"MonitorStopResponse", model::MonitorStopped{}},
    {"AlternateCallResponse", model::CallAlternated{}},
    {"AnswerCallResponse", model::CallAnswered{}},
    {"ClearCallResponse", model::CallCleared{}},
    {"ClearConnectionResponse", model::ClearedConnection{}},
    {"DeflectCallResponse", model::CallDeflected{}},
    {"HoldCallResponse", model::CallHeld{}},
    {"ReconnectCallResponse", model::CallReconnected{}},
    {"RetrieveCallResponse", model::CallRetrieved{}},
    {"GenerateDigitsResponse", model::DigitsGenerated{}},
    {"SetMessageWaitingIndicatorResponse", model::MessageWaitingSet{}},
    {"SetDoNotDisturbResponse", model::DoNotDisturbSet{}},
    {"SetForwardingResponse", model::ForwardingSet{}},
    {"CSTAErrorCode-operation", model::Refused{model::errors::invalid_device_id}},
    {"CSTAErrorCode-systemResourceAvailibility", model::Refused{model::errors::device_out_of_service}},
    {"CSTAErrorCode-stateIncompatibility",
     model::Refused{{model::ErrorCategory::state_incompatibility, "noCallToAnswer"}}},
};

const std::vector<EventSample> events_written{
    {"ConferencedEvent", model::Conferenced{own, own_second, own_device, other_device, joined}},
    {"ConnectionClearedEvent", model::ConnectionCleared{own, own_device}},
    {"DeliveredEvent-outgoing", model::Delivered{far, far_device, own_device, far_device, {}}},
    {"DeliveredEvent-incoming", model::Delivered{own, own_device, far_device, own_device, {}, alerting}},
    {"DivertedEvent", model::Diverted{own, own_device, far_device, other_device, own_device, {}}},
    {"DivertedEvent-unknown",
     model::Diverted{own, own_device, {}, {}, {}, {model::LastRedirection::Kind::number_dialed, line}}},
    {"EstablishedEvent", model::Established{own, own_device, far_device, own_device, {}}},
    {"FailedEvent", model::Failed{far, far_device, own_device, far_device, {}}},
    {"HeldEvent", model::Held{own, own_device}},
    {"NetworkReachedEvent", model::NetworkReached{far, {}, own_device, far_device, {}}},
    {"OriginatedEvent", model::Originated{own, own_device, far_device}},
    {"RetrievedEvent", model::Retrieved{own, own_device}},
    {"ServiceInitiatedEvent", model::ServiceInitiated{own, own_device}},
    {"TransferedEvent", model::Transfered{own, own_second, own_device, other_device, sent_on}},
    {"TransferedEvent-singleStep", model::Transfered{own,
                                                     {},
                                                     own_device,
                                                     other_device,
                                                     {{{{{"2001-7"}, other}}, {}, other_device}},
                                                     null,
                                                     EventCause::single_step_transfer}},
    {"MessageWaitingEvent", model::MessageWaiting{own_device, other, true}},
    {"DoNotDisturbEvent", model::DoNotDisturb{own_device, true}},
    {"ForwardingEvent", model::Forwarding{own_device, model::ForwardingType::immediate, true, outside, {}, {}}},
    {"ForwardingEvent-off",
     model::Forwarding{
         own_device, model::ForwardingType::no_answer, false, {}, model::ForwardDefault::destination, 3U}},
    {"BackInServiceEvent", model::BackInService{own_device, EventCause::normal}},
    {"OutOfServiceEvent", model::OutOfService{own_device, {}}},
};

std::string written(const ResponseSample& sample) {
  std::string out;
  append_response(out, sample.response, {});
  return out;
}
std::string written(const EventSample& sample) {
  std::string out;
  append_event(out, {"41"}, sample.event, {});
  return out;
}

std::string path_of(const std::string& name) {
  return "csta/answers/" + name + ".xml";
}

template <class Samples>
void expect_written(const Samples& samples) {
  for (const auto& sample : samples) {
    SCOPED_TRACE(sample.name);
    EXPECT_EQ(written(sample) + "\n", test::data(path_of(sample.name)));
    EXPECT_EQ(test::csta_problems(written(sample)), "");
  }
}

template <class Samples>
bool holds(const Samples& samples, const std::string& path) {
  return std::any_of(samples.begin(), samples.end(), [&](const auto& s) { return path_of(s.name) == path; });
}

TEST(CstaEncodeSamples, AreWrittenByteForByteAndAreValid) {
  expect_written(responses_written);
  expect_written(events_written);
  std::string status;
  append_system_status(status, model::SystemStatus::disabled, {});
  EXPECT_EQ(status + "\n", test::data(path_of("SystemStatus")));
}

TEST(CstaEncodeSamples, AreThereForEveryResponseAndEventAndAllAreLookedAt) {
  for (std::size_t i = 0; i < responses.size(); ++i)
    EXPECT_TRUE(std::any_of(responses_written.begin(), responses_written.end(), [&](const ResponseSample& s) {
      return s.response.index() == i && s.name.starts_with(responses[i]);
    })) << responses[i];
  for (std::size_t i = 0; i < events.size(); ++i)
    EXPECT_TRUE(std::any_of(events_written.begin(), events_written.end(), [&](const EventSample& s) {
      return s.event.index() == i && s.name.starts_with(events[i].root);
    })) << events[i].root;
  for (const auto& path : test::data_files("csta/answers"))
    EXPECT_TRUE(holds(responses_written, path) || holds(events_written, path) ||
                path == path_of("SystemStatus"))
        << path;
}

TEST(CstaEncodeSamples, KeepTheirShapeInOtherEditions) {
  const std::string space = "xmlns=\"" + std::string(csta_namespaces) + "ed3\"";
  for (const auto* edition : {"ed1", "ed2", "ed4", "ed5", "ed6", "ed3/priv5"}) {
    for (const auto& sample : events_written) {
      std::string out;
      append_event(out, {"41"}, sample.event, {edition});
      EXPECT_EQ(test::csta_problems(out), "") << sample.name << " " << edition;
      std::string expected = written(sample);
      expected.replace(expected.find(space), space.size(),
                       "xmlns=\"" + std::string(csta_namespaces) + edition + "\"");
      EXPECT_EQ(out, expected);
    }
  }
}

TEST(CstaTraceWords, NameWhatIsWrittenAndItsCall) {
  EXPECT_EQ(trace_words(written(events_written[2])).name, "DeliveredEvent");
  EXPECT_EQ(trace_words(written(events_written[2])).about, "2001-7");
  EXPECT_EQ(trace_words("rubbish").name, "");
  for (const auto& sample : responses_written)
    EXPECT_EQ(trace_words(written(sample)).name, trace_words(sample.response).name) << sample.name;
  EXPECT_EQ(trace_words(model::Response(model::CallMade{own})).about, "2001-7");
  EXPECT_EQ(trace_words(model::Response(model::MonitorStarted{{"41"}})).about, "41");
  EXPECT_EQ(trace_words(model::Response(model::StatusAnswer{model::SystemStatus::disabled})).about, "disabled");
  EXPECT_EQ(trace_words(model::Response(model::Refused{model::errors::invalid_call_id})).about,
            "invalidCallID");
  EXPECT_EQ(trace_words(model::Response(call_snapshot())).about, "");
}

TEST(CstaTraceWords, NameARequestAndWhatItIsAbout) {
  const auto words = [](const model::Request& request) {
    const auto said = trace_words(request);
    return std::string(said.name) + " " + std::string(said.about);
  };
  EXPECT_EQ(words(model::MakeCall{line, outside, false}), "MakeCall tel:+14085551234");
  EXPECT_EQ(words(model::MonitorStop{{"41"}}), "MonitorStop 41");
  EXPECT_EQ(words(model::MonitorStart{line}), "MonitorStart " + line.value);
  EXPECT_EQ(words(model::HoldCall{own}), "HoldCall 2001-7");
  EXPECT_EQ(words(model::ClearConnection{{{}, line}, {}}), "ClearConnection " + line.value);
  EXPECT_EQ(words(model::TransferCall{own_second, own}), "TransferCall 2001-7");
  EXPECT_EQ(words(model::SingleStepTransferCall{own, other}), "SingleStepTransferCall " + other.value);
  EXPECT_EQ(words(model::ConsultationCall{own, other, {}}), "ConsultationCall " + other.value);
  EXPECT_EQ(words(model::TellSystemStatus{{model::SystemStatus::normal}}), "SystemStatus normal");
  EXPECT_EQ(words(model::UnknownService{"ParkCall"}), "ParkCall unknown service");
  EXPECT_EQ(words(model::NotARequest{"HeldEvent"}), "HeldEvent not a request");
  EXPECT_EQ(words(model::GetCstaFeatures{}), "GetCSTAFeatures ");
}

}  // namespace
}  // namespace linebridge::csta
