#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "model/devices.hpp"
#include "model/states.hpp"

/// CSTA events (ECMA-269) as plain values.
namespace linebridge::model {

// Call control (ECMA-269, 17).
struct Conferenced {
  ConnectionId primary;
  std::optional<ConnectionId> secondary;
  EventDevice conferencing;
  EventDevice added;
  ConnectionList connections;  ///< At least one.
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::conference;
};
struct ConnectionCleared {
  ConnectionId connection;
  EventDevice releasing;
  LocalConnectionState local = LocalConnectionState::null;
  EventCause cause = EventCause::normal_clearing;
};
struct Delivered {
  ConnectionId connection;
  EventDevice alerting;
  EventDevice calling;
  EventDevice called;
  LastRedirection last_redirection;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::new_call;
};
struct Diverted {
  ConnectionId connection;
  EventDevice diverting;
  EventDevice destination;
  std::optional<EventDevice> calling, called;
  LastRedirection last_redirection;
  LocalConnectionState local = LocalConnectionState::null;
  EventCause cause = EventCause::redirected;
};
struct Established {
  ConnectionId connection;
  EventDevice answering;
  EventDevice calling;
  EventDevice called;
  LastRedirection last_redirection;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::normal;
};
struct Failed {
  ConnectionId connection;
  EventDevice failing;
  EventDevice calling;
  EventDevice called;
  LastRedirection last_redirection;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::busy;
};
struct Held {
  ConnectionId connection;
  EventDevice holding;
  LocalConnectionState local = LocalConnectionState::hold;
  EventCause cause = EventCause::normal;
};
struct NetworkReached {
  ConnectionId connection;
  EventDevice network_interface;  ///< networkInterfaceUsed
  EventDevice calling;
  EventDevice called;
  LastRedirection last_redirection;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::new_call;
};
struct Originated {
  ConnectionId connection;
  EventDevice calling;
  EventDevice called;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::new_call;
};
struct Retrieved {
  ConnectionId connection;
  EventDevice retrieving;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::normal;
};
struct ServiceInitiated {
  ConnectionId connection;
  EventDevice initiating;
  LocalConnectionState local = LocalConnectionState::initiated;
  EventCause cause = EventCause::make_call;
};
struct Transfered {  ///< So spelt in the root element of edition 3.
  ConnectionId primary;
  std::optional<ConnectionId> secondary;
  EventDevice transferring;
  EventDevice to;
  ConnectionList connections;  ///< At least one.
  LocalConnectionState local = LocalConnectionState::null;
  EventCause cause = EventCause::transfer;
};

// Physical and logical device features (21, 22), device maintenance (23).
struct MessageWaiting {
  EventDevice device;
  std::optional<DeviceId> about;  ///< deviceForMessage
  bool on = false;
};
struct DoNotDisturb {
  EventDevice device;
  bool on = false;
};
struct Forwarding {
  EventDevice device;
  std::optional<ForwardingType> type;
  bool on = false;
  std::optional<DeviceId> to;
  std::optional<ForwardDefault> defaulted;
  std::optional<std::uint32_t> rings;
};
struct BackInService {
  EventDevice device;
  std::optional<EventCause> cause;
};
struct OutOfService {
  EventDevice device;
  std::optional<EventCause> cause;
};

/// In the order of the groups of GetCSTAFeatures, and in theirs; csta's table follows it.
using Event = std::variant<Conferenced, ConnectionCleared, Delivered, Diverted, Established, Failed, Held,
                           NetworkReached, Originated, Retrieved, ServiceInitiated, Transfered, MessageWaiting,
                           DoNotDisturb, Forwarding, BackInService, OutOfService>;

}  // namespace linebridge::model
