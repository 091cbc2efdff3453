#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/deadlines.hpp"
#include "base/door.hpp"
#include "cutter.hpp"
#include "home.hpp"
#include "hop.hpp"

namespace linebridge::sim::ocs {

/// Sees what passes. The views end with the call.
class Witness {
public:
  virtual ~Witness() = default;
  virtual void passed(std::string_view from, std::string_view to, std::string_view message) = 0;
  virtual void noted(std::string_view what) = 0;
};

struct Settings {
  Site site;
  Address next_hop;            ///< The front end: where the static route of the line server leads.
  unsigned connections = 1;    ///< To the next hop; each dialog keeps to one of them.
  bool answer_events = false;  ///< Answer a node's INFO with 200 in place of a client that never does.
  std::string signature = "linebridge";               ///< In our Record-Route.
  Duration answer_within = std::chrono::seconds(32);  ///< Then a request passed on is answered 408 (timer F).
};

/// The home server as a machine: registrar, self subscriptions, and a record-routing stateful proxy between
/// clients and the gateway's front end. A bad message closes the connection that it came on and nothing else.
class Server {
public:
  using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop>;

  Server(Settings settings, HostPort listening, Witness& witness);

  /// Takes one input; returns when it wants a Tick at the latest.
  std::optional<TimePoint> on(const Input& input, TimePoint now, Outbox& outbox);

  std::size_t pending() const { return pending_.size(); }

private:
  struct Peer {
    std::string name;  ///< For the witness: "client 127.0.0.1:40000", "front 1".
    Address remote;
    Cutter cutter;
    bool up = false;
    std::string waiting;  ///< Output until our dial came up.
  };
  struct Pending {
    PeerId from, to;
    Message request;        ///< As it came, for an answer of our own.
    bool answered = false;  ///< We answered in the client's place; its own answer goes nowhere.
    Deadlines<std::string>::Id deadline;
  };

  void opened(const Opened& input);
  void received(const Bytes& input);
  void closed(const Closed& input);
  void take(PeerId from, Message message);
  void take_response(PeerId from, Message response);
  void take_request(PeerId from, Message request);
  void serve(PeerId from, const Message& request);
  void learn(PeerId from, const Message& request);
  PeerId target(PeerId from, const Message& request);
  PeerId front(const Message& request);
  void pass_on(PeerId from, PeerId to, Message request);
  void answer(PeerId to, const Message& request, int status, std::string_view reason);
  void send(PeerId to, const Message& message);
  void expire();
  std::string new_name(std::string_view kind);

  Settings settings_;
  Self self_;
  Witness& witness_;
  TimePoint now_{};
  Outbox* out_ = nullptr;  ///< Of the input at hand.
  std::map<PeerId, Peer> peers_;
  std::vector<PeerId> fronts_;
  std::unordered_map<std::string, PeerId> reachable_;  ///< Contact URI or GRUU of a client.
  std::unordered_map<std::string, Pending> pending_;   ///< By the branch of our Via.
  Deadlines<std::string> deadlines_;
  std::uint64_t counter_ = 0;
};

}  // namespace linebridge::sim::ocs
