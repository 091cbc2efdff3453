#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "base/log.hpp"
#include "net/handshake.hpp"
#include "net/preface.hpp"

namespace linebridge::net {

/// What a connection of one listener passes before the machine hears of it: the PROXY header, then TLS, as far
/// as they are asked for. Who does not pass is closed, counted and logged; who came and went without a byte,
/// closed.
class Entrance {
public:
  struct Settings {
    bool proxy_v2 = false;
    std::shared_ptr<const TlsContext> tls;  ///< None: plain.
    Duration preface_within{};              ///< For the PROXY header.
    Duration handshake_within{};            ///< For TLS, after it.
    std::size_t handshakes = 0;             ///< Unfinished at most; one more, and the oldest is closed.
  };
  struct Passed {
    Fd fd;
    Origin origin;
    std::unique_ptr<TlsFilter> tls;
  };
  using Enter = std::function<void(Passed)>;

  Entrance(Loop& loop, Settings settings, Counters& counters, Log& log, Enter enter);
  Entrance(const Entrance&) = delete;
  Entrance& operator=(const Entrance&) = delete;

  void take(Fd fd, Origin origin);
  void renew_tls(std::shared_ptr<const TlsContext> tls) { settings_.tls = std::move(tls); }
  std::size_t size() const { return prefaces_.size() + handshakes_.size(); }

private:
  struct Waiting {
    Origin origin;
    std::unique_ptr<Handshake> handshake;
  };

  void read_preface(Fd fd, Origin origin);
  void preface_read(std::uint64_t number, Origin origin, Result<PrefaceReader::Ready> result);
  void secure(Fd fd, Origin origin);
  void secured(std::uint64_t number, Handshake::Outcome outcome);
  void refuse(const Origin& origin, const TlsFailure& why);

  Loop& loop_;
  Settings settings_;
  Counters& counters_;
  Log& log_;
  const Enter enter_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, PrefaceReader> prefaces_;
  std::map<std::uint64_t, Waiting> handshakes_;  ///< By age.
};

}  // namespace linebridge::net
