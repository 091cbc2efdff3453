#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/door.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "message.hpp"

namespace linebridge::sim::node {

struct Settings {
  std::string name = "pub";       ///< What tags begin with: "pub", "sub".
  std::size_t dialogs = 20000;    ///< At most; more are refused with 503.
  unsigned refuse = 0;            ///< Of 100 sign-ins so many are refused with 403, spread evenly.
  std::string refused;            ///< Users whose address begins so are refused with 403; empty: none.
  std::string agent = "up 100%";  ///< What HAProxy's agent check is told.
};

/// What happened so far. "Wrong" is what a front end must never do.
struct Counts {
  std::uint64_t legs = 0, checks = 0;
  std::uint64_t invites = 0, accepted = 0, refused = 0, acks = 0, infos = 0, updates = 0, byes = 0;
  std::uint64_t events = 0;          ///< INFOs of our own: each body comes back in one.
  std::uint64_t answers = 0;         ///< 200s to them.
  std::uint64_t events_refused = 0;  ///< Other final answers to them.
  std::uint64_t unknown = 0;         ///< Requests in dialogs that we do not know (481).
  std::uint64_t malformed = 0;       ///< Streams that could not be read.
  std::uint64_t wrong_node = 0;      ///< Requests in a dialog that the other node made.
  std::uint64_t wrong_leg = 0;       ///< Messages on a leg that was opened for another dialog.
  std::uint64_t wrong_answer = 0;    ///< Answers to nothing that was asked.
  std::uint64_t wrong_body = 0;      ///< Answers with another body than the request had.
  std::uint64_t most_dialogs = 0;    ///< At once.

  std::uint64_t wrong() const { return malformed + wrong_node + wrong_leg + wrong_answer + wrong_body; }
};

/// A node as the front end sees it: takes legs with their PROXY header, or plain connections; accepts dialogs;
/// answers each INFO with its body and sends the same body in an INFO of its own. It knows no CSTA.
class Node {
public:
  using Input = std::variant<Opened, Bytes, Closed, Drained, Tick, Stop>;

  /// `random` must outlive the node.
  Node(Settings settings, Random& random) : settings_(std::move(settings)), random_(random) {}

  void on(const Input& input, Outbox& out);

  const Counts& counts() const { return counts_; }
  std::size_t dialogs() const { return dialogs_.size(); }
  /// One line of JSON with all of them.
  std::string report() const;

  /// Does what one line of the control socket says; gives the line to answer with.
  std::string obey(std::string_view line);
  static const std::string_view commands;

private:
  struct Peer {
    Listener listener = Listener::none;
    bool check = false;  ///< A health check of the front end.
    std::string key;     ///< The dialog this leg was opened for; empty: any.
    std::string host;    ///< Ours, as the peer reached it.
    Cutter cutter;
    std::string line;  ///< Of a control connection.
  };
  struct Dialog {
    std::string call_id, ours, theirs, target;  ///< `ours` and `theirs`: what From and To say in our requests.
    std::vector<std::string> routes;
    PeerId peer;  ///< Where its last request came from.
    std::uint32_t cseq = 0;
    std::deque<std::pair<std::uint32_t, std::string>> asked;  ///< Bodies of our unanswered INFOs by CSeq.
  };
  using Dialogs = std::unordered_map<std::string, Dialog, TextHash, std::equal_to<>>;  ///< By our tag.

  void opened(const Opened& input);
  void received(const Bytes& input);
  void control(PeerId id, Peer& peer, std::string_view bytes);
  void take(PeerId id, const Peer& peer);
  void request(PeerId id, const Peer& peer);
  void invite(PeerId id, const Peer& peer);
  void in_dialog(PeerId id, const Peer& peer, std::string_view tag);
  void response();
  bool refuses_this();
  void echo(Dialog& dialog, const Peer& peer);
  void answer(PeerId id, int status, std::string_view reason, std::string_view tag = {},
              std::string_view extra = {}, std::string_view body = {});
  std::string& to(PeerId id);

  Settings settings_;
  Random& random_;
  Counts counts_;
  std::unordered_map<std::uint64_t, Peer> peers_;
  Dialogs dialogs_;
  std::uint64_t branches_ = 0;
  unsigned refusal_ = 0;  ///< Hundredths of a refusal that are due.
  Message message_;       ///< In hand, as is out_.
  Outbox* out_ = nullptr;
};

}  // namespace linebridge::sim::node
