#pragma once

#include "cti/qbe/elements.hpp"
#include "cti/qbe/layout.hpp"
#include "cti/qbe/table_words.hpp"

/// Lines: open and close, their service, forwarding, message waiting, transfers and conferences on them.
namespace linebridge::cti::qbe::messages {

// clang-format off
#define LINEBRIDGE_QBE_LINE_MESSAGES(X) \
  X(line_open_request, 37, \
    QBE_REQ "device_name:s line_name:s filter:line_event_filter auto_accept_status:i partition:s") \
  X(line_open_response, 38, QBE_RSP QBE_LINE "auto_accept_status:i") \
  X(line_change_event_filter_request, 39, QBE_REQ QBE_LINE "filter:line_event_filter") \
  X(line_change_event_filter_response, 40, QBE_RSP QBE_LINE) \
  X(line_close_request, 41, QBE_REQ QBE_LINE) \
  X(line_close_response, 42, QBE_RSP QBE_LINE) \
  X(line_call_initiate_request, 43, \
    QBE_REQ QBE_LINE "global_call_manager_id:i global_call_id:i calling_address:s dest_address:s " \
    "user_data:y media_device_name:s media_resource_id:i feature_priority:i") \
  X(line_call_initiate_response, 44, QBE_RSP QBE_LINE "call_manager_id:i call_leg_id:i") \
  X(line_get_info_request, 45, QBE_REQ QBE_LINE) \
  X(line_get_info_response, 46, \
    QBE_RSP QBE_LINE "device_name:s line_dir:s num_active_calls:i max_active_calls:i num_calls_on_hold:i " \
    "max_calls_on_hold:i num_hold_pending:i max_hold_pending:i calls:cti_call_handle[] can_transfer:b " \
    "can_blind_transfer:b can_hold:b can_park:b can_conference:b can_complete_call:b can_forward:b " \
    "message_waiting_lamp_mode:i fwd_info:cti_forward_info[] line_partition:s num_parked_calls:i") \
  X(line_closed_event, 47, QBE_LINE "reason:i") \
  X(line_set_message_waiting_request, 102, \
    QBE_REQ QBE_LINE "line_name:s lamp_mode:i voice_counts:b total_new_voice_msgs:i " \
    "total_old_voice_msgs:i high_priority_voice_counts:b new_high_priority_voice_msgs:i " \
    "old_high_priority_voice_msgs:i fax_counts:b total_new_fax_msgs:i total_old_fax_msgs:i " \
    "high_priority_fax_counts:b new_high_priority_fax_msgs:i old_high_priority_fax_msgs:i") \
  X(line_set_message_waiting_response, 103, QBE_RSP QBE_LINE) \
  X(line_out_of_service_event, 113, QBE_LINE "reason:i") \
  X(line_in_service_event, 114, \
    QBE_LINE "default_intercom_info:line_intercom_speed_dial_info " \
    "current_intercom_info:line_intercom_speed_dial_info is_intercom_target_set:b") \
  X(line_set_forward_request, 121, QBE_REQ QBE_LINE "fwd_destn_info:cti_call_forward_information[]") \
  X(line_set_forward_response, 122, QBE_RSP QBE_LINE) \
  X(line_forward_event, 123, QBE_LINE "forward_array:cti_call_forward_information[]") \
  X(line_get_forward_info_request, 124, QBE_REQ QBE_LINE) \
  X(line_get_forward_info_response, 125, QBE_RSP QBE_LINE "cti_fwd_array:cti_call_forward_information[]") \
  X(line_set_ringer_status_request, 137, QBE_REQ QBE_LINE "ringer_status:i") \
  X(line_set_ringer_status_response, 138, QBE_RSP QBE_LINE) \
  X(line_call_unpark_request, 143, \
    QBE_REQ QBE_LINE "global_call_manager_id:i global_call_id:i calling_address:s parked_at_address:s") \
  X(line_call_unpark_response, 144, QBE_RSP QBE_LINE) \
  X(line_transfer_started_event, 166, \
    QBE_LINE "transaction_id:i controller_number:s controller_name:s surviving_gcm_id:i " \
    "surviving_gcc_id:i other_gcm_id:i other_gcc_id:i surviving_call_type:i other_call_type:i " \
    "remote_in_use:b unicode_controller_name:u unicode_controller_name_locale:i " \
    "controller_party_dn_info:party_dn_info controller_device_name:s final_controller_call_manager_id:i " \
    "final_controller_call_leg_id:i other_controller_call_manager_id:i other_controller_call_leg_id:i " \
    "controller_hunt_member_dn:s controller_hunt_member_partition:s") \
  X(line_transfer_ended_event, 167, \
    QBE_LINE "transaction_id:i success:b remote_in_use:b idle_calls:cti_call_handle[]") \
  X(line_conference_started_event, 169, \
    QBE_LINE "transaction_id:i controller_number:s controller_name:s surviving_gcm_id:i " \
    "surviving_gcc_id:i other_gc_ids:cti_global_call_handle[] remote_in_use:b unicode_controller_name:u " \
    "unicode_controller_name_locale:i controller_party_dn_info:party_dn_info requestor_number:s " \
    "requestor_name:s primary_call_type:i secondary_call_types:i[] unicode_requestor_name:u " \
    "unicode_requestor_name_locale:i requestor_party_dn_info:party_dn_info controller_device_name:s " \
    "requestor_device_name:s controller_hunt_member_dn:s controller_hunt_member_partition:s " \
    "requestor_hunt_member_dn:s requestor_hunt_member_partition:s") \
  X(line_conference_ended_event, 170, \
    QBE_LINE "transaction_id:i success:b remote_in_use:b idle_calls:cti_call_handle[] controller_number:s " \
    "controller_name:s unicode_controller_name:u unicode_controller_name_locale:i " \
    "controller_party_dn_info:party_dn_info controller_device_name:s requestor_number:s requestor_name:s " \
    "unicode_requestor_name:u unicode_requestor_name_locale:i requestor_party_dn_info:party_dn_info " \
    "requestor_device_name:s controller_hunt_member_dn:s controller_hunt_member_partition:s " \
    "requestor_hunt_member_dn:s requestor_hunt_member_partition:s") \
  X(line_auto_accept_change_request, 201, QBE_REQ QBE_LINE "auto_accept_status:i") \
  X(line_auto_accept_change_response, 202, QBE_RSP QBE_LINE "auto_accept_status:i") \
  X(line_auto_accept_status_event, 203, QBE_LINE "auto_accept_status:i") \
  X(line_park_status_event, 254, \
    QBE_LINE "global_call_manager_id:i call_id:i transaction_id:s park_state:i park_dn:s " \
    "park_dn_partition:s parked_party:s parked_party_partition:s is_existing:b")

#define X(name, id, text) LINEBRIDGE_QBE_LAYOUT(name, id, elements::all, text);
LINEBRIDGE_QBE_LINE_MESSAGES(X)
#undef X
// clang-format on

}  // namespace linebridge::cti::qbe::messages
