#include "cli/hex_reader.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace linebridge::cli {
namespace {

std::string hex(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

struct Sink : HexSink {
  std::string stream;
  std::vector<std::string> dumps;
  void bytes(std::string_view bytes) override { stream += bytes; }
  void dump(std::string_view bytes) override { dumps.push_back(hex(bytes)); }
};

struct Read {
  std::string stream;
  std::vector<std::string> dumps;
  std::string error;
  friend bool operator==(const Read&, const Read&) = default;
};

Read read(std::string_view text, std::size_t piece = 1'000'000) {
  Sink sink;
  HexReader reader(sink);
  std::string error;
  for (; !text.empty() && error.empty(); text.remove_prefix(std::min(piece, text.size())))
    if (auto status = reader.feed(text.substr(0, piece)); !status) error = status.error().detail;
  if (error.empty())
    if (auto status = reader.finish(); !status) error = status.error().detail;
  return {hex(sink.stream), sink.dumps, error};
}

TEST(CliHexReader, TakesDigitsWithAnyWhiteSpaceAndComments) {
  EXPECT_EQ(read("0a0B 0c\r\n\t0d0 # a comment 00\n0 # another\n#whole line\n\n11").stream, "0a0b0c0d0011");
  EXPECT_EQ(read("").stream, "");
}

TEST(CliHexReader, SaysInWhichLineSomethingIsNoHex) {
  EXPECT_EQ(read("00\n11\n2x\n").error, "line 3: 'x' is no hex");
  EXPECT_EQ(read("0").error, "an odd number of hex digits");
}

TEST(CliHexReader, TakesDumpsOfXxd) {
  EXPECT_EQ(read("00000000: 4865 6c6c 6f20 2320 3131 2032 3220 3333  Hello # 11 22 33\n"
                 "00000010: 3434                                     44\n")
                .dumps,
            (std::vector<std::string>{"48656c6c6f20232031312032322033333434"}));
}

TEST(CliHexReader, TakesDumpsOfTsharkOneForEachPacket) {
  EXPECT_EQ(read("0000  45 00 00 28 00 00 00 00 40 06 00 00 7f 00 00 01   E..(....@.......\n"
                 "0010  7f 00 00 01                                       ....\n"
                 "\n"
                 "0000  aa bb                                             ..\n")
                .dumps,
            (std::vector<std::string>{"4500002800000000400600007f0000017f000001", "aabb"}));
}

TEST(CliHexReader, TakesDumpsOfHexdumpWithRepeatedLines) {
  EXPECT_EQ(read("00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
                 "*\n"
                 "00000030  61 62                                             |ab|\n"
                 "00000032\n")
                .dumps,
            (std::vector<std::string>{std::string(96, '0') + "6162"}));
}

TEST(CliHexReader, TakesALongDumpForAStream) {
  std::string text;
  for (std::size_t line = 0; line < HexReader::most_dump / 16 + 2; ++line) {
    char offset[16];
    std::snprintf(offset, sizeof offset, "%08zx", line * 16);
    text += std::string(offset) + ": 0011 2233 4455 6677 8899 aabb ccdd eeff  ................\n";
  }
  const Read out = read(text);
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.stream.size() / 2 + (out.dumps.empty() ? 0 : out.dumps[0].size() / 2),
            HexReader::most_dump + 32);
}

TEST(CliHexReader, TakesALineOfAnyLength) {
  const std::string digits(100'001 * 2, 'a');
  EXPECT_EQ(read(digits + " # " + std::string(10'000, 'z') + "\nbb").stream, digits + "bb");
}

TEST(CliHexReader, ReadsTheSameWhereverTheTextIsCut) {
  const std::string text =
      "00000000: 4865 6c6c 6f20 2320 3131 2032 3220 3333  Hello # 11 22 33\n*\n"
      "00000020: 3434                                     44\n\n0a0b # comment\n0c\n";
  const Read whole = read(text);
  EXPECT_EQ(whole.stream, "0a0b0c");
  EXPECT_EQ(whole.dumps.size(), 1u);
  for (std::size_t piece = 1; piece < text.size(); ++piece)
    EXPECT_EQ(read(text, piece), whole) << piece;
}

}  // namespace
}  // namespace linebridge::cli
