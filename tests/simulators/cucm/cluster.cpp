#include "tests/simulators/cucm/cluster.hpp"

#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "tests/simulators/cucm/console.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t kept_messages = 5000;
constexpr std::size_t longest_command = 4096;
constexpr std::size_t most_controls = 64;
constexpr std::size_t most_queued = 16 * 1024 * 1024;  ///< A whole enumeration of a large cluster fits.

}  // namespace

Cluster::Cluster(const ClusterSpec& spec, const LoginKey& key, Random& random, Log& log, TimePoint now)
    : spec_(spec),
      log_(log),
      started_(now),
      exchange_(spec),
      traffic_(kept_messages),
      shared_{spec_, exchange_, key, random, traffic_, log_} {
  for (const ManagerSpec& manager : spec.managers)
    managers_.push_back({manager, manager.listen});
}

void Cluster::on(const Input& input, TimePoint now, Outbox& out) {
  std::visit(Overloaded{[&](const Opened& i) { opened(i, now, out); },
                        [&](const Bytes& i) {
                          const auto found = connections_.find(i.peer);
                          if (found != connections_.end()) return cti_bytes(found->second, i.bytes, now);
                          control_bytes(i.peer, i.bytes, now, out);
                        },
                        [&](const Closed& i) { closed(i.peer); }, [](const Drained&) {},
                        [&](const Tick&) {
                          exchange_.tick(now);
                          for (auto& [peer, connection] : connections_) {
                            if (!connection.muted) connection.provider->tick(now);
                          }
                        },
                        [&](const Stop&) { stop(now, out); }},
             input);
  distribute(now);
  flush(out);
  if (stopping_) {
    for (const auto& [peer, rest] : controls_)
      out.close(peer, Flush::yes);
  }
}

void Cluster::opened(const Opened& input, TimePoint now, Outbox& out) {
  if (input.from.listener == Listener::control) {
    if (stopping_ || controls_.size() == most_controls) return out.close(input.peer, Flush::no);
    controls_.emplace(input.peer, std::string());
    return;
  }
  const auto found = std::find_if(managers_.begin(), managers_.end(), [&](const Manager& manager) {
    return manager.address.port == input.from.local.port;
  });
  if (found == managers_.end() || found->mode == Mode::refuse || stopping_) {
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
}

void Cluster::cti_bytes(Connection& connection, std::string_view bytes, TimePoint now) {
  if (connection.muted || connection.closing) return;
  connection.provider->push(bytes, now);
  while (connection.provider->step(now))
    distribute(now);
}

void Cluster::control_bytes(PeerId peer, std::string_view bytes, TimePoint now, Outbox& out) {
  const auto found = controls_.find(peer);
  if (found == controls_.end()) return;
  std::string& buffer = found->second;
  buffer.append(bytes);
  for (std::size_t end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n')) {
    const Reply reply = obey(*this, std::string_view(buffer).substr(0, end), now, out);
    out.to(peer).append(reply.ok ? "ok " : "error ").append(reply.text).push_back('\n');
    buffer.erase(0, end + 1);
  }
  if (buffer.size() > longest_command) out.close(peer, Flush::yes);
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
  for (const auto& [peer, rest] : controls_)
    out.close(peer, Flush::yes);
  for (auto& [peer, connection] : connections_)
    connection.provider->shut_down(now);
}

void Cluster::distribute(TimePoint now) {
  for (const Happening& happening : exchange_.take_happenings()) {
    for (auto& [peer, connection] : connections_) {
      if (!connection.muted) connection.provider->tell(happening, now);
    }
  }
}

void Cluster::flush(Outbox& out) {
  for (auto& [peer, connection] : connections_) {
    const std::string output = connection.provider->take_output();
    if (connection.closing) continue;
    if (!output.empty() && !connection.muted) out.to(peer).append(output);
    if (connection.provider->ended()) {
      connection.closing = true;
      out.close(peer, Flush::yes);
    } else if (out.queued(peer) > most_queued) {
      cut(peer, connection, out);
    }
  }
}

void Cluster::cut(PeerId peer, Connection& connection, Outbox& out) {
  if (!std::exchange(connection.closing, true)) out.close(peer, Flush::no);
}

std::optional<TimePoint> Cluster::next_deadline() const {
  std::optional<TimePoint> first = exchange_.next_deadline();
  for (const auto& [peer, connection] : connections_) {
    const auto at = connection.muted ? std::nullopt : connection.provider->next_deadline();
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

Cluster::Manager* Cluster::manager_named(std::string_view name) {
  const auto found = std::find_if(managers_.begin(), managers_.end(),
                                  [name](const Manager& manager) { return manager.spec.name == name; });
  return found == managers_.end() ? nullptr : &*found;
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
