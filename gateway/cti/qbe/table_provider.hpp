#pragma once

#include "cti/qbe/elements.hpp"
#include "cti/qbe/layout.hpp"
#include "cti/qbe/table_words.hpp"

/// The connection as a whole: log-in, heartbeat, the devices and lines there are, calls to come.
namespace linebridge::cti::qbe::messages {

// clang-format off
#define LINEBRIDGE_QBE_PROVIDER_MESSAGES(X) \
  X(failure_response, 0, QBE_RSP "description:s") \
  X(provider_open_request, 3, \
    QBE_REQ "provider:s qbe_client_version:s login:u password:y filter:provider_event_filter " \
    "application_id:s desired_server_heartbeat_time:i request_timer:i cm_assigned_application_id:i " \
    "plugin_name:s application_priority:i light_weight_open:b sso_ticket:s authentication_type:i " \
    "request_old_device_line_fetch:b encrypted_key_data:y encrypted_single_sign_on_data:y") \
  X(provider_open_response, 4, \
    QBE_RSP "provider_info_string:s client_heartbeat:i server_heartbeat:i request_timer:i " \
    "plugin_version:s plugin_location:s provider_id:i fips_compliant:b") \
  X(provider_change_event_filter_request, 5, QBE_REQ "filter:provider_event_filter") \
  X(provider_change_event_filter_response, 6, QBE_RSP) \
  X(provider_close_request, 9, QBE_REQ) \
  X(provider_close_response, 10, QBE_RSP) \
  X(provider_allocate_global_call_handle_request, 11, QBE_REQ "call_type:i") \
  X(provider_allocate_global_call_handle_response, 12, QBE_RSP "call_manager_id:i call_id:i") \
  X(provider_get_device_info_request, 13, QBE_REQ "device_group:i") \
  X(provider_get_device_info_response, 14, QBE_RSP "enumeration_handle:i") \
  X(device_registered_event, 15, \
    "device_info:device_info login_allowed:b login_user_id:u controllable:b reason:i registration_type:i " \
    "unicode_enabled:i cti_control:i ipv4_addr:i ipv6_addr:y active_ip_addr_mode:i device_user_policy:i " \
    "device_app_policy:i device_control_flag_bit_mask:i") \
  X(device_get_line_info_request, 24, QBE_REQ "device_name:s") \
  X(device_get_line_info_response, 25, QBE_RSP "enumeration_handle:i") \
  X(get_device_info_fetch_request, 94, QBE_REQ "enumeration_handle:i count:i") \
  X(get_device_info_fetch_response, 95, \
    QBE_RSP "info:device_info[] more:b device_control_flag_bit_mask:i[]") \
  X(get_device_info_close_request, 96, QBE_REQ "enumeration_handle:i") \
  X(get_device_info_close_response, 97, QBE_RSP) \
  X(get_line_info_fetch_request, 98, QBE_REQ "enumeration_handle:i count:i") \
  X(get_line_info_fetch_response, 99, QBE_RSP "info:line_info[] more:b") \
  X(get_line_info_close_request, 100, QBE_REQ "enumeration_handle:i") \
  X(get_line_info_close_response, 101, QBE_RSP) \
  X(provider_user_changed_event, 115, \
    "type_of_notification:i device_info:device_info provider_capabilities_info:provider_capabilities_info " \
    "device_control_flag_bit_mask:i") \
  X(heartbeat, 120, "") \
  X(provider_open_completed_event, 126, \
    "reason:i seq:i provider_info_string:s client_heartbeat:i server_heartbeat:i failure_description:s " \
    "monitor_call_park_dns:b provider_id:i precedence_value:i can_support_ipv6:b login_user_name:u " \
    "days_until_password_expiry:i total_controllable_devices:i cluster_id:s") \
  X(provider_get_capabilities_request, 127, QBE_REQ) \
  X(provider_get_capabilities_response, 128, \
    QBE_RSP "provider_capabilities_info:provider_capabilities_info") \
  X(device_unregistered_event, 129, \
    "device_info:device_info login_user_id:u controllable:b reason:i device_control_flag_bit_mask:i") \
  X(get_single_device_info_request, 130, QBE_REQ "device_name:s") \
  X(get_single_device_info_response, 131, QBE_RSP "info:device_info device_control_flag_bit_mask:i") \
  X(provider_closed_event, 155, "reason:i") \
  X(provider_device_acquire_request, 212, QBE_REQ "device_name:s") \
  X(provider_device_acquire_response, 213, QBE_RSP) \
  X(provider_device_de_acquire_request, 214, QBE_REQ "device_name:s") \
  X(provider_device_de_acquire_response, 215, QBE_RSP) \
  X(provider_device_de_acquired_event, 216, "device_name:s reason:i") \
  X(provider_device_configuration_changed_event, 250, "device_config_change:device_config_change[]") \
  X(provider_device_line_associated_info_event, 256, \
    "device_name:s line_dn:s line_partition:s voice_mail_pilot:s") \
  X(device_line_info_event, 279, \
    "request_id:i device_name:s device_registration_status:i control_mode_bit_map:i event_content:i " \
    "event_status_code:i device_info_static:device_info_static device_info_dynamic:device_info_dynamic " \
    "device_registration_info:device_registration_info line_info:line_info[] total_lines:i more_lines:b " \
    "remote_destinations_info:remote_destination_info[]") \
  X(device_registered_event_with_line_info, 280, \
    "device_name:s control_mode_bit_map:i register_reason:i event_content:i " \
    "device_info_dynamic:device_info_dynamic device_registration_info:device_registration_info " \
    "line_info:line_info[] total_lines:i more_lines:b remote_destinations_info:remote_destination_info[] " \
    "protocol:i") \
  X(provider_get_all_devices_and_lines_request, 282, QBE_REQ) \
  X(provider_get_all_devices_and_lines_response, 283, QBE_RSP) \
  X(provider_get_all_devices_and_lines_completed_event, 284, "request_id:i result:i") \
  X(provider_get_single_device_and_lines_request, 285, QBE_REQ "device_name:s") \
  X(provider_get_single_device_and_lines_response, 286, QBE_RSP) \
  X(provider_get_single_device_and_lines_completed_event, 287, "request_id:i result:i") \
  X(provider_device_configuration_changed_event_v2, 294, \
    "device_name:s device_config_info_v2:device_config_info_v2") \
  X(provider_device_ip_address_changed_event, 295, \
    "device_name:s active_ip_addr_mode:i ipv4_addr:i ipv6_addr:y") \
  X(provider_device_em_login_status_changed_event, 296, "device_name:s em_status:i") \
  X(provider_init_request, 310, QBE_REQ "provider:s qbe_client_version:s application_id:s plugin_name:s") \
  X(provider_init_response, 311, \
    QBE_RSP "provider_info:s plugin_version:s plugin_location:s provider_id:i nonce:s certificate:y")

#define X(name, id, text) LINEBRIDGE_QBE_LAYOUT(name, id, elements::all, text);
LINEBRIDGE_QBE_PROVIDER_MESSAGES(X)
#undef X
// clang-format on

}  // namespace linebridge::cti::qbe::messages
