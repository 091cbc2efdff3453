#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"

/// Words of HAProxy's runtime API: lines to send to the admin socket, and what its answers mean.
namespace linebridge::lb::haproxy {

std::string_view server_name(
    config::Role role);  ///< "pub" or "sub", in the configuration and in placement hints.

std::string drain(config::Role role);        ///< No new dialogs; those that run go on. Answer: empty.
std::string ready(config::Role role);        ///< Ends a drain. Answer: empty.
std::string end_dialogs(config::Role role);  ///< Closes the node's legs. Answer: empty.
std::string show_servers();                  ///< Answered by what parse_servers reads.
std::string show_front();                    ///< Answered by what parse_servers and parse_doors read.
std::string show_process();                  ///< Answered by what parse_process_id reads.

/// What HAProxy thinks of one node.
struct Server {
  std::string name;           ///< "pub" or "sub"
  std::string status;         ///< "UP", "UP 1/2", "DOWN", "DRAIN", "MAINT", "no check", ...
  std::uint64_t weight = 0;   ///< 0 while the node's agent asks for no new dialogs.
  std::uint64_t dialogs = 0;  ///< Legs open now.
  std::uint64_t placed = 0;   ///< Legs placed since start.
  std::uint64_t failed = 0;   ///< Connects that failed.
  std::string check;          ///< Last result of the OPTIONS check, "L7OK".
  std::string agent;          ///< Last result of the agent-check.
  std::uint64_t changed = 0;  ///< Seconds since the status last changed.
  friend bool operator==(const Server&, const Server&) = default;
};

/// The nodes in the answer to show_servers(). Errors: malformed (no header line, a column missing, a line too
/// short).
Result<std::vector<Server>> parse_servers(std::string_view csv);

/// One of HAProxy's listeners towards OCS, or the splitter's way out to it.
struct Door {
  std::string name;         ///< "front", "front-tls", "egress"
  std::uint64_t open = 0;   ///< Connections now.
  std::uint64_t taken = 0;  ///< Connections since start.
  std::uint64_t cut = 0;    ///< Of hosts or names that are not listed, or too many.
  friend bool operator==(const Door&, const Door&) = default;
};

/// The listeners in the answer to show_front(). Errors: as of parse_servers.
Result<std::vector<Door>> parse_doors(std::string_view csv);

/// The process in the answer to show_process(): another one after a reload. Errors: malformed.
Result<std::uint64_t> parse_process_id(std::string_view info);

/// An answer to drain(), ready() or end_dialogs(). Errors: refused, with HAProxy's words.
Status parse_done(std::string_view answer);

}  // namespace linebridge::lb::haproxy
