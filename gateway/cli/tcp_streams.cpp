#include "cli/tcp_streams.hpp"

#include <algorithm>
#include <utility>

namespace linebridge::cli {
namespace {

/// The full number of `seq`, which is near `around`.
std::uint64_t unfold(std::uint64_t around, std::uint32_t seq) {
  const auto distance = static_cast<std::int32_t>(seq - static_cast<std::uint32_t>(around));
  return around + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

constexpr std::uint64_t first_number = std::uint64_t{1} << 32;  // Room for what came before the capture.

}  // namespace

void TcpStreams::add(const Segment& segment) {
  const bool from_client = segment.to.port == port_;
  if (!from_client && segment.from.port != port_) return;
  const Endpoint& client = from_client ? segment.from : segment.to;
  const Endpoint& server = from_client ? segment.to : segment.from;
  Connection* const connection = find(segment, client, server, from_client);
  if (connection == nullptr) return;
  if (segment.has_ack) {
    Half& other = connection->halves[from_client ? 1 : 0];
    if (other.known) other.acked = std::max(other.acked, unfold(other.next, segment.ack));
    settle(*connection, !from_client);
  }
  take(*connection, from_client, segment);
  settle(*connection, from_client);
  const auto& halves = connection->halves;
  if (segment.reset || (halves[0].finished && halves[1].finished)) close(connections_.begin());
}

/// The connection a segment belongs to, now in front of the list; null if there is none and it begins none.
TcpStreams::Connection* TcpStreams::find(const Segment& segment, const Endpoint& client, const Endpoint& server,
                                         bool from_client) {
  const bool begins = segment.syn && from_client && !segment.has_ack;
  const Key key(client, server);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    connections_.splice(connections_.begin(), connections_, found->second);
    // The same two ports again.
    if (!begins || found->second->first_seq == segment.seq) return &connections_.front();
    close(found->second);
  }
  if (!segment.syn && segment.size == 0) return nullptr;
  if (connections_.size() >= limits_.connections) close(std::prev(connections_.end()));
  Connection fresh;
  fresh.number = ++numbers_;
  fresh.client = client;
  fresh.server = server;
  fresh.first_seq = segment.seq;
  connections_.push_front(std::move(fresh));
  by_key_[key] = connections_.begin();
  sink_->opened(numbers_, client, server, segment.syn);
  return &connections_.front();
}

void TcpStreams::take(Connection& connection, bool from_client, const Segment& segment) {
  Half& half = connection.halves[from_client ? 0 : 1];
  if (!half.known) {
    half.known = true;
    half.next = half.acked = first_number + segment.seq + (segment.syn ? 1 : 0);
  }
  std::uint64_t at = unfold(half.next, segment.seq + (segment.syn ? 1 : 0));
  std::string_view data = segment.data;
  const std::uint64_t end = at + segment.size;
  if (segment.fin && end <= half.next) half.finished = true;
  if (end <= half.next) return;  // Nothing new.
  if (at < half.next) {
    data.remove_prefix(std::min<std::size_t>(data.size(), half.next - at));
    at = half.next;
  }
  if (at != half.next) return hold(half, at, data);
  if (!data.empty()) sink_->bytes(connection.number, from_client, data);
  half.next += data.size();
  if (half.next < end) {  // Captured only in part.
    sink_->missing(connection.number, from_client, end - half.next);
    half.next = end;
  }
  half.finished = half.finished || segment.fin;
}

void TcpStreams::hold(Half& half, std::uint64_t at, std::string_view data) {
  if (data.empty()) return;
  std::string& held = half.waiting[at];
  if (held.size() >= data.size()) return;
  half.waiting_bytes += data.size() - held.size();
  waiting_in_all_ += data.size() - held.size();
  held = data;
}

/// The first of what waits.
std::string TcpStreams::release(Half& half) {
  std::string held = std::move(half.waiting.begin()->second);
  half.waiting_bytes -= held.size();
  waiting_in_all_ -= held.size();
  half.waiting.erase(half.waiting.begin());
  return held;
}

/// Whether what is missing in front of the waiting bytes will not come any more.
bool TcpStreams::may_give_up(const Half& half) const {
  return half.acked >= half.waiting.begin()->first || half.waiting_bytes > limits_.waiting_bytes ||
         half.waiting.size() > 4096 || waiting_in_all_ > limits_.waiting_in_all;
}

void TcpStreams::settle(Connection& connection, bool from_client) {
  Half& half = connection.halves[from_client ? 0 : 1];
  while (!half.waiting.empty()) {
    const std::uint64_t at = half.waiting.begin()->first;
    if (at > half.next) {
      if (!may_give_up(half)) return;
      give_up(connection, from_client);
    }
    const std::string held = release(half);
    const std::uint64_t old = half.next - at;
    if (old >= held.size()) continue;
    sink_->bytes(connection.number, from_client, std::string_view(held).substr(old));
    half.next = at + held.size();
  }
}

void TcpStreams::give_up(Connection& connection, bool from_client) {
  Half& half = connection.halves[from_client ? 0 : 1];
  const std::uint64_t at = half.waiting.begin()->first;
  sink_->missing(connection.number, from_client, at - half.next);
  half.next = at;
}

void TcpStreams::close(Connections::iterator connection) {
  for (const bool from_client : {true, false}) {
    Half& half = connection->halves[from_client ? 0 : 1];
    while (!half.waiting.empty()) {
      if (half.waiting.begin()->first > half.next) give_up(*connection, from_client);
      settle(*connection, from_client);
    }
  }
  sink_->closed(connection->number);
  by_key_.erase({connection->client, connection->server});
  connections_.erase(connection);
}

void TcpStreams::finish() {
  while (!connections_.empty())
    close(std::prev(connections_.end()));
}

}  // namespace linebridge::cli
