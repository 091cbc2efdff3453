#include "cli/joiner.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace linebridge::cli {
namespace {

constexpr std::int64_t most_apart_us = 3'000'000;  // Of the times at which two witnesses saw one message.
constexpr std::size_t most_client_dialogs = 1000;

}  // namespace

std::string kind_of(std::string_view text) {
  const bool answers = !text.empty() && text.front() >= '1' && text.front() <= '6';
  std::string_view rest = text;
  const std::string_view first = take_until(rest, ' ');
  if (!answers) return std::string(first);
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::string(first);
  return std::string(first) + " " + std::string(text.substr(open + 1, close - open - 1));
}

Joiner::Way Joiner::way_of(const view::Passed& passed) {
  if (passed.call_id.empty()) return Way::none;
  if (passed.from == "client") return Way::to_node;
  return passed.to == "client" ? Way::to_client : Way::none;
}

bool Joiner::joins(const Step& there, const Step& step) {
  const bool seen = (there.client && step.client) || (there.front && step.front) || (there.node && step.node);
  const std::int64_t apart = there.passed.at_us - step.passed.at_us;
  return !seen && there.way == step.way && apart <= most_apart_us && -apart <= most_apart_us &&
         there.kind == step.kind && there.passed.call_id == step.passed.call_id;
}

void Joiner::expect_clients_within(std::int64_t late_us) {
  expect_clients_ = late_us > 0;
  waits_us_ = patience_us + late_us;
}

void Joiner::add(view::Passed passed, Witness by) {
  Step step;
  step.way = way_of(passed);
  step.kind = kind_of(passed.text);
  step.client = by == Witness::client;
  step.front = by == Witness::front;
  step.node = by == Witness::node;
  step.order = ++orders_;
  step.round = rounds_;
  step.passed = std::move(passed);
  if (step.client && step.way != Way::none &&
      std::find(client_dialogs_.begin(), client_dialogs_.end(), step.passed.call_id) == client_dialogs_.end()) {
    if (client_dialogs_.size() == most_client_dialogs) client_dialogs_.erase(client_dialogs_.begin());
    client_dialogs_.push_back(step.passed.call_id);
  }
  if (step.way == Way::none) return steps_.push_back(std::move(step));
  Step* same = nullptr;
  const auto [first, last] = by_call_.equal_range(step.passed.call_id);
  for (auto at = first; at != last; ++at) {
    Step& there = *at->second;
    if (joins(there, step) && (same == nullptr || there.passed.at_us < same->passed.at_us)) same = &there;
  }
  if (same != nullptr) return merge(*same, std::move(step));
  steps_.push_back(std::move(step));
  by_call_.emplace(steps_.back().passed.call_id, std::prev(steps_.end()));
}

/// A node says the most of a message, the front end the least. Where and when is told by a node too, else by
/// who came furthest.
void Joiner::merge(Step& there, Step step) {
  const bool newer_leads = step.node || (!there.node && step.front);
  Step& leads = newer_leads ? step : there;
  Step& other = newer_leads ? there : step;
  if (!leads.node && other.passed.text.size() > leads.passed.text.size()) {
    leads.passed.text = std::move(other.passed.text);
    leads.passed.detail = std::move(other.passed.detail);
  }
  for (auto member : {&view::Passed::session, &view::Passed::user, &view::Passed::line})
    if ((leads.passed.*member).empty()) leads.passed.*member = std::move(other.passed.*member);
  leads.client |= other.client;
  leads.front |= other.front;
  leads.node |= other.node;
  if (newer_leads) there = std::move(step);
}

/// Nobody is left who would have seen it and has not said so yet.
bool Joiner::complete(const Step& step) const {
  if (step.way == Way::none) return true;
  const bool through_front = step.passed.from != "front" && step.passed.to != "front";
  if (!step.node && through_front) return false;
  if (!step.front && expect_front_) return false;
  if (step.client || expect_clients_) return step.client;
  return std::find(client_dialogs_.begin(), client_dialogs_.end(), step.passed.call_id) ==
         client_dialogs_.end();
}

void Joiner::sort() {
  steps_.sort([](const Step& a, const Step& b) {
    return std::tie(a.passed.at_us, a.order) < std::tie(b.passed.at_us, b.order);
  });
}

view::Passed Joiner::take_first() {
  const auto first = steps_.begin();
  const auto [begin, end] = by_call_.equal_range(first->passed.call_id);
  const auto known = std::find_if(begin, end, [&](const auto& entry) { return entry.second == first; });
  if (known != end) by_call_.erase(known);
  view::Passed passed = std::move(first->passed);
  for (const auto& [seen, name] :
       {std::pair(first->client, "client"), {first->front, "front"}, {first->node, "node"}})
    if (seen) passed.seen += (passed.seen.empty() ? "" : " ") + std::string(name);
  steps_.erase(first);
  return passed;
}

std::vector<view::Passed> Joiner::take(std::int64_t until_us, std::int64_t now_us) {
  sort();
  ++rounds_;
  std::vector<view::Passed> taken;
  while (!steps_.empty()) {
    const Step& first = steps_.front();
    const std::int64_t at = first.passed.at_us;
    const bool waits = at + waits_us_ > now_us || first.round + 2 > rounds_;
    if (at >= until_us || (waits && !complete(first))) break;
    taken.push_back(take_first());
  }
  return taken;
}

std::vector<view::Passed> Joiner::take_all() {
  sort();
  std::vector<view::Passed> taken;
  while (!steps_.empty())
    taken.push_back(take_first());
  return taken;
}

}  // namespace linebridge::cli
