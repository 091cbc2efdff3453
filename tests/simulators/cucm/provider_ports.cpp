#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/device_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/models.hpp"
#include "tests/simulators/cucm/provider.hpp"

// CTI ports and route points, which an application registers instead of a phone, and settings of lines that
// matter for them.
namespace linebridge::sim::cucm {
namespace {

// How an application handles the audio of a device that it registers.
enum Media : std::int32_t { static_port = 1, dynamic_port = 2, exclusive = 3, call_manager_media = 4 };

}  // namespace

void Provider::on_register_device(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  if (!is_application_device(shared_.exchange.phones()[phone].spec.type)) return refuse(code::media_on_phone);
  if (!may_open(phone, request)) return;
  const Code code = register_media(phone, request.number("mediaRegistrationType"));
  if (code != code::ok) return refuse(code);
  const std::int32_t handle = keep_open(phone, request.element("filter"));
  devices_.at(handle).registers = true;
  respond({{"callManagerID", cluster_node},
           {"deviceID", handle},
           {"deviceInfo", device_info(shared_.exchange, phone)}});
  if (shared_.exchange.phones()[phone].registered) return device_in_service(handle, devices_.at(handle));
  shared_.exchange.set_registered(phone, true);
}

/// Several applications may register a device, if each of them says anew with every call where the audio goes.
Code Provider::register_media(PhoneId phone, std::int32_t media_type) {
  if (media_type < static_port || media_type > call_manager_media) return code::invalid_parameter;
  Shared::Registration& registration = shared_.registrations[phone];
  if (registration.count > 0 && registration.media_type != media_type) return code::media_type_mismatch;
  if (registration.count > 0 && media_type != dynamic_port) return code::registered_by_another;
  registration.media_type = media_type;
  ++registration.count;
  return code::ok;
}

void Provider::unregister_media(PhoneId phone) {
  if (--shared_.registrations[phone].count > 0) return;
  shared_.registrations.erase(phone);
  if (!shared_.exchange.phones()[phone].deleted) shared_.exchange.set_registered(phone, false);
}

void Provider::on_set_ringer(const Fields& request) {
  constexpr std::int32_t last_status = 2;  // 0 as configured, 1 off, 2 on
  if (!line(request)) return;
  const std::int32_t status = request.number("ringerStatus");
  if (status < 0 || status > last_status) return refuse(code::invalid_ring_option);
  respond(on_line(request.number("lineID")));
}

void Provider::on_set_auto_accept(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  const std::int32_t status = request.number("autoAcceptStatus");
  if (status != 0 && status != 1) return refuse(code::invalid_parameter);
  respond(on_line(request.number("lineID")).set("autoAcceptStatus", status));
  shared_.exchange.set_auto_accept(opened->line, status == 1);
}

}  // namespace linebridge::sim::cucm
