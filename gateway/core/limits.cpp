#include "base/catalogue.hpp"
#include "core/impl.hpp"

namespace linebridge::core {
namespace {

// A peer that reads slowly is not cut at once, and one turn may write much to one that reads well; but what may
// wait has an end. Times Settings::buffer_most: a leg carries one dialog, another connection thousands.
constexpr std::size_t most_of_a_leg = 4;
constexpr std::size_t most_of_a_host = 16;

}  // namespace

void Gateway::Impl::sessions_changed() {
  const std::size_t many = sessions_.size();
  const std::string text = std::to_string(many);
  const std::string most = std::to_string(settings_.sessions);
  if (!nearly_full_ && many * 10 >= settings_.sessions * 9) {
    nearly_full_ = true;
    log_.write(catalogue::node_nearly_full, {{"sessions", text}, {"most", most}});
  } else if (nearly_full_ && many * 10 < settings_.sessions * 8) {
    nearly_full_ = false;
    log_.write(catalogue::node_has_room, {{"sessions", text}, {"most", most}});
  }
  if (many == 0 && draining_ && !stopping_) log_.write(catalogue::node_drained, {{"node", settings_.name}});
}

void Gateway::Impl::drop_peer(PeerId peer, SipPeer& from) {
  counters_.add(Counter::peers_over_buffer);
  log_.write(catalogue::peer_over_buffer,
             {{"peer", to_text(from.from.remote)}, {"bytes", std::to_string(out_->queued(peer))}});
  close_peer(peer, from, Flush::no);
}

void Gateway::Impl::watch_output(PeerId peer) {
  const auto found = sip_peers_.find(peer.value);
  if (found == sip_peers_.end() || found->second.closing) return;
  SipPeer& from = found->second;
  const std::size_t queued = out_->queued(peer);
  if (queued <= settings_.high_mark) return;
  if (queued > settings_.buffer_most * (from.is_leg() ? most_of_a_leg : most_of_a_host))
    return drop_peer(peer, from);
  if (!from.reading) return;
  from.reading = false;
  from.queued = queued;
  counters_.add(Counter::peers_paused);
  out_->read(peer, false);
  timers_.add(now_ + settings_.stalled_after, {TimerKind::output, peer.value});
}

void Gateway::Impl::output_taken(PeerId peer) {
  const auto found = sip_peers_.find(peer.value);
  if (found == sip_peers_.end() || found->second.reading) return;
  found->second.reading = true;
  out_->read(peer, true);
}

void Gateway::Impl::output_stalled(PeerId peer) {
  const auto found = sip_peers_.find(peer.value);
  if (found == sip_peers_.end() || found->second.reading || found->second.closing) return;
  SipPeer& from = found->second;
  const std::size_t queued = out_->queued(peer);
  const std::size_t most = from.is_leg() ? settings_.high_mark : settings_.buffer_most;
  if (queued >= most && queued >= from.queued) return drop_peer(peer, from);
  from.queued = queued;
  log_.write(catalogue::peer_paused, {{"peer", to_text(from.from.remote)}, {"bytes", std::to_string(queued)}});
  timers_.add(now_ + settings_.stalled_after, {TimerKind::output, peer.value});
}

void Gateway::Impl::note_monitor_limit(const Session& session, const control::Respond& respond) {
  const auto* refused = std::get_if<model::Refused>(&respond.response);
  if (refused == nullptr || (refused->error.value != model::errors::object_monitor_limit.value &&
                             refused->error.value != model::errors::monitor_limit.value))
    return;
  counters_.add(Counter::limit_monitors);
  log_.write(catalogue::limit_monitors, {{"session", session.trace_name},
                                         {"user", session.user},
                                         {"rule", "monitors of one session"},
                                         {"most", std::to_string(settings_.monitors_per_session)}});
}

}  // namespace linebridge::core
