#include "lb/app/settings.hpp"

#include <algorithm>

#include "lb/haproxy/render.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::uint64_t other_descriptors = 600;  // OCS connections, as many as HAProxy lets in, and our own.

}  // namespace

std::uint64_t descriptors_wanted(const config::Config& config) {
  return config.front.dialogs + other_descriptors;
}

splitter::Settings splitter_settings(const config::Config& config, std::uint64_t descriptors) {
  splitter::Settings settings;
  settings.place = {haproxy::place_socket(config.front), 0};
  const std::uint64_t possible = descriptors > other_descriptors ? descriptors - other_descriptors : 1;
  settings.dialogs = static_cast<std::size_t>(std::clamp<std::uint64_t>(config.front.dialogs, 1, possible));
  return settings;
}

}  // namespace linebridge::lb::app
