#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "csta.hpp"

namespace linebridge::sim::ocs {

/// Which server is played and with which clients. It decides how a client learns its line and the line server,
/// and what a simulated client sends.
enum class Flavour : std::uint8_t {
  lcs2005,    ///< Live Communications Server 2005, Communicator 2005: no GRUU, refresh by re-INVITE.
  ocs2007,    ///< Office Communications Server 2007, Communicator 2007: GRUU contacts, refresh by re-INVITE.
  ocs2007r2,  ///< Office Communications Server 2007 R2, Communicator 2007 R2: refresh by UPDATE.
};

/// What is different from flavour to flavour.
struct FlavourFacts {
  std::string_view name;
  std::string_view user_agent;
  std::string_view refresh;    ///< Method: "INVITE" (with RequestSystemStatus) or "UPDATE" (without body).
  bool gruu = false;           ///< Contact is the server's GRUU; else the client's address by maddr.
  bool asks_interval = false;  ///< Session-Expires in INVITE (RFC 4028 section 7.1); else only "timer".
  bool pipelines = false;      ///< GetCSTAFeatures and MonitorStart go out without waiting.
  std::string_view allow;      ///< In INVITE; empty: not sent.
  std::span<const Service> sign_in;  ///< Requests behind the ACK, in order.
};

const FlavourFacts& facts(Flavour flavour);
/// "lcs2005", "ocs2007" or "ocs2007r2".
std::optional<Flavour> parse_flavour(std::string_view name);

}  // namespace linebridge::sim::ocs
