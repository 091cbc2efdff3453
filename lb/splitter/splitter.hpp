#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "lb/splitter/clients.hpp"
#include "lb/splitter/dialog.hpp"
#include "sip/framing/framer.hpp"
#include "sip/framing/head_view.hpp"
#include "trace/ring.hpp"

namespace linebridge::lb::splitter {

/// HAProxy was reloaded: another process places new legs, and the old one checks no node any more.
struct Reloaded {};

using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop, Reloaded>;

/// An OCS host that may be called.
struct OcsHost {
  Address address;  ///< As a Route names it: name or address, and port.
  bool tls = false;
};

struct Settings {
  Address place;   ///< Where legs are dialled: HAProxy's socket.
  Address egress;  ///< Where OCS hosts are dialled: HAProxy's socket; empty: nowhere.
  /// Who may be called there. The authority of the dial's PROXY header tells HAProxy which: "ocs1" is the
  /// first.
  std::vector<OcsHost> ocs;
  sip::Framer::Limits framing;

  std::size_t dialogs = 20000;  ///< At most; above 95 % only those that nodes already know are taken.
  std::size_t dials = 128;      ///< Legs being connected at once; more wait their turn.
  std::size_t pending = 64;     ///< Unanswered requests of one dialog, in each direction.
  std::size_t pending_bytes = 64 * 1024 * 1024;  ///< Of all unanswered requests of OCS together.
  std::size_t leg_bytes = 256 * 1024;            ///< Queued for one leg; past it the leg is closed.

  std::size_t client_pause = 256 * 1024;  ///< Queued for an OCS connection: no more is read from it.
  std::size_t client_drop = 1024 * 1024;  ///< From here it is dropped when it takes nothing for client_stall.
  std::size_t client_most = 8 * 1024 * 1024;  ///< Here it is dropped at once.
  Duration client_stall = std::chrono::seconds(10);

  Duration answer_within = std::chrono::seconds(15);
  Duration invite_within = std::chrono::seconds(20);
  Duration linger = std::chrono::seconds(5);  ///< From the end of a dialog to the end of its leg.
  std::chrono::seconds retry_least{2};        ///< Retry-After of a 503, and how much chance adds to it.
  std::chrono::seconds retry_spread{6};
};

/// What is going on, for the administrator.
struct Status {
  std::size_t clients = 0, dialogs = 0, legs = 0, dialling = 0, pending = 0;
  std::vector<std::pair<std::string, std::size_t>> hosts;  ///< OCS hosts and their connections.
};

/// Takes the SIP dialogs of a few OCS connections apart: one connection, a leg, for each dialog. HAProxy places
/// the legs on the nodes. Messages pass byte for byte, in order, in both directions; the splitter answers only
/// what no node can.
///
/// A machine: inputs and time come in, bytes and orders go to the Outbox. One thread; calls do not nest.
/// References given to the constructor must outlive it.
class Splitter {
public:
  Splitter(Settings settings, Random& random, Counters& counters, Log& log, trace::Ring& ring);

  void on(const Input& input, TimePoint now, Outbox& out);
  std::optional<TimePoint> next_deadline() const { return alarms_.next(); }

  /// Relates both clocks, for the trace. Call it at the start and when wall-clock time may have been set.
  void wall_clock(WallTime wall, TimePoint at);

  Status status() const;
  /// After Stop: everything is closed, or the time for it is up.
  bool finished() const { return finished_; }

private:
  struct Leg {
    std::uint64_t dialog = 0;
    sip::Framer framer;
  };
  using Legs = std::unordered_map<std::uint64_t, Leg>;

  void handle(const Opened& opened);
  void handle(const Bytes& bytes);
  void handle(const Closed& closed);
  void handle(const Drained& drained);
  void handle(const Tick&);
  void handle(const Stop& stop);
  void handle(const Reloaded&);
  void fire(const Due& due);
  void end_everything(Flush flush);

  // from_client.cpp: what OCS sends.
  void client_bytes(PeerId peer, std::string_view bytes);
  void client_broke(Client& client, const Error& why);
  void client_message(Client& client, const sip::Framer::Message& message);
  void client_request(Client& client, std::string_view text);
  void client_response(Client& client, std::string_view text);
  void client_ack(Client& client, std::string_view text);
  bool answered_here(Client& client);
  Dialog* dialog_for_request(Client& client);
  bool over_limit(const Dialog& dialog, std::size_t bytes) const;

  // client_output.cpp: what OCS gets.
  void write(Client& client, std::string_view bytes);
  void drop(Client& client);
  void stalled(PeerId peer);
  void resume(Client& client);
  void answer_here(Client& client, const sip::HeadView& request, int status, std::string_view reason,
                   std::string_view extra = {});
  void refuse(Client& client, const sip::HeadView& request);
  void refuse(const Pending& pending);
  Client* client_of(const Pending& pending);
  void answer_pending(const Pending& pending, int status, std::string_view reason, std::string_view extra = {});

  // from_node.cpp: what nodes send on legs.
  void node_bytes(PeerId peer, std::string_view bytes);
  void node_message(Dialog& dialog, const sip::Framer::Message& message);
  void node_request(Dialog& dialog, std::string_view text);
  void node_response(Dialog& dialog, std::string_view text);
  bool node_unavailable(Dialog& dialog, Pending& pending);
  void finish_pending(Dialog& dialog, std::uint64_t number);
  void unanswered(Dialog& dialog, std::uint64_t number);

  // legs.cpp: the life of legs and so of dialogs. Those that may end the dialog say so; it must not be used
  // after.
  Dialog& open_dialog(const Client& client, std::string key);
  void open_leg(Dialog& dialog, std::string_view authority);
  void dial(Dialog& dialog);
  void dial_waiting();
  void leg_up(Dialog& dialog);
  void detach_leg(Dialog& dialog);
  void drop_leg(Dialog& dialog, Flush flush);
  void leg_lost(Dialog& dialog, std::string_view why);  ///< May end the dialog.
  void offer_again(Dialog& dialog);
  void give_up(Dialog& dialog);                       ///< Ends the dialog.
  void send(Dialog& dialog, std::string_view bytes);  ///< May end the dialog.
  void leg_full(Dialog& dialog);                      ///< Ends the dialog.
  void settle(Dialog& dialog);
  void end(Dialog& dialog);  ///< Ends the dialog.

  void note(std::uint64_t dialog, std::string_view from, std::string_view to, const sip::HeadView& head);
  void note(std::uint64_t dialog, std::string_view from, std::string_view to, std::string_view text,
            std::string_view detail);

  Settings settings_;
  Random& random_;
  Counters& counters_;
  Log& log_;
  trace::Ring& ring_;

  Clients clients_;
  Dialogs dialogs_;
  Legs legs_;                            ///< By peer.
  std::vector<Legs::node_type> buried_;  ///< Legs given up in this turn: the message in hand may lie in one.
  std::deque<std::uint64_t> waiting_;    ///< Dialogs whose leg is not dialled yet.
  std::size_t dialling_ = 0;
  std::uint64_t last_request_ = 0;
  std::size_t pending_ = 0, pending_bytes_ = 0;
  Alarms alarms_;
  bool stopping_ = false, finished_ = false;

  sip::HeadView head_;  ///< Of the message in hand.
  TimePoint now_;       ///< Of the call in progress, as is out_.
  Outbox* out_ = nullptr;
  WallTime wall_;
  TimePoint wall_at_;
};

}  // namespace linebridge::lb::splitter
