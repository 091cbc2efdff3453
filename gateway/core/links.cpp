#include "core/impl.hpp"
#include "core/link_words.hpp"

namespace linebridge::core {
namespace driver = cti::driver;

std::string& Gateway::Impl::link_buffer(std::size_t index) {
  if (link_peers_[index]) return out_->to(link_peers_[index]);
  lost_output_[index].clear();
  return lost_output_[index];
}

void Gateway::Impl::link_output() {
  cti::Pool::Output work = std::exchange(links_, std::exchange(spare_links_, {}));
  for (const auto& happened : work.events)
    link_event(happened);
  for (const auto index : work.dial) {
    const PeerId peer =
        out_->dial({settings_.cti.managers[index], std::nullopt, false, std::chrono::seconds(5)});
    link_peers_[index] = peer;
    link_of_peer_[peer.value] = index;
  }
  for (const auto index : work.close)
    if (link_peers_[index]) out_->close(link_peers_[index], Flush::yes);
  work.clear();
  if (work.events.capacity() <= most_spare) spare_links_ = std::move(work);
}

void Gateway::Impl::link_event(const cti::Pool::Happened& happened) {
  const auto [what, detail] = words(happened.event);
  trace_link(happened.link.index, false, control_.concerns(happened.link, happened.event), what, detail);
  control_.event(happened.link, happened.event, actions_);
  if (!std::holds_alternative<driver::LinkLost>(happened.event)) return;
  // What the loss ended is told first; the sessions then find themselves without a link at their next request.
  perform_all();
  control_.link_lost(happened.link);
}

void Gateway::Impl::order(const control::Order& order) {
  const std::size_t index = order.link.index;
  const auto [what, detail] = words(order.operation);
  trace_link(index, true, order.session, what, detail);
  const auto id = pool_.request(order.link, order.operation, now_, link_buffer(index), links_);
  control_.issued(order.ticket, id);
}

session::LinkState Gateway::Impl::link_state(const Session& session) const {
  const bool good = session.link.life != 0 && pool_.in_service(session.link) && control_.attached(session.id);
  return session::link_state(good, good || pool_.any_in_service());
}

}  // namespace linebridge::core
