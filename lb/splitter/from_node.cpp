#include <utility>

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

void Splitter::node_bytes(PeerId peer, std::string_view bytes) {
  if (Leg* leg = legs_.find(peer)) leg->framer.push(bytes);
  while (Leg* leg = legs_.find(peer)) {
    Dialog* dialog = dialogs_.find(leg->dialog);
    if (dialog == nullptr) return;
    const auto item = leg->framer.next();
    if (std::holds_alternative<sip::Framer::NeedMore>(item)) return;
    if (const auto* message = std::get_if<sip::Framer::Message>(&item)) {
      node_message(*dialog, peer, *message);
    } else if (const auto* why = std::get_if<Error>(&item)) {
      counters_.add(why->code == Errc::too_long ? Counter::sip_limit : Counter::sip_malformed);
      out_->close(peer, Flush::no);
      leg_lost(*dialog, peer, why->detail);
    } else {
      send(*dialog, peer, "\r\n");
    }
  }
}

void Splitter::node_message(Dialog& dialog, PeerId leg, const sip::Framer::Message& message) {
  counters_.add(Counter::sip_messages_in);
  if (!head_.read(message.head) || !is_complete(head_)) {
    counters_.add(Counter::sip_malformed);
  } else if (head_.is_response()) {
    node_response(dialog, leg, message.whole());
  } else {
    node_request(dialog, leg, message.whole());
  }
}

void Splitter::node_request(Dialog& dialog, PeerId leg, std::string_view text) {
  const bool is_ack = head_.method() == "ACK";
  if (dialog_key(head_.call_id()) != dialog.key) {
    log_.write(catalogue::splitter_stray_request, {{"dialog", dialog.key}, {"other", head_.call_id()}});
    if (!is_ack) answer_node(dialog, leg, head_, 481, "Call/Transaction Does Not Exist");
    return;
  }
  if (const auto node = node_of_tag(head_.from_tag()); !node.empty()) dialog.node = node;
  if (dialog.established && dialog.tag.empty()) dialog.tag = head_.from_tag();
  if (!is_ack) {
    if (dialog.asked.size() >= settings_.pending) dialog.asked.erase(dialog.asked.begin());
    dialog.asked.push_back({id_of(head_), leg, now_});
  }
  Client* client = clients_.find_live(dialog.client, dialog.host, now_ - settings_.client_quiet);
  const bool sure = client != nullptr && (!client->egress || egress_.is_sure(*client->egress));
  if (!sure) return by_egress(dialog, leg, text);
  pass_to_client(dialog, *client, text);
}

void Splitter::pass_to_client(Dialog& dialog, Client& client, std::string_view text) {
  note(dialog.number, "node", "client", head_);
  counters_.add(Counter::sip_messages_out);
  if (!client.asked && head_.method() != "ACK") client.asked = now_;
  write(client, text);
}

void Splitter::answer_node(Dialog& dialog, PeerId leg, const sip::HeadView& request, int status,
                           std::string_view reason) {
  const std::string words = std::to_string(status) + " " + std::string(reason);
  note(dialog.number, "front", "node", words + " (" + std::string(request.method()) + ")", request.call_id());
  send(dialog, leg, answer(request, status, reason, "front-" + random_.hex(64)));
}

void Splitter::node_response(Dialog& dialog, PeerId leg, std::string_view text) {
  Pending* pending = dialog_key(head_.call_id()) == dialog.key ? dialog.find_pending(head_, leg) : nullptr;
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
  if (head_.method() == "INVITE") dialog.ack = {head_.cseq_number().value_or(0), leg};
  node_finished(dialog);
  finish_pending(dialog, pending->number);
}

// What the final response in hand means for the dialog. An older dialog of the same Call-ID may end too; the
// leg goes with the one that is established.
void Splitter::node_finished(Dialog& dialog) {
  const bool ends = head_.method() == "BYE" || head_.status() == 481;
  if (ends && (dialog.tag.empty() || head_.to_tag() == dialog.tag)) dialog.established = false;
  if (head_.method() != "INVITE" || head_.status() >= 300) return;
  dialog.established = true;
  dialog.tag = head_.to_tag();
}

// A 503 tells OCS to stay away from this address for a while, so it passes only when both nodes said it to a
// sign-in. True if the response in hand is settled here.
bool Splitter::node_unavailable(Dialog& dialog, Pending& pending) {
  if (!pending.creates) {
    answer_pending(pending, 500, "Server Internal Error");
    finish_pending(dialog, pending.number);
    return true;
  }
  const PeerId leg = pending.leg;
  if (pending.replayed || dialog.node.empty() || leg != dialog.leg) {
    if (head_.first("Retry-After")) return false;
    refuse(pending);
    finish_pending(dialog, pending.number);
    return true;
  }
  sip::HeadView invite;
  if (!invite.read(pending.text)) return false;
  note(dialog.number, "front", "node", "ACK", head_.call_id());
  out_->to(leg).append(ack(invite, head_));
  close_leg(dialog, leg, Flush::yes);
  offer_again(dialog, leg);
  return true;
}

// What is pending of `dialog` has its final answer.
void Splitter::finish_pending(Dialog& dialog, std::uint64_t number) {
  take_pending(dialog, number);
  settle(dialog);
}

void Splitter::unanswered(Dialog& dialog, std::uint64_t number) {
  for (const auto& pending : dialog.pending) {
    if (pending.number != number) continue;
    counters_.add(Counter::splitter_unanswered);
    log_.write(catalogue::splitter_unanswered, {{"method", pending.id.method}, {"dialog", dialog.key}});
    answer_pending(pending, 500, "Server Internal Error");
    take_back(dialog, pending);
    finish_pending(dialog, number);
    if (dialog.ticket == 0 || !dialog.pending.empty()) return;
    legs_.leave(std::exchange(dialog.ticket, 0));
    return fall_back(dialog);
  }
}

// What has its answer must not reach a node later.
void Splitter::take_back(Dialog& dialog, const Pending& pending) {
  Leg* leg = legs_.find(pending.leg);
  std::string& queue = leg != nullptr ? leg->unsent : dialog.unsent;
  if (const auto at = queue.find(pending.text); at != std::string::npos) queue.erase(at, pending.text.size());
}

}  // namespace linebridge::lb::splitter
