#include "tests/simulators/cucm/codec.hpp"

#include "base/text.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/utf16.hpp"
#include "tests/unit/simulators/cucm/sample_frames.hpp"

namespace linebridge::sim::cucm {
namespace {

std::string bytes_of(std::string_view hex) {
  const auto raw = from_hex(hex);
  return raw ? std::string(raw->begin(), raw->end()) : std::string("bad hex");
}

std::string hex_of(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::string hex_of(const Message& message, const Dialect& dialect) {
  std::string out;
  encode(message, dialect, out);
  return hex_of(out);
}

Result<Message> message_of(std::string_view bytes) {
  FrameReader reader;
  reader.push(bytes);
  const auto item = reader.next();
  if (const auto* error = std::get_if<Error>(&item)) return *error;
  if (const auto* frame = std::get_if<Frame>(&item)) return decode(*frame);
  return Error{Errc::closed, "no whole frame"};
}

const Fields line_and_call = {
    {"seq", 11}, {"lineCallManagerID", 1}, {"lineID", 145}, {"callLegCallManagerID", 1}, {"callLegID", 33}};

/// The line and call of the samples, with another seq and further fields.
Fields on_call(std::int32_t seq, std::initializer_list<Field> more) {
  Fields fields = line_and_call;
  fields.set("seq", seq);
  for (const Field& field : more)
    fields.set(field.name, field.value);
  return fields;
}

struct Sample {
  std::string_view hex;
  Message message;
};

std::vector<Sample> client_samples() {
  const Fields filter = all_flags("ProviderEventFilter");
  return {
      {samples::heartbeat, {120, {}}},
      {samples::provider_init_request,
       {310,
        {{"seq", 1},
         {"provider", "10.0.0.1"},
         {"qbeClientVersion", "OpenRCC 1.0"},
         {"applicationID", "rcc"},
         {"pluginName", "CiscoJTAPI"}}}},
      {samples::provider_open_request,
       {3,
        {{"seq", 2},
         {"provider", "10.0.0.1"},
         {"qbeClientVersion", "OpenRCC 1.0"},
         {"login", "user1"},
         {"password", "\1\2\3\4"},
         {"filter", filter},
         {"applicationID", "rcc"},
         {"desiredServerHeartbeatTime", 30},
         {"pluginName", "CiscoJTAPI"},
         {"applicationPriority", 2},
         {"encryptedKeyData", "\5\6"}}}},
      {samples::provider_close_request, {9, {{"seq", 7}}}},
      {samples::line_close_request, {41, {{"seq", 8}, {"lineCallManagerID", 1}, {"lineID", 145}}}},
      {samples::line_call_initiate_request,
       {43,
        {{"seq", 15},
         {"lineCallManagerID", 1},
         {"lineID", 145},
         {"globalCallManagerID", 1},
         {"globalCallID", 2001},
         {"callingAddress", "1001"},
         {"destAddress", "1002"},
         {"mediaDeviceName", ""},
         {"featurePriority", 1}}}},
      {samples::call_answer_request, {52, on_call(9, {{"mediaDeviceName", ""}})}},
      {samples::call_play_dtmf_request,
       {68, on_call(10, {{"dtmfDigits", std::vector<std::int32_t>{1, 2, 15}}})}},
      {samples::call_direct_transfer_request, {172, on_call(11, {{"otherCallHandle", Handle{1, 34}}})}},
      {samples::call_join_request, {174, on_call(12, {{"otherCalls", std::vector<Handle>{{1, 34}}}})}},
      {samples::line_set_forward_request,
       {121,
        {{"seq", 13},
         {"lineCallManagerID", 1},
         {"lineID", 145},
         {"FwdDestnInfo", std::vector<Fields>{{{"CfwdType", 1}, {"CallFwdDestination", "2002"}}}}}}},
      {samples::device_dndset_request,
       {242, {{"seq", 14}, {"callManagerID", 1}, {"deviceID", 38}, {"dndStatus", true}}}},
  };
}

TEST(CucmCodec, WritesTheFramesOfTheClientLibraryByteForByte) {
  for (const Sample& sample : client_samples()) {
    SCOPED_TRACE(message_name(sample.message.id));
    EXPECT_EQ(hex_of(sample.message, client_dialect()), sample.hex);
  }
}

TEST(CucmCodec, ReadsTheFramesOfTheClientLibraryBackToTheSameFrames) {
  for (const Sample& sample : client_samples()) {
    SCOPED_TRACE(message_name(sample.message.id));
    const auto message = message_of(bytes_of(sample.hex));
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_EQ(hex_of(message.value(), client_dialect()), sample.hex);
  }
}

TEST(CucmCodec, WritesTheCompletedLoginAsTheClientLibraryReadsIt) {
  const Message message{126,
                        {{"seq", 2},
                         {"providerInfoString", "14.0.1"},
                         {"clientHeartbeat", 30},
                         {"serverHeartbeat", 30},
                         {"failureDescription", Null{}},
                         {"providerId", 16777223},
                         {"precedenceValue", 96},
                         {"daysUntilPasswordExpiry", -1},
                         {"totalControllableDevices", 3},
                         {"clusterID", "StandAloneCluster"}}};
  EXPECT_EQ(hex_of(message, Dialect{}), samples::provider_open_completed_event);
}

TEST(CucmCodec, WritesADeviceOpenResponseOfTheSizeSeenInATrace) {
  const Fields info = {{"name", "SEP001794625DE5"}, {"type", 7}, {"devTypeName", "Cisco 7960"}};
  std::string out;
  encode({17, {{"seq", 4}, {"callManagerID", 1}, {"deviceID", 38}, {"deviceInfo", info}}}, Dialect{}, out);
  EXPECT_EQ(out.size(), 0xA0u);
  EXPECT_EQ(read_u32(out, 0), 0x98u);
}

TEST(CucmCodec, WritesADeviceInsideAResponseByteForByte) {
  const Fields info = {
      {"name", "SEP001794625DE5"},  {"type", 7}, {"deviceID", 38}, {"locale", 1}, {"protocol", 1},
      {"devTypeName", "Cisco 7960"}};
  const Message message{19, {{"seq", 4}, {"callManagerID", 1}, {"deviceID", 38}, {"deviceInfo", info}}};
  EXPECT_EQ(hex_of(message, Dialect{}), samples::device_register_device_response);
}

TEST(CucmCodec, KnowsTheFixedSizesOfElements) {
  const std::map<std::string_view, std::size_t> sizes = {{"ProviderEventFilter", 24},
                                                         {"DeviceInfo", 72},
                                                         {"DeviceEventFilter", 132},
                                                         {"LineEventFilter", 164},
                                                         {"PartyDNInfo", 44},
                                                         {"ParticipantInfo", 104},
                                                         {"LineInfo", 132},
                                                         {"DeviceInfoStatic", 28},
                                                         {"DeviceInfoDynamic", 36},
                                                         {"DeviceRegistrationInfo", 72},
                                                         {"PartyDNInfo_V2", 32},
                                                         {"ProviderCapabilitiesInfo", 36},
                                                         {"CtiCallForwardInformation", 12},
                                                         {"SIPUrl", 28},
                                                         {"LineIntercomSpeedDialInfo", 32}};
  for (const auto& [name, size] : sizes) {
    SCOPED_TRACE(name);
    ASSERT_NE(element_layout(name), nullptr);
    EXPECT_EQ(element_layout(name)->fixed_size, size);
  }
}

TEST(CucmCodec, ReadsUnicodeWithAndWithoutNul) {
  const Message login{3, {{"login", "Zo\xC3\xAB \xF0\x9F\x93\x9E"}}};
  for (const Dialect& dialect : {Dialect{}, client_dialect()}) {
    std::string out;
    encode(login, dialect, out);
    const auto message = message_of(out);
    ASSERT_TRUE(message);
    EXPECT_EQ(message.value().fields.text("login"), "Zo\xC3\xAB \xF0\x9F\x93\x9E");
  }
}

TEST(CucmCodec, ReplacesWhatIsNoText) {
  EXPECT_EQ(utf8_from_utf16(utf16_from_utf8("a\xFFz")), "a\xEF\xBF\xBDz");
  EXPECT_EQ(utf8_from_utf16(std::string_view("\x00\xD8z\x00", 4)), "\xEF\xBF\xBDz");
}

TEST(CucmCodec, TellsNullFromEmptyText) {
  std::string out;
  encode({310, {{"provider", Null{}}, {"applicationID", ""}}}, Dialect{}, out);
  const auto message = message_of(out);
  ASSERT_TRUE(message);
  EXPECT_TRUE(std::holds_alternative<Null>(*message.value().fields.find("provider")));
  EXPECT_TRUE(std::holds_alternative<std::string>(*message.value().fields.find("applicationID")));
}

TEST(CucmCodec, ReadsAMessageThatEndsEarly) {
  // A version that knows only the seq of ProviderOpenRequest.
  std::string frame = bytes_of(samples::provider_close_request);
  frame[16] = 3;
  const auto message = message_of(frame);
  ASSERT_TRUE(message);
  EXPECT_EQ(message.value().fields.number("seq"), 7);
  EXPECT_EQ(message.value().fields.find("login"), nullptr);
}

TEST(CucmCodec, GivesTheSizeAFilterHadOnTheWire) {
  const auto message = message_of(bytes_of(samples::provider_open_request));
  ASSERT_TRUE(message);
  EXPECT_EQ(message.value().fields.element("filter").wire_size, 24u);
  EXPECT_TRUE(message.value().fields.element("filter").flag("deviceConfigChangeNotify"));
}

TEST(CucmCodec, RefusesPointersOutsideTheVariablePart) {
  const std::string good = bytes_of(samples::provider_init_request);
  for (const std::uint32_t offset : {0u, 32u, 67u, 200u, 0x7FFFFFFFu, 0xFFFFFFF0u}) {
    std::string bad = good;
    write_u32(bad, 36, offset);
    EXPECT_FALSE(message_of(bad)) << offset;
  }
  for (const std::uint32_t length : {37u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    std::string bad = good;
    write_u32(bad, 40, length);
    EXPECT_FALSE(message_of(bad)) << length;
  }
}

TEST(CucmCodec, RefusesTextWithoutNulBooleansThatAreNoneAndCountsThatLie) {
  std::string text = bytes_of(samples::provider_init_request);
  text.back() = 'x';
  EXPECT_FALSE(message_of(text));

  std::string flag = bytes_of(samples::device_dndset_request);
  flag[flag.size() - 4] = 7;
  EXPECT_FALSE(message_of(flag));

  std::string count = bytes_of(samples::line_set_forward_request);
  write_u32(count, 32 + 12 + 8, 0x40000000);
  EXPECT_FALSE(message_of(count));
  write_u32(count, 32 + 12 + 12, 0);
  EXPECT_FALSE(message_of(count));
}

TEST(CucmCodec, SurvivesEveryFlippedByteOfEverySample) {
  for (const Sample& sample : client_samples()) {
    const std::string good = bytes_of(sample.hex);
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const char value : {'\x00', '\x7F', '\xFF'}) {
        std::string bad = good;
        bad[at] = value;
        const auto message = message_of(bad);
        EXPECT_TRUE(!message || message.value().fields.all().size() < 40u);
      }
    }
  }
}

TEST(CucmFrames, AreTheSameWhereverTheStreamIsCut) {
  const std::string stream = bytes_of(samples::provider_init_request) + bytes_of(samples::heartbeat);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SCOPED_TRACE(cut);
    FrameReader reader;
    std::vector<std::int32_t> ids;
    for (const std::string& part : {stream.substr(0, cut), stream.substr(cut)}) {
      reader.push(part);
      for (auto item = reader.next(); !std::holds_alternative<FrameReader::NeedMore>(item);
           item = reader.next()) {
        ASSERT_TRUE(std::holds_alternative<Frame>(item));
        ids.push_back(std::get<Frame>(item).id);
      }
    }
    EXPECT_EQ(ids, (std::vector<std::int32_t>{310, 120}));
  }
}

TEST(CucmFrames, AreRefusedWithABadHeader) {
  struct Case {
    std::size_t at;
    std::uint32_t value;
    Errc code;
  };
  for (const Case& c : {Case{8, 0x0000DDDD, Errc::malformed}, Case{20, 31, Errc::malformed},
                        Case{20, 0x80000000, Errc::malformed}, Case{24, 0xFFFFFFFF, Errc::malformed},
                        Case{28, 0x80000001, Errc::malformed}, Case{28, 0x7FFFFFFF, Errc::too_long},
                        Case{0, 25, Errc::malformed}}) {
    std::string frame = bytes_of(samples::heartbeat);
    write_u32(frame, c.at, c.value);
    FrameReader reader;
    reader.push(frame);
    const auto item = reader.next();
    ASSERT_TRUE(std::holds_alternative<Error>(item)) << c.at;
    EXPECT_EQ(std::get<Error>(item).code, c.code) << c.at;
  }
}

}  // namespace
}  // namespace linebridge::sim::cucm
