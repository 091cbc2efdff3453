#include "csta/words.hpp"

namespace linebridge::csta {

std::string_view word(model::SystemStatus status) {
  using enum model::SystemStatus;
  switch (status) {
    case initializing: return "initializing";
    case enabled: return "enabled";
    case normal: return "normal";
    case messages_lost: return "messagesLost";
    case disabled: return "disabled";
    case partially_disabled: return "partiallyDisabled";
  }
  return "disabled";
}

std::string_view word(model::LocalConnectionState state) {
  using enum model::LocalConnectionState;
  switch (state) {
    case null: return "null";
    case initiated: return "initiated";
    case alerting: return "alerting";
    case connected: return "connected";
    case hold: return "hold";
    case queued: return "queued";
    case fail: return "fail";
  }
  return "null";
}

std::string_view word(model::EventCause cause) {
  using enum model::EventCause;
  switch (cause) {
    case new_call: return "newCall";
    case normal: return "normal";
    case normal_clearing: return "normalClearing";
    case make_call: return "makeCall";
    case busy: return "busy";
    case do_not_disturb: return "doNotDisturb";
    case dest_not_obtainable: return "destNotObtainable";
    case dest_out_of_order: return "destOutOfOrder";
    case invalid_number_format: return "invalidNumberFormat";
    case number_unallocated: return "numberUnallocated";
    case network_not_obtainable: return "networkNotObtainable";
    case network_congestion: return "networkCongestion";
    case network_out_of_order: return "networkOutOfOrder";
    case trunks_busy: return "trunksBusy";
    case resources_not_available: return "resourcesNotAvailable";
    case call_cancelled: return "callCancelled";
    case call_not_answered: return "callNotAnswered";
    case reorder_tone: return "reorderTone";
    case blocked: return "blocked";
    case call_forward_immediate: return "callForwardImmediate";
    case call_forward_busy: return "callForwardBusy";
    case call_forward_no_answer: return "callForwardNoAnswer";
    case redirected: return "redirected";
    case call_pickup: return "callPickup";
    case park: return "park";
    case transfer: return "transfer";
    case single_step_transfer: return "singleStepTransfer";
    case conference: return "conference";
    case consultation: return "consultation";
  }
  return "normal";
}

std::string_view word(model::ErrorCategory category) {
  using enum model::ErrorCategory;
  switch (category) {
    case operation: return "operation";
    case security: return "security";
    case state_incompatibility: return "stateIncompatibility";
    case system_resource_availability: return "systemResourceAvailibility";  // so spelt in ECMA-323
    case subscribed_resource_availability: return "subscribedResourceAvailability";
    case performance_management: return "performanceManagement";
    case private_data: return "privateData";
    case unspecified: return "unspecified";
  }
  return "unspecified";
}

}  // namespace linebridge::csta
