#include "cti/qbe/frame.hpp"

#include <gtest/gtest.h>

#include "cti/qbe/wire.hpp"
#include "support.hpp"

namespace linebridge::cti::qbe {
namespace {

constexpr std::size_t limit = 1024 * 1024;

const std::string heartbeat = bytes_of("1800000000000000ddddffff0000100078000000200000000000000000000000");
const std::string line_close =
    bytes_of("2400000000000000ddddffff0000100029000000200000000c00000000000000080000000100000091000000");

struct Read {
  std::vector<std::string> frames;
  std::optional<Errc> error;
};

/// What comes out when the pieces come in one after the other.
Read read(const std::vector<std::string_view>& pieces, std::size_t most = limit) {
  FrameReader reader(most);
  Read out;
  for (std::string_view piece : pieces) {
    for (;;) {
      auto item = reader.next(piece);
      if (const auto* frame = std::get_if<Frame>(&item)) {
        out.frames.emplace_back(frame->bytes);
        continue;
      }
      if (const auto* error = std::get_if<Error>(&item)) {
        out.error = error->code;
        return out;
      }
      break;
    }
    EXPECT_TRUE(piece.empty()) << "everything given must be eaten";
  }
  return out;
}

std::string with(std::string frame, std::size_t at, std::uint32_t value) {
  store32(frame, at, value);
  return frame;
}

TEST(QbeFrame, ReadsTheHeader) {
  std::string_view input = line_close;
  FrameReader reader(limit);
  const auto item = reader.next(input);
  const auto& frame = std::get<Frame>(item);
  EXPECT_EQ(frame.id, 41u);
  EXPECT_EQ(frame.version, 0x00100000u);
  EXPECT_EQ(frame.fixed_at, 32u);
  EXPECT_EQ(frame.fixed_size, 12u);
  EXPECT_EQ(frame.variable_at(), 44u);
}

TEST(QbeFrame, GivesTheSameFramesWhereverTheStreamIsCut) {
  const std::string all = heartbeat + line_close + heartbeat;
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    SCOPED_TRACE(cut);
    const std::string_view view = all;
    EXPECT_EQ(read({view.substr(0, cut), view.substr(cut)}).frames,
              (std::vector{heartbeat, line_close, heartbeat}));
  }
}

TEST(QbeFrame, PutsAStreamOfSingleBytesTogether) {
  const std::string all = line_close + heartbeat;
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < all.size(); ++i)
    pieces.push_back(std::string_view(all).substr(i, 1));
  EXPECT_EQ(read(pieces).frames, (std::vector{line_close, heartbeat}));
}

TEST(QbeFrame, GivesAHundredFramesOfOneRead) {
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += line_close;
  EXPECT_EQ(read({all}).frames.size(), 100u);
}

TEST(QbeFrame, HandsOutAWholeFrameWhereItLies) {
  const std::string all = heartbeat + line_close;
  std::string_view input = all;
  FrameReader reader(limit);
  const auto first = reader.next(input);
  EXPECT_EQ(std::get<Frame>(first).bytes.data(), all.data());
  const auto second = reader.next(input);
  EXPECT_EQ(std::get<Frame>(second).bytes.data(), all.data() + heartbeat.size());
}

TEST(QbeFrame, DoesNotLookAtTheLengthInFront) {
  EXPECT_EQ(read({with(heartbeat, header::length, 0)}).frames.size(), 1u);
  EXPECT_EQ(read({with(heartbeat, header::length, 4711)}).frames.size(), 1u);
}

TEST(QbeFrame, AcceptsALongerHeader) {
  std::string longer = with(heartbeat, header::header_size, 40) + std::string(8, 'x');
  const auto out = read({longer + line_close});
  EXPECT_EQ(out.frames, (std::vector{longer, line_close}));
}

TEST(QbeFrame, RefusesABadMagic) {
  EXPECT_EQ(read({with(heartbeat, header::magic, 0xFFFFDDDE)}).error, Errc::malformed);
}

TEST(QbeFrame, RefusesNegativeSizes) {
  for (const auto at : {header::header_size, header::fixed_size, header::var_size}) {
    SCOPED_TRACE(at);
    EXPECT_EQ(read({with(heartbeat, at, 0x80000000)}).error, Errc::malformed);
    EXPECT_EQ(read({with(heartbeat, at, 0xFFFFFFFF)}).error, Errc::malformed);
  }
}

TEST(QbeFrame, RefusesAHeaderSaidToBeTooShort) {
  EXPECT_EQ(read({with(heartbeat, header::header_size, 31)}).error, Errc::malformed);
}

TEST(QbeFrame, RefusesAFrameOverTheLimitBeforeItsBodyCame) {
  EXPECT_EQ(read({with(heartbeat, header::var_size, limit - header::bytes + 1)}).error, Errc::too_long);
  EXPECT_EQ(read({with(heartbeat, header::fixed_size, 0x7FFFFFFF)}).error, Errc::too_long);
  EXPECT_EQ(read({line_close}, line_close.size() - 1).error, Errc::too_long);
}

TEST(QbeFrame, TakesAFrameOfExactlyTheLimit) {
  std::string big = with(heartbeat, header::var_size, static_cast<std::uint32_t>(limit - header::bytes));
  big.resize(limit, 'x');
  EXPECT_EQ(read({big}).frames.size(), 1u);
  EXPECT_EQ(read({std::string_view(big).substr(0, 7), std::string_view(big).substr(7)}).frames.size(), 1u);
}

TEST(QbeFrame, RefusesABadHeaderHoweverItIsCut) {
  const std::string bad = with(heartbeat, header::magic, 0);
  for (std::size_t cut = 1; cut < bad.size(); ++cut) {
    SCOPED_TRACE(cut);
    const std::string_view view = bad;
    EXPECT_EQ(read({view.substr(0, cut), view.substr(cut)}).error, Errc::malformed);
  }
}

}  // namespace
}  // namespace linebridge::cti::qbe
