#include "base/catalogue.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

void Splitter::write(Client& client, std::string_view bytes) {
  out_->to(client.peer).append(bytes);
  client.written += bytes.size();
  const std::size_t queued = out_->queued(client.peer);
  if (queued > settings_.client_most) return drop(client);
  if (queued <= settings_.client_pause || !client.reading) return;
  client.reading = false;
  client.progress = client.written - queued;
  out_->read(client.peer, false);
  client.stalled = alarms_.add(now_ + settings_.client_stall, {Due::What::stalled, client.peer.value});
}

void Splitter::resume(Client& client) {
  alarms_.cancel(client.stalled);
  if (client.reading) return;
  client.reading = true;
  out_->read(client.peer, true);
}

void Splitter::stalled(PeerId peer) {
  Client* client = clients_.find(peer);
  if (client == nullptr) return;
  const std::size_t queued = out_->queued(peer);
  const std::size_t taken = client->written - queued;
  if (queued <= settings_.client_pause) return resume(*client);
  if (taken == client->progress && queued >= settings_.client_drop) return drop(*client);
  client->progress = taken;
  client->stalled = alarms_.add(now_ + settings_.client_stall, {Due::What::stalled, peer.value});
}

void Splitter::drop(Client& client) {
  counters_.add(Counter::peers_over_buffer);
  log_.write(catalogue::splitter_client_stalled, {{"peer", to_text(client.source)}});
  alarms_.cancel(client.stalled);
  clients_.shut(client);
  out_->close(client.peer, Flush::no);
}

void Splitter::answer_here(Client& client, const sip::HeadView& request, int status, std::string_view reason,
                           std::string_view extra) {
  counters_.add(Counter::splitter_local_answers);
  const std::string words = std::to_string(status) + " " + std::string(reason);
  note(0, "front", "client", words + " (" + std::string(request.method()) + ")", request.call_id());
  write(client, answer(request, status, reason, "front-" + random_.hex(64), extra));
}

// A node that cannot be reached must not make OCS avoid this address: only a sign-in gets 503 (RFC 3261
// section 21.5.4).
void Splitter::refuse(Client& client, const sip::HeadView& request) {
  if (creates_dialog(request)) {
    const auto spread = random_.up_to(settings_.retry_spread);
    const auto after = settings_.retry_least + std::chrono::duration_cast<std::chrono::seconds>(spread);
    answer_here(client, request, 503, "Service Unavailable",
                "Retry-After: " + std::to_string(after.count()) + "\r\n");
  } else if (!request.to_tag().empty() || request.method() == "CANCEL") {
    answer_here(client, request, 481, "Call/Transaction Does Not Exist");
  } else {
    answer_here(client, request, 500, "Server Internal Error");
  }
}

void Splitter::refuse(const Pending& pending) {
  Client* client = client_of(pending);
  sip::HeadView request;
  if (client != nullptr && request.read(pending.text)) refuse(*client, request);
}

Client* Splitter::client_of(const Pending& pending) {
  Client* client = clients_.find_or_other(pending.client, pending.host);
  if (client == nullptr) {
    counters_.add(Counter::splitter_responses_dropped);
    log_.write(catalogue::splitter_response_dropped,
               {{"reason", "no connection to OCS"}, {"host", pending.host}, {"what", pending.id.method}});
  }
  return client;
}

void Splitter::answer_pending(const Pending& pending, int status, std::string_view reason,
                              std::string_view extra) {
  Client* client = client_of(pending);
  sip::HeadView request;
  if (client == nullptr || !request.read(pending.text)) return;
  answer_here(*client, request, status, reason, extra);
}

}  // namespace linebridge::lb::splitter
