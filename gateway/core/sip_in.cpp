#include "base/catalogue.hpp"
#include "base/text.hpp"
#include "core/impl.hpp"
#include "csta/encode.hpp"

namespace linebridge::core {
namespace {

/// The answer to a head that could not be read: its lines as they stand (RFC 3261 section 8.2.6).
bool can_answer(const sip::Message& request) {
  return request.is_request() && request.method() != "ACK" && request.head.count("Via") > 0 &&
         request.head.count("CSeq") == 1 && request.head.count("Call-ID") == 1;
}

/// Extensions a request insists on that we do not have (RFC 3261 section 8.2.2.3).
std::string unknown_extensions(const sip::Message& request) {
  std::string unknown;
  for (const auto& line : request.head.lines()) {
    if (!sip::HeadView::same_name(line.name, "Require")) continue;
    for (const auto value : split(line.value, ','))
      if (!iequals(value, "timer") && !value.empty())
        unknown += (unknown.empty() ? "" : ", ") + std::string(value);
  }
  return unknown;
}

}  // namespace

void Gateway::Impl::sip_bytes(PeerId peer, SipPeer& from, std::string_view bytes) {
  from.framer.push(bytes);
  for (;;) {
    const auto item = from.framer.next();
    if (std::holds_alternative<sip::Framer::NeedMore>(item)) break;
    if (const auto* error = std::get_if<Error>(&item)) return stream_refused(peer, from, *error);
    if (std::holds_alternative<sip::Framer::Ping>(item)) {
      out_->to(peer).append("\r\n");
      continue;
    }
    const auto& whole = std::get<sip::Framer::Message>(item);
    counters_.add(Counter::sip_messages_in);
    message(peer, from, whole.head, whole.body);
    settle();
    if (from.closing) return;
  }
  const std::size_t queued = out_->queued(peer);
  if (queued > settings_.buffer_most) {
    counters_.add(Counter::peers_over_buffer);
    log_.write(catalogue::peer_over_buffer, {{"peer", to_text(from.from.remote)}});
    close_peer(peer, from, Flush::no);
  } else if (queued > settings_.high_mark && from.reading) {
    from.reading = false;
    out_->read(peer, false);
  }
}

void Gateway::Impl::close_peer(PeerId peer, SipPeer& from, Flush flush) {
  from.closing = true;
  out_->close(peer, flush);
}

bool Gateway::Impl::refuse_broken(PeerId peer, const SipPeer& from, const LogKind& kind, const Error& error,
                                  std::string_view head) {
  counters_.add(error.code == Errc::too_long ? Counter::sip_limit : Counter::sip_malformed);
  log_.write(kind, {{"peer", to_text(from.from.remote)}, {"reason", error.detail}});
  sip::Message broken;
  if (!broken.head.read(head)) return false;
  if (can_answer(broken))
    answer(peer, broken, 400, {{"ms-diagnostics", sip::diagnostics(50020, error.detail, settings_.name)}});
  return true;
}

void Gateway::Impl::stream_refused(PeerId peer, SipPeer& from, const Error& error) {
  refuse_broken(peer, from, catalogue::sip_stream_refused, error, from.framer.failed_head());
  close_peer(peer, from, Flush::yes);
}

void Gateway::Impl::message(PeerId peer, SipPeer& from, std::string_view head, std::string_view body) {
  const auto parsed = codec_.parse(head, body);
  if (parsed) {
    const sip::Message& message = *parsed.value();
    return message.is_request() ? request(peer, from, message) : response(message);
  }
  if (!refuse_broken(peer, from, catalogue::sip_message_refused, parsed.error(), head))
    close_peer(peer, from, Flush::yes);
}

void Gateway::Impl::answer(PeerId peer, const sip::Message& request, int status,
                           std::initializer_list<sip::Header> headers, std::string_view body) {
  counters_.add(Counter::sip_messages_out);
  const std::string tag =
      request.head.to_tag().empty() ? settings_.tag_prefix + random_.hex(96) : std::string();
  sip::append_answer(out_->to(peer), sip::answer_head(request, tag, false), status, sip::reason_phrase(status),
                     headers, {body});
}

void Gateway::Impl::request(PeerId peer, const SipPeer& from, const sip::Message& request) {
  const std::string_view method = request.method();
  const bool in_a_dialog = !request.head.to_tag().empty();
  if (method == "ACK") {
    if (const Session* session = find_dialog(request)) trace(session, "client", "node", "ACK");
    return;
  }
  if (const std::string unknown = unknown_extensions(request); !unknown.empty() && method != "CANCEL")
    return answer(peer, request, 420, {{"Unsupported", unknown}});
  if (in_a_dialog) return in_dialog(peer, request);
  if (method == "INVITE") return invite(peer, from, request);
  if (method == "OPTIONS") return options(peer, request);
  if (method == "BYE" || method == "INFO" || method == "UPDATE" || method == "CANCEL") {
    counters_.add(Counter::sip_unknown_dialog);
    return answer(peer, request, 481);
  }
  log_.write(catalogue::sip_method_unsupported, {{"method", method}, {"peer", from.sender()}});
  answer(peer, request, 405, {{"Allow", allowed_methods}});
}

void Gateway::Impl::options(PeerId peer, const sip::Message& request) {
  // HAProxy's check reads the status: only a node that is ending says no.
  answer(peer, request, stopping_ ? 503 : 200,
         {{"Allow", allowed_methods}, {"Accept", "application/csta+xml"}});
}

void Gateway::Impl::in_dialog(PeerId peer, const sip::Message& request) {
  Session* session = find_dialog(request);
  if (session != nullptr && link_state(*session) == LinkState::lost && request.method() != "BYE") {
    counters_.add(Counter::sessions_lost_link);
    end(*session, Goodbye::none, "its CTI link was lost; the client shall sign in again");
    session = nullptr;
  }
  if (session == nullptr) {
    counters_.add(Counter::sip_unknown_dialog);
    log_.write(catalogue::sip_unknown_dialog,
               {{"method", request.method()}, {"call_id", request.head.call_id()}});
    return answer(peer, request, 481);
  }
  session->peer = peer;
  if (request.cseq <= session->dialog.remote_cseq) {
    counters_.add(Counter::sip_cseq_backwards);
    log_.write(catalogue::sip_cseq_backwards, {{"session", session->trace_name}});
  }
  session->dialog.remote_cseq = request.cseq;
  const std::string_view method = request.method();
  if (method == "INFO") return info(peer, *session, request);
  trace(session, "client", "node", method, request.head.call_id());
  if (method == "BYE") return bye(peer, *session, request);
  if (method == "INVITE" || method == "UPDATE") return refresh(peer, *session, request);
  if (method == "OPTIONS") return options(peer, request);
  if (method == "CANCEL") return answer(peer, request, 481);
  log_.write(catalogue::sip_method_unsupported, {{"method", method}, {"session", session->trace_name}});
  answer(peer, request, 405, {{"Allow", allowed_methods}});
}

void Gateway::Impl::info(PeerId peer, Session& session, const sip::Message& request) {
  if (request.body.empty()) return answer(peer, request, 200);
  if (!iequals(request.content_type, sip::Body::csta_type))
    return answer(peer, request, 415, {{"Accept", sip::Body::csta_type}});
  const auto decoded = decoder_.decode(request.body);
  if (!decoded) {
    counters_.add(Counter::csta_malformed);
    log_.write(catalogue::csta_malformed,
               {{"session", session.trace_name}, {"reason", decoded.error().detail}});
    return answer(peer, request, 400,
                  {{"ms-diagnostics", sip::diagnostics(50021, decoded.error().detail, settings_.name)}});
  }
  csta_request(peer, session, request, decoded.value());
}

void Gateway::Impl::bye(PeerId peer, Session& session, const sip::Message& request) {
  trace(&session, "node", "client", "200 OK (BYE)");
  answer(peer, request, 200);
  end(session, Goodbye::none, "the client signed out");
}

void Gateway::Impl::refresh(PeerId peer, Session& session, const sip::Message& request) {
  bool with_status = false;
  if (request.method() == "INVITE" && !request.body.empty()) {
    const auto decoded = decoder_.decode(request.body);
    if (!decoded) return answer(peer, request, 400);
    with_status = std::holds_alternative<model::RequestSystemStatus>(decoded.value().request);
    session.edition = decoded.value().edition;
  }
  sip::refresh_target(session.dialog, request);
  session.refreshed = now_;
  set_expiry(session);
  const bool up = link_state(session) == LinkState::good;
  answer_signed_in(peer, session, request, up ? model::SystemStatus::normal : model::SystemStatus::disabled,
                   with_status);
}

void Gateway::Impl::response(const sip::Message& response) {
  const auto branch = by_branch_.find(response.head.top_via_branch());
  if (branch == by_branch_.end()) return counters_.add(Counter::sip_stray_response);
  const int status = response.head.status();
  if (status < 200) return;
  const ClientTransaction done = transactions_.at(branch->second);
  transactions_.erase(branch->second);
  by_branch_.erase(branch);
  Session* session = find(done.session);
  if (session == nullptr || done.event == 0) return;
  trace(session, "client", "node", std::to_string(status) + " (INFO)",
        "answers event " + std::to_string(done.event));
  if (status == 481 || status == 404 || status == 410 || status == 604)
    return end(*session, Goodbye::none, "the client answered an event with " + std::to_string(status));
  if (status == 408) return;
  counters_.add(Counter::events_answered);
  session->events.answered(done.event);
  send_events(*session);
}

}  // namespace linebridge::core
