#pragma once

#include <map>
#include <string>

#include "app/hub.hpp"
#include "ops/http.hpp"

namespace linebridge::app {

/// The administrator's HTTP: the local API on a Unix socket and the metrics page on its own listener.
class LocalHttp {
public:
  LocalHttp(net::Shell& shell, Hub& hub, const Counters& counters, std::string program)
      : shell_(shell), hub_(hub), counters_(counters), program_(std::move(program)) {}

  /// Takes an event of one of its own connections. False: it is somebody else's.
  bool take(const net::Shell::Event& event, TimePoint now);

private:
  struct Peer {
    Listener listener;
    ops::HttpStream stream;
  };
  void bytes(PeerId id, Peer& peer, std::string_view bytes, TimePoint now);
  void answer(PeerId id, const ops::HttpStream::Request& request, TimePoint now);
  void metrics(PeerId id, TimePoint now);
  void respond(PeerId id, unsigned status, std::string_view type, std::string_view body);

  net::Shell& shell_;
  Hub& hub_;
  const Counters& counters_;
  std::string program_;
  std::map<PeerId, Peer> peers_;
};

}  // namespace linebridge::app
