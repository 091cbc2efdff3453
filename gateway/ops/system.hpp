#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace linebridge::ops {

/// The operating system's random source.
Random::Fill os_random();

/// Raises the soft limit of open descriptors to the hard one. Value: what may be opened now.
std::uint64_t raise_descriptor_limit();

/// What stands before the name of a secret of the site: in a service that systemd gave the site's folder of
/// secrets as the credential "secret", the path up to "secret_"; else that folder itself.
std::string secrets_before();

/// What systemd is told (sd_notify); all of it does nothing where no systemd asks.
void notify_ready(std::string_view status);
void notify_status(std::string_view status);
void notify_stopping();
/// Feeds the watchdog. Call it from the loop, at least every watchdog_interval().
void notify_alive();
/// Half of what the unit's WatchdogSec allows; zero if there is none.
Duration watchdog_interval();

}  // namespace linebridge::ops
