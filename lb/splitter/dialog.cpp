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

void Dialog::follow(const Client& from) {
  client = from.peer;
  host = from.host;
  source = from.source;
  destination = from.destination;
}

Pending* Dialog::find_pending(const sip::HeadView& response) {
  for (auto& each : pending)
    if (each.id.same_branch(response)) return &each;
  for (auto& each : pending)
    if (each.id.same_cseq(response)) return &each;
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

bool Dialog::settle_asked(const sip::HeadView& response) {
  auto found =
      std::find_if(asked.begin(), asked.end(), [&](const RequestId& id) { return id.same_branch(response); });
  if (found == asked.end())
    found =
        std::find_if(asked.begin(), asked.end(), [&](const RequestId& id) { return id.same_cseq(response); });
  if (found == asked.end()) return false;
  if (response.status() >= 200) asked.erase(found);
  return true;
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
