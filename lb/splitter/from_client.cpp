#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

void Splitter::client_bytes(PeerId peer, std::string_view bytes) {
  if (Client* client = clients_.find(peer)) {
    clients_.heard(*client);
    if (client->egress) egress_sure(*client->egress);
    client->framer.push(bytes);
  }
  while (Client* client = clients_.find(peer)) {
    const auto item = client->framer.next();
    if (std::holds_alternative<sip::Framer::NeedMore>(item)) return;
    if (const auto* message = std::get_if<sip::Framer::Message>(&item)) {
      client_message(*client, *message);
    } else if (const auto* why = std::get_if<Error>(&item)) {
      client_broke(*client, *why);
    } else {
      write(*client, "\r\n");
    }
  }
}

void Splitter::client_broke(Client& client, const Error& why) {
  counters_.add(why.code == Errc::too_long ? Counter::sip_limit : Counter::sip_malformed);
  log_.write(catalogue::splitter_stream_refused, {{"peer", to_text(client.source)}, {"reason", why.detail}});
  const std::string head(client.framer.failed_head());
  if (head_.read(head) && is_complete(head_) && !head_.is_response() && head_.method() != "ACK")
    answer_here(client, head_, 400, "Bad Request");
  clients_.shut(client);
  alarms_.cancel(client.stalled);
  out_->close(client.peer, Flush::yes);
}

void Splitter::client_message(Client& client, const sip::Framer::Message& message) {
  counters_.add(Counter::sip_messages_in);
  const auto read = head_.read(message.head);
  if (!read || !is_complete(head_)) {
    counters_.add(Counter::sip_malformed);
    log_.write(catalogue::splitter_message_refused,
               {{"peer", to_text(client.source)},
                {"reason", read ? "a mandatory header is missing" : read.error().detail}});
    if (head_.answerable()) answer_here(client, head_, 400, "Bad Request");
  } else if (head_.is_response()) {
    client_response(client, message.whole());
  } else if (head_.method() == "ACK") {
    client_ack(client, message.whole());
  } else if (!answered_here(client)) {
    client_request(client, message.whole());
  }
}

bool Splitter::answered_here(Client& client) {
  if (head_.method() != "OPTIONS" || !head_.to_tag().empty()) return false;
  note(0, "client", "front", head_);
  answer_here(client, head_, 200, "OK", "Allow: INVITE, ACK, CANCEL, BYE, INFO, UPDATE, OPTIONS\r\n");
  return true;
}

bool Splitter::full(bool inside) const {
  return stopping_ || legs_.waiting() >= settings_.waiting ||
         dialogs_.size() >= (inside ? settings_.dialogs : settings_.dialogs * 95 / 100);
}

// Legs of dialogs that are over go before a client is refused, the oldest first.
void Splitter::make_room() {
  while (dialogs_.size() >= settings_.dialogs * 9 / 10 && !lingering_.empty()) {
    const std::uint64_t oldest = lingering_.front();
    lingering_.pop_front();
    if (lingers(oldest)) end(*dialogs_.find(oldest));
  }
}

// The dialog of the request in hand, placed if it is new; nothing if the request was refused.
Dialog* Splitter::dialog_for_request(Client& client) {
  std::string key = dialog_key(head_.call_id());
  if (Dialog* dialog = dialogs_.find(std::string_view(key))) return dialog;
  const bool inside = !head_.to_tag().empty();
  const bool cancel = head_.method() == "CANCEL";
  make_room();
  if (cancel || full(inside)) {
    note(0, "client", "front", head_);
    if (!cancel) {
      counters_.add(Counter::splitter_full);
      log_.write(catalogue::splitter_full, {{"peer", to_text(client.source)}, {"method", head_.method()}});
    }
    refuse(client, head_);
    return nullptr;
  }
  Dialog& dialog = open_dialog(std::move(key));
  dialog.follow(client);
  dialog.established = inside;
  dialog.tag = head_.to_tag();
  dialog.node = node_of_tag(head_.to_tag());
  open_leg(dialog, dialog.node.empty() ? "new" : dialog.node);
  return &dialog;
}

bool Splitter::over_limit(const Dialog& dialog, std::size_t bytes) const {
  return dialog.pending.size() >= settings_.pending || dialog.pending_bytes() + bytes > settings_.leg_bytes ||
         pending_bytes_ + bytes > settings_.pending_bytes;
}

void Splitter::client_request(Client& client, std::string_view text) {
  Dialog* dialog = dialog_for_request(client);
  if (dialog == nullptr) return;
  dialog->follow(client);
  alarms_.cancel(dialog->lingered);
  note(dialog->number, "client", "node", head_);
  if (over_limit(*dialog, text.size())) {
    counters_.add(Counter::splitter_full);
    if (creates_dialog(head_)) {
      refuse(client, head_);
    } else {
      answer_here(client, head_, 500, "Server Internal Error");
    }
    return settle(*dialog);
  }
  const Duration limit = head_.method() == "INVITE" ? settings_.invite_within : settings_.answer_within;
  const PeerId leg = head_.method() == "CANCEL" ? dialog->leg_for(head_) : dialog->leg;
  const std::uint64_t number = ++last_request_;
  Pending request{number,
                  id_of(head_),
                  std::string(text),
                  client.peer,
                  client.egress ? dialog->host : client.host,
                  leg,
                  creates_dialog(head_),
                  false,
                  alarms_.add(now_ + limit, {Due::What::unanswered, dialog->number, number})};
  dialog->pending.push_back(std::move(request));
  ++pending_;
  pending_bytes_ += text.size();
  send(*dialog, leg, text);
}

void Splitter::client_ack(Client& client, std::string_view text) {
  Dialog* dialog = dialogs_.find(std::string_view(dialog_key(head_.call_id())));
  if (dialog == nullptr) return counters_.add(Counter::splitter_acks_dropped);
  dialog->follow(client);
  note(dialog->number, "client", "node", head_);
  send(*dialog, dialog->leg_for(head_), text);
}

void Splitter::client_response(Client& client, std::string_view text) {
  Dialog* dialog = dialogs_.find(std::string_view(dialog_key(head_.call_id())));
  const Asked* asked = dialog != nullptr ? dialog->find_asked(head_) : nullptr;
  if (asked == nullptr) {
    counters_.add(Counter::splitter_responses_dropped);
    log_.write(catalogue::splitter_response_dropped,
               {{"peer", to_text(client.source)}, {"what", summary(head_)}, {"dialog", head_.call_id()}});
    return;
  }
  const PeerId leg = asked->leg;
  const int status = head_.status();
  if (status >= 200) dialog->settle_asked(*asked);
  dialog->follow(client);
  note(dialog->number, "client", "node", head_);
  // RFC 3261 section 12.2.1.2 and RFC 5057 section 5.1: after these the dialog is no more.
  if (status >= 200 &&
      (head_.method() == "BYE" || status == 481 || status == 404 || status == 410 || status == 604))
    dialog->established = false;
  settle(*dialog);
  send(*dialog, leg, text);
}

}  // namespace linebridge::lb::splitter
