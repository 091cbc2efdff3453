#include <string>

#include <systemd/sd-daemon.h>

#include "ops/system.hpp"

namespace linebridge::ops {

void notify_ready(std::string_view status) {
  sd_notify(0, ("READY=1\nSTATUS=" + std::string(status)).c_str());
}
void notify_status(std::string_view status) {
  sd_notify(0, ("STATUS=" + std::string(status)).c_str());
}
void notify_stopping() {
  sd_notify(0, "STOPPING=1");
}
void notify_alive() {
  sd_notify(0, "WATCHDOG=1");
}

Duration watchdog_interval() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return Duration::zero();
  return std::chrono::microseconds(microseconds / 2);
}

}  // namespace linebridge::ops
