#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/door.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "net/shell.hpp"

namespace linebridge::lb::app {

/// Asks HAProxy's admin socket each second, ten times as often while it is away, which process it is: another
/// one after a reload or a restart. A client that comes before the first answer makes it ask at once.
///
/// A machine like the splitter. HAProxy may be away; that is logged once, and asked again. It has 10 s to come
/// up first, before its absence is worth a line. `log` must outlive it.
class ProcessWatch {
public:
  ProcessWatch(Address admin, Log& log) : admin_(std::move(admin)), log_(log) {}

  /// True if the event belonged to its connection alone; then it is done with.
  bool on(const net::Shell::Event& event, TimePoint now, Outbox& out);
  std::optional<TimePoint> next_deadline() const;
  /// Whether another process than before has answered since this was asked last.
  bool take_reload();

private:
  bool mine(PeerId peer) const { return peer_ && peer == peer_; }
  void tick(TimePoint now, Outbox& out);
  void first_client(TimePoint now, Outbox& out);
  void bytes(std::string_view bytes, Outbox& out);
  void closed(TimePoint now);
  void give_up(Outbox& out);
  void answered(const Result<std::uint64_t>& process);

  Address admin_;
  Log& log_;
  PeerId peer_;  ///< While it asks.
  std::string answer_;
  TimePoint due_;  ///< To ask, or to stop waiting for the answer.
  std::optional<TimePoint> begun_;
  std::optional<std::uint64_t> process_;
  bool away_ = false, reloaded_ = false, stopped_ = false;
};

}  // namespace linebridge::lb::app
