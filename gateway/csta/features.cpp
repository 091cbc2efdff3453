#include "csta/features.hpp"

#include <algorithm>

namespace linebridge::csta {

std::optional<Service> service_of(std::string_view root) {
  const auto found =
      std::find_if(services.begin(), services.end(), [&](const auto& row) { return row.root == root; });
  if (found == services.end()) return std::nullopt;
  return found->service;
}

}  // namespace linebridge::csta
