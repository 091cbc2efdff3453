#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "lb/splitter/clients.hpp"
#include "lb/splitter/dialog.hpp"
#include "lb/splitter/egress.hpp"
#include "lb/splitter/legs.hpp"
#include "lb/splitter/settings.hpp"
#include "lb/splitter/strangers.hpp"
#include "sip/framing/framer.hpp"
#include "sip/framing/head_view.hpp"
#include "trace/ring.hpp"

namespace linebridge::lb::splitter {

/// Takes the SIP dialogs of a few OCS connections apart: one connection, a leg, for each dialog. HAProxy places
/// the legs on the nodes. Messages pass byte for byte, in order, in both directions; the splitter answers only
/// what no node can.
///
/// Requests of OCS go to the dialog's newest leg; a node answers on the leg of the request. What a leg that is
/// lost leaves unanswered is offered once to the other node. Requests of a node go to the connection on which
/// OCS last spoke of the dialog, else to the newest of its host, else to one that is made to the host of the
/// top Route, if it is listed. Responses go to the connection of their request, else to another of its host. A
/// node without a leg comes by itself. After a reload of HAProxy idle dialogs get new legs; the old ones are
/// read for a while.
///
/// A machine: inputs and time come in, bytes and orders go to the Outbox. One thread; calls do not nest.
/// References given to the constructor must outlive it.
class Splitter {
public:
  Splitter(Settings settings, Random& random, Counters& counters, Log& log, trace::Ring& ring);
  Splitter(const Splitter&) = delete;
  Splitter& operator=(const Splitter&) = delete;

  void on(const Input& input, TimePoint now, Outbox& out);
  std::optional<TimePoint> next_deadline() const { return alarms_.next(); }

  /// Relates both clocks, for the trace. Call it at the start and when wall-clock time may have been set.
  void wall_clock(WallTime wall, TimePoint at);

  Status status() const;
  /// After Stop: everything is closed, or the time for it is up.
  bool finished() const { return finished_; }

private:
  void handle(const Opened& opened);
  void handle(const Bytes& bytes);
  void handle(const Closed& closed);
  void handle(const Drained& drained);
  void handle(const Tick&);
  void handle(const Stop& stop);
  void handle(const Reloaded&);
  void fire(const Due& due);
  void fire_for_dialog(Dialog& dialog, const Due& due);
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
  bool full(bool inside) const;
  void make_room();
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

  // from_node.cpp: what nodes send on legs. Those that may end the dialog say so; it must not be used after.
  void node_bytes(PeerId peer, std::string_view bytes);
  void node_message(Dialog& dialog, PeerId leg, const sip::Framer::Message& message);
  void node_request(Dialog& dialog, PeerId leg, std::string_view text);
  void pass_to_client(Dialog& dialog, Client& client, std::string_view text);
  void answer_node(Dialog& dialog, PeerId leg, const sip::HeadView& request, int status,
                   std::string_view reason);  ///< May end the dialog.
  void node_response(Dialog& dialog, PeerId leg, std::string_view text);
  void node_finished(Dialog& dialog);
  bool node_unavailable(Dialog& dialog, Pending& pending);
  void finish_pending(Dialog& dialog, std::uint64_t number);
  void unanswered(Dialog& dialog, std::uint64_t number);  ///< May end the dialog.
  void take_back(Dialog& dialog, const Pending& pending);

  // to_ocs.cpp: connections that we make to OCS hosts.
  void by_egress(Dialog& dialog, PeerId leg, std::string_view text);        ///< May end the dialog.
  void unreachable(Dialog& dialog, PeerId leg, const sip::HeadView& head);  ///< May end the dialog.
  void dial_ocs(std::size_t place, const Dialog& dialog);
  void egress_opened(std::size_t place);
  void egress_sure(std::size_t place);
  void egress_ended(std::size_t place);
  void egress_due(std::size_t place);
  void end_egress();

  // dialog_legs.cpp: the life of legs and so of dialogs.
  Dialog& open_dialog(std::string key);
  void open_leg(Dialog& dialog, std::string_view authority);
  Leg& dial(Dialog& dialog, std::string_view authority);
  void dial_current(Dialog& dialog);
  void dial_waiting();
  void leg_up(Leg& leg);
  void close_leg(Dialog& dialog, PeerId peer, Flush flush);
  void leg_gone(Dialog& dialog, PeerId peer);
  void leg_lost(Dialog& dialog, PeerId peer, std::string_view why);  ///< May end the dialog.
  void fall_back(Dialog& dialog);                                    ///< May end the dialog.
  void offer_again(Dialog& dialog, PeerId lost);
  Pending take_pending(Dialog& dialog, std::uint64_t number);  ///< It must be there.
  void refuse_pending_on(Dialog& dialog, PeerId leg, bool replayed);
  void fail_pending_on(Dialog& dialog, PeerId leg);
  void send(Dialog& dialog, PeerId leg, std::string_view bytes);  ///< May end the dialog.
  void leg_full(Dialog& dialog, PeerId leg);                      ///< May end the dialog.
  void settle(Dialog& dialog);
  bool lingers(std::uint64_t dialog);
  void end(Dialog& dialog);  ///< Ends the dialog.

  // moves.cpp: other legs for dialogs that have one; those that nodes open, and those after a reload.
  void node_leg(const Opened& opened);
  std::string_view wrong_with(const Opened& opened);
  Dialog& dialog_of_node(const ProxyHeader& header);
  void retire(Dialog& dialog, PeerId peer);
  void aged(PeerId peer);
  bool idle(const Dialog& dialog);
  bool wants_move(const Dialog& dialog);
  std::size_t room_to_move() const;
  void move_some();
  void plan_moves();
  void move(Dialog& dialog);
  void moved(Dialog& dialog);
  void move_failed(Dialog& dialog);

  void note(std::uint64_t dialog, std::string_view from, std::string_view to, const sip::HeadView& head);
  void note(std::uint64_t dialog, std::string_view from, std::string_view to, std::string_view text,
            std::string_view detail);

  const Settings settings_;
  Random& random_;
  Counters& counters_;
  Log& log_;
  trace::Ring& ring_;

  Alarms alarms_;
  Clients clients_;
  Dialogs dialogs_;
  Legs legs_;
  Egress egress_;
  Strangers strangers_;
  std::deque<std::uint64_t>
      lingering_;  ///< Dialogs that are over, oldest first, and some that are not any more.
  std::uint64_t last_request_ = 0;
  std::size_t pending_ = 0, pending_bytes_ = 0;
  std::uint64_t reloads_ = 0;        ///< Of HAProxy, seen so far.
  std::deque<std::uint64_t> moves_;  ///< Dialogs whose legs may be of a process that was replaced.
  Alarms::Id move_some_;
  bool stopping_ = false, finished_ = false;

  sip::HeadView head_;  ///< Of the message in hand.
  TimePoint now_;       ///< Of the call in progress, as is out_.
  Outbox* out_ = nullptr;
  WallTime wall_;
  TimePoint wall_at_;
};

}  // namespace linebridge::lb::splitter
