#include <algorithm>

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "core/impl.hpp"

namespace linebridge::core {
namespace {

constexpr auto transaction_life = std::chrono::seconds(32);  // Timer F of RFC 3261: 64 * T1.

}  // namespace

Session* Gateway::Impl::find(model::SessionId id) {
  const auto found = sessions_.find(id.value);
  return found == sessions_.end() ? nullptr : &found->second;
}

Session* Gateway::Impl::find_dialog(const sip::Message& request) {
  const auto tag = by_tag_.find(request.head.to_tag());
  if (tag == by_tag_.end()) return nullptr;
  Session& session = sessions_.at(tag->second);
  return session.dialog.belongs(request) ? &session : nullptr;
}

void Gateway::Impl::end(Session& session, Goodbye goodbye, std::string_view why) {
  log_.write(catalogue::session_ended,
             {{"session", session.trace_name}, {"user", session.user}, {"reason", why}});
  trace(&session, "node", "node", "session ended", why);
  // RFC 3261 section 15.1.2: what still waits gets its answer too.
  for (const auto& [id, pending] : session.pending) {
    counters_.add(Counter::sip_messages_out);
    sip::append_answer(out_->to(pending.peer), pending.head, 487, sip::reason_phrase(487), {}, {});
  }
  if (goodbye == Goodbye::bye && reachable(session)) send_request(session, "BYE", 0, {});
  timers_.add(now_ + transaction_life, {TimerKind::leg, session.peer.value});
  control_.detach(session.id, actions_);
  timers_.cancel(session.events_timer);
  timers_.cancel(session.expiry_timer);
  by_tag_.erase(session.dialog.local_tag);
  const auto key = by_dialog_key_.find(dialog_key(session.dialog.call_id));
  if (key != by_dialog_key_.end() && key->second == session.id.value) by_dialog_key_.erase(key);
  auto& mine = by_user_[session.user];
  std::erase(mine, session.id.value);
  if (mine.empty()) by_user_.erase(session.user);
  sessions_.erase(session.id.value);
}

bool Gateway::Impl::reachable(const Session& session) const {
  const auto peer = sip_peers_.find(session.peer.value);
  return peer != sip_peers_.end() && !peer->second.closing;
}

// The front end learns only of ends that pass it as SIP messages; a leg it cannot know to be unused would stay.
void Gateway::Impl::close_unused_leg(std::uint64_t peer) {
  const auto leg = sip_peers_.find(peer);
  if (leg == sip_peers_.end() || leg->second.closing || !leg->second.is_leg()) return;
  if (!by_dialog_key_.contains(leg->second.from.proxy->unique_id)) close_peer({peer}, leg->second, Flush::yes);
}

void Gateway::Impl::send_request(Session& session, std::string_view method, std::uint64_t event,
                                 std::string_view body) {
  const std::uint64_t id = ++last_transaction_;
  const std::string branch = branch_prefix_ + std::to_string(id);
  ++session.dialog.local_cseq;
  counters_.add(Counter::sip_messages_out);
  sip::append_request(out_->to(session.peer), session.dialog, method, branch, {}, {body});
  if (event == 0) trace(&session, "node", "client", method);
  transactions_.emplace(id, ClientTransaction{session.id, event, branch});
  by_branch_.emplace(branch, id);
  timers_.add(now_ + transaction_life, {TimerKind::transaction, id});
}

void Gateway::Impl::set_expiry(Session& session) {
  timers_.cancel(session.expiry_timer);
  // A client without session timer is watched by OPTIONS; that is not part of this node yet.
  if (session.timer)
    session.expiry_timer = timers_.add(now_ + session.interval, {TimerKind::expiry, session.id.value});
}

void Gateway::Impl::due(const TimerKey& key) {
  if (key.kind == TimerKind::transaction) {
    const auto found = transactions_.find(key.id);
    if (found == transactions_.end()) return;
    by_branch_.erase(found->second.branch);
    transactions_.erase(found);
    return;
  }
  if (key.kind == TimerKind::leg) return close_unused_leg(key.id);
  Session* session = find({key.id});
  if (session == nullptr) return;
  if (key.kind == TimerKind::expiry) {
    counters_.add(Counter::sessions_expired);
    return end(*session, Goodbye::bye, "the client did not refresh in time");
  }
  counters_.add(Counter::events_timed_out);
  if (session->events.expire(now_)) log_.write(catalogue::session_silent, {{"session", session->trace_name}});
  send_events(*session);
}

}  // namespace linebridge::core
