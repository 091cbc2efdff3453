#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/deadlines.hpp"
#include "base/text.hpp"
#include "control/control.hpp"
#include "core/gateway.hpp"
#include "csta/decode.hpp"
#include "session/farewell.hpp"
#include "session/link_loss.hpp"
#include "session/liveness.hpp"
#include "sip/dialog.hpp"
#include "sip/invite_transaction.hpp"
#include "sip/next_hop.hpp"
#include "sip/osip_codec.hpp"
#include "sip/session_timer.hpp"
#include "sip/writer.hpp"
#include "trace/ring.hpp"

/// The inside of core::Gateway, shared by its .cpp files only: who is connected, who is signed in, and the
/// wiring between the rooms. It has no rules of its own.
namespace linebridge::core {

/// Actions and happenings for which memory is kept from turn to turn.
inline constexpr std::size_t most_spare = 1024;

/// Value of Allow, wherever it is sent.
inline constexpr std::string_view allowed_methods = "INVITE, ACK, BYE, CANCEL, INFO, UPDATE, OPTIONS";

template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// A connection that speaks SIP: a leg of the front end, or an OCS host directly.
struct SipPeer {
  sip::Framer framer;
  Origin from;
  bool listed = false;  ///< Its sender is in the incoming list.
  bool reading = true;
  bool closing = false;    ///< We closed it: what still arrives is not looked at.
  std::size_t queued = 0;  ///< Output it had not taken when it was looked at last; while not reading.

  std::string_view sender() const;  ///< IP address of the OCS host behind it.
  bool is_leg() const { return from.proxy && !from.proxy->unique_id.empty(); }
};

/// A CSTA request that waits for the switch: how its answer begins, and on which connection.
struct Pending {
  PeerId peer;
  sip::AnswerHead head;
  std::string transaction;  ///< Via branch of the request; a repeat of it is not a second request.
  csta::Edition edition;
};

/// alive: the session's Liveness. ack: of its newest INVITE. reach: a connection of ours may be tried again.
/// output: a connection that takes none. ending, drain: of the node.
enum class TimerKind { events, alive, ack, transaction, leg, reach, output, ending, drain };
struct TimerKey {
  TimerKind kind = TimerKind::events;
  std::uint64_t id = 0;  ///< Session, client transaction, peer, or connection of ours; none of the node.
};
using Timers = Deadlines<TimerKey>;

/// Where requests of ours go when the dialog has no connection.
struct WayBack {
  Target target;
  bool shared = false;  ///< With all dialogs of that OCS host; else it is a leg of this dialog alone.
};

/// A connection that we opened, or try to, because requests of ours had none.
struct OwnConnection {
  std::string key;  ///< In own_by_target_.
  PeerId peer;      ///< Being dialled or up; none while a failure is waited out.
  Target target;
  bool up = false;
  Duration pause{};                    ///< Before the next attempt.
  std::vector<std::uint64_t> waiting;  ///< Sessions.
};

struct Session {
  model::SessionId id;
  sip::Dialog dialog;
  std::string user, rule;
  std::string endpoint;    ///< Of the user: another sign-in of the same one replaces this.
  std::string trace_name;  ///< "pub-17": the same in all lines of the trace and for the administrator.
  numbers::LineUri line;
  cti::driver::LinkId link;
  cti::driver::Appearance appearance;
  csta::Edition edition;
  PeerId peer;              ///< The newest connection of the dialog; it may be gone.
  Address sender;           ///< The OCS host's end of the connection it signed in on.
  std::string sender_name;  ///< Of its certificate there, if it showed one.
  bool on_leg = false;
  sip::InviteTransaction invite;
  session::EventQueue events;
  std::map<std::uint64_t, Pending> pending;  ///< By request id.
  sip::SessionTimer timer;
  session::Liveness alive;
  TimePoint began, refreshed;
  Timers::Id events_timer, alive_timer, ack_timer;
  std::uint64_t requests = 0;
};

/// A request of ours that may still be answered.
struct ClientTransaction {
  enum class Kind { event, bye, question, refresh };  ///< question: OPTIONS. refresh: UPDATE.
  model::SessionId session;
  Kind kind = Kind::event;
  std::uint64_t event = 0;  ///< Number of the event in the session's queue.
  Timers::Id timer;
};

/// All sessions are being ended, a few at a time.
struct Ending {
  std::string why;
  TimePoint by;
  session::Farewell pace;
  std::deque<std::uint64_t> left;                ///< Sessions not told yet.
  std::unordered_set<std::uint64_t> unanswered;  ///< BYEs, by client transaction.
  std::optional<TimePoint> answers_by;           ///< All are told; so long answers are waited for.
  bool links_closed = false;
  std::size_t told = 0, answered = 0, unreachable = 0;
  Timers::Id timer;
};

struct Gateway::Impl {
  Impl(Settings settings, std::shared_ptr<const users::Directory> users, Random& random, Counters& counters,
       Log& log);

  // gateway.cpp: inputs
  void opened(const Opened& input);
  void bytes(const Bytes& input);
  void closed(const Closed& input);
  void tick();

  // sip_in.cpp: messages
  void sip_bytes(PeerId peer, SipPeer& from, std::string_view bytes);
  /// Counts, logs, and answers as far as the head lets us. False: it is no SIP.
  bool refuse_broken(PeerId peer, const SipPeer& from, const LogKind& kind, const sip::Broken& why,
                     std::string_view head);
  void stream_refused(PeerId peer, SipPeer& from, const Error& error);
  void close_peer(PeerId peer, SipPeer& from, Flush flush);
  void message(PeerId peer, SipPeer& from, std::string_view head, std::string_view body);
  void request(PeerId peer, const SipPeer& from, const sip::Message& request);
  void acknowledged(const sip::Message& request);
  void cancel(PeerId peer, const SipPeer& from, const sip::Message& request);
  void options(PeerId peer, const sip::Message& request);
  void answer(PeerId peer, const sip::Message& request, int status,
              std::initializer_list<sip::Header> headers = {}, std::string_view body = {});
  /// Answers, counts and logs a refusal of a request that is not a matter of CSTA.
  void refuse(PeerId peer, const SipPeer& from, const sip::Message& request, const session::Refusal& why);

  // in_dialog.cpp
  void in_dialog(PeerId peer, const SipPeer& from, const sip::Message& request);
  void serve(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request);
  void info(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request);
  void bye(PeerId peer, Session& session, const sip::Message& request);
  void refresh(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request);
  void agree_timer(Session& session, const sip::SessionTimer& timer);
  void due_alive(Session& session);
  void silent(Session& session);  ///< What we asked found no answer.
  void due_ack(Session& session);

  // requests_out.cpp: requests of ours and what is answered to them
  void send_request(Session& session, ClientTransaction::Kind kind, std::uint64_t event, std::string_view body);
  ClientTransaction* transaction_of(std::string_view branch, std::uint64_t& id);
  void response(const SipPeer& from, const sip::Message& response);
  void answered(Session& session, const ClientTransaction& done, int status);
  void due_transaction(std::uint64_t id);

  // reach.cpp: connections of our own
  /// Requests of ours can be sent now. If not, a connection is tried; events go out when it is up.
  bool reach(Session& session);
  bool usable(PeerId peer) const;
  void say_goodbye(Session& session);
  /// The one for this session's requests, dialled if need be; nullptr: there is no way.
  OwnConnection* own_connection(const Session& session);
  std::optional<WayBack> way_back(const Session& session) const;
  void dial_ocs(std::uint64_t id, OwnConnection& own);
  bool own_opened(const Opened& input);
  bool own_closed(const Closed& input);
  void due_reach(std::uint64_t id);

  // sign_in.cpp: dialog-creating INVITEs
  void invite(PeerId peer, const SipPeer& from, const sip::Message& request);
  /// The INVITE came before, as it is or by another way: answered.
  bool invited_already(PeerId peer, const SipPeer& from, const sip::Message& request);
  std::optional<session::Refusal> no_room_for(const std::string& user);  ///< Counts what it refuses.
  void accept(PeerId peer, const SipPeer& from, const sip::Message& request, const session::Known& known,
              const session::Placed& placed, cti::driver::LinkId link, const csta::Edition& edition,
              const sip::SessionTimer& timer);
  void replace_former(const std::string& user, const std::string& endpoint);
  void answer_signed_in(PeerId peer, Session& session, const sip::Message& request, bool with_status);
  sip::OurAddress our_address(const Origin& from) const;
  /// A leg cannot say that the client spoke TLS, but where the client went: the front end's port for TLS.
  bool is_tls_port(std::uint16_t port) const { return port != 0 && port == settings_.tls_port; }

  // csta.cpp: requests to control, responses and events back
  /// What a body asks for; nothing if it was refused.
  std::optional<csta::Decoded> csta_body(PeerId peer, const SipPeer& from, const sip::Message& request);
  void csta_request(PeerId peer, const SipPeer& from, Session& session, const sip::Message& request,
                    const csta::Decoded& decoded);
  void settle();  ///< Until neither control nor the links want anything done.
  void perform_all();
  void perform(control::Action& action);
  void respond(const control::Respond& respond);
  void notify(control::Notify& notify);
  void send_events(Session& session);

  // links.cpp
  void link_output();
  void link_event(const cti::Pool::Happened& happened);
  void order(const control::Order& order);
  std::string& link_buffer(std::size_t index);
  session::LinkState link_state(const Session& session) const;

  // sessions.cpp
  Session* find(model::SessionId id);
  Session* find_dialog(const sip::Message& request);
  enum class Goodbye { none, bye };
  void end(Session& session, Goodbye goodbye, std::string_view why);
  void close_unused_leg(std::uint64_t peer);
  void due(const TimerKey& key);

  // ending.cpp: the node stops, or drains
  void stop(TimePoint by);
  view::Answer drain(const view::Drain& order);
  view::Drainage drainage() const;
  void drain_over();
  std::optional<session::Refusal> no_entry();  ///< The node takes no new sessions. Counts.
  void begin_ending(std::string why, TimePoint by);
  void go_on_ending();
  void tell_some();
  void tell(Session& session);
  void all_told();
  void ended();
  void goodbye_answered(std::uint64_t transaction);
  bool finished() const;

  // limits.cpp: what is counted when it is hit
  void sessions_changed();
  void watch_output(PeerId peer);
  void output_taken(PeerId peer);
  void output_stalled(PeerId peer);
  void drop_peer(PeerId peer, SipPeer& from);
  void note_monitor_limit(const Session& session, const control::Respond& respond);

  // show.cpp
  void asked(const Asked& input);
  view::Status status() const;
  view::Trace trace_lines(const view::ShowTrace& wanted) const;
  std::string agent() const;       ///< "up", "drain" or "down #why"
  std::string agent_line() const;  ///< The same as HAProxy's agent-check wants it.
  void trace(const Session* session, std::string_view from, std::string_view to, std::string_view text,
             std::string_view detail = {});
  /// The same of texts in parts, without an allocation.
  void trace_parts(const Session* session, std::string_view from, std::string_view to,
                   std::initializer_list<std::string_view> text,
                   std::initializer_list<std::string_view> detail);
  void trace_link(std::size_t index, bool towards, model::SessionId session, std::string_view text,
                  std::string_view detail);

  Settings settings_;
  std::shared_ptr<const users::Directory> users_;
  Random& random_;
  Counters& counters_;
  Log& log_;
  session::Reception reception_;
  sip::Codec codec_;
  csta::Decoder decoder_;
  control::Control control_;
  cti::Pool pool_;
  trace::Ring trace_;

  TimePoint now_;
  Outbox* out_ = nullptr;  ///< Of the current turn.
  TimePoint started_;
  bool stopping_ = false;
  TimePoint stop_by_;
  bool draining_ = false;
  std::optional<TimePoint> drain_until_;  ///< When the sessions left are ended.
  Timers::Id drain_timer_;
  std::optional<Ending> ending_;
  bool nearly_full_ = false;

  std::unordered_map<std::uint64_t, SipPeer> sip_peers_;
  std::unordered_map<std::uint64_t, std::size_t> link_of_peer_;
  std::vector<PeerId> link_peers_;        ///< By link index; none while not connected.
  std::vector<std::string> lost_output_;  ///< By link index: where bytes for a closed link go.

  std::unordered_map<std::uint64_t, Session> sessions_;
  ByText<std::uint64_t> by_tag_;         ///< Local tag to session.
  ByText<std::uint64_t> by_dialog_key_;  ///< The front end's key to session.
  ByText<std::vector<std::uint64_t>> by_user_;
  std::unordered_map<std::uint64_t, ClientTransaction> transactions_;
  std::unordered_map<std::uint64_t, OwnConnection> own_;
  std::unordered_map<std::uint64_t, std::uint64_t> own_by_peer_;
  ByText<std::uint64_t> own_by_target_;  ///< By address, or by the dialog's key if it is a leg.
  Timers timers_;
  std::uint64_t last_session_ = 0, last_request_ = 0, last_transaction_ = 0, last_own_ = 0;
  std::string branch_prefix_;

  control::Actions actions_, spare_actions_;  ///< What is to be done, and memory for the next.
  cti::Pool::Output links_, spare_links_;     ///< Likewise.
  std::string scratch_;
  std::string trace_text_, trace_detail_;  ///< Of trace_parts().
};

}  // namespace linebridge::core
