#include "csta/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/files.hpp"

namespace linebridge::csta {
namespace {

using testing::HasSubstr;

const std::string line = "tel:1001;phone-context=dialstring";

Decoded decoded(std::string_view body) {
  auto result = decode(body);
  EXPECT_TRUE(result) << body << ": " << (result ? "" : result.error().detail);
  return result ? std::move(result).value() : Decoded{};
}

template <class Request>
Request request(std::string_view body) {
  const auto result = decoded(body);
  const auto* wanted = std::get_if<Request>(&result.request);
  EXPECT_TRUE(wanted) << body;
  return wanted ? *wanted : Request{};
}

std::string in_edition(std::string_view name, std::string_view root) {
  return "<" + std::string(root) + " xmlns=\"" + std::string(csta_namespaces) + std::string(name) + "\"/>";
}

TEST(CstaDecode, ReadsWhatPidginSipeSends) {
  EXPECT_EQ(
      request<model::RequestSystemStatus>(test::data("csta/seen/pidgin-sipe-RequestSystemStatus.xml")).line,
      line);
  EXPECT_EQ(request<model::GetCstaFeatures>(test::data("csta/seen/pidgin-sipe-GetCSTAFeatures.xml")).line,
            line);
  EXPECT_EQ(request<model::MonitorStart>(test::data("csta/seen/pidgin-sipe-MonitorStart.xml")).device.value,
            line);

  const auto call = request<model::MakeCall>(test::data("csta/seen/pidgin-sipe-MakeCall.xml"));
  EXPECT_EQ(call.calling.value, line);
  EXPECT_EQ(call.called.value, "tel:+15551234");
  EXPECT_FALSE(call.prompt);
}

TEST(CstaDecode, ReadsEveryRequestAndNamesThoseItDoesNotServe) {
  for (const auto& path : test::data_files("csta/requests")) {
    const auto result = decoded(test::data(path));
    EXPECT_EQ(result.edition, Edition{"ed3"}) << path;
    if (const auto* unknown = std::get_if<model::UnknownService>(&result.request)) {
      EXPECT_EQ("csta/requests/" + unknown->name + ".xml", path);
    }
  }
  EXPECT_EQ(request<model::MonitorStop>(test::data("csta/requests/MonitorStop.xml")).monitor.value, "41");
  EXPECT_EQ(request<model::UnknownService>(test::data("csta/requests/HoldCall.xml")).name, "HoldCall");
}

TEST(CstaDecode, ReadsEveryEditionAndRemembersIt) {
  for (const auto* name : {"ed1", "ed2", "ed3", "ed4", "ed5", "ed6", "ed3/priv5"})
    EXPECT_EQ(decoded(in_edition(name, "GetCSTAFeatures")).edition, Edition{name});
  EXPECT_EQ(decoded("<GetCSTAFeatures/>").edition, Edition{"ed3"}) << "no namespace at all";
}

TEST(CstaDecode, ReadsAnyPrefixOrderAndExtras) {
  const auto call = request<model::MakeCall>(
      "<?xml version='1.0' encoding='utf-8'?>\n<c:MakeCall "
      "xmlns:c='http://www.ecma-international.org/standards/"
      "ecma-323/csta/ed4'>\n  <!-- backwards -->\n  <c:autoOriginate> doNotPrompt </c:autoOriginate>\n"
      "  <c:fromTheFuture><c:calledDirectoryNumber>99</c:calledDirectoryNumber></c:fromTheFuture>\n"
      "  <c:calledDirectoryNumber><![CDATA[tel:1002]]></c:calledDirectoryNumber>\n"
      "  <c:callingDevice typeOfNumber='dialingNumber'>\n    tel:1001\n  </c:callingDevice>\n</c:MakeCall>");
  EXPECT_EQ(call.calling.value, "tel:1001");
  EXPECT_EQ(call.called.value, "tel:1002");
  EXPECT_FALSE(call.prompt);
}

TEST(CstaDecode, PromptsUnlessToldNotTo) {
  EXPECT_TRUE(request<model::MakeCall>("<MakeCall/>").prompt);
  EXPECT_TRUE(request<model::MakeCall>("<MakeCall><autoOriginate>prompt</autoOriginate></MakeCall>").prompt);
}

TEST(CstaDecode, LeavesEmptyWhatIsMissing) {
  EXPECT_EQ(request<model::RequestSystemStatus>("<RequestSystemStatus/>").line, "");
  EXPECT_EQ(request<model::MonitorStart>("<MonitorStart><monitorObject/></MonitorStart>").device.value, "");
  EXPECT_EQ(request<model::MonitorStop>("<MonitorStop/>").monitor.value, "");
  EXPECT_EQ(request<model::MakeCall>("<MakeCall/>").called.value, "");
}

TEST(CstaDecode, TakesTheLineOnlyFromPrivateData) {
  EXPECT_EQ(
      request<model::RequestSystemStatus>("<RequestSystemStatus><line>tel:1</line></RequestSystemStatus>").line,
      "");
}

TEST(CstaDecode, NamesAServiceItDoesNotKnow) {
  EXPECT_EQ(request<model::UnknownService>(in_edition("ed3", "ParkCall")).name, "ParkCall");
}

TEST(CstaDecode, RefusesXmlThatIsNotCsta) {
  for (const auto* body :
       {"<html xmlns='http://www.w3.org/1999/xhtml'/>", "<MakeCall xmlns='urn:x'/>", "<presence/>",
        "<MakeCall xmlns='http://www.ecma-international.org/standards/ecma-323/csta/'/>",
        "<MakeCall xmlns='http://www.ecma-international.org/standards/ecma-323/csta/a b'/>"}) {
    const auto result = decode(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, Errc::unsupported);
    EXPECT_THAT(result.error().detail, HasSubstr("is not CSTA"));
  }
}

TEST(CstaDecode, PassesOnWhatTheReaderRefuses) {
  EXPECT_EQ(decode("").error().code, Errc::malformed);
  EXPECT_EQ(decode("<!DOCTYPE a><MakeCall/>").error().code, Errc::unsupported);
}

TEST(CstaDecode, ReadsBodyAfterBodyWithOneDecoder) {
  Decoder decoder;
  EXPECT_FALSE(decoder.decode("<MakeCall>"));
  for (int i = 0; i < 3; ++i) {
    const auto result = decoder.decode(test::data("csta/seen/pidgin-sipe-MonitorStart.xml"));
    ASSERT_TRUE(result);
    EXPECT_EQ(std::get<model::MonitorStart>(result.value().request).device.value, line);
  }
}

}  // namespace
}  // namespace linebridge::csta
