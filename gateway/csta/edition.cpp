#include "csta/edition.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::csta {
namespace {

constexpr std::size_t most_name = 32;

/// The name goes back out inside an attribute, so it holds nothing that would need an escape.
bool harmless(char c) {
  const char l = to_lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_';
}

}  // namespace

std::optional<Edition> edition_of(std::string_view space) {
  if (space.empty()) return Edition{};
  if (!istarts_with(space, csta_namespaces)) return std::nullopt;
  const auto name = space.substr(csta_namespaces.size());
  if (name.empty() || name.size() > most_name || !std::all_of(name.begin(), name.end(), harmless))
    return std::nullopt;
  return Edition{std::string(name)};
}

}  // namespace linebridge::csta
