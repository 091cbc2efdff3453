#include "tests/load/wrong_input.hpp"

/// Peers that take nothing of what the node says to them.
namespace linebridge::test {
namespace {

/// Asks and does not read until the node had enough; the number of requests, or "" if it never had.
std::string until_closed(Scene& s, const std::string& asked) {
  const PeerId on = s.wire.open();
  s.wire.stop_reading(on);
  for (int i = 0; i < 200 && !s.wire.ended(on); ++i)
    s.wire.say(on, asked);
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
     "closed", Counter::peers_over_buffer, "LB-SIP-007", 3000},
    {"a peer that never reads and pings", [](Scene& s) { return until_closed(s, times(16384, "\r\n\r\n")); },
     "closed", Counter::peers_over_buffer, "LB-SIP-007", 20000},
};

}  // namespace

std::span<const WrongInput> wrong_peers() {
  return kinds;
}

}  // namespace linebridge::test
