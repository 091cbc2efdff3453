#include "cli/drawing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr std::int64_t noon = 1'795'348'800'000'000;  // 2026-11-22 12:00:00 UTC

view::Passed passed(std::int64_t after_us, std::string from, std::string to, std::string text,
                    std::string detail = {}, std::string seen = {}) {
  view::Passed one;
  one.at_us = noon + after_us;
  one.session = "pub-1";
  one.user = "alice@example.test";
  one.from = std::move(from);
  one.to = std::move(to);
  one.text = std::move(text);
  one.detail = std::move(detail);
  one.seen = std::move(seen);
  return one;
}

const std::vector<view::Passed>& call() {
  static const std::vector<view::Passed> steps = [] {
    std::vector<view::Passed> all = {
        passed(0, "client", "node", "INFO MakeCall", "tel:1002", "front node"),
        passed(1'000, "node", "cti1", "MakeCall", "1002"),
        passed(2'500, "cti2", "node", "CallStarted", "1-70001 leg 25165825"),
        passed(3'000, "node", "client", "200 OK (INFO) MakeCallResponse", "1-70001", "node"),
        passed(3'000, "cti", "phone", "rings", "from 1001"),
        passed(4'000, "front", "client", "503 Service Unavailable (INVITE)", "", "front"),
        passed(65'000'000, "node", "node", "session ended", "the client signed out"),
        passed(65'000'001, "", "", "publisher does not answer"),
    };
    all[4].session.clear();
    all[4].line = "1002";
    all[4].user = "bob@example.test";
    return all;
  }();
  return steps;
}

std::string drawn(Drawing::Style style, const std::vector<view::Passed>& steps = call()) {
  Drawing drawing(style);
  std::string out = drawing.head();
  for (const auto& step : steps)
    out += drawing.line(step);
  return out;
}

std::size_t widest(std::string_view text) {
  std::size_t most = 0, now = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) now = c == '\n' ? 0 : now + 1;
    most = std::max(most, now);
  }
  return most;
}

TEST(CliDrawing, DrawsALaneForEachPartyAndAnArrowForEachMessage) {
  EXPECT_EQ(
      drawn({}),
      "TIME (UTC)   SESSION       client   front   node     CTI    phone MESSAGE\n"
      "12:00:00.000 pub-1 alice      |-------+------>|       |       |   INFO MakeCall  tel:1002\n"
      "12:00:00.001 pub-1 alice      |       |       |------>1       |   MakeCall  1002\n"
      "12:00:00.002 pub-1 alice      |       |       |<------2       |   CallStarted  1-70001 leg 25165825\n"
      "12:00:00.003 pub-1 alice      |<--------------|       |       |   200 OK (INFO) MakeCallResponse  "
      "1-70001\n"
      "12:00:00.003 1002 bob         |       |       |       |------>|   rings  from 1001\n"
      "12:00:00.004 pub-1 alice      |<------|       |       |       |   503 Service Unavailable (INVITE)\n"
      "12:01:05.000 pub-1 alice      |       |       *       |       |   session ended  the client signed "
      "out\n"
      "12:01:05.000 -- publisher does not answer\n");
}

TEST(CliDrawing, DrawsWithLinesWhereTheyCanBeShown) {
  Drawing::Style style;
  style.unicode = true;
  EXPECT_THAT(drawn(style), HasSubstr("├───────┼──────▶│       │       │   INFO MakeCall"));
  EXPECT_THAT(drawn(style), HasSubstr("│◀──────────────┤       │       │   200 OK"));
}

TEST(CliDrawing, IsNeverWiderThanTheTerminal) {
  auto steps = call();
  for (auto& step : steps)
    if (!step.from.empty()) step.detail += std::string(200, 'x');
  for (const bool unicode : {false, true}) {
    for (const std::size_t width : {120U, 100U, 80U, 60U}) {
      Drawing::Style style;
      style.width = width;
      style.unicode = unicode;
      EXPECT_LE(widest(drawn(style, steps)), width) << drawn(style, steps);
    }
  }
}

TEST(CliDrawing, MakesRoomForTheWordsOnANarrowTerminal) {
  Drawing::Style style;
  style.width = 80;
  style.relative = true;
  EXPECT_EQ(drawn(style),
            "SECONDS  SESSION     client   node    phone MESSAGE\n"
            "                          front    CTI\n"
            "   0.000 pub-1 alice    |---+-->|   |   |   INFO MakeCall  tel:1002\n"
            "   0.001 pub-1 alice    |   |   |-->1   |   MakeCall  1002\n"
            "   0.003 pub-1 alice    |   |   |<--2   |   CallStarted  1-70001 leg 25165825\n"
            "   0.003 pub-1 alice    |<------|   |   |   200 INFO MakeCallResponse  1-70001\n"
            "   0.003 1002 bob       |   |   |   |-->|   rings  from 1001\n"
            "   0.004 pub-1 alice    |<--|   |   |   |   503 INVITE\n"
            "  65.000 pub-1 alice    |   |   *   |   |   session ended  the client signed out\n"
            "  65.000 -- publisher does not answer\n");
}

TEST(CliDrawing, ColoursOnlyIfItShall) {
  EXPECT_EQ(drawn({}).find('\033'), std::string::npos);
  Drawing::Style style;
  style.colour = true;
  EXPECT_THAT(drawn(style), HasSubstr("\033[36mpub-1 alice  \033[0m"));
  EXPECT_THAT(drawn(style), HasSubstr("\033[31m503 Service Unavailable (INVITE)\033[0m"));
}

TEST(CliDrawing, ShowsNothingAPeerSentAsControlCharacters) {
  auto step = passed(0, "client", "node", "INFO \x1B[2J", "\x07");
  step.user = "al\x1Bice@example.test";
  const std::string text = drawn({}, {step});
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
}

TEST(CliDrawing, NamesWhoHasNoLane) {
  EXPECT_THAT(drawn({}, {passed(0, "client", "elsewhere", "INFO")}), EndsWith("   client -> elsewhere INFO\n"));
}

TEST(CliDrawing, SaysTheDateOfANewDay) {
  EXPECT_THAT(
      drawn({}, {passed(0, "client", "node", "INFO"), passed(86'400'000'000, "client", "node", "INFO")}),
      HasSubstr("\n2026-11-23\n12:00:00.000"));
}

}  // namespace
}  // namespace linebridge::cli
