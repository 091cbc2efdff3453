#pragma once

#include <map>
#include <set>
#include <string>

#include "base/door.hpp"

namespace linebridge::sim::cucm {

/// Keeps what a simulated CTI Manager sends and closes.
class Recorder final : public Outbox {
public:
  std::string& to(PeerId peer) override { return sent[peer]; }
  std::size_t queued(PeerId) const override { return 0; }
  PeerId dial(const Target&) override { return {}; }
  void close(PeerId peer, Flush) override { closed.insert(peer); }
  void read(PeerId, bool) override {}

  std::map<PeerId, std::string> sent;
  std::set<PeerId> closed;
};

}  // namespace linebridge::sim::cucm
