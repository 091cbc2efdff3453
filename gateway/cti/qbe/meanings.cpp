#include "cti/qbe/meanings.hpp"

#include <span>

#include "cti/qbe/codes.hpp"

namespace linebridge::cti::qbe {
namespace {

struct Word {
  std::uint32_t value;
  std::string_view word;
};

// clang-format off
constexpr Word call_states[] = {
    {0, "UNKNOWN"}, {1, "IDLE"}, {2, "OFFERING"}, {3, "ACCEPTED"}, {4, "DIALTONE"}, {5, "DIALING"},
    {6, "RINGBACK"}, {7, "BUSY"}, {8, "CONNECTED"}, {9, "PROCEEDING"}, {10, "ONHOLD"}, {11, "ONHOLDPENDING"},
    {12, "TRANSFERONHOLD"}, {13, "TRANSFERONHOLDPENDING"}, {14, "DISCONNECTED"}, {15, "WAITING"},
    {16, "REMOTEINUSE"}, {17, "PROGRESSING"}, {18, "WHISPER"}, {20, "QUEUED"},
};
constexpr Word origins[] = {
    {1, "INBOUNDINTERNAL"}, {2, "INBOUNDINTERNALENTERPRISE"}, {3, "INBOUNDEXTERNAL"}, {4, "OUTBOUND"},
    {5, "OUTBOUNDHOLD"}, {6, "OUTBOUNDCONFERENCE"}, {7, "OUTBOUNDTRANSFER"}, {8, "OUTBOUNDPARK"},
    {9, "INBOUNDINTERNALTRANSFER"}, {10, "INBOUNDINTERNALENTERPRISETRANSFER"},
    {11, "INBOUNDINTERNALCONFERENCE"}, {12, "INBOUNDINTERNALENTERPRISECONFERENCE"},
    {13, "INBOUNDINTERNALBLINDTRANSFER"}, {14, "INBOUNDINTERNALENTERPRISEBLINDTRANSFER"}, {99, "UNAVAILABLE"},
};
constexpr Word call_reasons[] = {
    {1, "DIRECTCALL"}, {2, "TRANSFERREDCALL"}, {3, "FORWARDNOANSWER"}, {4, "FORWARDBUSY"}, {5, "FORWARDALL"},
    {6, "REDIRECT"}, {7, "BLINDTRANSFER"}, {8, "CONSULTTRANSFER"}, {9, "CONFERENCE"}, {10, "PARK"},
    {11, "CALLPICKUP"}, {12, "NORMAL"}, {13, "FORWARD"}, {14, "MEETMECONFERENCE"}, {15, "PARKREMINDER"},
    {16, "UNPARK"}, {17, "TRANSFERFAILED"}, {18, "CONFERENCEFAILED"}, {19, "BLINDTRANSFERFAILED"},
    {20, "BARGE"}, {21, "IMMEDIATEDIVERT"}, {22, "FAC_CMC"}, {23, "QSIG_PATH_REPLACEMENT"}, {24, "REFER"},
    {25, "REPLACE"}, {26, "CCM_REDIRECTION"}, {27, "DPARK_CALL"}, {28, "DPARK_REVERSION"},
    {29, "DPARK_UNPARK"}, {30, "TALKBACK"}, {31, "CALL_MONITORING"}, {32, "RECORDING"}, {33, "MOBILITY"},
    {34, "MOBILITY"}, {35, "MOBILITY"}, {36, "MOBILITY"}, {37, "MOBILITY"}, {38, "MOBILITY"},
    {39, "CLICK_TO_CONFERENCE"}, {40, "FORWARD_NO_RETRIEVE"}, {42, "EXTERNALCALLCONTROL"},
    {43, "SAF_CCD_PSTN_FAILOVER"}, {44, "SEND_MEDIA_TO_BIB"}, {45, "QUEUE"}, {46, "DEQUEUE"}, {47, "DEQUEUE"},
    {48, "DEQUEUE"}, {49, "DEQUEUE"}, {50, "PLAY_ANNOUNCEMENT"}, {99, "UNKNOWN"},
};
constexpr Word causes[] = {
    {0, "NONE"}, {1, "UNALLOCATED_NUMBER"}, {3, "NO_ROUTE_TO_DESTINATION"}, {16, "NORMAL_CLEARING"},
    {17, "USER_BUSY"}, {18, "NO_USER_RESPONDING"}, {19, "NO_ANSWER"}, {20, "SUBSCRIBER_ABSENT"},
    {21, "CALL_REJECTED"}, {22, "NUMBER_CHANGED"}, {27, "DESTINATION_OUT_OF_ORDER"},
    {28, "INVALID_NUMBER_FORMAT"}, {31, "NORMAL_UNSPECIFIED"}, {34, "NO_CIRCUIT"},
    {38, "NETWORK_OUT_OF_ORDER"}, {41, "TEMPORARY_FAILURE"}, {42, "CONGESTION"},
    {47, "RESOURCES_UNAVAILABLE"}, {57, "NOT_AUTHORISED"}, {63, "NOT_AVAILABLE"}, {79, "NOT_IMPLEMENTED"},
    {102, "TIMER_EXPIRED"}, {111, "PROTOCOL_ERROR"}, {125, "OUT_OF_BANDWIDTH"}, {127, "INTERWORKING"},
    {200, "REDIRECTED"}, {500, "INTERNAL"}, {501, "OUTBOUND_TRANSFER"}, {502, "OUTBOUND_CONFERENCE"},
    {503, "INBOUND_TRANSFER"}, {504, "INBOUND_CONFERENCE"}, {505, "INBOUND_BLIND_TRANSFER"},
    {262144, "CONFERENCE_FULL"}, {393216, "CALL_SPLIT"}, {458752, "DROP_CONFEREE"},
};
constexpr Word conference_changes[] = {
    {1, "PARTYADDED"}, {2, "PARTYREMOVED"}, {3, "PARTYUPDATED"},
};
constexpr Word call_close_reasons[] = {
    {0, "UNKNOWN"}, {1, "CALLMANAGER_FAILURE"}, {2, "LINE_CLOSED"},
};
constexpr Word far_ends[] = {
    {4294967295, "INTERNAL_OR_UNKNOWN"}, {0, "UNKNOWN"}, {1, "IN_CLUSTER"}, {2, "EXTERNAL"},
    {3, "SERVER_CALL"},
};
constexpr Word device_groups[] = {
    {1, "CONTROLLED"}, {2, "REGISTERABLE"}, {3, "HOTELLED"}, {4, "MONITORED"},
};
constexpr Word protocols[] = {
    {0, "NONE"}, {1, "SCCP"}, {2, "SIP"}, {3, "CTI_REMOTE_DEVICE"},
};
constexpr Word registrations[] = {
    {0, "UNKNOWN"}, {1, "REGISTERED"}, {2, "UNREGISTERED"},
};
constexpr Word controllability[] = {
    {0, "UNKNOWN"}, {1, "CONTROLLABLE"}, {2, "UNCONTROLLABLE"},
};
constexpr Word control_flags[] = {
    {1, "CONTROLLED"}, {2, "ACQUIRED"}, {4, "USER_LOGGED_IN"}, {8, "PROFILE_LOGGED_IN"},
};
constexpr Word contents[] = {
    {1, "STATIC"}, {2, "DYNAMIC"}, {4, "REGISTRATION"}, {8, "LINES"}, {16, "REMOTE_DESTINATIONS"},
};
constexpr Word device_states[] = {
    {0, "IDLE"}, {1, "ACTIVE"}, {2, "ALERTING"}, {3, "HELD"}, {4, "UNKNOWN"}, {5, "WHISPER"},
};
constexpr Word out_of_service_reasons[] = {
    {0, "UNKNOWN"}, {1, "CALL_MANAGER_FAILURE"}, {2, "REHOME_TO_HIGHER_PRIORITY_CM"},
    {3, "NOCALLMANAGER_AVAILABLE"}, {4, "DEVICE_FAILURE"}, {5, "DEVICE_UNREGISTERED"}, {6, "ENERGYWISE"},
    {257, "CTI_MANAGER_FAILURE"},
};
constexpr Word device_close_reasons[] = {
    {0, "UNKNOWN"}, {1, "CALL_MANAGER_FAILURE"}, {2, "DEVICE_UNREGISTERED"}, {3, "REHOMING_FAILURE"},
    {4, "DEVICE_REMOVED"}, {5, "PROVIDER_CLOSING"}, {6, "MEDIA_ALREADY_TERMINATED"},
    {7, "MEDIA_ALREADY_TERMINATED"}, {8, "MEDIA_ALREADY_TERMINATED"}, {9, "SOFTKEY_ENABLE_FAILED"},
    {10, "MEDIA_CAPABILITY_MISMATCH"}, {11, "OWNER_NOT_ALIVE"}, {12, "UNSUPPORTED_PROTOCOL"},
    {13, "DEVICE_RESTRICTED"}, {15, "DB_ERROR"}, {16, "MEDIA_TYPE"}, {17, "UNSUPPORTED_CONFIGURATION"},
    {19, "IP_MODE_MISMATCH"}, {20, "SECURITY"}, {257, "CTI_MANAGER_FAILURE"}, {888, "PROTOCOL_SWITCH_OVER"},
};
constexpr Word line_close_reasons[] = {
    {0, "UNKNOWN"}, {1, "CALL_MANAGER_FAILURE"}, {2, "DEVICE_UNREGISTERED"}, {3, "REHOMING_FAILURE"},
    {4, "UNDEFINED_LINE"}, {5, "DEVICE_REMOVED"}, {6, "PROVIDER_CLOSING"}, {7, "UNSUPPORTED_PROTOCOL"},
    {8, "LINE_RESTRICTED"}, {9, "MEDIA_TYPE"}, {10, "RESET_TIMER"}, {11, "UNSUPPORTED_CONFIGURATION"},
    {257, "CTI_MANAGER_FAILURE"}, {888, "PROTOCOL_SWITCH_OVER"},
};
constexpr Word registered_reasons[] = {
    {0, "UNKNOWN"}, {1, "DEVICE_RESET"}, {2, "LOGIN"}, {3, "LOGOUT"}, {4, "ENERGYWISE"},
};
constexpr Word provider_close_reasons[] = {
    {0, "NONE"}, {1, "HEARTBEAT_MISSED"}, {2, "UNEXPECTEDSHUTDOWN"}, {3, "APPLICATIONREQUEST"},
    {4, "PROVIDEROPENFAILURE"}, {5, "USERDELETED"}, {6, "SUPERPROVIDER_REMOVE"}, {7, "DUPLICATECERTUSED"},
    {8, "CAPFINFOUNAVAILABLE"}, {9, "CERTCOMPROMISED"}, {10, "OTHER"}, {11, "UNAUTHORIZEDFORTLS"},
    {12, "CTI_ENABLED_REMOVED"}, {13, "AUTHENTICATION_TYPE_ON_UNSUPPORTED_PORT"},
};
constexpr Word notifications[] = {
    {1, "DEVICEADD"}, {2, "DEVICEREMOVE"}, {4, "DEVICECHANGE"}, {8, "USERDELETED"}, {9, "DEVICE_DELETED"},
    {16, "SUPER_PROVIDER"}, {32, "MODIFY_CALLING_PARTY"}, {64, "PARK_DN_MONITOR"}, {128, "RECORDING"},
    {256, "MONITORING"}, {257, "LOGIN_OR_PROFILE"}, {258, "LOGIN_OR_PROFILE"}, {259, "LOGIN_OR_PROFILE"},
    {260, "LOGIN_OR_PROFILE"}, {262, "ACQUIRE"}, {263, "DE_ACQUIRE"}, {512, "IPV6"}, {1024, "AUTO_PICKUP"},
};
constexpr Word search_spaces[] = {
    {0, "DEFAULT"}, {1, "CALLING_PARTY"}, {2, "REDIRECTING_PARTY"},
};
constexpr Word called_address_options[] = {
    {0, "UNCHANGED"}, {1, "DESTINATION"}, {2, "PREFERRED_ORIGINAL_CALLED_PARTY"},
};
constexpr Word redirect_reasons[] = {
    {0, "REDIRECT"}, {1, "BLINDTRANSFER"},
};
constexpr Word forwards[] = {
    {0, "ALL_OFF"}, {1, "ALL_ON"},
};
constexpr Word dnd_options[] = {
    {0, "NONE"}, {1, "RINGER_OFF"}, {2, "CALL_REJECT"},
};
constexpr Word lamps[] = {
    {1, "OFF"}, {2, "ON"}, {3, "WINK"}, {4, "FLASH"}, {5, "BLINK"},
};
constexpr Word digits[] = {
    {0, "0"}, {1, "1"}, {2, "2"}, {3, "3"}, {4, "4"}, {5, "5"}, {6, "6"}, {7, "7"}, {8, "8"}, {9, "9"},
    {10, "A"}, {11, "B"}, {12, "C"}, {13, "D"}, {14, "*"}, {15, "#"},
};
constexpr Word priorities[] = {
    {1, "NORMAL"}, {2, "URGENT"}, {3, "EMERGENCY"},
};
constexpr Word auto_accept[] = {
    {0, "OFF"}, {1, "ON"},
};
constexpr Word auto_answer[] = {
    {0, "OFF"}, {1, "HEADSET"}, {2, "SPEAKER"}, {3, "UNKNOWN"},
};
constexpr Word ringers[] = {
    {0, "DEFAULT"}, {1, "DISABLE"}, {2, "ENABLE"},
};
constexpr Word media_registrations[] = {
    {0, "NONE"}, {1, "STATIC"}, {2, "DYNAMIC"}, {3, "EXCLUSIVE"}, {4, "CALL_MANAGER"}, {5, "NO_REGISTRATION"},
    {8, "EXTEND"},
};
constexpr Word encodings[] = {
    {0, "UNKNOWN"}, {1, "NOT_APPLICABLE"}, {2, "ASCII"}, {3, "UCS2"},
};
constexpr Word call_types[] = {
    {1, "INTERCOM_ORIGINATOR"}, {2, "INTERCOM_TARGET"}, {4, "MONITOR"}, {8, "MONITOR_TARGET"},
    {16, "RECORDED"}, {32, "CHAPERONE"}, {64, "CFA_SET"}, {128, "CFA_CLEAR"}, {256, "WHISPER_MONITOR"},
    {512, "WHISPER_MONITOR_TARGET"}, {1024, "BIB"}, {2048, "SERVER_CALL"},
};
constexpr Word authentications[] = {
    {0, "PASSWORD"}, {1, "SSO"}, {2, "SSO_COOKIE"}, {3, "OAUTH"},
};
constexpr Word tone_masks[] = {
    {1, "FAC_CMC"}, {2, "CALL_WAITING"},
};
// clang-format on

struct Meant {
  std::string_view layout;  ///< Empty: in all that have this field.
  std::string_view field;
  std::span<const Word> words;
  bool bits = false;
};

// Those of one layout stand before those of all.
constexpr Meant meant[] = {
    {"device_registered_event", "reason", registered_reasons},
    {"device_unregistered_event", "reason", registered_reasons},
    {"", "register_reason", registered_reasons},
    {"device_closed_event", "reason", device_close_reasons},
    {"line_closed_event", "reason", line_close_reasons},
    {"call_closed_event", "reason", call_close_reasons},
    {"provider_closed_event", "reason", provider_close_reasons},
    {"device_out_of_service_event", "reason", out_of_service_reasons},
    {"line_out_of_service_event", "reason", out_of_service_reasons},
    {"new_call_event", "reason", call_reasons},
    {"existing_call_event", "reason", call_reasons},
    {"call_get_info_response", "reason", call_reasons},
    {"global_call_handle_changed_event", "reason", call_reasons},
    {"call_party_info_changed_event", "reason", call_reasons},
    {"call_conference_state_changed_event", "reason", call_reasons},
    {"call_state_changed_event_v2", "reason", call_reasons},
    {"", "modified_calling_party_reason", call_reasons},
    {"new_call_event", "state", call_states},
    {"existing_call_event", "state", call_states},
    {"call_state_changed_event_v2", "state", call_states},
    {"", "cause", causes},
    {"", "origin", origins},
    {"", "modify_status", conference_changes},
    {"", "far_endpoint_type", far_ends},
    {"", "far_end_point_type", far_ends},
    {"", "device_group", device_groups},
    {"device_info", "protocol", protocols},
    {"device_info_static", "protocol", protocols},
    {"device_registered_event_with_line_info", "protocol", protocols},
    {"", "device_registration_status", registrations},
    {"", "cti_controllable", controllability},
    {"", "device_control_flag_bit_mask", control_flags, true},
    {"", "event_content", contents, true},
    {"", "device_state", device_states},
    {"", "type_of_notification", notifications},
    {"", "calling_search_space", search_spaces},
    {"", "called_address_option", called_address_options},
    {"", "redirect_reason", redirect_reasons},
    {"", "cfwd_type", forwards},
    {"", "dnd_option", dnd_options},
    {"", "lamp_mode", lamps},
    {"", "message_waiting_lamp_mode", lamps},
    {"", "digit", digits},
    {"", "dtmf_digits", digits},
    {"", "feature_priority", priorities},
    {"", "auto_accept_status", auto_accept},
    {"", "auto_answer_status", auto_answer},
    {"", "ringer_status", ringers},
    {"", "media_registration_type", media_registrations},
    {"", "supported_encoding", encodings},
    {"", "encoding_type", encodings},
    {"", "cti_call_type", call_types, true},
    {"", "authentication_type", authentications},
    {"line_event_filter", "tone_changed", tone_masks, true},
};

/// Fields that hold an error code, or 0.
bool is_code(std::string_view layout, std::string_view field) {
  return field == "result" || (layout == "provider_open_completed_event" && field == "reason");
}

std::string word_of(std::span<const Word> words, std::uint32_t value) {
  for (const auto& each : words)
    if (each.value == value) return std::string(each.word);
  return {};
}

/// Nothing, if a bit is set that has no word.
std::string words_of(std::span<const Word> bits, std::uint32_t value) {
  std::string text;
  for (const auto& bit : bits)
    if ((value & bit.value) != 0) {
      text.append(text.empty() ? "" : "|").append(bit.word);
      value &= ~bit.value;
    }
  return value == 0 ? text : std::string();
}

}  // namespace

std::string meaning(std::string_view layout, std::string_view field, std::uint32_t value) {
  if (is_code(layout, field)) return std::string(code_name(value));
  for (const auto& each : meant)
    if (each.field == field && (each.layout.empty() || each.layout == layout))
      return each.bits ? words_of(each.words, value) : word_of(each.words, value);
  return {};
}

}  // namespace linebridge::cti::qbe
