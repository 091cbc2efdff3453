#pragma once

#include <compare>
#include <string>

namespace linebridge::model {

/// A device as CSTA names it: here a tel URI, for the user's own line the line URI byte for byte.
struct DeviceId {
  std::string value;
  friend auto operator<=>(const DeviceId&, const DeviceId&) = default;
};

/// A call as one line sees it (ECMA-269, 6.1.4). Never reused.
struct CallId {
  std::string value;
  friend auto operator<=>(const CallId&, const CallId&) = default;
};

/// One device's part in one call (ECMA-269, 6.1.5, "connection"). In requests either part may be empty.
struct ConnectionId {
  CallId call;
  DeviceId device;
  friend auto operator<=>(const ConnectionId&, const ConnectionId&) = default;
};

/// A monitor (ECMA-269, 6.7.2, monitorCrossRefID). Random, unique over nodes and restarts.
struct MonitorId {
  std::string value;
  friend auto operator<=>(const MonitorId&, const MonitorId&) = default;
};

}  // namespace linebridge::model
