#include "tests/simulators/cucm/enumerations.hpp"

#include <algorithm>
#include <utility>

namespace linebridge::sim::cucm {

std::optional<std::int32_t> Enumerations::open(std::vector<std::size_t> items) {
  if (lists_.size() == most_open) return std::nullopt;
  lists_[next_] = {std::move(items), 0};
  return next_++;
}

std::optional<Enumerations::Part> Enumerations::fetch(std::int32_t handle, std::int32_t count) {
  const auto found = lists_.find(handle);
  if (found == lists_.end()) return std::nullopt;
  List& list = found->second;
  const std::size_t left = list.items.size() - list.taken;
  const std::size_t wanted = std::min(static_cast<std::size_t>(std::max(count, 0)), most_fetched);
  const std::size_t end = list.taken + std::min(left, wanted);
  Part part;
  for (; list.taken < end; ++list.taken)
    part.items.push_back(list.items[list.taken]);
  part.more = list.taken < list.items.size();
  return part;
}

}  // namespace linebridge::sim::cucm
