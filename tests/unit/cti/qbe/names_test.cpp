#include "cti/qbe/names.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "cti/qbe/codes.hpp"
#include "cti/qbe/ending.hpp"
#include "cti/qbe/messages.hpp"

namespace linebridge::cti::qbe {
namespace {

TEST(QbeNames, EveryIdHasOneButThoseThatAreNotAssigned) {
  const std::set<std::uint32_t> unassigned = {1,   2,   7,   8,   104, 105, 109, 110,
                                              116, 117, 118, 119, 139, 140, 156, 179};
  std::set<std::string> names;
  for (std::uint32_t id = 0; id <= last_id; ++id) {
    SCOPED_TRACE(id);
    EXPECT_EQ(name_of(id).empty(), unassigned.contains(id));
    if (!unassigned.contains(id)) {
      EXPECT_TRUE(names.insert(name_of(id)).second) << "named twice: " << name_of(id);
    }
  }
  EXPECT_EQ(name_of(last_id + 1), "");
  EXPECT_EQ(name_of(0xFFFFFFFF), "");
}

TEST(QbeNames, AreThoseOfOtherPeoplesTraces) {
  EXPECT_EQ(name_of(48), "NewCallEvent");
  EXPECT_EQ(name_of(281), "CallStateChangedEvent_V2");
  EXPECT_EQ(name_of(106), "CallPlayDTMFCompleteEvent");
  EXPECT_EQ(name_of(26), "DeviceDisplayStringRequest");
  EXPECT_EQ(name_of(85), "CallStateChangedEvent");
  EXPECT_EQ(name_of(315), "DeviceUpdateHuntLogStatusResponse");
}

TEST(QbeNames, RequestsAreAnsweredByTheNextIdWithOrWithoutALayout) {
  for (std::uint32_t id = 0; id <= last_id; ++id) {
    const std::string name = name_of(id);
    if (!name.ends_with("Request")) continue;
    EXPECT_EQ(name_of(id + 1), name.substr(0, name.size() - 7) + "Response");
  }
}

struct Stretch {
  std::uint32_t first, last;
};

TEST(QbeCodes, HaveTheirNames) {
  constexpr Stretch runs[] = {{0x0000, 0x000B}, {0x000D, 0x000F}, {0x0011, 0x002B}, {0x0030, 0x004A},
                              {0x004F, 0x0058}, {0x005E, 0x006A}, {0x0070, 0x008A}, {0x0090, 0x0094},
                              {0x0097, 0x00A5}, {0x00B0, 0x00BD}, {0x00C0, 0x00DF}, {0x00E1, 0x0112},
                              {0x0114, 0x011F}, {0x0121, 0x0126}, {0x0129, 0x0129}, {0x0130, 0x013C},
                              {0x0142, 0x0146}};
  std::size_t named = 0;
  for (const auto& run : runs)
    for (std::uint32_t word = run.first; word <= run.last; ++word, ++named)
      EXPECT_NE(code_name(0x8CCC0000 + word), "") << std::hex << word;
  for (const std::uint32_t code : {0x8DDD0001u, 0x8DDD0002u, 0x8DDD0003u, 0x8DDD0004u, 0x8DDD0005u, 0x8EEE0001u,
                                   0x8EEE0002u, 0x90000000u, 0xBEEFBEEFu, 0xDEADBEEFu}) {
    EXPECT_NE(code_name(code), "") << std::hex << code;
    ++named;
  }
  EXPECT_EQ(named_codes().size(), named);
  EXPECT_EQ(code_name(0), "");
  EXPECT_EQ(code_name(0x8CCC000C), "");
}

TEST(QbeCodes, AreSortedSoThatTheyAreFound) {
  const auto all = named_codes();
  for (std::size_t i = 1; i < all.size(); ++i)
    EXPECT_LT(all[i - 1].code, all[i].code);
  for (const auto& [code, name] : all)
    EXPECT_EQ(code_name(code), name);
}

TEST(QbeCodes, SeenInLogsMeanWhatTheLogsSay) {
  EXPECT_EQ(code_name(0x8CCC005F), "DIRECTORY_LOGIN_NOT_ALLOWED");
  EXPECT_EQ(code_name(0x8CCC0075), "CTIERR_DIRECTORY_LOGIN_TIMEOUT");
  EXPECT_EQ(code_name(0x8CCC00D2), "CTIERR_DEVICE_RESTRICTED");
  EXPECT_EQ(code_name(0x8CCC00D3), "CTIERR_LINE_RESTRICTED");
  EXPECT_EQ(code_name(0x8CCC011F), "CTIERR_LOGIN_FAILED_ACCOUNT_LOCKED");
  EXPECT_EQ(code_name(static_cast<std::uint32_t>(-1932787617)), "DIRECTORY_LOGIN_NOT_ALLOWED");
}

TEST(QbeCodes, AreShownAsNumberAndName) {
  EXPECT_EQ(code_text(0x8CCC0060), "0x8CCC0060 DIRECTORY_LOGIN_FAILED");
  EXPECT_EQ(code_text(0x8CCC0FFF), "0x8CCC0FFF");
  EXPECT_EQ(code_text(0), "0x00000000");
}

TEST(QbeCodes, EndALinkOnlyWithACodeThatHasAName) {
  for (std::uint32_t word = 0; word <= 0x0FFF; ++word)
    if (why_of_error(0x8CCC0000 + word) != Ending::Why::lost) {
      EXPECT_NE(code_name(0x8CCC0000 + word), "") << std::hex << word;
    }
}

}  // namespace
}  // namespace linebridge::cti::qbe
