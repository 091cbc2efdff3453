#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"

/// The site's one TOML file as checked structs. configs/linebridge.toml explains every key.
namespace linebridge::config {

enum class ServerType { ocs, lcs };
enum class Role { publisher, subscriber };

/// "publisher" or "subscriber".
constexpr std::string_view role_name(Role role) {
  return role == Role::publisher ? "publisher" : "subscriber";
}

struct Sip {
  bool enabled = true;                     ///< Application status: off refuses every sign-in.
  std::vector<std::string> names;          ///< Hosts that are ours in a Request-URI.
  std::optional<Address> virtual_address;  ///< Shown in Contact and Via when no PROXY header names one.
  ServerType server_type = ServerType::ocs;
  std::chrono::seconds session_timer{1800};  ///< Session-Expires; at least 90.
  std::string features_file;  ///< What GetCSTAFeatures is answered with; empty: what is generated.
  std::string transfer_event = "TransferedEvent";  ///< Root element of that event, or "TransferredEvent".
  std::vector<std::string> incoming;  ///< Incoming list: addresses or networks ("192.0.2.0/24") of OCS hosts.
  friend bool operator==(const Sip&, const Sip&) = default;
};

struct Cti {
  std::string user;
  std::string password_file;      ///< A path, or the name of a secret (with_secrets).
  std::vector<Address> managers;  ///< 1 to 8; port 2748 unless given.
  std::chrono::seconds heartbeat{30};
  std::chrono::seconds answer_within{10};
  std::chrono::seconds reconnect_most{30};
  std::vector<std::uint32_t> protocol_versions{0x00100000, 0x00110000};
  friend bool operator==(const Cti&, const Cti&) = default;
};

/// Where one node's sockets are. Both nodes' stand in the file; --role picks one's own.
struct Node {
  Address listen;          ///< Legs from the front end (PROXY v2), default 127.0.0.1:5071 / 5072.
  Address agent;           ///< HAProxy's agent-check, default 127.0.0.1:5081 / 5082.
  std::string api_socket;  ///< Local API, default /run/linebridge/publisher.sock / subscriber.sock.
  std::optional<Address> direct_listen;  ///< SIP without front end, if wanted.
  std::optional<Address> tls_listen;     ///< The same over TLS, if wanted.
  std::optional<Address> metrics;        ///< Metrics page, if wanted.
  friend bool operator==(const Node&, const Node&) = default;
};

/// TLS of the front end and of the nodes' own listeners. The files are PEM: paths, or names of secrets
/// (with_secrets).
struct Tls {
  std::string certificate;  ///< Ours, then the authorities between it and the root; empty: none.
  std::string key;
  std::string client_ca;                    ///< Empty: no client is asked for a certificate.
  bool require_client_certificate = false;  ///< Default: whether client_ca is there.
  std::string minimum = "1.2";              ///< Or "1.3".
  bool legacy = false;                      ///< From TLS 1.0 on, with weak keys; `minimum` means nothing then.
  std::vector<std::string> names;           ///< Of client certificates; none: any that verifies.
  friend bool operator==(const Tls&, const Tls&) = default;
};

/// Where the front end may call OCS when a node has something to say and OCS has no connection here.
struct Ocs {
  std::vector<Address> tcp;  ///< Port 5060 unless given.
  std::vector<Address> tls;  ///< Port 5061 unless given; the certificate must carry the host.
  friend bool operator==(const Ocs&, const Ocs&) = default;
};

struct Front {
  Address listen;                     ///< SIP over TCP for OCS, default 0.0.0.0:5060.
  std::optional<Address> tls_listen;  ///< SIP over mutual TLS as [tls] says, if wanted.
  std::string run_directory;          ///< Sockets between the parts, default /run/linebridge.
  std::string api_socket;             ///< The splitter's local API, default RUN/splitter.sock
  Address node_side;                  ///< Where nodes without a leg come, default RUN/node.sock
  Address statistics;                 ///< HAProxy's page, default 127.0.0.1:8404.
  std::uint32_t dialogs = 20000;      ///< Dialogs at most; HAProxy's maxconn follows from it.
  friend bool operator==(const Front&, const Front&) = default;
};

/// What one node takes; past it, it refuses, and counts.
struct Limits {
  std::uint32_t sessions = 30000;
  std::uint32_t sessions_per_user = 64;
  std::uint32_t monitors_per_session = 8;
  std::uint32_t pending_per_session = 32;          ///< CSTA requests that wait for the switch.
  std::uint32_t events_per_session = 256;          ///< CSTA events that wait for the client ...
  std::uint32_t event_bytes_per_session = 262144;  ///< ... and their size.
  std::uint32_t head_bytes = 16384;                ///< Of a SIP message.
  std::uint32_t body_bytes = 65536;                ///< Of a SIP message.
  std::uint32_t output_pause_bytes = 262144;       ///< Not taken by a peer: nothing more is read from it.
  std::uint32_t output_drop_bytes = 1048576;       ///< Not taken for 10 s: its connection is closed.
  friend bool operator==(const Limits&, const Limits&) = default;
};

struct User {
  std::string address;  ///< "sip:alice@example.test", lower case.
  bool assigned = false;
  std::string line_uri;              ///< "tel:1001;phone-context=dialstring", may be empty.
  std::vector<std::string> devices;  ///< Own devices, may be empty.
  int line = 0;                      ///< Of the file.

  /// The same user, wherever it stands in the file.
  friend bool operator==(const User& a, const User& b) {
    return a.address == b.address && a.assigned == b.assigned && a.line_uri == b.line_uri &&
           a.devices == b.devices;
  }
};

struct Config {
  Sip sip;
  Cti cti;
  Node publisher;
  Node subscriber;
  Front front;
  Ocs ocs;
  Limits limits;
  Tls tls;
  std::vector<User> users;
  bool refuse_ambiguous_line = true;  ///< ambiguous_line = refuse | first
  std::string log_level = "info";     ///< debug, info, notice, warning, error or alarm.
  bool log_json = false;              ///< [log] format = text | json

  const Node& node(Role role) const { return role == Role::publisher ? publisher : subscriber; }
  friend bool operator==(const Config&, const Config&) = default;
};

struct Problem {
  int line = 0;      ///< From 1; 0 where no line can be named.
  std::string key;   ///< "cti.managers[2]" is the second of the list.
  std::string what;  ///< What is wrong and what to write instead.
  friend bool operator==(const Problem&, const Problem&) = default;
};

/// "FILE:LINE: KEY: what is wrong", as compilers write it.
std::string to_text(const std::string& file, const Problem& problem);

/// The checked configuration, or every problem of the text at once, in the order of its lines; of a text that
/// is not TOML, the place where it stops being TOML. Unknown keys and words are problems. Nothing after this
/// checks again. Reads no other file: secrets are read by read_secret when they are needed.
std::variant<Config, std::vector<Problem>> parse(std::string_view text);

/// Reads the file and parses it; a file that cannot be read is one Problem.
std::variant<Config, std::vector<Problem>> load(const std::string& path);

/// The configuration in force as TOML, defaults included; parse() gives the same back. Of secrets it shows the
/// files' paths only.
std::string effective(const Config& config);

/// The same with a whole path wherever a secret is named without one: `before`, then the name. The files are
/// cti.password_file and those of [tls].
Config with_secrets(Config config, const std::string& before);

/// The first line of a secret's file, at most 1024 bytes. Errors: not_found, refused (others may read it, or we
/// may not), malformed (empty), too_long.
Result<std::string> read_secret(const std::string& path);

/// The whole of a file that is nobody's secret. Errors: not_found, refused (we may not, or it is none),
/// too_long (over `most` bytes).
Result<std::string> read_file(const std::string& path, std::size_t most);
/// A file of certificates, at most 1 MiB. Errors: not_found, refused, too_long.
Result<std::string> read_certificates(const std::string& path);
/// The file of a private key. Errors: as of read_certificates, refused where others may read it.
Result<std::string> read_key(const std::string& path);

}  // namespace linebridge::config
