#include "sip/framing/framer.hpp"

namespace linebridge::sip {
namespace {

const std::string info =
    "INFO sip:gw SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nCall-ID: c1\r\nContent-Length: 9\r\n\r\n"
    "<a>\r\n\r\n</";

std::vector<std::string> messages(std::initializer_list<std::string_view> pieces) {
  Framer framer;
  std::vector<std::string> out;
  for (const auto piece : pieces) {
    framer.push(piece);
    for (;;) {
      const auto item = framer.next();
      if (std::holds_alternative<Framer::NeedMore>(item)) break;
      if (const auto* m = std::get_if<Framer::Message>(&item)) out.emplace_back(m->whole());
      if (std::holds_alternative<Framer::Ping>(item)) out.emplace_back("ping");
      if (const auto* e = std::get_if<Error>(&item)) return out.push_back("error: " + e->detail), out;
    }
  }
  return out;
}

std::string error_of(std::string_view stream, Framer::Limits limits = {}) {
  Framer framer(limits);
  framer.push(stream);
  for (;;) {
    const auto item = framer.next();
    if (const auto* e = std::get_if<Error>(&item)) return e->detail;
    if (std::holds_alternative<Framer::NeedMore>(item)) return "";
  }
}

std::string with_length(std::string_view line) {
  return "BYE sip:gw SIP/2.0\r\n" + std::string(line) + "\r\n\r\n";
}

TEST(SipFramer, GivesTheSameMessageWhereverTheStreamIsCut) {
  const std::string_view all = info;
  for (std::size_t cut = 0; cut <= info.size(); ++cut) {
    SCOPED_TRACE(cut);
    EXPECT_EQ(messages({all.substr(0, cut), all.substr(cut)}), std::vector{info});
  }
}

TEST(SipFramer, IsEmptyOnlyBetweenMessages) {
  Framer framer;
  for (std::size_t cut = 1; cut < info.size(); ++cut) {
    framer.push(std::string_view(info).substr(0, cut));
    framer.next();
    EXPECT_FALSE(framer.empty());
    framer.push(std::string_view(info).substr(cut));
    EXPECT_TRUE(std::holds_alternative<Framer::Message>(framer.next()));
    EXPECT_TRUE(framer.empty());
  }
}

TEST(SipFramer, GivesEveryOfAHundredMessagesInOneSegment) {
  std::string stream;
  for (int i = 0; i < 100; ++i)
    stream += info;
  EXPECT_EQ(messages({stream}), std::vector<std::string>(100, info));
}

TEST(SipFramer, LooksAtEachByteAtMostAFewTimesWhenItDrips) {
  Framer framer;
  for (const char c : info) {
    framer.push({&c, 1});
    framer.next();
  }
  EXPECT_LE(framer.examined(), 2 * info.size());
}

TEST(SipFramer, AnswersADoubleCrlfAsPingAndSkipsASingleOne) {
  EXPECT_EQ(messages({"\r\n\r\n"}), std::vector<std::string>{"ping"});
  EXPECT_EQ(messages({"\r", "\n", "\r", "\n", "\r\n", info}), (std::vector<std::string>{"ping", info}));
  EXPECT_EQ(messages({"\r\n" + info + "\r\n\r\n" + info}), (std::vector<std::string>{info, "ping", info}));
}

TEST(SipFramer, TakesTheShortFormBlanksBeforeTheColonFoldingAndEqualRepeats) {
  for (const auto* line :
       {"l: 0", "L:0", "Content-Length : 0", "CONTENT-LENGTH:\r\n 0", "l: 0\r\nContent-Length: 0"}) {
    SCOPED_TRACE(line);
    EXPECT_EQ(messages({with_length(line)}).size(), 1U);
    EXPECT_EQ(error_of(with_length(line)), "");
  }
}

TEST(SipFramer, RefusesAnUnusableContentLength) {
  for (const auto* line :
       {"X: 1", "l: -1", "l: 1x", "l:", "l: 99999999999999999999999", "l: +1", "l: 0\r\nl: 1"}) {
    SCOPED_TRACE(line);
    EXPECT_NE(error_of(with_length(line)), "");
  }
}

TEST(SipFramer, RefusesLinesWithoutCrlfAndNulBytes) {
  EXPECT_NE(error_of("BYE sip:gw SIP/2.0\nl: 0\n\n"), "");
  EXPECT_NE(error_of("BYE sip:gw SIP/2.0\r\nX: a\rb\r\nl: 0\r\n\r\n"), "");
  EXPECT_NE(error_of(std::string_view("BYE sip:gw SIP/2.0\r\nX: \0\r\nl: 0\r\n\r\n", 34)), "");
  EXPECT_NE(error_of("\rX"), "");
  EXPECT_NE(error_of("\n\n\n"), "");
}

TEST(SipFramer, HoldsEachLimitExactly) {
  const Framer::Limits limits{.head_bytes = 64, .head_lines = 2, .body_bytes = 10};
  const std::string two_lines = "BYE sip:gw SIP/2.0\r\nX: 1\r\nl: 0\r\n\r\n";
  EXPECT_EQ(error_of(two_lines, limits), "");
  EXPECT_NE(error_of("BYE sip:gw SIP/2.0\r\nX: 1\r\nY: 2\r\nl: 0\r\n\r\n", limits), "");
  EXPECT_NE(error_of(with_length("l: 11"), limits), "");
  EXPECT_EQ(error_of(with_length("l: 10"), limits), "");
  EXPECT_NE(error_of("BYE sip:" + std::string(64, 'x'), limits), "");
}

TEST(SipFramer, KeepsTheHeadOfAMessageItRefusedForAnAnswer) {
  Framer framer;
  framer.push(with_length("l: x"));
  ASSERT_TRUE(std::holds_alternative<Error>(framer.next()));
  EXPECT_EQ(framer.failed_head(), with_length("l: x"));
}

}  // namespace
}  // namespace linebridge::sip
