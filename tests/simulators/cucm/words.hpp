#pragma once

#include <cstdint>
#include <string_view>

/// Numbers that CTI Managers and their clients mean the same by.
namespace linebridge::sim::cucm {

enum class LegState : std::int32_t {
  idle = 1,
  offering = 2,
  accepted = 3,
  dialtone = 4,
  dialing = 5,
  ringback = 6,
  busy = 7,
  connected = 8,
  proceeding = 9,
  on_hold = 10,
  disconnected = 14,
};
std::string_view state_name(LegState state);
inline bool is_ringing(LegState state) {
  return state == LegState::offering || state == LegState::accepted;
}

enum class LegOrigin : std::int32_t {
  inbound_internal = 1,
  inbound_external = 3,
  outbound = 4,
  outbound_conference = 6,
  outbound_transfer = 7,
};
inline bool is_outbound(LegOrigin origin) {
  return origin >= LegOrigin::outbound;
}

enum class LegReason : std::int32_t {
  direct = 1,
  transferred = 2,
  forward_no_answer = 3,
  forward_busy = 4,
  forward_all = 5,
  redirect = 6,
  blind_transfer = 7,
  conference = 9,
  park = 10,
  park_reminder = 15,
  unpark = 16,
};

/// Q.850 cause values, where the switch uses them; large ones are the switch's own.
enum class LegCause : std::int32_t {
  none = 0,
  unallocated = 1,
  normal = 16,
  busy = 17,
  no_answer = 19,
  rejected = 21,
  out_of_order = 27,  ///< Also a phone that is not registered: "subscriber absent" (20) is for mobiles.
  dropped_from_conference = 0x70000,
};

/// A CTI result: 0, or an error of the switch.
using Code = std::uint32_t;
namespace code {
inline constexpr Code ok = 0;
inline constexpr Code illegal_handle = 0x8CCC0004;
inline constexpr Code undefined_line = 0x8CCC0005;
inline constexpr Code illegal_calling_party = 0x8CCC0006;
inline constexpr Code call_already_exists = 0x8CCC0007;
inline constexpr Code illegal_call_state = 0x8CCC0009;
inline constexpr Code not_incoming_call = 0x8CCC000A;
inline constexpr Code transfer_unallocated = 0x8CCC000B;
inline constexpr Code transfer_busy = 0x8CCC000D;
inline constexpr Code transfer_failed = 0x8CCC000E;
inline constexpr Code hold_failed = 0x8CCC000F;
inline constexpr Code retrieve_failed = 0x8CCC0011;
inline constexpr Code access_denied = 0x8CCC0018;
inline constexpr Code unknown_global_handle = 0x8CCC0019;
inline constexpr Code device_not_open = 0x8CCC001A;
inline constexpr Code invalid_device_name = 0x8CCC0022;
inline constexpr Code redirect_unknown_destination = 0x8CCC0034;
inline constexpr Code redirect_wrong_state = 0x8CCC003A;
inline constexpr Code redirect_destination_busy = 0x8CCC003F;
inline constexpr Code redirect_out_of_order = 0x8CCC0040;
inline constexpr Code conference_full = 0x8CCC0046;
inline constexpr Code consult_outstanding = 0x8CCC0048;
inline constexpr Code incompatible_version = 0x8CCC0050;
inline constexpr Code unrecognizable_pdu = 0x8CCC0051;
inline constexpr Code illegal_format = 0x8CCC0052;
inline constexpr Code invalid_filter_size = 0x8CCC0057;
inline constexpr Code no_cti_group = 0x8CCC005F;
inline constexpr Code login_failed = 0x8CCC0060;
inline constexpr Code provider_not_open = 0x8CCC0061;
inline constexpr Code provider_already_open = 0x8CCC0062;
inline constexpr Code dtmf_wrong_state = 0x8CCC0068;
inline constexpr Code retrieve_active_call = 0x8CCC0070;
inline constexpr Code invalid_line_handle = 0x8CCC0071;
inline constexpr Code bad_forward_destination = 0x8CCC0074;
inline constexpr Code line_out_of_service = 0x8CCC0076;
inline constexpr Code bad_lamp_destination = 0x8CCC0078;
inline constexpr Code conference_failed = 0x8CCC007A;
inline constexpr Code conference_bad_participant = 0x8CCC007B;
inline constexpr Code unpark_failed = 0x8CCC0081;
inline constexpr Code invalid_park_number = 0x8CCC0082;
inline constexpr Code no_park_number = 0x8CCC0085;
inline constexpr Code invalid_digits = 0x8CCC0097;
inline constexpr Code conference_inactive = 0x8CCC007D;
inline constexpr Code not_implemented = 0x8CCC0099;
inline constexpr Code not_allowed = 0x8CCC009D;
inline constexpr Code device_already_open = 0x8CCC00A0;
inline constexpr Code call_limit = 0x8CCC00C4;
inline constexpr Code forward_type = 0x8CCC00C9;
inline constexpr Code device_restricted = 0x8CCC00D2;
inline constexpr Code line_restricted = 0x8CCC00D3;
inline constexpr Code drop_party_failed = 0x8CCC00F8;
inline constexpr Code line_already_open = 0x8CCC0114;
inline constexpr Code invalid_tone = 0x8CCC0115;
inline constexpr Code invalid_authentication = 0x8CCC011A;
// Of the provider: users, devices, enumeration.
inline constexpr Code registered_by_another = 0x8CCC0013;
inline constexpr Code media_on_phone = 0x8CCC0016;
inline constexpr Code invalid_ring_option = 0x8CCC0020;
inline constexpr Code most_connections = 0x8CCC0047;
inline constexpr Code directory_down = 0x8CCC005E;
inline constexpr Code directory_timeout = 0x8CCC0075;
inline constexpr Code media_type_mismatch = 0x8CCC0091;
inline constexpr Code resource_not_available = 0x8CCC00B0;
inline constexpr Code invalid_parameter = 0x8CCC00B4;
inline constexpr Code device_not_acquired = 0x8CCC00D5;
inline constexpr Code password_expired = 0x8CCC011D;
inline constexpr Code password_expired_for_good = 0x8CCC011E;
inline constexpr Code account_locked = 0x8CCC011F;
inline constexpr Code account_disabled = 0x8CCC0145;
}  // namespace code

}  // namespace linebridge::sim::cucm
