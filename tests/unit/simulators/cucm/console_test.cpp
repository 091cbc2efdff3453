#include <nlohmann/json.hpp>

#include "tests/simulators/cucm/json.hpp"
#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

json asked(Bench& bench, const std::string& command) {
  const Reply reply = bench.order(command);
  EXPECT_TRUE(reply.ok) << reply.text;
  return json::parse(reply.text);
}

TEST(CucmConsole, ShowsPhonesWithTheirCalls) {
  Bench bench;
  EXPECT_EQ(asked(bench, "phones").size(), 6u);
  EXPECT_EQ(asked(bench, "dial 1002 1001")["state"], "ringback");
  const json alice = asked(bench, "phones SEP000000001001")[0];
  EXPECT_EQ(alice["registered"], true);
  EXPECT_EQ(alice["ringing"], true);
  EXPECT_EQ(alice["connected"], false);
  EXPECT_EQ(alice["calls"][0]["state"], "ringing");
  EXPECT_EQ(alice["calls"][0]["other"], "1002");
  EXPECT_EQ(alice["lines"][0]["number"], "1001");
  EXPECT_EQ(asked(bench, "phones 1001").size(), 2u);
  EXPECT_EQ(asked(bench, "phones SEP000000001005")[0]["registered"], false);
}

TEST(CucmConsole, SteersPhonesAndTheWorldOutside) {
  Bench bench;
  asked(bench, "dial SEP000000001001 +15551234");
  EXPECT_EQ(asked(bench, "phones +15551234")[0]["ringing"], true);
  EXPECT_TRUE(bench.order("answer +15551234").ok);
  EXPECT_EQ(asked(bench, "phones 1001")[0]["connected"], true);
  EXPECT_TRUE(bench.order("hold 1001").ok);
  EXPECT_EQ(asked(bench, "phones 1001")[0]["calls"][0]["state"], "held");
  EXPECT_TRUE(bench.order("retrieve 1001").ok);
  EXPECT_EQ(asked(bench, "calls")[0]["legs"].size(), 2u);
  EXPECT_TRUE(bench.order("hangup +15551234").ok);
  EXPECT_THAT(asked(bench, "calls"), IsEmpty());
}

TEST(CucmConsole, HangsUpTheActiveCallFirst) {
  Bench bench;
  asked(bench, "dial 1001 1002");
  bench.order("answer 1002");
  asked(bench, "dial 1003 1001");
  EXPECT_TRUE(bench.order("hangup 1001").ok);
  EXPECT_EQ(asked(bench, "phones 1001")[0]["calls"][0]["other"], "1003");
}

TEST(CucmConsole, SaysWhyItRefuses) {
  Bench bench;
  const std::map<std::string, std::string> wrong = {{"", "no such command"},
                                                    {"dance", "no such command"},
                                                    {"answer", "wrong number of words"},
                                                    {"answer 1001", "no such call"},
                                                    {"hangup 1001 now", "wrong number of words"},
                                                    {"dial 4711 1001", "neither a phone nor an outside number"},
                                                    {"dial SEP000000001005 1001", "0x8CCC0076"},
                                                    {"register SEPNONE", "no such phone"},
                                                    {"cti cti9 drop", "no CTI Manager"},
                                                    {"cti cti1 explode", "refuse, silence or drop"},
                                                    {"log many", "how many"}};
  for (const auto& [command, reason] : wrong) {
    SCOPED_TRACE(command);
    const Reply reply = bench.order(command);
    EXPECT_FALSE(reply.ok);
    EXPECT_THAT(reply.text, HasSubstr(reason));
  }
}

TEST(CucmConsole, TakesCommandsInPiecesAndSeveralAtOnce) {
  Bench bench;
  const PeerId peer{900};
  Origin origin;
  origin.listener = Listener::control;
  bench.feed(Opened{peer, origin});
  bench.feed(Bytes{peer, "ca"});
  EXPECT_EQ(bench.out.sent[peer], "");
  bench.feed(Bytes{peer, "lls\nnonsense\r\ncal"});
  EXPECT_EQ(bench.out.sent[peer], "ok []\nerror no such command: nonsense\\x0d\n");
  bench.feed(Bytes{peer, std::string(5000, 'x')});
  EXPECT_EQ(bench.out.closed.count(peer), 1u);
}

TEST(CucmConsole, ShowsLinksWithWhatTheyOpenedAndCalled) {
  Bench bench;
  Client client(bench, 2002);
  client.log_in();
  const std::int32_t line = client.watch("SEP000000001001", "1001");
  client.make_call(line, "1001", "1002");
  const json links = asked(bench, "links");
  EXPECT_THAT(links[0]["connections"], IsEmpty());
  EXPECT_EQ(links[1]["name"], "cti2");
  EXPECT_EQ(links[1]["address"], "127.0.0.1:2002");
  const json& link = links[1]["connections"][0];
  EXPECT_EQ(link["user"], "linebridge");
  EXPECT_EQ(link["devices"], 1);
  EXPECT_EQ(link["lines"], 1);
  EXPECT_EQ(link["calls_made"], 1);
  client.lose();
  EXPECT_THAT(asked(bench, "links")[1]["connections"], IsEmpty());
}

TEST(CucmConsole, LogsWhatPassedWithNamesAndWithoutSecrets) {
  Bench bench;
  Client client(bench);
  client.log_in();
  const json log = asked(bench, "log");
  ASSERT_EQ(log.size(), 5u);
  EXPECT_EQ(log[2]["name"], "ProviderOpenRequest");
  EXPECT_EQ(log[2]["direction"], "in");
  EXPECT_EQ(log[2]["cti"], "cti1");
  EXPECT_THAT(log[2]["fields"].get<std::string>(), HasSubstr("login=linebridge password=<32 bytes>"));
  EXPECT_EQ(log[4]["name"], "ProviderOpenCompletedEvent");
  EXPECT_EQ(asked(bench, "log 1").size(), 1u);
}

TEST(CucmConsole, KeepsABoundedLog) {
  Traffic traffic(3);
  std::string frame;
  encode({120, {}}, {}, frame);
  for (int i = 0; i < 10; ++i)
    traffic.add({}, "cti1", 1, Direction::in, frame);
  ASSERT_EQ(traffic.entries().size(), 3u);
  EXPECT_EQ(traffic.entries().back().number, 10u);
}

TEST(CucmConsole, KeepsFewerMessagesWhenTheyAreLarge) {
  std::string frame;
  encode({311, {{"certificate", std::string(1000, 'x')}}}, {}, frame);
  Traffic traffic(100, 5 * frame.size());
  for (int i = 0; i < 10; ++i)
    traffic.add({}, "cti1", 1, Direction::out, frame);
  EXPECT_EQ(traffic.entries().size(), 5u);
  EXPECT_EQ(traffic.entries().back().name(), "ProviderInitResponse");
  EXPECT_EQ(traffic.entries().back().fields(), "certificate=<1000 bytes>");
}

TEST(CucmConsole, ShowsCodesInHexAndListsInWords) {
  const Message refused{0, {{"seq", 3}, {"result", static_cast<std::int32_t>(0x8CCC0051)}}};
  EXPECT_EQ(describe(refused), "seq=3 result=0x8CCC0051");
  const Message digits{68, {{"seq", 1}, {"dtmfDigits", std::vector<std::int32_t>{1, 2, 15}}}};
  EXPECT_EQ(describe(digits), "seq=1 dtmfDigits=1,2,15");
  const Message login{126, {{"daysUntilPasswordExpiry", -1}}};
  EXPECT_EQ(describe(login), "daysUntilPasswordExpiry=-1");
}

TEST(CucmConsole, WritesJsonThatCanBeReadBack) {
  Json out;
  out.begin_object().key("a\"b").text("tab\tquote\"back\\").key("list").begin_array();
  out.number(-1).flag(true).begin_object().end_object().end_array().end_object();
  const json read = json::parse(out.line());
  EXPECT_EQ(read["a\"b"], "tab\tquote\"back\\");
  EXPECT_EQ(read["list"].size(), 3u);
}

TEST(CucmFaults, RefuseOnlyNewConnections) {
  Bench bench;
  Client before(bench);
  before.log_in();
  EXPECT_TRUE(bench.order("cti cti1 refuse").ok);
  Client refused(bench), other(bench, 2002);
  EXPECT_TRUE(refused.is_closed());
  EXPECT_FALSE(other.is_closed());
  EXPECT_FALSE(before.is_closed());
  EXPECT_EQ(asked(bench, "links")[0]["refused"], 1);
  EXPECT_TRUE(bench.order("cti cti1 accept").ok);
  Client after(bench);
  EXPECT_FALSE(after.is_closed());
  EXPECT_FALSE(before.is_closed());
}

TEST(CucmFaults, DropCutsTheConnectionsOfOneManager) {
  Bench bench;
  Client one(bench, 2001), two(bench, 2002);
  EXPECT_TRUE(bench.order("cti cti1 drop").ok);
  EXPECT_TRUE(one.is_closed());
  EXPECT_FALSE(two.is_closed());
  Client again(bench, 2001);
  EXPECT_FALSE(again.is_closed());
}

TEST(CucmFaults, SilenceAnswersNothingAndEndsInAClose) {
  Bench bench;
  Client client(bench), other(bench, 2002);
  client.log_in();
  other.log_in();
  client.watch("SEP000000001001", "1001");
  EXPECT_TRUE(bench.order("cti cti1 silence").ok);
  EXPECT_THAT(client.ask(127), IsEmpty());
  bench.order("dial 1002 1001");
  bench.pass(40s);
  EXPECT_THAT(client.received(), IsEmpty());
  EXPECT_FALSE(client.is_closed());
  Client late(bench);
  EXPECT_THAT(late.ask(310), IsEmpty());
  EXPECT_FALSE(other.received().empty());
  EXPECT_TRUE(bench.order("cti cti1 accept").ok);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(late.is_closed());
  EXPECT_FALSE(other.is_closed());
}

TEST(CucmFaults, StopTellsApplicationsAndFinishesWhenAllAreGone) {
  Bench bench;
  Client client(bench);
  client.log_in();
  bench.feed(Stop{});
  EXPECT_EQ(first(client.received(), 155).fields.number("reason"), 2);
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(bench.cluster.finished());
  client.lose();
  EXPECT_TRUE(bench.cluster.finished());
  Client late(bench);
  EXPECT_TRUE(late.is_closed());
}

/// "cti > phone 1002: ring from 1001"
std::vector<std::string> phone_steps(Bench& bench) {
  std::vector<std::string> steps;
  for (const json& step : asked(bench, "trace")) {
    std::string detail = step["detail"];
    const std::string call = step["call"];
    detail.erase(detail.size() - call.size());
    steps.push_back(step["from"].get<std::string>() + " > " + step["to"].get<std::string>() + " " +
                    step["line"].get<std::string>() + ": " + step["text"].get<std::string>() + " " + detail);
  }
  return steps;
}

TEST(CucmConsole, TracesWhatPhonesAreToldAndWhatPeopleDoAtThem) {
  Bench bench;
  bench.cluster.wall_clock(5'000'000);
  for (const auto* command : {"dial 1002 1003", "answer 1003", "hold 1002", "retrieve 1002", "hangup 1002"})
    EXPECT_TRUE(bench.order(command).ok) << command;
  EXPECT_THAT(phone_steps(bench),
              testing::ElementsAre("phone > cti 1002: off hook ", "phone > cti 1002: dial 1003 ",
                                   "cti > phone 1003: ring from 1002 ", "cti > phone 1002: ring back ",
                                   "phone > cti 1003: off hook ", "cti > phone 1002: connected ",
                                   "phone > cti 1002: hold ", "phone > cti 1002: resume ",
                                   "phone > cti 1002: on hook ", "cti > phone 1003: call over "));
  const json steps = asked(bench, "trace 1");
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0]["number"], 10);
  EXPECT_EQ(steps[0]["at_us"], 5'000'000);
  EXPECT_EQ(steps[0]["phone"], "SEP000000001003");
  EXPECT_FALSE(bench.order("trace x").ok);
}

TEST(CucmConsole, TracesWhatApplicationsDoAsToldToThePhone) {
  Bench bench;
  Client client(bench);
  client.log_in();
  client.make_call(client.watch("SEP000000001002", "1002"), "1002", "1003");
  EXPECT_THAT(phone_steps(bench),
              testing::ElementsAre("cti > phone 1002: off hook ", "cti > phone 1002: dial 1003 ",
                                   "cti > phone 1003: ring from 1002 ", "cti > phone 1002: ring back "));
  EXPECT_TRUE(bench.order("hangup 1003").ok);
  EXPECT_EQ(phone_steps(bench)[4], "cti > phone 1003: ring no more ");
}

}  // namespace
}  // namespace linebridge::sim::cucm
