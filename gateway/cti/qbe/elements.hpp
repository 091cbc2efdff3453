#pragma once

#include <array>

#include "cti/qbe/layout.hpp"

/// The nested elements, in the field order of protocol versions 0x00100000 and 0x00110000. Versions grow by
/// fields appended; a shorter one is a line in dialect.hpp.
namespace linebridge::cti::qbe::elements {

// clang-format off
// Elements that hold no other.
#define LINEBRIDGE_QBE_PLAIN_ELEMENTS(X) \
  X(provider_event_filter, \
    "device_registered:b device_unregistered:b directory_change_notify:b device_config_change_notify:b " \
    "device_em_login_status_change_notify:b device_multi_media_capability_changed_notify:b") \
  X(device_info, \
    "name:s type:i allows_registration:b device_id:i locale:i protocol:i is_restricted:b alt_script:s " \
    "dev_type_name:s dnd_option:i role_over_mode:i is_bib_enabled:b ip_addressing_mode:i " \
    "supports_feature:i is_visiting_device:b") \
  X(device_event_filter, \
    "device_mode_changed:b key_pressed:b feature_button_pressed:b lamp_mode_changed:b ring_mode_changed:b " \
    "display_changed:b start_transmission:b stop_transmission:b start_reception:b stop_reception:b " \
    "soft_key_pressed:b open_logical_channel:b device_data:b media_resource_allocated:b " \
    "media_resource_deallocated:b media_resource_updated:b media_connection_added:b " \
    "media_connection_removed:b media_resource_existing:b existing_media_resources_completed:b snapshot:b " \
    "reception_key:b transmission_key:b device_idle_state:b device_active_state:b device_alerting_state:b " \
    "device_hold_state:b device_whisper_state:b dnd_changed:b dnd_option_changed:b " \
    "open_media_ip_port_event:b multi_media_streams_info:b hunt_log_status_changed:b") \
  X(media_capability, "payload_capability:i max_frames_per_packet:i bit_rate:i") \
  X(rtp_destination_v6, "ip_addr_v6:y rtp_port_v6:i") \
  X(line_event_filter, \
    "call_state_changed:b dtmf:b ring:b tone_changed:i global_call_handle_changed:b party_info_changed:b " \
    "existing_call_event:b new_call_event:b line_cfwd_all_status:b transfer_started:b transfer_ended:b " \
    "transfer_failed:b conference_started:b conference_ended:b conference_failed:b barge_started:b " \
    "barge_ended:b c_barge_started:b c_barge_ended:b privacy_changed:b call_select_changed:b " \
    "existing_call_completed:b hold_reversion:b intercom_info_changed:b " \
    "intercom_info_restoration_failed:b monitoring_started:b monitoring_ended:b recording_started:b " \
    "recording_ended:b call_attribute_info:b call_security_status_update:b call_present_event:b " \
    "call_feature_cancelled:b park_status_event:b line_hunt_call_status_event:b " \
    "monitoring_terminated_event:b call_orphan_status_event:b monitor_updated_event:b " \
    "send_media_to_bib_events:b announcement_events:b recording_failed_event:b") \
  X(cti_call_handle, "call_manager_id:i call_leg_id:i") \
  X(cti_forward_info, "fwd_type:i fwd_destination:s") \
  X(device_multi_media_capability, "video_capability:i telepresence_info:i screen_count:i") \
  X(line_intercom_speed_dial_info, "number:s label:s unicode_label:u") \
  X(provider_capabilities_info, \
    "control_any_device:b max_number_of_devices_open:i monitor_park_dn:b modify_calling_party:b " \
    "allow_call_monitoring:b allow_call_recording:b can_support_ipv6:b provider_capability_mask:i " \
    "can_auto_pickup:b") \
  X(cti_call_forward_information, "cfwd_type:i call_fwd_destination:s") \
  X(dn_info, "name:s permanent_line_id:i partition:s") \
  X(cti_global_call_handle, "call_manager_id:i call_id:i") \
  X(device_info_static, \
    "device_type:i device_type_name:s device_id:i protocol:i special_device_capabilities:i " \
    "visiting_device:b") \
  X(device_info_dynamic, \
    "locale:i alt_script:s dnd_option:i configured_ip_addr_mode:i em_login_allowed:b device_restricted:b " \
    "outbound_call_roll_over_mode:i bib_enabled:b") \
  X(remote_destination_info, "remote_destination_name:u remote_destination_number:s is_active_rd:b") \
  X(sip_url, "user:s host:s port:i transport_type:i url_type:i") \
  X(device_config_info, "ip_addressing_mode:i")

// Elements that hold plain ones.
#define LINEBRIDGE_QBE_OUTER_ELEMENTS(X) \
  X(party_dn_info, "sip_url:sip_url unmodified_sip_url:sip_url partition:s voice_mailbox:s number_type:i") \
  X(line_info, \
    "name:s display_name:s permanent_line_id:i max_number_of_calls:i line_instance:i busy_trigger:i " \
    "unicode_display_name:u partition:s is_restricted:b auto_answer_status:i dn_type:i " \
    "default_intercom_target_info:line_intercom_speed_dial_info record_type:i ascii_label:s " \
    "unicode_label:u vm_pilot_dn:s pickup_group_number:s pickup_group_partition:s") \
  X(device_config_change, "device_name:s device_config_info:device_config_info") \
  X(device_registration_info, \
    "media_termination:i active_ip_addr_mode:i ipv4_addr:i ipv6_addr:y unicode_login_user_id:u " \
    "encoding_type:i cti_controllable:i device_user_policy:i device_app_policy:i " \
    "device_multi_media_capability_bit_mask:i device_multi_media_capability:device_multi_media_capability " \
    "hunt_log_status:i") \
  X(party_dn_info_v2, "sip_url:sip_url partition:s voice_mailbox:s number_type:i") \
  X(device_config_info_v2, \
    "device_config_change_bit_map:i remote_destinations_info:remote_destination_info[] " \
    "is_my_app_last_to_set_active_rd:b")

// Elements that hold those.
#define LINEBRIDGE_QBE_OUTMOST_ELEMENTS(X) \
  X(participant_info, \
    "participant_number:s unmodified_participant_number:s participant_name:s number_pi:b name_pi:b " \
    "endpoint_type:i state:i unmodified_participant_unicode_display_name:u participant_locale:i " \
    "participant_dn_info:party_dn_info call_manager_id:i call_leg_id:i participant_hunt_member_dn:s " \
    "participant_hunt_member_partition:s bridge_participant_id:s")

#define X(name, text) LINEBRIDGE_QBE_LAYOUT(name, Layout::no_message, {}, text);
LINEBRIDGE_QBE_PLAIN_ELEMENTS(X)
#undef X
#define NAME(name, text) &name,
inline constexpr auto plain = std::to_array<const Layout*>({LINEBRIDGE_QBE_PLAIN_ELEMENTS(NAME)});

#define X(name, text) LINEBRIDGE_QBE_LAYOUT(name, Layout::no_message, plain, text);
LINEBRIDGE_QBE_OUTER_ELEMENTS(X)
#undef X
inline constexpr auto outer =
    std::to_array<const Layout*>({LINEBRIDGE_QBE_PLAIN_ELEMENTS(NAME) LINEBRIDGE_QBE_OUTER_ELEMENTS(NAME)});

#define X(name, text) LINEBRIDGE_QBE_LAYOUT(name, Layout::no_message, outer, text);
LINEBRIDGE_QBE_OUTMOST_ELEMENTS(X)
#undef X
inline constexpr auto all = std::to_array<const Layout*>({LINEBRIDGE_QBE_PLAIN_ELEMENTS(NAME)
    LINEBRIDGE_QBE_OUTER_ELEMENTS(NAME) LINEBRIDGE_QBE_OUTMOST_ELEMENTS(NAME)});
#undef NAME
// clang-format on

}  // namespace linebridge::cti::qbe::elements
