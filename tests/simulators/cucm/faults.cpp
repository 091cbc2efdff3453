#include "tests/simulators/cucm/faults.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::cucm {

bool Faults::Rule::meets(std::int32_t message) {
  if (left == std::uint64_t{0} || !what.takes(message)) return false;
  if (left) --*left;
  ++met;
  return true;
}

Result<std::uint32_t> Faults::add(Fault fault) {
  if (rules_.size() == most) return Error{Errc::too_long, "too many faults, clear some"};
  rules_.emplace_back(std::move(fault), ++last_id_);
  return last_id_;
}

std::size_t Faults::clear(std::string_view which) {
  const auto id = to_number<std::uint32_t>(which);
  return std::erase_if(rules_, [&](const Rule& rule) {
    return which.empty() || which == "all" || (id ? rule.id == *id : rule.manager == which);
  });
}

bool Faults::concern(std::string_view manager) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.concerns(manager); });
}

Faults::Rule* Faults::meeting(FaultKind kind, std::string_view manager, std::int32_t message) {
  for (Rule& rule : rules_) {
    if (rule.kind == kind && rule.concerns(manager) && rule.meets(message)) return &rule;
  }
  return nullptr;
}

bool Faults::stalls(std::string_view manager) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Rule& rule) { return rule.kind == FaultKind::stall && rule.concerns(manager); });
}

bool Faults::silences(std::string_view manager) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    return rule.kind == FaultKind::silence && rule.what.group == MessageMatch::Group::any && !rule.left &&
           rule.concerns(manager);
  });
}

std::vector<Faults::Rule*> Faults::of(std::string_view manager) {
  std::vector<Rule*> all;
  for (Rule& rule : rules_) {
    if (rule.concerns(manager)) all.push_back(&rule);
  }
  return all;
}

void Faults::sweep() {
  std::erase_if(rules_, [](const Rule& rule) { return rule.left == std::uint64_t{0}; });
}

}  // namespace linebridge::sim::cucm
