#include "cti/qbe/inventory.hpp"

#include <algorithm>

#include "cti/qbe/messages.hpp"

namespace linebridge::cti::qbe {
namespace {

namespace m = messages;

/// Which parts of a device an event brings.
enum Content : std::uint32_t { fixed_part = 1, changing_part = 2, registration_part = 4, lines_part = 8 };
constexpr std::uint32_t registered_now = 1, uncontrollable = 2, type_ip_communicator = 30016;

bool is_ip_communicator(std::uint32_t type, std::string_view model) {
  return type == type_ip_communicator || model.find("IP Communicator") != std::string_view::npos;
}

/// Restricted devices, and those the CTI Manager calls uncontrollable.
bool restricted_by(const View& changing, const View& registration) {
  return changing.flag(elements::device_info_dynamic["device_restricted"]) ||
         registration.number(elements::device_registration_info["cti_controllable"]) == uncontrollable;
}

}  // namespace

Inventory::Devices::iterator Inventory::device(std::string_view name) {
  const auto known = devices_.find(name);
  if (known != devices_.end()) return known;
  const auto added = devices_.emplace(name, Device{}).first;
  added->second.order = next_order_++;
  return added;
}

void Inventory::forget_lines(Devices::iterator device) {
  for (const Line& line : device->second.lines) {
    const auto carriers = carriers_.find(line.number);
    if (carriers == carriers_.end()) continue;
    carriers->second.erase(device->second.order);
    if (carriers->second.empty()) carriers_.erase(carriers);
  }
  lines_ -= device->second.lines.size();
  device->second.lines.clear();
}

void Inventory::set_lines(Devices::iterator device, const Elements& list, bool more) {
  if (!device->second.more_lines) forget_lines(device);
  device->second.more_lines = more;
  constexpr const Layout& info = elements::line_info;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Line line{std::string(list[i].text(info["name"])), std::string(list[i].text(info["partition"])),
              list[i].flag(info["is_restricted"])};
    if (line.number.empty()) continue;
    carriers_[line.number].emplace(device->second.order, &*device);
    device->second.lines.push_back(std::move(line));
    ++lines_;
  }
}

void Inventory::device_listed(const View& event) {
  constexpr const Layout& e = m::device_line_info_event;
  const std::uint32_t content = event.number(e["event_content"]);
  const std::string_view name = event.text(e["device_name"]);
  if (content == 0 || name.empty()) return;
  const auto at = device(name);
  Device& known = at->second;
  if (content != lines_part) {  // Else it only goes on with the lines.
    known.registered = event.number(e["device_registration_status"]) == registered_now;
  }
  if (content & fixed_part) {
    known.more_lines = false;  // A device from its beginning.
    const View part = event.element(e["device_info_static"]);
    known.model = part.text(elements::device_info_static["device_type_name"]);
    known.ip_communicator =
        is_ip_communicator(part.number(elements::device_info_static["device_type"]), known.model);
  }
  if (content & (changing_part | registration_part))
    known.restricted =
        restricted_by(event.element(e["device_info_dynamic"]), event.element(e["device_registration_info"]));
  if (content & lines_part) set_lines(at, event.elements(e["line_info"]), event.flag(e["more_lines"]));
}

void Inventory::device_registered_with_lines(const View& event) {
  constexpr const Layout& e = m::device_registered_event_with_line_info;
  const std::string_view name = event.text(e["device_name"]);
  if (name.empty()) return;
  const auto at = device(name);
  at->second.registered = true;
  const std::uint32_t content = event.number(e["event_content"]);
  if (content & (changing_part | registration_part))
    at->second.restricted =
        restricted_by(event.element(e["device_info_dynamic"]), event.element(e["device_registration_info"]));
  if (content & lines_part) set_lines(at, event.elements(e["line_info"]), event.flag(e["more_lines"]));
}

void Inventory::device_described(const View& info) {
  constexpr const Layout& i = elements::device_info;
  const std::string_view name = info.text(i["name"]);
  if (name.empty()) return;
  const bool fresh = !devices_.contains(name);
  Device& known = device(name)->second;
  if (fresh) known.registered = true;
  known.model = info.text(i["dev_type_name"]);
  known.ip_communicator = is_ip_communicator(info.number(i["type"]), known.model);
  known.restricted = info.flag(i["is_restricted"]);
}

void Inventory::lines_begin(std::string_view name) {
  const auto at = devices_.find(name);
  if (at != devices_.end()) at->second.more_lines = false;
}

void Inventory::lines_listed(std::string_view name, const Elements& lines, bool more) {
  const auto at = devices_.find(name);
  if (at != devices_.end()) set_lines(at, lines, more);
}

bool Inventory::lists(std::string_view name, std::string_view number, std::string_view partition) const {
  const auto at = devices_.find(name);
  if (at == devices_.end()) return false;
  const auto& lines = at->second.lines;
  return std::any_of(lines.begin(), lines.end(),
                     [&](const Line& line) { return line.number == number && line.partition == partition; });
}

void Inventory::device_registered(const View& info, bool registered) {
  const auto at = devices_.find(info.text(elements::device_info["name"]));
  if (at == devices_.end()) return;  // Its lines are not known: a fetch of the device brings both.
  at->second.registered = registered;
}

void Inventory::device_removed(std::string_view name) {
  const auto at = devices_.find(name);
  if (at == devices_.end()) return;
  forget_lines(at);
  devices_.erase(at);
}

std::vector<driver::Appearance> Inventory::appearances(std::string_view number) const {
  std::vector<driver::Appearance> out;
  const auto carriers = carriers_.find(number);
  if (carriers == carriers_.end()) return out;
  for (const auto& [order, entry] : carriers->second) {
    const auto& [name, device] = *entry;
    for (const Line& line : device.lines)
      if (line.number == number)
        out.push_back({name, line.number, line.partition, device.model, device.registered,
                       device.restricted || line.restricted, device.ip_communicator});
  }
  return out;
}

}  // namespace linebridge::cti::qbe
