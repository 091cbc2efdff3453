#include "cti/qbe/layout.hpp"

#include <gtest/gtest.h>

#include "cti/qbe/dialect.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/writer.hpp"

namespace linebridge::cti::qbe {
namespace {

TEST(QbeLayout, FieldsStandOneBehindTheOther) {
  constexpr const Layout& m = messages::line_open_request;
  EXPECT_EQ(m["seq"].offset, 0u);
  EXPECT_EQ(m["device_name"].offset, 4u);
  EXPECT_EQ(m["filter"].offset, 20u);
  EXPECT_EQ(m["auto_accept_status"].offset, 32u);
  EXPECT_EQ(m["partition"].offset, 36u);
  EXPECT_EQ(m.size, 44u);
}

TEST(QbeLayout, ElementsHaveTheirKnownSizes) {
  EXPECT_EQ(elements::provider_event_filter.size, 24u);
  EXPECT_EQ(elements::device_info.size, 72u);
  EXPECT_EQ(elements::device_event_filter.size, 132u);
  EXPECT_EQ(elements::line_event_filter.size, 164u);
  EXPECT_EQ(elements::party_dn_info.size, 44u);
  EXPECT_EQ(elements::party_dn_info_v2.size, 32u);
  EXPECT_EQ(elements::device_multi_media_capability.size, 12u);
  EXPECT_EQ(elements::participant_info.size, 104u);
  EXPECT_EQ(elements::line_info.size, 132u);
  EXPECT_EQ(elements::line_intercom_speed_dial_info.size, 32u);
  EXPECT_EQ(elements::provider_capabilities_info.size, 36u);
  EXPECT_EQ(elements::device_info_static.size, 28u);
  EXPECT_EQ(elements::device_info_dynamic.size, 36u);
  EXPECT_EQ(elements::device_registration_info.size, 72u);
  EXPECT_EQ(elements::remote_destination_info.size, 28u);
  EXPECT_EQ(elements::sip_url.size, 28u);
}

TEST(QbeLayout, MessagesAreSortedByIdSoThatTheyAreFoundFast) {
  for (std::size_t i = 1; i < messages::all().size(); ++i)
    EXPECT_LT(messages::all()[i - 1]->id, messages::all()[i]->id);
}

TEST(QbeLayout, IdsSeenInTracesAreTheOnesInTheTables) {
  EXPECT_EQ(messages::line_open_request.id, 37u);
  EXPECT_EQ(messages::provider_open_completed_event.id, 126u);
}

TEST(QbeLayout, ResponsesFollowTheirRequests) {
  for (const Layout* message : messages::all()) {
    const auto name = message->name;
    if (!name.ends_with("_request")) continue;
    SCOPED_TRACE(name);
    const auto found = std::find_if(messages::all().begin(), messages::all().end(),
                                    [&](const Layout* other) { return other->id == message->id + 1; });
    ASSERT_NE(found, messages::all().end());
    EXPECT_EQ((*found)->name, std::string(name.substr(0, name.size() - 8)) + "_response");
  }
}

TEST(QbeDialect, AnOlderVersionWritesShorterElements) {
  static constexpr Shorter shorter[] = {{"line_event_filter", 38}};
  constexpr Dialect old{0x000F0000, shorter};
  EXPECT_EQ(fixed_size(old, elements::line_event_filter), 38u * 4);
  EXPECT_EQ(fixed_size(old, elements::device_event_filter), 132u);
  EXPECT_EQ(fixed_size(dialect(0x00110000), elements::line_event_filter), 164u);
}

}  // namespace
}  // namespace linebridge::cti::qbe
