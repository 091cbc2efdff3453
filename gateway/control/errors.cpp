#include "control/errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace linebridge::control {
namespace {

using model::ErrorCode;
using model::EventCause;
namespace errors = model::errors;

struct CodeRow {
  std::uint16_t code;
  ErrorCode error;
};
/// Low words of the switch's error codes that mean more than "generic". In order of code.
constexpr std::array<CodeRow, 38> code_rows = {{
    {0x0001, errors::generic_resource},        // no answer inside CTI
    {0x0004, errors::invalid_connection_id},   // handle unknown
    {0x0005, errors::invalid_device_id},       // no such line
    {0x0006, errors::invalid_calling_device},  // caller not on this device
    {0x0007, errors::resource_busy},           // call exists already
    {0x0008, errors::resource_busy},           // line control failed
    {0x0009, errors::invalid_connection_state},
    {0x000A, errors::invalid_connection_state},
    {0x000B, errors::invalid_destination},
    {0x000D, errors::invalid_called_state},
    {0x000F, errors::invalid_connection_state},
    {0x0011, errors::invalid_connection_state},
    {0x0017, errors::device_out_of_service},
    {0x0018, errors::privilege_violation},
    {0x001A, errors::device_out_of_service},
    {0x001B, errors::device_out_of_service},
    {0x0022, errors::invalid_device_id},
    {0x0034, errors::invalid_destination},
    {0x003A, errors::invalid_connection_state},
    {0x003F, errors::invalid_called_state},
    {0x0040, errors::called_out_of_service},
    {0x0045, errors::invalid_connection_state},
    {0x0046, errors::conference_full},
    {0x0061, errors::network_out_of_service},
    {0x0065, errors::invalid_device_id},
    {0x006A, errors::invalid_device_id},
    {0x0070, errors::invalid_connection_state},
    {0x0071, errors::invalid_connection_id},
    {0x0076, errors::device_out_of_service},
    {0x0077, errors::device_out_of_service},
    {0x0087, errors::resource_busy},
    {0x0099, errors::service_not_supported},
    {0x00B3, errors::invalid_connection_id},
    {0x00C4, errors::resource_busy},
    {0x00D2, errors::privilege_violation},
    {0x00D3, errors::privilege_violation},
    {0x00D5, errors::privilege_violation},
    {0x00E1, errors::invalid_connection_id},
}};

struct CauseRow {
  std::uint32_t cause;
  EventCause event;
};
constexpr std::array<CauseRow, 22> cause_rows = {{
    {1, EventCause::number_unallocated},
    {3, EventCause::dest_not_obtainable},
    {16, EventCause::normal_clearing},
    {17, EventCause::busy},
    {18, EventCause::call_not_answered},
    {19, EventCause::call_not_answered},
    {20, EventCause::dest_not_obtainable},
    {21, EventCause::blocked},
    {22, EventCause::number_unallocated},
    {27, EventCause::dest_out_of_order},
    {28, EventCause::invalid_number_format},
    {31, EventCause::normal_clearing},
    {34, EventCause::trunks_busy},
    {38, EventCause::network_out_of_order},
    {41, EventCause::network_not_obtainable},
    {42, EventCause::network_congestion},
    {47, EventCause::resources_not_available},
    {57, EventCause::blocked},
    {63, EventCause::resources_not_available},
    {79, EventCause::resources_not_available},
    {125, EventCause::network_congestion},
    {200, EventCause::redirected},
}};

}  // namespace

model::ErrorCode error_of(const cti::driver::Failure& failure) {
  using Kind = cti::driver::Failure::Kind;
  switch (failure.kind) {
    case Kind::timed_out: return errors::generic_resource;
    case Kind::link_lost: return errors::network_out_of_service;
    case Kind::queue_full: return errors::resource_busy;
    case Kind::refused: break;
  }
  const auto low = static_cast<std::uint16_t>(failure.code & 0xFFFF);
  const auto row = std::lower_bound(code_rows.begin(), code_rows.end(), low,
                                    [](const CodeRow& r, std::uint16_t code) { return r.code < code; });
  return row != code_rows.end() && row->code == low ? row->error : errors::generic_operation;
}

std::string words_of(const cti::driver::Failure& failure) {
  using Kind = cti::driver::Failure::Kind;
  switch (failure.kind) {
    case Kind::timed_out: return "the CTI Manager did not answer in time";
    case Kind::link_lost: return "the CTI link is gone";
    case Kind::queue_full: return "too many requests wait on the CTI link";
    case Kind::refused: break;
  }
  std::array<char, 8> hex{};
  const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), failure.code, 16).ptr;
  std::string out = "the CTI Manager refused with 0x" + std::string(hex.data(), end);
  if (!failure.text.empty()) out += " (" + failure.text + ")";
  return out;
}

model::EventCause cause_of(std::uint32_t cause) {
  // Causes that come from SIP carry the Q.850 value in their low bits.
  if (cause > 0x01000000) cause &= 0x7F;
  const auto row = std::lower_bound(cause_rows.begin(), cause_rows.end(), cause,
                                    [](const CauseRow& r, std::uint32_t c) { return r.cause < c; });
  return row != cause_rows.end() && row->cause == cause ? row->event : EventCause::normal_clearing;
}

}  // namespace linebridge::control
