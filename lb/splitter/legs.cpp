#include "lb/splitter/legs.hpp"

namespace linebridge::lb::splitter {

Leg& Legs::open(PeerId peer, std::uint64_t dialog, const sip::Framer::Limits& limits, bool up) {
  Leg& leg = by_peer_[peer.value];
  leg.peer = peer;
  leg.dialog = dialog;
  leg.framer = sip::Framer(limits);
  leg.up = up;
  if (!up) ++dialling_;
  return leg;
}

void Legs::came_up(Leg& leg) {
  if (leg.up) return;
  leg.up = true;
  --dialling_;
}

void Legs::close(PeerId peer) {
  auto node = by_peer_.extract(peer.value);
  if (node.empty()) return;
  if (!node.mapped().up) --dialling_;
  closed_.push_back(std::move(node));
}

Leg* Legs::find(PeerId peer) {
  const auto found = by_peer_.find(peer.value);
  return found == by_peer_.end() ? nullptr : &found->second;
}

std::uint64_t Legs::wait(std::uint64_t dialog) {
  waiting_.emplace(++last_ticket_, dialog);
  return last_ticket_;
}

std::uint64_t Legs::take_waiting() {
  if (waiting_.empty()) return 0;
  const std::uint64_t dialog = waiting_.begin()->second;
  waiting_.erase(waiting_.begin());
  return dialog;
}

}  // namespace linebridge::lb::splitter
