#include "tests/simulators/cucm/known_requests.hpp"

#include <algorithm>
#include <iterator>

#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/message_ids.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::int32_t unserved[] = {
    26,  28,                            // display, lamps
    134,                                // data for the phone
    145, 147, 149,                      // monitored park numbers
    152, 159, 161,                      // feature activation, timers
    157, 164,                           // where media goes
    180, 183, 186, 189, 194, 198, 217,  // media resources, snapshots of devices
    224, 228,                           // intercom
    231, 233, 235,                      // monitoring, recording
    257, 259, 261,                      // pickup
    267, 269, 273, 277, 288, 290, 292,  // built-in bridge, monitoring updates, ports, remote destinations
    297, 299, 303, 305, 314};           // persistent connections, announcements, hunt log

}  // namespace

Incoming classify(std::int32_t id) {
  const Layout* layout = message_layout(id);
  if (layout && (id == id::heartbeat || layout->name.ends_with("Request"))) return Incoming::request;
  const bool known = std::find(std::begin(unserved), std::end(unserved), id) != std::end(unserved);
  return known ? Incoming::unserved : Incoming::senseless;
}

}  // namespace linebridge::sim::cucm
