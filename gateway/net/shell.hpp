#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "net/tls.hpp"

namespace linebridge::net {

/// One loop on one thread with all sockets of a program: listeners, streams, dials, one alarm, signals. It
/// moves bytes; it knows no protocol but the PROXY header at the front of a stream, and TLS around it.
///
/// A *turn* is one call of the machine with one event. Turns never nest. After each turn the output of every
/// peer touched is written in one write, and the alarm is set to the deadline that the machine returned. A Tick
/// may come early (at the start of run(), after posted work): a machine looks at `now`.
///
/// The peer's end of its output is Closed{by_peer} after what is queued for it was written; reset and other
/// errors are Closed{broken}. A connection whose PROXY header does not come or is wrong is closed, counted and
/// logged, and the machine never hears of it; so it is with a TLS handshake that fails. A TLS stream that ends
/// without saying so (RFC 8446 section 6.1) is Closed{broken}.
class Shell final : public Outbox {
public:
  using Event = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop>;
  /// Takes one event, returns when it wants a Tick at the latest.
  using Machine = std::function<std::optional<TimePoint>(const Event&, TimePoint now)>;

  struct Settings {
    std::size_t read_bytes = 64 * 1024;  ///< Read from one peer in one turn at most.
    std::size_t low_mark =
        32 * 1024;  ///< Drained when queued output falls below, after it had reached high_mark.
    std::size_t high_mark = 256 * 1024;
    /// Open connections at most; more are accepted and closed at once. The administrator's listeners (agent,
    /// api, metrics, control) may go 64 over it.
    std::size_t peers = 18000;
    Duration preface_within = std::chrono::seconds(5);    ///< For a PROXY header to arrive whole.
    Duration handshake_within = std::chrono::seconds(5);  ///< For TLS with whom was accepted.
    std::size_t handshakes =
        512;  ///< Unfinished, of one listener, at most; one more, and the oldest is closed.
    Duration flush_within =
        std::chrono::seconds(2);  ///< For queued output and the peer's end after Flush::yes.
    Duration stop_within =
        std::chrono::seconds(10);  ///< From SIGTERM to Stop::by, when run() returns by itself.
    Duration slow_turn = std::chrono::milliseconds(50);
  };
  /// What must stand at the front of an accepted stream.
  enum class Preface { none, proxy_v2 };

  Shell(Settings settings, Counters& counters, Log& log);
  ~Shell() override;

  /// Opens a listening socket on a numeric address or a Unix path; the path left by a dead process is taken
  /// over and gets `mode`. Port 0 takes a free one. Value: the address really bound. Errors: refused (in use,
  /// no such address), malformed (a name, a path over 107 bytes).
  Result<Address> listen(Listener as, const Address& where, Preface preface = Preface::none,
                         unsigned mode = 0660);
  /// The same with TLS, after the preface.
  Result<Address> listen_tls(Listener as, const Address& where, std::shared_ptr<const TlsContext> tls,
                             Preface preface = Preface::none);
  /// How a listener with TLS meets those who come from now on. Who is there stays as it is.
  void renew_tls(const Address& bound, std::shared_ptr<const TlsContext> tls);
  /// What dials whose Target::tls_settings is `name` use.
  void dial_tls(const std::string& name, std::shared_ptr<const TlsContext> tls);

  /// Runs turns until quit(). The first is a Tick. Call it once.
  void run(Machine machine);
  /// Ends run() after the turn in progress; any thread may call it.
  void quit();
  /// What SIGTERM and SIGINT do: the first becomes one Stop turn, the second ends run(). Any thread may call
  /// it.
  void stop();
  /// Runs `work` on the loop, between turns, and a Tick after it; any thread may call it.
  void post(std::function<void()> work);
  /// Called on SIGHUP, between turns.
  void on_hangup(std::function<void()> work);

  /// Connections, those being dialled and those still without their header or handshake too.
  std::size_t open() const;

  std::string& to(PeerId peer) override;
  std::size_t queued(PeerId peer) const override;
  /// Target::tls without settings of its name is refused (Closed{unreachable} and a log line).
  PeerId dial(const Target& target) override;
  void close(PeerId peer, Flush flush) override;
  void read(PeerId peer, bool on) override;

private:
  struct Impl;
  Result<Address> open_door(Listener as, const Address& where, Preface preface, unsigned mode,
                            std::shared_ptr<const TlsContext> tls);
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::net
