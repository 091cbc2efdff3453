#include "cti/rotation.hpp"

#include <string>

#include <gtest/gtest.h>

namespace linebridge::cti {
namespace {

/// Gives turns while links come and go. Words: a digit of a link that shall get the turn, "-" for nobody, "+n"
/// and "!n" for link n coming and going. All links are there at the start.
std::string turns(std::size_t size, const std::vector<std::string>& words) {
  Rotation rotation(size);
  std::vector<bool> up(size, true);
  std::string got;
  for (const auto& word : words) {
    if (word[0] == '+' || word[0] == '!') {
      up[static_cast<std::size_t>(word[1] - '1')] = word[0] == '+';
      if (std::find(up.begin(), up.end(), true) == up.end()) rotation.outage();
      continue;
    }
    const auto next = rotation.next([&](std::size_t i) { return up[i]; });
    got += next ? static_cast<char>('1' + *next) : '-';
    if (next) rotation.taken(*next);
  }
  return got;
}

struct Case {
  std::size_t size;
  std::vector<std::string> words;
};

TEST(Rotation, FollowsTheTable) {
  const std::vector<Case> table = {
      {1, {"1", "1", "1"}},
      {2, {"1", "2", "1", "2"}},
      {3, {"1", "2", "3", "1", "2", "3", "1"}},
      {8, {"1", "2", "3", "4", "5", "6", "7", "8", "1"}},
      // One goes: the others share.
      {3, {"1", "!2", "3", "1", "3", "1"}},
      // One returns: it has its configured place.
      {3, {"1", "!2", "3", "1", "+2", "2", "3", "1"}},
      {3, {"1", "2", "!1", "3", "2", "+1", "3", "1", "2"}},
      // The one whose turn is next goes and returns before anybody came.
      {2, {"1", "!2", "+2", "2", "1"}},
      // After a total outage the first is first.
      {2, {"1", "!1", "!2", "-", "+1", "+2", "1", "2"}},
      {3, {"1", "2", "!1", "!2", "!3", "+3", "+1", "+2", "1", "2"}},
      // Of a total outage the second returns first.
      {2, {"1", "!1", "!2", "-", "+2", "2", "+1", "1", "2"}},
  };
  for (const auto& [size, words] : table) {
    std::string wanted;
    for (const auto& word : words)
      if (word.size() == 1) wanted += word;
    EXPECT_EQ(turns(size, words), wanted) << testing::PrintToString(words);
  }
}

TEST(Rotation, LookingTakesNoTurn) {
  const Rotation rotation(3);
  const auto all = [](std::size_t) { return true; };
  EXPECT_EQ(rotation.next(all), 0u);
  EXPECT_EQ(rotation.next(all), 0u);
}

TEST(Rotation, NobodyIsAnAnswer) {
  EXPECT_EQ(Rotation(0).next([](std::size_t) { return true; }), std::nullopt);
  EXPECT_EQ(Rotation(2).next([](std::size_t) { return false; }), std::nullopt);
}

}  // namespace
}  // namespace linebridge::cti
