#include "lb/app/settings.hpp"

#include <algorithm>

#include "lb/haproxy/render.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::uint64_t own_descriptors = 100;
constexpr std::uint64_t other_descriptors =
    own_descriptors + 500;  // OCS connections, as many as HAProxy lets in.

}  // namespace

std::uint64_t descriptors_wanted(const config::Config& config) {
  return config.front.dialogs + other_descriptors;
}

splitter::Settings splitter_settings(const config::Config& config, std::uint64_t descriptors) {
  splitter::Settings settings;
  settings.place = {haproxy::place_socket(config.front), 0};
  settings.egress = {haproxy::egress_socket(config.front), 0};
  for (const auto& address : config.ocs.tcp)
    settings.ocs.push_back({address, false});
  for (const auto& address : config.ocs.tls)
    settings.ocs.push_back({address, true});
  settings.framing.head_bytes = config.limits.head_bytes;
  settings.framing.body_bytes = config.limits.body_bytes;
  const std::uint64_t possible = descriptors > other_descriptors ? descriptors - other_descriptors : 1;
  settings.dialogs = static_cast<std::size_t>(std::clamp<std::uint64_t>(config.front.dialogs, 1, possible));
  settings.moving = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(possible - std::min<std::uint64_t>(possible, settings.dialogs), 64, 1000));
  return settings;
}

net::Shell::Settings shell_settings(std::uint64_t descriptors) {
  net::Shell::Settings settings;
  settings.peers = static_cast<std::size_t>(descriptors > 2 * own_descriptors ? descriptors - own_descriptors
                                                                              : own_descriptors);
  return settings;
}

}  // namespace linebridge::lb::app
