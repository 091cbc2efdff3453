#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/spoiled_frame.hpp"
#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

using Ids = std::vector<std::int32_t>;

json faults(Bench& bench) {
  return json::parse(bench.order("fault list").text);
}

void fault(Bench& bench, const std::string& words) {
  const Reply reply = bench.order("fault " + words);
  EXPECT_TRUE(reply.ok) << words << ": " << reply.text;
}

/// One that logged in, and watches line 1001.
class Watcher : public Client {
public:
  explicit Watcher(Bench& bench, std::uint16_t port = 2001) : Client(bench, port) {
    log_in();
    line = watch("SEP000000001001", "1001");
  }
  std::int32_t line = 0;
};

/// What was sent and not looked at yet, as bytes.
std::string& raw(Bench& bench, const Client& client) {
  return bench.out.sent[client.peer];
}

TEST(CucmFault, RefusesAsManyConnectionsAsItIsTold) {
  Bench bench;
  Watcher before(bench);
  fault(bench, "cti1 refuse next 2");
  Client one(bench), other(bench, 2002), two(bench), three(bench);
  EXPECT_TRUE(one.is_closed());
  EXPECT_TRUE(two.is_closed());
  EXPECT_FALSE(three.is_closed());
  EXPECT_FALSE(other.is_closed());
  EXPECT_FALSE(before.is_closed());
  EXPECT_THAT(faults(bench), IsEmpty());
}

TEST(CucmFault, StalledConnectionReadsNothingAndGoesOnLater) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "all stall");
  EXPECT_THAT(client.ask(127), IsEmpty());
  bench.pass(10min);
  bench.order("dial 1002 1001");
  EXPECT_THAT(client.received(), IsEmpty());
  EXPECT_FALSE(client.is_closed());
  bench.order("fault clear");
  EXPECT_THAT(ids(client.received()), ElementsAre(48, 281, 128));
  EXPECT_THAT(client.ask(127), SizeIs(1));
}

TEST(CucmFault, StalledConnectionTakesTheRestOfWhatWasCutAtAnyByte) {
  const std::size_t size = Client(*std::make_unique<Bench>()).frame(310, {}).size();
  for (std::size_t cut = 0; cut <= size; ++cut) {
    SCOPED_TRACE(cut);
    Bench bench;
    Client client(bench);
    const std::string request = client.frame(310, {});
    client.send_raw(request.substr(0, cut));
    client.received();
    fault(bench, "cti1 stall");
    client.send_raw(request.substr(cut));
    EXPECT_THAT(client.received(), IsEmpty());
    bench.order("fault clear cti1");
    EXPECT_EQ(ids(client.received()), cut == size ? Ids{} : Ids{311});
  }
}

TEST(CucmFault, StalledConnectionIsCutWhenTooMuchWaitsForIt) {
  Bench bench;
  Client client(bench);
  fault(bench, "cti1 stall");
  client.send_raw(std::string(1024 * 1024, 'x'));
  EXPECT_FALSE(client.is_closed());
  client.send_raw("x");
  EXPECT_TRUE(client.is_closed());
}

TEST(CucmFault, SilenceLosesWhatComesAndWhatHappens) {
  Bench bench;
  Watcher client(bench), other(bench, 2002);
  fault(bench, "cti1 silence");
  EXPECT_THAT(client.ask(127), IsEmpty());
  bench.order("dial 1002 1001");
  bench.pass(5min);
  EXPECT_THAT(client.received(), IsEmpty());
  EXPECT_FALSE(other.received().empty());
  EXPECT_FALSE(client.is_closed());
  bench.order("fault clear 1");
  EXPECT_THAT(client.received(), IsEmpty());
  EXPECT_EQ(ids(client.ask(127)), Ids{128});
}

TEST(CucmFault, SilenceOfOneRequestLeavesTheOthers) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 silence ProviderGetCapabilitiesRequest next 1");
  EXPECT_THAT(client.ask(127), IsEmpty());
  EXPECT_EQ(ids(client.ask(11)), Ids{12});
  EXPECT_EQ(ids(client.ask(127)), Ids{128});
  EXPECT_TRUE(bench.log.has("LB-SIMC-007", "silence ProviderGetCapabilitiesRequest"));
}

TEST(CucmFault, DripLeavesSoManyBytesAtATimeInWholeOrder) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 drip 5 100ms");
  client.send_raw(client.frame(127, {}) + client.frame(11, {}));
  EXPECT_THAT(raw(bench, client), SizeIs(5));
  bench.pass(99ms);
  EXPECT_THAT(raw(bench, client), SizeIs(5));
  bench.pass(1ms);
  EXPECT_THAT(raw(bench, client), SizeIs(10));
  bench.pass(10s);
  EXPECT_EQ(ids(client.received()), (Ids{128, 12}));
}

TEST(CucmFault, DripEndsAtOnceWhenItIsCleared) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "all drip 1 1s");
  client.send_raw(client.frame(127, {}));
  EXPECT_THAT(raw(bench, client), SizeIs(1));
  bench.order("fault clear all");
  EXPECT_EQ(ids(client.received()), Ids{128});
}

TEST(CucmFault, DripsOnlyTheMessagesMeant) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 drip 1 10ms 12 next 1");
  EXPECT_EQ(ids(client.ask(127)), Ids{128});
  client.send_raw(client.frame(11, {}) + client.frame(11, {}));
  EXPECT_THAT(raw(bench, client), SizeIs(1));
  bench.pass(1s);
  EXPECT_EQ(ids(client.received()), (Ids{12, 12}));
}

TEST(CucmFault, AFrameIsCutAtAnyByte) {
  const std::size_t size = 60;
  for (std::size_t cut = 0; cut < size; ++cut) {
    SCOPED_TRACE(cut);
    Bench bench;
    Watcher client(bench);
    fault(bench, "cti1 half at " + std::to_string(cut) + " next 1");
    client.send_raw(client.frame(127, {}));
    EXPECT_THAT(raw(bench, client), SizeIs(cut));
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(CucmFault, HalfAFrameEndsInAClose) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 half 128");
  EXPECT_EQ(ids(client.ask(11)), Ids{12});
  client.send_raw(client.frame(127, {}) + client.frame(11, {}));
  const std::string sent = raw(bench, client);
  EXPECT_TRUE(client.is_closed());
  EXPECT_GT(sent.size(), 20u);
  EXPECT_THAT(client.received(), IsEmpty());
  EXPECT_THAT(faults(bench), IsEmpty());
}

TEST(CucmFault, HalfAFrameMayAlsoEndInSilence) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 half stay any");
  EXPECT_THAT(client.ask(127), IsEmpty());
  bench.order("dial 1002 1001");
  for (int i = 0; i < 20; ++i) {
    client.send_raw(client.frame(120, {}));
    bench.pass(30s);
  }
  EXPECT_THAT(client.ask(11), IsEmpty());
  EXPECT_FALSE(client.is_closed());
  Client after(bench);
  EXPECT_EQ(ids(after.ask(310)), Ids{311});
}

TEST(CucmFault, SuppressesHeartbeats) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 no-heartbeat next 1");
  bench.pass(31s);
  EXPECT_THAT(client.received(), IsEmpty());
  client.send_raw(client.frame(120, {}));
  bench.pass(30s);
  EXPECT_EQ(ids(client.received()), Ids{120});
}

TEST(CucmFault, DeafManagerClosesThoughTheHeartbeatsCome) {
  Bench bench;
  Watcher deaf(bench), heard(bench, 2002);
  fault(bench, "cti1 deaf");
  for (int i = 0; i < 3; ++i) {
    bench.pass(20s);
    for (Client* client : {&deaf, &heard})
      client->send_raw(bare_frame(120, 0x00100000, 0));
  }
  EXPECT_EQ(first(deaf.received(), 155).fields.number("reason"), 1);
  EXPECT_TRUE(deaf.is_closed());
  EXPECT_FALSE(heard.is_closed());
}

TEST(CucmFault, DelayKeepsTheOrderOfAll) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 delay 200ms");
  client.send_raw(client.frame(127, {}));
  bench.pass(100ms);
  bench.order("dial 1002 1001");
  client.send_raw(client.frame(11, {}));
  EXPECT_THAT(client.received(), IsEmpty());
  bench.pass(100ms);
  EXPECT_EQ(ids(client.received()), Ids{128});
  bench.pass(100ms);
  EXPECT_EQ(ids(client.received()), (Ids{48, 281, 12}));
}

TEST(CucmFault, DelayedEventsLetAnswersPass) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 delay 1s events");
  bench.order("dial 1002 1001");
  EXPECT_EQ(ids(client.ask(127)), Ids{128});
  bench.pass(1s);
  EXPECT_EQ(ids(client.received()), (Ids{48, 281}));
}

TEST(CucmFault, WhatStandsBehindADelayedEventWaits) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 delay 1s NewCallEvent next 1");
  bench.order("dial 1002 1001");
  bench.order("hangup 1002");
  EXPECT_THAT(client.received(), IsEmpty());
  bench.pass(1s);
  EXPECT_EQ(ids(client.received()).front(), 48);
}

TEST(CucmFault, DelayedAnswersLetEventsPass) {
  Bench bench;
  Watcher client(bench);
  client.make_call(client.line, "1001", "1002");
  bench.order("answer 1002");
  client.received();
  const std::int32_t leg = bench.cluster.exchange().legs().begin()->first;
  fault(bench, "cti1 delay 50ms answers");
  const auto events = client.ask(74, client.on_leg(client.line, leg));
  EXPECT_THAT(ids(events), testing::Not(testing::Contains(75)));
  EXPECT_FALSE(events.empty());
  bench.pass(50ms);
  EXPECT_EQ(ids(client.received()), Ids{75});
}

TEST(CucmFault, AnswersMayStandBehindTheEventsOfTheirTurn) {
  for (const std::string words : {"late-response", "late-response 44", "reorder answers-last"}) {
    SCOPED_TRACE(words);
    Bench bench;
    Watcher client(bench, 2001), late(bench, 2002);
    Ids usual = ids(client.make_call(client.line, "1001", "1002"));
    EXPECT_EQ(usual.front(), 44);
    bench.order("hangup 1001");
    late.received();
    fault(bench, "cti2 " + words);
    const Ids changed = ids(late.make_call(late.line, "1001", "1002"));
    std::rotate(usual.begin(), usual.begin() + 1, usual.end());
    EXPECT_EQ(changed, usual);
    EXPECT_EQ(changed.back(), 44);
  }
}

TEST(CucmFault, AnswersStandFirstIfToldSo) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 reorder answers-last");
  fault(bench, "cti1 reorder answers-first");
  EXPECT_EQ(ids(client.make_call(client.line, "1001", "1002")).front(), 44);
}

/// The events that a call from elsewhere brings, with whatever fault there is.
Ids events_of_a_call(const std::string& words) {
  Bench bench;
  Watcher client(bench);
  client.watch("SEP000000001002", "1002");
  client.watch("SEP000000001003", "1003");
  if (!words.empty()) fault(bench, "cti1 " + words);
  bench.order("dial 1002 1003");
  return ids(client.received());
}

TEST(CucmFault, EventsOfATurnAreSwappedTwoByTwo) {
  Ids usual = events_of_a_call("");
  ASSERT_GE(usual.size(), 4u);
  for (std::size_t i = 0; i + 1 < usual.size(); i += 2)
    std::swap(usual[i], usual[i + 1]);
  EXPECT_EQ(events_of_a_call("reorder pairs"), usual);
}

TEST(CucmFault, EventsOfATurnAreShuffledTheSameWayByTheSameSeed) {
  const Ids usual = events_of_a_call("");
  bool other = false;
  for (int seed = 0; seed < 20; ++seed) {
    const std::string words = "reorder seed " + std::to_string(seed);
    const Ids shuffled = events_of_a_call(words);
    EXPECT_EQ(shuffled, events_of_a_call(words));
    EXPECT_THAT(shuffled, testing::UnorderedElementsAreArray(usual));
    other = other || shuffled != usual;
  }
  EXPECT_TRUE(other);
}

TEST(CucmFault, OmitsAndRepeatsMessages) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 omit NewCallEvent next 1");
  fault(bench, "cti1 repeat 281 next 1");
  bench.order("dial 1002 1001");
  EXPECT_EQ(ids(client.received()), (Ids{281, 281}));
  EXPECT_THAT(faults(bench), IsEmpty());
  bench.order("dial 1003 1001");
  EXPECT_EQ(ids(client.received()), (Ids{48, 281}));
}

TEST(CucmFault, SpoilsHeadersSoThatNoReaderTakesThem) {
  const std::map<std::string, Errc> kinds = {{"magic", Errc::malformed},
                                             {"length", Errc::malformed},
                                             {"sizes", Errc::malformed},
                                             {"oversized", Errc::too_long}};
  for (const auto& [kind, code] : kinds) {
    SCOPED_TRACE(kind);
    Bench bench;
    Watcher client(bench);
    fault(bench, "cti1 garbage " + kind + " answers next 1");
    client.send_raw(client.frame(127, {}));
    FrameReader reader;
    reader.push(std::exchange(raw(bench, client), {}));
    const auto item = reader.next();
    ASSERT_TRUE(std::holds_alternative<Error>(item));
    EXPECT_EQ(std::get<Error>(item).code, code);
    EXPECT_EQ(ids(client.ask(127)), Ids{128});
  }
}

TEST(CucmFault, RefusesARequestWithTheCodeGiven) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 refuse LineCallInitiateRequest with 0x8CCC0018 next 1");
  const auto refused = client.make_call(client.line, "1001", "1002");
  ASSERT_EQ(ids(refused), Ids{0});
  EXPECT_EQ(code_of(refused[0]), 0x8CCC0018);
  EXPECT_EQ(refused[0].fields.number("seq"), client.seq);
  EXPECT_EQ(client.make_call(client.line, "1001", "1002").front().id, 44);
}

TEST(CucmFault, DropsAtOnceOrInsteadOfAMessage) {
  Bench bench;
  Watcher one(bench), two(bench, 2002);
  fault(bench, "cti1 drop");
  EXPECT_TRUE(one.is_closed());
  EXPECT_FALSE(two.is_closed());
  fault(bench, "all drop NewCallEvent next 1");
  EXPECT_EQ(ids(two.ask(127)), Ids{128});
  bench.order("dial 1002 1001");
  EXPECT_TRUE(two.is_closed());
  EXPECT_THAT(two.received(), IsEmpty());
}

TEST(CucmFault, ClosesWithTheReasonGiven) {
  Bench bench;
  Watcher client(bench), other(bench, 2002);
  fault(bench, "cti1 close 5");
  const auto last = client.received();
  ASSERT_EQ(ids(last), Ids{155});
  EXPECT_EQ(last[0].fields.number("reason"), 5);
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(other.is_closed());
}

TEST(CucmFault, SendsAMessageThatNobodyKnows) {
  Bench bench;
  Watcher client(bench);
  for (const auto& [words, id] : std::map<std::string, std::int32_t>{{"unknown", 9999}, {"unknown 777", 777}}) {
    fault(bench, "all " + words);
    FrameReader reader;
    reader.push(std::exchange(raw(bench, client), {}));
    const auto item = reader.next();
    ASSERT_TRUE(std::holds_alternative<Frame>(item));
    EXPECT_EQ(std::get<Frame>(item).id, id);
    EXPECT_EQ(std::get<Frame>(item).version, client.version);
  }
  EXPECT_THAT(faults(bench), IsEmpty());
}

TEST(CucmFault, LongerFixedPartsHideNothing) {
  Bench bench;
  Watcher plain(bench), longer(bench, 2002);
  fault(bench, "cti2 longer 12");
  bench.order("dial 1002 1001");
  const auto usual = plain.received(), changed = longer.received();
  ASSERT_EQ(ids(usual), ids(changed));
  for (std::size_t i = 0; i < usual.size(); ++i) {
    Message same = changed[i];
    same.fields.set("lineID", usual[i].fields.number("lineID"));
    EXPECT_EQ(describe(same), describe(usual[i]));
  }
  longer.send_raw(longer.frame(282, {}));
  FrameReader reader;
  reader.push(std::exchange(raw(bench, longer), {}));
  const auto item = reader.next();
  ASSERT_TRUE(std::holds_alternative<Frame>(item));
  EXPECT_EQ(std::get<Frame>(item).fixed_size, 20u);
}

TEST(CucmFault, LongerFixedPartsKeepListsOfElementsReadable) {
  Bench bench;
  Client plain(bench), longer(bench, 2002);
  plain.log_in();
  longer.log_in();
  fault(bench, "cti2 longer 4 events");
  const auto usual = plain.ask(282), changed = longer.ask(282);
  ASSERT_EQ(ids(usual), ids(changed));
  for (std::size_t i = 0; i < usual.size(); ++i)
    EXPECT_EQ(describe(changed[i]), describe(usual[i]));
}

TEST(CucmFault, ShorterFixedPartsLackTheirLastFields) {
  for (std::uint32_t bytes = 4; bytes <= 400; bytes += 4) {
    SCOPED_TRACE(bytes);
    Bench bench;
    Watcher client(bench);
    fault(bench, "cti1 shorter " + std::to_string(bytes) + " CallStateChangedEvent");
    bench.order("dial 1002 1001");
    const auto all = client.received();
    const Message& changed = first(all, 281);
    EXPECT_EQ(changed.fields.all().empty(), bytes >= message_layout(281)->fixed_size) << describe(changed);
  }
}

TEST(CucmFault, SeveralHoldAtOnceAndAreListed) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 repeat events");
  fault(bench, "all delay 100ms events next 3");
  bench.order("dial 1002 1001");
  EXPECT_THAT(client.received(), IsEmpty());
  bench.pass(100ms);
  EXPECT_EQ(ids(client.received()), (Ids{48, 48, 281, 281}));
  const json list = faults(bench);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["id"], 1);
  EXPECT_EQ(list[0]["cti"], "cti1");
  EXPECT_EQ(list[0]["fault"], "repeat events");
  EXPECT_EQ(list[0]["met"], 2);
  EXPECT_FALSE(list[0].contains("left"));
}

TEST(CucmFault, EndsByIdByNameOrAllTogether) {
  Bench bench;
  for (const char* words : {"cti1 stall", "cti2 stall", "all deaf", "cti2 omit any"})
    fault(bench, words);
  EXPECT_EQ(bench.order("fault clear 1").text, "1 cleared");
  EXPECT_EQ(bench.order("fault clear cti2").text, "2 cleared");
  EXPECT_FALSE(bench.order("fault clear 77").ok);
  EXPECT_EQ(bench.order("fault clear").text, "1 cleared");
  EXPECT_TRUE(bench.order("fault clear").ok);
}

TEST(CucmFault, SilenceAndStallHoldWhatADelayHeld) {
  for (const std::string words : {"fault cti1 silence", "fault cti1 stall", "cti cti1 silence"}) {
    SCOPED_TRACE(words);
    Bench bench;
    Watcher client(bench);
    fault(bench, "cti1 delay 1s");
    EXPECT_THAT(client.ask(127), IsEmpty());
    EXPECT_TRUE(bench.order(words).ok);
    bench.pass(10s);
    EXPECT_THAT(client.received(), IsEmpty());
    bench.order("fault clear all");
    EXPECT_EQ(ids(client.received()), words.starts_with("cti") ? Ids{} : Ids{128});
  }
}

TEST(CucmFault, AreBounded) {
  Bench bench;
  for (std::size_t i = 0; i < Faults::most; ++i)
    fault(bench, "cti1 deaf");
  EXPECT_THAT(bench.order("fault cti1 deaf").text, HasSubstr("too many"));
}

TEST(CucmFault, WhatADelayHoldsIsBoundedAndPastItTheConnectionIsCut) {
  Bench bench;
  Watcher client(bench);
  fault(bench, "cti1 longer 65536 answers");
  fault(bench, "cti1 delay 1h answers");
  for (int i = 0; i < 300 && !client.is_closed(); ++i)
    client.send_raw(client.frame(127, {}));
  EXPECT_TRUE(client.is_closed());
}

TEST(CucmFault, AllOfThemEndWhenTheClusterStops) {
  Bench bench;
  Watcher client(bench), hung(bench, 2002);
  fault(bench, "cti1 stall");
  fault(bench, "cti2 half stay");
  hung.ask(127);
  bench.feed(Stop{});
  EXPECT_EQ(ids(client.received()), Ids{155});
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(hung.is_closed());
}

TEST(CucmFault, SaysWhyItIsNone) {
  const std::map<std::string, std::string> wrong = {
      {"cti1", "no such fault"},
      {"cti9 stall", "no CTI Manager"},
      {"cti1 explode", "no such fault: explode"},
      {"cti1 omit", "which message"},
      {"cti1 omit NoSuchEvent", "no such message: NoSuchEvent"},
      {"cti1 omit ProviderOpenRequest", "nothing a CTI Manager sends"},
      {"cti1 refuse ProviderOpenRequest", "refuse REQUEST with CODE"},
      {"cti1 refuse ProviderOpenRequest with love", "which code"},
      {"cti1 refuse Nothing with 1", "no such message"},
      {"cti1 delay", "a time like 200ms"},
      {"cti1 delay 5", "a time like 200ms"},
      {"cti1 delay 2h", "a time like 200ms"},
      {"cti1 delay 1s any next", "next how many"},
      {"cti1 delay 1s any next 0", "next how many"},
      {"cti1 drip 0 1s", "at least one byte"},
      {"cti1 drip 70000 1s", "number of bytes"},
      {"cti1 drip 1 0s", "a time like 200ms"},
      {"cti1 longer -4", "number of bytes"},
      {"cti1 garbage", "magic, length, sizes or oversized"},
      {"cti1 reorder", "reorder pairs"},
      {"cti1 reorder seed x", "which seed"},
      {"cti1 close", "which reason"},
      {"cti1 unknown x", "which id"},
      {"cti1 half at x", "which byte"},
      {"cti1 stall now", "too much: now"}};
  Bench bench;
  for (const auto& [words, reason] : wrong) {
    SCOPED_TRACE(words);
    const Reply reply = bench.order("fault " + words);
    EXPECT_FALSE(reply.ok);
    EXPECT_THAT(reply.text, HasSubstr(reason));
  }
  EXPECT_THAT(faults(bench), IsEmpty());
}

TEST(CucmFault, IsExplainedByTheHelp) {
  for (const char* kind :
       {"refuse", "stall", "silence", "deaf", "no-heartbeat", "omit", "repeat", "garbage", "longer", "shorter",
        "half", "reorder", "late-response", "delay", "drip", "drop", "close", "unknown"})
    EXPECT_THAT(std::string(fault_help()), HasSubstr("\n  " + std::string(kind))) << kind;
}

}  // namespace
}  // namespace linebridge::sim::cucm
