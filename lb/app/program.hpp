#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/counters.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "config/config.hpp"
#include "lb/app/pages.hpp"
#include "lb/app/process_watch.hpp"
#include "lb/app/quiet_log.hpp"
#include "lb/splitter/splitter.hpp"
#include "net/shell.hpp"
#include "trace/ring.hpp"

namespace linebridge::lb::app {

/// The splitter on its sockets. `descriptors` is what the process may open; `log` must outlive it.
class Program {
public:
  Program(const config::Config& site, std::uint64_t descriptors, Log& log);

  /// Opens the sockets. Errors: refused (in use, no such directory), malformed.
  Status listen();
  /// Until it is stopped by a signal.
  void run();

private:
  Status listen(Listener as, const Address& where, net::Shell::Preface preface);
  std::optional<TimePoint> turn(const net::Shell::Event& event, TimePoint now);
  std::optional<TimePoint> feed_watchdog(TimePoint now);
  std::string metrics() const;

  config::Front front_;
  Log& log_;
  Counters counters_;
  Random random_;
  trace::Ring ring_;
  splitter::Splitter splitter_;
  QuietLog shell_log_;
  net::Shell shell_;
  Pages pages_;
  ProcessWatch watch_;
  Duration watchdog_;
  TimePoint alive_;  ///< When the watchdog was fed last.
};

}  // namespace linebridge::lb::app
