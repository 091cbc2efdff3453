#include "base/address.hpp"
#include "base/catalogue.hpp"
#include "base/counters.hpp"
#include "base/deadlines.hpp"
#include "base/dialog_key.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace linebridge {
namespace {

using namespace std::chrono_literals;

TEST(BaseDeadlines, GivesWhatIsDueInOrderAndNothingBefore) {
  Deadlines<std::string> waiting;
  const TimePoint start{};
  waiting.add(start + 3s, "third");
  waiting.add(start + 1s, "first");
  waiting.add(start + 2s, "second");
  waiting.add(start + 2s, "second, later added");
  EXPECT_EQ(waiting.next(), start + 1s);
  EXPECT_EQ(waiting.pop(start + 999ms), std::nullopt);
  EXPECT_EQ(waiting.pop(start + 9s), "first");
  EXPECT_EQ(waiting.pop(start + 9s), "second");
  EXPECT_EQ(waiting.pop(start + 9s), "second, later added");
  EXPECT_EQ(waiting.pop(start + 9s), "third");
  EXPECT_EQ(waiting.pop(start + 9s), std::nullopt);
  EXPECT_EQ(waiting.next(), std::nullopt);
}

TEST(BaseDeadlines, ForgetsCancelledOnesAndIgnoresOldIds) {
  Deadlines<int> waiting;
  const TimePoint start{};
  auto gone = waiting.add(start + 1s, 1);
  auto old = gone;
  waiting.cancel(gone);
  EXPECT_FALSE(gone);
  waiting.add(start + 2s, 2);
  waiting.cancel(old);
  EXPECT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting.pop(start + 2s), 2);
}

TEST(BaseDeadlines, KeepsItsOrderThroughManyAddsAndCancels) {
  Deadlines<int> waiting;
  Random random(repeatable(7));
  const TimePoint start{};
  std::vector<Deadlines<int>::Id> ids;
  for (int i = 0; i < 2000; ++i)
    ids.push_back(waiting.add(start + random.up_to(1h), i));
  for (std::size_t i = 0; i < ids.size(); i += 3)
    waiting.cancel(ids[i]);
  TimePoint last = start;
  std::size_t seen = 0;
  while (const auto next = waiting.next()) {
    EXPECT_GE(*next, last);
    last = *next;
    ASSERT_TRUE(waiting.pop(last));
    ++seen;
  }
  EXPECT_EQ(seen, 1333U);
}

TEST(BaseDialogKey, IsTheCallIdUpTo64BytesAndItsHashBeyond) {
  EXPECT_EQ(dialog_key("abc@host"), "abc@host");
  EXPECT_EQ(dialog_key(std::string(64, 'x')), std::string(64, 'x'));
  EXPECT_EQ(dialog_key(std::string(65, 'x')), sha256_hex(std::string(65, 'x')));
}

TEST(BaseDialogKey, HashesAsFips180Says) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(BaseAddress, ReadsWhatItWrites) {
  for (const auto* text : {"192.0.2.1:5060", "[2001:db8::1]:5061", "cucm1.example.test:2748", "/run/a.sock"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_text(address.value()), text);
  }
  EXPECT_EQ(parse_address("cucm1", 2748).value(), (Address{"cucm1", 2748}));
  EXPECT_EQ(parse_address("[::1]", 2748).value(), (Address{"::1", 2748}));
}

TEST(BaseAddress, SaysWhatIsWrong) {
  for (const auto* text :
       {"", "host", "host:", ":1", "host:0", "host:65536", "host:x", "::1", "[::1", "[::1]x", "a b:1"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(BaseAddress, TakesPortZeroOnlyWhereAFreeOneIsMeant) {
  EXPECT_EQ(parse_listen("127.0.0.1:0").value(), (Address{"127.0.0.1", 0}));
  EXPECT_EQ(parse_listen("[::1]:0").value(), (Address{"::1", 0}));
  EXPECT_EQ(parse_listen("127.0.0.1:5060").value(), (Address{"127.0.0.1", 5060}));
  for (const auto* text : {":0", "host", "::1:0", "host:00"})
    EXPECT_FALSE(parse_listen(text)) << text;
}

TEST(BaseText, ReadsNumbersWholeOrNotAtAll) {
  EXPECT_EQ(to_number<std::uint16_t>("65535"), 65535);
  for (const auto* bad : {"", "65536", "-1", " 1", "1 ", "0x1", "1a"})
    EXPECT_FALSE(to_number<std::uint16_t>(bad)) << bad;
  EXPECT_EQ(to_number<int>("-1"), std::nullopt);
}

TEST(BaseText, SplitsTrimsAndCompares) {
  EXPECT_EQ(split(" a, b,,c ", ','), (std::vector<std::string_view>{"a", "b", "", "c"}));
  EXPECT_TRUE(split("", ',').empty());
  EXPECT_TRUE(iequals("Call-ID", "cALL-id"));
  EXPECT_FALSE(iequals("Call-ID", "Call-I"));
  EXPECT_EQ(from_hex("00fF"), (std::vector<std::uint8_t>{0, 255}));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
}

TEST(BaseText, MakesAnythingPrintable) {
  EXPECT_EQ(printable(std::string_view("a\0\n\xff", 4)), "a\\x00\\x0a\\xff");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

TEST(BaseRandom, GivesTheBitsAskedForAndStaysInItsRange) {
  Random random(repeatable(1));
  EXPECT_EQ(random.hex(96).size(), 24U);
  EXPECT_NE(random.hex(96), random.hex(96));
  EXPECT_EQ(random.letters(16).size(), 16U);
  for (int i = 0; i < 1000; ++i)
    EXPECT_LE(random.up_to(10ms), 10ms);
  EXPECT_EQ(random.up_to(0ms), Duration::zero());
}

TEST(BaseLog, RendersFieldsForPeopleAndMachines) {
  EXPECT_EQ(render(catalogue::session_refused, {{"user", "sip:a@b"}, {"reason", "no such \"line\"\n"}}),
            "Sign-in refused user=sip:a@b reason=\"no such \\\"line\\\"\\x0a\"");
}

TEST(BaseCounters, CountUnderTheNamesTheyAreShownWith) {
  Counters counters;
  counters.add(Counter::invites);
  counters.add(Counter::invites, 2);
  EXPECT_EQ(counters[Counter::invites], 3U);
  EXPECT_EQ(Counters::text[static_cast<std::size_t>(Counter::invites)].name, "invites");
}

}  // namespace
}  // namespace linebridge
