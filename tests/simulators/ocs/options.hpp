#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"
#include "server.hpp"

namespace linebridge::sim::ocs {

/// TLS with the next hop, and of our own listener.
struct TlsFiles {
  bool on = false;  ///< Towards the next hop.
  std::string authorities, certificate, key;
  std::string host;  ///< Whose certificate the next hop must show; empty: that of its address.
};

/// Where we are and where our messages go: what `run` and `load` have in common.
struct Place {
  Address listen;      ///< Port 0 takes a free one.
  Address listen_tls;  ///< Empty host: none. Asks for a certificate of the other side.
  std::string name;    ///< Host in our Via and Record-Route; empty: that of the listener.
  TlsFiles tls;
  Settings server;
  std::string log;  ///< File for every message; empty: none.
};

struct Options : Place {
  std::string control;                           ///< Path of the control socket; empty: none.
  std::string trace;                             ///< File for what passed the clients; empty: none.
  std::vector<User> clients;                     ///< Simulated ones.
  bool sign_in = false;                          ///< All clients at the start.
  bool silent = false;                           ///< Clients answer no events.
  Duration session{std::chrono::seconds(1800)};  ///< Session-Expires that clients ask for.
};

extern const std::string_view usage;

/// Takes one option with its value for `place`; false: it is none of those. Errors: malformed, in words.
Result<bool> read_place(Place& place, std::string_view name, std::string_view value);
/// What must be given, and what goes together. Errors: malformed.
Status check_place(const Place& place);
/// Reads the arguments behind "run". Errors: malformed, with a sentence for the person at the terminal.
Result<Options> read_options(std::span<const std::string_view> arguments);

}  // namespace linebridge::sim::ocs
