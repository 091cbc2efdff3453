#pragma once

#include <compare>
#include <cstdint>
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

/// One signed-in client on this node: SIP dialog, CSTA session and monitors. Never reused.
struct SessionId {
  std::uint64_t value = 0;  ///< 0 names none.
  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const SessionId&, const SessionId&) = default;
};

/// Names a CSTA request that waits for its response. Given by who hands the request in; never reused.
struct RequestId {
  std::uint64_t value = 0;
  friend auto operator<=>(const RequestId&, const RequestId&) = default;
};

}  // namespace linebridge::model
