#include <algorithm>

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "core/impl.hpp"
#include "session/refusals.hpp"

namespace linebridge::core {
namespace {

constexpr auto leg_life = std::chrono::seconds(32);  // 64 * T1 of RFC 3261: until the last answer came.

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
    const auto ended = session::refusals::session_ended(why);
    counters_.add(Counter::requests_refused);
    counters_.add(Counter::sip_messages_out);
    sip::append_answer(out_->to(pending.peer), pending.head, ended.status, sip::reason_phrase(ended.status),
                       {{"ms-diagnostics", sip::diagnostics(ended.code, ended.reason, settings_.name)}});
  }
  if (goodbye == Goodbye::bye) say_goodbye(session);
  timers_.add(now_ + leg_life, {TimerKind::leg, session.peer.value});
  control_.detach(session.id, actions_);
  timers_.cancel(session.events_timer);
  timers_.cancel(session.alive_timer);
  timers_.cancel(session.ack_timer);
  by_tag_.erase(session.dialog.local_tag);
  const auto key = by_dialog_key_.find(dialog_key(session.dialog.call_id));
  if (key != by_dialog_key_.end() && key->second == session.id.value) by_dialog_key_.erase(key);
  auto& mine = by_user_[session.user];
  std::erase(mine, session.id.value);
  if (mine.empty()) by_user_.erase(session.user);
  sessions_.erase(session.id.value);
  sessions_changed();
}

// The front end learns only of ends that pass it as SIP messages; a leg it cannot know to be unused would stay.
void Gateway::Impl::close_unused_leg(std::uint64_t peer) {
  const auto leg = sip_peers_.find(peer);
  if (leg == sip_peers_.end() || leg->second.closing || !leg->second.is_leg()) return;
  if (!by_dialog_key_.contains(leg->second.from.proxy->unique_id)) close_peer({peer}, leg->second, Flush::yes);
}

void Gateway::Impl::due(const TimerKey& key) {
  switch (key.kind) {
    case TimerKind::transaction: return due_transaction(key.id);
    case TimerKind::leg: return close_unused_leg(key.id);
    case TimerKind::reach: return due_reach(key.id);
    case TimerKind::output: return output_stalled({key.id});
    case TimerKind::ending: return go_on_ending();
    case TimerKind::drain: return drain_over();
    case TimerKind::events:
    case TimerKind::alive:
    case TimerKind::ack: break;
  }
  Session* session = find({key.id});
  if (session == nullptr) return;
  if (key.kind == TimerKind::alive) return due_alive(*session);
  if (key.kind == TimerKind::ack) return due_ack(*session);
  counters_.add(Counter::events_timed_out);
  if (session->events.expire(now_)) log_.write(catalogue::session_silent, {{"session", session->trace_name}});
  send_events(*session);
}

}  // namespace linebridge::core
