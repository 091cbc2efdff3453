#include "cli/joiner.hpp"

#include <algorithm>
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

void Joiner::add(view::Passed passed, Witness by) {
  Step step;
  step.way = way_of(passed);
  step.kind = kind_of(passed.text);
  step.client = by == Witness::client;
  step.front = by == Witness::front;
  step.node = by == Witness::node;
  step.order = ++orders_;
  step.passed = std::move(passed);
  if (step.client && step.way != Way::none &&
      std::find(client_dialogs_.begin(), client_dialogs_.end(), step.passed.call_id) == client_dialogs_.end()) {
    if (client_dialogs_.size() == most_client_dialogs) client_dialogs_.erase(client_dialogs_.begin());
    client_dialogs_.push_back(step.passed.call_id);
  }
  if (step.way != Way::none) {
    Step* same = nullptr;
    for (Step& there : steps_)
      if (joins(there, step) && (same == nullptr || there.passed.at_us < same->passed.at_us)) same = &there;
    if (same != nullptr) return merge(*same, std::move(step));
  }
  steps_.push_back(std::move(step));
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
  return step.client || std::find(client_dialogs_.begin(), client_dialogs_.end(), step.passed.call_id) ==
                            client_dialogs_.end();
}

void Joiner::sort() {
  std::sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
    return std::tie(a.passed.at_us, a.order) < std::tie(b.passed.at_us, b.order);
  });
}

std::vector<view::Passed> Joiner::take_first(std::size_t count) {
  std::vector<view::Passed> taken;
  for (std::size_t i = 0; i < count; ++i) {
    Step& step = steps_[i];
    for (const auto& [seen, name] :
         {std::pair(step.client, "client"), {step.front, "front"}, {step.node, "node"}})
      if (seen) step.passed.seen += (step.passed.seen.empty() ? "" : " ") + std::string(name);
    taken.push_back(std::move(step.passed));
  }
  steps_.erase(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(count));
  return taken;
}

std::vector<view::Passed> Joiner::take(std::int64_t until_us, std::int64_t now_us) {
  sort();
  const auto stays = std::find_if(steps_.begin(), steps_.end(), [&](const Step& step) {
    const std::int64_t at = step.passed.at_us;
    return at >= until_us || (!complete(step) && at + patience_us > now_us);
  });
  return take_first(static_cast<std::size_t>(stays - steps_.begin()));
}

std::vector<view::Passed> Joiner::take_all() {
  sort();
  return take_first(steps_.size());
}

}  // namespace linebridge::cli
