#include "csta/encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "csta/decode.hpp"
#include "csta/features.hpp"
#include "csta/xml_reader.hpp"
#include "tests/unit/support/files.hpp"
#include "tests/unit/support/xsd.hpp"

namespace linebridge::csta {
namespace {

using testing::HasSubstr;

const std::string line = "tel:1001;phone-context=dialstring";
const model::ConnectionId own{{"2001-7"}, {line}};
const model::ConnectionId far{{"2001-7"}, {"tel:+14085551234"}};
const auto own_device = model::EventDevice::of({line});
const auto far_device = model::EventDevice::of({"tel:+14085551234"});

std::string response(const model::Response& what, const Edition& edition = {}) {
  std::string out;
  append_response(out, what, edition);
  return out;
}

std::string event(const model::Event& what) {
  std::string out;
  append_event(out, {"41"}, what, {});
  return out;
}

std::string sample(const std::string& name) {
  std::string text = test::data("csta/answers/" + name + ".xml");
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

void expect_valid(const std::string& body) {
  EXPECT_EQ(test::csta_schema().problems(body), "") << body;
}

TEST(CstaEncode, WritesTheResponsesOfTheSamples) {
  EXPECT_EQ(response(model::StatusAnswer{model::SystemStatus::normal}), sample("RequestSystemStatusResponse"));
  EXPECT_EQ(response(model::MonitorStarted{{"41"}}), sample("MonitorStartResponse"));
  EXPECT_EQ(response(model::MonitorStopped{}), sample("MonitorStopResponse"));
  EXPECT_EQ(response(model::CallMade{own}), sample("MakeCallResponse"));
  EXPECT_EQ(response(model::Refused{model::errors::invalid_device_id}), sample("CSTAErrorCode-operation"));
  EXPECT_EQ(response(model::Refused{model::errors::device_out_of_service}),
            sample("CSTAErrorCode-systemResourceAvailibility"));
  EXPECT_EQ(response(model::Refused{{model::ErrorCategory::state_incompatibility, "noCallToAnswer"}}),
            sample("CSTAErrorCode-stateIncompatibility"));
}

TEST(CstaEncode, WritesTheEventsOfTheSamples) {
  using enum model::LocalConnectionState;
  EXPECT_EQ(event(model::Originated{own, own_device, far_device}), sample("OriginatedEvent"));
  EXPECT_EQ(event(model::Delivered{far, far_device, own_device, far_device, {}}),
            sample("DeliveredEvent-outgoing"));
  EXPECT_EQ(event(model::Delivered{own, own_device, far_device, own_device, {}, alerting}),
            sample("DeliveredEvent-incoming"));
  EXPECT_EQ(event(model::Established{own, own_device, far_device, own_device, {}}), sample("EstablishedEvent"));
  EXPECT_EQ(event(model::ConnectionCleared{own, own_device}), sample("ConnectionClearedEvent"));
}

TEST(CstaEncode, WritesSamplesThatTheSchemaAccepts) {
  for (const auto& path : test::data_files("csta/answers"))
    expect_valid(test::data(path));
}

TEST(CstaEncode, WritesValidXmlForEveryStatusStateAndCause) {
  for (int i = 0; i <= static_cast<int>(model::SystemStatus::partially_disabled); ++i)
    expect_valid(response(model::StatusAnswer{static_cast<model::SystemStatus>(i)}));
  for (int i = 0; i <= static_cast<int>(model::LocalConnectionState::fail); ++i)
    expect_valid(event(model::ConnectionCleared{own, own_device, static_cast<model::LocalConnectionState>(i)}));
  for (int i = 0; i <= static_cast<int>(model::EventCause::consultation); ++i) {
    model::ConnectionCleared cleared{own, own_device};
    cleared.cause = static_cast<model::EventCause>(i);
    expect_valid(event(cleared));
  }
}

TEST(CstaEncode, WritesValidXmlForEveryKindOfDevice) {
  const model::EventDevice restricted{model::EventDevice::Kind::restricted, {}};
  using Last = model::LastRedirection;
  for (const auto kind : {Last::Kind::not_required, Last::Kind::not_known, Last::Kind::number_dialed}) {
    expect_valid(event(model::Delivered{own, own_device, restricted, {}, Last{kind, {"tel:1003"}}}));
    expect_valid(event(model::Established{own, {}, restricted, own_device, Last{kind, {"tel:1003"}}}));
  }
  expect_valid(event(model::Originated{{{"2001-7"}, {}}, own_device, {}}));
  expect_valid(event(model::ConnectionCleared{{{}, {line}}, restricted}));
}

TEST(CstaEncode, WritesValidXmlForEveryErrorTheModelNames) {
  namespace e = model::errors;
  for (const auto& error : {e::generic_operation,      e::service_not_supported,  e::invalid_parameter_value,
                            e::invalid_device_id,      e::invalid_call_id,        e::invalid_connection_id,
                            e::invalid_monitor,        e::invalid_calling_device, e::invalid_called_device,
                            e::invalid_destination,    e::privilege_violation,    e::request_incompatible,
                            e::generic_state,          e::invalid_called_state,   e::invalid_connection_state,
                            e::no_connection_to_clear, e::generic_resource,       e::resource_busy,
                            e::device_out_of_service,  e::called_out_of_service,  e::calling_out_of_service,
                            e::network_out_of_service, e::conference_full,        e::monitor_limit,
                            e::object_monitor_limit})
    expect_valid(response(model::Refused{error}));
  using enum model::ErrorCategory;
  for (const auto category : {security, performance_management})
    expect_valid(response(model::Refused{{category, "generic"}}));
  expect_valid(response(model::Refused{{private_data, "x"}}));
  expect_valid(response(model::Refused{{unspecified, ""}}));
}

TEST(CstaEncode, AdvertisesExactlyWhatIsServed) {
  const auto body = response(model::FeaturesAnswer{});
  expect_valid(body);
  for (const auto& row : services)
    EXPECT_THAT(body, HasSubstr("<" + std::string(row.feature) + "/>"));
  EXPECT_THAT(body, HasSubstr("<supportedServices><capExchangeServList><getCSTAFeatures/></capExchangeServList>"
                              "<systemStatusServList><requestSystemStatus/></systemStatusServList>"
                              "<monitoringServList><monitorStart/><monitorStop/></monitoringServList>"
                              "<callControlServList><makeCall/></callControlServList></supportedServices>"));
  EXPECT_THAT(body, HasSubstr("<supportedEvents><callControlEvtsList><originated/><delivered/><established/>"
                              "<connectionCleared/></callControlEvtsList></supportedEvents>"));
}

TEST(CstaEncode, ServesEveryServiceOfTheTable) {
  for (const auto& row : services) {
    const auto decoded = decode("<" + std::string(row.root) + "/>");
    ASSERT_TRUE(decoded) << row.root;
    EXPECT_FALSE(std::holds_alternative<model::UnknownService>(decoded.value().request)) << row.root;
  }
}

TEST(CstaEncode, AnswersInTheNamespaceOfTheRequest) {
  EXPECT_THAT(
      response(model::MonitorStopped{}, {"ed5"}),
      HasSubstr(
          "<MonitorStopResponse xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed5\">"));
}

TEST(CstaEncode, AppendsBehindWhatIsThere) {
  std::string out = "head";
  append_response(out, model::MonitorStopped{}, {});
  EXPECT_EQ(out, "head" + sample("MonitorStopResponse"));
}

TEST(CstaEncode, CarriesAnyTextSafely) {
  const auto said = [](const std::string& text) {
    const auto body = response(model::MonitorStarted{{text}});
    expect_valid(body);
    XmlReader reader;
    const auto read = reader.read(body);
    return read ? read.value().path({"monitorCrossRefID"})->text : "unreadable: " + read.error().detail;
  };
  EXPECT_EQ(said("a&b<c>\"d\"'e'"), "a&b<c>\"d\"'e'");
  EXPECT_EQ(said("]]><x/>"), "]]><x/>");
  EXPECT_EQ(said(std::string("a\0b\r\n\tc\x1B\x7F", 9)), "abc");
  EXPECT_EQ(said("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x9E"), "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x9E");
  EXPECT_EQ(said("caf\xE9!"), "caf?!");
  EXPECT_EQ(said("\xC3"), "?");
  EXPECT_EQ(said("\xC0\x80\xED\xA0\x80\xEF\xBF\xBF\xF5"), "?????????");
}

}  // namespace
}  // namespace linebridge::csta
