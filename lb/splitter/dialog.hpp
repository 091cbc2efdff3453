#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
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
  PeerId client;         ///< Came on this connection; its answer goes back there.
  std::string host;      ///< Of that connection.
  bool creates = false;  ///< A dialog-creating INVITE.
  Alarms::Id watchdog;
};

/// One dialog and its leg. It exists as long as the leg does.
struct Dialog {
  enum class Leg : std::uint8_t { none, waiting, dialled, up };

  std::uint64_t number = 0;
  std::string key;   ///< base: dialog_key of the Call-ID.
  PeerId client;     ///< The connection on which OCS last spoke of this dialog.
  std::string host;  ///< Its OCS host.
  Address source, destination;
  std::string node;  ///< "pub" or "sub" once a tag told; else empty.

  Leg state = Leg::none;
  PeerId leg;
  std::string authority;     ///< Hint of the leg: "new", "pub" or "sub".
  std::string unsent;        ///< Messages for a leg that is not up yet.
  bool established = false;  ///< Not yet, or no more: then the leg is closed when nothing is pending.
  std::string tag;           ///< The node's, in the dialog that is established.
  bool replayed = false;     ///< What is pending was already offered to a second leg.
  std::vector<Pending> pending;
  std::deque<RequestId> asked;  ///< Requests of the node that OCS has not answered yet, oldest first.
  Alarms::Id lingered;

  std::size_t pending_bytes() const;
  void follow(const Client& client);  ///< OCS spoke on this connection.
  Pending* find_pending(const sip::HeadView& response);
  Pending take_pending(std::uint64_t number);  ///< It must be there.
  /// Whether `response` of OCS answers a request of the node; a final one settles it.
  bool settle_asked(const sip::HeadView& response);
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
