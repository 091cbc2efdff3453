#pragma once

#include <algorithm>
#include <array>

#include "cti/qbe/elements.hpp"
#include "cti/qbe/layout.hpp"

/// The messages this gateway sends and reads, in the field order of protocol versions 0x00100000 and
/// 0x00110000. A message more is a line more. Requests begin with `seq`, responses repeat it; a request's
/// response has its id + 1.
namespace linebridge::cti::qbe::messages {

// clang-format off
// What many messages share.
#define REQ "seq:i "
#define RSP "seq:i result:i "
#define LINE "line_call_manager_id:i line_id:i "
#define DEV "call_manager_id:i device_id:i "
#define DEVEV "device_call_manager_id:i device_id:i "
#define CALLREF LINE "call_leg_call_manager_id:i call_leg_id:i "
#define CALLEV LINE "call_call_manager_id:i call_leg_id:i "
#define PARTYX \
  "unmodified_calling_party:s unmodified_called_party:s unmodified_original_called_party:s " \
  "unmodified_last_redirecting_party:s calling_party_shown:b calling_party_name_shown:b " \
  "called_party_shown:b called_party_name_shown:b original_called_party_shown:b " \
  "original_called_party_name_shown:b last_redirecting_party_shown:b " \
  "last_redirecting_party_name_shown:b unicode_calling_party_name:u unicode_called_party_name:u " \
  "unicode_original_called_party_name:u unicode_last_redirecting_party_name:u calling_party_locale:i " \
  "called_party_locale:i original_called_party_locale:i last_redirecting_party_locale:i " \
  "calling_party_dn_info:party_dn_info called_party_dn_info:party_dn_info " \
  "original_called_party_dn_info:party_dn_info last_redirecting_party_dn_info:party_dn_info "
#define MMX \
  "calling_party_media_mask:i called_party_media_mask:i " \
  "calling_party_media:device_multi_media_capability called_party_media:device_multi_media_capability " \
  "device_uuid:s peer_uuid:s "

#define LINEBRIDGE_QBE_MESSAGES(X) \
  X(failure_response, 0, RSP "description:s") \
  X(provider_open_request, 3, REQ \
    "provider:s qbe_client_version:s login:u password:y filter:provider_event_filter application_id:s " \
    "desired_server_heartbeat_time:i request_timer:i cm_assigned_application_id:i plugin_name:s " \
    "application_priority:i light_weight_open:b sso_ticket:s authentication_type:i " \
    "request_old_device_line_fetch:b encrypted_key_data:y encrypted_single_sign_on_data:y") \
  X(provider_open_response, 4, RSP \
    "provider_info_string:s client_heartbeat:i server_heartbeat:i request_timer:i plugin_version:s " \
    "plugin_location:s provider_id:i fips_compliant:b") \
  X(provider_close_request, 9, REQ) \
  X(provider_close_response, 10, RSP) \
  X(provider_allocate_global_call_handle_request, 11, REQ "call_type:i") \
  X(provider_allocate_global_call_handle_response, 12, RSP "call_manager_id:i call_id:i") \
  X(device_registered_event, 15, \
    "device_info:device_info login_allowed:b login_user_id:u controllable:b reason:i registration_type:i " \
    "unicode_enabled:i cti_control:i ipv4_addr:i ipv6_addr:y active_ip_addr_mode:i device_user_policy:i " \
    "device_app_policy:i device_control_flag_bit_mask:i") \
  X(device_open_request, 16, REQ "device_name:s filter:device_event_filter softkeys_application_id:i") \
  X(device_open_response, 17, RSP DEV) \
  X(device_change_event_filter_request, 20, REQ DEV "filter:device_event_filter") \
  X(device_change_event_filter_response, 21, RSP DEV) \
  X(device_close_request, 22, REQ DEV) \
  X(device_close_response, 23, RSP DEV) \
  X(device_closed_event, 30, DEVEV "reason:i") \
  X(line_open_request, 37, REQ \
    "device_name:s line_name:s filter:line_event_filter auto_accept_status:i partition:s") \
  X(line_open_response, 38, RSP LINE "auto_accept_status:i") \
  X(line_change_event_filter_request, 39, REQ LINE "filter:line_event_filter") \
  X(line_change_event_filter_response, 40, RSP LINE) \
  X(line_close_request, 41, REQ LINE) \
  X(line_close_response, 42, RSP LINE) \
  X(line_call_initiate_request, 43, REQ LINE \
    "global_call_manager_id:i global_call_id:i calling_address:s dest_address:s user_data:y " \
    "media_device_name:s media_resource_id:i feature_priority:i") \
  X(line_call_initiate_response, 44, RSP LINE "call_manager_id:i call_leg_id:i") \
  X(line_closed_event, 47, LINE "reason:i") \
  X(new_call_event, 48, LINE \
    "line_handle_specified:b device_name:s call_call_manager_id:i call_leg_id:i global_call_manager_id:i " \
    "call_id:i calling_party:s called_party:s original_called_party:s state:i origin:i user_data:y " \
    "auxiliary_data:i far_endpoint_call_manager_id:i far_endpoint_type:i reason:i calling_party_name:s " \
    "called_party_name:s original_party_name:s last_redirecting_party:s last_redirecting_party_name:s " \
    "calling_party_device_name:s remote_in_use:b parent_call_manager_id:i parent_call_id:i privacy:b " \
    "media_device_name:s media_resource_id:i " PARTYX \
    "cti_call_type:i calling_party_ip_addr:i far_end_line_id_dn:s far_end_line_id_partition:s " \
    "call_presentable:b feature_priority:i globalized_calling_party:s calling_party_ip_addr_v6:y " \
    "calling_party_ip_addressing_mode:i is_rollover_call:b unique_protocol_call_reference:s " \
    "cgpn_hunt_member_dn:s cgpn_hunt_member_partition:s cgpn_pattern_usage:i cdpn_pattern_usage:i " MMX) \
  X(existing_call_event, 49, LINE \
    "line_handle_specified:b device_name:s call_call_manager_id:i call_leg_id:i global_call_manager_id:i " \
    "call_id:i calling_party:s called_party:s original_called_party:s last_redirecting_party:s state:i " \
    "origin:i user_data:y auxiliary_data:i far_endpoint_call_manager_id:i far_endpoint_type:i reason:i " \
    "cause:i participants_info:participant_info[] calling_party_name:s called_party_name:s " \
    "original_called_party_name:s last_redirecting_party_name:s calling_party_device_name:s " \
    "controller_participant:participant_info media_device_name:s media_resource_id:i " \
    "media_transmit_active:b media_receive_active:b remote_in_use:b parent_call_manager_id:i " \
    "parent_call_id:i privacy:b call_select_status:i " PARTYX \
    "hold_reversion_delivered:b local_conference_bridge_id:s local_conference_bridge_name:s " \
    "advance_adhoc_conference:b cti_call_type:i calling_party_ip_addr:i overall_call_security_status:i " \
    "far_end_line_id_dn:s far_end_line_id_partition:s call_presentable:b feature_priority:i " \
    "globalized_calling_party:s calling_party_ip_addr_v6:y calling_party_ip_addressing_mode:i " \
    "consult_setup_by_rollover:b unique_protocol_call_reference:s cgpn_hunt_member_dn:s " \
    "cgpn_hunt_member_partition:s cdpn_hunt_member_dn:s cdpn_hunt_member_partition:s " \
    "cgpn_pattern_usage:i cdpn_pattern_usage:i called_party_device_name:s " \
    "local_conference_bridge_partition:s " MMX) \
  X(call_answer_request, 52, REQ CALLREF "media_device_name:s media_resource_id:i") \
  X(call_answer_response, 53, RSP) \
  X(call_disconnect_request, 66, REQ CALLREF) \
  X(call_disconnect_response, 67, RSP) \
  X(global_call_handle_changed_event, 88, CALLEV \
    "new_global_call_manager_id:i new_global_call_id:i reason:i calling_party:s calling_party_name:s " \
    "called_party:s called_party_name:s original_party:s original_party_name:s last_redirecting_party:s " \
    "last_redirecting_party_name:s remote_in_use:b privacy:b " PARTYX \
    "globalized_calling_party:s unique_protocol_call_reference:s") \
  X(call_party_info_changed_event, 108, CALLEV \
    "calling_party_changed:b calling_party:s calling_party_name:s called_party_changed:b called_party:s " \
    "called_party_name:s original_called_party:s original_called_party_name:s last_redirecting_party:s " \
    "last_redirecting_party_name:s far_end_point_type:i reason:i remote_in_use:b privacy:b " PARTYX \
    "far_end_line_id_dn:s far_end_line_id_partition:s globalized_calling_party:s cgpn_hunt_member_dn:s " \
    "cgpn_hunt_member_partition:s cdpn_hunt_member_dn:s cdpn_hunt_member_partition:s " \
    "cgpn_pattern_usage:i cdpn_pattern_usage:i current_calling_party_device_name:s " \
    "current_called_party_device_name:s call_attribute_type:i " MMX) \
  X(device_out_of_service_event, 111, DEVEV "reason:i") \
  X(device_in_service_event, 112, DEVEV \
    "locale:i supported_encoding:i alt_script:s dnd_status:b dnd_option:i") \
  X(line_out_of_service_event, 113, LINE "reason:i") \
  X(line_in_service_event, 114, LINE "default_intercom_info:line_intercom_speed_dial_info " \
    "current_intercom_info:line_intercom_speed_dial_info is_intercom_target_set:b") \
  X(provider_user_changed_event, 115, "type_of_notification:i device_info:device_info " \
    "provider_capabilities_info:provider_capabilities_info device_control_flag_bit_mask:i") \
  X(heartbeat, 120, "") \
  X(provider_open_completed_event, 126, \
    "reason:i seq:i provider_info_string:s client_heartbeat:i server_heartbeat:i failure_description:s " \
    "monitor_call_park_dns:b provider_id:i precedence_value:i can_support_ipv6:b login_user_name:u " \
    "days_until_password_expiry:i total_controllable_devices:i cluster_id:s") \
  X(provider_get_capabilities_request, 127, REQ) \
  X(provider_get_capabilities_response, 128, RSP "provider_capabilities_info:provider_capabilities_info") \
  X(device_unregistered_event, 129, \
    "device_info:device_info login_user_id:u controllable:b reason:i device_control_flag_bit_mask:i") \
  X(provider_closed_event, 155, "reason:i") \
  X(existing_call_completed_event, 204, LINE) \
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
  X(call_state_changed_event_v2, 281, CALLEV \
    "state:i cause:i fwd_destination_address:s fwd_destination_party_dn_info:party_dn_info_v2 reason:i " \
    "remote_in_use:b overall_call_security_status:i is_consult_setup_by_rollover:b " \
    "call_cleared_by_hunt_list:b cgpn_hunt_member_dn:s cgpn_hunt_member_partition:s " \
    "cdpn_hunt_member_dn:s cdpn_hunt_member_partition:s") \
  X(provider_get_all_devices_and_lines_request, 282, REQ) \
  X(provider_get_all_devices_and_lines_response, 283, RSP) \
  X(provider_get_all_devices_and_lines_completed_event, 284, "request_id:i result:i") \
  X(provider_get_single_device_and_lines_request, 285, REQ "device_name:s") \
  X(provider_get_single_device_and_lines_response, 286, RSP) \
  X(provider_get_single_device_and_lines_completed_event, 287, "request_id:i result:i") \
  X(provider_init_request, 310, REQ "provider:s qbe_client_version:s application_id:s plugin_name:s") \
  X(provider_init_response, 311, RSP \
    "provider_info:s plugin_version:s plugin_location:s provider_id:i nonce:s certificate:y")

#define X(name, id, text) LINEBRIDGE_QBE_LAYOUT(name, id, elements::all, text);
LINEBRIDGE_QBE_MESSAGES(X)
#undef X
#define X(name, id, text) &name,
inline constexpr auto all = std::to_array<const Layout*>({LINEBRIDGE_QBE_MESSAGES(X)});
#undef X
// clang-format on

#undef REQ
#undef RSP
#undef LINE
#undef DEV
#undef DEVEV
#undef CALLREF
#undef CALLEV
#undef PARTYX
#undef MMX

/// The message with this id; none if the tables lack it.
constexpr const Layout* find(std::uint32_t id) {
  const auto at = std::lower_bound(all.begin(), all.end(), id, [](const Layout* message, std::uint32_t wanted) {
    return message->id < wanted;
  });
  return at != all.end() && (*at)->id == id ? *at : nullptr;
}

}  // namespace linebridge::cti::qbe::messages
