#include "tests/simulators/cucm/device_fields.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/models.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t lines_in_one_event = 4;
constexpr std::int32_t unicode = 3, controllable = 1;
// Which parts an event has.
constexpr std::int32_t with_static = 1, with_dynamic = 2, with_registration = 4, with_lines = 8;

Fields dynamic_info(const Phone& phone) {
  return {{"locale", 1},
          {"DNDOption", number_of(phone.dnd_option)},
          {"EMLoginAllowed", phone.spec.extension_mobility},
          {"deviceRestricted", phone.spec.restricted}};
}

Fields registration_info(const std::string& login_user) {
  return {{"unicodeLoginUserID", login_user}, {"encodingType", unicode}, {"CtiControllable", controllable}};
}

std::vector<Fields> lines_of(const Exchange& exchange, const ListedPart& part) {
  std::vector<Fields> listed;
  for (const AppearanceId line : part.lines)
    listed.push_back(line_info(exchange, line));
  return listed;
}

}  // namespace

Fields device_info(const Exchange& exchange, PhoneId phone) {
  const Phone& one = exchange.phones()[phone];
  return {{"name", one.spec.name},
          {"type", one.spec.type},
          {"allowsRegistration", is_application_device(one.spec.type)},
          {"deviceID", number_of(phone) + 1},
          {"locale", 1},
          {"protocol", one.spec.protocol},
          {"isRestricted", one.spec.restricted},
          {"devTypeName", one.spec.model},
          {"dndOption", number_of(one.dnd_option)}};
}

Fields line_info(const Exchange& exchange, AppearanceId line) {
  const Appearance& appearance = exchange.lines()[line];
  const LineSpec& spec = appearance.spec;
  return {{"name", spec.number},
          {"displayName", ascii(spec.display)},
          {"permanentLineID", number_of(line) + 1},
          {"maxNumberOfCalls", spec.max_calls},
          {"lineInstance", appearance.instance},
          {"busyTrigger", spec.busy_trigger},
          {"unicodeDisplayName", spec.display},
          {"partition", spec.partition},
          {"isRestricted", spec.restricted},
          {"asciiLabel", spec.number},
          {"unicodeLabel", spec.number}};
}

std::vector<ListedPart> listed_parts(const Phone& phone) {
  std::vector<ListedPart> parts(1);
  for (const AppearanceId line : phone.lines) {
    if (parts.back().lines.size() == lines_in_one_event) {
      parts.back().more = true;
      parts.push_back({{}, false, false});
    }
    parts.back().lines.push_back(line);
  }
  return parts;
}

Fields device_line_info(const Exchange& exchange, PhoneId phone, const ListedPart& part, std::int32_t control) {
  const Phone& one = exchange.phones()[phone];
  Fields fields = {
      {"deviceName", one.spec.name},
      {"deviceRegistrationStatus", one.registered ? 1 : 2},
      {"controlModeBitMap", control},
      {"eventContent", part.first ? with_static + with_dynamic + with_registration + with_lines : with_lines},
      {"totalLines", number_of(one.lines.size())},
      {"moreLines", part.more}};
  if (part.first) {
    fields.set("deviceInfoStatic", Fields{{"deviceType", one.spec.type},
                                          {"deviceTypeName", one.spec.model},
                                          {"deviceId", number_of(phone) + 1},
                                          {"protocol", one.spec.protocol}});
    fields.set("deviceInfoDynamic", dynamic_info(one));
    fields.set("deviceRegistrationInfo", registration_info(one.login_user));
  }
  fields.set("lineInfo", lines_of(exchange, part));
  return fields;
}

Fields registered_with_lines(const Exchange& exchange, const RegistrationChanged& change,
                             const ListedPart& part, std::int32_t control) {
  const Phone& one = exchange.phones()[change.phone];
  Fields fields = {{"deviceName", one.spec.name},
                   {"controlModeBitMap", control},
                   {"registerReason", number_of(change.reason)},
                   {"eventContent", part.first ? with_dynamic + with_registration + with_lines : with_lines},
                   {"totalLines", number_of(one.lines.size())},
                   {"moreLines", part.more},
                   {"protocol", one.spec.protocol}};
  if (part.first) {
    fields.set("deviceInfoDynamic", dynamic_info(one));
    fields.set("deviceRegistrationInfo", registration_info(change.login_user));
  }
  fields.set("lineInfo", lines_of(exchange, part));
  return fields;
}

Fields registered(const Exchange& exchange, const RegistrationChanged& change, std::int32_t control) {
  const Phone& one = exchange.phones()[change.phone];
  return {{"deviceInfo", device_info(exchange, change.phone)},
          {"loginAllowed", one.spec.extension_mobility},
          {"loginUserID", change.login_user},
          {"controllable", true},
          {"reason", number_of(change.reason)},
          {"unicodeEnabled", unicode},
          {"ctiControl", controllable},
          {"deviceControlFlagBitMask", control}};
}

Fields unregistered(const Exchange& exchange, const RegistrationChanged& change, std::int32_t control) {
  return {{"deviceInfo", device_info(exchange, change.phone)},
          {"loginUserID", change.login_user},
          {"controllable", true},
          {"reason", number_of(change.reason)},
          {"deviceControlFlagBitMask", control}};
}

}  // namespace linebridge::sim::cucm
