#include "core/gateway.hpp"

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "core/impl.hpp"

namespace linebridge::core {

namespace {

csta::XmlSalt salt_from(Random& random) {
  csta::XmlSalt salt;
  random.bytes(salt);
  return salt;
}

}  // namespace

std::string_view SipPeer::sender() const {
  return from.proxy ? from.proxy->source.host : from.remote.host;
}

Gateway::Impl::Impl(Settings settings, std::shared_ptr<const users::Directory> users, Random& random,
                    Counters& counters, Log& log)
    : settings_(std::move(settings)),
      users_(std::move(users)),
      random_(random),
      counters_(counters),
      log_(log),
      reception_(settings_.reception),
      codec_(settings_.head),
      decoder_(salt_from(random_)),
      control_({settings_.monitors_per_session}, random),
      pool_(settings_.cti, random, counters, log),
      trace_(settings_.trace_bytes),
      link_peers_(settings_.cti.managers.size()),
      lost_output_(settings_.cti.managers.size()),
      branch_prefix_("z9hG4bK-" + settings_.tag_prefix + random.hex(64) + "-") {}

Gateway::Gateway(Settings settings, std::shared_ptr<const users::Directory> users, Random& random,
                 Counters& counters, Log& log)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(users), random, counters, log)) {}
Gateway::~Gateway() = default;

void Gateway::start(TimePoint now, Outbox& out) {
  impl_->now_ = impl_->started_ = now;
  impl_->out_ = &out;
  impl_->pool_.start(now, impl_->links_);
  impl_->settle();
}

void Gateway::on(const Input& input, TimePoint now, Outbox& out) {
  Impl& in = *impl_;
  in.now_ = now;
  in.out_ = &out;
  std::visit(
      Overloaded{[&](const Opened& i) { in.opened(i); }, [&](const Bytes& i) { in.bytes(i); },
                 [&](const Closed& i) { in.closed(i); }, [&](const Drained& i) { in.output_taken(i.peer); },
                 [&](const Tick&) { in.tick(); }, [&](const Stop& i) { in.stop(i.by); },
                 [&](const UsersChanged& i) { in.users_ = i.now; }, [&](const Asked& i) { in.asked(i); }},
      input);
  in.settle();
}

std::optional<TimePoint> Gateway::next_deadline() const {
  const auto own = impl_->timers_.next();
  const auto links = impl_->pool_.next_deadline();
  if (!own || !links) return own ? own : links;
  return std::min(*own, *links);
}

bool Gateway::finished() const {
  return impl_->finished();
}

void Gateway::Impl::opened(const Opened& input) {
  if (const auto link = link_of_peer_.find(input.peer.value); link != link_of_peer_.end()) {
    trace_link(link->second, true, {}, "connected", to_text(settings_.cti.managers[link->second]));
    return pool_.opened(link->second, now_, out_->to(input.peer), links_);
  }
  if (input.from.listener == Listener::agent) {
    out_->to(input.peer).append(agent_line());
    return out_->close(input.peer, Flush::yes);
  }
  if (own_opened(input)) return;
  const auto [peer, fresh] =
      sip_peers_.emplace(input.peer.value, SipPeer{sip::Framer(settings_.framing), input.from});
  peer->second.listed = reception_.is_listed(peer->second.sender());
  if (!peer->second.is_leg()) return;
  // A new leg of a dialog we have: bound before any SIP byte, so that events take it at once.
  const auto known = by_dialog_key_.find(input.from.proxy->unique_id);
  if (known == by_dialog_key_.end()) return;
  Session& session = sessions_.at(known->second);
  session.peer = input.peer;
  send_events(session);
}

void Gateway::Impl::bytes(const Bytes& input) {
  if (const auto link = link_of_peer_.find(input.peer.value); link != link_of_peer_.end())
    return pool_.received(link->second, input.bytes, now_, out_->to(input.peer), links_);
  const auto peer = sip_peers_.find(input.peer.value);
  if (peer != sip_peers_.end() && !peer->second.closing) sip_bytes(input.peer, peer->second, input.bytes);
}

void Gateway::Impl::closed(const Closed& input) {
  if (auto link = link_of_peer_.extract(input.peer.value); !link.empty()) {
    link_peers_[link.mapped()] = {};
    return pool_.closed(link.mapped(), input.why, now_, links_);
  }
  if (own_closed(input)) return;
  // The end of a connection means nothing for its dialogs: their events wait for the next one.
  sip_peers_.erase(input.peer.value);
}

void Gateway::Impl::tick() {
  while (const auto key = timers_.pop(now_))
    due(*key);
  for (auto index = pool_.due(now_); index; index = pool_.due(now_)) {
    pool_.tick(*index, now_, link_buffer(*index), links_);
    settle();
  }
}

}  // namespace linebridge::core
