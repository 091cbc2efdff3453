#include <algorithm>
#include <utility>

#include "cti/qbe/ending.hpp"
#include "cti/qbe/lines.hpp"
#include "cti/qbe/messages.hpp"

/// The half of Lines that opens and closes the devices under them.
namespace linebridge::cti::qbe {

using driver::Failure;

Lines::Device* Lines::device(std::uint64_t id) {
  const auto at = devices_.find(id);
  return at == devices_.end() ? nullptr : &at->second;
}

Lines::Device* Lines::device(Handle handle) {
  const auto at = device_by_handle_.find(pair_of(handle));
  return at == device_by_handle_.end() ? nullptr : device(at->second);
}

const Lines::Device* Lines::device_under(driver::LineHandle handle) const {
  const auto at = by_handle_.find(handle);
  if (at == by_handle_.end()) return nullptr;
  const auto owner = devices_.find(lines_.at(at->second).device);
  return owner == devices_.end() ? nullptr : &owner->second;
}

Handle Lines::device_of(driver::LineHandle handle) const {
  const Device* const found = device_under(handle);
  return found == nullptr ? Handle{} : found->handle;
}

std::optional<bool> Lines::do_not_disturb(driver::LineHandle handle) const {
  const Device* const found = device_under(handle);
  return found == nullptr ? std::nullopt : found->do_not_disturb;
}

/// The line's device; one not known yet is asked for.
Lines::Device& Lines::device_for(Line& line) {
  const auto known = device_by_name_.find(line.what.device);
  if (known != device_by_name_.end()) {
    line.device = known->second;
    return devices_.at(known->second);
  }
  const std::uint64_t id = ++last_id_;
  Device& fresh = devices_[id];
  fresh.id = id;
  fresh.name = line.what.device;
  device_by_name_.emplace(fresh.name, id);
  line.device = id;
  request_open(fresh, line.deadline);
  return fresh;
}

void Lines::request_open(Device& device, TimePoint deadline) {
  device.state = State::opening;
  Job job{.step = Step::open_device, .entry = device.id, .deadline = deadline};
  job.device = device.name;
  jobs_.add(std::move(job), deadline, false);
}

void Lines::request_close(Handle handle, std::uint64_t entry, TimePoint now) {
  const TimePoint deadline = now + answer_within_;
  Job job{.step = Step::close_device, .entry = entry, .deadline = deadline};
  job.device_handle = handle;
  jobs_.add(std::move(job), deadline, true);
}

void Lines::device_opened(const Job& job, const Reply& reply, Turn& turn) {
  Device* const found = device(job.entry);
  if (found == nullptr) return replied_late(job, reply, turn);
  if (!reply.ok()) return fail(*found, reply.failure(), turn);
  constexpr const Layout& r = messages::device_open_response;
  found->handle = {reply.view.number(r["call_manager_id"]), reply.view.number(r["device_id"])};
  found->state = State::open;
  found->filtered = false;
  const auto told =
      std::find_if(early_.begin(), early_.end(), [&](const Early& one) { return one.handle == found->handle; });
  found->out_of_service = told != early_.end() && told->out_of_service.value_or(false);
  found->do_not_disturb = told != early_.end() ? told->do_not_disturb : std::nullopt;
  if (told != early_.end()) early_.erase(told);
  device_by_handle_[pair_of(found->handle)] = found->id;
  for (const std::uint64_t id : found->lines)
    request_open(lines_.at(id));
  close_if_unused(found->id, turn.now);
}

void Lines::close_if_unused(std::uint64_t device_id, TimePoint now) {
  Device* const found = device(device_id);
  if (found == nullptr || found->state != State::open || !found->lines.empty()) return;
  found->state = State::closing;
  request_close(found->handle, found->id, now);
}

/// The device is closed at the CTI Manager; lines that wait for it to be open get it opened anew.
void Lines::device_gone(std::uint64_t id, Turn& turn) {
  Device* const found = device(id);
  if (found == nullptr || found->state != State::closing) return;
  if (found->lines.empty()) return erase(*found);
  device_by_handle_.erase(pair_of(found->handle));
  request_open(*found, turn.now + answer_within_);
}

void Lines::fail(Device& device, const Failure& why, Turn& turn) {
  const std::uint64_t id = device.id;
  for (const std::uint64_t line_id : std::set(device.lines))
    fail(lines_.at(line_id), why, turn);
  erase(devices_.at(id));
}

void Lines::erase(Device& device) {
  const auto by_handle = device_by_handle_.find(pair_of(device.handle));
  if (by_handle != device_by_handle_.end() && by_handle->second == device.id)
    device_by_handle_.erase(by_handle);
  device_by_name_.erase(device.name);
  devices_.erase(device.id);
}

/// Where to note what is told of a handle that no device has yet; null: none can get it.
Lines::Early* Lines::early(Handle handle) {
  constexpr std::size_t most = 64;
  const auto opens = [](const auto& entry) { return entry.second.state == State::opening; };
  if (std::none_of(devices_.begin(), devices_.end(), opens)) return nullptr;
  for (auto& one : early_)
    if (one.handle == handle) return &one;
  if (early_.size() >= most) early_.pop_front();
  return &early_.emplace_back(Early{handle, std::nullopt, std::nullopt});
}

void Lines::device_service(Handle handle, bool up, std::uint32_t reason, Turn& turn) {
  Device* const found = device(handle);
  if (found == nullptr) {
    if (Early* const place = early(handle)) place->out_of_service = !up;
    return;
  }
  std::vector<std::pair<const Line*, bool>> before;
  for (const std::uint64_t id : found->lines)
    before.emplace_back(line(id), in_service(lines_.at(id)));
  found->out_of_service = !up;
  for (const auto& [line, was] : before)
    tell_service(*line, was, reason, turn);
}

void Lines::do_not_disturb_is(Handle handle, bool on, Turn& turn) {
  Device* const found = device(handle);
  if (found == nullptr) {
    if (Early* const place = early(handle)) place->do_not_disturb = on;
    return;
  }
  // What was never told is off until now: nobody was told otherwise.
  const bool before = std::exchange(found->do_not_disturb, on).value_or(false);
  if (before == on) return;
  for (const std::uint64_t id : std::set(found->lines)) {
    Line& each = lines_.at(id);
    call_event(each, driver::DoNotDisturbChanged{each.handle, on}, turn);
  }
}

void Lines::device_closed(Handle handle, std::uint32_t reason, Turn& turn) {
  Device* const found = device(handle);
  if (found == nullptr) return;
  const std::uint64_t id = found->id;
  found->state = State::closing;  // So that the last line does not ask for it to be closed.
  for (const std::uint64_t line_id : std::set(found->lines))
    line_closed(lines_.at(line_id), reason, turn);
  erase(devices_.at(id));
}

void Lines::device_taken(std::string_view name, std::uint32_t reason, Turn& turn) {
  const auto at = device_by_name_.find(name);
  if (at == device_by_name_.end()) return;
  const auto lines = devices_.at(at->second).lines;  // A copy: they go one by one, the device with the last.
  for (const std::uint64_t id : lines)
    take_away(lines_.at(id), reason, turn);
}

void Lines::device_listed(std::string_view name, const Inventory& inventory, Turn& turn) {
  constexpr std::uint32_t undefined_line = 4;
  const auto at = device_by_name_.find(name);
  if (at == device_by_name_.end()) return;
  const auto lines = devices_.at(at->second).lines;
  for (const std::uint64_t id : lines) {
    Line& each = lines_.at(id);
    if (!inventory.lists(each.what.device, each.what.number, each.what.partition))
      take_away(each, undefined_line, turn);
  }
}

}  // namespace linebridge::cti::qbe
