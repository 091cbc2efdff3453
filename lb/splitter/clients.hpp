#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/deadlines.hpp"
#include "base/door.hpp"
#include "sip/framing/framer.hpp"

namespace linebridge::lb::splitter {

/// What a deadline of the splitter is for. `number` is of a dialog, of a peer (`stalled`, `aged`, `stranger`)
/// or of an OCS host (`egress`).
struct Due {
  enum class What : std::uint8_t {
    unanswered,
    lingered,
    stalled,
    aged,
    stranger,
    egress,
    move_some,
    moved,
    move_again,
    stopped
  };
  What what = What::stopped;
  std::uint64_t number = 0;
  std::uint64_t request = 0;  ///< For `unanswered`: which of the dialog's.
};
using Alarms = Deadlines<Due>;

/// A connection of an OCS host, as HAProxy handed it on, or one that we made to it.
struct Client {
  PeerId peer;
  std::string host;  ///< Of the OCS host, without port.
  Address source;    ///< As the OCS host connected.
  Address destination;
  std::optional<std::size_t> egress;  ///< Which of Settings::ocs, if we made it.
  sip::Framer framer;
  std::uint64_t opened = 0, heard = 0;  ///< When, in the order of all that happened on connections.
  std::optional<TimePoint> asked;       ///< When a node first asked something since it was heard.
  bool reading = true;                  ///< False while its own output is over the mark.
  std::size_t written = 0;              ///< Bytes handed to the outbox so far.
  std::size_t progress = 0;             ///< Bytes the host had taken at the last look.
  Alarms::Id stalled;
  bool closing = false;  ///< We asked for its end; it is only waited for.
};

/// All connections of OCS hosts, by peer and by host.
class Clients {
public:
  Client& open(PeerId peer, const Origin& from, const sip::Framer::Limits& limits);
  /// One that we made to `host`, place `egress` of Settings::ocs.
  Client& open_own(PeerId peer, std::size_t egress, const std::string& host, const sip::Framer::Limits& limits);
  void heard(Client& client) {
    client.heard = ++moment_;
    client.asked.reset();
  }
  void shut(Client& client);  ///< From now on nobody finds it; close() follows.
  void close(PeerId peer);

  Client* find(PeerId peer);
  /// `peer` if it is still there, else the newest other connection of `host`, else nothing.
  Client* find_or_other(PeerId peer, const std::string& host);
  /// The same for what a node begins: a connection that said nothing since `host` opened a newer one, and owes
  /// an answer since before `owes_since`, is taken for dead, though its end was never seen.
  Client* find_live(PeerId peer, const std::string& host, TimePoint owes_since);

  std::size_t size() const { return by_peer_.size(); }
  std::vector<PeerId> peers() const;
  /// Connections of each host.
  const std::map<std::string, std::vector<PeerId>>& hosts() const { return by_host_; }

private:
  Client& add(PeerId peer, std::string host, const sip::Framer::Limits& limits);
  void forget_host_of(const Client& client);
  Client* newest_of(const std::string& host);

  std::unordered_map<std::uint64_t, Client> by_peer_;
  std::map<std::string, std::vector<PeerId>> by_host_;  ///< In the order they came.
  std::uint64_t moment_ = 0;
};

}  // namespace linebridge::lb::splitter
