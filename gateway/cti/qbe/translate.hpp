#pragma once

#include <string>

#include "cti/driver/driver.hpp"
#include "cti/qbe/view.hpp"

/// Messages about calls in the words of the driver.
namespace linebridge::cti::qbe {

driver::CallState call_state(std::uint32_t state);
driver::NewCall new_call(const View& event);
driver::NewCall existing_call(const View& event);
driver::CallStateChanged call_state_changed(const View& event);
driver::PartiesChanged parties_changed(const View& event);
driver::GlobalCallChanged global_call_changed(const View& event);
/// CallClosedEvent: the call is gone without a word of its own.
driver::CallStateChanged call_closed(const View& event);

driver::TransferStarted transfer_started(const View& event);
driver::TransferEnded transfer_ended(const View& event);
driver::ConferenceStarted conference_started(const View& event);
driver::ConferenceEnded conference_ended(const View& event);
driver::ConferenceChanged conference_changed(const View& event);

driver::ForwardingChanged forwarding_changed(const View& event);
/// The destination of all calls in a list of CtiCallForwardInformation; empty: not forwarded.
std::string forwarded_to(const Elements& list);

/// Of any event of a line.
driver::LineHandle line_of(const View& event);
/// Of events that begin with the line and the call leg (all but new and existing calls).
driver::LegHandle leg_of(const View& event);

}  // namespace linebridge::cti::qbe
