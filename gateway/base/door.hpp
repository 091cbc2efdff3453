#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.hpp"
#include "base/time.hpp"

/// What the shell and a machine (core::Gateway, splitter::Splitter) say to each other. Values only.
namespace linebridge {

/// A connection, accepted or dialled. Never reused, so that a late output is harmless.
struct PeerId {
  std::uint64_t value = 0;  ///< 0 names nobody.
  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const PeerId&, const PeerId&) = default;
};

/// Which socket of ours accepted a connection.
enum class Listener : std::uint8_t {
  none,       ///< We dialled.
  sip,        ///< SIP for OCS, or the legs of the front end.
  node_side,  ///< The splitter's socket for nodes that have no leg.
  refused,    ///< The splitter's socket for hosts that no list of the site names.
  agent,      ///< HAProxy's agent-check.
  api,        ///< The administrator's local socket.
  metrics,    ///< The metrics page.
  cti,        ///< A simulated CTI Manager's.
  control,    ///< A simulator's control socket.
};

/// What a PROXY protocol version 2 header says (haproxy.org, "The PROXY protocol", section 2.2), sent and
/// received.
struct ProxyHeader {
  bool local = false;     ///< Command LOCAL: a health check of the proxy itself; addresses are empty then.
  Address source;         ///< Of the original connection.
  Address destination;    ///< Of the original connection: what the client wanted to reach.
  std::string unique_id;  ///< TLV 0x05: the dialog key on a leg, else empty.
  std::string authority;  ///< TLV 0x02: the placement hint on a leg ("new", "pub", "sub"), else empty.
  std::string tls_name;   ///< TLV 0x20/0x22: common name of the verified client certificate, else empty.
  bool tls = false;       ///< TLV 0x20: the client spoke TLS with the proxy.
  friend bool operator==(const ProxyHeader&, const ProxyHeader&) = default;
};

/// Where a connection comes from.
struct Origin {
  Listener listener = Listener::none;
  Address local;
  Address remote;
  std::string tls_name;  ///< First DNS name, else common name, of the verified peer certificate.
  std::optional<ProxyHeader> proxy;
  bool tls = false;  ///< TLS ended here; the peer may have shown no certificate.
};

/// Where to dial.
struct Target {
  Address address;
  std::optional<ProxyHeader> proxy;          ///< Sent before anything else.
  bool tls = false;                          ///< Spoken after the PROXY header.
  Duration limit = std::chrono::seconds(5);  ///< For name, connect and TLS together.
  std::string tls_settings = {};             ///< Which of the client settings given to the shell.
  std::string tls_host = {};  ///< Whose certificate it must be; empty: that of the address's host.
};

enum class Gone : std::uint8_t { by_peer, by_us, refused, timed_out, unreachable, broken, malformed };
enum class Flush : std::uint8_t { yes, no };  ///< Whether queued output goes out before the close.

// Inputs. A view in an input ends with the call.
struct Opened {
  PeerId peer;
  Origin from;
};  ///< Accepted (its PROXY header read), or our dial came up.
struct Bytes {
  PeerId peer;
  std::string_view bytes;
};  ///< Plain text.
struct Closed {
  PeerId peer;
  Gone why;
};  ///< Also a dial that failed. Once, last, never nested in a call.
struct Drained {
  PeerId peer;
};  ///< Queued output fell below the low mark.
struct Tick {};  ///< next_deadline() has passed.
struct Stop {
  TimePoint by;
};  ///< End in order until then.

/// The machine's hands: where its outputs go. The shell's acts on sockets, tests have a recording one.
class Outbox {
public:
  virtual ~Outbox() = default;
  virtual std::string& to(
      PeerId peer) = 0;  ///< Append here; flushed in one write a peer and turn. Unknown: thrown away.
  virtual std::size_t queued(PeerId peer) const = 0;  ///< Bytes not yet taken by the operating system.
  virtual PeerId dial(const Target& target) = 0;      ///< Answered by Opened or Closed, later.
  virtual void close(PeerId peer, Flush flush) = 0;   ///< Answered by Closed, later.
  virtual void read(PeerId peer, bool on) = 0;        ///< Back-pressure: stop or go on reading.
};

}  // namespace linebridge
