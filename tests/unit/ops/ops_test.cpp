#include "base/catalogue.hpp"
#include "ops/http.hpp"
#include "ops/log_output.hpp"
#include "ops/metrics.hpp"
#include "ops/system.hpp"
#include "tests/unit/support/temporary.hpp"

namespace linebridge::ops {
namespace {

class OpsLog : public testing::Test {
protected:
  LogOutput make(LogOutput::Settings settings) {
    return LogOutput(settings, [this](std::string_view line) { lines_.emplace_back(line); });
  }
  std::vector<std::string> lines_;
};

TEST_F(OpsLog, WritesLevelIdTextAndFields) {
  auto log = make({});
  log.write(catalogue::session_refused, {{"user", "sip:a@b"}, {"rule", "incoming list"}});
  EXPECT_EQ(lines_,
            std::vector<std::string>{"warning LB-SES-002 Sign-in refused user=sip:a@b rule=\"incoming list\""});
}

TEST_F(OpsLog, WritesJsonAndPriorities) {
  auto json = make({Level::info, true, false, 20});
  json.write(catalogue::session_refused, {{"user", "a\"b\\c\n"}});
  EXPECT_THAT(lines_.back(),
              testing::MatchesRegex(R"(\{"at":"20[0-9-]+T[0-9:]+\.[0-9]{3}Z","level":"warning",.*)"));
  EXPECT_THAT(lines_.back(),
              testing::EndsWith(R"("id":"LB-SES-002","text":"Sign-in refused","user":"a\"b\\c\\x0a"})"));
  auto journal = make({Level::info, false, true, 20});
  journal.write(catalogue::link_lost, {});
  EXPECT_EQ(lines_.back(), "<1>LB-CTI-003 CTI link lost");
}

TEST_F(OpsLog, LeavesOutWhatIsBelowItsLevelAndWhatRepeatsTooFast) {
  auto log = make({Level::notice, false, false, 3});
  log.write(catalogue::session_accepted, {});
  EXPECT_TRUE(lines_.empty());
  for (int i = 0; i < 10; ++i)
    log.write(catalogue::session_refused, {});
  EXPECT_EQ(lines_.size(), 3U);
  log.write(catalogue::link_lost, {});
  EXPECT_EQ(lines_.size(), 4U);
}

TEST_F(OpsLog, TellsAtItsEndHowManyLinesWereLeftOut) {
  {
    auto log = make({Level::info, false, false, 3});
    for (int i = 0; i < 10; ++i)
      log.write(catalogue::session_refused, {{"user", "sip:a@b"}});
  }
  ASSERT_EQ(lines_.size(), 4U);
  EXPECT_EQ(lines_.back(), "warning LB-SES-002 Sign-in refused (7 such lines left out)");
}

TEST(OpsSecrets, AreCredentialsInAServiceThatHasThemElseFilesOfTheSite) {
  const test::TemporaryDirectory directory;
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(secrets_before(), "/etc/linebridge/secrets/");
  ::setenv("CREDENTIALS_DIRECTORY", directory.path("none").c_str(), 1);
  EXPECT_EQ(secrets_before(), "/etc/linebridge/secrets/");
  ::setenv("CREDENTIALS_DIRECTORY", directory.path("").c_str(), 1);
  directory.write("something.else", "of another kind");
  EXPECT_EQ(secrets_before(), "/etc/linebridge/secrets/");
  directory.write("secret_cti.password", "secret");
  EXPECT_EQ(secrets_before(), directory.path("") + "/secret_");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST(OpsLevels, HaveWords) {
  EXPECT_EQ(level_of("alarm"), Level::alarm);
  EXPECT_EQ(level_of("loud"), std::nullopt);
}

TEST(OpsHttp, ReadsRequestsHoweverTheyAreCut) {
  const std::string text = "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    SCOPED_TRACE(cut);
    HttpStream stream;
    HttpStream::Request request;
    stream.push(text.substr(0, cut));
    bool done = stream.next(request).value();
    EXPECT_EQ(done, cut == text.size());
    stream.push(text.substr(cut));
    if (!done) done = stream.next(request).value();
    ASSERT_TRUE(done);
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target, "/v1/status");
    std::string out;
    EXPECT_TRUE(stream.respond(out, 200, "application/json", "{}"));
    EXPECT_TRUE(out.starts_with("HTTP/1.1 200 OK\r\n")) << out;
    EXPECT_TRUE(out.ends_with("\r\n\r\n{}")) << out;
  }
}

TEST(OpsHttp, AnswersPipelinedRequestsOneByOneWithTheirBodies) {
  HttpStream stream;
  stream.push("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.0\r\n\r\n");
  HttpStream::Request request;
  ASSERT_TRUE(stream.next(request).value());
  EXPECT_EQ(request.body, "abc");
  EXPECT_FALSE(stream.next(request).value());
  std::string out;
  EXPECT_TRUE(stream.respond(out, 404, "text/plain", ""));
  ASSERT_TRUE(stream.next(request).value());
  EXPECT_EQ(request.target, "/b");
  EXPECT_FALSE(stream.respond(out, 200, "text/plain", ""));
}

TEST(OpsHttp, AnswersHeadWithoutABody) {
  HttpStream stream;
  HttpStream::Request request;
  stream.push("HEAD /metrics HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(stream.next(request).value());
  std::string out;
  EXPECT_TRUE(stream.respond(out, 200, "text/plain", "body"));
  EXPECT_NE(out.find("Content-Length: 4\r\n"), std::string::npos) << out;
  EXPECT_TRUE(out.ends_with("\r\n\r\n"));
}

TEST(OpsHttp, HoldsBackNothingOfAChunkedBodyAndLimitsIt) {
  HttpStream stream;
  HttpStream::Request request;
  stream.push("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n");
  EXPECT_FALSE(stream.next(request).value());
  stream.push("0\r\n\r\n");
  ASSERT_TRUE(stream.next(request).value());
  EXPECT_EQ(request.body, "abcde");

  HttpStream small(HttpStream::Limits{1024, 4});
  small.push("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n");
  const auto result = small.next(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::too_long);
}

TEST(OpsHttp, RefusesAHeadThatNeverEnds) {
  HttpStream stream;
  HttpStream::Request request;
  stream.push("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 1000; ++i) {
    stream.push("X-Filler: 0123456789\r\n");
    const auto result = stream.next(request);
    if (result) continue;
    EXPECT_EQ(result.error().code, Errc::too_long);
    EXPECT_LT(i, 500);
    return;
  }
  FAIL() << "never refused";
}

TEST(OpsHttp, RefusesWhatIsNoHttpOrTooLong) {
  for (const auto& bad :
       {std::string("\x16\x03\x01\x02\r\n\r\n"), std::string("GET\r\n\r\n"), "GET /" + std::string(9000, 'x'),
        std::string("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n")}) {
    SCOPED_TRACE(bad.substr(0, 30));
    HttpStream stream;
    HttpStream::Request request;
    stream.push(bad);
    const auto result = stream.next(request);
    ASSERT_FALSE(result);
    EXPECT_TRUE(HttpStream::refusal(result.error()).starts_with("HTTP/1.1 4"));
  }
}

TEST(OpsMetrics, ShowEveryCounterAndGauge) {
  Counters counters;
  counters.add(Counter::invites, 7);
  const std::string page = metrics_page("publisher", counters, {{"sessions", "Sessions now", 3}});
  EXPECT_NE(page.find("linebridge_invites_total{program=\"publisher\"} 7"), std::string::npos);
  EXPECT_NE(page.find("linebridge_sessions{program=\"publisher\"} 3"), std::string::npos);
  EXPECT_NE(page.find("# TYPE linebridge_invites_total counter"), std::string::npos);
}

TEST(OpsSystem, GivesRandomBytesAndRaisesTheDescriptorLimit) {
  Random random(os_random());
  EXPECT_NE(random.hex(128), random.hex(128));
  const auto limit = raise_descriptor_limit();
  EXPECT_GE(limit, 1024U);
  EXPECT_EQ(raise_descriptor_limit(), limit);
  EXPECT_EQ(watchdog_interval(), Duration::zero());
}

}  // namespace
}  // namespace linebridge::ops
