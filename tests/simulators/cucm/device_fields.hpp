#pragma once

#include <cstdint>
#include <vector>

#include "tests/simulators/cucm/exchange.hpp"
#include "tests/simulators/cucm/fields.hpp"

/// What messages say about phones and lines.
namespace linebridge::sim::cucm {

/// Element DeviceInfo.
Fields device_info(const Exchange& exchange, PhoneId phone);
/// Element LineInfo.
Fields line_info(const Exchange& exchange, AppearanceId line);

/// One of the events that list a phone with its lines.
struct ListedPart {
  std::vector<AppearanceId> lines;
  bool first = true, more = false;
};
/// The lines of a phone as the parts that fit into an event each; one part at least.
std::vector<ListedPart> listed_parts(const Phone& phone);
/// DeviceLineInfoEvent without its request. `control`: why the application may control the phone.
Fields device_line_info(const Exchange& exchange, PhoneId phone, const ListedPart& part, std::int32_t control);
/// DeviceRegisteredEventWithLineInfo.
Fields registered_with_lines(const Exchange& exchange, const RegistrationChanged& change,
                             const ListedPart& part, std::int32_t control);
/// DeviceRegisteredEvent.
Fields registered(const Exchange& exchange, const RegistrationChanged& change, std::int32_t control);
/// DeviceUnregisteredEvent.
Fields unregistered(const Exchange& exchange, const RegistrationChanged& change, std::int32_t control);

}  // namespace linebridge::sim::cucm
