#pragma once

// Runs of fields that many messages share, for the tables beside this file and for nobody else.
// clang-format off
#define QBE_REQ "seq:i "
#define QBE_RSP "seq:i result:i "
#define QBE_LINE "line_call_manager_id:i line_id:i "
#define QBE_DEV "call_manager_id:i device_id:i "
#define QBE_DEVEV "device_call_manager_id:i device_id:i "
#define QBE_CALLREF QBE_LINE "call_leg_call_manager_id:i call_leg_id:i "
#define QBE_DEVCALLEV QBE_DEVEV "call_call_manager_id:i call_leg_id:i "
#define QBE_CALLEV QBE_LINE "call_call_manager_id:i call_leg_id:i "
#define QBE_PARTYX \
  "unmodified_calling_party:s unmodified_called_party:s unmodified_original_called_party:s " \
  "unmodified_last_redirecting_party:s calling_party_shown:b calling_party_name_shown:b " \
  "called_party_shown:b called_party_name_shown:b original_called_party_shown:b " \
  "original_called_party_name_shown:b last_redirecting_party_shown:b " \
  "last_redirecting_party_name_shown:b unicode_calling_party_name:u unicode_called_party_name:u " \
  "unicode_original_called_party_name:u unicode_last_redirecting_party_name:u calling_party_locale:i " \
  "called_party_locale:i original_called_party_locale:i last_redirecting_party_locale:i " \
  "calling_party_dn_info:party_dn_info called_party_dn_info:party_dn_info " \
  "original_called_party_dn_info:party_dn_info last_redirecting_party_dn_info:party_dn_info "
#define QBE_MMX \
  "calling_party_media_mask:i called_party_media_mask:i " \
  "calling_party_media:device_multi_media_capability called_party_media:device_multi_media_capability " \
  "device_uuid:s peer_uuid:s "
// clang-format on
