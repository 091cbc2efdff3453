#include "lb/splitter/clients.hpp"

#include <algorithm>
#include <utility>

namespace linebridge::lb::splitter {

Client& Clients::add(PeerId peer, std::string host, const sip::Framer::Limits& limits) {
  Client& client = by_peer_[peer.value];
  client.peer = peer;
  client.host = std::move(host);
  client.framer = sip::Framer(limits);
  client.opened = client.heard = ++moment_;
  by_host_[client.host].push_back(peer);
  return client;
}

Client& Clients::open(PeerId peer, const Origin& from, const sip::Framer::Limits& limits) {
  const Address& source = from.proxy ? from.proxy->source : from.remote;
  Client& client = add(peer, source.host, limits);
  client.source = source;
  client.destination = from.proxy ? from.proxy->destination : from.local;
  return client;
}

Client& Clients::open_own(PeerId peer, std::size_t egress, const std::string& host,
                          const sip::Framer::Limits& limits) {
  Client& client = add(peer, host, limits);
  client.egress = egress;
  return client;
}

void Clients::forget_host_of(const Client& client) {
  const auto host = by_host_.find(client.host);
  if (host == by_host_.end()) return;
  std::erase(host->second, client.peer);
  if (host->second.empty()) by_host_.erase(host);
}

void Clients::shut(Client& client) {
  client.closing = true;
  forget_host_of(client);
}

void Clients::close(PeerId peer) {
  const auto found = by_peer_.find(peer.value);
  if (found == by_peer_.end()) return;
  forget_host_of(found->second);
  by_peer_.erase(found);
}

Client* Clients::find(PeerId peer) {
  const auto found = by_peer_.find(peer.value);
  return found == by_peer_.end() || found->second.closing ? nullptr : &found->second;
}

std::vector<PeerId> Clients::peers() const {
  std::vector<PeerId> out;
  for (const auto& [number, client] : by_peer_)
    out.push_back(client.peer);
  return out;
}

Client* Clients::newest_of(const std::string& host) {
  const auto found = by_host_.find(host);
  return found == by_host_.end() ? nullptr : find(found->second.back());
}

Client* Clients::find_or_other(PeerId peer, const std::string& host) {
  Client* client = find(peer);
  return client != nullptr ? client : newest_of(host);
}

Client* Clients::find_live(PeerId peer, const std::string& host, TimePoint owes_since) {
  Client* known = find(peer);
  Client* newest = newest_of(host);
  if (known == nullptr || newest == nullptr) return known == nullptr ? newest : known;
  const bool owes = known->asked && *known->asked <= owes_since;
  return owes && newest->opened > known->heard ? newest : known;
}

}  // namespace linebridge::lb::splitter
