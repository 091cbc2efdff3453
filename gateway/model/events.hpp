#pragma once

#include <variant>

#include "model/ids.hpp"

/// CSTA events (ECMA-269) as plain values.
namespace linebridge::model {

/// ECMA-269, local connection state.
enum class LocalConnectionState { null, initiated, alerting, connected, hold, queued, fail };

/// ECMA-269, event causes; those that a CTI Manager's causes lead to.
enum class EventCause {
  new_call,
  normal,
  normal_clearing,
  make_call,
  busy,
  do_not_disturb,
  dest_not_obtainable,
  dest_out_of_order,
  invalid_number_format,
  number_unallocated,
  network_not_obtainable,
  network_congestion,
  network_out_of_order,
  trunks_busy,
  resources_not_available,
  call_cancelled,
  call_not_answered,
  reorder_tone,
  blocked,
  call_forward_immediate,
  call_forward_busy,
  call_forward_no_answer,
  redirected,
  call_pickup,
  park,
  transfer,
  single_step_transfer,
  conference,
  consultation,
};

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
  enum class Kind { not_required, not_known, number_dialed };
  Kind kind = Kind::not_required;
  DeviceId id;  ///< Only with Kind::number_dialed.
  friend bool operator==(const LastRedirection&, const LastRedirection&) = default;
};

struct Originated {
  ConnectionId connection;
  EventDevice calling;
  EventDevice called;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::new_call;
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
struct Established {
  ConnectionId connection;
  EventDevice answering;
  EventDevice calling;
  EventDevice called;
  LastRedirection last_redirection;
  LocalConnectionState local = LocalConnectionState::connected;
  EventCause cause = EventCause::normal;
};
struct ConnectionCleared {
  ConnectionId connection;
  EventDevice releasing;
  LocalConnectionState local = LocalConnectionState::null;
  EventCause cause = EventCause::normal_clearing;
};
using Event = std::variant<Originated, Delivered, Established, ConnectionCleared>;

}  // namespace linebridge::model
