#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/door.hpp"
#include "sip/framing/framer.hpp"

namespace linebridge::lb::splitter {

/// HAProxy was reloaded: another process places new legs, and the old one checks no node any more.
struct Reloaded {};

using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop, Reloaded>;

/// An OCS host that may be called.
struct OcsHost {
  Address address;  ///< As a Route names it: name or address, and port.
  bool tls = false;
};

struct Settings {
  std::string name = "front";  ///< Of this splitter, in ms-diagnostics.
  Address place;               ///< Where legs are dialled: HAProxy's socket.
  Address egress;              ///< Where OCS hosts are dialled: HAProxy's socket; empty: nowhere.
  /// Who may be called there. The authority of the dial's PROXY header tells HAProxy which: "ocs1" is the
  /// first.
  std::vector<OcsHost> ocs;
  sip::Framer::Limits framing;

  std::size_t dialogs = 20000;  ///< At most; above 95 % only those that nodes already know are taken.
  std::size_t dials = 128;      ///< Legs being connected at once; more wait their turn.
  std::size_t waiting = 8192;   ///< Dialogs that wait so; more are refused.
  std::size_t pending = 64;     ///< Unanswered requests of one dialog, in each direction.
  std::size_t pending_bytes = 64 * 1024 * 1024;  ///< Of all unanswered requests of OCS together.
  std::size_t leg_bytes = 256 * 1024;            ///< Queued for one leg; past it the leg is closed.

  std::size_t client_pause = 256 * 1024;  ///< Queued for an OCS connection: no more is read from it.
  std::size_t client_drop = 1024 * 1024;  ///< From here it is dropped when it takes nothing for client_stall.
  std::size_t client_most = 8 * 1024 * 1024;  ///< Here it is dropped at once.
  Duration client_stall = std::chrono::seconds(10);

  Duration answer_within = std::chrono::seconds(15);
  Duration invite_within = std::chrono::seconds(20);
  Duration linger = std::chrono::seconds(5);  ///< From the end of a dialog to the end of its leg.
  std::chrono::seconds retry_least{2};        ///< Retry-After of a 503, and how much chance adds to it.
  std::chrono::seconds retry_spread{6};

  Duration egress_within = std::chrono::seconds(5);  ///< To connect to an OCS host.
  std::size_t egress_waiting = 256;                  ///< Requests that wait for it, and their size.
  std::size_t egress_bytes = 1024 * 1024;
  Duration egress_pause = std::chrono::seconds(1);  ///< After a failure; doubled by each more, up to the most.
  Duration egress_pause_most = std::chrono::seconds(60);

  /// A connection of OCS that owes an answer so long gives way to a newer one of its host.
  Duration client_quiet = std::chrono::seconds(2);

  std::size_t strangers = 20;  ///< Connections of hosts that no list names, at once.
  Duration stranger_within = std::chrono::seconds(5);

  std::size_t moves = 500;                          ///< Legs made anew in a second after a reload, at most.
  std::size_t moving = 1000;                        ///< Legs more than dialogs, while legs are made anew.
  std::size_t old_legs = 3;                         ///< Of one dialog, still read.
  unsigned move_tries = 5;                          ///< For one leg, each after a longer pause.
  Duration trial = std::chrono::milliseconds(500);  ///< A new leg must stay up so long before it is used.
  Duration old_leg = std::chrono::seconds(3);       ///< An old leg is still read so long.
};

/// What is going on, for the administrator.
struct Status {
  std::size_t clients = 0, dialogs = 0, legs = 0, dialling = 0, pending = 0;
  std::vector<std::pair<std::string, std::size_t>> hosts;  ///< OCS hosts and their connections.
};

}  // namespace linebridge::lb::splitter
