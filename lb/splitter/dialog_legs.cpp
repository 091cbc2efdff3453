#include <utility>

#include "base/catalogue.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

Dialog& Splitter::open_dialog(std::string key) {
  counters_.add(Counter::splitter_dialogs);
  return dialogs_.open(std::move(key));
}

void Splitter::open_leg(Dialog& dialog, std::string_view authority) {
  dialog.authority = authority;
  if (legs_.dialling() < settings_.dials) return dial_current(dialog);
  counters_.add(Counter::splitter_dials_waited);
  dialog.ticket = legs_.wait(dialog.number);
}

Leg& Splitter::dial(Dialog& dialog, std::string_view authority) {
  Target target;
  target.address = settings_.place;
  target.proxy =
      ProxyHeader{false, dialog.source, dialog.destination, dialog.key, std::string(authority), "", false};
  Leg& leg = legs_.open(out_->dial(target), dialog.number, settings_.framing, false);
  leg.reloads = reloads_;
  counters_.add(Counter::splitter_legs_opened);
  return leg;
}

void Splitter::dial_current(Dialog& dialog) {
  Leg& leg = dial(dialog, dialog.authority);
  leg.unsent = std::exchange(dialog.unsent, {});
  dialog.leg = leg.peer;
  dialog.ticket = 0;
  for (auto& each : dialog.pending)
    if (!each.leg) each.leg = leg.peer;
}

void Splitter::dial_waiting() {
  while (legs_.dialling() < settings_.dials && legs_.waiting() > 0)
    if (Dialog* dialog = dialogs_.find(legs_.take_waiting())) dial_current(*dialog);
}

void Splitter::leg_up(Leg& leg) {
  legs_.came_up(leg);
  out_->to(leg.peer).append(leg.unsent);
  leg.unsent = {};
  Dialog* dialog = dialogs_.find(leg.dialog);
  if (dialog != nullptr && dialog->next == leg.peer)
    dialog->move = alarms_.add(now_ + settings_.trial, {Due::What::moved, dialog->number});
  dial_waiting();
}

void Splitter::close_leg(Dialog& dialog, PeerId peer, Flush flush) {
  out_->close(peer, flush);
  leg_gone(dialog, peer);
}

void Splitter::leg_gone(Dialog& dialog, PeerId peer) {
  if (Leg* leg = legs_.find(peer)) alarms_.cancel(leg->aged);
  legs_.close(peer);
  dialog.forget_asked_on(peer);
  std::erase(dialog.old, peer);
  if (dialog.ack.leg == peer) dialog.ack = {};
  if (dialog.leg == peer) dialog.leg = {};
  if (dialog.next == peer) {
    dialog.next = {};
    alarms_.cancel(dialog.move);
  }
  dial_waiting();
}

// What it was asked goes to the other node; what only an old leg was asked cannot be answered any more.
void Splitter::leg_lost(Dialog& dialog, PeerId peer, std::string_view why) {
  const bool was_up = legs_.find(peer)->up;
  const bool was_next = peer == dialog.next;
  const bool was_newest = peer == dialog.leg;
  leg_gone(dialog, peer);
  if (was_next) return move_failed(dialog);
  if (dialog.has_pending_on(peer)) {
    counters_.add(Counter::splitter_legs_failed);
    log_.write(catalogue::splitter_leg_lost, {{"dialog", dialog.key}, {"node", dialog.node}, {"reason", why}});
    if (was_newest) {
      refuse_pending_on(dialog, peer, was_up);
      if (dialog.has_pending_on(peer)) return offer_again(dialog, peer);
    } else {
      fail_pending_on(dialog, peer);
    }
  }
  fall_back(dialog);
}

// A dialog without a newest leg goes on with another of its own, or ends.
void Splitter::fall_back(Dialog& dialog) {
  if (dialog.leg || dialog.ticket != 0) return;
  if (dialog.next) {
    alarms_.cancel(dialog.move);
    dialog.leg = std::exchange(dialog.next, {});
  } else if (!dialog.old.empty()) {
    dialog.leg = dialog.old.back();
    dialog.old.pop_back();
    alarms_.cancel(legs_.find(dialog.leg)->aged);
    moves_.push_back(dialog.number);
    plan_moves();
  } else {
    end(dialog);
  }
}

// To the other node, so that nothing is done twice by the first one in case it lives: a sign-in is taken there,
// what belongs to a dialog gets 481. While the node's name is not known HAProxy chooses.
void Splitter::offer_again(Dialog& dialog, PeerId lost) {
  counters_.add(Counter::splitter_replays);
  const std::string_view other = other_node(dialog.node);
  log_.write(catalogue::splitter_offered_again, {{"dialog", dialog.key}, {"node", other}});
  if (dialog.next) close_leg(dialog, dialog.next, Flush::yes);
  for (auto& each : dialog.pending) {
    if (each.leg != lost) continue;
    each.leg = {};
    each.replayed = true;
    dialog.unsent += each.text;
  }
  open_leg(dialog, other.empty() ? "new" : other);
}

Pending Splitter::take_pending(Dialog& dialog, std::uint64_t number) {
  Pending taken = dialog.take_pending(number);
  alarms_.cancel(taken.watchdog);
  --pending_;
  pending_bytes_ -= taken.text.size();
  return taken;
}

// What no node can take any more; with `replayed` only what was offered to two of them.
void Splitter::refuse_pending_on(Dialog& dialog, PeerId leg, bool replayed) {
  for (const auto number : dialog.pending_on(leg, replayed)) {
    log_.write(catalogue::splitter_no_node, {{"dialog", dialog.key}});
    refuse(take_pending(dialog, number));
  }
  settle(dialog);
}

void Splitter::fail_pending_on(Dialog& dialog, PeerId leg) {
  for (const auto number : dialog.pending_on(leg, false))
    answer_pending(take_pending(dialog, number), 500, "Server Internal Error");
  settle(dialog);
}

void Splitter::send(Dialog& dialog, PeerId to, std::string_view bytes) {
  counters_.add(Counter::sip_messages_out);
  Leg* leg = legs_.find(to);
  if (leg == nullptr) leg = legs_.find(dialog.leg);
  std::string& queue = leg == nullptr ? dialog.unsent : leg->up ? out_->to(leg->peer) : leg->unsent;
  queue.append(bytes);
  const std::size_t queued = leg != nullptr && leg->up ? out_->queued(leg->peer) : queue.size();
  if (queued > settings_.leg_bytes) leg_full(dialog, leg == nullptr ? PeerId{} : leg->peer);
}

void Splitter::leg_full(Dialog& dialog, PeerId leg) {
  counters_.add(Counter::peers_over_buffer);
  log_.write(catalogue::splitter_leg_full, {{"dialog", dialog.key}, {"node", dialog.node}});
  const bool newest = leg == dialog.leg;
  if (leg) close_leg(dialog, leg, Flush::no);
  fail_pending_on(dialog, leg);
  if (!newest) return;
  while (!dialog.pending.empty())
    fail_pending_on(dialog, dialog.pending.front().leg);
  end(dialog);
}

// A leg without a dialog goes after a while: the ACK of a refusal still passes.
void Splitter::settle(Dialog& dialog) {
  if (dialog.established || !dialog.pending.empty() || dialog.lingered) return;
  dialog.lingered = alarms_.add(now_ + settings_.linger, {Due::What::lingered, dialog.number});
  lingering_.push_back(dialog.number);
}

bool Splitter::lingers(std::uint64_t number) {
  const Dialog* dialog = dialogs_.find(number);
  return dialog != nullptr && dialog->lingered;
}

void Splitter::end(Dialog& dialog) {
  if (dialog.ticket != 0) legs_.leave(dialog.ticket);
  dialog.ticket = 0;
  while (!dialog.old.empty())
    close_leg(dialog, dialog.old.back(), Flush::yes);
  if (dialog.next) close_leg(dialog, dialog.next, Flush::yes);
  if (dialog.leg) close_leg(dialog, dialog.leg, Flush::yes);
  alarms_.cancel(dialog.lingered);
  alarms_.cancel(dialog.move);
  while (!dialog.pending.empty())
    take_pending(dialog, dialog.pending.front().number);
  dialogs_.close(dialog.number);
  while (!lingering_.empty() && !lingers(lingering_.front()))
    lingering_.pop_front();
}

}  // namespace linebridge::lb::splitter
