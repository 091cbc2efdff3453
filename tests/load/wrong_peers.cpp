#include "tests/load/wrong_input.hpp"

/// Peers that take nothing of what the node says to them.
namespace linebridge::test {
namespace {

/// Asks over and over and reads nothing, until more than a MiB waits for it, and then says nothing for ten
/// seconds.
std::string until_closed(Scene& s, const std::string& asked) {
  const PeerId on = s.wire.open();
  s.wire.stop_reading(on);
  for (int i = 0; i < 40 && !s.wire.ended(on); ++i)
    s.wire.say(on, asked);
  s.wire.wait(std::chrono::seconds(10));
  if (s.wire.ended(on)) return "closed";
  s.wire.leave(on);
  return "open";
}

constexpr WrongInput kinds[] = {
    {"a peer that never reads",
     [](Scene& s) {
       std::string all;
       for (int i = 0; i < 100; ++i)
         all += s.options().text();
       return until_closed(s, all);
     },
     "closed", Counter::peers_over_buffer, "LB-SIP-007", 4000},
    {"a peer that never reads and pings", [](Scene& s) { return until_closed(s, times(16384, "\r\n\r\n")); },
     "closed", Counter::peers_over_buffer, "LB-SIP-007", 10000},
};

}  // namespace

std::span<const WrongInput> wrong_peers() {
  return kinds;
}

}  // namespace linebridge::test
