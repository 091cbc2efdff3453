#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/door.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "tests/simulators/cucm/exchange.hpp"
#include "tests/simulators/cucm/login.hpp"
#include "tests/simulators/cucm/provider.hpp"
#include "tests/simulators/cucm/traffic.hpp"

namespace linebridge::sim::cucm {

/// The whole simulated cluster as a machine: several CTI Managers in one process, one exchange behind them, and
/// a control socket with one command a line.
class Cluster {
public:
  using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop>;
  enum class Mode {
    accept,   ///< Normal.
    refuse,   ///< New connections are closed at once; those there are go on.
    silence,  ///< Nothing is read, answered or sent, on no connection. Closed when it ends.
  };
  struct Manager {
    ManagerSpec spec;
    Address address;  ///< Really bound.
    Mode mode = Mode::accept;
    std::uint64_t accepted = 0, refused = 0;
  };
  struct Connection {
    std::size_t manager = 0;
    std::unique_ptr<Provider> provider;
    Address from;
    bool muted = false;
    bool closing = false;
  };

  /// `spec`, `key`, `random` and `log` outlive the cluster.
  Cluster(const ClusterSpec& spec, const LoginKey& key, Random& random, Log& log, TimePoint now);

  /// Where a CTI Manager listens, as the system has it; connections are told apart by its port.
  void bound(std::size_t manager, const Address& address) { managers_[manager].address = address; }

  void on(const Input& input, TimePoint now, Outbox& out);
  std::optional<TimePoint> next_deadline() const;
  /// After a Stop: nothing is open any more.
  bool finished() const { return stopping_ && connections_.empty() && controls_.empty(); }

  Exchange& exchange() { return exchange_; }
  const ClusterSpec& spec() const { return spec_; }
  const Traffic& traffic() const { return traffic_; }
  const std::vector<Manager>& managers() const { return managers_; }
  const std::map<PeerId, Connection>& connections() const { return connections_; }
  TimePoint started() const { return started_; }

  /// Errors: not_found.
  Status set_mode(std::string_view manager, Mode mode, Outbox& out);
  /// Cuts all connections of a CTI Manager. Errors: not_found.
  Status drop(std::string_view manager, Outbox& out);

private:
  void opened(const Opened& input, TimePoint now, Outbox& out);
  void cti_bytes(Connection& connection, std::string_view bytes, TimePoint now);
  void control_bytes(PeerId peer, std::string_view bytes, TimePoint now, Outbox& out);
  void closed(PeerId peer);
  void stop(TimePoint now, Outbox& out);
  void distribute(TimePoint now);
  void flush(Outbox& out);
  void cut(PeerId peer, Connection& connection, Outbox& out);
  Manager* manager_named(std::string_view name);

  const ClusterSpec& spec_;
  Log& log_;
  TimePoint started_;
  Exchange exchange_;
  Traffic traffic_;
  Shared shared_;
  std::vector<Manager> managers_;
  std::map<PeerId, Connection> connections_;
  std::map<PeerId, std::string> controls_;  ///< With what is there of the next command.
  std::int32_t next_connection_ = 1;
  bool stopping_ = false;
};

}  // namespace linebridge::sim::cucm
