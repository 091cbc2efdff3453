#pragma once

#include <map>
#include <string>

#include "app/hub.hpp"
#include "ops/http.hpp"

namespace linebridge::app {

/// The administrator's HTTP: the local API on a Unix socket and the metrics page on its own listener. Who asks
/// and does not read is closed; where too many are connected, the one that came first goes, so that connections
/// that say nothing keep nobody out.
class LocalHttp {
public:
  struct Limits {
    std::size_t peers = 32;                 ///< Of the API and the metrics page together.
    std::size_t queued_bytes = 512 * 1024;  ///< Output of one connection; one response may go over it.
  };

  LocalHttp(net::Shell& shell, Hub& hub, Counters& counters, Log& log, std::string program)
      : shell_(shell), hub_(hub), counters_(counters), log_(log), program_(std::move(program)) {}

  /// Takes an event of one of its own connections. False: it is somebody else's.
  bool take(const net::Shell::Event& event, TimePoint now);

private:
  struct Peer {
    Listener listener;
    ops::HttpStream stream;
    Address from;
    bool closing = false;  ///< We closed it: what still arrives is not looked at.
  };
  void opened(const Opened& input);
  void close(PeerId id, Peer& peer, Flush flush);
  void bytes(PeerId id, Peer& peer, std::string_view bytes, TimePoint now);
  void answer(PeerId id, const ops::HttpStream::Request& request, TimePoint now);
  void metrics(PeerId id, TimePoint now);
  void respond(PeerId id, unsigned status, std::string_view type, std::string_view body);

  net::Shell& shell_;
  Hub& hub_;
  const Limits limits_;
  Counters& counters_;
  Log& log_;
  std::string program_;
  std::map<PeerId, Peer> peers_;
};

}  // namespace linebridge::app
