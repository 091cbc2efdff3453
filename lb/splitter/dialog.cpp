#include "lb/splitter/dialog.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace linebridge::lb::splitter {

std::size_t Dialog::pending_bytes() const {
  std::size_t sum = 0;
  for (const auto& each : pending)
    sum += each.text.size();
  return sum;
}

bool Dialog::has_pending_on(PeerId wanted) const {
  return std::any_of(pending.begin(), pending.end(),
                     [wanted](const Pending& each) { return each.leg == wanted; });
}

std::vector<std::uint64_t> Dialog::pending_on(PeerId wanted, bool only_replayed) const {
  std::vector<std::uint64_t> out;
  for (const auto& each : pending)
    if (each.leg == wanted && (each.replayed || !only_replayed)) out.push_back(each.number);
  return out;
}

// A connection that we made says where OCS may be called, not who speaks for it.
void Dialog::follow(const Client& from) {
  client = from.peer;
  if (from.egress && !host.empty()) return;
  host = from.host;
  source = from.source;
  destination = from.destination;
}

Pending* Dialog::find_pending(const sip::HeadView& response, PeerId on) {
  for (auto& each : pending)
    if (each.leg == on && each.id.answered_by(response)) return &each;
  return nullptr;
}

Pending Dialog::take_pending(std::uint64_t wanted) {
  const auto found = std::find_if(pending.begin(), pending.end(),
                                  [wanted](const Pending& each) { return each.number == wanted; });
  assert(found != pending.end());
  Pending taken = std::move(*found);
  pending.erase(found);
  return taken;
}

PeerId Dialog::leg_for(const sip::HeadView& request) const {
  const auto cseq = request.cseq_number();
  for (const auto& each : pending)
    if (each.id.method == "INVITE" && each.id.cseq == cseq) return each.leg;
  return request.method() == "ACK" && ack.leg && ack.cseq == cseq ? ack.leg : leg;
}

Asked* Dialog::find_asked(const sip::HeadView& response) {
  for (auto& each : asked)
    if (each.id.answered_by(response)) return &each;
  return nullptr;
}

void Dialog::settle_asked(const Asked& done) {
  asked.erase(asked.begin() + (&done - asked.data()));
}

bool Dialog::has_asked(const RequestId& id, PeerId on) const {
  return std::any_of(asked.begin(), asked.end(),
                     [&](const Asked& each) { return each.leg == on && each.id == id; });
}

void Dialog::forget_asked(const RequestId& id, PeerId on) {
  std::erase_if(asked, [&](const Asked& each) { return each.leg == on && each.id == id; });
}

void Dialog::forget_asked_on(PeerId gone) {
  std::erase_if(asked, [gone](const Asked& each) { return each.leg == gone; });
}

Dialog& Dialogs::open(std::string key) {
  Dialog& dialog = by_number_[++last_];
  dialog.number = last_;
  dialog.key = key;
  by_key_.emplace(std::move(key), last_);
  return dialog;
}

void Dialogs::close(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return;
  by_key_.erase(found->second.key);
  by_number_.erase(found);
}

Dialog* Dialogs::find(std::uint64_t number) {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &found->second;
}

Dialog* Dialogs::find(std::string_view key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : find(found->second);
}

std::vector<std::uint64_t> Dialogs::numbers() const {
  std::vector<std::uint64_t> out;
  out.reserve(by_number_.size());
  for (const auto& [number, dialog] : by_number_)
    out.push_back(number);
  return out;
}

}  // namespace linebridge::lb::splitter
