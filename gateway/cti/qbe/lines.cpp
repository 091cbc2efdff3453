#include "cti/qbe/lines.hpp"

#include <utility>

#include "base/result.hpp"
#include "cti/qbe/ending.hpp"
#include "cti/qbe/messages.hpp"

/// The lines' half; that of the devices stands in devices.cpp.
namespace linebridge::cti::qbe {
namespace {

using driver::Answered;
using driver::Failure;

}  // namespace

Lines::Line* Lines::line(std::uint64_t id) {
  const auto at = lines_.find(id);
  return at == lines_.end() ? nullptr : &at->second;
}

Lines::Line* Lines::line(driver::LineHandle handle) {
  const auto at = by_handle_.find(handle);
  return at == by_handle_.end() ? nullptr : line(at->second);
}

const std::string* Lines::number(driver::LineHandle handle) const {
  const auto at = by_handle_.find(handle);
  return at == by_handle_.end() ? nullptr : &lines_.at(at->second).what.number;
}

void Lines::start(driver::OperationId operation, const driver::OpenLine& wanted, Turn& turn) {
  const auto known = line_by_key_.find(key_of(wanted));
  if (known == line_by_key_.end()) {
    const std::uint64_t id = ++last_id_;
    Line& fresh = lines_[id];
    fresh.id = id;
    fresh.what = wanted;
    fresh.openers.push_back(operation);
    line_by_key_.emplace(key_of(wanted), id);
    begin(fresh, turn);
    return;
  }
  Line& line = lines_.at(known->second);
  if (line.state != State::open) {
    line.openers.push_back(operation);  // Also while it closes: it is opened anew then.
    return;
  }
  ++line.users;
  turn.events.emplace_back(Answered{operation, driver::LineOpened{line.handle}});
  tell_service(line, false, 0, turn);
}

void Lines::begin(Line& line, Turn& turn) {
  line.state = State::waiting;
  line.deadline = turn.now + answer_within_;
  Device& device = device_for(line);
  device.lines.insert(line.id);
  if (device.state == State::open) request_open(line);
}

void Lines::request_open(Line& line) {
  line.state = State::opening;
  ++opening_;
  Job job{.step = Step::open_line, .entry = line.id, .deadline = line.deadline};
  job.device = line.what.device;
  job.number = line.what.number;
  job.partition = line.what.partition;
  jobs_.add(std::move(job), line.deadline, true);
}

void Lines::replied(const Job& job, const Reply& reply, Turn& turn) {
  switch (job.step) {
    case Step::open_device: return device_opened(job, reply, turn);
    case Step::close_device: return device_gone(job.entry, turn);
    case Step::open_line: return line_opened(job, reply, turn);
    case Step::filter_line: {
      Line* const found = line(job.entry);
      if (found == nullptr || found->state != State::filtering) return;
      if (reply.ok()) return line_filtered(*found, turn);
      // Of use to nobody: what happens to it would never be told, and its user would wait for calls.
      counters_.add(Counter::cti_filters_refused);
      return fail(*found, reply.failure(), turn);
    }
    case Step::close_line:
      if (job.operation.value != 0) turn.events.emplace_back(Answered{job.operation, driver::Completed{}});
      return line_gone(job.entry, job.line, turn);
    default: return;
  }
}

void Lines::expired(const Job& job, Turn& turn) {
  switch (job.step) {
    case Step::open_device:
      if (Device* const found = device(job.entry)) fail(*found, timed_out(job.step), turn);
      return;
    case Step::close_device: return device_gone(job.entry, turn);
    case Step::open_line:
    case Step::filter_line: {
      const State then = job.step == Step::open_line ? State::opening : State::filtering;
      Line* const found = line(job.entry);
      if (found != nullptr && found->state == then) fail(*found, timed_out(job.step), turn);
      if (job.step == Step::open_line) no_longer_opening();
      return;
    }
    case Step::close_line:
      if (job.operation.value != 0) turn.events.emplace_back(Answered{job.operation, timed_out(job.step)});
      return line_gone(job.entry, job.line, turn);
    default: return;
  }
}

void Lines::replied_late(const Job& job, const Reply& reply, Turn& turn) {
  if (!reply.ok()) return;
  if (job.step == Step::open_device) {
    // Unless it was asked for again meanwhile: that request decides.
    constexpr const Layout& r = messages::device_open_response;
    if (!device_by_name_.contains(job.device))
      request_close(Handle{reply.view.number(r["call_manager_id"]), reply.view.number(r["device_id"])}, 0,
                    turn.now);
  } else if (job.step == Step::open_line) {
    constexpr const Layout& r = messages::line_open_response;
    const driver::LineHandle handle{reply.view.number(r["line_call_manager_id"]),
                                    reply.view.number(r["line_id"])};
    if (!line_by_key_.contains({job.device, job.number, job.partition}) && !by_handle_.contains(handle))
      request_close(handle, 0, {}, turn.now);
  }
}

void Lines::line_opened(const Job& job, const Reply& reply, Turn& turn) {
  Line* const found = line(job.entry);
  if (found == nullptr) {
    replied_late(job, reply, turn);  // Its device was closed meanwhile.
    return no_longer_opening();
  }
  constexpr const Layout& r = messages::line_open_response;
  const driver::LineHandle handle{reply.view.number(r["line_call_manager_id"]),
                                  reply.view.number(r["line_id"])};
  if (!reply.ok()) {
    fail(*found, reply.failure(), turn);
  } else if (by_handle_.contains(handle)) {
    fail(*found, {Failure::Kind::refused, error::illegal_handle, "the line's handle is another line's"}, turn);
  } else {
    found->handle = handle;
    found->state = State::filtering;
    by_handle_.emplace(handle, found->id);
    Device& device = devices_.at(found->device);
    if (!std::exchange(device.filtered, true)) {
      Job filter{.step = Step::filter_device, .entry = device.id, .deadline = found->deadline};
      filter.device_handle = device.handle;
      jobs_.add(std::move(filter), found->deadline, true);
    }
    Job filter{.step = Step::filter_line, .entry = found->id, .deadline = found->deadline};
    filter.line = handle;
    jobs_.add(std::move(filter), found->deadline, true);
    for (auto& [owner, event] : std::exchange(strays_, {}))
      line_event(owner, std::move(event), turn);
  }
  no_longer_opening();
}

void Lines::no_longer_opening() {
  if (--opening_ > 0) return;
  counters_.add(Counter::cti_stray_events, strays_.size());
  strays_.clear();
}

void Lines::line_filtered(Line& line, Turn& turn) {
  line.state = State::open;
  line.users = line.openers.size();
  for (const auto operation : std::exchange(line.openers, {}))
    turn.events.emplace_back(Answered{operation, driver::LineOpened{line.handle}});
  tell_service(line, false, 0, turn);
  for (auto& event : std::exchange(line.held, {}))
    turn.events.push_back(std::move(event));
}

void Lines::start(driver::OperationId operation, const driver::CloseLine& wanted, Turn& turn) {
  Line* const found = line(wanted.line);
  if (found == nullptr || found->state != State::open || --found->users > 0) {
    turn.events.emplace_back(Answered{operation, driver::Completed{}});
    return;
  }
  found->state = State::closing;
  request_close(wanted.line, found->id, operation, turn.now);
}

void Lines::request_close(const driver::LineHandle& handle, std::uint64_t entry, driver::OperationId operation,
                          TimePoint now) {
  const TimePoint deadline = now + answer_within_;
  Job job{.step = Step::close_line, .operation = operation, .entry = entry, .deadline = deadline};
  job.line = handle;
  jobs_.add(std::move(job), deadline, true);
}

void Lines::fail(Line& line, const Failure& why, Turn& turn) {
  for (const auto operation : std::exchange(line.openers, {}))
    turn.events.emplace_back(Answered{operation, why});
  if (line.state != State::filtering) return drop(line, turn);
  line.state = State::closing;
  line.held.clear();
  request_close(line.handle, line.id, {}, turn.now);
}

/// The line is closed at the CTI Manager; who waits for it to be open gets it opened anew.
void Lines::line_gone(std::uint64_t id, driver::LineHandle handle, Turn& turn) {
  Line* const found = line(id);
  if (found == nullptr || found->state != State::closing || found->handle != handle) return;
  if (found->openers.empty()) return drop(*found, turn);
  by_handle_.erase(found->handle);
  found->in_service = false;
  found->users = 0;
  begin(*found, turn);
}

void Lines::drop(Line& line, Turn& turn) {
  if (line.state != State::waiting && line.state != State::opening) by_handle_.erase(line.handle);
  line_by_key_.erase(key_of(line.what));
  const std::uint64_t id = line.id, device_id = line.device;
  lines_.erase(id);
  if (Device* const owner = device(device_id)) owner->lines.erase(id);
  close_if_unused(device_id, turn.now);
}

/// The CTI Manager let go of the line.
void Lines::line_closed(Line& line, std::uint32_t reason, Turn& turn) {
  if (line.state == State::open) turn.events.emplace_back(driver::LineClosed{line.handle, reason});
  for (const auto operation : std::exchange(line.openers, {}))
    turn.events.emplace_back(
        Answered{operation, Failure{Failure::Kind::refused, error::invalid_line_handle,
                                    "the line was closed while it opened, reason " + std::to_string(reason)}});
  drop(line, turn);
}

/// The line was taken away and the CTI Manager may not know that we had it open: it is closed there too.
void Lines::take_away(Line& line, std::uint32_t reason, Turn& turn) {
  if (line.state == State::closing) return;  // Told already; who waits for it learns more from opening it.
  if (line.state == State::open || line.state == State::filtering) request_close(line.handle, 0, {}, turn.now);
  line_closed(line, reason, turn);
}

void Lines::line_event(driver::LineHandle handle, driver::Event event, Turn& turn) {
  Line* const found = line(handle);
  if (found == nullptr) {
    if (opening_ > 0 && strays_.size() < most_held)
      strays_.emplace_back(handle, std::move(event));
    else
      counters_.add(Counter::cti_stray_events);
    return;
  }
  if (std::holds_alternative<driver::LineInService>(event)) return set_service(*found, true, 0, turn);
  if (const auto* out = std::get_if<driver::LineOutOfService>(&event))
    return set_service(*found, false, out->reason, turn);
  if (const auto* closed = std::get_if<driver::LineClosed>(&event))
    return found->state == State::closing ? line_gone(found->id, handle, turn)
                                          : line_closed(*found, closed->reason, turn);
  call_event(*found, std::move(event), turn);
}

void Lines::call_event(Line& line, driver::Event event, Turn& turn) {
  if (line.state == State::open) {
    turn.events.push_back(std::move(event));
  } else if (line.state == State::filtering) {
    if (line.held.size() >= most_held)
      return fail(line, {Failure::Kind::refused, error::failure, "too many events while the line opened"},
                  turn);
    line.held.push_back(std::move(event));
  }  // Else nobody wants it any more.
}

bool Lines::in_service(const Line& line) const {
  const auto owner = devices_.find(line.device);
  return line.in_service && owner != devices_.end() && !owner->second.out_of_service;
}

void Lines::set_service(Line& line, bool up, std::uint32_t reason, Turn& turn) {
  const bool before = in_service(line);
  line.in_service = up;
  tell_service(line, before, reason, turn);
}

void Lines::tell_service(const Line& line, bool before, std::uint32_t reason, Turn& turn) {
  const bool now = in_service(line);
  if (line.state != State::open || now == before) return;
  if (now)
    turn.events.emplace_back(driver::LineInService{line.handle});
  else
    turn.events.emplace_back(driver::LineOutOfService{line.handle, reason});
}

}  // namespace linebridge::cti::qbe
