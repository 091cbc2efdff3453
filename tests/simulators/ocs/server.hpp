#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/deadlines.hpp"
#include "base/door.hpp"
#include "base/text.hpp"
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
  /// Whether passed() does anything: a message is not written out for nobody.
  virtual bool listens() const { return true; }
};

struct Settings {
  Site site;
  Address next_hop;            ///< The front end: where the static route of the line server leads.
  Address next_hop_shown;      ///< As it calls itself, if addresses are translated on the way there; or none.
  unsigned connections = 1;    ///< To the next hop; each dialog keeps to one of them.
  bool answer_events = false;  ///< Answer a node's INFO with 200 in place of a client that never does.
  bool tls = false;            ///< To the next hop, by the shell's client settings `tls_settings`.
  std::string tls_settings = "next hop";
  std::string tls_host;  ///< Whose certificate the next hop must show; empty: that of its address.
  std::string mark;      ///< In branches and tags, so that those of a former run never come again.
  bool keep_up = false;  ///< Dial a lost connection again though nobody asks for it.
  std::string signature = "linebridge";               ///< In our Record-Route.
  Duration answer_within = std::chrono::seconds(32);  ///< Then a request passed on is answered 408 (timer F).
};

/// The home server as a machine: registrar, self subscriptions, and a record-routing stateful proxy between
/// clients and the gateway's front end. A bad message closes the connection that it came on and nothing else.
///
/// Clients inside this program have no connection: their messages come by carry(), and what is for them waits
/// until take_arrived().
class Server {
public:
  using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop>;
  struct Arrived {
    PeerId client;
    Message message;
  };

  Server(Settings settings, HostPort listening, Witness& witness);

  /// A client inside; `shown` is where its messages seem to come from.
  PeerId add_inside(std::string name, Address shown);
  std::optional<TimePoint> carry(PeerId client, Message message, TimePoint now, Outbox& outbox);
  std::vector<Arrived> take_arrived() { return std::exchange(arrived_, {}); }
  /// Dials those connections to the next hop that are not there.
  void connect(TimePoint now, Outbox& outbox);
  /// Closes them, without a word.
  void cut(Outbox& outbox);

  /// Takes one input; returns when it wants a Tick at the latest.
  std::optional<TimePoint> on(const Input& input, TimePoint now, Outbox& outbox);

  std::size_t pending() const { return pending_.size(); }
  std::uint64_t carried() const { return carried_; }  ///< Messages to and from the next hop.
  std::uint64_t dials() const { return dials_; }      ///< To the next hop, since the start.

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
    Message request;        ///< What an answer of our own needs of it.
    bool answered = false;  ///< We answered in the client's place; its own answer goes nowhere.
    Deadlines<std::string>::Id deadline;
  };

  struct Inside {
    std::string name;
    Address shown;
  };

  bool is_inside(PeerId peer) const { return peer.value >= first_inside; }
  const std::string& name_of(PeerId peer) const;
  const Address& address_of(PeerId peer) const;
  void dial(PeerId& front);
  void acknowledge_refusal(const Pending& pending, const std::string& branch, const Message& response);
  void record(std::string_view from, std::string_view to, const Message& message);
  std::optional<TimePoint> next() const;
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
  void send(PeerId to, Message message);
  void expire();
  std::string new_name(std::string_view kind);

  Settings settings_;
  Self self_;
  Witness& witness_;
  TimePoint now_{};
  Outbox* out_ = nullptr;  ///< Of the input at hand.
  std::map<PeerId, Peer> peers_;
  std::vector<PeerId> fronts_;
  static constexpr std::uint64_t first_inside = std::uint64_t{1} << 62;

  std::vector<Inside> inside_;
  std::vector<Arrived> arrived_;
  std::optional<TimePoint> redial_at_;
  Duration redial_pause_{};
  bool stopping_ = false;
  std::uint64_t carried_ = 0, dials_ = 0;
  std::unordered_map<std::string, PeerId, TextHash, std::equal_to<>>
      reachable_;                                     ///< Contact or GRUU of a client.
  std::unordered_map<std::string, Pending> pending_;  ///< By the branch of our Via.
  Deadlines<std::string> deadlines_;
  std::uint64_t counter_ = 0;
};

}  // namespace linebridge::sim::ocs
