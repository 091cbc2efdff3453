#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/deadlines.hpp"
#include "base/door.hpp"
#include "sip/framing/framer.hpp"

namespace linebridge::lb::splitter {

/// What a deadline of the splitter is for. `number` is of a dialog, or of a peer for `stalled`.
struct Due {
  enum class What : std::uint8_t { unanswered, lingered, stalled, stopped };
  What what = What::stopped;
  std::uint64_t number = 0;
  std::uint64_t request = 0;  ///< For `unanswered`: which of the dialog's.
};
using Alarms = Deadlines<Due>;

/// A connection of an OCS host, as HAProxy handed it on.
struct Client {
  PeerId peer;
  std::string host;  ///< Of the OCS host, without port.
  Address source;    ///< As the OCS host connected.
  Address destination;
  sip::Framer framer;
  bool reading = true;       ///< False while its own output is over the mark.
  std::size_t written = 0;   ///< Bytes handed to the outbox so far.
  std::size_t progress = 0;  ///< Bytes the host had taken at the last look.
  Alarms::Id stalled;
  bool closing = false;  ///< We asked for its end; it is only waited for.
};

/// All connections of OCS hosts, by peer and by host.
class Clients {
public:
  Client& open(PeerId peer, const Origin& from, const sip::Framer::Limits& limits);
  void shut(Client& client);  ///< From now on nobody finds it; close() follows.
  void close(PeerId peer);

  Client* find(PeerId peer);
  /// `peer` if it is still there, else the newest other connection of `host`, else nothing.
  Client* find_or_other(PeerId peer, const std::string& host);

  std::size_t size() const { return by_peer_.size(); }
  std::vector<PeerId> peers() const;
  /// Connections of each host.
  const std::map<std::string, std::vector<PeerId>>& hosts() const { return by_host_; }

private:
  void forget_host_of(const Client& client);

  std::unordered_map<std::uint64_t, Client> by_peer_;
  std::map<std::string, std::vector<PeerId>> by_host_;  ///< In the order they came.
};

}  // namespace linebridge::lb::splitter
