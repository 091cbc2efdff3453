#pragma once

#include <cstdint>

/// Ids of the messages that the simulator handles or sends. A response has its request's id plus one.
namespace linebridge::sim::cucm::id {

inline constexpr std::int32_t failure = 0;
inline constexpr std::int32_t provider_open = 3;
inline constexpr std::int32_t provider_change_filter = 5;
inline constexpr std::int32_t provider_close = 9;
inline constexpr std::int32_t allocate_global_call = 11;
inline constexpr std::int32_t device_registered = 15;
inline constexpr std::int32_t device_open = 16;
inline constexpr std::int32_t device_change_filter = 20;
inline constexpr std::int32_t device_close = 22;
inline constexpr std::int32_t line_open = 37;
inline constexpr std::int32_t line_change_filter = 39;
inline constexpr std::int32_t line_close = 41;
inline constexpr std::int32_t line_call_initiate = 43;
inline constexpr std::int32_t line_get_info = 45;
inline constexpr std::int32_t line_closed = 47;
inline constexpr std::int32_t new_call = 48;
inline constexpr std::int32_t existing_call = 49;
inline constexpr std::int32_t call_accept = 50;
inline constexpr std::int32_t call_answer = 52;
inline constexpr std::int32_t call_blind_conference = 54;
inline constexpr std::int32_t call_blind_transfer = 56;
inline constexpr std::int32_t call_close = 58;
inline constexpr std::int32_t call_complete_conference = 60;
inline constexpr std::int32_t call_complete_transfer = 62;
inline constexpr std::int32_t call_dial = 64;
inline constexpr std::int32_t call_disconnect = 66;
inline constexpr std::int32_t call_play_dtmf = 68;
inline constexpr std::int32_t call_play_tone = 70;
inline constexpr std::int32_t call_get_info = 72;
inline constexpr std::int32_t call_hold = 74;
inline constexpr std::int32_t call_redirect = 76;
inline constexpr std::int32_t call_retrieve = 78;
inline constexpr std::int32_t call_setup_conference = 80;
inline constexpr std::int32_t call_setup_transfer = 82;
inline constexpr std::int32_t dtmf = 86;
inline constexpr std::int32_t global_call_changed = 88;
inline constexpr std::int32_t tone_changed = 89;
inline constexpr std::int32_t start_reception = 90;
inline constexpr std::int32_t start_transmission = 91;
inline constexpr std::int32_t stop_reception = 92;
inline constexpr std::int32_t stop_transmission = 93;
inline constexpr std::int32_t line_set_message_waiting = 102;
inline constexpr std::int32_t call_dtmf_complete = 106;
inline constexpr std::int32_t conference_state_changed = 107;
inline constexpr std::int32_t call_party_info_changed = 108;
inline constexpr std::int32_t device_out_of_service = 111;
inline constexpr std::int32_t device_in_service = 112;
inline constexpr std::int32_t line_out_of_service = 113;
inline constexpr std::int32_t line_in_service = 114;
inline constexpr std::int32_t heartbeat = 120;
inline constexpr std::int32_t line_set_forward = 121;
inline constexpr std::int32_t line_forward = 123;
inline constexpr std::int32_t line_get_forward = 124;
inline constexpr std::int32_t provider_open_completed = 126;
inline constexpr std::int32_t provider_get_capabilities = 127;
inline constexpr std::int32_t device_unregistered = 129;
inline constexpr std::int32_t get_single_device_info = 130;
inline constexpr std::int32_t call_park = 141;
inline constexpr std::int32_t line_call_unpark = 143;
inline constexpr std::int32_t provider_closed = 155;
inline constexpr std::int32_t transfer_started = 166;
inline constexpr std::int32_t transfer_ended = 167;
inline constexpr std::int32_t conference_started = 169;
inline constexpr std::int32_t conference_ended = 170;
inline constexpr std::int32_t call_direct_transfer = 172;
inline constexpr std::int32_t call_join = 174;
inline constexpr std::int32_t existing_calls_completed = 204;
inline constexpr std::int32_t device_get_state = 210;
inline constexpr std::int32_t device_acquire = 212;
inline constexpr std::int32_t device_release = 214;
inline constexpr std::int32_t device_set_dnd = 242;
inline constexpr std::int32_t device_dnd_changed = 244;
inline constexpr std::int32_t device_dnd_option_changed = 246;
inline constexpr std::int32_t device_get_dnd_option = 247;
inline constexpr std::int32_t call_drop_party = 252;
inline constexpr std::int32_t device_line_info = 279;
inline constexpr std::int32_t call_state_changed = 281;
inline constexpr std::int32_t provider_get_all_devices = 282;
inline constexpr std::int32_t all_devices_completed = 284;
inline constexpr std::int32_t provider_get_single_device = 285;
inline constexpr std::int32_t single_device_completed = 287;
inline constexpr std::int32_t provider_init = 310;

}  // namespace linebridge::sim::cucm::id
