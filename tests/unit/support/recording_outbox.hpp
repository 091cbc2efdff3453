#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/door.hpp"

namespace linebridge::test {

/// An Outbox that keeps what a machine put out. By default every peer takes its bytes at once (queued() is 0);
/// a peer that is held takes none until take() or release().
class RecordingOutbox : public Outbox {
public:
  struct Dial {
    PeerId peer;
    Target target;
  };
  struct Close {
    PeerId peer;
    Flush flush;
  };

  std::vector<Dial> dials;
  std::vector<Close> closes;

  std::string& to(PeerId peer) override { return peers_[peer].text; }
  std::size_t queued(PeerId peer) const override {
    const auto found = peers_.find(peer);
    return found == peers_.end() || !found->second.held ? 0 : found->second.text.size();
  }
  PeerId dial(const Target& target) override {
    dials.push_back({{++last_dialled_}, target});
    return dials.back().peer;
  }
  void close(PeerId peer, Flush flush) override { closes.push_back({peer, flush}); }
  void read(PeerId peer, bool on) override { peers_[peer].reading = on; }

  /// What was written to a peer since the last call.
  std::string take(PeerId peer) { return std::exchange(peers_[peer].text, {}); }
  void hold(PeerId peer) { peers_[peer].held = true; }
  void release(PeerId peer) {
    peers_[peer].held = false;
    peers_[peer].text.clear();
  }
  /// It reads again; what it did not take before is there.
  void resume(PeerId peer) { peers_[peer].held = false; }
  /// Calls `see` with what each peer was written and nobody took yet.
  template <class See>
  void for_each_peer(See see) const {
    for (const auto& [id, peer] : peers_)
      see(std::string_view(peer.text));
  }
  bool reading(PeerId peer) { return peers_[peer].reading; }
  bool closed(PeerId peer) const {
    return std::any_of(closes.begin(), closes.end(), [peer](const Close& each) { return each.peer == peer; });
  }

private:
  struct Peer {
    std::string text;
    bool held = false;
    bool reading = true;
  };
  std::map<PeerId, Peer> peers_;
  std::uint64_t last_dialled_ = 1000;  ///< Peers that a test lets come in are below.
};

}  // namespace linebridge::test
