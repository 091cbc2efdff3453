#include <utility>

#include "base/catalogue.hpp"
#include "base/text.hpp"
#include "core/impl.hpp"
#include "session/refusals.hpp"

namespace linebridge::core {
namespace {

namespace refusals = session::refusals;
using session::Liveness;

bool of_its_user(const Session& session, const sip::Message& request) {
  const std::string_view user = std::string_view(session.user).substr(sizeof("sip:") - 1);
  const std::size_t at = user.find('@');
  return iequals(request.from.user, user.substr(0, at)) && iequals(request.from.host, user.substr(at + 1));
}

Liveness::Way way_of(const sip::SessionTimer& timer) {
  switch (timer.refresher) {
    case sip::Refresher::uac: return Liveness::Way::client_refreshes;
    case sip::Refresher::uas: return Liveness::Way::we_refresh;
    case sip::Refresher::none: break;
  }
  return Liveness::Way::we_ask;
}

}  // namespace

void Gateway::Impl::in_dialog(PeerId peer, const SipPeer& from, const sip::Message& request) {
  Session* session = find_dialog(request);
  if (session == nullptr) {
    counters_.add(Counter::sip_unknown_dialog);
    return refuse(peer, from, request, refusals::unknown_dialog());
  }
  if (!of_its_user(*session, request)) return refuse(peer, from, request, refusals::other_user());
  if (session::must_sign_in_again(link_state(*session), request.method())) {
    counters_.add(Counter::sessions_lost_link);
    end(*session, Goodbye::none, "its CTI link was lost; the client shall sign in again");
    return refuse(peer, from, request, refusals::link_lost());
  }
  const model::SessionId id = session->id;
  const bool moved = std::exchange(session->peer, peer) != peer;
  session->alive.heard();
  if (request.cseq <= session->dialog.remote_cseq) {
    counters_.add(Counter::sip_cseq_backwards);
    log_.write(catalogue::sip_cseq_backwards, {{"session", session->trace_name}});
  }
  session->dialog.remote_cseq = request.cseq;
  serve(peer, from, *session, request);
  if (!moved) return;
  // Events that waited for a connection have one now.
  if (Session* still = find(id)) send_events(*still);
}

void Gateway::Impl::serve(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request) {
  const std::string_view method = request.method();
  if (method == "INVITE" && session.invite.waits_for_ack(now_) && !session.invite.is_of(request))
    return refuse(peer, from, request, refusals::overlap());
  session.invite.acknowledged();
  timers_.cancel(session.ack_timer);
  if (method == "INFO") return info(peer, from, session, request);
  trace(&session, "client", "node", method, request.head.call_id());
  if (method == "BYE") return bye(peer, session, request);
  if (method == "INVITE" || method == "UPDATE") return refresh(peer, from, session, request);
  if (method == "OPTIONS") return options(peer, request);
  refuse(peer, from, request, refusals::method(method));
}

void Gateway::Impl::info(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request) {
  if (request.body.empty()) return answer(peer, request, 200);
  if (const auto decoded = csta_body(peer, from, request)) csta_request(peer, from, session, request, *decoded);
}

void Gateway::Impl::bye(PeerId peer, Session& session, const sip::Message& request) {
  trace(&session, "node", "client", "200 OK (BYE)");
  answer(peer, request, 200);
  end(session, Goodbye::none, "the client signed out");
}

void Gateway::Impl::refresh(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request) {
  bool with_status = false;
  if (request.method() == "INVITE" && !request.body.empty()) {
    const auto decoded = csta_body(peer, from, request);
    if (!decoded) return;
    with_status = std::holds_alternative<model::RequestSystemStatus>(decoded->request);
    session.edition = decoded->edition;
  }
  const auto timer = sip::negotiate(request, settings_.session_timer);
  if (std::holds_alternative<sip::IntervalTooSmall>(timer))
    return refuse(peer, from, request, refusals::interval());
  sip::refresh_target(session.dialog, request);
  session.refreshed = now_;
  agree_timer(session, std::get<sip::SessionTimer>(timer));
  answer_signed_in(peer, session, request, with_status);
}

void Gateway::Impl::agree_timer(Session& session, const sip::SessionTimer& timer) {
  session.timer = timer;
  session.alive.agreed(way_of(timer), timer.interval, now_);
  timers_.cancel(session.alive_timer);
  session.alive_timer = timers_.add(*session.alive.deadline(), {TimerKind::alive, session.id.value});
}

void Gateway::Impl::due_alive(Session& session) {
  const auto due = session.alive.due(now_);
  if (due == Liveness::Due::expired) {
    counters_.add(Counter::sessions_expired);
    return end(session, Goodbye::bye, "the client did not refresh in time");
  }
  if (const auto next = session.alive.deadline())
    session.alive_timer = timers_.add(*next, {TimerKind::alive, session.id.value});
  if (due == Liveness::Due::nothing) return;
  if (!reach(session)) return silent(session);
  using Kind = ClientTransaction::Kind;
  send_request(session, due == Liveness::Due::ask ? Kind::question : Kind::refresh, 0, {});
}

void Gateway::Impl::silent(Session& session) {
  if (!session.alive.silence()) return;
  counters_.add(Counter::sessions_expired);
  end(session, Goodbye::bye, "the client does not answer any more");
}

// RFC 3261 section 13.3.1.4: a client that never acknowledged and never asked for anything is not there.
void Gateway::Impl::due_ack(Session& session) {
  counters_.add(Counter::sip_no_ack);
  end(session, Goodbye::bye, "the client did not acknowledge its sign-in");
}

}  // namespace linebridge::core
