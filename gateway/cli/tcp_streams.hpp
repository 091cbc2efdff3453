#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "cli/segment.hpp"

namespace linebridge::cli {

/// Who takes what TcpStreams put together. `connection` is a number that is not used twice.
class StreamSink {
public:
  virtual ~StreamSink() = default;
  /// `whole`: its first packets were captured.
  virtual void opened(std::uint64_t connection, const Endpoint& client, const Endpoint& server, bool whole) = 0;
  virtual void bytes(std::uint64_t connection, bool from_client, std::string_view bytes) = 0;
  /// Bytes that were sent but not captured.
  virtual void missing(std::uint64_t connection, bool from_client, std::uint64_t bytes) = 0;
  virtual void closed(std::uint64_t connection) = 0;
};

/// Puts captured TCP connections with one port together (RFC 9293): what came out of order or twice is put
/// right, what was never captured is told as soon as that is certain. Memory is bounded: connections and bytes
/// that wait for others are; past that, what waits is given up, and the connection longest silent is.
class TcpStreams {
public:
  struct Limits {
    std::size_t connections = 1024;
    std::size_t waiting_bytes = 512 * 1024;  ///< Of one direction.
    std::size_t waiting_in_all = 32 * 1024 * 1024;
  };

  TcpStreams(std::uint16_t port, Limits limits, StreamSink& sink)
      : port_(port), limits_(limits), sink_(&sink) {}

  void add(const Segment& segment);
  /// The capture ends: what still waits is handed out, and all connections are closed.
  void finish();

private:
  struct Half {
    bool known = false;
    bool finished = false;
    std::uint64_t next = 0;   ///< The number expected next, counted on past 32 bits.
    std::uint64_t acked = 0;  ///< The other side has all before it.
    std::map<std::uint64_t, std::string> waiting;
    std::size_t waiting_bytes = 0;
  };
  struct Connection {
    std::uint64_t number = 0;
    Endpoint client, server;
    std::array<Half, 2> halves;  ///< From the client, from the server.
    std::uint32_t first_seq = 0;
  };
  using Connections = std::list<Connection>;
  using Key = std::pair<Endpoint, Endpoint>;

  Connection* find(const Segment& segment, const Endpoint& client, const Endpoint& server, bool from_client);
  void take(Connection& connection, bool from_client, const Segment& segment);
  void settle(Connection& connection, bool from_client);
  bool may_give_up(const Half& half) const;
  void give_up(Connection& connection, bool from_client);
  void hold(Half& half, std::uint64_t at, std::string_view data);
  std::string release(Half& half);
  void close(Connections::iterator connection);

  std::uint16_t port_;
  Limits limits_;
  StreamSink* sink_;
  Connections connections_;  ///< The one heard of last in front.
  std::map<Key, Connections::iterator> by_key_;
  std::uint64_t numbers_ = 0;
  std::size_t waiting_in_all_ = 0;
};

}  // namespace linebridge::cli
