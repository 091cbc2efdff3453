#include "lb/app/pages.hpp"

#include <nlohmann/json.hpp>

#include "tests/unit/support/recording_outbox.hpp"

namespace linebridge::lb::app {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Shown {
  Pages pages{{[] { return std::string("metrics"); }, [] { return std::string("status"); },
               [](const ops::TraceQuery& query) {
                 return "trace " + std::to_string(query.after) + " " + std::to_string(query.most);
               }}};
  test::RecordingOutbox out;

  std::string get(const std::string& target, const std::string& method = "GET") {
    pages.on(Opened{{1}, {Listener::api, {}, {}, "", {}}}, out);
    EXPECT_TRUE(pages.on(Bytes{{1}, method + " " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"}, out));
    return out.take({1});
  }
};

TEST(SplitterPages, ShowsItsThreePages) {
  Shown shown;
  EXPECT_THAT(shown.get("/metrics"), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\nmetrics")));
  EXPECT_THAT(shown.get("/v1/status"), AllOf(HasSubstr("application/json"), EndsWith("\r\n\r\nstatus")));
  EXPECT_THAT(shown.get("/v1/trace"), EndsWith("\r\n\r\ntrace 0 1000"));
  EXPECT_THAT(shown.get("/v1/trace?after=7&most=5"), EndsWith("\r\n\r\ntrace 7 5"));
}

TEST(SplitterPages, RefusesTheRestWithAReason) {
  Shown shown;
  EXPECT_THAT(shown.get("/"), AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("{\"error\":\"there are /metrics")));
  EXPECT_THAT(shown.get("/v1/status", "DELETE"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(shown.get("/v1/trace?most=0"), AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("1 to 100000")));
}

TEST(SplitterPages, LeavesOthersEvents) {
  Shown shown;
  EXPECT_FALSE(shown.pages.on(Opened{{2}, {Listener::sip, {}, {}, "", {}}}, shown.out));
  EXPECT_FALSE(shown.pages.on(Bytes{{2}, "x"}, shown.out));
  EXPECT_FALSE(shown.pages.on(Closed{{2}, Gone::by_peer}, shown.out));
  EXPECT_FALSE(shown.pages.on(Tick{}, shown.out));
}

TEST(SplitterPages, WritesTheStatusAsJson) {
  Counters counters;
  counters.add(Counter::splitter_dialogs);
  const auto status =
      nlohmann::json::parse(status_page({2, 3, 4, 5, 6, {{"192.0.2.10", 1}, {"2001:db8::1", 2}}}, counters));
  EXPECT_EQ(status.at("clients"), 2);
  EXPECT_EQ(status.at("dialogs"), 3);
  EXPECT_EQ(status.at("legs"), 4);
  EXPECT_EQ(status.at("dialling"), 5);
  EXPECT_EQ(status.at("pending"), 6);
  EXPECT_EQ(status.at("hosts").at(1), (nlohmann::json{{"host", "2001:db8::1"}, {"connections", 2}}));
  EXPECT_EQ(status.at("counters").at("splitter_dialogs"), 1);
}

}  // namespace
}  // namespace linebridge::lb::app
