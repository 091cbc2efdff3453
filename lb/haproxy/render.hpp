#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"

/// Everything that is said to HAProxy, as text: its configuration here, words of its runtime API in
/// runtime.hpp.
namespace linebridge::lb::haproxy {

/// A file to write into the directory that HAProxy is started with.
struct File {
  std::string name;  ///< Without a directory.
  std::string content;
  bool secret = false;  ///< Holds a private key: nobody but its owner may read it.
};

/// What the files of [tls] hold. Needed if the front end has a listener for TLS or calls hosts over TLS.
struct Pem {
  std::string certificate;
  std::string key;
  std::string authorities;
  std::string directory;  ///< Where the written files will be: HAProxy looks for its certificate there only.
};

struct Limits {
  std::uint64_t descriptors = 65536;  ///< What the HAProxy process may open (LimitNOFILE).
};

/// How many connections the process is allowed, from what the site wants and what the descriptors permit.
struct Capacity {
  std::uint64_t dialogs = 0;      ///< Legs at most; both nodes together, and each alone.
  std::uint64_t new_dialogs = 0;  ///< New dialogs are refused above this many legs: 95 % of dialogs.
  std::uint64_t clients = 0;      ///< Connections of OCS hosts at most, to each listener.
  std::uint64_t strangers = 0;    ///< Connections of other hosts at most, while they are told so.
  std::uint64_t calls = 0;        ///< Connections to OCS hosts at most.
  std::uint64_t total = 0;        ///< HAProxy's global maxconn.
};

/// HAProxy refuses to start if it cannot have two descriptors for each connection of its maxconn and some for
/// itself.
Capacity capacity(const config::Config& config, Limits limits);

/// haproxy.cfg, and the files that it reads from beside it. For HAProxy 2.6 and later.
std::vector<File> render(const config::Config& config, Limits limits, const Pem& pem = {});
/// Whether render() needs the files of [tls].
bool uses_tls(const config::Config& config);

/// Sockets between the parts of the front end.
std::string split_socket(const config::Front& front);  ///< The splitter listens here for OCS connections.
std::string place_socket(const config::Front& front);  ///< HAProxy listens here for legs.
/// The splitter listens here for hosts that no list names.
std::string refuse_socket(const config::Front& front);
/// HAProxy listens here for the splitter's connections to OCS hosts.
std::string egress_socket(const config::Front& front);
std::string admin_socket(const config::Front& front);  ///< HAProxy's runtime API.

}  // namespace linebridge::lb::haproxy
