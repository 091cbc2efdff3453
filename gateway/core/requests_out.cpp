#include "base/catalogue.hpp"
#include "base/text.hpp"
#include "core/impl.hpp"

namespace linebridge::core {
namespace {

constexpr auto transaction_life = std::chrono::seconds(32);  // Timer F of RFC 3261: 64 * T1.

std::string_view method_of(ClientTransaction::Kind kind) {
  switch (kind) {
    case ClientTransaction::Kind::event: return "INFO";
    case ClientTransaction::Kind::bye: return "BYE";
    case ClientTransaction::Kind::question: return "OPTIONS";
    case ClientTransaction::Kind::refresh: return "UPDATE";
  }
  return "INFO";
}

/// The dialog is gone at the client's side (RFC 3261 section 12.2.1.2, RFC 5057 section 5.1).
bool ends_dialog(int status) {
  return status == 481 || status == 404 || status == 410 || status == 604;
}

/// OCS does not take our requests: this host is not among its authorised hosts.
bool is_challenge(int status) {
  return status == 401 || status == 403 || status == 407;
}

}  // namespace

void Gateway::Impl::send_request(Session& session, ClientTransaction::Kind kind, std::uint64_t event,
                                 std::string_view body) {
  const std::uint64_t id = ++last_transaction_;
  const std::string branch = branch_prefix_ + std::to_string(id);
  const std::string_view method = method_of(kind);
  ++session.dialog.local_cseq;
  counters_.add(Counter::sip_messages_out);
  const bool timed = kind == ClientTransaction::Kind::refresh;
  sip::append_request(
      out_->to(session.peer), session.dialog, method, branch,
      {{"Supported", timed ? "timer" : ""},
       {"Session-Expires",
        timed ? std::to_string(session.timer.interval.count()) + ";refresher=uac" : std::string()}},
      {body});
  if (kind != ClientTransaction::Kind::event) trace(&session, "node", "client", method);
  transactions_.emplace(id,
                        ClientTransaction{session.id, kind, event,
                                          timers_.add(now_ + transaction_life, {TimerKind::transaction, id})});
  watch_output(session.peer);
}

ClientTransaction* Gateway::Impl::transaction_of(std::string_view branch, std::uint64_t& id) {
  if (!branch.starts_with(branch_prefix_)) return nullptr;
  const auto number = to_number<std::uint64_t>(branch.substr(branch_prefix_.size()));
  if (!number) return nullptr;
  const auto found = transactions_.find(id = *number);
  return found == transactions_.end() ? nullptr : &found->second;
}

void Gateway::Impl::response(const SipPeer& from, const sip::Message& response) {
  const int status = response.head.status();
  std::uint64_t id = 0;
  ClientTransaction* const waiting = transaction_of(response.head.top_via_branch(), id);
  if (waiting == nullptr || response.method() != method_of(waiting->kind)) {
    log_.write(catalogue::sip_stray_response, {{"status", std::to_string(status)}, {"sender", from.sender()}});
    return counters_.add(Counter::sip_stray_response);
  }
  if (status < 200) return;
  ClientTransaction done = *waiting;
  timers_.cancel(done.timer);
  transactions_.erase(id);
  goodbye_answered(id);
  if (Session* session = find(done.session)) answered(*session, done, status);
}

void Gateway::Impl::answered(Session& session, const ClientTransaction& done, int status) {
  const std::string_view method = method_of(done.kind);
  trace(&session, "client", "node", std::to_string(status) + " (" + std::string(method) + ")",
        done.kind == ClientTransaction::Kind::event ? "answers event " + std::to_string(done.event)
                                                    : std::string());
  if (ends_dialog(status))
    return end(session, Goodbye::none,
               "the client answered " + std::string(method) + " with " + std::to_string(status));
  if (is_challenge(status)) {
    counters_.add(Counter::requests_challenged);
    log_.write(catalogue::request_challenged, {{"session", session.trace_name},
                                               {"method", method},
                                               {"status", std::to_string(status)},
                                               {"sender", session.sender.host}});
  }
  if (done.kind != ClientTransaction::Kind::event) {
    if (status == 408) return silent(session);
    session.alive.heard();
    if (done.kind == ClientTransaction::Kind::refresh && status < 300) agree_timer(session, session.timer);
    return;
  }
  if (status == 408) return;
  session.alive.heard();
  counters_.add(Counter::events_answered);
  session.events.answered(done.event);
  send_events(session);
}

void Gateway::Impl::due_transaction(std::uint64_t id) {
  auto node = transactions_.extract(id);
  if (node.empty()) return;
  const auto kind = node.mapped().kind;
  Session* session = find(node.mapped().session);
  if (session == nullptr) return;
  if (kind == ClientTransaction::Kind::question || kind == ClientTransaction::Kind::refresh) silent(*session);
}

}  // namespace linebridge::core
