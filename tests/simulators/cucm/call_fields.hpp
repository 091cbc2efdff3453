#pragma once

#include <cstdint>
#include <string>

#include "tests/simulators/cucm/exchange.hpp"
#include "tests/simulators/cucm/fields.hpp"

/// What messages say about calls and their parties.
namespace linebridge::sim::cucm {

inline std::int32_t signed_code(Code code) {
  return static_cast<std::int32_t>(code);
}
template <class Enum>
std::int32_t number_of(Enum value) {
  return static_cast<std::int32_t>(value);
}

/// A text for an 8-bit field: what is not ASCII becomes '?'.
std::string ascii(const std::string& utf8);

/// The event's line and call.
Fields on_line(std::int32_t line_handle);
Fields on_leg(std::int32_t line_handle, LegId leg);
Fields new_call(const Exchange& exchange, const Leg& leg, std::int32_t line_handle);
Fields existing_call(const Exchange& exchange, const Leg& leg, std::int32_t line_handle);
Fields party_info(const Exchange& exchange, const PartiesChanged& change, std::int32_t line_handle);
Fields call_replaced(const CallReplaced& change, std::int32_t line_handle);
Fields feature_step(const FeatureStep& step, std::int32_t line_handle);
Fields conference_changed(const Exchange& exchange, const ConferenceChanged& change, std::int32_t line_handle);
/// Elements CtiCallHandle.
std::vector<Fields> call_handles(const std::vector<LegId>& legs);
/// Parties as CallGetInfo, CallReplaced and the call events name them, all names at once.
void add_parties(Fields& fields, const Leg& leg);

}  // namespace linebridge::sim::cucm
