#include "numbers/line_uri.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::numbers {
namespace {

using testing::HasSubstr;

LineUri uri(std::string_view text) {
  auto parsed = parse_line_uri(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().detail);
  return parsed ? std::move(parsed).value() : LineUri{};
}

Error refused(std::string_view text) {
  const auto parsed = parse_line_uri(text);
  EXPECT_FALSE(parsed) << text;
  return parsed ? Error{} : parsed.error();
}

TEST(LineUri, ReadsTheThreeFormsOfTheDirectory) {
  const auto plain = uri("tel:1001;phone-context=dialstring");
  EXPECT_EQ(plain.number, "1001");
  EXPECT_EQ(plain.phone_context, "dialstring");
  EXPECT_EQ(plain.device, "");
  EXPECT_EQ(plain.partition, "");

  EXPECT_EQ(uri("tel:1001;phone-context=dialstring;device=SEP0002FD3BB5C5").device, "SEP0002FD3BB5C5");

  const auto full = uri("tel:1001;phone-context=dialstring;device=SEP0002FD3BB5C5;partition=BE_BRS_INT");
  EXPECT_EQ(full.device, "SEP0002FD3BB5C5");
  EXPECT_EQ(full.partition, "BE_BRS_INT");
}

TEST(LineUri, KeepsTheTextByteForByte) {
  const std::string text = "TEL:(10)-01;Partition=a%20b;x-site;PHONE-CONTEXT=DialString";
  const auto read = uri(text);
  EXPECT_EQ(read.text, text);
  EXPECT_EQ(read.number, "1001");
  EXPECT_EQ(read.partition, "a b");
  EXPECT_EQ(read.phone_context, "DialString");
}

TEST(LineUri, ReadsGlobalNumbersAndEscapedDigits) {
  EXPECT_EQ(uri("tel:+14085551234").number, "+14085551234");
  EXPECT_EQ(uri("tel:*10%23;phone-context=dialstring").number, "*10#");
}

TEST(LineUri, ComparesWithoutSeparatorsOrderAndCase) {
  const auto line = uri("tel:1001;phone-context=dialstring;device=SEP0002FD3BB5C5");
  EXPECT_TRUE(same_line(line, uri("TEL:10-01;Device=sep0002fd3bb5c5;Phone-Context=DIALSTRING")));
  EXPECT_TRUE(same_line(uri("tel:1;b=2;a=1"), uri("tel:1;A=1;B=2")));
  EXPECT_TRUE(same_line(uri("tel:+1.408.555(1234)"), uri("tel:+14085551234")));
}

TEST(LineUri, TellsDifferentLinesApart) {
  const auto line = uri("tel:1001;phone-context=dialstring;partition=Sales");
  EXPECT_FALSE(same_line(line, uri("tel:1002;phone-context=dialstring;partition=Sales")));
  EXPECT_FALSE(same_line(line, uri("tel:1001;phone-context=dialstring;partition=sales")));
  EXPECT_FALSE(same_line(line, uri("tel:1001;phone-context=dialstring")));
  EXPECT_FALSE(same_line(line, uri("tel:1001;phone-context=enterprise;partition=Sales")));
  EXPECT_FALSE(same_line(uri("tel:1001;a=1"), uri("tel:1001;a=2")));
  EXPECT_FALSE(same_line(uri("tel:1001;a=1"), uri("tel:1001")));
  EXPECT_FALSE(same_line(uri("tel:+1001"), uri("tel:1001")));
}

TEST(LineUri, ComparesNumbersWithinThePartitionIfBothNameOne) {
  const auto sales = uri("tel:1001;partition=Sales");
  EXPECT_TRUE(same_number(sales, uri("tel:10-01;device=SEP1")));
  EXPECT_TRUE(same_number(sales, uri("tel:1001;partition=Sales")));
  EXPECT_FALSE(same_number(sales, uri("tel:1001;partition=Lab")));
  EXPECT_FALSE(same_number(sales, uri("tel:1002")));
}

TEST(LineUri, RefusesOtherSchemes) {
  EXPECT_EQ(refused("sip:1001@example.test").code, Errc::unsupported);
  EXPECT_EQ(refused("1001").code, Errc::unsupported);
  EXPECT_EQ(refused("").code, Errc::unsupported);
}

TEST(LineUri, RefusesWhatHasNoNumber) {
  for (const auto* text :
       {"tel:", "tel:;phone-context=dialstring", "tel:+", "tel:--", "tel:reception", "tel:1+2"})
    EXPECT_EQ(refused(text).code, Errc::malformed) << text;
}

TEST(LineUri, RefusesBrokenParameters) {
  EXPECT_THAT(refused("tel:1001;device=A;DEVICE=B").detail, HasSubstr("\"device\" stands twice"));
  EXPECT_THAT(refused("tel:1001;x;x").detail, HasSubstr("\"x\" stands twice"));
  EXPECT_THAT(refused("tel:1001;device=").detail, HasSubstr("no value"));
  EXPECT_THAT(refused("tel:1001;;device=A").detail, HasSubstr("without a name"));
  EXPECT_THAT(refused("tel:1001;").detail, HasSubstr("without a name"));
  EXPECT_THAT(refused("tel:1001;=A").detail, HasSubstr("without a name"));
}

TEST(LineUri, RefusesBrokenEscapesAndControlCharacters) {
  for (const auto* text : {"tel:10%", "tel:10%2", "tel:10%zz", "tel:1001;device=%00", "tel:1001;device=%0aX"})
    EXPECT_THAT(refused(text).detail, HasSubstr("no escape that is allowed")) << text;
  for (const auto* text : {"tel:10 01", "tel:1001;device=A\r\nVia: x", " tel:1001"})
    EXPECT_FALSE(parse_line_uri(text)) << text;
}

TEST(LineUri, RefusesWhatIsTooLong) {
  EXPECT_EQ(refused("tel:1001;device=" + std::string(300, 'A')).code, Errc::too_long);
  EXPECT_EQ(refused("tel:" + std::string(65, '1')).code, Errc::too_long);
  EXPECT_TRUE(parse_line_uri("tel:" + std::string(64, '1')));
}

}  // namespace
}  // namespace linebridge::numbers
