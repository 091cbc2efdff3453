#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {
namespace {

constexpr std::size_t longest_key = 64;
constexpr std::size_t least_moving = 16;
constexpr int rounds_a_second = 50;
constexpr Duration round = std::chrono::milliseconds(1000 / rounds_a_second);
constexpr Duration first_pause = std::chrono::seconds(1);

}  // namespace

std::string_view Splitter::wrong_with(const Opened& opened) {
  const auto& proxy = opened.from.proxy;
  if (!proxy || proxy->local) return "it has no PROXY header of a dialog";
  if (proxy->unique_id.empty()) return "its PROXY header names no dialog";
  if (proxy->unique_id.size() > longest_key) return "the dialog's key is too long";
  if (other_node(proxy->authority).empty()) return "its PROXY header names no node";
  if (dialogs_.find(std::string_view(proxy->unique_id)) == nullptr && full(true)) return "too many dialogs";
  return {};
}

// A node that lost its leg, or whose splitter was started anew, comes by itself. Its connection is the dialog's
// newest leg from now on.
void Splitter::node_leg(const Opened& opened) {
  if (const auto wrong = wrong_with(opened); !wrong.empty()) {
    counters_.add(Counter::peers_refused);
    log_.write(catalogue::node_leg_refused, {{"reason", wrong}});
    return out_->close(opened.peer, Flush::no);
  }
  counters_.add(Counter::splitter_node_legs);
  Dialog& dialog = dialog_of_node(*opened.from.proxy);
  if (dialog.next) close_leg(dialog, dialog.next, Flush::yes);
  if (dialog.leg) retire(dialog, dialog.leg);
  Leg& leg = legs_.open(opened.peer, dialog.number, settings_.framing, true);
  leg.reloads = reloads_;
  dialog.leg = leg.peer;
  if (dialog.ticket == 0) return;
  // It waited for its turn to dial: what was not offered to a node yet goes here.
  legs_.leave(std::exchange(dialog.ticket, 0));
  if (!dialog.pending_on({}, true).empty()) {
    refuse_pending_on(dialog, {}, true);
    dialog.unsent.clear();
    for (const auto& each : dialog.pending)
      if (!each.leg) dialog.unsent += each.text;
  }
  for (auto& each : dialog.pending)
    if (!each.leg) each.leg = leg.peer;
  out_->to(leg.peer).append(std::exchange(dialog.unsent, {}));
}

Dialog& Splitter::dialog_of_node(const ProxyHeader& header) {
  Dialog* known = dialogs_.find(std::string_view(header.unique_id));
  Dialog& dialog = known != nullptr ? *known : open_dialog(header.unique_id);
  if (known == nullptr) {
    dialog.host = header.source.host;
    dialog.source = header.source;
    dialog.destination = header.destination;
  }
  dialog.node = header.authority;
  dialog.established = true;
  alarms_.cancel(dialog.lingered);
  return dialog;
}

// Still read for a while: what is under way on it comes to its end.
void Splitter::retire(Dialog& dialog, PeerId peer) {
  legs_.find(peer)->aged =
      alarms_.add(now_ + std::max(settings_.old_leg, round), {Due::What::aged, peer.value});
  dialog.old.push_back(peer);
  if (dialog.old.size() <= settings_.old_legs) return;
  const PeerId oldest = dialog.old.front();
  close_leg(dialog, oldest, Flush::yes);
  fail_pending_on(dialog, oldest);
}

void Splitter::aged(PeerId peer) {
  Leg* leg = legs_.find(peer);
  Dialog* dialog = leg != nullptr ? dialogs_.find(leg->dialog) : nullptr;
  if (dialog == nullptr) return;
  if (dialog->has_pending_on(peer)) {
    leg->aged = alarms_.add(now_ + std::max(settings_.old_leg, round), {Due::What::aged, peer.value});
    return;
  }
  for (auto& each : dialog->asked)
    if (dialog->leg && each.leg == peer) each.leg = dialog->leg;
  close_leg(*dialog, peer, Flush::yes);
}

// Nothing under way in either direction. What OCS has not answered in the longest time it will not.
bool Splitter::idle(const Dialog& dialog) {
  const Leg* leg = legs_.find(dialog.leg);
  if (leg == nullptr || !leg->up || !leg->framer.empty() || out_->queued(leg->peer) > 0) return false;
  return dialog.established && dialog.pending.empty() &&
         std::none_of(dialog.asked.begin(), dialog.asked.end(),
                      [&](const Asked& each) { return now_ - each.at < settings_.answer_within; });
}

bool Splitter::wants_move(const Dialog& dialog) {
  const Leg* leg = legs_.find(dialog.leg);
  const Leg* next = legs_.find(dialog.next);
  if (leg == nullptr || leg->reloads == reloads_ || (next != nullptr && next->reloads == reloads_))
    return false;
  return dialog.established || !dialog.pending.empty();
}

void Splitter::plan_moves() {
  if (!moves_.empty() && !move_some_ && !stopping_)
    move_some_ = alarms_.add(now_ + round, {Due::What::move_some});
}

// HAProxy counts legs, not dialogs: those of both kinds must not make it refuse new dialogs.
std::size_t Splitter::room_to_move() const {
  const std::size_t most = settings_.dialogs * 9 / 10;
  const std::size_t room = most > dialogs_.size() ? most - dialogs_.size() : 0;
  return std::min(settings_.moving, std::max(room, least_moving));
}

void Splitter::move_some() {
  move_some_ = {};
  const std::size_t looks =
      std::min(moves_.size(), std::max<std::size_t>(settings_.moves / rounds_a_second, 1));
  for (std::size_t i = 0; i < looks; ++i) {
    if (legs_.dialling() > settings_.dials / 2 || legs_.size() >= dialogs_.size() + room_to_move()) break;
    Dialog* dialog = dialogs_.find(moves_.front());
    moves_.pop_front();
    if (dialog == nullptr || !wants_move(*dialog)) continue;
    if (idle(*dialog)) {
      move(*dialog);
    } else {
      moves_.push_back(dialog->number);
    }
  }
  plan_moves();
}

void Splitter::move(Dialog& dialog) {
  if (dialog.next) close_leg(dialog, dialog.next, Flush::yes);
  alarms_.cancel(dialog.move);
  dialog.next = dial(dialog, dialog.node.empty() ? "new" : dialog.node).peer;
}

// HAProxy takes a connection before it has reached a node, so the new leg was only watched until now.
void Splitter::moved(Dialog& dialog) {
  dialog.move = {};
  if (!dialog.next) return;
  if (!idle(dialog)) {
    dialog.move = alarms_.add(now_ + std::max(settings_.trial, round), {Due::What::moved, dialog.number});
    return;
  }
  counters_.add(Counter::splitter_legs_moved);
  dialog.move_failures = 0;
  retire(dialog, dialog.leg);
  dialog.leg = std::exchange(dialog.next, {});
}

void Splitter::move_failed(Dialog& dialog) {
  counters_.add(Counter::splitter_legs_failed);
  if (++dialog.move_failures > settings_.move_tries) {
    log_.write(catalogue::leg_not_moved, {{"dialog", dialog.key}, {"node", dialog.node}});
    return;
  }
  const Duration pause = first_pause * (1U << (dialog.move_failures - 1));
  alarms_.cancel(dialog.move);
  dialog.move = alarms_.add(now_ + pause, {Due::What::move_again, dialog.number});
}

}  // namespace linebridge::lb::splitter
