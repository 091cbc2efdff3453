#include <nlohmann/json.hpp>

#include "tests/simulators/cucm/cluster_file.hpp"
#include "tests/simulators/cucm/span_of_time.hpp"
#include "tests/unit/simulators/cucm/bench.hpp"
#include "tests/unit/support/files.hpp"

namespace linebridge::sim::cucm {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

/// A connection to the control socket that stays.
class Console {
public:
  explicit Console(Bench& bench) : peer{static_cast<std::uint64_t>(bench.next_peer())}, bench_(bench) {
    Origin origin;
    origin.listener = Listener::control;
    bench_.feed(Opened{peer, origin});
  }
  std::string say(std::string_view bytes) {
    bench_.feed(Bytes{peer, bytes});
    return heard();
  }
  std::string heard() { return std::exchange(bench_.out.sent[peer], {}); }
  std::string script(const std::string& name, const std::string& text) {
    return say("script start " + name + " " + std::to_string(std::count(text.begin(), text.end(), '\n')) +
               "\n" + text);
  }

  PeerId peer;

private:
  Bench& bench_;
};

/// How far the exchange is: the states of all legs, as people see them.
std::vector<std::string> states(Bench& bench) {
  std::vector<std::string> all;
  for (const auto& [id, leg] : bench.cluster.exchange().legs())
    all.emplace_back(state_name(leg.state));
  return all;
}

ScriptProblems problems(Bench& bench, const std::string& text) {
  const auto read = parse_script(
      text, "test", [&](std::string_view command) { return check_command(bench.cluster, command); });
  const auto* wrong = std::get_if<ScriptProblems>(&read);
  return wrong ? *wrong : ScriptProblems{};
}

TEST(CucmScript, SaysItsLinesInTime) {
  Bench bench;
  Console console(bench);
  EXPECT_EQ(console.script("calls",
                           "# people\n\nat 1s dial 1002 1001\nafter 200ms answer 1001  # she does\n"
                           "at 500ms unregister SEP000000001004\n"),
            "ok started\n");
  bench.pass(999ms);
  EXPECT_THAT(states(bench), IsEmpty());
  EXPECT_FALSE(bench.cluster.exchange().phones()[3].registered);
  bench.pass(1ms);
  EXPECT_THAT(states(bench), ElementsAre("ringback", "ringing"));
  bench.pass(200ms);
  EXPECT_THAT(states(bench), ElementsAre("connected", "connected"));
  EXPECT_EQ(bench.order("script list").text, "[]");
  EXPECT_TRUE(bench.log.has("script=calls line=4 command=\"answer 1001\" result=\"ok done\""));
}

TEST(CucmScript, RepeatsALineAsOftenAsItSays) {
  Bench bench;
  Console console(bench);
  console.script("load", "repeat 3 every 2s dial 1002 +15551234\nafter 1s hangup 1002\n");
  EXPECT_THAT(states(bench), SizeIs(2));
  bench.pass(1999ms);
  EXPECT_THAT(states(bench), SizeIs(2));
  bench.pass(1ms);
  EXPECT_THAT(states(bench), SizeIs(4));
  EXPECT_EQ(json::parse(bench.order("script list").text)[0]["waiting"], (json{1, 2}));
  bench.pass(2s);
  EXPECT_THAT(states(bench), SizeIs(6));
  bench.pass(1s);
  EXPECT_THAT(states(bench), SizeIs(4));
}

TEST(CucmScript, ActsBeforeARequestIsHandled) {
  Bench bench;
  Console console(bench);
  Client client(bench), other(bench, 2002);
  console.script("race",
                 "when ProviderGetCapabilitiesRequest from linebridge on cti1 "
                 "fault cti1 omit ProviderGetCapabilitiesResponse next 1\n");
  client.log_in("super");
  EXPECT_THAT(client.ask(127), SizeIs(1));
  other.log_in();
  EXPECT_THAT(other.ask(127), SizeIs(1));
  Client meant(bench);
  meant.log_in();
  EXPECT_THAT(meant.ask(127), IsEmpty());
  EXPECT_THAT(meant.ask(127), SizeIs(1));
}

TEST(CucmScript, ActsAfterAnEventWasSentAndOnlyTheFirstTime) {
  Bench bench;
  Console console(bench);
  Client client(bench);
  client.log_in();
  client.watch("SEP000000001001", "1001");
  console.script("callee", "when NewCallEvent to any on any answer 1001\nafter 1s hold 1001\n");
  bench.order("dial 1002 1001");
  EXPECT_THAT(states(bench), ElementsAre("connected", "connected"));
  bench.pass(1s);
  EXPECT_THAT(states(bench), testing::Contains("held"));
  bench.order("dial 1003 1001");
  EXPECT_THAT(states(bench), testing::Contains("ringing"));
}

TEST(CucmScript, SeesAMessageWhereverItsBytesAreCut) {
  for (std::size_t cut = 0; cut <= 32; ++cut) {
    SCOPED_TRACE(cut);
    Bench bench;
    Console console(bench);
    Client client(bench);
    console.script("cut", "when Heartbeat from any on cti1 dial 1002 1001\n");
    const std::string beat = client.frame(120, {});
    client.send_raw(beat.substr(0, cut));
    EXPECT_THAT(states(bench), SizeIs(cut == beat.size() ? 2 : 0));
    client.send_raw(beat.substr(cut));
    EXPECT_THAT(states(bench), SizeIs(2));
  }
}

TEST(CucmScript, CanCutTheConnectionItWaitsOn) {
  Bench bench;
  Console console(bench);
  Client client(bench);
  client.log_in();
  console.script("cut", "when ProviderGetCapabilitiesRequest from any on any fault all drop\n");
  client.send_raw(client.frame(127, {}) + client.frame(127, {}));
  EXPECT_TRUE(client.is_closed());
  EXPECT_THAT(client.received(), IsEmpty());
}

TEST(CucmScript, CanStallAndGoOnWhileAMessageIsInHand) {
  Bench bench;
  Console console(bench);
  Client client(bench);
  client.log_in();
  console.script("blink",
                 "when ProviderGetCapabilitiesRequest from any on any fault cti1 stall\n"
                 "when ProviderGetCapabilitiesRequest from any on any fault clear all\n");
  client.send_raw(client.frame(127, {}) + client.frame(11, {}) + client.frame(120, {}));
  EXPECT_EQ(ids(client.received()), (std::vector<std::int32_t>{128, 12}));
}

TEST(CucmScript, TellsWhatItDidBeforeTheAnswerOfTheRequest) {
  Bench bench;
  Console console(bench);
  Client client(bench);
  client.log_in();
  client.watch("SEP000000001001", "1001");
  console.script("first", "when ProviderGetCapabilitiesRequest from any on any dial 1002 1001\n");
  EXPECT_EQ(ids(client.ask(127)), (std::vector<std::int32_t>{48, 281, 128}));
}

TEST(CucmScript, CanBeStopped) {
  Bench bench;
  Console console(bench);
  console.script("one", "at 1s dial 1002 1001\n");
  console.script("two", "at 1s dial 1003 1004\n");
  EXPECT_FALSE(bench.order("script stop three").ok);
  EXPECT_EQ(bench.order("script stop one").text, "1 stopped");
  bench.pass(1s);
  EXPECT_THAT(states(bench), SizeIs(2));
  console.script("three", "at 1s dial 1002 1001\n");
  bench.order("script stop");
  bench.pass(1min);
  EXPECT_THAT(states(bench), SizeIs(2));
}

TEST(CucmScript, RunsAFewAtATime) {
  Bench bench;
  Console console(bench);
  for (std::size_t i = 0; i < Scripts::most; ++i)
    EXPECT_EQ(console.script("many", "at 1h dial 1002 1001\n"), "ok started\n");
  EXPECT_THAT(console.script("many", "at 1h dial 1002 1001\n"), HasSubstr("error"));
}

TEST(CucmScript, ReportsAllWrongLinesBeforeAnythingStarts) {
  Bench bench;
  Console console(bench);
  const std::string text = "at 0s dial 1002 1001\nat 0s dance\n\nat soon answer 1001\nanswer 1001\n";
  const std::string all = console.script("wrong", text);
  EXPECT_THAT(all, HasSubstr("error line 2: no such command: dance; line 4: a time like"));
  EXPECT_THAT(all, HasSubstr("; line 5: begins with at, after, when or repeat\n"));
  EXPECT_THAT(states(bench), IsEmpty());
}

TEST(CucmScript, SaysWhatIsWrongWithALine) {
  const std::map<std::string, std::string> wrong = {
      {"at", "a time like"},
      {"at 1s", "no command"},
      {"at 1s answer", "wrong number of words"},
      {"at 1s wait idle 1001", "wait is nothing for a script"},
      {"at 1s script list", "script is nothing for a script"},
      {"at 1s fault cti1 explode", "no such fault"},
      {"at 1s fault cti9 stall", "no CTI Manager"},
      {"repeat 0 every 1s answer 1001", "repeat how often"},
      {"repeat 3 answer 1001", "repeat N every TIME"},
      {"repeat 3 every 0s answer 1001", "repeat every how long"},
      {"when Nothing from any on cti1 answer 1001", "no such message: Nothing"},
      {"when Heartbeat on cti1 answer 1001", "when MESSAGE from"},
      {"when Heartbeat from any answer 1001", "when MESSAGE from"}};
  Bench bench;
  for (const auto& [line, reason] : wrong) {
    SCOPED_TRACE(line);
    const auto found = problems(bench, line);
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(found[0], testing::StartsWith("line 1: "));
    EXPECT_THAT(found[0], HasSubstr(reason));
  }
}

TEST(CucmScript, LimitsItsLines) {
  Bench bench;
  std::string text;
  for (int i = 0; i < 1001; ++i)
    text += "at 1s calls\n";
  EXPECT_THAT(problems(bench, text), ElementsAre("line 1001: more than 1000 commands"));
  Console console(bench);
  EXPECT_EQ(console.say("script start x 0\n"), "error how many lines?\n");
  EXPECT_EQ(console.say("script start x 5001\n"), "error how many lines?\n");
}

TEST(CucmScript, ExamplesCanAllBeRun) {
  const auto files = test::data_files("cti/scripts");
  EXPECT_FALSE(files.empty());
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    Bench bench;
    EXPECT_THAT(problems(bench, test::data(file)), IsEmpty());
    Console console(bench);
    Client client(bench);
    client.log_in();
    EXPECT_EQ(console.script("example", test::data(file)), "ok started\n");
    bench.pass(15min);
  }
}

TEST(CucmTimes, AreReadWithTheirUnits) {
  EXPECT_EQ(to_duration("200ms"), Duration(200ms));
  EXPECT_EQ(to_duration("1.5s"), Duration(1500ms));
  EXPECT_EQ(to_duration("0.25m"), Duration(15s));
  EXPECT_EQ(to_duration("0s"), Duration(0s));
  EXPECT_EQ(to_duration("1440m"), Duration(24h));
  EXPECT_EQ(to_duration("0.5h"), Duration(30min));
  for (const char* none :
       {"", "5", "s", "1.s", ".5s", "1.2345s", "-1s", "1 s", "1500m", "25h", "99999999999999999999s", "1d"})
    EXPECT_FALSE(to_duration(none)) << none;
}

TEST(CucmWait, IsAnsweredAtOnceWhenItHolds) {
  Bench bench;
  Console console(bench);
  EXPECT_EQ(console.say("wait idle 1001\n"), "ok idle 1001\n");
}

TEST(CucmWait, IsAnsweredOnceItHolds) {
  Bench bench;
  Console console(bench);
  const std::vector<std::pair<std::string, std::string>> steps = {
      {"ringing 1001", "dial 1002 1001"},
      {"connected SEP000000001001", "answer 1001"},
      {"held 1001", "hold 1001"},
      {"idle 1002", "hangup 1002"},
      {"ringback 1002", "dial 1002 1003"},
      {"calls 2", "dial +15551234 1004"},
      {"unregistered SEP000000001001", "unregister SEP000000001001"},
      {"registered SEP000000001001", "register SEP000000001001"}};
  for (const auto& [condition, command] : steps) {
    SCOPED_TRACE(condition);
    EXPECT_EQ(console.say("wait " + condition + " within 5s\n"), "");
    bench.pass(4s);
    EXPECT_TRUE(bench.order(command).ok);
    EXPECT_EQ(console.heard(), "ok " + condition + " within 5s\n");
  }
}

TEST(CucmWait, CountsWhatApplicationsOpened) {
  Bench bench;
  Console console(bench);
  EXPECT_EQ(console.say("wait connections 1 on cti2\n"), "");
  Client wrong(bench, 2001);
  EXPECT_EQ(console.heard(), "");
  Client client(bench, 2002);
  EXPECT_EQ(console.heard(), "ok connections 1 on cti2\n");
  client.log_in();
  EXPECT_EQ(console.say("wait lines 2+\n"), "");
  client.watch("SEP000000001001", "1001");
  EXPECT_EQ(console.heard(), "");
  client.watch("SEP000000001002", "1002");
  EXPECT_EQ(console.heard(), "ok lines 2+\n");
  EXPECT_EQ(console.say("wait devices 2\n"), "ok devices 2\n");
  EXPECT_EQ(console.say("wait connections 0\n"), "");
  client.lose();
  wrong.lose();
  EXPECT_EQ(console.heard(), "ok connections 0\n");
}

TEST(CucmWait, FailsAtItsLimit) {
  Bench bench;
  Console console(bench);
  EXPECT_EQ(console.say("wait ringing 1001 within 2s\n"), "");
  bench.pass(1999ms);
  EXPECT_EQ(console.heard(), "");
  bench.pass(1ms);
  EXPECT_EQ(console.heard(), "error not in time: ringing 1001 within 2s\n");
  EXPECT_EQ(console.say("wait ringing 1001\n"), "");
  bench.pass(5s);
  EXPECT_EQ(console.heard(), "error not in time: ringing 1001\n");
}

TEST(CucmWait, HoldsBackTheCommandsBehindIt) {
  Bench bench;
  Console console(bench);
  EXPECT_EQ(console.say("wait ringing 1001\nanswer 1001\nwait connected 1002\ncal"), "");
  bench.order("dial 1002 1001");
  EXPECT_EQ(console.heard(), "ok ringing 1001\nok done\nok connected 1002\n");
  EXPECT_THAT(console.say("ls\n"), HasSubstr("ok [{"));
}

TEST(CucmWait, EndsWithItsConnection) {
  Bench bench;
  Console console(bench);
  console.say("wait ringing 1001\n");
  bench.feed(Closed{console.peer, Gone::by_peer});
  EXPECT_EQ(bench.cluster.next_deadline(), std::nullopt);
  bench.pass(1min);
  EXPECT_EQ(console.heard(), "");
}

TEST(CucmWait, SaysWhatIsWrong) {
  const std::map<std::string, std::string> wrong = {{"", "wait CONDITION"},
                                                    {"idle", "wait CONDITION"},
                                                    {"happy 1001", "wait CONDITION"},
                                                    {"idle 1001 within", "too much: within"},
                                                    {"idle 1001 within soon", "within a time"},
                                                    {"idle 1001 within 11m", "within a time"},
                                                    {"lines many", "how many"},
                                                    {"lines 1 on cti9", "no CTI Manager cti9"},
                                                    {"registered SEPNONE", "no such phone"}};
  Bench bench;
  Console console(bench);
  for (const auto& [words, reason] : wrong) {
    SCOPED_TRACE(words);
    const std::string answer = console.say("wait " + words + "\n");
    EXPECT_THAT(answer, testing::StartsWith("error "));
    EXPECT_THAT(answer, HasSubstr(reason));
  }
}

}  // namespace
}  // namespace linebridge::sim::cucm
