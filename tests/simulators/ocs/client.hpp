#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "call_book.hpp"
#include "csta.hpp"
#include "flavour.hpp"
#include "home.hpp"
#include "message.hpp"

namespace linebridge::sim::ocs {

/// Something that a client did or saw, for who counts.
struct Happening {
  enum class What : std::uint8_t {
    answered,    ///< A request of ours: name is its method, status the final answer, took the time until then;
                 ///< detail is the node's tag in it.
    event,       ///< A request of the node: name is the event; took: since the request that caused it.
    wrong,       ///< name is the kind, detail says it with ids.
    signed_in,   ///< All of the sign-in is done; detail is the node's tag.
    signed_out,  ///< On our own wish.
    refused,     ///< 403 or 404; the client stays out. status tells.
    broken,      ///< The dialog is gone; the client comes again by itself. detail says why.
    echoed,      ///< A text came back whole: in the answer and in a request of the node.
  };
  What what;
  std::string_view name;
  std::string detail;
  int status = 0;
  std::optional<Duration> took;
};

struct ClientSettings {
  User user;
  Flavour flavour = Flavour::ocs2007r2;
  std::string line_server;            ///< Request-URI of the sign-in: "sip:ctigw@gw.example.test".
  Address at{"198.51.100.7", 34004};  ///< Shown in Via and in LCS 2005's Contact.
  bool silent = false;                ///< Answers no event, as pidgin-sipe.
  bool echo = false;                  ///< Signs in to a scripted node: INVITE only, then texts (Service::echo).
  Duration session{std::chrono::seconds(1800)};      ///< Session-Expires asked for.
  Duration answer_within{std::chrono::seconds(40)};  ///< Longer than timer F, which the proxy answers with 408.
  Duration event_within{std::chrono::seconds(10)};   ///< For what a request must cause.
  Duration first_pause{std::chrono::seconds(1)};     ///< Before a sign-in again, at most; doubled each time.
  Duration longest_pause{std::chrono::seconds(60)};
};

/// One signed-in user's Communicator as far as remote call control sees it: the SIP dialog to the gateway, its
/// refresh, CSTA requests and events. A machine: messages and the time in, messages and happenings out. The
/// server carries its messages; a client knows of one connection only, its own.
///
/// Source: RFC 3261 sections 12 and 13, RFC 3311, RFC 4028, ECMA TR/87 clause 6.
class Client {
public:
  enum class State : std::uint8_t { signed_out, signing_in, signed_in, signing_out, refused };

  Client(ClientSettings settings, Random& random);

  // Wishes. Errors: refused, with what is in the way.
  Status sign_in(TimePoint now);
  Status sign_out(TimePoint now);
  Status refresh(TimePoint now);
  Status make_call(const std::string& number, TimePoint now);
  /// AnswerCall, HoldCall, RetrieveCall or ClearConnection on `call`; if that is empty, on the newest call that
  /// is in a fitting state.
  Status act(Service service, const std::string& call, TimePoint now);
  /// A request that asks and changes nothing: SnapshotDevice, GetCSTAFeatures, GetForwarding, ...
  Status ask(Service service, TimePoint now);
  Status send_echo(std::string text, TimePoint now);
  void set_silent(bool silent) { settings_.silent = silent; }
  /// Takes effect with the next sign-in.
  void set_flavour(Flavour flavour) { settings_.flavour = flavour; }

  void take(const Message& message, TimePoint now);
  void tick(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  std::vector<Message> take_output() { return std::exchange(output_, {}); }
  std::vector<Happening> take_happenings() { return std::exchange(happenings_, {}); }

  State state() const { return state_; }
  const ClientSettings& settings() const { return settings_; }
  const std::string& call_id() const { return dialog_.call_id; }
  std::string node_tag() const;  ///< To tag of the dialog; empty while there is none.
  const CallBook& book() const { return book_; }
  std::string contact_uri() const;
  std::uint64_t times_signed_in() const { return signed_in_; }
  std::uint64_t times_refused() const { return csta_refused_; }  ///< CSTA requests refused by CSTAErrorCode.
  std::uint64_t times_refreshed() const { return refreshed_; }
  const std::deque<std::string>& wrong() const { return wrong_; }  ///< The last ones.
  std::uint64_t times_wrong() const { return wrongs_; }
  const std::string& last_refusal() const { return last_refusal_; }  ///< "403 Forbidden", or a CSTA error.
  const std::string& system_status() const { return system_status_; }
  /// No request of ours waits for its answer and no event is outstanding.
  bool is_quiet() const { return waiting_.empty() && !book_.waits() && echoes_.empty(); }

private:
  struct Dialog {
    std::string call_id, local, remote, target;
    std::vector<std::string> route;
    std::uint32_t sequence = 0, remote_sequence = 0;
    bool up = false;
  };
  /// A request of ours without its final answer.
  struct Waiting {
    std::uint32_t sequence;
    std::string method;
    Service service;
    std::string call;  ///< callID, or the text of an echo.
    TimePoint sent, until;
  };
  struct Echo {
    std::string text;
    bool answered = false, returned = false;
    TimePoint sent, until;
  };

  // client_sign_in.cpp
  void invite(TimePoint now);
  void invited(const Message& answer, TimePoint now);
  void establish(const Message& answer, TimePoint now);
  void refuse_or_return(const Message& answer, TimePoint now);
  void next_step(TimePoint now);
  void broken(std::string why, TimePoint now);
  void come_again(Duration pause, TimePoint now);
  void schedule_refresh(const Message& answer, TimePoint now);
  void send_bye(TimePoint now);
  void left();

  // client_messages.cpp
  Message request(std::string_view method, std::string body);
  void send(Message message, Service service, std::string call, TimePoint now);
  void send_csta(Service service, const std::string& call, const std::string& number, TimePoint now);
  void acknowledge(const Message& answer);
  void reply(const Message& request, int status, std::string_view reason, std::string body = {});

  // client.cpp
  void take_answer(const Message& answer, TimePoint now);
  void take_request(const Message& request, TimePoint now);
  void take_event(const Message& request, TimePoint now);
  void take_echo(const Message& request, TimePoint now);
  void in_dialog_answer(const Waiting& waiting, const Message& answer, TimePoint now);
  void refreshed(const Waiting& waiting, const Message& answer, TimePoint now);
  void csta_answer(const Waiting& waiting, const Message& answer, TimePoint now);
  void granted(const Waiting& waiting, const Message& answer, TimePoint now);
  void echo_answer(const Waiting& waiting, const Message& answer, TimePoint now);
  void finish_echoes(TimePoint now);
  void wrong(std::string_view kind, std::string text);
  void add(std::vector<Fault> faults);

  ClientSettings settings_;
  Random& random_;
  State state_ = State::signed_out;
  std::string epid_;
  Dialog dialog_;
  CallBook book_;
  std::vector<Waiting> waiting_;
  std::vector<Echo> echoes_;
  std::size_t step_ = 0;  ///< Of the flavour's sign-in: the next to be sent.
  unsigned failures_ = 0;
  bool leaves_ = false;  ///< Signs out as soon as the INVITE is answered.
  Duration interval_{};  ///< Session-Expires wanted; grows by 422.
  std::optional<TimePoint> again_at_, refresh_at_;
  std::uint64_t signed_in_ = 0, csta_refused_ = 0, refreshed_ = 0, wrongs_ = 0;
  std::string last_refusal_, system_status_;
  std::deque<std::string> wrong_;
  std::vector<Message> output_;
  std::vector<Happening> happenings_;
};

std::string_view name_of(Client::State state);

}  // namespace linebridge::sim::ocs
