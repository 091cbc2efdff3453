#include "admin/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::admin {
namespace {

using testing::HasSubstr;

view::Status full_status() {
  view::Status status;
  status.node = {"publisher", "0.1.0", "up", 3600, 2, 1, 40, "draining", 60, 30000, 4, 1, 3};
  status.links = {{1, "192.0.2.11:2748", "in service", 2, 30, 31, 2, 1, 4, ""},
                  {2, "cucm2.example.test:2748", "connecting", 0, 0, 0, 0, 0, 1, "refused"}};
  status.sessions = {{"7f3a", "sip:alice@example.test", "tel:1001;phone-context=dialstring", "SEP0002FD3BB5C5",
                      "only device", 1, "call@host", "41", "connected", 600, 60, 5, 9, 8, 1}};
  status.counters = {{"sip_messages_in", 12}, {"invites", 18446744073709551615u}};
  return status;
}

TEST(AdminJson, WritesTheStatusUnderStableNames) {
  EXPECT_EQ(
      to_json(full_status()),
      R"({"node":{"name":"publisher","version":"0.1.0","agent":"up","uptime_seconds":3600,"sessions":2,"calls":1,)"
      R"("users_assigned":40,"state":"draining","drain_seconds_left":60,"sessions_most":30000,)"
      R"("connections":4,"waiting":1,"transactions":3},)"
      R"("links":[{"number":1,"address":"192.0.2.11:2748","state":"in service","sessions":2,)"
      R"("devices":30,"lines":31,"open_lines":2,"outstanding":1,"losses":4,"last_error":""},{"number":2,)"
      R"("address":"cucm2.example.test:2748","state":"connecting","sessions":0,"devices":0,"lines":0,"open_lines":0,)"
      R"("outstanding":0,"losses":1,"last_error":"refused"}],"sessions":[{"id":"7f3a",)"
      R"("user":"sip:alice@example.test","line":"tel:1001;phone-context=dialstring","device":"SEP0002FD3BB5C5",)"
      R"("rule":"only device","link":1,"call_id":"call@host","monitor":"41","state":"connected","age_seconds":600,)"
      R"("refreshed_seconds":60,"requests":5,"events_sent":9,"events_answered":8,"events_timed_out":1}],)"
      R"("counters":{"sip_messages_in":12,"invites":18446744073709551615}})");
}

TEST(AdminJson, ReadsTheStatusItWrites) {
  const auto text = to_json(full_status());
  const auto read = read_status(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(to_json(read.value()), text);
}

TEST(AdminJson, ReadsTheTraceItWrites) {
  const view::Trace trace{{{7, 1'700'000'000'000'001, "7f3a", "client", "node", "INVITE", "Call-ID \"x\"\n"}}};
  const auto text = to_json(trace);
  EXPECT_EQ(text,
            R"({"lines":[{"number":7,"at_us":1700000000000001,"session":"7f3a","from":"client","to":"node",)"
            R"("text":"INVITE","detail":"Call-ID \"x\"\n"}]})");
  const auto read = read_trace(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(to_json(read.value()), text);
}

TEST(AdminJson, ReadsTheDrainageItWrites) {
  const auto read = read_drainage(to_json(view::Drainage{"draining", 3, 90}));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read.value().state, "draining");
  EXPECT_EQ(read.value().sessions, 3u);
  EXPECT_EQ(read.value().seconds_left, 90);
  EXPECT_EQ(read_drainage(R"({"error":"the node stops"})").error().detail, "the node stops");
}

TEST(AdminJson, ReadsWhatAnotherVersionWrites) {
  const auto read = read_status(R"({"node":{"name":"subscriber","colour":"red"},"weather":[1]})");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read.value().node.name, "subscriber");
  EXPECT_TRUE(read.value().links.empty());
}

TEST(AdminJson, ReadsARefusalAsOne) {
  const auto read = read_trace(R"({"error":"not now"})");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::refused);
  EXPECT_EQ(read.error().detail, "not now");
}

TEST(AdminJson, RefusesWhatIsNotTheJsonItKnows) {
  for (const auto* text :
       {"", "hello", "[]", "7", "{", R"({"node":7})", R"({"node":{"name":7}})", R"({"links":[7]})",
        R"({"links":[{"number":"one"}]})", R"({"counters":{"x":"y"}})", R"({"error":7})"}) {
    const auto read = read_status(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Errc::malformed) << text;
  }
}

TEST(AdminJson, WritesProblemsOfAConfiguration) {
  EXPECT_EQ(to_json(std::vector<config::Problem>{{12, "cti.managers", "at most 8"}}),
            R"([{"line":12,"key":"cti.managers","what":"at most 8"}])");
  EXPECT_EQ(to_json(std::vector<config::Problem>{}), "[]");
}

TEST(AdminJson, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(to_json(std::string_view("a\"b\xE9")), "\"a\\\"b\xEF\xBF\xBD\"");
  EXPECT_THAT(to_json(view::Trace{{{1, 1, "", "", "", "\xFF", ""}}}), HasSubstr("\xEF\xBF\xBD"));
}

TEST(AdminJson, ReadsTheStepsOfALadderThatItWrites) {
  view::Passed step;
  step.at_us = 1'795'348'800'000'000;
  step.session = "pub-1";
  step.user = "alice@example.test";
  step.from = "client";
  step.to = "node";
  step.seen = "front node";
  step.text = "INFO \"x\"";
  const auto read = read_passed(to_json(step));
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(read.value()), to_json(step));
  EXPECT_EQ(read.value().text, step.text);
  EXPECT_EQ(read_passed(R"({"line":"1002","more":1})").value().line, "1002");
  for (const auto* wrong : {"", "[]", "7", R"({"at_us":"x"})", R"({"text":null})"})
    EXPECT_FALSE(read_passed(wrong)) << wrong;
}

}  // namespace
}  // namespace linebridge::admin
