#include "cti/qbe/meanings.hpp"

#include <gtest/gtest.h>

namespace linebridge::cti::qbe {
namespace {

TEST(QbeMeanings, AreThoseSeenInLogsOfCtiManagers) {
  EXPECT_EQ(meaning("line_closed_event", "reason", 8), "LINE_RESTRICTED");
  EXPECT_EQ(meaning("provider_closed_event", "reason", 4), "PROVIDEROPENFAILURE");
  EXPECT_EQ(meaning("provider_open_completed_event", "reason", 0x8CCC0075), "CTIERR_DIRECTORY_LOGIN_TIMEOUT");
  EXPECT_EQ(meaning("failure_response", "result", 0x8CCC00D2), "CTIERR_DEVICE_RESTRICTED");
}

TEST(QbeMeanings, DependOnTheMessageTheFieldStandsIn) {
  EXPECT_EQ(meaning("new_call_event", "reason", 1), "DIRECTCALL");
  EXPECT_EQ(meaning("device_out_of_service_event", "reason", 1), "CALL_MANAGER_FAILURE");
  EXPECT_EQ(meaning("call_state_changed_event_v2", "state", 8), "CONNECTED");
  EXPECT_EQ(meaning("participant_info", "state", 8), "");
  EXPECT_EQ(meaning("new_call_event", "far_endpoint_type", 0xFFFFFFFF), "INTERNAL_OR_UNKNOWN");
}

TEST(QbeMeanings, NameEveryBitOrNone) {
  EXPECT_EQ(meaning("device_line_info_event", "event_content", 15), "STATIC|DYNAMIC|REGISTRATION|LINES");
  EXPECT_EQ(meaning("device_line_info_event", "event_content", 0), "");
  EXPECT_EQ(meaning("device_line_info_event", "event_content", 0x101), "");
}

TEST(QbeMeanings, AreEmptyForNumbersThatAreOnlyNumbers) {
  EXPECT_EQ(meaning("new_call_event", "seq", 1), "");
  EXPECT_EQ(meaning("new_call_event", "state", 4711), "");
}

}  // namespace
}  // namespace linebridge::cti::qbe
