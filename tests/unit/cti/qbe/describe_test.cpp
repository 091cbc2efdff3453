#include "cti/qbe/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cti/qbe/messages.hpp"
#include "every_field.hpp"
#include "samples.hpp"

namespace linebridge::cti::qbe {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Kind = Said::Kind;
namespace m = messages;
using namespace std::string_view_literals;

constexpr Dialect v11 = dialect(0x00110000);

std::string with(std::string frame, std::size_t at, std::uint32_t value) {
  store32(frame, at, value);
  return frame;
}

/// Where the first word of a field stands in its frame, and the others.
std::size_t place(Slot slot, unsigned word) {
  return header::bytes + slot.offset + 4 * word;
}

const Said& field(const std::vector<Said>& fields, std::string_view name) {
  for (const auto& each : fields)
    if (each.name == name) return each;
  ADD_FAILURE() << "no field " << name;
  static const Said none;
  return none;
}

/// Every text of a server ends in a NUL, in unicode too: every layout, as a CTI Manager would write it.
std::string as_a_server(const Layout& layout, const Dialect& dialect) {
  every::unicode_with_nul = !layout.name.ends_with("_request");
  return every::written(layout, dialect);
}

TEST(QbeDescribe, FindsNothingWrongInAnyMessageWithAllItsFields) {
  for (const Layout* const layout : m::all()) {
    SCOPED_TRACE(layout->name);
    for (const std::uint32_t version : {0x00100000u, 0x00110000u}) {
      const auto description = describe(as_a_server(*layout, dialect(version)));
      EXPECT_THAT(description.mismatches, IsEmpty());
      EXPECT_THAT(description.notes, IsEmpty());
      EXPECT_EQ(description.id, layout->id);
      EXPECT_EQ(description.version, version);
      EXPECT_EQ(description.fixed_size, layout->size);
    }
  }
}

TEST(QbeDescribe, FindsNothingWrongInKnownFrames) {
  for (const auto sample : samples::all)
    EXPECT_THAT(describe(bytes_of(sample)).mismatches, IsEmpty());
}

TEST(QbeDescribe, SaysWhatFieldsSay) {
  const auto call = describe(bytes_of(samples::line_call_initiate));
  EXPECT_EQ(call.name, "LineCallInitiateRequest");
  EXPECT_TRUE(call.has_seq);
  EXPECT_EQ(call.seq, 15u);
  EXPECT_EQ(field(call.fields, "line").kind, Kind::handle);
  EXPECT_EQ(field(call.fields, "line").number, 1u);
  EXPECT_EQ(field(call.fields, "line").second, 145u);
  EXPECT_EQ(field(call.fields, "global_call").second, 2001u);
  EXPECT_EQ(field(call.fields, "dest_address").text, "1002");
  EXPECT_EQ(field(call.fields, "user_data").kind, Kind::nothing);
  EXPECT_EQ(field(call.fields, "media_device_name").kind, Kind::text);
  EXPECT_EQ(field(call.fields, "feature_priority").text, "NORMAL");

  const auto digits = describe(bytes_of(samples::call_play_dtmf));
  ASSERT_EQ(field(digits.fields, "dtmf_digits").parts.size(), 3u);
  EXPECT_EQ(field(digits.fields, "dtmf_digits").parts[2].text, "#");

  const auto forward = describe(bytes_of(samples::line_set_forward));
  const Said& list = field(forward.fields, "fwd_destn_info");
  ASSERT_EQ(list.parts.size(), 1u);
  EXPECT_EQ(field(list.parts[0].parts, "cfwd_type").text, "ALL_ON");
  EXPECT_EQ(field(list.parts[0].parts, "call_fwd_destination").text, "2002");

  const auto device = describe(bytes_of(samples::device_register_response));
  EXPECT_EQ(field(field(device.fields, "device_info").parts, "dev_type_name").text, "Cisco 7960");
  const auto opened = describe(bytes_of(samples::provider_open_completed));
  EXPECT_EQ(opened.seq, 2u);
  EXPECT_EQ(field(opened.fields, "login_user_name").kind, Kind::text);
}

TEST(QbeDescribe, KeepsSecretsToItself) {
  const auto open = describe(bytes_of(samples::provider_open));
  for (const auto* name : {"password", "encrypted_key_data"})
    EXPECT_EQ(field(open.fields, name).kind, Kind::secret) << name;
  EXPECT_EQ(field(open.fields, "password").number, 4u);
  EXPECT_EQ(field(open.fields, "password").text, "");
  // Nor do bytes that are left over show what they may be.
  const auto cut = describe(with(bytes_of(samples::provider_open), header::fixed_size, 124 + 60));
  for (const auto& mismatch : cut.mismatches)
    EXPECT_EQ(mismatch.find("01020304"), std::string::npos) << mismatch;
}

std::vector<std::string> mismatches(const std::string& frame) {
  return describe(frame).mismatches;
}

TEST(QbeDescribe, NamesWhatIsWrongInTheHeader) {
  const std::string good = bytes_of(samples::line_close);
  EXPECT_THAT(mismatches(with(good, header::length, 0)), ElementsAre("the length in front is 0, not 36"));
  EXPECT_THAT(mismatches(with(good, header::magic, 1)), ElementsAre("the magic number is wrong"));
  EXPECT_THAT(mismatches(with(good, header::id, 4711)), ElementsAre("an unknown id"));
  EXPECT_THAT(mismatches(with(good, header::id, 26)), IsEmpty());
  EXPECT_EQ(describe(with(good, header::id, 26)).name, "DeviceDisplayStringRequest");
  EXPECT_THAT(describe(with(good, header::id, 26)).notes, ElementsAre("a message whose fields are not known"));
  EXPECT_THAT(describe(with(good, header::version, 0x000F0000)).notes, testing::SizeIs(1));
  EXPECT_THAT(describe(with(good, 4, 7)).notes, ElementsAre("the reserved word is not 0"));
  EXPECT_THAT(mismatches(good.substr(0, 40)), Contains("4 bytes are missing at the end"));
}

TEST(QbeDescribe, NamesFieldsThatAreMissing) {
  static constexpr Shorter shorter[] = {{"provider_open_completed_event", 12}};
  const std::string frame = as_a_server(m::provider_open_completed_event, {0x00100000, shorter});
  EXPECT_THAT(mismatches(frame), ElementsAre("a fixed part of 68 bytes, 80 are known; without: "
                                             "total_controllable_devices, cluster_id"));
  EXPECT_EQ(describe(frame).fields.back().name, "days_until_password_expiry");
}

TEST(QbeDescribe, NamesFiltersAndElementsOfAnotherSize) {
  static constexpr Shorter shorter[] = {{"line_event_filter", 38}};
  EXPECT_THAT(mismatches(as_a_server(m::line_open_request, {0x00100000, shorter})),
              ElementsAre("filter: a filter of 152 bytes, 164 are known; without: send_media_to_bib_events, "
                          "announcement_events, recording_failed_event"));
  static constexpr Shorter infos[] = {{"line_info", 17}};
  EXPECT_THAT(
      mismatches(as_a_server(m::get_line_info_fetch_response, {0x00100000, infos})),
      ElementsAre("info[0]: a fixed part of 124 bytes, 132 are known; without: pickup_group_partition",
                  "info[1]: a fixed part of 124 bytes, 132 are known; without: pickup_group_partition"));
}

TEST(QbeDescribe, ShowsWhatStandsBehindTheKnownFields) {
  std::vector<Field> fields(m::line_closed_event.fields.begin(), m::line_closed_event.fields.end());
  fields.push_back({"later", Type::number, nullptr, m::line_closed_event.size});
  fields.push_back({"name", Type::text, nullptr, m::line_closed_event.size + 4});
  const Layout later{"line_closed_event", 47, fields, size_of(fields)};
  const auto description = describe(as_a_server(later, v11));
  EXPECT_THAT(description.mismatches,
              ElementsAre("a fixed part of 24 bytes, 12 are known; behind: 040000003800000003000000"));
  EXPECT_THAT(description.notes,
              ElementsAre("3 bytes of the variable part at offset 56 that no known field points to"));
}

TEST(QbeDescribe, TakesTheArrayThatLaterReleasesAppendForGranted) {
  constexpr const Layout& event = m::call_attribute_info_event;
  std::vector<Field> fields(event.fields.begin(), event.fields.end());
  fields.push_back({"later", Type::handles, nullptr, event.size});
  const auto description = describe(as_a_server({event.name, event.id, fields, size_of(fields)}, v11));
  EXPECT_THAT(description.mismatches, IsEmpty());
  EXPECT_THAT(description.notes, testing::SizeIs(2));
}

TEST(QbeDescribe, NamesBytesThatNobodyPointsToAndThoseOfTwo) {
  std::string frame = bytes_of(samples::line_call_initiate) + "abc";
  store32(frame, header::var_size, load32(frame, header::var_size) + 3);
  store32(frame, header::length, load32(frame, header::length) + 3);
  EXPECT_THAT(mismatches(frame),
              ElementsAre("3 bytes of the variable part at offset 103 that no known field points to"));

  constexpr const Layout& call = m::line_call_initiate_request;
  const std::string shared = with(bytes_of(samples::line_call_initiate), place(call["dest_address"], 0), 94);
  EXPECT_THAT(mismatches(shared), Contains("dest_address: shares 3 bytes with calling_address"));
}

TEST(QbeDescribe, ReadsOnBehindAFieldThatPointsNowhere) {
  constexpr const Layout& call = m::line_call_initiate_request;
  const std::string good = bytes_of(samples::line_call_initiate);
  for (const std::uint32_t offset : {0u, 16u, 91u, 104u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    const auto bad = describe(with(good, place(call["calling_address"], 0), offset));
    EXPECT_THAT(bad.mismatches, Contains(StartsWith("calling_address: points "))) << offset;
    EXPECT_EQ(field(bad.fields, "dest_address").text, "1002");
  }
  const auto longer = describe(with(good, place(call["calling_address"], 1), 0x80000000));
  EXPECT_THAT(longer.mismatches, Contains(StartsWith("calling_address: ends 2147483637 bytes behind")));
}

TEST(QbeDescribe, NamesTextsWithoutTheirNul) {
  constexpr const Layout& call = m::line_call_initiate_request;
  const std::string good = bytes_of(samples::line_call_initiate);
  EXPECT_THAT(mismatches(with(good, place(call["dest_address"], 1), 4)),
              Contains("dest_address: a text without its NUL"));
  EXPECT_THAT(mismatches(with(good, 98, 0x00320000)), Contains(HasSubstr("behind its NUL")));

  constexpr const Layout& event = m::provider_open_completed_event;
  every::unicode_with_nul = false;
  EXPECT_THAT(mismatches(every::written(event, v11)), ElementsAre("login_user_name: unicode without its NUL"));
  const std::string opened = bytes_of(samples::provider_open_completed);
  EXPECT_THAT(mismatches(with(opened, place(event["login_user_name"], 1), 0)),
              Contains("login_user_name: null, where clients need one NUL"));
  EXPECT_THAT(mismatches(with(opened, place(event["login_user_name"], 3), 1)),
              Contains("login_user_name: characters of 1 byte instead of 2"));
}

TEST(QbeDescribe, NamesFlagsOfOtherValuesAndCountsThatDoNotFit) {
  constexpr const Layout& set = m::device_dnd_set_request;
  const std::string good = bytes_of(samples::device_dnd_set);
  EXPECT_THAT(mismatches(with(good, place(set["dnd_status"], 0), 1)), IsEmpty());
  EXPECT_THAT(mismatches(with(good, place(set["dnd_status"], 0), 2)),
              ElementsAre("dnd_status: a flag that is neither 0 nor -1 nor 1 but 2"));
  constexpr const Layout& dtmf = m::call_play_dtmf_request;
  const auto many =
      describe(with(bytes_of(samples::call_play_dtmf), place(dtmf["dtmf_digits"], 2), 0x40000000));
  EXPECT_THAT(many.mismatches, Contains(HasSubstr("1073741824 items in 48 bytes")));
  EXPECT_EQ(field(many.fields, "dtmf_digits").parts.size(), 12u);
  constexpr const Layout& forward = m::line_set_forward_request;
  const auto none = describe(with(bytes_of(samples::line_set_forward), place(forward["fwd_destn_info"], 3), 0));
  EXPECT_THAT(none.mismatches, Contains(HasSubstr("1 element of 0 bytes")));
}

TEST(QbeDescribe, FindsWrongWhateverViewRefuses) {
  // Every word of every message bent: no crash, and what is refused when it is acted on is named here.
  for (const Layout* const layout : m::all()) {
    SCOPED_TRACE(layout->name);
    const std::string good = as_a_server(*layout, v11);
    for (std::size_t at = header::bytes; at + 4 <= header::bytes + layout->size; at += 4)
      for (const std::uint32_t value : {0u, 0x20u, 0x7FFFFFFFu, 0xFFFFFFF0u}) {
        const std::string bent = with(good, at, value);
        const auto found = mismatches(bent);
        if (!View::open(frame_of(bent), *layout)) {
          EXPECT_FALSE(found.empty()) << at << " " << value;
        }
      }
  }
}

TEST(QbeDescribe, StaysShortWhateverAFrameClaims) {
  const Layout& event = m::provider_device_configuration_changed_event;
  std::string frame;
  Writer(frame, v11, event).finish();
  const auto at = static_cast<std::uint32_t>(frame.size());
  frame.append(4096, '\1');
  store32(frame, place(event.at(0), 0), at);
  store32(frame, place(event.at(0), 1), 4096);
  store32(frame, place(event.at(0), 2), 4096);
  store32(frame, place(event.at(0), 3), 1);
  store32(frame, header::var_size, 4096);
  EXPECT_LE(mismatches(frame).size(), 45u);
}

TEST(QbeDescribe, TellsRequestsResponsesAndEventsApart) {
  EXPECT_EQ(part_of("LineOpenRequest"), Part::request);
  EXPECT_EQ(part_of("FailureResponse"), Part::response);
  EXPECT_EQ(part_of("Heartbeat"), Part::event);
  EXPECT_EQ(part_of("CallStateChangedEvent_V2"), Part::event);
}

}  // namespace
}  // namespace linebridge::cti::qbe
