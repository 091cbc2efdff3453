#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "model/ids.hpp"

/// Devices and connections as responses and events name them.
namespace linebridge::model {

/// A device in an event: known, withheld, or nobody knows.
struct EventDevice {
  enum class Kind { identifier, not_known, restricted };
  Kind kind = Kind::not_known;
  DeviceId id;  ///< Only with Kind::identifier.

  static EventDevice of(DeviceId id) { return {Kind::identifier, std::move(id)}; }
  friend bool operator==(const EventDevice&, const EventDevice&) = default;
};

/// Who sent the call on last.
struct LastRedirection {
  enum class Kind { not_required, not_known, number_dialed, not_specified, restricted };
  Kind kind = Kind::not_required;
  DeviceId id;  ///< Only with Kind::number_dialed.
  friend bool operator==(const LastRedirection&, const LastRedirection&) = default;
};

/// What a transfer or a conference made of one connection (ECMA-269, connection list).
struct ConnectionListItem {
  std::optional<ConnectionId> now;     ///< newConnection
  std::optional<ConnectionId> before;  ///< oldConnection
  std::optional<EventDevice> endpoint;
  friend bool operator==(const ConnectionListItem&, const ConnectionListItem&) = default;
};
using ConnectionList = std::vector<ConnectionListItem>;

}  // namespace linebridge::model
