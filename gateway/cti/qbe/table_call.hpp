#pragma once

#include "cti/qbe/elements.hpp"
#include "cti/qbe/layout.hpp"
#include "cti/qbe/table_words.hpp"

/// Calls: what is done to a leg, and what happens to it.
namespace linebridge::cti::qbe::messages {

// clang-format off
#define LINEBRIDGE_QBE_CALL_MESSAGES(X) \
  X(new_call_event, 48, \
    QBE_LINE "line_handle_specified:b device_name:s call_call_manager_id:i call_leg_id:i " \
    "global_call_manager_id:i call_id:i calling_party:s called_party:s original_called_party:s state:i " \
    "origin:i user_data:y auxiliary_data:i far_endpoint_call_manager_id:i far_endpoint_type:i reason:i " \
    "calling_party_name:s called_party_name:s original_party_name:s last_redirecting_party:s " \
    "last_redirecting_party_name:s calling_party_device_name:s remote_in_use:b parent_call_manager_id:i " \
    "parent_call_id:i privacy:b media_device_name:s media_resource_id:i " QBE_PARTYX "cti_call_type:i " \
    "calling_party_ip_addr:i far_end_line_id_dn:s far_end_line_id_partition:s call_presentable:b " \
    "feature_priority:i globalized_calling_party:s calling_party_ip_addr_v6:y " \
    "calling_party_ip_addressing_mode:i is_rollover_call:b unique_protocol_call_reference:s " \
    "cgpn_hunt_member_dn:s cgpn_hunt_member_partition:s cgpn_pattern_usage:i cdpn_pattern_usage:i " QBE_MMX) \
  X(existing_call_event, 49, \
    QBE_LINE "line_handle_specified:b device_name:s call_call_manager_id:i call_leg_id:i " \
    "global_call_manager_id:i call_id:i calling_party:s called_party:s original_called_party:s " \
    "last_redirecting_party:s state:i origin:i user_data:y auxiliary_data:i " \
    "far_endpoint_call_manager_id:i far_endpoint_type:i reason:i cause:i " \
    "participants_info:participant_info[] calling_party_name:s called_party_name:s " \
    "original_called_party_name:s last_redirecting_party_name:s calling_party_device_name:s " \
    "controller_participant:participant_info media_device_name:s media_resource_id:i " \
    "media_transmit_active:b media_receive_active:b remote_in_use:b parent_call_manager_id:i " \
    "parent_call_id:i privacy:b call_select_status:i " QBE_PARTYX "hold_reversion_delivered:b " \
    "local_conference_bridge_id:s local_conference_bridge_name:s advance_adhoc_conference:b " \
    "cti_call_type:i calling_party_ip_addr:i overall_call_security_status:i far_end_line_id_dn:s " \
    "far_end_line_id_partition:s call_presentable:b feature_priority:i globalized_calling_party:s " \
    "calling_party_ip_addr_v6:y calling_party_ip_addressing_mode:i consult_setup_by_rollover:b " \
    "unique_protocol_call_reference:s cgpn_hunt_member_dn:s cgpn_hunt_member_partition:s " \
    "cdpn_hunt_member_dn:s cdpn_hunt_member_partition:s cgpn_pattern_usage:i cdpn_pattern_usage:i " \
    "called_party_device_name:s local_conference_bridge_partition:s " QBE_MMX) \
  X(call_accept_request, 50, QBE_REQ QBE_CALLREF "media_device_name:s media_resource_id:i") \
  X(call_accept_response, 51, QBE_RSP) \
  X(call_answer_request, 52, QBE_REQ QBE_CALLREF "media_device_name:s media_resource_id:i") \
  X(call_answer_response, 53, QBE_RSP) \
  X(call_blind_conference_request, 54, \
    QBE_REQ QBE_CALLREF "new_global_call_manager_id:i new_global_call_id:i calling_address:s " \
    "dest_address:s user_data:y") \
  X(call_blind_conference_response, 55, QBE_RSP) \
  X(call_blind_transfer_request, 56, \
    QBE_REQ QBE_CALLREF "new_global_call_manager_id:i new_global_call_id:i calling_address:s " \
    "dest_address:s user_data:y") \
  X(call_blind_transfer_response, 57, QBE_RSP) \
  X(call_close_request, 58, QBE_REQ QBE_CALLREF) \
  X(call_close_response, 59, QBE_RSP) \
  X(call_complete_conference_request, 60, \
    QBE_REQ QBE_CALLREF "consult_call_manager_id:i consult_call_leg_id:i") \
  X(call_complete_conference_response, 61, QBE_RSP) \
  X(call_complete_transfer_request, 62, \
    QBE_REQ QBE_CALLREF "consult_call_manager_id:i consult_call_leg_id:i") \
  X(call_complete_transfer_response, 63, QBE_RSP) \
  X(call_dial_request, 64, QBE_REQ QBE_CALLREF "dest_address:s") \
  X(call_dial_response, 65, QBE_RSP) \
  X(call_disconnect_request, 66, QBE_REQ QBE_CALLREF) \
  X(call_disconnect_response, 67, QBE_RSP) \
  X(call_play_dtmf_request, 68, QBE_REQ QBE_CALLREF "dtmf_digits:i[] rate:i") \
  X(call_play_dtmf_response, 69, QBE_RSP) \
  X(call_play_tone_request, 70, QBE_REQ QBE_CALLREF "tone:i direction:i") \
  X(call_play_tone_response, 71, QBE_RSP) \
  X(call_get_info_request, 72, QBE_REQ QBE_CALLREF) \
  X(call_get_info_response, 73, \
    QBE_RSP "device_name:s line_dir:s original_party:s original_party_name:s calling_party:s " \
    "calling_party_name:s called_party:s called_party_name:s reason:i origin:i active_tone:i user_data:y " \
    "last_redirecting_party:s last_redirecting_party_name:s remote_in_use:b privacy:b " QBE_PARTYX \
    "globalized_calling_party:s") \
  X(call_hold_request, 74, QBE_REQ QBE_CALLREF "content_id:s") \
  X(call_hold_response, 75, QBE_RSP) \
  X(call_redirect_request, 76, \
    QBE_REQ QBE_CALLREF "redirect_address:s unconditional:b calling_search_space:i " \
    "called_address_option:i redirect_reason:i preferred_original_called_party:s modified_calling_party:s " \
    "modified_calling_party_reason:i fac_code:s cmc_code:s feature_priority:i application_xml_data:y " \
    "device_name:s") \
  X(call_redirect_response, 77, QBE_RSP) \
  X(call_retrieve_request, 78, QBE_REQ QBE_CALLREF) \
  X(call_retrieve_response, 79, QBE_RSP) \
  X(call_setup_conference_request, 80, \
    QBE_REQ QBE_CALLREF "new_call_manager_id:i new_global_call_id:i calling_address:s dest_address:s " \
    "user_data:y") \
  X(call_setup_conference_response, 81, \
    QBE_RSP "consult_call_manager_id:i consult_call_id:i consult_line:s consult_line_partition:s") \
  X(call_setup_transfer_request, 82, \
    QBE_REQ QBE_CALLREF "new_call_manager_id:i new_global_call_id:i calling_address:s dest_address:s " \
    "user_data:y never_connect_media_for_consult_call:b") \
  X(call_setup_transfer_response, 83, \
    QBE_RSP "consult_call_manager_id:i consult_call_id:i consult_line:s consult_line_partition:s") \
  X(call_closed_event, 84, QBE_CALLEV "reason:i") \
  X(dtmf_event, 86, QBE_CALLEV "digit:i") \
  X(ring_event, 87, QBE_CALLEV) \
  X(global_call_handle_changed_event, 88, \
    QBE_CALLEV "new_global_call_manager_id:i new_global_call_id:i reason:i calling_party:s " \
    "calling_party_name:s called_party:s called_party_name:s original_party:s original_party_name:s " \
    "last_redirecting_party:s last_redirecting_party_name:s remote_in_use:b privacy:b " QBE_PARTYX \
    "globalized_calling_party:s unique_protocol_call_reference:s") \
  X(tone_changed_event, 89, QBE_CALLEV "tone:i feature_id:i code_required:i tone_direction:i") \
  X(call_play_dtmf_complete_event, 106, QBE_CALLEV QBE_RSP) \
  X(call_conference_state_changed_event, 107, \
    QBE_CALLEV "conference_state_changed_id:i global_call_manager_id:i global_call_id:i modify_status:i " \
    "changed_participant_info:participant_info other_participants_info:participant_info[] " \
    "controller_participant_info:participant_info reason:i remote_in_use:b privacy:b " \
    "controller_device_name:s idle_calls:cti_call_handle[] requestor_participant_info:participant_info " \
    "requestor_device_name:s local_conference_bridge_id:s local_conference_bridge_name:s " \
    "advance_adhoc_conference:b local_conference_bridge_partition:s") \
  X(call_party_info_changed_event, 108, \
    QBE_CALLEV "calling_party_changed:b calling_party:s calling_party_name:s called_party_changed:b " \
    "called_party:s called_party_name:s original_called_party:s original_called_party_name:s " \
    "last_redirecting_party:s last_redirecting_party_name:s far_end_point_type:i reason:i remote_in_use:b " \
    "privacy:b " QBE_PARTYX "far_end_line_id_dn:s far_end_line_id_partition:s globalized_calling_party:s " \
    "cgpn_hunt_member_dn:s cgpn_hunt_member_partition:s cdpn_hunt_member_dn:s " \
    "cdpn_hunt_member_partition:s cgpn_pattern_usage:i cdpn_pattern_usage:i " \
    "current_calling_party_device_name:s current_called_party_device_name:s call_attribute_type:i " QBE_MMX) \
  X(call_park_request, 141, QBE_REQ QBE_CALLREF "call_park_type:i park_at_address:s") \
  X(call_park_response, 142, QBE_RSP "parked_at:s parked_at_partition:s") \
  X(call_direct_transfer_request, 172, QBE_REQ QBE_CALLREF "other_call_handle:cch") \
  X(call_direct_transfer_response, 173, QBE_RSP) \
  X(call_join_request, 174, QBE_REQ QBE_CALLREF "other_calls:cch[]") \
  X(call_join_response, 175, QBE_RSP) \
  X(existing_call_completed_event, 204, QBE_LINE) \
  X(call_hold_reversion_event, 223, QBE_CALLEV) \
  X(call_attribute_info_event, 241, \
    QBE_CALLEV "call_attribute_type:i call_id:i number:s partition:s device_name:s existing:b " \
    "transaction_id:i active_tone_direction:i call_recording_type:i forking_device_type:i " \
    "forking_device_name:s protocol_reference_guid:s forking_cluster_id:s") \
  X(call_security_status_update_event, 245, QBE_CALLEV "overall_call_security_status:i") \
  X(call_present_event, 249, QBE_CALLEV "presentable:b") \
  X(call_feature_cancelled_event, 251, QBE_CALLEV "consult_call_manager_id:i consult_call_id:i") \
  X(call_conference_drop_party_request, 252, \
    QBE_REQ QBE_CALLREF "drop_party_call_manager_id:i drop_party_call_leg_id:i") \
  X(call_conference_drop_party_response, 253, QBE_RSP) \
  X(call_state_changed_event_v2, 281, \
    QBE_CALLEV "state:i cause:i fwd_destination_address:s fwd_destination_party_dn_info:party_dn_info_v2 " \
    "reason:i remote_in_use:b overall_call_security_status:i is_consult_setup_by_rollover:b " \
    "call_cleared_by_hunt_list:b cgpn_hunt_member_dn:s cgpn_hunt_member_partition:s cdpn_hunt_member_dn:s " \
    "cdpn_hunt_member_partition:s")

#define X(name, id, text) LINEBRIDGE_QBE_LAYOUT(name, id, elements::all, text);
LINEBRIDGE_QBE_CALL_MESSAGES(X)
#undef X
// clang-format on

}  // namespace linebridge::cti::qbe::messages
