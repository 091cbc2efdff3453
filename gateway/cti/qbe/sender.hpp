#pragma once

#include <cstdint>
#include <string>

#include "base/counters.hpp"
#include "cti/qbe/dialect.hpp"
#include "cti/qbe/heartbeat.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/writer.hpp"

namespace linebridge::cti::qbe {

/// Writes a link's messages in one turn: numbers requests, counts frames, tells the heartbeat.
class Sender {
public:
  struct Link {
    Dialect dialect;
    std::uint32_t next_seq = 0;
    Heartbeat heartbeat;
  };
  Sender(Link& link, std::string& bytes, Counters& counters, TimePoint now)
      : link_(link), bytes_(bytes), counters_(counters), now_(now) {}

  TimePoint time() const { return now_; }
  Heartbeat& heartbeat() { return link_.heartbeat; }
  std::uint32_t next_seq() const { return link_.next_seq; }

  /// Sends a request; `fill` puts the fields behind `seq`. Value: its number.
  template <class Fill>
  std::uint32_t request(const Layout& message, Fill fill) {
    const std::uint32_t seq = link_.next_seq++;
    Writer writer(bytes_, link_.dialect, message);
    writer.put(message.at(0), seq);
    fill(writer);
    writer.finish();
    note();
    return seq;
  }
  void beat() {
    Writer(bytes_, link_.dialect, messages::heartbeat).finish();
    note();
  }

private:
  void note() {
    counters_.add(Counter::cti_frames_out);
    link_.heartbeat.sent(now_);
  }

  Link& link_;
  std::string& bytes_;
  Counters& counters_;
  TimePoint now_;
};

}  // namespace linebridge::cti::qbe
