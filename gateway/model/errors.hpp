#pragma once

#include <string_view>

/// Refusals in CSTA's words.
namespace linebridge::model {

/// The child of CSTAErrorCode.
enum class ErrorCategory {
  operation,
  security,
  state_incompatibility,
  system_resource_availability,
  subscribed_resource_availability,
  performance_management,
  private_data,
  unspecified
};

/// A refusal in CSTA's words (reference: ECMA-323 CSTAErrorCode). `value` is a literal of the schema.
struct ErrorCode {
  ErrorCategory category;
  std::string_view value;
  friend bool operator==(const ErrorCode&, const ErrorCode&) = default;
};

namespace errors {
inline constexpr ErrorCode generic_operation{ErrorCategory::operation, "generic"};
inline constexpr ErrorCode service_not_supported{ErrorCategory::operation, "serviceNotSupported"};
inline constexpr ErrorCode invalid_parameter_value{ErrorCategory::operation, "invalidParameterValue"};
inline constexpr ErrorCode invalid_device_id{ErrorCategory::operation, "invalidDeviceID"};
inline constexpr ErrorCode invalid_call_id{ErrorCategory::operation, "invalidCallID"};
inline constexpr ErrorCode invalid_connection_id{ErrorCategory::operation, "invalidConnectionID"};
inline constexpr ErrorCode invalid_monitor{ErrorCategory::operation, "invalidMonitorCrossRefID"};
inline constexpr ErrorCode invalid_monitor_object_type{ErrorCategory::operation, "invalidMonitorObjectType"};
inline constexpr ErrorCode invalid_monitor_type{ErrorCategory::operation, "invalidMonitorType"};
inline constexpr ErrorCode invalid_calling_device{ErrorCategory::operation, "invalidCallingDeviceID"};
inline constexpr ErrorCode invalid_called_device{ErrorCategory::operation, "invalidCalledDeviceID"};
inline constexpr ErrorCode invalid_destination{ErrorCategory::operation, "invalidDestination"};
inline constexpr ErrorCode privilege_violation{ErrorCategory::operation, "privilegeViolationSpecifiedDevice"};
inline constexpr ErrorCode request_incompatible{ErrorCategory::operation, "requestIncompatibleWithObject"};
inline constexpr ErrorCode generic_state{ErrorCategory::state_incompatibility, "generic"};
inline constexpr ErrorCode invalid_called_state{ErrorCategory::state_incompatibility,
                                                "invalidCalledDeviceState"};
inline constexpr ErrorCode invalid_connection_state{ErrorCategory::state_incompatibility,
                                                    "invalidConnectionState"};
inline constexpr ErrorCode no_call_to_answer{ErrorCategory::state_incompatibility, "noCallToAnswer"};
inline constexpr ErrorCode no_connection_to_clear{ErrorCategory::state_incompatibility, "noConnectionToClear"};
inline constexpr ErrorCode generic_resource{ErrorCategory::system_resource_availability, "generic"};
inline constexpr ErrorCode resource_busy{ErrorCategory::system_resource_availability, "resourceBusy"};
inline constexpr ErrorCode device_out_of_service{ErrorCategory::system_resource_availability,
                                                 "deviceOutOfService"};
inline constexpr ErrorCode called_out_of_service{ErrorCategory::system_resource_availability,
                                                 "calledDeviceOutOfService"};
inline constexpr ErrorCode calling_out_of_service{ErrorCategory::system_resource_availability,
                                                  "callingDeviceOutOfService"};
inline constexpr ErrorCode network_out_of_service{ErrorCategory::system_resource_availability,
                                                  "networkOutOfService"};
inline constexpr ErrorCode conference_full{ErrorCategory::system_resource_availability,
                                           "conferenceMemberLimitExceeded"};
inline constexpr ErrorCode monitor_limit{ErrorCategory::system_resource_availability,
                                         "overallMonitorLimitExceeded"};
inline constexpr ErrorCode object_monitor_limit{ErrorCategory::subscribed_resource_availability,
                                                "objectMonitorLimitExceeded"};
}  // namespace errors

}  // namespace linebridge::model
