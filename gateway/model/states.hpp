#pragma once

/// Enumerations of ECMA-269 that requests, responses and events share. Their words are in csta.
namespace linebridge::model {

/// ECMA-269, system status.
enum class SystemStatus {
  initializing,
  enabled,
  normal,
  messages_lost,
  disabled,
  partially_disabled,
  overload_imminent,
  overload_reached,
  overload_relieved
};

/// ECMA-269, local connection state.
enum class LocalConnectionState { null, initiated, alerting, connected, hold, queued, fail };

/// ECMA-269, simple call state: both connections of a call with two parties in one word.
enum class SimpleCallState {
  null,
  pending,
  originated,
  delivered,
  delivered_held,
  received,
  established,
  established_held,
  received_on_hold,
  established_on_hold,
  queued,
  queued_held,
  failed,
  failed_held,
  blocked
};

/// ECMA-269, event causes; those that a CTI Manager's causes lead to, or that a client may give as a reason.
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
  call_forward,
  call_forward_immediate,
  call_forward_busy,
  call_forward_no_answer,
  redirected,
  call_pickup,
  park,
  recall,
  transfer,
  single_step_transfer,
  conference,
  single_step_conference,
  consultation,
  alternate,
  key_operation,
  active_participation,
  silent_participation,
  switching_function_terminated
};

/// ECMA-269, forwarding type: the condition, for all callers, for internal or for external ones.
enum class ForwardingType {
  immediate,
  busy,
  no_answer,
  do_not_disturb,
  busy_internal,
  busy_external,
  no_answer_internal,
  no_answer_external,
  immediate_internal,
  immediate_external,
  do_not_disturb_internal,
  do_not_disturb_external
};

/// What of a forwarding the switch chose itself.
enum class ForwardDefault { type_and_destination, type, destination };

enum class MonitorType { call, device };
enum class ConsultOptions { unrestricted, consult_only, transfer_only, conference_only };
enum class DigitMode { rotary_pulse, dtmf };

}  // namespace linebridge::model
