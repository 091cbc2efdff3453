#include "lb/app/process_watch.hpp"

#include "lb/app/quiet_log.hpp"
#include "tests/unit/support/recording_outbox.hpp"

namespace linebridge::lb::app {
namespace {

using namespace std::chrono_literals;

class Lines : public Log {
public:
  std::vector<std::string> ids;
  void write(const LogKind& kind, std::initializer_list<LogField>) override { ids.emplace_back(kind.id); }
};

struct Watched {
  Lines log;
  ProcessWatch watch{{"/run/admin.sock", 0}, log};
  test::RecordingOutbox out;
  TimePoint now{};

  PeerId peer() const { return out.dials.back().peer; }
  bool on(const net::Shell::Event& event) { return watch.on(event, now, out); }
  void tick(Duration time = 1s) {
    now += time;
    on(Tick{});
  }
  void answers(std::string_view text) {
    on(Opened{peer(), {}});
    EXPECT_EQ(out.take(peer()), "show info\n");
    on(Bytes{peer(), text});
    on(Closed{peer(), Gone::by_peer});
  }
};

TEST(SplitterProcessWatch, SeesAnotherProcess) {
  Watched bench;
  bench.tick(0s);
  ASSERT_EQ(bench.out.dials.size(), 1u);
  EXPECT_EQ(bench.out.dials[0].target.address, (Address{"/run/admin.sock", 0}));
  bench.answers("Name: HAProxy\nPid: 100\n");
  EXPECT_FALSE(bench.watch.take_reload());
  EXPECT_EQ(bench.watch.next_deadline(), bench.now + 1s);
  bench.tick();
  bench.answers("Pid: 100\n");
  EXPECT_FALSE(bench.watch.take_reload());
  bench.tick();
  bench.answers("Pid: 101\n");
  EXPECT_TRUE(bench.watch.take_reload());
  EXPECT_FALSE(bench.watch.take_reload());
  EXPECT_EQ(bench.log.ids, std::vector<std::string>{"LB-LB-020"});
}

// The splitter begins before HAProxy. Legs of the first second would be those of an unknown process.
TEST(SplitterProcessWatch, AsksAtOnceWhenTheFirstClientComes) {
  Watched bench;
  bench.tick(0s);
  bench.on(Closed{bench.peer(), Gone::refused});
  const Opened client{{77}, {Listener::sip, {}, {}, {}, {}}};
  EXPECT_FALSE(bench.on(client));
  ASSERT_EQ(bench.out.dials.size(), 2u);
  EXPECT_FALSE(bench.on(client));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  bench.answers("Pid: 100\n");
  EXPECT_FALSE(bench.watch.take_reload());
  EXPECT_FALSE(bench.on(client));
  EXPECT_EQ(bench.out.dials.size(), 2u);
  bench.tick();
  bench.answers("Pid: 101\n");
  EXPECT_TRUE(bench.watch.take_reload());
}

TEST(SplitterProcessWatch, TakesAnAnswerInPieces) {
  Watched bench;
  bench.tick(0s);
  bench.answers("Pid: 100\n");
  bench.tick();
  bench.on(Opened{bench.peer(), {}});
  for (const char c : std::string_view("Name: HAProxy\nPid: 200\n"))
    EXPECT_TRUE(bench.on(Bytes{bench.peer(), {&c, 1}}));
  bench.on(Closed{bench.peer(), Gone::by_peer});
  EXPECT_TRUE(bench.watch.take_reload());
}

TEST(SplitterProcessWatch, LogsOnceThatHaproxyIsAwayAndOnceThatItIsBack) {
  Watched bench;
  bench.tick(0s);
  for (int i = 0; i < 110; ++i) {
    bench.on(Closed{bench.peer(), Gone::refused});
    EXPECT_EQ(bench.watch.next_deadline(), bench.now + 100ms);
    bench.tick(100ms);
  }
  EXPECT_EQ(bench.out.dials.size(), 111u);
  bench.answers("Pid: 100\n");
  bench.tick();
  bench.answers("Pid: 100\n");
  EXPECT_EQ(bench.log.ids, (std::vector<std::string>{"LB-LB-021", "LB-LB-022"}));
  EXPECT_FALSE(bench.watch.take_reload());
}

TEST(SplitterProcessWatch, GivesHaproxyTenSecondsToComeUp) {
  Watched bench;
  bench.tick(0s);
  for (int i = 0; i < 10; ++i) {
    bench.on(Closed{bench.peer(), Gone::refused});
    bench.tick();
  }
  bench.answers("Pid: 100\n");
  EXPECT_TRUE(bench.log.ids.empty());
  bench.tick();
  bench.on(Closed{bench.peer(), Gone::refused});
  EXPECT_EQ(bench.log.ids, std::vector<std::string>{"LB-LB-021"});
}

TEST(SplitterProcessWatch, SeesAnotherProcessAfterAnAbsence) {
  Watched bench;
  bench.tick(0s);
  bench.answers("Pid: 100\n");
  bench.tick();
  bench.on(Closed{bench.peer(), Gone::refused});
  bench.tick();
  bench.answers("Pid: 101\n");
  EXPECT_TRUE(bench.watch.take_reload());
}

TEST(SplitterProcessWatch, WaitsTwoSecondsForAnAnswer) {
  Watched bench;
  bench.tick(0s);
  bench.on(Opened{bench.peer(), {}});
  const PeerId silent = bench.peer();
  bench.tick(1999ms);
  EXPECT_FALSE(bench.out.closed(silent));
  bench.tick(1ms);
  EXPECT_TRUE(bench.out.closed(silent));
  EXPECT_FALSE(bench.on(Closed{silent, Gone::by_us}));
  bench.tick();
  EXPECT_EQ(bench.out.dials.size(), 2u);
}

TEST(SplitterProcessWatch, EndsAnAnswerWithoutEndAndOneThatIsNone) {
  Watched bench;
  bench.tick(0s);
  bench.on(Opened{bench.peer(), {}});
  bench.on(Bytes{bench.peer(), std::string(65 * 1024, 'x')});
  EXPECT_TRUE(bench.out.closed(bench.peer()));
  bench.tick(2s);
  bench.answers("Unknown command\n");
  EXPECT_EQ(bench.log.ids, std::vector<std::string>{"LB-LB-021"});
}

TEST(SplitterQuietLog, LeavesOutFailuresToConnectToOneAddressOnly) {
  Lines log;
  QuietLog quiet("/run/admin.sock", log);
  quiet.write(catalogue::dial_failed, {{"address", "/run/admin.sock"}, {"reason", "gone"}});
  EXPECT_TRUE(log.ids.empty());
  quiet.write(catalogue::dial_failed, {{"address", "/run/place.sock"}, {"reason", "gone"}});
  quiet.write(catalogue::haproxy_away, {{"socket", "/run/admin.sock"}});
  EXPECT_EQ(log.ids, (std::vector<std::string>{"LB-NET-003", "LB-LB-021"}));
}

TEST(SplitterProcessWatch, LeavesOthersEventsAndStops) {
  Watched bench;
  EXPECT_FALSE(bench.on(Opened{{5}, {}}));
  EXPECT_FALSE(bench.on(Bytes{{5}, "x"}));
  EXPECT_FALSE(bench.on(Closed{{5}, Gone::by_peer}));
  bench.tick(0s);
  EXPECT_FALSE(bench.on(Stop{bench.now + 10s}));
  EXPECT_TRUE(bench.out.closed(bench.peer()));
  EXPECT_FALSE(bench.watch.next_deadline());
  bench.tick(1h);
  EXPECT_EQ(bench.out.dials.size(), 1u);
}

}  // namespace
}  // namespace linebridge::lb::app
