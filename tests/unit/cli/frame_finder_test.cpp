#include "cli/frame_finder.hpp"

#include <gtest/gtest.h>

#include "cti/qbe/wire.hpp"

namespace linebridge::cli {
namespace {

namespace header = cti::qbe::header;

std::string frame(std::uint32_t id, std::uint32_t variable = 0) {
  std::string out(header::bytes + variable, 'v');
  for (const auto at : {header::length, 4u, header::fixed_size})
    cti::qbe::store32(out, at, 0);
  cti::qbe::store32(out, header::magic, header::magic_value);
  cti::qbe::store32(out, header::version, 0x00110000);
  cti::qbe::store32(out, header::id, id);
  cti::qbe::store32(out, header::header_size, header::bytes);
  cti::qbe::store32(out, header::var_size, variable);
  return out;
}

/// Frames by their ids, and what was passed over as minus that many.
std::vector<int> found(std::string_view stream, std::size_t piece) {
  FrameFinder finder(1000);
  std::vector<int> out;
  for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size()))) {
    finder.feed(stream.substr(0, piece));
    while (const auto next = finder.next())
      out.push_back(next->skipped != 0 ? -static_cast<int>(next->skipped)
                                       : static_cast<int>(cti::qbe::load32(next->frame, header::id)));
    EXPECT_LE(finder.held(), 1000u);
  }
  if (const auto rest = finder.lost()) out.push_back(-static_cast<int>(rest));
  return out;
}

TEST(CliFrameFinder, FindsFramesAndPassesOverWhatIsNoneWhereverTheStreamIsCut) {
  std::string negative = frame(3);
  cti::qbe::store32(negative, header::var_size, 0x80000000);
  const std::string stream = frame(1) + frame(2, 50) + "garbage" + frame(4) + negative + frame(5) +
                             std::string("\xDD\xDD\xFF\xFF", 4) + frame(6, 3) + frame(7).substr(0, 20);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece)
    EXPECT_EQ(found(stream, piece), (std::vector<int>{1, 2, -7, 4, -32, 5, -4, 6, -20})) << piece;
}

TEST(CliFrameFinder, PassesOverAFrameThatIsTooLong) {
  EXPECT_EQ(found(frame(1, 2000) + frame(2), 100), (std::vector<int>{-2032, 2}));
}

TEST(CliFrameFinder, FindsTheNextFrameBehindAHole) {
  FrameFinder finder(1000);
  finder.feed(frame(1, 100).substr(0, 60));
  EXPECT_FALSE(finder.next());
  EXPECT_EQ(finder.lost(), 60u);
  finder.feed("vvvv" + frame(2));
  EXPECT_EQ(finder.next()->skipped, 4u);
  EXPECT_EQ(finder.next()->frame, frame(2));
}

}  // namespace
}  // namespace linebridge::cli
