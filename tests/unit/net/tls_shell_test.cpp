#include <sys/socket.h>
#include <unistd.h>

#include "base/catalogue.hpp"
#include "net/socket.hpp"
#include "shell_fixture.hpp"
#include "tls_fixture.hpp"

namespace linebridge::net {
namespace {

using namespace std::chrono_literals;

class ShellTls : public ShellTest {
protected:
  Address listen_tls(TlsSettings wanted = site().gateway_settings(),
                     Shell::Preface preface = Shell::Preface::none) {
    if (!shell) start();
    shell->dial_tls("", client(site().ocs_settings()));
    return shell->listen_tls(Listener::sip, {"127.0.0.1", 0}, server(wanted), preface).value();
  }
  PeerId dial_tls(const Address& to, const std::string& name = {}) {
    return shell->dial({.address = to, .proxy = {}, .tls = true, .tls_settings = name});
  }
};

int connect_raw(const Address& where) {
  const int raw = ::socket(AF_INET, SOCK_STREAM, 0);
  const Endpoint to = to_endpoint(where).value();
  EXPECT_EQ(::connect(raw, to.get(), to.size), 0);
  return raw;
}

void send_raw(int raw, std::string_view bytes) {
  EXPECT_EQ(::send(raw, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

std::string receive_raw(int raw) {
  char bytes[16384];
  const auto got = ::recv(raw, bytes, sizeof bytes, MSG_DONTWAIT);
  return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : std::string();
}

TEST_F(ShellTls, CarriesBytesAndTellsBothNames) {
  const PeerId peer = dial_tls(listen_tls());
  shell->to(peer) += "INVITE";
  run([&](const Shell::Event& event) {
    if (const auto* bytes = as<Bytes>(event); bytes && accepted(bytes->peer)) shell->to(bytes->peer) += "200";
    if (received[peer] == "200") shell->quit();
  });
  const Origin& from = origins[accepted_by(Listener::sip)];
  EXPECT_TRUE(from.tls);
  EXPECT_EQ(from.tls_name, "ocs.example.test");
  EXPECT_TRUE(origins[peer].tls);
  EXPECT_EQ(origins[peer].tls_name, "gw.example.test");
  EXPECT_EQ(counters[Counter::tls_handshakes], 2u);
}

TEST_F(ShellTls, FollowsThePROXYHeaderWithinOneConnection) {
  const Address where = listen_tls(site().gateway_settings(), Shell::Preface::proxy_v2);
  ProxyHeader header;
  header.source = {"192.0.2.7", 40001};
  header.destination = {"192.0.2.100", 5061};
  const PeerId peer = shell->dial({.address = where, .proxy = header, .tls = true});
  shell->to(peer) += "INVITE";
  run([&](const Shell::Event& event) {
    if (const auto* bytes = as<Bytes>(event); bytes && received[bytes->peer] == "INVITE") shell->quit();
  });
  const Origin& from = origins[accepted_by(Listener::sip)];
  EXPECT_EQ(from.proxy, header);
  EXPECT_EQ(from.tls_name, "ocs.example.test");
}

TEST_F(ShellTls, CarriesALargeTransferThroughBackPressure) {
  constexpr std::size_t total = 8 * 1024 * 1024;
  const PeerId source = dial_tls(listen_tls());
  std::string pattern(64 * 1024, '\0');
  for (std::size_t i = 0; i < pattern.size(); ++i)
    pattern[i] = static_cast<char>(i * 31 % 251);
  std::size_t made = 0, seen = 0, most_queued = 0;
  bool same = true;
  int drained = 0;
  const auto fill = [&] {
    while (made < total && shell->queued(source) < 256 * 1024) {
      shell->to(source) += pattern;
      made += pattern.size();
    }
    most_queued = std::max(most_queued, shell->queued(source));
  };
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event); opened && opened->peer == source) fill();
    if (as<Drained>(event)) {
      ++drained;
      fill();
    }
    const auto* bytes = as<Bytes>(event);
    if (!bytes) return;
    for (const char c : bytes->bytes)
      same = same && c == pattern[seen++ % pattern.size()];
    received.clear();
    shell->read(bytes->peer, false);
    shell->post([this, peer = bytes->peer] { shell->read(peer, true); });
    if (seen == total) shell->quit();
  });
  EXPECT_TRUE(same);
  EXPECT_EQ(seen, total);
  EXPECT_GT(drained, 1);
  EXPECT_LE(most_queued, 330u * 1024);
}

TEST_F(ShellTls, CountsWhatAPeerThatNeverReadsLeavesBehind) {
  const PeerId peer = dial_tls(listen_tls());
  std::size_t queued = 0;
  run([&](const Shell::Event& event) {
    const auto* opened = as<Opened>(event);
    if (!opened) return;
    if (opened->peer == peer) return shell->read(peer, false);
    shell->to(opened->peer).append(16 * 1024 * 1024, 'x');
    shell->post([this, &queued, to = opened->peer] {
      queued = shell->queued(to);
      shell->quit();
    });
  });
  EXPECT_GT(queued, 1024u * 1024);
}

TEST_F(ShellTls, EndsInOrderWithAllOutputWritten) {
  constexpr std::size_t size = 2 * 1024 * 1024;
  const PeerId peer = dial_tls(listen_tls());
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event); opened && accepted(opened->peer)) {
      shell->to(opened->peer).append(size, 'x');
      shell->close(opened->peer, Flush::yes);
    }
    if (gone.size() == 2) shell->quit();
  });
  EXPECT_EQ(received[peer].size(), size);
  EXPECT_EQ(gone[peer], Gone::by_peer);
  EXPECT_EQ(gone[accepted_by(Listener::sip)], Gone::by_us);
  EXPECT_EQ(counters[Counter::tls_broken], 0u);
}

TEST_F(ShellTls, AnswersAPeerThatEndedItsSideAndStillReads) {
  const PeerId peer = dial_tls(listen_tls());
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event); opened && opened->peer == peer) {
      shell->to(peer) += "question";
      shell->close(peer, Flush::yes);
    }
    if (gone.size() == 2) shell->quit();
  });
  const PeerId server = accepted_by(Listener::sip);
  EXPECT_EQ(received[server], "question");
  EXPECT_EQ(gone[server], Gone::by_peer);
}

/// A client made of a filter and a blocking socket, for what a Shell never does.
struct RawPeer {
  int fd;
  Side side;

  RawPeer(const Address& where, const TlsSettings& settings)
      : fd(connect_raw(where)), side{TlsFilter(client(settings), "127.0.0.1")} {
    side.begin();
  }
  ~RawPeer() { ::close(fd); }
  void talk() {
    if (!side.out.empty()) send_raw(fd, std::exchange(side.out, {}));
    side.wire += receive_raw(fd);
    side.take();
  }
};

TEST_F(ShellTls, TellsAStreamThatWasCutFromOneThatEnded) {
  const Address where = listen_tls();
  auto cut = std::make_unique<RawPeer>(where, site().ocs_settings());
  run([&](const Shell::Event& event) {
    alarm = std::chrono::steady_clock::now() + 1ms;
    if (cut) cut->talk();
    if (as<Opened>(event)) cut.reset();
    if (!gone.empty()) shell->quit();
  });
  EXPECT_EQ(gone.begin()->second, Gone::broken);
  EXPECT_TRUE(log.has("LB-NET-006", "without saying so"));
}

TEST_F(ShellTls, TellsAStreamThatWasCutWithinARecord) {
  const Address where = listen_tls();
  auto cut = std::make_unique<RawPeer>(where, site().ocs_settings());
  run([&](const Shell::Event& event) {
    alarm = std::chrono::steady_clock::now() + 1ms;
    if (cut) cut->talk();
    if (as<Opened>(event)) {
      cut->side.tls.write("whole", cut->side.out);
      std::string half;
      cut->side.tls.write("half", half);
      cut->side.out += half.substr(0, half.size() / 2);
      cut->talk();
      cut.reset();
    }
    if (!gone.empty()) shell->quit();
  });
  EXPECT_EQ(gone.begin()->second, Gone::broken);
  EXPECT_EQ(received[accepted_by(Listener::sip)], "whole");
}

TEST_F(ShellTls, ClosesAStreamThatTurnsToGarbage) {
  const Address where = listen_tls();
  RawPeer raw(where, site().ocs_settings());
  run([&](const Shell::Event& event) {
    alarm = std::chrono::steady_clock::now() + 1ms;
    raw.talk();
    if (as<Opened>(event)) raw.side.out = "OPTIONS sip:gw SIP/2.0\r\n\r\n";
    if (!gone.empty()) shell->quit();
  });
  EXPECT_EQ(gone.begin()->second, Gone::broken);
  EXPECT_TRUE(log.has("LB-NET-006"));
  EXPECT_EQ(counters[Counter::tls_broken], 1u);
}

TEST_F(ShellTls, TakesAHandshakeThatDripsInByteByByte) {
  const Address where = listen_tls();
  RawPeer raw(where, site().ocs_settings());
  std::string waiting;
  run([&](const Shell::Event& event) {
    alarm = std::chrono::steady_clock::now();
    waiting += std::exchange(raw.side.out, {});
    if (!waiting.empty()) {
      send_raw(raw.fd, waiting.substr(0, 1));
      waiting.erase(0, 1);
    }
    raw.talk();
    if (as<Opened>(event)) raw.side.tls.write("INVITE", raw.side.out);
    if (const auto* bytes = as<Bytes>(event); bytes && received[bytes->peer] == "INVITE") shell->quit();
  });
  EXPECT_EQ(counters[Counter::tls_handshakes], 1u);
}

TEST_F(ShellTls, HearsNothingOfWhoFailsTheHandshake) {
  start({.handshake_within = 60ms});
  const Address where = listen_tls();
  const int sip = connect_raw(where), silent = connect_raw(where), half = connect_raw(where);
  send_raw(sip, "OPTIONS sip:gw.example.test SIP/2.0\r\n\r\n");
  send_raw(half, "\x16\x03\x01");
  const test::Authority other("Another Authority");
  RawPeer stranger(where, settings(other.sign({.common_name = "stranger"}), site().authority.certificate()));
  RawPeer nameless(where, settings({}, site().authority.certificate()));
  const int bare = connect_raw(where);
  ::close(bare);
  run([&](const Shell::Event&) {
    alarm = std::chrono::steady_clock::now() + 1ms;
    stranger.talk();
    nameless.talk();
    if (counters[Counter::tls_refused] == 5) shell->quit();
  });
  EXPECT_TRUE(origins.empty());
  EXPECT_EQ(shell->open(), 0u);
  EXPECT_EQ(log.count(catalogue::tls_refused), 5u) << "nothing is said about a bare connect";
  EXPECT_TRUE(log.has("rule=\"not TLS\"", "OPTIO"));
  EXPECT_TRUE(log.has("rule=time", "no TLS handshake in time"));
  EXPECT_TRUE(log.has("rule=certificate", "CN=stranger"));
  EXPECT_TRUE(log.has("rule=certificate", "did not return a certificate"));
  for (const int raw : {sip, silent, half})
    ::close(raw);
}

TEST_F(ShellTls, KeepsAFewHandshakesAndTheOldestGoes) {
  start({.handshakes = 4});
  const Address where = listen_tls();
  std::vector<int> half;
  for (int i = 0; i < 20; ++i) {
    half.push_back(connect_raw(where));
    send_raw(half.back(), "\x16\x03\x01");
  }
  const PeerId peer = dial_tls(where);
  run([&](const Shell::Event&) {
    if (origins.contains(peer)) shell->quit();
  });
  EXPECT_EQ(counters[Counter::tls_refused], 17u);
  EXPECT_TRUE(log.has("rule=\"too many\""));
  for (const int raw : half)
    ::close(raw);
}

TEST_F(ShellTls, MeetsNewPeersWithTheRenewedCertificateAndKeepsTheOthers) {
  const Address where = listen_tls();
  const PeerId before = dial_tls(where);
  PeerId after;
  const auto renewed =
      site().authority.sign({.common_name = "renewed", .dns = {"new.example.test", "IP:127.0.0.1"}});
  run([&](const Shell::Event& event) {
    if (const auto* opened = as<Opened>(event); opened && opened->peer == before) {
      shell->renew_tls(where, server(settings(renewed, site().authority.certificate())));
      after = dial_tls(where);
    }
    if (origins.contains(after)) shell->to(before) = "still here";
    if (const auto* bytes = as<Bytes>(event); bytes && received[bytes->peer] == "still here") shell->quit();
  });
  EXPECT_EQ(origins[before].tls_name, "gw.example.test");
  EXPECT_EQ(origins[after].tls_name, "new.example.test");
}

TEST_F(ShellTls, FailsADialWhoseServerIsNotTheOneWanted) {
  const Address where = listen_tls();
  const test::Authority other("Another Authority");
  shell->dial_tls("other", client(settings({}, other.certificate())));
  const PeerId wrong_name =
      shell->dial({.address = where, .proxy = {}, .tls = true, .tls_host = "other.example.test"});
  const PeerId wrong_authority = dial_tls(where, "other");
  const PeerId no_settings = dial_tls(where, "none");
  run([&](const Shell::Event&) {
    if (gone.size() == 3) shell->quit();
  });
  EXPECT_TRUE(origins.empty());
  EXPECT_EQ(gone[wrong_name], Gone::refused);
  EXPECT_EQ(gone[wrong_authority], Gone::refused);
  EXPECT_EQ(gone[no_settings], Gone::unreachable);
  EXPECT_TRUE(log.has("LB-NET-003", "hostname mismatch"));
  EXPECT_TRUE(log.has("LB-NET-003", "unable to get local issuer certificate"));
  EXPECT_TRUE(log.has("LB-NET-004"));
}

TEST_F(ShellTls, FailsADialWhoseServerSaysNothingOrNoTls) {
  start();
  shell->dial_tls("", client(site().ocs_settings()));
  const Address plain = listen(Listener::sip);
  const PeerId silent = shell->dial({.address = plain, .proxy = {}, .tls = true, .limit = 60ms});
  const Address talker = shell->listen(Listener::control, {"127.0.0.1", 0}).value();
  const PeerId answered = dial_tls(talker);
  run([&](const Shell::Event& event) {
    const auto* opened = as<Opened>(event);
    if (opened && opened->from.listener == Listener::control) shell->to(opened->peer) += "220 hello\r\n";
    if (gone.contains(silent) && gone.contains(answered)) shell->quit();
  });
  EXPECT_EQ(gone[silent], Gone::timed_out);
  EXPECT_EQ(gone[answered], Gone::refused);
  EXPECT_TRUE(log.has("LB-NET-003", "220 h"));
}

TEST_F(ShellTls, EndsADialThatIsClosedWithinItsHandshake) {
  start();
  shell->dial_tls("", client(site().ocs_settings()));
  const PeerId peer = dial_tls(listen());
  run([&](const Shell::Event& event) {
    if (as<Bytes>(event)) shell->close(peer, Flush::yes);
    if (gone.contains(peer)) shell->quit();
  });
  EXPECT_EQ(gone[peer], Gone::by_us);
  EXPECT_FALSE(origins.contains(peer));
}

}  // namespace
}  // namespace linebridge::net
