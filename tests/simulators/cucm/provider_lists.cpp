#include <utility>

#include "tests/simulators/cucm/device_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/models.hpp"
#include "tests/simulators/cucm/provider.hpp"

// How an application learns which devices and lines there are: all at once by events, or in parts by handles,
// as older ones do.
namespace linebridge::sim::cucm {
namespace {

enum Group : std::int32_t { controlled = 1, registerable = 2, hotelled = 3, monitored = 4 };

}  // namespace

void Provider::list(PhoneId phone, std::int32_t request) {
  for (const ListedPart& part : listed_parts(shared_.exchange.phones()[phone])) {
    Fields fields = device_line_info(shared_.exchange, phone, part, control_[phone]);
    send(id::device_line_info, std::move(fields.set("requestId", request)));
  }
}

void Provider::on_list_all(const Fields&) {
  respond();
  for (PhoneId phone = 0; phone < control_.size(); ++phone) {
    if (may_control(phone)) list(phone, seq_);
  }
  send(id::all_devices_completed, {{"requestId", seq_}, {"result", 0}});
}

Code Provider::device_named(std::string_view name, PhoneId& phone) const {
  const auto found = shared_.exchange.phone(name);
  if (!found) return code::invalid_device_name;
  phone = *found;
  return may_control(phone) ? code::ok : code::access_denied;
}

void Provider::on_list_one(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  respond();
  list(phone, seq_);
  send(id::single_device_completed, {{"requestId", seq_}, {"result", 0}});
}

void Provider::on_device_info(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  respond({{"info", device_info(shared_.exchange, phone)}, {"deviceControlFlagBitMask", control_[phone]}});
}

bool Provider::is_in_group(PhoneId phone, std::int32_t group) const {
  const std::int32_t mask = control_[phone];
  if (group == hotelled) return (mask & (control_by::user_logged_in | control_by::profile_logged_in)) != 0;
  if (group == registerable && !is_application_device(shared_.exchange.phones()[phone].spec.type)) return false;
  return mask != 0 && group != monitored;
}

void Provider::answer_list(std::optional<std::int32_t> handle) {
  handle ? respond({{"enumerationHandle", *handle}}) : refuse(code::resource_not_available);
}

void Provider::on_get_devices(const Fields& request) {
  const std::int32_t group = request.number("deviceGroup");
  if (group < controlled || group > monitored) return refuse(code::invalid_parameter);
  std::vector<std::size_t> listed;
  for (PhoneId phone = 0; phone < control_.size(); ++phone) {
    if (is_in_group(phone, group)) listed.push_back(phone);
  }
  answer_list(device_lists_.open(std::move(listed)));
}

void Provider::on_fetch_devices(const Fields& request) {
  const std::int32_t count = request.number("count");
  if (count <= 0) return refuse(code::invalid_parameter);
  const auto part = device_lists_.fetch(request.number("enumerationHandle"), count);
  if (!part) return refuse(code::illegal_handle);
  std::vector<Fields> devices;
  std::vector<std::int32_t> masks;
  for (const PhoneId phone : part->items) {
    if (!may_control(phone)) continue;  // It went since the list was made.
    devices.push_back(device_info(shared_.exchange, phone));
    masks.push_back(control_[phone]);
  }
  respond({{"info", std::move(devices)}, {"more", part->more}, {"deviceControlFlagBitMask", std::move(masks)}});
}

void Provider::on_close_devices(const Fields& request) {
  const bool closed = device_lists_.close(request.number("enumerationHandle"));
  respond_or_refuse(closed ? code::ok : code::illegal_handle);
}

void Provider::on_get_lines(const Fields& request) {
  PhoneId phone = 0;
  if (const Code code = device_named(request.text("deviceName"), phone); code != code::ok) return refuse(code);
  answer_list(line_lists_.open(shared_.exchange.phones()[phone].lines));
}

void Provider::on_fetch_lines(const Fields& request) {
  const std::int32_t count = request.number("count");
  if (count <= 0) return refuse(code::invalid_parameter);
  const auto part = line_lists_.fetch(request.number("enumerationHandle"), count);
  if (!part) return refuse(code::illegal_handle);
  std::vector<Fields> lines;
  for (const AppearanceId line : part->items) {
    if (shared_.exchange.lines()[line].attached) lines.push_back(line_info(shared_.exchange, line));
  }
  respond({{"info", std::move(lines)}, {"more", part->more}});
}

void Provider::on_close_lines(const Fields& request) {
  const bool closed = line_lists_.close(request.number("enumerationHandle"));
  respond_or_refuse(closed ? code::ok : code::illegal_handle);
}

}  // namespace linebridge::sim::cucm
