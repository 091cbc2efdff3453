#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "base/text.hpp"
#include "core/impl.hpp"
#include "session/refusals.hpp"

namespace linebridge::core {
namespace {

namespace refusals = session::refusals;

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

/// How long a client shall wait before it asks again: spread, so that not all come back at once.
std::string retry_after(int status, Random& random) {
  return status == 503 || status == 500 ? std::to_string(5 + random.number() % 11) : std::string();
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
  watch_output(peer);
}

void Gateway::Impl::close_peer(PeerId peer, SipPeer& from, Flush flush) {
  from.closing = true;
  out_->close(peer, flush);
}

bool Gateway::Impl::refuse_broken(PeerId peer, const SipPeer& from, const LogKind& kind, const sip::Broken& why,
                                  std::string_view head) {
  counters_.add(why.code == Errc::too_long ? Counter::sip_limit : Counter::sip_malformed);
  log_.write(kind, {{"peer", to_text(from.from.remote)}, {"rule", why.rule}, {"reason", why.reason}});
  sip::Message broken;
  const auto read = broken.head.read(head);
  if (broken.head.answerable()) {
    const bool body = why.status == 415;  // RFC 3261 section 8.2.3: then say what would do.
    const auto refusal = refusals::bad_message(why.status, why.rule, why.reason);
    answer(peer, broken, refusal.status,
           {{"Accept", body ? sip::Body::csta_type : ""},
            {"Accept-Encoding", body ? "identity" : ""},
            {"ms-diagnostics", sip::diagnostics(refusal.code, refusal.reason, settings_.name)}});
  }
  return read || !broken.head.version().empty();
}

void Gateway::Impl::stream_refused(PeerId peer, SipPeer& from, const Error& error) {
  refuse_broken(peer, from, catalogue::sip_stream_refused, {400, "framing", error.detail, error.code},
                from.framer.failed_head());
  close_peer(peer, from, Flush::yes);
}

void Gateway::Impl::message(PeerId peer, SipPeer& from, std::string_view head, std::string_view body) {
  const auto parsed = codec_.parse(head, body);
  if (parsed) {
    const sip::Message& message = *parsed.value();
    return message.is_request() ? request(peer, from, message) : response(from, message);
  }
  // What is no SIP at all ends its connection; a SIP message that is wrong does not.
  if (!refuse_broken(peer, from, catalogue::sip_message_refused, codec_.broken(), head))
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

void Gateway::Impl::refuse(PeerId peer, const SipPeer& from, const sip::Message& request,
                           const session::Refusal& why) {
  const bool signs_in = request.method() == "INVITE" && request.head.to_tag().empty();
  counters_.add(signs_in ? Counter::invites_refused : Counter::requests_refused);
  const std::string user = "sip:" + request.from.user + "@" + request.from.host;
  const std::string status = std::to_string(why.status);
  log_.write(signs_in ? catalogue::session_refused : catalogue::request_refused,
             {{"method", request.method()},
              {"user", user},
              {"sender", from.sender()},
              {"status", status},
              {"rule", why.rule},
              {"reason", why.reason},
              {"call_id", request.head.call_id()}});
  trace_parts(nullptr, "client", "node", {request.method()}, {user, " ", request.head.call_id()});
  trace_parts(nullptr, "node", "client", {status, " (", request.method(), ")"}, {why.rule, ": ", why.reason});
  const auto only = [&](int code, std::string_view value) {
    return why.status == code ? value : std::string_view{};
  };
  answer(peer, request, why.status,
         {{"Retry-After", retry_after(why.status, random_)},
          {"Accept", only(415, sip::Body::csta_type)},
          {"Allow", only(405, allowed_methods)},
          {"Unsupported", only(420, why.status == 420 ? unknown_extensions(request) : std::string())},
          {"Min-SE", only(422, "90")},
          {"ms-diagnostics", sip::diagnostics(why.code, why.reason, settings_.name)}});
}

void Gateway::Impl::request(PeerId peer, const SipPeer& from, const sip::Message& request) {
  const std::string_view method = request.method();
  if (method == "ACK") return acknowledged(request);
  const bool in_a_dialog = !request.head.to_tag().empty();
  // A health check of the front end has no sender and asks OPTIONS.
  if (!from.listed && (in_a_dialog || method != "OPTIONS"))
    return refuse(peer, from, request, refusals::not_listed(from.sender()));
  if (method == "CANCEL") return cancel(peer, from, request);
  if (const std::string unknown = unknown_extensions(request); !unknown.empty())
    return refuse(peer, from, request, refusals::extension(unknown));
  if (in_a_dialog) return in_dialog(peer, from, request);
  if (method == "INVITE") return invite(peer, from, request);
  if (method == "OPTIONS") return options(peer, request);
  if (method == "BYE" || method == "INFO" || method == "UPDATE") {
    counters_.add(Counter::sip_unknown_dialog);
    return refuse(peer, from, request, refusals::unknown_dialog());
  }
  refuse(peer, from, request, refusals::method(method));
}

// Matched by dialog: a client may number its ACK as it likes.
void Gateway::Impl::acknowledged(const sip::Message& request) {
  Session* session = find_dialog(request);
  if (session == nullptr) {
    counters_.add(Counter::sip_stray_ack);
    return log_.write(catalogue::sip_stray_ack, {{"call_id", request.head.call_id()}});
  }
  session->invite.acknowledged();
  timers_.cancel(session->ack_timer);
  trace(session, "client", "node", "ACK");
}

// Every INVITE is answered in the turn it comes in, so a CANCEL comes too late and changes nothing (RFC 3261
// section 9.2).
void Gateway::Impl::cancel(PeerId peer, const SipPeer& from, const sip::Message& request) {
  const auto key = by_dialog_key_.find(dialog_key(request.head.call_id()));
  Session* session = key == by_dialog_key_.end() ? nullptr : &sessions_.at(key->second);
  if (session == nullptr || session->dialog.remote_tag != request.head.from_tag() ||
      !session->invite.is_of(request))
    return refuse(peer, from, request, refusals::nothing_to_cancel());
  trace(session, "client", "node", "CANCEL", "its INVITE is answered");
  counters_.add(Counter::sip_messages_out);
  sip::append_answer(out_->to(peer), sip::answer_head(request, session->dialog.local_tag, false), 200, "OK",
                     {});
}

void Gateway::Impl::options(PeerId peer, const sip::Message& request) {
  // HAProxy's check reads the status, and cuts the legs of a node that says no: not before the clients are
  // told.
  answer(peer, request, stopping_ && !ending_ ? 503 : 200,
         {{"Allow", allowed_methods}, {"Accept", sip::Body::csta_type}, {"Supported", "timer"}});
}

}  // namespace linebridge::core
