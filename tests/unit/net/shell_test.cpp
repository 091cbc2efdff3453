#include "net/shell.hpp"

#include <csignal>
#include <fstream>
#include <thread>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/socket.hpp"
#include "shell_fixture.hpp"

namespace linebridge::net {
namespace {

using namespace std::chrono_literals;

class ShellListen : public ShellTest {};
class ShellPeers : public ShellTest {};
class ShellDial : public ShellTest {};
class ShellPreface : public ShellTest {};
class ShellStop : public ShellTest {};

/// A connection that blocks, outside of the Shell.
int connect_raw(const Address& where) {
  const int raw = ::socket(AF_INET, SOCK_STREAM, 0);
  const Endpoint to = to_endpoint(where).value();
  EXPECT_EQ(::connect(raw, to.get(), to.size), 0);
  return raw;
}

TEST_F(ShellPeers, AnswersOverTcpAndOverUnixSockets) {
  const Address tcp = listen();
  const Address path = unix_path("echo.sock");
  ASSERT_TRUE(shell->listen(Listener::api, path));
  const PeerId over_tcp = dial(tcp);
  const PeerId over_unix = dial(path);
  shell->to(over_tcp) += "over tcp";
  shell->to(over_unix) += "over unix";
  run([&](const Shell::Event& event) {
    if (const auto* bytes = as<Bytes>(event); bytes && accepted(bytes->peer))
      shell->to(bytes->peer) += bytes->bytes;
    if (received[over_tcp] == "over tcp" && received[over_unix] == "over unix") shell->quit();
  });
  EXPECT_EQ(origins[over_tcp].remote, tcp);
  EXPECT_EQ(origins[over_unix].remote, path);
  const Origin& by_tcp = origins[accepted_by(Listener::sip)];
  EXPECT_EQ(by_tcp.remote, origins[over_tcp].local);
  EXPECT_EQ(by_tcp.local, tcp);
  EXPECT_FALSE(by_tcp.proxy);
  EXPECT_EQ(origins[accepted_by(Listener::api)].local, path);
}

TEST_F(ShellPeers, KeepsTheStreamsOfManyPeersApart) {
  const Address where = listen();
  std::map<PeerId, std::string> sent;
  for (int i = 0; i < 300; ++i) {
    const PeerId peer = dial(where);
    sent[peer] = "peer " + std::to_string(i);
    shell->to(peer) += sent[peer];
  }
  std::size_t right = 0;
  run([&](const Shell::Event& event) {
    const auto* bytes = as<Bytes>(event);
    if (!bytes) return;
    if (accepted(bytes->peer)) {
      shell->to(bytes->peer) += bytes->bytes;
    } else if (received[bytes->peer] == sent.at(bytes->peer) && ++right == sent.size()) {
      shell->quit();
    }
  });
  EXPECT_EQ(right, 300u);
  EXPECT_EQ(shell->open(), 600u);
}

TEST_F(ShellPeers, CarriesALargeTransferThroughBackPressureInBothDirections) {
  constexpr std::size_t total = 32 * 1024 * 1024;
  const Address where = listen();
  const PeerId source = dial(where);
  std::string pattern(64 * 1024, '\0');
  for (std::size_t i = 0; i < pattern.size(); ++i)
    pattern[i] = static_cast<char>(i * 31 % 251);
  std::size_t made = 0, seen = 0, most_queued = 0;
  bool same = true;
  int drained = 0, paused = 0;
  PeerId sink;
  const auto fill = [&] {
    while (made < total && shell->queued(source) < 256 * 1024) {
      shell->to(source) += pattern;
      made += pattern.size();
    }
    most_queued = std::max(most_queued, shell->queued(source));
  };
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event)) {
      if (opened->peer == source) fill();
    } else if (const auto* bytes = as<Bytes>(event)) {
      for (const char c : bytes->bytes)
        same = same && c == pattern[seen++ % pattern.size()];
      received.clear();
      sink = bytes->peer;
      shell->read(sink, false);
      ++paused;
      shell->post([&] { shell->read(sink, true); });
      if (seen == total) shell->quit();
    } else if (as<Drained>(event)) {
      ++drained;
      fill();
    }
  });
  EXPECT_TRUE(same);
  EXPECT_EQ(seen, total);
  EXPECT_GT(drained, 1);
  EXPECT_GE(paused, static_cast<int>(total / (64 * 1024)));
  EXPECT_LE(most_queued, 320u * 1024);
}

TEST_F(ShellPeers, SaysDrainedEvenWhenTheSystemTakesEverythingAtOnce) {
  start({.low_mark = 10, .high_mark = 100});
  const PeerId peer = dial(listen());
  bool drained = false;
  run([&](const Shell::Event& event) {
    const auto* opened = as<Opened>(event);
    if (opened && opened->peer == peer) shell->to(peer).append(100, 'x');
    if (const auto* event_drained = as<Drained>(event)) {
      drained = event_drained->peer == peer;
      shell->quit();
    }
  });
  EXPECT_TRUE(drained);
}

TEST_F(ShellPeers, GivesNothingFromAPeerThatIsNotRead) {
  const PeerId peer = dial(listen());
  const PeerId other = dial(shell->listen(Listener::control, {"127.0.0.1", 0}).value());
  shell->to(peer) += "unread";
  int turns = 0;
  run([&](const Shell::Event& event) {
    const auto* opened = as<Opened>(event);
    if (opened && opened->from.listener == Listener::sip) shell->read(opened->peer, false);
    const auto* bytes = as<Bytes>(event);
    if ((opened && opened->peer == other) || (bytes && bytes->peer == other)) shell->to(other) += "x";
    if (bytes && origins[bytes->peer].listener == Listener::control) {
      shell->to(bytes->peer) += "y";
      if (++turns == 50) shell->quit();
    }
  });
  EXPECT_EQ(received[accepted_by(Listener::sip)], "");
}

TEST_F(ShellPeers, FlushesBeforeItClosesWhenAsked) {
  constexpr std::size_t size = 4 * 1024 * 1024;
  const PeerId client = dial(listen());
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event); opened && accepted(opened->peer)) {
      shell->to(opened->peer).append(size, 'x');
      shell->close(opened->peer, Flush::yes);
      shell->to(opened->peer) += "thrown away";
    }
    if (gone.size() == 2) shell->quit();
  });
  EXPECT_EQ(received[client].size(), size);
  for (const auto& [peer, why] : gone)
    EXPECT_EQ(why, peer == client ? Gone::by_peer : Gone::by_us);
}

TEST_F(ShellPeers, HearsTheQuestionOfAPeerThatHasEnded) {
  const PeerId client = dial(listen());
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event); opened && opened->peer == client) {
      shell->to(client) += "question";
      shell->close(client, Flush::yes);
    }
    if (gone.size() == 2) shell->quit();
  });
  const PeerId server = accepted_by(Listener::sip);
  EXPECT_EQ(received[server], "question");
  EXPECT_EQ(gone[server], Gone::by_peer);
  EXPECT_EQ(gone[client], Gone::by_us);
}

TEST_F(ShellPeers, AnswersAPeerThatEndedItsSideAndStillReads) {
  const Address where = listen();
  const int raw = connect_raw(where);
  ASSERT_EQ(::send(raw, "question", 8, 0), 8);
  ::shutdown(raw, SHUT_WR);
  run([&](const Shell::Event& event) {
    if (const auto* bytes = as<Bytes>(event)) shell->to(bytes->peer) += "answer";
    if (!gone.empty()) shell->quit();
  });
  char answer[16] = {};
  EXPECT_EQ(::recv(raw, answer, sizeof answer, 0), 6);
  EXPECT_STREQ(answer, "answer");
  ::close(raw);
}

TEST_F(ShellPeers, DoesNotWaitForEverForAPeerThatNeverReads) {
  start({.flush_within = 50ms});
  const PeerId client = dial(listen());
  PeerId server;
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event)) {
      if (opened->peer == client) shell->read(client, false);
      if (opened->peer != client) {
        server = opened->peer;
        shell->to(server).append(16 * 1024 * 1024, 'x');
        shell->close(server, Flush::yes);
      }
    }
    if (gone.contains(server)) shell->quit();
  });
  EXPECT_EQ(gone[server], Gone::by_us);
}

TEST_F(ShellPeers, ClosesOnceHoweverOftenItIsAsked) {
  const PeerId client = dial(listen());
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event)) {
      shell->close(opened->peer, Flush::yes);
      shell->close(opened->peer, Flush::no);
      shell->close(opened->peer, Flush::yes);
      EXPECT_TRUE(gone.empty()) << "Closed never comes from inside close()";
    }
    if (gone.size() == 2) shell->quit();
  });
  shell->to(client) += "late output is harmless";
  shell->close(client, Flush::yes);
  shell->read(client, true);
  EXPECT_EQ(shell->queued(client), 0u);
  EXPECT_EQ(shell->open(), 0u);
}

TEST_F(ShellPeers, TellsAResetFromAnEnd) {
  const Address where = listen();
  const int raw = connect_raw(where);
  run([&](const Shell::Event& event) {
    if (as<Opened>(event)) {
      const linger at_once{1, 0};
      ::setsockopt(raw, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      ::close(raw);
    }
    if (!gone.empty()) shell->quit();
  });
  EXPECT_EQ(gone.begin()->second, Gone::broken);
}

TEST_F(ShellPeers, RefusesConnectionsOverTheLimitButNotTheAdministrators) {
  start({.peers = 4});
  const Address where = listen();
  const Address api = unix_path("api.sock");
  ASSERT_TRUE(shell->listen(Listener::api, api));
  const PeerId administrator = dial(api);
  for (int i = 0; i < 4; ++i)
    dial(where);
  run([&](const Shell::Event& event) {
    if (const auto* bytes = as<Bytes>(event); bytes && accepted(bytes->peer))
      shell->to(bytes->peer) += "answer";
    if (as<Opened>(event)) shell->to(administrator) = "question";
    if (!gone.empty() && received.contains(administrator)) shell->quit();
  });
  EXPECT_FALSE(gone.contains(administrator));
  EXPECT_GE(counters[Counter::peers_refused], gone.size());
  EXPECT_TRUE(log.has("LB-NET-002"));
}

TEST_F(ShellListen, SaysWhyItCannot) {
  const Address taken = listen();
  EXPECT_EQ(shell->listen(Listener::sip, taken).error().code, Errc::refused);
  EXPECT_EQ(shell->listen(Listener::sip, {"gw.example.test", 5060}).error().code, Errc::malformed);
  EXPECT_EQ(shell->listen(Listener::sip, {"192.0.2.1", 5060}).error().code, Errc::refused);
  EXPECT_EQ(shell->listen(Listener::api, unix_path(std::string(120, 'x'))).error().code, Errc::malformed);
  EXPECT_EQ(shell->listen(Listener::api, unix_path("no/such/directory")).error().code, Errc::refused);
}

TEST_F(ShellListen, TakesOverADeadSocketButNeverALivingOneOrAFile) {
  const Address path = unix_path("a.sock");
  start();
  ASSERT_TRUE(shell->listen(Listener::api, path, Shell::Preface::none, 0600));
  struct stat found{};
  ASSERT_EQ(::stat(path.host.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
  EXPECT_EQ(shell->listen(Listener::api, path).error().code, Errc::refused);

  const Address dead = unix_path("dead.sock");
  const Endpoint to = to_endpoint(dead).value();
  const int raw = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(raw, to.get(), to.size), 0);
  ::close(raw);
  EXPECT_TRUE(shell->listen(Listener::api, dead));

  const Address file = unix_path("file");
  std::ofstream(file.host) << "precious";
  EXPECT_EQ(shell->listen(Listener::api, file).error().code, Errc::refused);
  EXPECT_TRUE(std::filesystem::exists(file.host));
  shell.reset();
  EXPECT_FALSE(std::filesystem::exists(path.host));
}

TEST_F(ShellListen, WaitsForDescriptorsWhenTheProcessHasNone) {
  const int raw = connect_raw(listen());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  bool starved = false;
  run([&](const Shell::Event& event) {
    const rlimit none{3, before.rlim_max};
    if (!std::exchange(starved, true)) ::setrlimit(RLIMIT_NOFILE, &none);
    if (log.has("LB-APP-005")) ::setrlimit(RLIMIT_NOFILE, &before);
    alarm = std::chrono::steady_clock::now() + 20ms;
    if (as<Opened>(event)) shell->quit();
  });
  ::setrlimit(RLIMIT_NOFILE, &before);
  ::close(raw);
  EXPECT_EQ(origins.size(), 1u);
  EXPECT_LT(log.lines.size(), 20u);
}

TEST_F(ShellDial, TellsRefusedFromUnreachable) {
  start();
  Address nobody;
  {
    Shell other({}, counters, log);
    nobody = other.listen(Listener::sip, {"127.0.0.1", 0}).value();
  }
  const PeerId refused = dial(nobody);
  const PeerId no_path = dial(unix_path("nobody.sock"));
  const PeerId long_path = dial(unix_path(std::string(200, 'x')));
  const PeerId no_name = dial({"no-such-host.invalid", 5060});
  const PeerId tls = shell->dial({.address = nobody, .proxy = {}, .tls = true});
  EXPECT_TRUE(gone.empty());
  run([&](const Shell::Event&) {
    if (gone.size() == 5) shell->quit();
  });
  EXPECT_EQ(gone[refused], Gone::refused);
  EXPECT_EQ(gone[no_path], Gone::unreachable);
  EXPECT_EQ(gone[long_path], Gone::unreachable);
  EXPECT_NE(gone[no_name], Gone::by_us);
  EXPECT_EQ(gone[tls], Gone::unreachable);
  EXPECT_TRUE(log.has("LB-NET-003"));
  EXPECT_TRUE(log.has("LB-NET-004"));
  EXPECT_TRUE(origins.empty());
}

TEST_F(ShellDial, FindsANameAndTriesAllItsAddresses) {
  const Address where = listen();  // IPv4 only: "localhost" may begin with ::1
  const PeerId peer = dial({"localhost", where.port});
  run([&](const Shell::Event& event) {
    const auto* opened = as<Opened>(event);
    if ((opened && opened->peer == peer) || gone.contains(peer)) shell->quit();
  });
  EXPECT_TRUE(origins.contains(peer));
}

TEST_F(ShellDial, EndsADialThatIsClosedBeforeItIsUp) {
  const Address where = listen();
  const PeerId early = dial(where);
  shell->close(early, Flush::yes);
  run([&](const Shell::Event&) {
    if (gone.contains(early)) shell->quit();
  });
  EXPECT_EQ(gone[early], Gone::by_us);
  EXPECT_FALSE(origins.contains(early));
}

/// A Unix listener whose queue is full: nobody accepts.
class FullQueue {
public:
  explicit FullQueue(const Address& path) {
    const Endpoint to = to_endpoint(path).value();
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(listener_, to.get(), to.size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    for (;;) {
      const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
      waiting_.push_back(fd);
      if (::connect(fd, to.get(), to.size) != 0) break;
    }
  }
  ~FullQueue() {
    for (const int fd : waiting_)
      ::close(fd);
    ::close(listener_);
  }
  void accept_all() {
    for (std::size_t left = waiting_.size() - 1; left > 0; --left)
      waiting_.push_back(::accept(listener_, nullptr, nullptr));
  }

private:
  int listener_ = -1;
  std::vector<int> waiting_;
};

TEST_F(ShellDial, GivesUpOnAFullUnixQueueWhenItsTimeIsUp) {
  start();
  const Address path = unix_path("full.sock");
  const FullQueue full(path);
  const PeerId peer = shell->dial({.address = path, .proxy = {}, .limit = 60ms});
  run([&](const Shell::Event&) {
    if (gone.contains(peer)) shell->quit();
  });
  EXPECT_EQ(gone[peer], Gone::timed_out);
}

TEST_F(ShellDial, ComesUpOnceAFullUnixQueueHasRoom) {
  start();
  const Address path = unix_path("full.sock");
  std::optional<FullQueue> full(path);
  const PeerId peer = dial(path);
  bool tried = false;
  run([&](const Shell::Event& event) {
    if (as<Tick>(event) && !std::exchange(tried, true)) {
      shell->post([&] { full->accept_all(); });
    }
    if (origins.contains(peer)) shell->quit();
  });
  EXPECT_TRUE(origins.contains(peer));
}

ProxyHeader leg_header() {
  ProxyHeader header;
  header.source = {"192.0.2.7", 40001};
  header.destination = {"192.0.2.100", 5060};
  header.unique_id = "id";
  header.authority = "new";
  return header;
}

TEST_F(ShellPreface, GivesTheHeaderWithOpenedAndTheRestAsBytes) {
  const Address path = unix_path("leg.sock");
  start();
  ASSERT_TRUE(shell->listen(Listener::sip, path, Shell::Preface::proxy_v2));
  const ProxyHeader header = leg_header();
  const PeerId peer = shell->dial({.address = path, .proxy = header});
  shell->to(peer) += "INVITE";
  run([&](const Shell::Event& event) {
    if (as<Bytes>(event)) shell->quit();
  });
  for (const auto& [id, from] : origins) {
    if (id == peer) continue;
    EXPECT_EQ(from.proxy, header);
    EXPECT_EQ(received[id], "INVITE");
  }
}

TEST_F(ShellPreface, ReadsAHeaderThatDripsInByteByByte) {
  const Address where = listen(Listener::sip, Shell::Preface::proxy_v2);
  const ProxyHeader header = leg_header();
  const std::string bytes = proxy_v2::encode(header) + "INVITE";
  const PeerId slow = dial(where);
  std::size_t sent = 0;
  std::function<void()> drip = [&] {
    if (sent < bytes.size()) {
      shell->to(slow) += bytes[sent++];
      shell->post(drip);
    }
  };
  std::string got;
  std::optional<ProxyHeader> proxy;
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event)) {
      if (opened->peer == slow) drip();
      if (opened->peer != slow) proxy = opened->from.proxy;
    }
    if (const auto* more = as<Bytes>(event)) got += more->bytes;
    if (got == "INVITE") shell->quit();
  });
  EXPECT_EQ(proxy, header);
}

TEST_F(ShellPreface, ClosesWhatBringsAWrongOneOrNoneInTime) {
  start({.preface_within = 60ms});
  const Address where = listen(Listener::sip, Shell::Preface::proxy_v2);
  const PeerId wrong = dial(where), silent = dial(where), half = dial(where);
  shell->to(wrong) += "INVITE sip:1001@gw.example.test SIP/2.0\r\n";
  shell->to(half) += std::string("\r\n\r\n\0\r\n", 7);
  run([&](const Shell::Event&) {
    if (gone.size() == 3) shell->quit();
  });
  EXPECT_EQ(origins.size(), 3u) << "the machine hears of our own dials only";
  EXPECT_EQ(counters[Counter::peers_refused], 3u);
  EXPECT_TRUE(log.has("no signature"));
  EXPECT_TRUE(log.has("in time"));
  EXPECT_TRUE(gone.contains(silent));
}

TEST_F(ShellPreface, SaysNothingAboutABareConnect) {
  start();
  const Address where = listen(Listener::sip, Shell::Preface::proxy_v2);
  const PeerId bare = dial(where);
  run([&](const Shell::Event& event) {
    if (as<Opened>(event)) shell->close(bare, Flush::yes);
    if (gone.contains(bare) && shell->open() == 0) shell->quit();
  });
  EXPECT_EQ(counters[Counter::peers_refused], 0u);
  EXPECT_TRUE(log.lines.empty());
}

TEST_F(ShellStop, TellsTheMachineOnceAndEndsAtTheSecondRequest) {
  start();
  int stops = 0;
  shell->stop();
  run([&](const Shell::Event& event) {
    const auto* stop = as<Stop>(event);
    if (!stop) return;
    ++stops;
    EXPECT_GT(stop->by, std::chrono::steady_clock::now());
    shell->stop();
  });
  EXPECT_EQ(stops, 1);
}

TEST_F(ShellStop, EndsByItselfWhenTheTimeToStopIsUp) {
  start({.stop_within = 20ms});
  shell->stop();
  run([](const Shell::Event&) {});
}

TEST_F(ShellStop, TakesSignals) {
  start();
  int stops = 0, hang_ups = 0;
  shell->on_hangup([&] {
    ++hang_ups;
    std::raise(SIGTERM);
  });
  run([&](const Shell::Event& event) {
    if (as<Stop>(event)) {
      ++stops;
      std::raise(SIGINT);
    } else if (hang_ups == 0) {
      std::raise(SIGHUP);
    }
  });
  EXPECT_EQ(stops, 1);
  EXPECT_GE(hang_ups, 1);
}

TEST_F(ShellStop, RunsWhatOtherThreadsPost) {
  start();
  int done = 0;
  std::thread other;
  run([&](const Shell::Event&) {
    if (other.joinable()) return;
    other = std::thread([&] {
      for (int i = 0; i < 1000; ++i)
        shell->post([&] { ++done; });
      shell->post([&] { shell->quit(); });
    });
  });
  other.join();
  EXPECT_EQ(done, 1000);
}

TEST_F(ShellStop, CountsAndLogsASlowTurn) {
  start({.slow_turn = 0ms});
  run([&](const Shell::Event&) { shell->quit(); });
  EXPECT_EQ(counters[Counter::slow_turns], 1u);
  EXPECT_TRUE(log.has("event=tick"));
}

TEST_F(ShellStop, TicksAtTheDeadlineThatTheMachineNames) {
  start();
  const TimePoint due = std::chrono::steady_clock::now() + 30ms;
  alarm = due;
  run([&](const Shell::Event& event) {
    if (!as<Tick>(event) || std::chrono::steady_clock::now() < due) return;
    shell->quit();
  });
  EXPECT_GE(std::chrono::steady_clock::now(), due);
}

}  // namespace
}  // namespace linebridge::net
