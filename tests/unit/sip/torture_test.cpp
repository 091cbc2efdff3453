#include <random>

#include "sip/framing/framer.hpp"
#include "sip/osip_codec.hpp"
#include "tests/unit/support/verdicts.hpp"

namespace linebridge::sip {
namespace {

/// What became of a stream: the messages the framer gave, and how it ended.
struct Framed {
  std::vector<std::string> messages;
  std::vector<std::size_t> heads;  ///< Where the body of each begins.
  std::string end;                 ///< "", "waits" or "broken".
  friend bool operator==(const Framed&, const Framed&) = default;
};

Framed frame(std::initializer_list<std::string_view> pieces) {
  Framer framer;
  Framed out;
  std::size_t pushed = 0;
  for (const auto piece : pieces) {
    framer.push(piece);
    pushed += piece.size();
    for (;;) {
      const auto item = framer.next();
      if (std::holds_alternative<Framer::NeedMore>(item)) break;
      if (std::holds_alternative<Error>(item)) return out.end = "broken", out;
      const auto* message = std::get_if<Framer::Message>(&item);
      if (message == nullptr) continue;
      out.messages.emplace_back(message->whole());
      out.heads.push_back(message->head.size());
      pushed -= message->whole().size();
    }
  }
  out.end = pushed == 0 ? "" : "waits";
  return out;
}

std::string verdict(Codec& codec, std::string_view head, std::string_view body) {
  if (codec.parse(head, body)) return "accept";
  return std::to_string(codec.broken().status) + " " + std::string(codec.broken().rule);
}

std::string verdicts(const Framed& framed) {
  Codec codec;
  std::string out;
  for (std::size_t i = 0; i < framed.messages.size(); ++i) {
    const std::string_view whole = framed.messages[i];
    out += (out.empty() ? "" : " ") +
           verdict(codec, whole.substr(0, framed.heads[i]), whole.substr(framed.heads[i]));
  }
  return out.empty() ? "-" : out;
}

class SipTorture : public testing::TestWithParam<test::TortureRow> {};

TEST_P(SipTorture, GetsTheVerdictOfTheTable) {
  const Framed framed = frame({GetParam().bytes()});
  EXPECT_EQ(framed.end.empty() ? std::to_string(framed.messages.size()) : framed.end, GetParam().framed);
  EXPECT_EQ(verdicts(framed), GetParam().codec);
}

TEST_P(SipTorture, IsTheSameWhereverItIsCut) {
  const std::string bytes = GetParam().bytes();
  const std::string_view all = bytes;
  const Framed whole = frame({all});
  for (std::size_t cut = 0; cut <= all.size(); ++cut)
    ASSERT_EQ(frame({all.substr(0, cut), all.substr(cut)}), whole) << "cut at " << cut;
}

INSTANTIATE_TEST_SUITE_P(Rfc4475, SipTorture, testing::ValuesIn(test::torture_rows()),
                         [](const auto& tested) { return tested.param.name; });

TEST(SipTortureTable, HasARowForEveryFileAndAFileForEveryRow) {
  std::vector<std::string> named = {"sip/torture/VERDICTS"};
  for (const auto& row : test::torture_rows())
    named.push_back("sip/torture/" + row.name + ".sip");
  EXPECT_THAT(test::data_files("sip/torture"), testing::UnorderedElementsAreArray(named));
  EXPECT_GE(named.size(), 50U);
}

TEST(SipTortureTable, HasTheMessagesAsTheyAreOnTheWire) {
  // A checkout that turned CRLF into LF, or took the NUL for text, would test nothing.
  EXPECT_NE(test::data("sip/torture/intmeth.sip").find('\0'), std::string::npos);
  for (const auto& row : test::torture_rows())
    EXPECT_NE(row.bytes().find("\r\n\r\n"), std::string::npos) << row.name;
}

TEST(SipClients, AreAllReadAsTheyAre) {
  for (const auto& file : test::data_files("sip/clients")) {
    SCOPED_TRACE(file);
    const Framed framed = frame({test::data(file)});
    EXPECT_EQ(framed.messages.size(), 1U);
    EXPECT_EQ(framed.end, "");
    EXPECT_EQ(verdicts(framed), "accept");
  }
}

TEST(SipMutation, AlwaysEndsInAVerdict) {
  std::vector<std::string> samples;
  for (const auto* folder : {"sip/torture", "sip/clients"})
    for (const auto& file : test::data_files(folder))
      samples.push_back(test::data(file));
  constexpr std::string_view bad = "\0\r\n \t\"<>;,:=@%?[]\\\x7f\xff";
  const std::string_view odd(bad.data(), 21);
  std::minstd_rand random(4475);  // NOLINT(cert-msc51-cpp): the same mutations in every run
  Codec codec;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const auto& sample : samples) {
    for (int i = 0; i < 60; ++i) {
      std::string text = sample;
      const std::size_t at = random() % text.size();
      const auto what = random() % 3;
      if (what == 0) {
        text.erase(at, 1);
      } else if (what == 1) {
        text[at] = odd[random() % odd.size()];
      } else {
        text.insert(at, 1, odd[random() % odd.size()]);
      }
      const Framed framed = frame({text});
      if (framed.messages.empty()) ++refused;
      for (std::size_t m = 0; m < framed.messages.size(); ++m) {
        const std::string_view whole = framed.messages[m];
        const bool good =
            static_cast<bool>(codec.parse(whole.substr(0, framed.heads[m]), whole.substr(framed.heads[m])));
        ++(good ? accepted : refused);
        if (good) continue;
        EXPECT_GE(codec.broken().status, 400);
        EXPECT_FALSE(codec.broken().rule.empty());
        EXPECT_FALSE(codec.broken().reason.empty());
      }
    }
  }
  EXPECT_GT(accepted, samples.size());
  EXPECT_GT(refused, samples.size());
}

}  // namespace
}  // namespace linebridge::sip
