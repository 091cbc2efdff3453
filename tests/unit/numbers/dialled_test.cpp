#include "numbers/dialled.hpp"

#include <gtest/gtest.h>

namespace linebridge::numbers {
namespace {

std::string dialled(std::string_view called) {
  const auto digits = to_dial(called);
  EXPECT_TRUE(digits) << called << ": " << (digits ? "" : digits.error().detail);
  return digits ? digits.value() : "";
}

Errc refusal(std::string_view called) {
  const auto digits = to_dial(called);
  EXPECT_FALSE(digits) << called << ": " << (digits ? digits.value() : "");
  return digits ? Errc{} : digits.error().code;
}

TEST(DialledNumber, IsTheFrontPartOfATelUri) {
  EXPECT_EQ(dialled("tel:+15551234"), "+15551234");
  EXPECT_EQ(dialled("tel:1002;phone-context=dialstring"), "1002");
  EXPECT_EQ(dialled("TEL:+1-(555).12 34;ext=77"), "+15551234");
}

TEST(DialledNumber, MayStandAlone) {
  EXPECT_EQ(dialled("1002"), "1002");
  EXPECT_EQ(dialled("+1 (408) 555-1234"), "+14085551234");
  EXPECT_EQ(dialled("\n 1002;phone-context=dialstring \n"), "1002");
}

TEST(DialledNumber, IsTheUserPartOfASipUri) {
  EXPECT_EQ(dialled("sip:1002@example.test;user=phone"), "1002");
  EXPECT_EQ(dialled("sips:+14085551234;phone-context=x@example.test:5061"), "+14085551234");
}

TEST(DialledNumber, KeepsStarHashAndTheLettersOfTheKeypad) {
  EXPECT_EQ(dialled("*21#aBcD"), "*21#ABCD");
  EXPECT_EQ(dialled("tel:*21%23"), "*21#");
  EXPECT_EQ(dialled("tel:%2B1555"), "+1555");
}

TEST(DialledNumber, RefusesWhatCannotBeDialled) {
  for (const auto* called :
       {"", "tel:", "+", "-", "tel:reception", "1-800-FLOWERS", "1+2", "++1", "sip:1002",
        "sip:alice@example.test", "tel:10%", "tel:10%0A", "1002\r\n1003", "1002@example.test", "\xC3\xA9"})
    EXPECT_EQ(refusal(called), Errc::malformed) << called;
}

TEST(DialledNumber, RefusesOtherSchemes) {
  for (const auto* called : {"http://example.test/", "mailto:a@example.test", ":1002"})
    EXPECT_EQ(refusal(called), Errc::unsupported) << called;
}

TEST(DialledNumber, HasAtMost64Digits) {
  EXPECT_EQ(dialled("+" + std::string(64, '1')).size(), 65u);
  EXPECT_EQ(refusal(std::string(65, '1')), Errc::too_long);
  EXPECT_EQ(refusal("tel:1;x=" + std::string(600, '1')), Errc::too_long);
}

TEST(ShownNumber, IsGlobalWithAPlusAndADialStringWithout) {
  EXPECT_EQ(to_tel_uri("+14085551234").value, "tel:+14085551234");
  EXPECT_EQ(to_tel_uri("\\+14085551234").value, "tel:+14085551234");
  EXPECT_EQ(to_tel_uri("1002").value, "tel:1002;phone-context=dialstring");
}

TEST(ShownNumber, IsAlwaysAUri) {
  EXPECT_EQ(to_tel_uri("b00 1;x").value, "tel:b00%201%3bx;phone-context=dialstring");
  EXPECT_EQ(to_tel_uri("\xC3\xA9").value, "tel:%c3%a9;phone-context=dialstring");
  EXPECT_EQ(to_tel_uri("").value, "");
}

TEST(ShownNumber, IsADeviceNotKnownIfTheSwitchGaveNone) {
  EXPECT_EQ(to_event_device(""), model::EventDevice{});
  EXPECT_EQ(to_event_device("1002"), model::EventDevice::of({"tel:1002;phone-context=dialstring"}));
}

}  // namespace
}  // namespace linebridge::numbers
