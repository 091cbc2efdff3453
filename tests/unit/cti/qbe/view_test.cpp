#include "cti/qbe/view.hpp"

#include <gtest/gtest.h>

#include "cti/qbe/messages.hpp"
#include "cti/qbe/wire.hpp"
#include "cti/qbe/writer.hpp"
#include "support.hpp"

namespace linebridge::cti::qbe {
namespace {

using namespace std::string_view_literals;

// One of everything.
LINEBRIDGE_QBE_LAYOUT(leaf, Layout::no_message, {}, "name:s number:i");
inline constexpr auto leaves = std::to_array<const Layout*>({&leaf});
LINEBRIDGE_QBE_LAYOUT(all_types, 9000, leaves,
                      "i:i b:b s:s y:y u:u is:i[] c:cch cs:cch[] ss:s[] ys:y[] bs:b[] e:leaf es:leaf[] last:i");
// Nested as deep as allowed, and one deeper.
inline constexpr auto in1 = std::to_array<const Layout*>({&leaf});
LINEBRIDGE_QBE_LAYOUT(deep2, Layout::no_message, in1, "x:leaf");
inline constexpr auto in2 = std::to_array<const Layout*>({&deep2});
LINEBRIDGE_QBE_LAYOUT(deep3, Layout::no_message, in2, "x:deep2");
inline constexpr auto in3 = std::to_array<const Layout*>({&deep3});
LINEBRIDGE_QBE_LAYOUT(deep4, Layout::no_message, in3, "x:deep3");
inline constexpr auto in4 = std::to_array<const Layout*>({&deep4});
LINEBRIDGE_QBE_LAYOUT(deep5, Layout::no_message, in4, "x:deep4");
inline constexpr auto in5 = std::to_array<const Layout*>({&deep5});
LINEBRIDGE_QBE_LAYOUT(message4, 9004, in4, "x:deep4");
LINEBRIDGE_QBE_LAYOUT(message5, 9005, in5, "x:deep5");
// Elements in a row inside elements in a row, for frames that overlap themselves.
LINEBRIDGE_QBE_LAYOUT(row, Layout::no_message, leaves, "xs:leaf[]");
LINEBRIDGE_QBE_LAYOUT(message_of_leaves, 9007, leaves, "xs:leaf[]");
inline constexpr auto rows = std::to_array<const Layout*>({&row});
LINEBRIDGE_QBE_LAYOUT(message_of_rows, 9006, rows, "xs:row[]");

constexpr Dialect now_spoken = dialect(0x00110000);

std::string full() {
  std::string out;
  Writer w(out, now_spoken, all_types);
  w.put(all_types["i"], 0xFFFFFFFEu);
  w.put(all_types["b"], true);
  w.put(all_types["s"], "text"sv);
  w.put(all_types["y"], "\0\1\2"sv);
  w.put(all_types["u"], "Zoë 𝄞"sv);
  const std::uint32_t numbers[] = {1, 2};
  w.put(all_types["is"], std::span<const std::uint32_t>(numbers));
  w.put(all_types["c"], Handle{7, 8});
  const Handle handles[] = {{1, 2}, {3, 4}};
  w.put(all_types["cs"], std::span<const Handle>(handles));
  const std::string_view texts[] = {"one", "", "three"};
  w.put(all_types["ss"], std::span<const std::string_view>(texts));
  w.put(all_types["ys"], std::span<const std::string_view>(texts));
  const bool flags[] = {true, false};
  w.put(all_types["bs"], std::span<const bool>(flags));
  Writer e = w.element(all_types["e"]);
  e.put(leaf["name"], "inner"sv);
  e.put(leaf["number"], 5u);
  e.finish();
  auto es = w.elements(all_types["es"], 2);
  for (const auto name : {"first"sv, "second"sv}) {
    Writer one = es.next();
    one.put(leaf["name"], name);
    one.finish();
  }
  es.finish();
  w.put(all_types["last"], 99u);
  w.finish();
  return out;
}

std::string with(std::string frame, std::size_t at, std::uint32_t value) {
  store32(frame, at, value);
  return frame;
}

std::optional<Errc> refused(const std::string& frame, const Layout& layout) {
  const auto opened = View::open(frame_of(frame), layout);
  return opened ? std::nullopt : std::optional(opened.error().code);
}

/// Where a word of a slot of all_types stands in its frame.
std::size_t place(Slot slot, unsigned word) {
  return header::bytes + slot.offset + 4 * word;
}

TEST(QbeView, ReadsEveryTypeOfField) {
  const std::string frame = full();
  const View view = View::open(frame_of(frame), all_types).value();
  EXPECT_EQ(view.number(all_types["i"]), 0xFFFFFFFEu);
  EXPECT_TRUE(view.flag(all_types["b"]));
  EXPECT_EQ(view.text(all_types["s"]), "text");
  EXPECT_EQ(view.bytes(all_types["y"]), "\0\1\2"sv);
  EXPECT_EQ(view.unicode(all_types["u"]), "Zoë 𝄞");
  EXPECT_EQ(view.numbers(all_types["is"]), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(view.handle(all_types["c"]), (Handle{7, 8}));
  EXPECT_EQ(view.handles(all_types["cs"]), (std::vector<Handle>{{1, 2}, {3, 4}}));
  EXPECT_EQ(view.texts(all_types["ss"]), (std::vector<std::string_view>{"one", "", "three"}));
  EXPECT_EQ(view.blobs(all_types["ys"]), (std::vector<std::string_view>{"one", "", "three"}));
  EXPECT_EQ(view.flags(all_types["bs"]), (std::vector<bool>{true, false}));
  EXPECT_EQ(view.element(all_types["e"]).text(leaf["name"]), "inner");
  EXPECT_EQ(view.element(all_types["e"]).number(leaf["number"]), 5u);
  ASSERT_EQ(view.elements(all_types["es"]).size(), 2u);
  EXPECT_EQ(view.elements(all_types["es"])[1].text(leaf["name"]), "second");
  EXPECT_EQ(view.number(all_types["last"]), 99u);
}

TEST(QbeView, NothingIsZeroOrEmpty) {
  std::string frame;
  Writer(frame, now_spoken, all_types).finish();
  const View view = View::open(frame_of(frame), all_types).value();
  EXPECT_EQ(view.number(all_types["i"]), 0u);
  EXPECT_FALSE(view.flag(all_types["b"]));
  EXPECT_EQ(view.text(all_types["s"]), "");
  EXPECT_EQ(view.unicode(all_types["u"]), "");
  EXPECT_TRUE(view.numbers(all_types["is"]).empty());
  EXPECT_EQ(view.element(all_types["e"]).text(leaf["name"]), "");
  EXPECT_EQ(view.elements(all_types["es"]).size(), 0u);
}

TEST(QbeView, NullFieldsSayWhereTheirDataWouldStand) {
  std::string frame;
  Writer writer(frame, now_spoken, all_types);
  writer.put(all_types["s"], "text"sv);
  writer.finish();
  EXPECT_EQ(load32(frame, place(all_types["y"], 0)), frame.size());
  EXPECT_EQ(load32(frame, place(all_types["y"], 1)), 0u);
}

TEST(QbeView, EmptyTextIsOneNulAndNullIsNone) {
  std::string frame;
  Writer writer(frame, now_spoken, all_types);
  writer.put(all_types["s"], ""sv);
  writer.finish();
  EXPECT_EQ(load32(frame, place(all_types["s"], 1)), 1u);
  EXPECT_EQ(View::open(frame_of(frame), all_types).value().text(all_types["s"]), "");
}

TEST(QbeView, TakesTextWithAndWithoutItsNul) {
  const std::string frame = full();
  const Slot text = all_types["s"];
  ASSERT_EQ(load32(frame, place(text, 1)), 5u);
  const std::string without = with(frame, place(text, 1), 4);
  EXPECT_EQ(View::open(frame_of(without), all_types).value().text(text), "text");
}

TEST(QbeView, TakesUnicodeWithAndWithoutItsNul) {
  std::string frame;
  Writer writer(frame, now_spoken, all_types);
  writer.put(all_types["u"], "abc\0"sv);
  writer.finish();
  EXPECT_EQ(View::open(frame_of(frame), all_types).value().unicode(all_types["u"]), "abc");
  const std::string without = with(frame, place(all_types["u"], 2), 2);
  EXPECT_EQ(View::open(frame_of(without), all_types).value().unicode(all_types["u"]), "ab");
}

TEST(QbeView, UnicodeOfNoBytesIsEmptyWhateverItsCountAndWhatFollowsIsReadRight) {
  const std::string frame = with(full(), place(all_types["u"], 1), 0);
  const View view = View::open(frame_of(frame), all_types).value();
  EXPECT_EQ(view.unicode(all_types["u"]), "");
  EXPECT_EQ(view.numbers(all_types["is"]), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(view.number(all_types["last"]), 99u);
}

TEST(QbeView, CountsNumbersAndNotTheBytesReservedForThem) {
  const std::string frame = full();
  ASSERT_EQ(load32(frame, place(all_types["is"], 1)), 32u);
  for (const std::uint32_t bytes : {8u, 12u, 16u, 32u})
    EXPECT_EQ(View::open(frame_of(with(frame, place(all_types["is"], 1), bytes)), all_types)
                  .value()
                  .numbers(all_types["is"]),
              (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(refused(with(frame, place(all_types["is"], 1), 7), all_types), Errc::malformed);
}

TEST(QbeView, TakesMinusOneOneAndZeroForFlags) {
  const std::string frame = full();
  for (const std::uint32_t word : {0u, 1u, 0xFFFFFFFFu})
    EXPECT_EQ(View::open(frame_of(with(frame, place(all_types["b"], 0), word)), all_types)
                  .value()
                  .flag(all_types["b"]),
              word != 0);
}

TEST(QbeView, ANullFieldMayPointAnywhere) {
  std::string frame;
  Writer(frame, now_spoken, all_types).finish();
  for (const auto name : {"s", "y", "u", "is", "cs", "ss", "ys", "bs", "e", "es"})
    for (const std::uint32_t offset : {0u, 16u, 0x7FFFFFFFu, 0xFFFFFFFFu})
      for (std::uint32_t i = 0; i < all_types.fields.size(); ++i)
        if (all_types.fields[i].name == name) {
          EXPECT_EQ(refused(with(frame, place(all_types.at(i), 0), offset), all_types), std::nullopt) << name;
        }
}

TEST(QbeView, ALoneSurrogateBecomesAReplacement) {
  std::string frame;
  Writer writer(frame, now_spoken, all_types);
  writer.put(all_types["u"], "ab"sv);
  writer.finish();
  store32(frame, frame.size() - 4, 0x0062D834);
  EXPECT_EQ(View::open(frame_of(frame), all_types).value().unicode(all_types["u"]), "\uFFFDb");
}

TEST(QbeView, FieldsThatDidNotComeHaveDefaults) {
  const std::string frame = full();
  for (std::uint32_t i = 0; i < all_types.fields.size(); ++i) {
    SCOPED_TRACE(all_types.fields[i].name);
    // The fixed part ends in the middle of field i; what is left of it counts as the variable part.
    const std::uint32_t size = all_types.at(i).offset + 2;
    const std::string cut = with(with(frame, header::fixed_size, size), header::var_size,
                                 static_cast<std::uint32_t>(frame.size()) - header::bytes - size);
    const View view = View::open(frame_of(cut), all_types).value();
    EXPECT_FALSE(view.has(all_types.at(i)));
    EXPECT_EQ(view.number(all_types["last"]), 0u);
    if (i <= all_types["es"].index) {
      EXPECT_EQ(view.elements(all_types["es"]).size(), 0u);
    }
  }
}

TEST(QbeView, PassesOverWhatIsBehindTheFieldsWeKnow) {
  constexpr const Layout& known = messages::line_close_response;
  std::string frame;
  Writer writer(frame, now_spoken, messages::line_open_response);
  writer.put(messages::line_open_response["line_id"], 145u);
  writer.put(messages::line_open_response["auto_accept_status"], 1u);
  writer.finish();
  EXPECT_EQ(View::open(frame_of(frame), known).value().number(known["line_id"]), 145u);
}

TEST(QbeView, ElementsInARowAreAsLongAsTheirSenderMadeThem) {
  constexpr auto spot = all_types["es"];
  std::string frame;
  Writer writer(frame, now_spoken, all_types);
  writer.finish();
  // Two elements of 20 bytes where we know 12: offset, length, number, and eight bytes of a later version.
  const auto at = static_cast<std::uint32_t>(frame.size());
  for (const std::uint32_t number : {11u, 22u})
    for (const std::uint32_t word : {at + 40, 3u, number, 0xAAu, 0xBBu}) {
      frame.append(4, '\0');
      store32(frame, frame.size() - 4, word);
    }
  frame.append("ab\0"sv);
  store32(frame, place(spot, 0), at);
  store32(frame, place(spot, 1), 43);
  store32(frame, place(spot, 2), 2);
  store32(frame, place(spot, 3), 20);
  store32(frame, header::var_size, load32(frame, header::var_size) + 43);
  const View view = View::open(frame_of(frame), all_types).value();
  EXPECT_EQ(view.elements(spot)[0].number(leaf["number"]), 11u);
  EXPECT_EQ(view.elements(spot)[1].number(leaf["number"]), 22u);
  EXPECT_EQ(view.elements(spot)[1].text(leaf["name"]), "ab");
}

TEST(QbeView, RefusesFlagsThatAreNeitherTrueNorFalse) {
  const std::string frame = full();
  EXPECT_EQ(refused(with(frame, place(all_types["b"], 0), 1), all_types), std::nullopt);
  EXPECT_EQ(refused(with(frame, place(all_types["b"], 0), 2), all_types), Errc::malformed);
}

/// Slots whose words are an offset and a length in bytes.
const auto pointing = {"s", "y", "u", "is", "cs", "ss", "ys", "bs", "e", "es"};

Slot slot_of(std::string_view name) {
  for (std::uint32_t i = 0; i < all_types.fields.size(); ++i)
    if (all_types.fields[i].name == name) return all_types.at(i);
  return all_types.at(0);
}

TEST(QbeView, RefusesDataOutsideTheVariablePart) {
  const std::string frame = full();
  const auto end = static_cast<std::uint32_t>(frame.size());
  for (const auto* name : pointing) {
    SCOPED_TRACE(name);
    const Slot slot = slot_of(name);
    for (const std::uint32_t offset : {0u, 16u, 32u, end, end + 1, 0x7FFFFFFFu, 0xFFFFFFFFu})
      EXPECT_EQ(refused(with(frame, place(slot, 0), offset), all_types), Errc::malformed) << offset;
    for (const std::uint32_t length : {end, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu})
      EXPECT_EQ(refused(with(frame, place(slot, 1), length), all_types), Errc::malformed) << length;
  }
}

TEST(QbeView, RefusesCountsThatDoNotFit) {
  const std::string frame = full();
  for (const auto* name : {"u", "is", "cs", "ss", "ys", "bs", "es"}) {
    SCOPED_TRACE(name);
    for (const std::uint32_t count : {1000u, 0x40000001u, 0x7FFFFFFFu, 0xFFFFFFFFu})
      EXPECT_NE(refused(with(frame, place(slot_of(name), 2), count), all_types), std::nullopt) << count;
  }
}

TEST(QbeView, RefusesItemsOfAnotherSize) {
  const std::string frame = full();
  for (const auto* name : {"u", "is", "cs"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refused(with(frame, place(slot_of(name), 3), 1), all_types), Errc::malformed);
  }
  EXPECT_EQ(refused(with(frame, place(slot_of("es"), 3), 0), all_types), Errc::malformed);
}

TEST(QbeView, RefusesAnElementLongerThanItsWhole) {
  const std::string frame = full();
  EXPECT_EQ(refused(with(frame, place(all_types["e"], 2), 500), all_types), Errc::malformed);
}

TEST(QbeView, RefusesABadSlotInsideAnElement) {
  const std::string frame = full();
  const std::uint32_t element = load32(frame, place(all_types["e"], 0));
  EXPECT_EQ(refused(with(frame, element, 0xFFFFFFF0), all_types), Errc::malformed);
  const std::uint32_t row_at = load32(frame, place(all_types["es"], 0));
  EXPECT_EQ(refused(with(frame, row_at + leaf.size, 3), all_types), Errc::malformed);
}

TEST(QbeView, NamesTheFieldThatIsWrong) {
  const std::string frame = full();
  const std::uint32_t element = load32(frame, place(all_types["e"], 0));
  const std::string bad = with(frame, element, 0xFFFFFFF0);
  EXPECT_EQ(View::open(frame_of(bad), all_types).error().detail, "leaf.name");
}

TEST(QbeView, SurvivesEveryWordOfAFrameBeingAnything) {
  const std::string frame = full();
  for (std::size_t at = header::bytes; at + 4 <= frame.size(); ++at)
    for (const std::uint32_t value : {0u, 1u, 0x20u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu, 0x55555555u}) {
      const std::string bent = with(frame, at, value);
      const auto opened = View::open(frame_of(bent), all_types);
      if (!opened) continue;
      const View& view = opened.value();
      EXPECT_LE(view.text(all_types["s"]).size() + view.bytes(all_types["y"]).size(), 2 * frame.size());
      (void)view.unicode(all_types["u"]), (void)view.numbers(all_types["is"]),
          (void)view.handles(all_types["cs"]);
      (void)view.texts(all_types["ss"]), (void)view.blobs(all_types["ys"]), (void)view.flags(all_types["bs"]);
      for (std::size_t i = 0; i < view.elements(all_types["es"]).size(); ++i)
        (void)view.elements(all_types["es"])[i].text(leaf["name"]);
    }
}

template <std::size_t Depth>
void nest(Writer& writer, const Layout& layout) {
  const Slot slot = layout.at(0);
  Writer inner = writer.element(slot);
  if constexpr (Depth > 1)
    nest<Depth - 1>(inner, *slot.inner);
  else
    inner.put(leaf["name"], "bottom"sv);
  inner.finish();
}

TEST(QbeView, ReadsElementsInElementsFourDeepAndNoDeeper) {
  std::string four;
  Writer w4(four, now_spoken, message4);
  nest<4>(w4, message4);
  w4.finish();
  const View view = View::open(frame_of(four), message4).value();
  EXPECT_EQ(view.element(message4["x"])
                .element(deep4["x"])
                .element(deep3["x"])
                .element(deep2["x"])
                .text(leaf["name"]),
            "bottom");

  std::string five;
  Writer w5(five, now_spoken, message5);
  nest<5>(w5, message5);
  w5.finish();
  EXPECT_EQ(refused(five, message5), Errc::too_long);
}

TEST(QbeView, RefusesAFrameThatOverlapsItselfIntoALotOfWork) {
  // 4096 rows at the same place, each of which claims the same 4096 leaves.
  std::string frame;
  Writer(frame, now_spoken, message_of_rows).finish();
  const auto at = static_cast<std::uint32_t>(frame.size());
  constexpr std::uint32_t count = 4096;
  frame.append(count * 16, '\0');
  for (std::uint32_t i = 0; i < count; ++i) {
    store32(frame, at + 16 * i, at);
    store32(frame, at + 16 * i + 4, count * 16);
    store32(frame, at + 16 * i + 8, count);
    store32(frame, at + 16 * i + 12, 12);
  }
  store32(frame, header::bytes, at);
  store32(frame, header::bytes + 4, count * 16);
  store32(frame, header::bytes + 8, count);
  store32(frame, header::bytes + 12, 16);
  store32(frame, header::var_size, count * 16);
  EXPECT_NE(refused(frame, message_of_rows), std::nullopt);
}

/// `count` leaves in a row, all of which are called by the same `length` bytes behind them.
std::string namesakes(std::uint32_t count, std::uint32_t length) {
  std::string frame;
  Writer(frame, now_spoken, message_of_leaves).finish();
  const auto at = static_cast<std::uint32_t>(frame.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    frame.append(8, '\0');
    store32(frame, at + 8 * i, at + 8 * count);
    store32(frame, at + 8 * i + 4, length);
  }
  frame.append(length, 'x');
  store32(frame, header::bytes, at);
  store32(frame, header::bytes + 4, 8 * count + length);
  store32(frame, header::bytes + 8, count);
  store32(frame, header::bytes + 12, 8);
  store32(frame, header::var_size, 8 * count + length);
  return frame;
}

TEST(QbeView, FieldsMayShareTheirDataButNotBlowAFrameUp) {
  EXPECT_EQ(refused(namesakes(100, 5), message_of_leaves), std::nullopt);
  EXPECT_EQ(refused(namesakes(4096, 4096), message_of_leaves), Errc::too_long);
}

TEST(QbeView, AFieldTheDialectLacksGoesNowhere) {
  static constexpr Shorter shorter[] = {{"line_open_request", 3}};
  constexpr const Layout& m = messages::line_open_request;
  std::string frame;
  Writer writer(frame, Dialect{1, shorter}, m);
  writer.put(m["device_name"], "SEP1"sv);
  Writer filter = writer.element(m["filter"]);
  filter.put(elements::line_event_filter["ring"], true);
  filter.finish();
  writer.put(m["partition"], "internal"sv);
  writer.finish();
  EXPECT_EQ(frame.size(), 32u + 20u + 5u);
}

}  // namespace
}  // namespace linebridge::cti::qbe
