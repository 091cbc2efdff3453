#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/counters.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "lb/splitter/clients.hpp"
#include "lb/splitter/settings.hpp"

namespace linebridge::lb::splitter {

/// Connections of hosts that no list of the site names. Their requests are answered 403 with the reason, then
/// the connection is closed; nothing else of them reaches anything. Few at once, for a short time.
class Strangers {
public:
  /// The arguments must outlive it.
  Strangers(const Settings& settings, Random& random, Counters& counters, Log& log, Alarms& alarms)
      : settings_(settings), random_(random), counters_(counters), log_(log), alarms_(alarms) {}

  void open(const Opened& opened, TimePoint now, Outbox& out);
  bool knows(PeerId peer) const { return peers_.contains(peer.value); }
  void push(const Bytes& bytes, Outbox& out);
  void close(PeerId peer);  ///< It is gone.
  void end(PeerId peer, Outbox& out, Flush flush);
  void end_all(Outbox& out, Flush flush);
  std::size_t size() const { return peers_.size(); }

private:
  struct Stranger {
    sip::Framer framer;
    Alarms::Id limit;
    std::string list;  ///< That does not name it.
    std::string host;
  };
  std::string refusal(const Stranger& stranger, std::string_view head);

  const Settings& settings_;
  Random& random_;
  Counters& counters_;
  Log& log_;
  Alarms& alarms_;
  std::unordered_map<std::uint64_t, Stranger> peers_;
};

}  // namespace linebridge::lb::splitter
