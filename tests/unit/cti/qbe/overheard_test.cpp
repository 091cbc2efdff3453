#include <cctype>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cti/qbe/describe.hpp"
#include "cti/qbe/frame.hpp"
#include "support.hpp"
#include "tests/unit/support/files.hpp"

/// Conversations that were written down byte for byte without any codec (tests/data/cti): what is said in them
/// is as our tables have it.
namespace linebridge::cti::qbe {
namespace {

/// Files in which a client says something wrong, to see what becomes of it. A new one of that kind belongs
/// here.
constexpr std::string_view wrong_on_purpose[] = {"broken-sizes",    "broken-stream",      "device-refused",
                                                 "line-refused",    "longer-and-shorter", "malformed",
                                                 "provider-filter", "unknown-ids"};

bool is_wrong(std::string_view path) {
  return std::any_of(std::begin(wrong_on_purpose), std::end(wrong_on_purpose),
                     [&](auto name) { return path.find(name) != std::string_view::npos; });
}

struct Spoken {
  bool by_client = false;
  std::string hex;
};

/// The frames of a conversation; those of which some bytes may differ are left out.
std::vector<Spoken> frames_of(const std::string& text) {
  std::vector<Spoken> all;
  std::istringstream lines(text);
  bool in_frame = false;
  for (std::string line; std::getline(lines, line);) {
    const auto words = trim(std::string_view(line).substr(0, line.find('#')));
    if (words.starts_with(">") || words.starts_with("<")) {
      all.push_back({words.starts_with(">"), {}});
      in_frame = true;
    } else if (in_frame && !words.empty() &&
               (std::isxdigit(static_cast<unsigned char>(words.front())) != 0 || words.front() == '.' ||
                words.front() == '*')) {
      for (const char c : words)
        if (c != ' ') all.back().hex.push_back(c);
    } else if (!words.empty()) {
      in_frame = false;
    }
  }
  std::erase_if(all, [](const Spoken& said) { return bytes_of(said.hex).size() < 32; });
  return all;
}

TEST(QbeOverheard, EverythingSaidIsAsTheTablesHaveIt) {
  std::size_t seen = 0;
  for (const auto& path : test::data_files("cti/conversations")) {
    for (const auto& said : frames_of(test::data(path))) {
      if (said.by_client && is_wrong(path)) continue;
      const auto description = describe(bytes_of(said.hex));
      EXPECT_THAT(description.mismatches, testing::IsEmpty()) << path << ": " << description.name;
      EXPECT_FALSE(description.name.empty());
      ++seen;
    }
  }
  EXPECT_GT(seen, 400u);
}

}  // namespace
}  // namespace linebridge::cti::qbe
