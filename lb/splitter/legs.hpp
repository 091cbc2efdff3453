#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "lb/splitter/clients.hpp"
#include "sip/framing/framer.hpp"

namespace linebridge::lb::splitter {

/// One connection to a node, for one dialog.
struct Leg {
  PeerId peer;
  std::uint64_t dialog = 0;
  sip::Framer framer;
  bool up = false;
  std::uint64_t reloads = 0;  ///< How many reloads of HAProxy had been seen when it was made.
  std::string unsent;         ///< Messages for one that is not up yet.
  Alarms::Id aged;            ///< Of one that is only read any more.
};

/// All legs by peer, and those that wait for their turn to be dialled, in order.
class Legs {
public:
  Leg& open(PeerId peer, std::uint64_t dialog, const sip::Framer::Limits& limits, bool up);
  void came_up(Leg& leg);
  /// From now on nobody finds it. Messages read from it stay valid until sweep().
  void close(PeerId peer);
  void sweep() { closed_.clear(); }

  Leg* find(PeerId peer);
  std::size_t size() const { return by_peer_.size(); }
  std::size_t dialling() const { return dialling_; }

  /// A turn to dial, for take_waiting or leave.
  std::uint64_t wait(std::uint64_t dialog);
  void leave(std::uint64_t ticket) { waiting_.erase(ticket); }
  std::uint64_t take_waiting();  ///< The dialog whose turn it is; 0: none.
  std::size_t waiting() const { return waiting_.size(); }

private:
  using Map = std::unordered_map<std::uint64_t, Leg>;
  Map by_peer_;
  std::vector<Map::node_type> closed_;
  std::map<std::uint64_t, std::uint64_t> waiting_;  ///< Dialogs by ticket.
  std::uint64_t last_ticket_ = 0;
  std::size_t dialling_ = 0;
};

}  // namespace linebridge::lb::splitter
