#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "csta/encode.hpp"
#include "cti/pool.hpp"
#include "session/event_queue.hpp"
#include "session/farewell.hpp"
#include "session/reception.hpp"
#include "sip/framing/framer.hpp"
#include "sip/framing/guard.hpp"
#include "users/directory.hpp"
#include "view/view.hpp"

namespace linebridge::core {

/// The directory of users changed.
struct UsersChanged {
  std::shared_ptr<const users::Directory> now;
};
/// An order of the administrator; answered by Outbox::reply, in the same turn or later.
struct Asked {
  std::uint64_t id;
  view::Order what;
};
using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop, UsersChanged, Asked>;

class Outbox : public linebridge::Outbox {
public:
  virtual void reply(std::uint64_t id, view::Answer answer) = 0;
};

/// One node: SIP and CSTA towards OCS, CTI towards the CTI Managers. A machine without sockets, clock or
/// randomness of its own; everything comes in through on(), everything goes out through the Outbox.
class Gateway {
public:
  struct Settings {
    std::string name = "publisher";   ///< For logs and the administrator.
    std::string tag_prefix = "pub-";  ///< Local tags begin so; the front end places by it.
    std::string version;
    std::string
        virtual_host;  ///< Shown in Contact and Via instead of what the PROXY header names; may be empty.
    /// A client whose leg's PROXY header names this port spoke TLS with the front end; 0: none does.
    std::uint16_t tls_port = 0;
    Address node_side;  ///< Where a dialog without a leg gets a new one from the front end; empty: nowhere.
    std::chrono::seconds session_timer{1800};
    std::size_t sessions = 30000;
    std::size_t sessions_per_user = 64;
    std::size_t monitors_per_session = 8;
    std::size_t pending_per_session = 32;  ///< CSTA requests of one session that wait for the switch.
    /// Queued output of a SIP connection at which reading from it stops. Output that did not shrink for
    /// stalled_after closes it: of a leg from this mark on, of another connection from buffer_most on. Several
    /// times buffer_most closes it at once.
    std::size_t high_mark = 256 * 1024;
    std::size_t buffer_most = 1024 * 1024;
    Duration stalled_after = std::chrono::seconds(10);
    session::Farewell::Settings farewell;
    Duration drain_within = std::chrono::seconds(10);  ///< For the sessions left when a drain's time is up.
    std::size_t trace_bytes = 4 * 1024 * 1024;
    std::int64_t wall_offset_us = 0;  ///< Wall clock at TimePoint{}, microseconds since 1970.
    sip::Framer::Limits framing;
    sip::HeadLimits head;
    session::EventQueue::Limits events;
    session::ReceptionSettings reception;
    csta::Custom csta;
    cti::Pool::Settings cti;
  };

  Gateway(Settings settings, std::shared_ptr<const users::Directory> users, Random& random, Counters& counters,
          Log& log);
  ~Gateway();

  /// Connects to the CTI Managers. Once, before any on().
  void start(TimePoint now, Outbox& out);
  void on(const Input& input, TimePoint now, Outbox& out);
  /// When on(Tick) is wanted at the latest. O(1) but for the links, of which there are at most eight.
  std::optional<TimePoint> next_deadline() const;
  /// After Stop: every client was told and has answered, or had its time, and the CTI links are closed. At
  /// Stop::by at the latest.
  bool finished() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::core
