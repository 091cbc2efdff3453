#include "csta/encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "csta/words.hpp"
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
  EXPECT_EQ(test::csta_problems(body), "") << body;
}

/// Every value of an enumeration, in its order.
template <class E>
std::vector<E> all() {
  std::vector<E> out;
  for (std::size_t i = 0; i < words_of<E>().size(); ++i)
    out.push_back(static_cast<E>(i));
  return out;
}

TEST(CstaEncode, WritesValidXmlForEveryValueOfEveryEnumeration) {
  for (const auto status : all<model::SystemStatus>()) {
    expect_valid(response(model::StatusAnswer{status}));
    std::string told;
    append_system_status(told, status, {});
    expect_valid(told);
  }
  for (const auto state : all<model::LocalConnectionState>()) {
    expect_valid(event(model::ConnectionCleared{own, own_device, state}));
    expect_valid(response(model::DeviceSnapshot{{{own, {}, std::vector{state, state}}}}));
  }
  for (const auto state : all<model::SimpleCallState>())
    expect_valid(response(model::DeviceSnapshot{{{own, own_device, state}}}));
  for (const auto cause : all<model::EventCause>())
    expect_valid(event(model::ConnectionCleared{own, own_device, {}, cause}));
  for (const auto type : all<model::ForwardingType>()) {
    expect_valid(event(model::Forwarding{own_device, type, true, {}, {}, {}}));
    expect_valid(response(model::ForwardingAnswer{{{type, false}}}));
  }
  for (const auto part : all<model::ForwardDefault>())
    expect_valid(event(model::Forwarding{own_device, {}, true, {}, part, 100U}));
}

TEST(CstaEncode, WritesValidXmlForEveryKindOfDevice) {
  const model::EventDevice restricted{model::EventDevice::Kind::restricted, {}};
  using Last = model::LastRedirection;
  for (const auto kind : {Last::Kind::not_required, Last::Kind::not_known, Last::Kind::number_dialed,
                          Last::Kind::not_specified, Last::Kind::restricted}) {
    expect_valid(event(model::Delivered{own, own_device, restricted, {}, Last{kind, {"tel:1003"}}}));
    expect_valid(event(model::Established{own, {}, restricted, own_device, Last{kind, {"tel:1003"}}}));
  }
  expect_valid(event(model::Originated{{{"2001-7"}, {}}, own_device, {}}));
  expect_valid(event(model::ConnectionCleared{{{}, {line}}, restricted}));
  for (const auto& endpoint : {own_device, restricted, model::EventDevice{}})
    expect_valid(event(model::Conferenced{own, {}, restricted, {}, {{own, {}, endpoint}, {{}, far, {}}, {}}}));
}

/// The values that the schema has for a category of CSTAErrorCode.
std::vector<std::string> error_values(const std::string& type) {
  const std::string schema = test::data("csta/csta-rcc.xsd");
  const auto from = schema.find("<xsd:simpleType name=\"" + type + "\">");
  const std::string part = schema.substr(from, schema.find("</xsd:simpleType>", from) - from);
  const std::string mark = "enumeration value=\"";
  std::vector<std::string> out;
  for (auto at = part.find(mark); at != std::string::npos; at = part.find(mark, at + 1))
    out.push_back(part.substr(at + mark.size(), part.find('"', at + mark.size()) - at - mark.size()));
  return out;
}

TEST(CstaEncode, WritesValidXmlForEveryErrorOfEveryCategory) {
  using enum model::ErrorCategory;
  std::size_t count = 0;
  for (const auto& [category, type] : {std::pair(operation, "OperationError"),
                                       {security, "SecurityError"},
                                       {state_incompatibility, "StateError"},
                                       {system_resource_availability, "ResourceError"},
                                       {subscribed_resource_availability, "SubscribedError"},
                                       {performance_management, "PerformanceError"}}) {
    for (const auto& value : error_values(type)) {
      expect_valid(response(model::Refused{{category, value}}));
      ++count;
    }
  }
  EXPECT_GT(count, 100U);
  expect_valid(response(model::Refused{{private_data, "x"}}));
  expect_valid(response(model::Refused{{unspecified, ""}}));
}

TEST(CstaEncode, WritesValidXmlForEveryErrorTheModelNames) {
  namespace e = model::errors;
  for (const auto& error : {e::generic_operation,
                            e::service_not_supported,
                            e::invalid_parameter_value,
                            e::invalid_device_id,
                            e::invalid_call_id,
                            e::invalid_connection_id,
                            e::invalid_monitor,
                            e::invalid_monitor_object_type,
                            e::invalid_monitor_type,
                            e::invalid_calling_device,
                            e::invalid_called_device,
                            e::invalid_destination,
                            e::privilege_violation,
                            e::request_incompatible,
                            e::generic_state,
                            e::invalid_called_state,
                            e::invalid_connection_state,
                            e::no_connection_to_clear,
                            e::generic_resource,
                            e::resource_busy,
                            e::device_out_of_service,
                            e::called_out_of_service,
                            e::calling_out_of_service,
                            e::network_out_of_service,
                            e::conference_full,
                            e::monitor_limit,
                            e::object_monitor_limit})
    expect_valid(response(model::Refused{error}));
}

TEST(CstaEncode, NamesTheTransferAsTheSiteWants) {
  const model::Event transfer = model::Transfered{own, {}, own_device, far_device, {{far, far, {}}}};
  for (const bool two : {false, true}) {
    std::string out;
    append_event(out, {"41"}, transfer, {}, {"", two});
    expect_valid(out);
    EXPECT_THAT(out, HasSubstr(two ? "\n<TransferredEvent " : "\n<TransferedEvent "));
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
