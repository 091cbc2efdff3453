#include "cti/pool.hpp"

#include <gtest/gtest.h>

#include "base/catalogue.hpp"
#include "tests/unit/cti/qbe/cti_manager.hpp"
#include "tests/unit/support/kept_log.hpp"

namespace linebridge::cti {
namespace {

namespace manager = qbe::manager;
namespace m = qbe::messages;
using namespace std::chrono_literals;
using driver::LinkId;

/// A pool with the CTI Managers at the other ends, as a shell would connect them, and a clock moved by hand.
class Site {
public:
  explicit Site(std::size_t size, Pool::Settings settings = {})
      : pool(with(size, std::move(settings)), random, counters, log) {
    streams.resize(size);
    pool.start(now, out);
  }
  static Pool::Settings with(std::size_t size, Pool::Settings settings) {
    for (std::size_t i = 0; i < size; ++i)
      settings.managers.push_back({"cucm" + std::to_string(i + 1), 2748});
    settings.user = "linebridge";
    settings.password = "secret12";
    return settings;
  }

  std::vector<std::size_t> take_dials() { return std::exchange(out.dial, {}); }
  std::vector<std::size_t> take_closes() { return std::exchange(out.close, {}); }
  std::vector<Pool::Happened> take_events() { return std::exchange(out.events, {}); }

  void open(std::size_t i) { pool.opened(i, now, streams[i], out); }
  void receive(std::size_t i, std::string_view data) { pool.received(i, data, now, streams[i], out); }
  void close(std::size_t i, Gone why = Gone::by_peer) { pool.closed(i, why, now, out); }
  std::vector<qbe::Sent> requests(std::size_t i) { return qbe::take_requests(streams[i]); }
  qbe::Sent request(std::size_t i) {
    auto all = requests(i);
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? qbe::Sent{} : all.front();
  }
  /// The open of a link, up to the completion that `reason` decides.
  std::uint32_t log_in(std::size_t i, std::uint32_t reason = 0) {
    open(i);
    receive(i, manager::init_response(request(i).seq));
    const auto seq = request(i).seq;
    receive(i, manager::open_response(seq) + manager::open_completed(seq, reason));
    return seq;
  }
  void bring_up(std::size_t i, const std::vector<manager::Listed>& devices = {}) {
    log_in(i);
    receive(i, manager::capabilities_response(request(i).seq));
    const auto list = request(i);
    for (const auto& device : devices)
      receive(i, manager::listed(list.seq, device));
    receive(i, manager::list_response(list.seq) + manager::list_completed(list.seq));
    EXPECT_EQ(pool.view(i).state, Pool::State::in_service);
  }
  /// The connection breaks, is dialled again and comes into service.
  void bounce(std::size_t i) {
    close(i);
    pass(31s);
    bring_up(i);
  }
  void pass(Duration time) {
    const TimePoint until = now + time;
    while (pool.next_deadline() && *pool.next_deadline() <= until) {
      now = std::max(now, *pool.next_deadline());
      while (const auto index = pool.due(now))
        pool.tick(*index, now, streams[*index], out);
    }
    now = until;
  }
  /// As pass, while the links that are up hear heartbeats.
  void pass_alive(Duration time) {
    for (Duration gone = 0s; gone < time; gone += 10s) {
      for (std::size_t i = 0; i < pool.size(); ++i)
        if (pool.view(i).state == Pool::State::in_service) receive(i, manager::heartbeat());
      pass(10s);
    }
  }
  LinkId link(std::size_t i) const { return {static_cast<std::uint32_t>(i), pool.view(i).life}; }
  driver::OperationId ask(LinkId id, const driver::Operation& operation) {
    return pool.request(id, operation, now, streams[id.index], out);
  }
  /// Whose turn it is, from 1; 0: nobody's. Takes the turn.
  std::size_t turn() {
    const auto next = pool.next_turn();
    if (!next) return 0;
    pool.turn_taken(*next);
    return next->index + 1;
  }

  Random random{repeatable(11)};
  Counters counters;
  test::KeptLog log;
  TimePoint now{};
  Pool::Output out;
  std::vector<std::string> streams;
  Pool pool;
};

const driver::Disconnect hang_up{{1, 145}, {1, 33}};

TEST(CtiPool, DialsEveryManagerAtOnce) {
  Site site(8);
  EXPECT_EQ(site.take_dials(), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_FALSE(site.pool.any_in_service());
  EXPECT_EQ(site.pool.next_turn(), std::nullopt);
  EXPECT_EQ(site.pool.next_deadline(), std::nullopt) << "dials are watched by the shell";
}

TEST(CtiPool, ALinkServesOnlyWhenItIsEnumerated) {
  Site site(1);
  site.open(0);
  EXPECT_EQ(site.pool.view(0).state, Pool::State::logging_in);
  const auto init = site.request(0);
  EXPECT_EQ(init.text("provider"), "cucm1");
  site.receive(0, manager::init_response(init.seq));
  const auto seq = site.request(0).seq;
  site.receive(0, manager::open_response(seq) + manager::open_completed(seq));
  site.receive(0, manager::capabilities_response(site.request(0).seq));
  EXPECT_EQ(site.pool.view(0).state, Pool::State::enumerating);
  EXPECT_FALSE(site.pool.any_in_service());
  EXPECT_TRUE(site.take_events().empty());
  const auto list = site.request(0);
  site.receive(0, manager::listed(list.seq, {"SEP1", {{"1001", ""}}}) + manager::list_completed(list.seq));
  EXPECT_TRUE(site.pool.any_in_service());
  const auto events = site.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].link, (LinkId{0, 1}));
  EXPECT_TRUE(std::holds_alternative<driver::LinkInService>(events[0].event));
  EXPECT_EQ(site.pool.view(0).devices, 1u);
  EXPECT_EQ(site.pool.appearances({0, 1}, "1001").size(), 1u);
}

TEST(CtiPool, TurnsGoRoundTheLinksInService) {
  Site site(3);
  site.bring_up(1);
  EXPECT_EQ(site.turn(), 2u);
  site.bring_up(0);
  site.bring_up(2);
  EXPECT_EQ(site.turn(), 3u);
  EXPECT_EQ(site.turn(), 1u);
  EXPECT_EQ(site.turn(), 2u);
  site.bounce(2);
  EXPECT_EQ(site.turn(), 3u) << "back at its configured place";
}

TEST(CtiPool, AfterATotalOutageTheFirstIsFirst) {
  Site site(2);
  site.bring_up(0), site.bring_up(1);
  EXPECT_EQ(site.turn(), 1u);
  site.close(0), site.close(1);
  EXPECT_EQ(site.turn(), 0u);
  site.pass(31s);
  site.bring_up(0), site.bring_up(1);
  EXPECT_EQ(site.turn(), 1u);
  EXPECT_EQ(site.turn(), 2u);
}

TEST(CtiPool, TheLifeGrowsWithEachTimeInService) {
  Site site(1);
  site.bring_up(0);
  EXPECT_EQ(site.pool.next_turn(), (LinkId{0, 1}));
  site.bounce(0);
  EXPECT_EQ(site.pool.next_turn(), (LinkId{0, 2}));
  EXPECT_FALSE(site.pool.in_service({0, 1}));
  EXPECT_TRUE(site.pool.in_service({0, 2}));
  EXPECT_FALSE(site.pool.in_service({7, 1}));
  EXPECT_TRUE(site.pool.appearances({0, 1}, "1001").empty());
}

TEST(CtiPool, ALossAnswersEverythingAndThenSaysSo) {
  Pool::Settings settings;
  settings.outstanding = 1;
  Site site(1, settings);
  site.bring_up(0);
  site.take_events();
  const LinkId id = site.link(0);
  std::vector<driver::OperationId> asked;
  for (int i = 0; i < 3; ++i)
    asked.push_back(site.ask(id, hang_up));
  asked.push_back(site.ask(id, driver::OpenLine{"SEP1", "1001", ""}));
  site.close(0);
  const auto events = site.take_events();
  ASSERT_EQ(events.size(), asked.size() + 1);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(events[i].link, id);
    const auto& answered = std::get<driver::Answered>(events[i].event);
    EXPECT_EQ(answered.operation, asked[i]);
    EXPECT_EQ(std::get<driver::Failure>(answered.outcome).kind, driver::Failure::Kind::link_lost);
  }
  EXPECT_TRUE(std::holds_alternative<driver::LinkLost>(events.back().event));
  EXPECT_EQ(site.counters[Counter::cti_losses], 1u);
  EXPECT_EQ(site.pool.view(0).losses, 1u);
  EXPECT_EQ(site.log.count(catalogue::link_lost), 1u);
}

TEST(CtiPool, OperationsOfAnEarlierLifeAreAnsweredLost) {
  Site site(1);
  site.bring_up(0);
  const LinkId old = site.link(0);
  site.bounce(0);
  site.take_events();
  for (const driver::Operation& operation :
       {driver::Operation{driver::CloseLine{{1, 145}}}, driver::Operation{hang_up}}) {
    const auto id = site.ask(old, operation);
    const auto events = site.take_events();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].link, old);
    EXPECT_EQ(std::get<driver::Answered>(events[0].event).operation, id);
  }
  EXPECT_TRUE(site.requests(0).empty());
}

TEST(CtiPool, ReconnectsForEverWithinTheCeiling) {
  Site site(1);
  site.take_dials();
  for (int attempt = 0; attempt < 20; ++attempt) {
    site.close(0, Gone::refused);
    EXPECT_TRUE(site.take_dials().empty()) << "never inside the loss";
    ASSERT_TRUE(site.pool.next_deadline());
    EXPECT_LE(*site.pool.next_deadline() - site.now, attempt == 0 ? 1s : 30s);
    site.pass(30s);
    EXPECT_EQ(site.take_dials().size(), 1u);
  }
  EXPECT_TRUE(site.take_events().empty()) << "it was never in service";
  EXPECT_EQ(site.counters[Counter::cti_connects], 21u);
}

TEST(CtiPool, DialsAgainOnlyWhenTheOldConnectionIsGone) {
  Site site(1);
  site.bring_up(0);
  site.take_dials();
  site.receive(0, "this is no CTI");
  site.receive(0, "and never will be one, however much of it there is");
  EXPECT_EQ(site.take_closes(), (std::vector<std::size_t>{0}));
  EXPECT_EQ(site.log.count(catalogue::link_frame_refused), 1u);
  site.pass(60s);
  EXPECT_TRUE(site.take_dials().empty());
  site.receive(0, manager::heartbeat());
  site.close(0, Gone::by_us);
  site.pass(0s);
  EXPECT_EQ(site.take_dials(), (std::vector<std::size_t>{0}));
}

TEST(CtiPool, SilenceLosesTheLink) {
  Site site(1);
  site.bring_up(0);
  site.take_events();
  site.pass(61s);
  EXPECT_EQ(site.take_closes().size(), 1u);
  EXPECT_EQ(site.take_events().size(), 1u);
  EXPECT_FALSE(site.pool.any_in_service());
}

TEST(CtiPool, RefusedCredentialsWaitLongerAndAlarm) {
  Site site(1);
  site.log_in(0, 0x8CCC0060);
  EXPECT_EQ(site.pool.view(0).state, Pool::State::refused);
  EXPECT_EQ(site.take_closes().size(), 1u);
  EXPECT_EQ(site.log.count(catalogue::link_login_refused), 1u);
  EXPECT_EQ(site.log.count(catalogue::link_lost), 0u);
  EXPECT_EQ(site.counters[Counter::cti_logins_refused], 1u);
  EXPECT_NE(site.pool.view(0).last_error.find("0x8CCC0060"), std::string::npos);
  site.close(0, Gone::by_us);
  site.take_dials();
  site.pass(59s);
  EXPECT_TRUE(site.take_dials().empty());
  site.pass(17s);
  EXPECT_EQ(site.take_dials().size(), 1u);
  site.bring_up(0);
  EXPECT_EQ(site.pool.view(0).last_error, "");
}

TEST(CtiPool, TriesTheNextProtocolVersionAtOnce) {
  Site site(1);
  site.open(0);
  const auto first = site.request(0);
  EXPECT_EQ(qbe::frame_of(first.bytes).version, 0x00100000u);
  site.receive(0, manager::failure(first.seq, 0x8CCC0050));
  site.close(0, Gone::by_us);
  site.take_dials();
  site.pass(0s);
  ASSERT_EQ(site.take_dials().size(), 1u);
  site.open(0);
  const auto second = site.request(0);
  EXPECT_EQ(qbe::frame_of(second.bytes).version, 0x00110000u);
  site.receive(0, manager::failure(second.seq, 0x8CCC0050));
  site.close(0, Gone::by_us);
  site.pass(59s);
  EXPECT_TRUE(site.take_dials().empty()) << "it wants none of them";
  site.pass(17s);
  EXPECT_EQ(site.take_dials().size(), 1u);
}

TEST(CtiPool, TriesEveryVersionOnceBeforeItWaitsWhicheverWasTheFirst) {
  Pool::Settings settings;
  settings.protocol_versions = {1, 2, 3};
  Site site(1, settings);
  site.take_dials();
  const auto version = [&] {
    site.open(0);
    const auto init = site.request(0);
    site.receive(0, manager::failure(init.seq, 0x8CCC0050));
    site.close(0, Gone::by_us);
    return qbe::frame_of(init.bytes).version;
  };
  EXPECT_EQ(version(), 1u);
  site.pass(0s);
  site.bring_up(0);  // With the second.
  site.bounce(0);
  site.close(0);
  site.pass(31s);
  EXPECT_EQ(version(), 2u) << "the one that worked comes first";
  site.pass(0s);
  EXPECT_EQ(version(), 3u);
  site.pass(0s);
  EXPECT_EQ(version(), 1u);
  site.take_dials();
  site.pass(59s);
  EXPECT_TRUE(site.take_dials().empty()) << "it wants none of them";
  site.pass(20s);
  EXPECT_EQ(site.take_dials().size(), 1u);
}

TEST(CtiPool, TellsAFullCtiManagerAndADirectoryThatIsDownApartFromWrongCredentials) {
  struct Row {
    std::uint32_t code;
    const LogKind* kind;
    Pool::State state;
  };
  for (const Row& row : {Row{0x8CCC0047, &catalogue::link_full, Pool::State::waiting},
                         Row{0x8CCC0075, &catalogue::link_no_directory, Pool::State::waiting},
                         Row{0x8CCC0060, &catalogue::link_login_refused, Pool::State::refused}}) {
    Site site(1);
    site.log_in(0, row.code);
    EXPECT_EQ(site.pool.view(0).state, row.state);
    EXPECT_TRUE(site.log.has(row.kind->id)) << row.kind->id;
    EXPECT_EQ(site.counters[Counter::cti_logins_refused], row.state == Pool::State::refused ? 1u : 0u);
  }
}

TEST(CtiPool, ShowsHowFarItIsWithTheListAndWhatTheUserMayDo) {
  Site site(1);
  site.open(0);
  site.receive(0, manager::init_response(site.request(0).seq));
  const auto open = site.request(0).seq;
  site.receive(0, manager::open_response(open) +
                      qbe::message(m::provider_open_completed_event, {{"seq", open},
                                                                      {"days_until_password_expiry", 5},
                                                                      {"total_controllable_devices", 2}}));
  site.receive(0, manager::capabilities_response(site.request(0).seq));
  const auto list = site.request(0);
  site.receive(0, manager::listed(list.seq, {"SEP1", {{"1001", ""}, {"1002", ""}}}));
  auto view = site.pool.view(0);
  EXPECT_EQ(view.state, Pool::State::enumerating);
  EXPECT_EQ(view.devices, 1u);
  EXPECT_EQ(view.devices_expected, 2u);
  EXPECT_EQ(view.lines, 2u);
  EXPECT_EQ(view.days_until_password_expires, 5u);
  site.receive(0, manager::failure(list.seq, 0x8CCC0051));
  EXPECT_EQ(site.pool.view(0).state, Pool::State::enumerating) << "in steps now";
  EXPECT_EQ(site.request(0).id, 13u);
}

TEST(CtiPool, KeepsTheVersionThatWorked) {
  Site site(1);
  site.open(0);
  site.receive(0, manager::failure(site.request(0).seq, 0x8CCC0050));
  site.close(0, Gone::by_us);
  site.pass(0s);
  site.bring_up(0);
  site.close(0);
  site.pass(31s);
  site.open(0);
  EXPECT_EQ(qbe::frame_of(site.request(0).bytes).version, 0x00110000u);
}

TEST(CtiPool, ALinkThatFallsAtOnceKeepsItsBackoff) {
  Site site(1);
  Duration longest{};
  for (int i = 0; i < 8; ++i) {
    site.bring_up(0);
    site.close(0);
    longest = std::max(longest, *site.pool.next_deadline() - site.now);
    site.pass(31s);
  }
  EXPECT_GT(longest, 2s);
  site.bring_up(0);
  site.pass_alive(60s);
  site.close(0);
  EXPECT_LE(*site.pool.next_deadline() - site.now, 1s);
}

TEST(CtiPool, OneLinkLostLeavesTheOthers) {
  Site site(2);
  site.bring_up(0), site.bring_up(1);
  const auto id = site.ask(site.link(1), hang_up);
  site.close(0);
  site.take_events();
  site.receive(1, manager::done(site.request(1)));
  const auto events = site.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<driver::Answered>(events[0].event).operation, id);
  EXPECT_EQ(site.turn(), 2u);
  EXPECT_EQ(site.turn(), 2u);
}

TEST(CtiPool, StopsInOrder) {
  Site site(2);
  site.bring_up(0);
  site.take_events();
  const auto id = site.ask(site.link(0), hang_up);
  site.requests(0);
  site.pool.stop(0, site.now, site.streams[0], site.out);
  site.pool.stop(1, site.now, site.streams[1], site.out);
  EXPECT_EQ(site.request(0).id, 9u);
  EXPECT_EQ(site.take_closes(), (std::vector<std::size_t>{0, 1}));
  const auto events = site.take_events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<driver::Answered>(events[0].event).operation, id);
  EXPECT_EQ(site.counters[Counter::cti_losses], 0u);
  site.close(0, Gone::by_us), site.close(1, Gone::by_us);
  site.take_dials();
  site.pass(300s);
  EXPECT_TRUE(site.take_dials().empty());
  EXPECT_EQ(site.pool.next_deadline(), std::nullopt);
}

TEST(CtiPool, AConnectionClosedAtAnyStepIsMadeAnew) {
  for (int answered = 0; answered < 5; ++answered) {
    SCOPED_TRACE(answered);
    Site site(1);
    site.take_dials();
    site.open(0);
    std::uint32_t open_seq = 0;
    for (int step = 0; step < answered; ++step) {
      switch (step) {
        case 0: site.receive(0, manager::init_response(site.request(0).seq)); break;
        case 1: site.receive(0, manager::open_response(open_seq = site.request(0).seq)); break;
        case 2: site.receive(0, manager::open_completed(open_seq)); break;
        default: site.receive(0, manager::capabilities_response(site.request(0).seq)); break;
      }
    }
    site.close(0, Gone::broken);
    EXPECT_EQ(site.pool.view(0).state, Pool::State::waiting);
    EXPECT_TRUE(site.take_events().empty());
    EXPECT_TRUE(site.take_closes().empty()) << "it is closed already";
    site.pass(1s);
    EXPECT_EQ(site.take_dials().size(), 1u);
    site.requests(0);
    site.bring_up(0);
  }
}

TEST(CtiPool, LateNewsOfAGoneConnectionDoNoHarm) {
  Site site(1);
  site.bring_up(0);
  site.close(0);
  site.take_events();
  site.receive(0, manager::heartbeat());
  site.close(0);
  site.open(0);
  site.pool.tick(0, site.now, site.streams[0], site.out);
  EXPECT_TRUE(site.take_events().empty());
  EXPECT_EQ(site.pool.view(0).losses, 1u);
}

}  // namespace
}  // namespace linebridge::cti
