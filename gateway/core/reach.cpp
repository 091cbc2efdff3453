#include <algorithm>

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "core/impl.hpp"

namespace linebridge::core {
namespace {

constexpr Duration first_pause = std::chrono::seconds(1), longest_pause = std::chrono::seconds(60);

}  // namespace

bool Gateway::Impl::usable(PeerId id) const {
  const auto peer = sip_peers_.find(id.value);
  return peer != sip_peers_.end() && !peer->second.closing;
}

// Behind the front end the dialog gets a new leg. Else the top route is dialled: where it names no address of
// the incoming list, the host that the sign-in came from, with the route's port, so that no peer can send us
// elsewhere. With TLS it must show the certificate's name that the sign-in came under, if it came under one.
std::optional<WayBack> Gateway::Impl::way_back(const Session& session) const {
  if (session.on_leg) {
    if (settings_.node_side.host.empty()) return std::nullopt;
    ProxyHeader header;
    header.source = session.sender;
    header.destination = {session.dialog.ours.host, session.dialog.ours.port};
    header.unique_id = dialog_key(session.dialog.call_id);
    header.authority = settings_.tag_prefix.substr(0, settings_.tag_prefix.find('-'));
    return WayBack{{settings_.node_side, std::move(header)}, false};
  }
  auto hop = sip::next_hop(session.dialog);
  if (!hop) return std::nullopt;
  Target target{hop->address, std::nullopt, hop->tls};
  if (!reception_.is_listed(hop->address.host)) target.address.host = session.sender.host;
  if (hop->tls) target.tls_host = session.sender_name.empty() ? hop->address.host : session.sender_name;
  return WayBack{std::move(target), true};
}

OwnConnection* Gateway::Impl::own_connection(const Session& session) {
  const auto way = way_back(session);
  if (!way) return nullptr;
  const std::string key =
      way->shared ? to_text(way->target.address) + (way->target.tls ? " tls " + way->target.tls_host : "")
                  : way->target.proxy->unique_id;
  const auto [known, fresh] = own_by_target_.try_emplace(key, last_own_ + 1);
  if (!fresh) return &own_.at(known->second);
  OwnConnection& made = own_[++last_own_];
  made.key = key;
  made.target = way->target;
  dial_ocs(last_own_, made);
  return &made;
}

bool Gateway::Impl::reach(Session& session) {
  if (usable(session.peer)) return true;
  OwnConnection* own = own_connection(session);
  if (own == nullptr) return false;
  if (usable(own->peer)) {
    session.peer = own->peer;
    return true;
  }
  if (std::find(own->waiting.begin(), own->waiting.end(), session.id.value) == own->waiting.end())
    own->waiting.push_back(session.id.value);
  return false;
}

// The session does not outlive this, so its BYE is written before the connection is up.
void Gateway::Impl::say_goodbye(Session& session) {
  if (!usable(session.peer)) {
    const OwnConnection* own = stopping_ ? nullptr : own_connection(session);
    if (own == nullptr || !own->peer) return;
    session.peer = own->peer;
  }
  send_request(session, ClientTransaction::Kind::bye, 0, {});
}

void Gateway::Impl::dial_ocs(std::uint64_t id, OwnConnection& own) {
  counters_.add(Counter::own_connections);
  own.peer = out_->dial(own.target);
  own_by_peer_[own.peer.value] = id;
}

bool Gateway::Impl::own_opened(const Opened& input) {
  const auto found = own_by_peer_.find(input.peer.value);
  if (found == own_by_peer_.end()) return false;
  OwnConnection& own = own_.at(found->second);
  own.up = true;
  own.pause = {};
  Origin from = input.from;
  from.remote = own.target.address;
  from.proxy = own.target.proxy;
  from.tls = own.target.tls;
  sip_peers_.emplace(input.peer.value, SipPeer{sip::Framer(settings_.framing), std::move(from), true});
  log_.write(catalogue::own_connection_up, {{"address", to_text(own.target.address)}});
  for (const auto id : std::exchange(own.waiting, {})) {
    Session* session = find({id});
    if (session == nullptr || usable(session->peer)) continue;
    session->peer = input.peer;
    send_events(*session);
  }
  return true;
}

bool Gateway::Impl::own_closed(const Closed& input) {
  const auto node = own_by_peer_.extract(input.peer.value);
  if (node.empty()) return false;
  const std::uint64_t id = node.mapped();
  OwnConnection& own = own_.at(id);
  own.peer = {};
  if (own.up) {  // Made anew when it is wanted.
    own_by_target_.erase(own.key);
    own_.erase(id);
    return false;
  }
  counters_.add(Counter::own_connections_failed);
  log_.write(catalogue::own_connection_failed, {{"address", to_text(own.target.address)}});
  own.pause = std::min(std::max(own.pause * 2, first_pause), longest_pause);
  timers_.add(now_ + own.pause, {TimerKind::reach, id});
  return true;
}

void Gateway::Impl::due_reach(std::uint64_t id) {
  const auto found = own_.find(id);
  if (found == own_.end()) return;
  OwnConnection& own = found->second;
  const bool wanted = std::any_of(own.waiting.begin(), own.waiting.end(), [&](std::uint64_t waiting) {
    const Session* session = find({waiting});
    return session != nullptr && !usable(session->peer) && session->events.waiting() > 0;
  });
  if (wanted) return dial_ocs(id, own);
  own_by_target_.erase(own.key);
  own_.erase(found);
}

}  // namespace linebridge::core
