#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

void Splitter::node_bytes(PeerId peer, std::string_view bytes) {
  if (const auto leg = legs_.find(peer.value); leg != legs_.end()) leg->second.framer.push(bytes);
  for (auto leg = legs_.find(peer.value); leg != legs_.end(); leg = legs_.find(peer.value)) {
    Dialog* dialog = dialogs_.find(leg->second.dialog);
    if (dialog == nullptr) return;
    const auto item = leg->second.framer.next();
    if (std::holds_alternative<sip::Framer::NeedMore>(item)) return;
    if (const auto* message = std::get_if<sip::Framer::Message>(&item)) {
      node_message(*dialog, *message);
    } else if (const auto* why = std::get_if<Error>(&item)) {
      counters_.add(why->code == Errc::too_long ? Counter::sip_limit : Counter::sip_malformed);
      out_->close(peer, Flush::no);
      leg_lost(*dialog, why->detail);
    } else {
      send(*dialog, "\r\n");
    }
  }
}

void Splitter::node_message(Dialog& dialog, const sip::Framer::Message& message) {
  counters_.add(Counter::sip_messages_in);
  if (!head_.read(message.head) || !is_complete(head_)) {
    counters_.add(Counter::sip_malformed);
  } else if (head_.is_response()) {
    node_response(dialog, message.whole());
  } else {
    node_request(dialog, message.whole());
  }
}

void Splitter::node_request(Dialog& dialog, std::string_view text) {
  const bool is_ack = head_.method() == "ACK";
  if (dialog_key(head_.call_id()) != dialog.key) {
    log_.write(catalogue::splitter_stray_request, {{"dialog", dialog.key}, {"other", head_.call_id()}});
    if (!is_ack)
      send(dialog, answer(head_, 481, "Call/Transaction Does Not Exist", "front-" + random_.hex(64)));
    return;
  }
  if (const auto node = node_of_tag(head_.from_tag()); !node.empty()) dialog.node = node;
  Client* client = clients_.find_or_other(dialog.client, dialog.host);
  if (client == nullptr) {
    counters_.add(Counter::splitter_no_client);
    log_.write(catalogue::splitter_no_client, {{"host", dialog.host}, {"dialog", dialog.key}});
    if (head_.method() == "BYE") dialog.established = false;
    settle(dialog);
    if (!is_ack) send(dialog, answer(head_, 480, "Temporarily Unavailable", "front-" + random_.hex(64)));
    return;
  }
  if (!is_ack) dialog.asked.push_back(id_of(head_));
  if (dialog.asked.size() > settings_.pending) dialog.asked.pop_front();
  note(dialog.number, "node", "client", head_);
  counters_.add(Counter::sip_messages_out);
  write(*client, text);
}

void Splitter::node_response(Dialog& dialog, std::string_view text) {
  Pending* pending = dialog_key(head_.call_id()) == dialog.key ? dialog.find_pending(head_) : nullptr;
  if (pending == nullptr) {
    counters_.add(Counter::splitter_responses_dropped);
    log_.write(catalogue::splitter_response_dropped,
               {{"from", "node"}, {"what", summary(head_)}, {"dialog", dialog.key}});
    return;
  }
  if (const auto node = node_of_tag(head_.to_tag()); !node.empty()) dialog.node = node;
  note(dialog.number, "node", "client", head_);
  const int status = head_.status();
  if (status == 503 && node_unavailable(dialog, *pending)) return;
  if (Client* client = client_of(*pending)) {
    counters_.add(Counter::sip_messages_out);
    write(*client, text);
  }
  if (status < 200) return;
  // An older dialog of the same Call-ID may end too; the leg goes with the one that is established.
  if ((head_.method() == "BYE" || status == 481) && head_.to_tag() == dialog.tag) dialog.established = false;
  if (head_.method() == "INVITE" && status < 300) {
    dialog.established = true;
    dialog.tag = head_.to_tag();
  }
  finish_pending(dialog, pending->number);
}

// A 503 tells OCS to stay away from this address for a while, so it passes only when both nodes said it to a
// sign-in. True if the response in hand is settled here.
bool Splitter::node_unavailable(Dialog& dialog, Pending& pending) {
  if (!pending.creates) {
    answer_pending(pending, 500, "Server Internal Error");
    finish_pending(dialog, pending.number);
    return true;
  }
  if (dialog.replayed || dialog.node.empty()) {
    if (head_.first("Retry-After")) return false;
    refuse(pending);
    finish_pending(dialog, pending.number);
    return true;
  }
  sip::HeadView invite;
  if (!invite.read(pending.text)) return false;
  note(dialog.number, "front", "node", "ACK", dialog.key);
  out_->to(dialog.leg).append(ack(invite, head_));
  drop_leg(dialog, Flush::yes);
  offer_again(dialog);
  return true;
}

// What is pending of `dialog` has its final answer.
void Splitter::finish_pending(Dialog& dialog, std::uint64_t number) {
  Pending done = dialog.take_pending(number);
  alarms_.cancel(done.watchdog);
  --pending_;
  pending_bytes_ -= done.text.size();
  dialog.replayed = false;
  settle(dialog);
}

void Splitter::unanswered(Dialog& dialog, std::uint64_t number) {
  for (const auto& pending : dialog.pending) {
    if (pending.number != number) continue;
    counters_.add(Counter::splitter_unanswered);
    log_.write(catalogue::splitter_unanswered, {{"method", pending.id.method}, {"dialog", dialog.key}});
    answer_pending(pending, 500, "Server Internal Error");
    return finish_pending(dialog, number);
  }
}

}  // namespace linebridge::lb::splitter
