#include "cti/qbe/messages.hpp"

#include <algorithm>
#include <array>

namespace linebridge::cti::qbe::messages {
namespace {

constexpr bool by_id(const Layout* a, const Layout* b) {
  return a->id < b->id;
}

// clang-format off
#define X(name, id, text) &name,
constexpr auto listed = [] {
  auto list = std::to_array<const Layout*>({LINEBRIDGE_QBE_PROVIDER_MESSAGES(X)
      LINEBRIDGE_QBE_DEVICE_MESSAGES(X) LINEBRIDGE_QBE_LINE_MESSAGES(X) LINEBRIDGE_QBE_CALL_MESSAGES(X)});
#undef X
  std::sort(list.begin(), list.end(), by_id);
  return list;
}();
// clang-format on

/// Where each id stands: frames are looked up by it.
constexpr auto by_number = [] {
  std::array<const Layout*, listed.back()->id + 1> index{};
  for (const Layout* const message : listed)
    index[message->id] = message;
  return index;
}();

}  // namespace

const Layout* find(std::uint32_t id) {
  return id < by_number.size() ? by_number[id] : nullptr;
}

std::span<const Layout* const> all() {
  return listed;
}

}  // namespace linebridge::cti::qbe::messages
