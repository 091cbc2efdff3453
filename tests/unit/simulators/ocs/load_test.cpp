#include "tests/simulators/ocs/load.hpp"

#include "bench.hpp"
#include "tests/simulators/ocs/histogram.hpp"

namespace linebridge::sim::ocs {
namespace {

using namespace std::chrono_literals;
using Arguments = std::vector<std::string_view>;

const Arguments least = {"--next-hop", "192.0.2.20", "--server", "sip:ctigw@gw.example.test",
                         "--sessions", "4"};

LoadOptions options_with(const Arguments& more) {
  Arguments all = least;
  all.insert(all.end(), more.begin(), more.end());
  auto read = read_load(all);
  EXPECT_TRUE(read) << read.error().detail;
  return read ? read.value() : LoadOptions{};
}

TEST(OcsHistogram, TellsPercentilesWithinAThirtySecond) {
  Histogram histogram;
  EXPECT_EQ(histogram.percentile_ms(0.5), 0);
  for (int ms = 1; ms <= 1000; ++ms)
    histogram.add(std::chrono::milliseconds(ms));
  EXPECT_EQ(histogram.count(), 1000u);
  EXPECT_EQ(histogram.max_ms(), 1000);
  for (const auto& [part, ms] : {std::pair{0.5, 500.0}, {0.9, 900.0}, {0.99, 990.0}, {0.999, 999.0}}) {
    EXPECT_GE(histogram.percentile_ms(part), ms);
    EXPECT_LE(histogram.percentile_ms(part), ms * 33 / 32);
  }
  EXPECT_EQ(histogram.percentile_ms(1), 1000);
}

TEST(OcsHistogram, TakesTheShortestAndTheLongest) {
  Histogram histogram;
  histogram.add(-1s);
  histogram.add(7us);
  histogram.add(std::chrono::hours(24 * 400));
  EXPECT_EQ(histogram.percentile_ms(0.01), 0);
  EXPECT_EQ(histogram.percentile_ms(0.66), 0.007);
  EXPECT_GT(histogram.percentile_ms(1), 1e9);
}

TEST(OcsPace, BeginsAtARate) {
  Pace pace(10, 1000);
  const TimePoint start{};
  EXPECT_EQ(pace.allowed(start, 0, 0), 1u);
  EXPECT_EQ(pace.allowed(start, 1, 1), 0u);
  EXPECT_EQ(pace.next(1), std::optional(start + 100ms));
  EXPECT_EQ(pace.allowed(start + 100ms, 1, 1), 1u);
  EXPECT_EQ(pace.allowed(start + 1s, 2, 2), 9u) << "it makes up for what was late";
}

TEST(OcsPace, KeepsToItsWindow) {
  Pace closed(0, 3);
  EXPECT_EQ(closed.allowed(TimePoint{}, 0, 0), 3u);
  EXPECT_EQ(closed.allowed(TimePoint{}, 9, 2), 1u);
  EXPECT_EQ(closed.allowed(TimePoint{}, 9, 7), 0u);
  EXPECT_FALSE(closed.next(3));
  Pace both(10, 2);
  both.allowed(TimePoint{}, 0, 0);
  EXPECT_EQ(both.allowed(TimePoint{} + 10s, 0, 1), 1u);
}

TEST(OcsLoadOptions, ReadsACommandLine) {
  const auto options =
      options_with({"--rate",   "2.5",     "--window",  "7",      "--calls",   "2",           "--number",
                    "line+1",   "--until", "connected", "--hold", "3",         "--info-rate", "100",
                    "--silent", "20",      "--refused", "10",     "--flavour", "all",         "--connections",
                    "4",        "--json",  "--talk",    "0.5"});
  EXPECT_EQ(options.rate, 2.5);
  EXPECT_EQ(options.window, 7u);
  EXPECT_EQ(options.until, Call::State::connected);
  EXPECT_EQ(options.hold, 3s);
  EXPECT_EQ(options.talk, 500ms);
  EXPECT_TRUE(options.all_flavours && options.json && options.holds);
  EXPECT_EQ(options.server.connections, 4u);
  EXPECT_EQ(options.user.at(7), "u00007@example.test");
  EXPECT_EQ(options.line.at(7), "tel:00007;phone-context=dialstring");
  EXPECT_EQ(options.listen, (Address{"127.0.0.1", 0}));
}

TEST(OcsLoadOptions, SaysWhatIsWrong) {
  for (const auto& more :
       {Arguments{"--rate", "-1"}, Arguments{"--rate", "x"}, Arguments{"--hold", "1s"},
        Arguments{"--window", "0"}, Arguments{"--silent", "101"}, Arguments{"--until", "held"},
        Arguments{"--info", "nothing"}, Arguments{"--user-pattern", "alice"},
        Arguments{"--user-pattern", "%d%d"}, Arguments{"--line-pattern", "%5d"}, Arguments{"--flavour", "2010"},
        Arguments{"--echo", "--calls", "1"}, Arguments{"--info-rate", "5"}, Arguments{"--ca", "x.pem"},
        Arguments{"--sessions"}, Arguments{"--color", "red"}, Arguments{"--body", "0"}}) {
    Arguments all = least;
    all.insert(all.end(), more.begin(), more.end());
    EXPECT_FALSE(read_load(all)) << more.front();
  }
  EXPECT_FALSE(read_load(Arguments{}));
  EXPECT_EQ(options_with({}).window, 50u);
  EXPECT_GE(options_with({"--rate", "5"}).window, 1000000u) << "a pace is kept though answers are slow";
}

/// A load run on paper, before a node that echoes.
struct PaperRun {
  explicit PaperRun(const Arguments& more)
      : options(options_with(more)),
        office(options.server, {"192.0.2.10", 5060}, witness, random),
        load(options, office, random) {
    office.server().connect(now, outbox);
    on(Opened{front, Origin{Listener::none, {}, {"192.0.2.20", 5060}, {}, {}}});
  }

  static constexpr PeerId front{101};

  void on(const Server::Input& input) {
    office.on(input, now, outbox);
    load.look(now, outbox);
  }
  void pass(Duration time) {
    now += time;
    on(Tick{});
  }
  std::vector<Message> came() { return outbox.take_messages(front); }
  /// What the node answers: the status, the body as it came, and the body again in a request.
  void answer(const Message& message) {
    if (message.is_response() || message.method() == "ACK") return;
    if (message.method() == "INVITE") ++invites;
    const bool refuse = message.method() == "INVITE" && uri_in(message.get("From")).starts_with("sip:nobody");
    Message answer = answer_to(message, refuse ? 403 : 200, "OK", invites % 2 == 0 ? "pub-1" : "sub-1");
    for (const auto& header : message.headers)
      if (header.name == "Record-Route") answer.add(header.name, header.value);
    if (message.method() == "INFO") answer.body = message.body;
    if (message.method() == "INVITE")
      contacts[std::string(message.get("Call-ID"))] = uri_in(message.get("Contact"));
    on(Bytes{front, to_text(answer)});
    if (message.method() == "INFO") echo(message);
  }
  void echo(const Message& info) {
    Message request;
    request.start = "INFO " + contacts[std::string(info.get("Call-ID"))] + " SIP/2.0";
    request.add("Via", "SIP/2.0/TCP 192.0.2.20:5060;branch=z9hG4bKn" + std::to_string(++sequence));
    request.add("Route", "<sip:192.0.2.10:5060;transport=tcp;ms-role-rs-from;lr;ms-route-sig=linebridge>");
    request.add("From", std::string(info.get("To")));
    request.add("To", std::string(info.get("From")));
    request.add("Call-ID", std::string(info.get("Call-ID")));
    request.add("CSeq", std::to_string(sequence) + " INFO");
    request.body = spoils ? "spoilt" : info.body;
    on(Bytes{front, to_text(request)});
  }
  void serve() {
    for (auto messages = came(); !messages.empty(); messages = came())
      for (const auto& message : messages)
        answer(message);
  }
  std::string json() const { return load.report().json(load.totals()); }

  LoadOptions options;
  PaperOutbox outbox;
  PaperWitness witness;
  Random random{repeatable(3)};
  TimePoint now{};
  Office office;
  Load load;
  std::map<std::string, std::string> contacts;
  unsigned sequence = 0, invites = 0;
  bool spoils = false;
};

TEST(OcsLoad, BringsEachSessionThroughItsWork) {
  PaperRun run({"--echo", "--infos", "3", "--window", "2"});
  run.serve();
  EXPECT_TRUE(run.load.finished());
  EXPECT_EQ(run.load.report().errors(), 0u) << run.json();
  EXPECT_EQ(run.load.report().count("INVITE"), 4u);
  EXPECT_EQ(run.load.report().count("INFO"), 12u);
  EXPECT_EQ(run.load.report().count("echo"), 12u);
  EXPECT_EQ(run.load.report().count("BYE"), 4u);
  EXPECT_THAT(run.json(), ::testing::HasSubstr("\"nodes\":{\"pub\":{\"dialogs\":"));
  EXPECT_THAT(run.load.report().table(run.load.totals()), ::testing::HasSubstr("nothing was wrong"));
}

TEST(OcsLoad, HasNoMoreSessionsAtWorkThanItsWindow) {
  PaperRun run({"--echo", "--window", "2"});
  EXPECT_EQ(run.came().size(), 2u);
}

TEST(OcsLoad, ExpectsUsersWhoMayNotToBeRefused) {
  PaperRun run({"--echo", "--refused", "50"});
  run.serve();
  EXPECT_TRUE(run.load.finished());
  EXPECT_EQ(run.load.report().errors(), 0u) << run.json();
  EXPECT_EQ(run.load.totals().refused, 2u);
}

TEST(OcsLoad, HoldsAllSessionsTogether) {
  PaperRun run({"--echo", "--hold", "10", "--info-rate", "2"});
  run.serve();
  EXPECT_FALSE(run.load.finished());
  EXPECT_EQ(run.load.totals().most_held, 4u);
  for (int half = 0; half < 19; ++half) {
    run.pass(500ms);
    run.serve();
  }
  EXPECT_EQ(run.load.report().count("BYE"), 0u);
  EXPECT_EQ(run.load.report().count("INFO"), 20u) << "two a second, one in the first moment";
  run.pass(500ms);
  run.serve();
  EXPECT_TRUE(run.load.finished());
  EXPECT_EQ(run.load.report().errors(), 0u) << run.json();
}

TEST(OcsLoad, NamesWhatWasWrong) {
  PaperRun run({"--echo", "--infos", "1", "--sessions", "1"});
  run.spoils = true;
  run.serve();
  run.pass(10s);
  EXPECT_THAT(run.json(), ::testing::HasSubstr("\"body never sent\":1"));
  EXPECT_THAT(run.json(), ::testing::HasSubstr("\"event missing\":1"));
  EXPECT_FALSE(run.load.finished());
  run.pass(600s);
  EXPECT_TRUE(run.load.finished()) << "it does not wait for ever";
  EXPECT_THAT(run.json(), ::testing::HasSubstr("not finished"));
}

TEST(OcsLoad, CountsDialogsThatBreak) {
  PaperRun run({"--echo", "--infos", "1", "--sessions", "1"});
  for (const auto& message : run.came())
    run.answer(message);
  for (const auto& message : run.came())
    if (message.method() == "INFO")
      run.on(Bytes{PaperRun::front, to_text(answer_to(message, 481, "Gone", "pub-1"))});
  EXPECT_THAT(run.json(), ::testing::HasSubstr("\"dialog broken\":1"));
  run.pass(1s);
  run.serve();
  EXPECT_TRUE(run.load.finished()) << "it came back and did its work";
  EXPECT_EQ(run.load.totals().returned, 1u);
}

}  // namespace
}  // namespace linebridge::sim::ocs
