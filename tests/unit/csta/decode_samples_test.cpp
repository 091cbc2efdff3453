#include "csta/decode.hpp"
#include "csta/features.hpp"
#include "tests/unit/support/files.hpp"
#include "tests/unit/support/xsd.hpp"

namespace linebridge::csta {
namespace {

const model::DeviceId line{"tel:1001;phone-context=dialstring"};
const model::DeviceId other{"tel:1002;phone-context=dialstring"};
const model::DeviceId outside{"tel:+14085551234"};
const model::ConnectionId first{{"2001-7"}, line};
const model::ConnectionId second{{"2001-8"}, line};

template <class T>
model::Parameter<T> given(T value) {
  return {value, false};
}

struct Sample {
  std::string name;
  model::Request request;
};

/// Every file of tests/data/csta/requests, and what it says.
const std::vector<Sample> samples{
    {"AlternateCall", model::AlternateCall{first, second}},
    {"AnswerCall", model::AnswerCall{first}},
    {"ClearCall", model::ClearCall{first, given(model::EventCause::normal_clearing)}},
    {"ClearConnection", model::ClearConnection{first, {}}},
    {"ClearConnection-device", model::ClearConnection{{{}, line}, given(model::EventCause::call_cancelled)}},
    {"ConferenceCall", model::ConferenceCall{first, second}},
    {"ConsultationCall", model::ConsultationCall{first, other, {}}},
    {"ConsultationCall-transfer",
     model::ConsultationCall{first, other, given(model::ConsultOptions::transfer_only)}},
    {"DeflectCall", model::DeflectCall{first, outside}},
    {"GenerateDigits", model::GenerateDigits{first, "12#", {}, {}, {}}},
    {"GenerateDigits-times",
     model::GenerateDigits{first, "*1", given(model::DigitMode::dtmf), given(100U), given(50U)}},
    {"GetCSTAFeatures", model::GetCstaFeatures{}},
    {"GetDoNotDisturb", model::GetDoNotDisturb{line}},
    {"GetForwarding", model::GetForwarding{line}},
    {"GetMessageWaitingIndicator", model::GetMessageWaitingIndicator{line}},
    {"HoldCall", model::HoldCall{first}},
    {"MakeCall", model::MakeCall{line, outside, false}},
    {"MonitorStart", model::MonitorStart{line}},
    {"MonitorStart-call", model::MonitorStart{{}, first, given(model::MonitorType::call)}},
    {"MonitorStop", model::MonitorStop{{"41"}}},
    {"ReconnectCall", model::ReconnectCall{second, first}},
    {"RequestSystemStatus", model::RequestSystemStatus{}},
    {"RetrieveCall", model::RetrieveCall{first}},
    {"SetDoNotDisturb", model::SetDoNotDisturb{line, given(true)}},
    {"SetForwarding",
     model::SetForwarding{line, given(model::ForwardingType::immediate), given(true), outside, {}}},
    {"SetForwarding-off",
     model::SetForwarding{line, given(model::ForwardingType::no_answer), given(false), {}, given(3U)}},
    {"SetMessageWaitingIndicator", model::SetMessageWaitingIndicator{line, given(true), other}},
    {"SingleStepTransferCall", model::SingleStepTransferCall{first, other}},
    {"SnapshotCall", model::SnapshotCall{first}},
    {"SnapshotDevice", model::SnapshotDevice{line}},
    {"SystemStatus", model::TellSystemStatus{given(model::SystemStatus::normal)}},
    {"TransferCall", model::TransferCall{first, second}},
};

std::string path_of(const Sample& sample) {
  return "csta/requests/" + sample.name + ".xml";
}

/// The same request from another client: its own prefix, another edition, blanks, comments, and elements from
/// the future with names that we know inside.
std::string disguised(std::string body, std::string_view edition) {
  std::string out;
  bool root = true;
  for (std::size_t at = body.find('\n'); at < body.size(); ++at) {
    if (body[at] == '<' && body[at + 1] == '/') {
      out += "\n</x:";
      ++at;
    } else if (body[at] == '<') {
      out += root ? "<x:" : "<!-- next --><fut:ure xmlns:fut='urn:future'><device>no</device></fut:ure>\n<x:";
      root = false;
    } else {
      out += body[at];
    }
  }
  const std::string declared = "xmlns=\"" + std::string(csta_namespaces) + "ed3\"";
  const auto at = out.find(declared);
  return out.replace(at, declared.size(),
                     "xmlns:x='" + std::string(csta_namespaces) + std::string(edition) + "'");
}

TEST(CstaDecodeSamples, AreReadAsWhatTheySay) {
  for (const auto& sample : samples) {
    SCOPED_TRACE(sample.name);
    const auto result = decode(test::data(path_of(sample)));
    ASSERT_TRUE(result);
    EXPECT_EQ(result.value().request, sample.request);
    EXPECT_EQ(result.value().edition, Edition{"ed3"});
    EXPECT_EQ(result.value().private_data.line, sample.name == "RequestSystemStatus" ? line.value : "");
  }
}

TEST(CstaDecodeSamples, AreReadAlikeInEveryEditionPrefixAndDisguise) {
  for (const auto* edition : {"ed1", "ed2", "ed3", "ed4", "ed5", "ed6", "ed3/priv5", "ed3/priv6"}) {
    for (const auto& sample : samples) {
      if (sample.name == "RequestSystemStatus") continue;  // It has prefixes of its own.
      SCOPED_TRACE(sample.name + " " + edition);
      const auto result = decode(disguised(test::data(path_of(sample)), edition));
      ASSERT_TRUE(result) << result.error().detail << disguised(test::data(path_of(sample)), edition);
      EXPECT_EQ(result.value().request, sample.request);
      EXPECT_EQ(result.value().edition, Edition{edition});
    }
  }
}

TEST(CstaDecodeSamples, AreThereForEveryServiceAndAllAreLookedAt) {
  for (const auto& path : test::data_files("csta/requests"))
    EXPECT_TRUE(std::any_of(samples.begin(), samples.end(), [&](const Sample& s) {
      return path_of(s) == path;
    })) << path;
  for (std::size_t i = 0; i < services.size(); ++i)
    EXPECT_TRUE(std::any_of(samples.begin(), samples.end(), [&](const Sample& s) {
      return s.request.index() == i && s.name.starts_with(services[i].root);
    })) << services[i].root;
}

TEST(CstaDecodeSamples, AreAcceptedByTheSchema) {
  for (const auto* folder : {"csta/requests", "csta/answers", "csta/seen"})
    for (const auto& path : test::data_files(folder))
      EXPECT_EQ(test::csta_problems(test::data(path)), "") << path;
}

}  // namespace
}  // namespace linebridge::csta
