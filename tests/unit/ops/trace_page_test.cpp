#include "ops/trace_page.hpp"

#include <nlohmann/json.hpp>

namespace linebridge::ops {
namespace {

using Json = nlohmann::json;

trace::Ring filled(std::uint64_t lines) {
  trace::Ring ring(64 * 1024);
  for (std::uint64_t i = 1; i <= lines; ++i)
    ring.add({0, static_cast<std::int64_t>(1000 * i), 5, "client", "node", "INFO", std::to_string(i)});
  return ring;
}

std::vector<int> numbers(const std::string& page) {
  std::vector<int> out;
  const Json whole = Json::parse(page);
  for (const auto& line : whole.at("lines"))
    out.push_back(line.at("number").get<int>());
  return out;
}

TEST(OpsTracePage, ShowsEachLineWhole) {
  const Json line = Json::parse(trace_page(filled(1), {})).at("lines").at(0);
  EXPECT_EQ(line, (Json{{"number", 1},
                        {"at_us", 1000},
                        {"session", ""},
                        {"from", "client"},
                        {"to", "node"},
                        {"text", "INFO"},
                        {"detail", "1"}}));
}

TEST(OpsTracePage, ShowsTheNewestLinesOrThoseAfterANumber) {
  const trace::Ring ring = filled(9);
  EXPECT_EQ(numbers(trace_page(ring, {0, 3})), (std::vector{7, 8, 9}));
  EXPECT_EQ(numbers(trace_page(ring, {4, 3})), (std::vector{5, 6, 7}));
  EXPECT_EQ(numbers(trace_page(ring, {8, 3})), (std::vector{9}));
  EXPECT_EQ(trace_page(ring, {9, 3}), "{\"lines\":[]}");
  EXPECT_EQ(trace_page(trace::Ring(1024), {}), "{\"lines\":[]}");
}

TEST(OpsTracePage, WritesEveryByteSoThatItIsJson) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  trace::Ring ring(64 * 1024);
  ring.add({0, 1, 0, all, "\"\\\r\n", "ümlaut \xE2\x82\xAC \xF0\x9F\x98\x80", "x"});
  const Json line = Json::parse(trace_page(ring, {})).at("lines").at(0);
  EXPECT_EQ(line.at("from").get<std::string>().substr(0, 128), all.substr(0, 128));
  EXPECT_EQ(line.at("to"), "\"\\\r\n");
  EXPECT_EQ(line.at("text"), "ümlaut \xE2\x82\xAC \xF0\x9F\x98\x80");
}

TEST(OpsTracePage, TakesNothingForUtf8ThatIsNone) {
  for (const std::string_view bad :
       {"\xC0\xAF", "\xC1\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80", "\x80", "\xE2\x82", "\xE2\x82x", "\xF0\x9F\x98"}) {
    std::string out;
    append_json(out, bad);
    const auto text = Json::parse(out).get<std::string>();
    EXPECT_NE(text.find("\xEF\xBF\xBD"), std::string::npos);
  }
}

TEST(OpsTracePage, ReadsWhatIsAskedFor) {
  EXPECT_EQ(read_trace_query("").value().most, 1000u);
  EXPECT_EQ(read_trace_query("most=7&after=12").value().most, 7u);
  EXPECT_EQ(read_trace_query("most=7&after=12").value().after, 12u);
  for (const std::string_view bad : {"most=0", "most=100001", "most=x", "after=", "after=-1", "else=1", "most"})
    EXPECT_FALSE(read_trace_query(bad)) << bad;
}

}  // namespace
}  // namespace linebridge::ops
