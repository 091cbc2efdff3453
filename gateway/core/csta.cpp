#include "base/catalogue.hpp"
#include "core/impl.hpp"
#include "csta/encode.hpp"
#include "csta/features.hpp"
#include "csta/trace_words.hpp"
#include "session/refusals.hpp"

namespace linebridge::core {

std::optional<csta::Decoded> Gateway::Impl::csta_body(PeerId peer, const SipPeer& from,
                                                      const sip::Message& request) {
  if (!iequals(request.content_type, sip::Body::csta_type)) {
    refuse(peer, from, request, session::refusals::body_type());
    return std::nullopt;
  }
  auto decoded = decoder_.decode(request.body);
  if (decoded) return std::move(decoded).value();
  counters_.add(Counter::csta_malformed);
  refuse(peer, from, request, session::refusals::bad_body(decoded.error().detail));
  return std::nullopt;
}

void Gateway::Impl::csta_request(PeerId peer, const SipPeer& from, Session& session,
                                 const sip::Message& request, const csta::Decoded& decoded) {
  counters_.add(Counter::csta_requests);
  ++session.requests;
  const auto said = csta::trace_words(decoded.request);
  trace_parts(&session, "client", "node", {"INFO ", said.name}, {said.about});
  const std::string branch(request.head.top_via_branch());
  for (auto& [id, pending] : session.pending) {
    if (branch.empty() || pending.transaction != branch) continue;
    pending.peer = peer;  // Sent again while the first still waits: one answer, where it was asked last.
    return;
  }
  if (session.pending.size() >= settings_.pending_per_session) {
    counters_.add(Counter::limit_pending);
    return refuse(peer, from, request, session::refusals::too_many_pending(settings_.pending_per_session));
  }

  const model::RequestId id{++last_request_};
  session.pending.emplace(id.value, Pending{peer, sip::answer_head(request, session.dialog.local_tag, false),
                                            branch, decoded.edition});
  const auto at_once = [&](model::Response response, std::string why = {}) {
    actions_.push_back(control::Respond{session.id, id, std::move(response), std::move(why)});
  };
  if (const auto refused = csta::refusal_of(decoded.request))
    return at_once(model::Refused{*refused}, "no service " + std::string(said.name));
  std::visit(Overloaded{[&](const model::RequestSystemStatus&) {
                          at_once(model::StatusAnswer{session::system_status(link_state(session))});
                        },
                        [&](const model::TellSystemStatus& told) {
                          if (told.status.value) return at_once(model::StatusNoted{});
                          at_once(model::Refused{model::errors::invalid_parameter_value},
                                  "SystemStatus without a status");
                        },
                        [&](const model::GetCstaFeatures&) { at_once(model::FeaturesAnswer{}); },
                        [&](const auto&) { control_.request(session.id, id, decoded.request, actions_); }},
             decoded.request);
}

void Gateway::Impl::settle() {
  while (!actions_.empty() || !links_.events.empty() || !links_.dial.empty() || !links_.close.empty()) {
    perform_all();
    link_output();
  }
}

/// What comes of them waits in actions_ meanwhile. The memory of both lists is kept, unless a storm made it
/// large.
void Gateway::Impl::perform_all() {
  control::Actions now = std::exchange(actions_, std::exchange(spare_actions_, {}));
  for (auto& action : now)
    perform(action);
  now.clear();
  if (now.capacity() <= most_spare) spare_actions_ = std::move(now);
}

void Gateway::Impl::perform(control::Action& action) {
  std::visit(Overloaded{[&](const control::Order& a) { order(a); },
                        [&](const control::Respond& a) { respond(a); }, [&](control::Notify& a) { notify(a); },
                        [&](const control::LineGone& a) {
                          // Kept until its next request, which gets 481, so that the client returns and the
                          // line is chosen anew.
                          if (Session* session = find(a.session)) session->link = {};
                        }},
             action);
}

void Gateway::Impl::respond(const control::Respond& respond) {
  Session* session = find(respond.session);
  if (session == nullptr) return;
  auto node = session->pending.extract(respond.request.value);
  if (node.empty()) return;
  const Pending& pending = node.mapped();
  const bool refused = std::holds_alternative<model::Refused>(respond.response);
  const auto said = csta::trace_words(respond.response);
  trace_parts(session, "node", "client", {"200 OK (INFO) ", said.name},
              {said.about, refused ? std::string_view(": ") : std::string_view{}, respond.why});
  if (refused) {
    counters_.add(Counter::csta_refused);
    note_monitor_limit(*session, respond);
    log_.write(catalogue::csta_refused, {{"session", session->trace_name}, {"error", trace_detail_}});
  }
  scratch_.clear();
  csta::append_response(scratch_, respond.response, pending.edition, settings_.csta);
  counters_.add(Counter::sip_messages_out);
  sip::append_answer(
      out_->to(pending.peer), pending.head, 200, "OK",
      {{"Contact", session->dialog.ours.contact()},
       {"ms-diagnostics", refused ? sip::diagnostics(50100, respond.why, settings_.name) : std::string()}},
      {scratch_});
  watch_output(pending.peer);
}

void Gateway::Impl::notify(control::Notify& notify) {
  Session* session = find(notify.session);
  if (session == nullptr) return;
  scratch_.clear();
  csta::append_event(scratch_, notify.monitor, notify.event, session->edition, settings_.csta);
  if (!session->events.push(scratch_)) {
    counters_.add(Counter::events_overflow);
    return end(*session, Goodbye::bye, "its event queue is full");
  }
  send_events(*session);
}

void Gateway::Impl::send_events(Session& session) {
  while (session.events.waiting() > 0 && reach(session)) {
    const auto next = session.events.take(now_);
    if (!next) break;
    counters_.add(Counter::events_sent);
    const auto said = csta::trace_words(next->body);
    trace_parts(&session, "node", "client", {"INFO ", said.name}, {said.about});
    send_request(session, ClientTransaction::Kind::event, next->number, next->body);
  }
  timers_.cancel(session.events_timer);
  if (const auto at = session.events.next_deadline())
    session.events_timer = timers_.add(*at, {TimerKind::events, session.id.value});
}

}  // namespace linebridge::core
