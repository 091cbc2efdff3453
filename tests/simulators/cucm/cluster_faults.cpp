#include <utility>

#include "base/catalogue.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/spoiled_frame.hpp"

// What faults do to the connections of a cluster.
namespace linebridge::sim::cucm {

const std::string& Cluster::name_of(const Connection& connection) const {
  return managers_[connection.manager].spec.name;
}

void Cluster::log_met(const Connection& connection, std::string_view rule) {
  log_.write(catalogue::sim_cti_fault_met, {{"link", name_of(connection)},
                                            {"connection", std::to_string(connection.provider->number())},
                                            {"rule", rule}});
}

Result<std::uint32_t> Cluster::add_fault(const Fault& fault, TimePoint now, Outbox& out) {
  if (fault.manager != "all" && !has_manager(fault.manager)) {
    return Error{Errc::not_found, "no CTI Manager of that name: " + fault.manager};
  }
  std::uint32_t id = 0;
  if (fault.is_momentary()) {
    for (auto& [peer, connection] : connections_) {
      if (fault.concerns(name_of(connection))) do_at_once(fault, peer, connection, now, out);
    }
  } else {
    const Result<std::uint32_t> added = faults_.add(fault);
    if (!added) return added;
    id = added.value();
  }
  log_.write(catalogue::sim_cti_fault, {{"link", fault.manager}, {"rule", fault.text}});
  apply_faults(now, out);
  return id;
}

std::size_t Cluster::clear_faults(std::string_view which, TimePoint now, Outbox& out) {
  const std::size_t count = faults_.clear(which);
  log_.write(catalogue::sim_cti_fault, {{"link", which.empty() ? "all" : which}, {"rule", "clear"}});
  for (auto& [peer, connection] : connections_) {
    if (!faults_.concern(name_of(connection))) connection.stage.release(now);
  }
  apply_faults(now, out);
  return count;
}

void Cluster::do_at_once(const Fault& fault, PeerId peer, Connection& connection, TimePoint now, Outbox& out) {
  if (connection.closing) return;
  if (fault.kind == FaultKind::drop) return cut(peer, connection, out);
  // Behind what the CTI Manager has said so far.
  send(peer, connection, connection.provider->take_output(), now, out);
  if (fault.kind == FaultKind::unknown) {
    constexpr std::uint32_t some_fields = 8;
    connection.stage.add(bare_frame(static_cast<std::int32_t>(fault.number), connection.version, some_fields),
                         now);
    return;
  }
  const Message closed{id::provider_closed, {{"reason", static_cast<std::int32_t>(fault.number)}}};
  std::string bytes;
  encode(closed, {connection.version}, bytes);
  traffic_.add(now, name_of(connection), connection.provider->number(), Direction::out, bytes);
  connection.stage.release(now);
  connection.stage.add(std::move(bytes), now);
  if (connection.stage.pump(out.to(peer), now) == FaultStage::End::cut) return cut(peer, connection, out);
  part(peer, connection, out);
}

void Cluster::apply_faults(TimePoint now, Outbox& out) {
  for (auto& [peer, connection] : connections_)
    apply_faults(peer, connection, now, out);
}

/// Begins and ends what holds for a connection as a whole.
void Cluster::apply_faults(PeerId peer, Connection& connection, TimePoint now, Outbox& out) {
  const bool silenced = faults_.silences(name_of(connection)), stalled = faults_.stalls(name_of(connection));
  if (std::exchange(connection.silenced, silenced) && !silenced) connection.provider->excuse(now);
  if (std::exchange(connection.stalled, stalled) == stalled || connection.closing) return;
  out.read(peer, !stalled);
  if (stalled) return;
  connection.provider->excuse(now);
  const std::string unread = std::exchange(connection.unread, {});
  cti_bytes(peer, connection, unread, now, out);
}

/// Whether the CTI Manager does not get to do what an application asks for.
bool Cluster::stopped_by_fault(Connection& connection, const Frame& frame, TimePoint now) {
  const std::string& name = name_of(connection);
  if (frame.id == id::heartbeat && faults_.meeting(FaultKind::deaf, name, frame.id)) return true;
  if (const auto* rule = faults_.meeting(FaultKind::silence, name, frame.id)) {
    log_met(connection, rule->text);
    return true;
  }
  const auto* rule = faults_.meeting(FaultKind::refuse_request, name, frame.id);
  if (!rule) return false;
  log_met(connection, rule->text);
  connection.provider->refuse(frame, rule->number, now);
  return true;
}

void Cluster::through_stage(PeerId peer, Connection& connection, const Outgoing& output, TimePoint now,
                            Outbox& out) {
  if (connection.silenced) return;
  std::vector<std::string> met;
  if (!output.parts.empty()) connection.stage.take(output, faults_.of(name_of(connection)), now, met);
  for (const std::string& rule : met)
    log_met(connection, rule);
  if (connection.stalled) return;
  const FaultStage::End end = connection.stage.pump(out.to(peer), now);
  if (scripts_.watching()) watch(output, connection, now);
  if (end == FaultStage::End::cut) cut(peer, connection, out);
  if (end == FaultStage::End::close) part(peer, connection, out);
}

}  // namespace linebridge::sim::cucm
