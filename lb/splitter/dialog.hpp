#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "lb/splitter/clients.hpp"
#include "lb/splitter/words.hpp"

namespace linebridge::lb::splitter {

/// A request of OCS that a node has not answered yet. Kept whole, so that it can be offered to the other node.
struct Pending {
  std::uint64_t number = 0;
  RequestId id;
  std::string text;
  PeerId client;          ///< Came on this connection; its answer goes back there.
  std::string host;       ///< Of that connection.
  PeerId leg;             ///< Went out on this one; its answer comes there. Empty: it waits for a leg.
  bool creates = false;   ///< A dialog-creating INVITE.
  bool replayed = false;  ///< It was offered to a second leg already.
  Alarms::Id watchdog;
};

/// A request of a node that OCS has not answered yet.
struct Asked {
  RequestId id;
  PeerId leg;  ///< Came on this one; its answer goes back there.
  TimePoint at;
};

/// A final answer to an INVITE passed: its ACK goes the same way.
struct Acknowledgement {
  std::uint32_t cseq = 0;
  PeerId leg;
};

/// One dialog and its legs. It exists as long as one of them does, or it waits for one.
struct Dialog {
  std::uint64_t number = 0;
  std::string key;   ///< base: dialog_key of the Call-ID.
  PeerId client;     ///< The connection on which OCS last spoke of this dialog.
  std::string host;  ///< Its OCS host.
  Address source, destination;
  std::string node;  ///< "pub" or "sub" once a tag told; else empty.

  PeerId leg;                ///< Takes what OCS begins. Empty while the dialog waits for its turn to dial.
  PeerId next;               ///< Takes its place soon, after a reload.
  std::vector<PeerId> old;   ///< Still read, oldest first.
  std::uint64_t ticket = 0;  ///< Its place among those that wait to dial; 0: it does not.
  std::string authority;     ///< Hint of the leg it waits for: "new", "pub" or "sub".
  std::string unsent;        ///< Messages for that leg.
  bool established = false;  ///< Not yet, or no more: then the leg is closed when nothing is pending.
  std::string tag;           ///< The node's, in the dialog that is established; empty if it was not seen yet.
  std::vector<Pending> pending;
  std::vector<Asked> asked;  ///< Oldest first.
  Acknowledgement ack;
  Alarms::Id lingered;
  unsigned move_failures = 0;
  Alarms::Id move;  ///< For `next`, or to try again.

  std::size_t pending_bytes() const;
  bool has_pending_on(PeerId wanted) const;
  /// Numbers of requests on a leg; with `replayed` only of those.
  std::vector<std::uint64_t> pending_on(PeerId wanted, bool only_replayed) const;
  void follow(const Client& client);  ///< OCS spoke on this connection.
  /// The request that `response`, come on leg `on`, answers.
  Pending* find_pending(const sip::HeadView& response, PeerId on);
  Pending take_pending(std::uint64_t number);  ///< It must be there.
  /// The leg on which the INVITE waits that `request`, an ACK or CANCEL, belongs to; else the newest.
  PeerId leg_for(const sip::HeadView& request) const;
  /// The request of a node that `response` of OCS answers; nothing if there is none.
  Asked* find_asked(const sip::HeadView& response);
  void settle_asked(const Asked& done);
  bool has_asked(const RequestId& id, PeerId on) const;
  void forget_asked(const RequestId& id, PeerId on);
  void forget_asked_on(PeerId gone);
};

/// All dialogs, by number and by key.
class Dialogs {
public:
  Dialog& open(std::string key);
  void close(std::uint64_t number);
  Dialog* find(std::uint64_t number);
  Dialog* find(std::string_view key);
  std::size_t size() const { return by_number_.size(); }
  std::vector<std::uint64_t> numbers() const;

private:
  std::unordered_map<std::uint64_t, Dialog> by_number_;
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> by_key_;
  std::uint64_t last_ = 0;
};

}  // namespace linebridge::lb::splitter
