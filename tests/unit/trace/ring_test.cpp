#include "trace/ring.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::trace {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Kept {
  std::uint64_t number;
  std::string from, to, text, detail;
  friend bool operator==(const Kept&, const Kept&) = default;
};

std::vector<Kept> kept(const Ring& ring) {
  std::vector<Kept> all;
  ring.for_each([&](const Entry& entry) {
    all.push_back({entry.number, std::string(entry.from), std::string(entry.to), std::string(entry.text),
                   std::string(entry.detail)});
  });
  return all;
}

Entry entry(std::string_view text, std::string_view detail = {}) {
  return {0, 1'000'000, 7, "client", "node", text, detail};
}

TEST(TraceRing, IsEmptyAtFirst) {
  const Ring ring(4096);
  EXPECT_THAT(kept(ring), IsEmpty());
  EXPECT_EQ(ring.added(), 0u);
}

TEST(TraceRing, GivesBackWhatWasAddedOldestFirst) {
  Ring ring(4096);
  ring.add(entry("INVITE", "Call-ID a"));
  ring.add({0, 2'000'000, 0, "", "cti1", "ProviderOpenRequest", ""});

  EXPECT_THAT(kept(ring), ElementsAre(Kept{1, "client", "node", "INVITE", "Call-ID a"},
                                      Kept{2, "", "cti1", "ProviderOpenRequest", ""}));
  std::vector<std::pair<std::int64_t, std::uint64_t>> times;
  ring.for_each([&](const Entry& e) { times.emplace_back(e.at_us, e.session); });
  EXPECT_THAT(times, ElementsAre(std::pair(1'000'000, 7), std::pair(2'000'000, 0)));
}

TEST(TraceRing, KeepsTheNewestWholeAndInOrderHoweverTheSizesFall) {
  for (std::size_t capacity = 1024; capacity < 1200; capacity += 7) {
    Ring ring(capacity);
    std::vector<std::string> added;
    for (std::size_t i = 0; i < 500; ++i) {
      added.push_back(std::string(1 + i * 37 % 150, static_cast<char>('a' + i % 26)));
      ring.add(entry(added.back()));

      const auto all = kept(ring);
      ASSERT_GE(all.size(), std::min<std::size_t>(added.size(), 3)) << capacity << ' ' << i;
      for (std::size_t k = 0; k < all.size(); ++k) {
        const std::size_t place = added.size() - all.size() + k;
        ASSERT_EQ(all[k], (Kept{place + 1, "client", "node", added[place], ""})) << capacity << ' ' << i;
      }
    }
    EXPECT_EQ(ring.added(), 500u);
  }
}

TEST(TraceRing, FillsItsBytesWithEntriesOfOneSize) {
  Ring ring(1024);
  for (int i = 0; i < 100; ++i)
    ring.add(entry("x"));
  const std::size_t many = kept(ring).size();
  for (int i = 0; i < 1000; ++i) {
    ring.add(entry("x"));
    ASSERT_GE(kept(ring).size() + 1, many);
  }
}

TEST(TraceRing, CutsTheDetailOfAnEntryOverAQuarterOfTheRing) {
  Ring ring(4096);
  ring.add(entry("INFO", std::string(5000, 'd')));
  ring.add(entry("BYE"));

  const auto all = kept(ring);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].text, "INFO");
  EXPECT_GT(all[0].detail.size(), 800u);
  EXPECT_LT(all[0].detail.size(), 1024u);
  EXPECT_EQ(all[1], (Kept{2, "client", "node", "BYE", ""}));
}

TEST(TraceRing, CutsTheTextToWhereTheDetailAloneDoesNotMakeRoom) {
  Ring ring(1024);
  for (int i = 0; i < 20; ++i)
    ring.add(entry(std::string(5000, 't'), "lost"));

  for (const auto& one : kept(ring)) {
    EXPECT_EQ(one.from, "client");
    EXPECT_GT(one.text.size(), 100u);
    EXPECT_EQ(one.detail, "");
  }
}

TEST(TraceRing, TakesTooFewBytesAsAKilobyte) {
  Ring ring(0);
  ring.add(entry("INVITE"));
  EXPECT_EQ(kept(ring).size(), 1u);
}

}  // namespace
}  // namespace linebridge::trace
