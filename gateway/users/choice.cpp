#include "users/choice.hpp"

#include <algorithm>
#include <optional>

namespace linebridge::users {
namespace {

using Indexes = std::vector<std::size_t>;

template <class Keep>
Indexes filtered(const Indexes& from, Keep keep) {
  Indexes out;
  std::copy_if(from.begin(), from.end(), std::back_inserter(out), keep);
  return out;
}

/// LCS with two candidates: an IP Communicator wins while it is registered and loses while it is not.
std::optional<std::size_t> by_communicator(const Indexes& left, const std::vector<Candidate>& candidates) {
  if (left.size() != 2) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i) {
    const Candidate& one = candidates[left[i]];
    if (one.ip_communicator && !candidates[left[1 - i]].ip_communicator)
      return one.registered ? left[i] : left[1 - i];
  }
  return std::nullopt;
}

std::size_t first_by_name(const Indexes& left, const std::vector<Candidate>& candidates) {
  return *std::min_element(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
    return candidates[a].device < candidates[b].device;
  });
}

std::string names(const Indexes& left, const std::vector<Candidate>& candidates) {
  std::string out;
  for (const auto i : left) {
    if (!out.empty()) out += ", ";
    out += candidates[i].device;
    if (!candidates[i].partition.empty()) out += " (partition " + candidates[i].partition + ")";
  }
  return out;
}

std::variant<Chosen, NotChosen> decide(const User& user, const Indexes& left,
                                       const std::vector<Candidate>& candidates,
                                       const ChoiceSettings& settings) {
  if (left.size() == 1) return Chosen{left.front(), "the only candidate"};
  if (settings.server == ServerType::lcs) {
    if (const auto index = by_communicator(left, candidates))
      return Chosen{*index, "IP Communicator rule of LCS"};
  }
  if (!user.devices.empty()) {
    const Indexes registered = filtered(left, [&](std::size_t i) { return candidates[i].registered; });
    if (registered.size() == 1) return Chosen{registered.front(), "the only registered own device"};
    return Chosen{first_by_name(left, candidates), "the first own device by name"};
  }
  if (!settings.refuse_ambiguous)
    return Chosen{first_by_name(left, candidates), "the first by name (ambiguous_line = first)"};
  return NotChosen{NotChosen::Why::ambiguous,
                   "several devices carry the line and none is preferred: " + names(left, candidates)};
}

}  // namespace

std::variant<Chosen, NotChosen> choose(const User& user, const numbers::LineUri& asked,
                                       const std::vector<Candidate>& candidates,
                                       const ChoiceSettings& settings) {
  Indexes left;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (asked.partition.empty() || asked.partition == candidates[i].partition) left.push_back(i);
  const Indexes own = filtered(left, [&](std::size_t i) { return user.owns_device(candidates[i].device); });
  const bool stored = user.line && numbers::same_number(*user.line, asked);
  if (!stored && own.empty())
    return NotChosen{NotChosen::Why::not_owned,
                     "line " + asked.number + " is neither the user's stored line nor on an own device"};
  if (!user.devices.empty()) left = own;
  if (left.empty())
    return NotChosen{NotChosen::Why::not_listed, "no device that CTI may control carries line " + asked.number};
  if (!asked.device.empty()) {
    const Indexes named =
        filtered(left, [&](std::size_t i) { return iequals(candidates[i].device, asked.device); });
    if (named.size() == 1) return Chosen{named.front(), "device= of the line URI"};
    if (named.empty())
      return NotChosen{NotChosen::Why::device_not_listed,
                       "device " + asked.device + " of the line URI does not carry line " + asked.number};
    left = named;
  }
  return decide(user, left, candidates, settings);
}

}  // namespace linebridge::users
