#include "tests/simulators/cucm/cluster.hpp"

#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t kept_messages = 5000;
constexpr std::size_t kept_phone_steps = 2000;
constexpr std::size_t most_controls = 64;
constexpr std::size_t most_unread = 1024 * 1024;
constexpr std::size_t most_queued = 16 * 1024 * 1024;  ///< A whole enumeration of a large cluster fits.

}  // namespace

Cluster::Cluster(const ClusterSpec& spec, const LoginKey& key, Random& random, Log& log, TimePoint now)
    : spec_(spec),
      log_(log),
      started_(now),
      exchange_(spec),
      traffic_(kept_messages),
      phone_trace_(kept_phone_steps),
      shared_{spec_, exchange_, key, random, traffic_, log_} {
  for (const ManagerSpec& manager : spec.managers)
    managers_.push_back({manager, manager.listen});
}

void Cluster::on(const Input& input, TimePoint now, Outbox& out) {
  std::visit(Overloaded{[&](const Opened& i) { opened(i, now, out); },
                        [&](const Bytes& i) {
                          const auto found = connections_.find(i.peer);
                          if (found != connections_.end()) {
                            return cti_bytes(i.peer, found->second, i.bytes, now, out);
                          }
                          control_bytes(i.peer, i.bytes, now, out);
                        },
                        [&](const Closed& i) { closed(i.peer); }, [](const Drained&) {},
                        [&](const Tick&) { tick(now); }, [&](const Stop&) { stop(now, out); }},
             input);
  settle(now, out);
  if (stopping_) {
    for (const auto& [peer, rest] : controls_)
      out.close(peer, Flush::yes);
  }
}

void Cluster::opened(const Opened& input, TimePoint now, Outbox& out) {
  if (input.from.listener == Listener::control) {
    if (stopping_ || controls_.size() == most_controls) return out.close(input.peer, Flush::no);
    controls_.try_emplace(input.peer);
    return;
  }
  const auto found = std::find_if(managers_.begin(), managers_.end(), [&](const Manager& manager) {
    return manager.address.port == input.from.local.port;
  });
  if (found == managers_.end() || found->mode == Mode::refuse || stopping_ ||
      faults_.meeting(FaultKind::refuse, found->spec.name, 0)) {
    if (found != managers_.end()) ++found->refused;
    return out.close(input.peer, Flush::no);
  }
  ++found->accepted;
  Connection& connection = connections_[input.peer];
  connection.manager = static_cast<std::size_t>(found - managers_.begin());
  connection.provider = std::make_unique<Provider>(shared_, found->spec.name, next_connection_++, now);
  connection.from = input.from.remote;
  connection.muted = found->mode == Mode::silence;
  log_.write(catalogue::sim_cti_connected, {{"link", found->spec.name},
                                            {"peer", to_text(input.from.remote)},
                                            {"connection", std::to_string(connection.provider->number())}});
  apply_faults(input.peer, connection, now, out);
}

void Cluster::cti_bytes(PeerId peer, Connection& connection, std::string_view bytes, TimePoint now,
                        Outbox& out) {
  if (connection.muted || connection.closing) return;
  if (connection.stalled) {
    connection.unread.append(bytes);
    if (connection.unread.size() > most_unread) cut(peer, connection, out);
    return;
  }
  connection.provider->push(bytes);
  while (!connection.closing && !connection.stalled) {
    const std::optional<Frame> frame = connection.provider->next(now);
    if (!frame) return;
    frame_in(connection, *frame, now, out);
  }
}

void Cluster::frame_in(Connection& connection, const Frame& frame, TimePoint now, Outbox& out) {
  connection.version = frame.version;
  if (scripts_.watching()) {
    scripts_.saw(frame.id, connection.provider->user(), name_of(connection), now);
    if (run_scripts(now, out)) {
      distribute(now);
      flush(now, out);
    }
    if (connection.closing) return;
  }
  if (faults_.empty()) {
    connection.provider->take(frame, now);
    return distribute(now);
  }
  // What this message brings about is a turn of its own for the faults.
  if (!stopped_by_fault(connection, frame, now)) connection.provider->take(frame, now);
  distribute(now);
  flush(now, out);
}

void Cluster::closed(PeerId peer) {
  controls_.erase(peer);
  const auto found = connections_.find(peer);
  if (found == connections_.end()) return;
  log_.write(catalogue::sim_cti_lost, {{"link", found->second.provider->manager()},
                                       {"peer", to_text(found->second.from)},
                                       {"connection", std::to_string(found->second.provider->number())}});
  connections_.erase(found);
}

void Cluster::stop(TimePoint now, Outbox& out) {
  stopping_ = true;
  scripts_.stop("");
  if (!faults_.empty()) clear_faults("all", now, out);
  for (const auto& [peer, rest] : controls_)
    out.close(peer, Flush::yes);
  for (auto& [peer, connection] : connections_)
    connection.provider->shut_down(now);
}

void Cluster::tick(TimePoint now) {
  exchange_.tick(now);
  by_people_ = true;  // What phones do by themselves, they do for somebody.
  for (auto& [peer, connection] : connections_) {
    if (connection.works()) connection.provider->tick(now);
  }
}

/// Until nothing follows from what was done: commands of scripts and those behind a wait do more.
void Cluster::settle(TimePoint now, Outbox& out) {
  for (bool more = true; more;) {
    distribute(now);
    by_people_ = false;
    flush(now, out);
    more = run_scripts(now, out);
    more = answer_waits(now, out) || more;
    more = resume(now, out) || more;
  }
  faults_.sweep();
}

void Cluster::distribute(TimePoint now) {
  // What ends a connection may free a device, which is something to tell in its turn.
  for (auto happenings = exchange_.take_happenings(); !happenings.empty();
       happenings = exchange_.take_happenings()) {
    for (const Happening& happening : happenings) {
      phone_trace_.add(happening, by_people_, now);
      for (auto& [peer, connection] : connections_) {
        if (!connection.muted) connection.provider->tell(happening, now);
      }
    }
  }
}

void Cluster::flush(TimePoint now, Outbox& out) {
  for (auto& [peer, connection] : connections_) {
    const Outgoing output = connection.provider->take_output();
    if (connection.closing) continue;
    if (!connection.muted) send(peer, connection, output, now, out);
    if (connection.provider->ended() && connection.stage.empty()) {
      part(peer, connection, out);
    } else if (out.queued(peer) + connection.stage.held() > most_queued) {
      cut(peer, connection, out);
    }
  }
}

void Cluster::send(PeerId peer, Connection& connection, const Outgoing& output, TimePoint now, Outbox& out) {
  if (!faults_.empty() || !connection.stage.idle()) return through_stage(peer, connection, output, now, out);
  if (output.parts.empty()) return;
  out.to(peer).append(output.bytes);
  if (scripts_.watching()) watch(output, connection, now);
}

void Cluster::cut(PeerId peer, Connection& connection, Outbox& out) {
  if (!std::exchange(connection.closing, true)) out.close(peer, Flush::no);
}

/// Closes it behind what is queued.
void Cluster::part(PeerId peer, Connection& connection, Outbox& out) {
  if (!std::exchange(connection.closing, true)) out.close(peer, Flush::yes);
}

std::optional<TimePoint> Cluster::next_deadline() const {
  std::optional<TimePoint> first = exchange_.next_deadline();
  const auto consider = [&first](std::optional<TimePoint> at) {
    if (at && (!first || *at < *first)) first = at;
  };
  for (const auto& [peer, connection] : connections_) {
    if (!connection.works()) continue;
    consider(connection.provider->next_deadline());
    if (!connection.closing) consider(connection.stage.next_deadline());
  }
  consider(scripts_.next_deadline());
  for (const auto& [peer, control] : controls_) {
    if (control.waiting) consider(control.until);
  }
  return first;
}

Cluster::Manager* Cluster::manager_named(std::string_view name) {
  const auto found = std::find_if(managers_.begin(), managers_.end(),
                                  [name](const Manager& manager) { return manager.spec.name == name; });
  return found == managers_.end() ? nullptr : &*found;
}

bool Cluster::has_manager(std::string_view name) const {
  return std::any_of(managers_.begin(), managers_.end(),
                     [name](const Manager& manager) { return manager.spec.name == name; });
}

Status Cluster::set_mode(std::string_view name, Mode mode, Outbox& out) {
  Manager* manager = manager_named(name);
  if (!manager) return Error{Errc::not_found, "no CTI Manager of that name"};
  manager->mode = mode;
  for (auto& [peer, connection] : connections_) {
    if (&managers_[connection.manager] != manager) continue;
    if (mode == Mode::silence) connection.muted = true;
    if (mode == Mode::accept && connection.muted) cut(peer, connection, out);
  }
  constexpr std::string_view words[] = {"accept", "refuse", "silence"};
  log_.write(catalogue::sim_cti_fault, {{"link", name}, {"rule", words[static_cast<std::size_t>(mode)]}});
  return Done{};
}

Status Cluster::drop(std::string_view name, Outbox& out) {
  Manager* manager = manager_named(name);
  if (!manager) return Error{Errc::not_found, "no CTI Manager of that name"};
  for (auto& [peer, connection] : connections_) {
    if (&managers_[connection.manager] == manager) cut(peer, connection, out);
  }
  log_.write(catalogue::sim_cti_fault, {{"link", name}, {"rule", "drop"}});
  return Done{};
}

}  // namespace linebridge::sim::cucm
