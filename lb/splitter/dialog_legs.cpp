#include "base/catalogue.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

Dialog& Splitter::open_dialog(const Client& client, std::string key) {
  Dialog& dialog = dialogs_.open(std::move(key));
  dialog.follow(client);
  counters_.add(Counter::splitter_dialogs);
  return dialog;
}

void Splitter::open_leg(Dialog& dialog, std::string_view authority) {
  dialog.authority = authority;
  if (dialling_ < settings_.dials) return dial(dialog);
  dialog.state = Dialog::Leg::waiting;
  waiting_.push_back(dialog.number);
}

void Splitter::dial(Dialog& dialog) {
  Target target;
  target.address = settings_.place;
  target.proxy = ProxyHeader{false, dialog.source, dialog.destination, dialog.key, dialog.authority, ""};
  dialog.leg = out_->dial(target);
  dialog.state = Dialog::Leg::dialled;
  legs_.emplace(dialog.leg.value, Leg{dialog.number, sip::Framer(settings_.framing)});
  ++dialling_;
  counters_.add(Counter::splitter_legs_opened);
}

void Splitter::dial_waiting() {
  while (dialling_ < settings_.dials && !waiting_.empty()) {
    Dialog* dialog = dialogs_.find(waiting_.front());
    waiting_.pop_front();
    if (dialog != nullptr && dialog->state == Dialog::Leg::waiting) dial(*dialog);
  }
}

void Splitter::leg_up(Dialog& dialog) {
  dialog.state = Dialog::Leg::up;
  --dialling_;
  out_->to(dialog.leg).append(dialog.unsent);
  dialog.unsent = {};
  dial_waiting();
}

void Splitter::detach_leg(Dialog& dialog) {
  if (dialog.leg) buried_.push_back(legs_.extract(dialog.leg.value));
  if (dialog.state == Dialog::Leg::dialled) --dialling_;
  dialog.leg = {};
  dialog.state = Dialog::Leg::none;
  dialog.unsent = {};
  dialog.asked.clear();
  dial_waiting();
}

void Splitter::drop_leg(Dialog& dialog, Flush flush) {
  if (dialog.leg) out_->close(dialog.leg, flush);
  detach_leg(dialog);
}

void Splitter::leg_lost(Dialog& dialog, std::string_view why) {
  const bool was_up = dialog.state == Dialog::Leg::up;
  detach_leg(dialog);
  if (dialog.pending.empty()) return end(dialog);
  counters_.add(Counter::splitter_legs_failed);
  log_.write(catalogue::splitter_leg_lost, {{"dialog", dialog.key}, {"node", dialog.node}, {"reason", why}});
  if (was_up && !dialog.replayed) return offer_again(dialog);
  give_up(dialog);
}

// To the other node, so that nothing is done twice by the first one in case it lives: a sign-in is taken there,
// what belongs to a dialog gets 481. While the node's name is not known HAProxy chooses.
void Splitter::offer_again(Dialog& dialog) {
  counters_.add(Counter::splitter_replays);
  const std::string_view other = other_node(dialog.node);
  log_.write(catalogue::splitter_offered_again, {{"dialog", dialog.key}, {"node", other}});
  dialog.replayed = true;
  for (const auto& each : dialog.pending)
    dialog.unsent += each.text;
  open_leg(dialog, other.empty() ? "new" : other);
}

void Splitter::give_up(Dialog& dialog) {
  log_.write(catalogue::splitter_no_node, {{"dialog", dialog.key}});
  for (const auto& each : dialog.pending)
    refuse(each);
  end(dialog);
}

void Splitter::send(Dialog& dialog, std::string_view bytes) {
  counters_.add(Counter::sip_messages_out);
  const bool up = dialog.state == Dialog::Leg::up;
  std::string& queue = up ? out_->to(dialog.leg) : dialog.unsent;
  queue.append(bytes);
  const std::size_t queued = up ? out_->queued(dialog.leg) : queue.size();
  if (queued > settings_.leg_bytes) leg_full(dialog);
}

void Splitter::leg_full(Dialog& dialog) {
  counters_.add(Counter::peers_over_buffer);
  log_.write(catalogue::splitter_leg_full, {{"dialog", dialog.key}, {"node", dialog.node}});
  drop_leg(dialog, Flush::no);
  for (const auto& each : dialog.pending)
    answer_pending(each, 500, "Server Internal Error");
  end(dialog);
}

// A leg without a dialog goes after a while: the ACK of a refusal still passes.
void Splitter::settle(Dialog& dialog) {
  if (dialog.established || !dialog.pending.empty() || dialog.lingered) return;
  dialog.lingered = alarms_.add(now_ + settings_.linger, {Due::What::lingered, dialog.number});
}

void Splitter::end(Dialog& dialog) {
  drop_leg(dialog, Flush::yes);
  alarms_.cancel(dialog.lingered);
  for (auto& each : dialog.pending) {
    alarms_.cancel(each.watchdog);
    --pending_;
    pending_bytes_ -= each.text.size();
  }
  dialogs_.close(dialog.number);
}

}  // namespace linebridge::lb::splitter
