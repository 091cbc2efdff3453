#pragma once

#include "cti/qbe/elements.hpp"
#include "cti/qbe/layout.hpp"
#include "cti/qbe/table_words.hpp"

/// Devices: open and close, their service, do not disturb, media.
namespace linebridge::cti::qbe::messages {

// clang-format off
#define LINEBRIDGE_QBE_DEVICE_MESSAGES(X) \
  X(device_open_request, 16, QBE_REQ "device_name:s filter:device_event_filter softkeys_application_id:i") \
  X(device_open_response, 17, QBE_RSP QBE_DEV "device_info:device_info") \
  X(device_register_device_request, 18, \
    QBE_REQ "device_name:s ip_addr:i rtp_port_number:i media_specification_timeout:i " \
    "media_caps:media_capability[] filter:device_event_filter media_registration_type:i " \
    "failure_close_delay:i algorithm_ids:i[] rtp_dest_v6:rtp_destination_v6 active_ip_addressing_mode:i") \
  X(device_register_device_response, 19, QBE_RSP QBE_DEV "device_info:device_info") \
  X(device_change_event_filter_request, 20, QBE_REQ QBE_DEV "filter:device_event_filter") \
  X(device_change_event_filter_response, 21, QBE_RSP QBE_DEV) \
  X(device_close_request, 22, QBE_REQ QBE_DEV) \
  X(device_close_response, 23, QBE_RSP QBE_DEV) \
  X(device_closed_event, 30, QBE_DEVEV "reason:i") \
  X(device_mode_changed_event, 31, QBE_DEVEV "mode:i") \
  X(start_reception_event, 90, \
    QBE_DEVCALLEV "ip_addr:i rtp_port_number:i milli_second_packet_size:i compression_type:i " \
    "use_echo_cancellation:b bit_rate:i media_device_name:s media_resource_id:i media_connection_mode:i " \
    "rtp_dest_v6:rtp_destination_v6 active_ip_addressing_mode:i") \
  X(start_transmission_event, 91, \
    QBE_DEVCALLEV "ip_addr:i rtp_port_number:i milli_second_packet_size:i compression_type:i " \
    "precedence_value:i use_silence_suppression:b max_frames_per_packet:i bit_rate:i media_device_name:s " \
    "media_resource_id:i media_connection_mode:i rtp_dest_v6:rtp_destination_v6 " \
    "active_ip_addressing_mode:i") \
  X(stop_reception_event, 92, \
    QBE_DEVCALLEV "media_device_name:s media_resource_id:i media_connection_mode:i") \
  X(stop_transmission_event, 93, \
    QBE_DEVCALLEV "media_device_name:s media_resource_id:i media_connection_mode:i") \
  X(device_out_of_service_event, 111, QBE_DEVEV "reason:i") \
  X(device_in_service_event, 112, \
    QBE_DEVEV "locale:i supported_encoding:i alt_script:s dnd_status:b dnd_option:i") \
  X(device_state_idle_event, 206, QBE_DEVEV) \
  X(device_state_held_event, 207, QBE_DEVEV) \
  X(device_state_alerting_event, 208, QBE_DEVEV) \
  X(device_state_active_event, 209, QBE_DEVEV) \
  X(device_get_device_state_request, 210, QBE_REQ QBE_DEV) \
  X(device_get_device_state_response, 211, QBE_RSP QBE_DEV "device_state:i") \
  X(device_state_whisper_event, 230, QBE_DEVEV) \
  X(device_dnd_set_request, 242, QBE_REQ QBE_DEV "dnd_status:b") \
  X(device_dnd_set_response, 243, QBE_RSP QBE_DEV) \
  X(device_dnd_status_changed_event, 244, QBE_DEVEV "dnd_status:b") \
  X(device_dnd_option_changed_event, 246, QBE_DEVEV "dnd_option:i") \
  X(device_get_dnd_option_request, 247, QBE_REQ QBE_DEV) \
  X(device_get_dnd_option_response, 248, QBE_RSP QBE_DEV "dnd_option:i")

#define X(name, id, text) LINEBRIDGE_QBE_LAYOUT(name, id, elements::all, text);
LINEBRIDGE_QBE_DEVICE_MESSAGES(X)
#undef X
// clang-format on

}  // namespace linebridge::cti::qbe::messages
