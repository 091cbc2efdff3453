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
#include "tests/simulators/cucm/fault_stage.hpp"
#include "tests/simulators/cucm/faults.hpp"
#include "tests/simulators/cucm/login.hpp"
#include "tests/simulators/cucm/phone_trace.hpp"
#include "tests/simulators/cucm/provider.hpp"
#include "tests/simulators/cucm/scripts.hpp"
#include "tests/simulators/cucm/traffic.hpp"
#include "tests/simulators/cucm/waiting.hpp"

namespace linebridge::sim::cucm {

struct Reply;

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
    bool muted = false;     ///< By Mode::silence.
    bool stalled = false;   ///< By a fault.
    bool silenced = false;  ///< By a fault.
    bool closing = false;
    std::uint32_t version = 0x00100000;  ///< Of what the application sent last.
    std::string unread;                  ///< What came while stalled.
    FaultStage stage;
    bool works() const { return !muted && !stalled && !silenced; }
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
  const Exchange& exchange() const { return exchange_; }
  Directory& directory() { return shared_.directory; }
  const Directory& directory() const { return shared_.directory; }
  const ClusterSpec& spec() const { return spec_; }
  const Traffic& traffic() const { return traffic_; }
  const PhoneTrace& phone_trace() const { return phone_trace_; }
  /// What makes microseconds since 1970 of the time that is handed in.
  void wall_clock(std::int64_t offset_us) { wall_us_ = offset_us; }
  std::int64_t wall_us() const { return wall_us_; }
  const std::vector<Manager>& managers() const { return managers_; }
  const std::map<PeerId, Connection>& connections() const { return connections_; }
  TimePoint started() const { return started_; }
  bool has_manager(std::string_view name) const;

  /// Errors: not_found.
  Status set_mode(std::string_view manager, Mode mode, Outbox& out);
  /// Cuts all connections of a CTI Manager. Errors: not_found.
  Status drop(std::string_view manager, Outbox& out);

  const Faults& faults() const { return faults_; }
  /// Value: the fault's id, 0 for one that is done at once. Errors: not_found, too_long.
  Result<std::uint32_t> add_fault(const Fault& fault, TimePoint now, Outbox& out);
  std::size_t clear_faults(std::string_view which, TimePoint now, Outbox& out);

  const Scripts& scripts() const { return scripts_; }
  /// Errors: too_long.
  Status start_script(Script script, TimePoint now);
  std::size_t stop_scripts(std::string_view name);

private:
  /// A connection to the control socket.
  struct Control {
    std::string buffer;                ///< With what is there of the next command.
    std::optional<Condition> waiting;  ///< It is answered when this holds; later commands wait.
    TimePoint until;
    std::string script_name, script;  ///< A script that comes in lines.
    std::size_t script_lines = 0;     ///< How many are still to come.
  };

  void opened(const Opened& input, TimePoint now, Outbox& out);
  void cti_bytes(PeerId peer, Connection& connection, std::string_view bytes, TimePoint now, Outbox& out);
  void frame_in(Connection& connection, const Frame& frame, TimePoint now, Outbox& out);
  void closed(PeerId peer);
  void tick(TimePoint now);
  void stop(TimePoint now, Outbox& out);
  void settle(TimePoint now, Outbox& out);
  void distribute(TimePoint now);
  void flush(TimePoint now, Outbox& out);
  void send(PeerId peer, Connection& connection, const Outgoing& output, TimePoint now, Outbox& out);
  void cut(PeerId peer, Connection& connection, Outbox& out);
  void part(PeerId peer, Connection& connection, Outbox& out);
  Manager* manager_named(std::string_view name);

  // Faults.
  const std::string& name_of(const Connection& connection) const;
  void log_met(const Connection& connection, std::string_view rule);
  bool stopped_by_fault(Connection& connection, const Frame& frame, TimePoint now);
  void through_stage(PeerId peer, Connection& connection, const Outgoing& output, TimePoint now, Outbox& out);
  void do_at_once(const Fault& fault, PeerId peer, Connection& connection, TimePoint now, Outbox& out);
  void apply_faults(TimePoint now, Outbox& out);
  void apply_faults(PeerId peer, Connection& connection, TimePoint now, Outbox& out);
  bool resume(TimePoint now, Outbox& out);

  // The control socket, and scripts.
  void control_bytes(PeerId peer, std::string_view bytes, TimePoint now, Outbox& out);
  void control_lines(PeerId peer, Control& control, TimePoint now, Outbox& out);
  void control_line(PeerId peer, Control& control, std::string_view line, TimePoint now, Outbox& out);
  void script_line(PeerId peer, Control& control, std::string_view line, TimePoint now, Outbox& out);
  bool answer_waits(TimePoint now, Outbox& out);
  bool run_scripts(TimePoint now, Outbox& out);
  void watch(const Outgoing& output, const Connection& connection, TimePoint now);
  Reply say(std::string_view line, TimePoint now, Outbox& out);

  const ClusterSpec& spec_;
  Log& log_;
  TimePoint started_;
  Exchange exchange_;
  Traffic traffic_;
  PhoneTrace phone_trace_;
  std::int64_t wall_us_ = 0;
  bool by_people_ = false;  ///< What happens now is done by somebody at a phone.
  Shared shared_;
  Faults faults_;
  Scripts scripts_;
  std::vector<Manager> managers_;
  std::map<PeerId, Connection> connections_;
  std::map<PeerId, Control> controls_;
  std::int32_t next_connection_ = 1;
  bool resuming_ = false;  ///< A stall ended in this turn.
  bool stopping_ = false;
};

}  // namespace linebridge::sim::cucm
