#include "csta/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "csta/features.hpp"
#include "csta/words.hpp"
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
  for (const auto* name : {"RequestSystemStatus", "GetCSTAFeatures"})
    EXPECT_EQ(decoded(test::data("csta/seen/pidgin-sipe-" + std::string(name) + ".xml")).private_data.line,
              line);
  EXPECT_EQ(request<model::MonitorStart>(test::data("csta/seen/pidgin-sipe-MonitorStart.xml")).device.value,
            line);

  const auto call = request<model::MakeCall>(test::data("csta/seen/pidgin-sipe-MakeCall.xml"));
  EXPECT_EQ(call.calling.value, line);
  EXPECT_EQ(call.called.value, "tel:+15551234");
  EXPECT_FALSE(call.prompt);
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
  for (const auto& row : services) {
    const auto bare = decoded("<" + std::string(row.root) + "/>");
    EXPECT_EQ(row_of(bare.request), &row) << row.root;
    EXPECT_EQ(bare.private_data.line, "");
  }
  EXPECT_EQ(request<model::MonitorStart>("<MonitorStart><monitorObject/></MonitorStart>"),
            model::MonitorStart{});
  EXPECT_EQ(request<model::SetForwarding>("<SetForwarding/>"), model::SetForwarding{});
  EXPECT_EQ(request<model::GenerateDigits>("<GenerateDigits/>"), model::GenerateDigits{});
  EXPECT_EQ(request<model::MakeCall>("<MakeCall/>").called.value, "");
}

TEST(CstaDecode, ReadsEveryWordOfEveryEnumeration) {
  const auto each = [](auto words, const auto& wrap, const auto& read) {
    for (std::size_t i = 0; i < words.size(); ++i)
      EXPECT_EQ(static_cast<std::size_t>(read(wrap(std::string(words[i])))), i) << words[i];
  };
  each(
      words_of<model::SystemStatus>(),
      [](const std::string& w) {
        return "<SystemStatus><systemStatus>" + w + "</systemStatus></SystemStatus>";
      },
      [](const std::string& body) { return request<model::TellSystemStatus>(body).status.value.value(); });
  each(
      words_of<model::EventCause>(),
      [](const std::string& w) { return "<ClearCall><reason>" + w + "</reason></ClearCall>"; },
      [](const std::string& body) { return request<model::ClearCall>(body).reason.value.value(); });
  each(
      words_of<model::ForwardingType>(),
      [](const std::string& w) {
        return "<SetForwarding><forwardingType>" + w + "</forwardingType></SetForwarding>";
      },
      [](const std::string& body) { return request<model::SetForwarding>(body).type.value.value(); });
  each(
      words_of<model::ConsultOptions>(),
      [](const std::string& w) {
        return "<ConsultationCall><consultOptions>" + w + "</consultOptions></ConsultationCall>";
      },
      [](const std::string& body) { return request<model::ConsultationCall>(body).options.value.value(); });
  each(
      words_of<model::DigitMode>(),
      [](const std::string& w) { return "<GenerateDigits><digitMode>" + w + "</digitMode></GenerateDigits>"; },
      [](const std::string& body) { return request<model::GenerateDigits>(body).mode.value.value(); });
  each(
      words_of<model::MonitorType>(),
      [](const std::string& w) { return "<MonitorStart><monitorType>" + w + "</monitorType></MonitorStart>"; },
      [](const std::string& body) { return request<model::MonitorStart>(body).type.value.value(); });
}

TEST(CstaDecode, SaysWhatIsNoValueOfItsType) {
  const auto forwarding = [](const std::string& inside) {
    return request<model::SetForwarding>("<SetForwarding>" + inside + "</SetForwarding>");
  };
  for (const auto* wrong : {"", "TRUE", "yes", "2", "true false", "<b>true</b>"}) {
    const auto on = forwarding("<activateForward>" + std::string(wrong) + "</activateForward>").on;
    EXPECT_TRUE(on.unreadable && !on.value) << wrong;
  }
  for (const auto* right : {"true", "1", " true\n"})
    EXPECT_EQ(forwarding("<activateForward>" + std::string(right) + "</activateForward>").on.value, true)
        << right;
  EXPECT_EQ(forwarding("<activateForward>0</activateForward>").on.value, false);
  for (const auto* wrong : {"", "-1", "3.5", "4294967296", "three", "0x3", "99999999999999999999999"}) {
    const auto rings = forwarding("<ringCount>" + std::string(wrong) + "</ringCount>").rings;
    EXPECT_TRUE(rings.unreadable && !rings.value) << wrong;
  }
  EXPECT_EQ(forwarding("<ringCount>4294967295</ringCount>").rings.value, 4294967295U);
  for (const auto* wrong : {"", "forwardimmediate", "forwardImmediate forwardBusy", "anything"}) {
    const auto type = forwarding("<forwardingType>" + std::string(wrong) + "</forwardingType>").type;
    EXPECT_TRUE(type.unreadable && !type.value) << wrong;
  }
}

TEST(CstaDecode, ReadsAConnectionWithOneOfItsParts) {
  EXPECT_EQ(
      request<model::HoldCall>("<HoldCall><callToBeHeld><callID>7</callID></callToBeHeld></HoldCall>").call,
      (model::ConnectionId{{"7"}, {}}));
  EXPECT_EQ(
      request<model::HoldCall>("<HoldCall><callToBeHeld><deviceID>tel:1</deviceID></callToBeHeld></HoldCall>")
          .call,
      (model::ConnectionId{{}, {"tel:1"}}));
}

TEST(CstaDecode, ReadsTextsWithEntitiesAndBeyondAscii) {
  const auto stop = [](const std::string& text) {
    return request<model::MonitorStop>("<MonitorStop><monitorCrossRefID>" + text +
                                       "</monitorCrossRefID></MonitorStop>")
        .monitor.value;
  };
  EXPECT_EQ(stop("a&amp;b&lt;c&gt;&quot;d&quot;&apos;e&apos;"), "a&b<c>\"d\"'e'");
  EXPECT_EQ(stop("&#x20AC;caf\xC3\xA9"),
            "\xE2\x82\xAC"
            "caf\xC3\xA9");
  EXPECT_EQ(stop("<!-- no -->4<![CDATA[<1>]]>"), "4<1>");
}

TEST(CstaDecode, TakesTheLineOnlyFromPrivateData) {
  EXPECT_EQ(decoded("<RequestSystemStatus><line>tel:1</line></RequestSystemStatus>").private_data.line, "");
  EXPECT_EQ(decoded("<MakeCall><extensions><security/><privateData><string>x</string><private><other/><l:line "
                    "xmlns:l='urn:l'> tel:1 </l:line></private></privateData></extensions></MakeCall>")
                .private_data.line,
            "tel:1");
}

TEST(CstaDecode, NamesAServiceItDoesNotKnow) {
  EXPECT_EQ(request<model::UnknownService>(in_edition("ed3", "ParkCall")).name, "ParkCall");
  EXPECT_LT(request<model::UnknownService>(in_edition("ed3", std::string(5000, 'P'))).name.size(), 100U);
}

TEST(CstaDecode, TellsResponsesErrorsAndEventsFromRequests) {
  for (const auto& path : test::data_files("csta/answers")) {
    if (path.ends_with("/SystemStatus.xml")) continue;  // A service in both directions.
    const auto result = decoded(test::data(path));
    EXPECT_TRUE(std::holds_alternative<model::NotARequest>(result.request)) << path;
  }
  EXPECT_EQ(request<model::NotARequest>(in_edition("ed5", "CSTAErrorCode")).name, "CSTAErrorCode");
  EXPECT_EQ(request<model::NotARequest>(in_edition("ed5", "ParkCallResponse")).name, "ParkCallResponse");
}

TEST(CstaDecode, RefusesXmlThatIsNotCsta) {
  for (const auto* body :
       {"<html xmlns='http://www.w3.org/1999/xhtml'/>", "<MakeCall xmlns='urn:x'/>", "<presence/>",
        "<DeliveredEvent/>", "<MakeCall xmlns='http://www.ecma-international.org/standards/ecma-323/csta/'/>",
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
