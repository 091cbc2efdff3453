#include "cti/qbe/census.hpp"

#include <utility>

#include "cti/qbe/messages.hpp"

/// What is asked for and why; how lists in single steps are read stands in census_steps.cpp.
namespace linebridge::cti::qbe {
namespace {

namespace m = messages;
using driver::Answered;

constexpr std::uint32_t device_removed = 5;  ///< As a reason of a closed line.

}  // namespace

void Census::want(std::string_view device, Wanted wanted) {
  if (device.empty()) return;
  const auto known = wanted_.find(device);
  if (known != wanted_.end()) {
    known->second.only_unknown = known->second.only_unknown && wanted.only_unknown;
    known->second.described = known->second.described && wanted.described;
    return;
  }
  if (wanted_.size() >= most_wanted) return counters_.add(Counter::cti_changes_dropped);
  wanted_.emplace(device, wanted);
  order_.emplace_back(device);
}

void Census::pump(TimePoint now) {
  while (!order_.empty() && active_ < most_at_once) {
    const std::string device = std::move(order_.front());
    order_.pop_front();
    const Wanted wanted = wanted_.extract(device).mapped();
    if (!wanted.only_unknown || !inventory_.knows(device)) begin(device, wanted, now);
  }
  all_told();
}

void Census::begin(const std::string& device, const Wanted& wanted, TimePoint now) {
  ++active_;
  Job job;
  job.device = device;
  job.tries = wanted.tries;
  const Step whole = in_steps_ ? Step::describe_device : Step::fetch_device;
  add(std::move(job), wanted.described ? Step::list_lines : whole, now);
}

/// Steps of an operation share its deadline, others have each their own.
void Census::add(Job job, Step step, TimePoint now) {
  job.step = step;
  const bool asked = job.operation.value != 0;
  if (!asked) job.deadline = now + answer_within_;
  job.listed = false;
  const TimePoint deadline = job.deadline;
  jobs_.add(std::move(job), deadline, asked && step != Step::acquire_device && step != Step::release_device);
}

void Census::ask_again(const Job& job, Step step, TimePoint now) {
  add(job, step, now);
}

void Census::removed(std::string_view device, std::uint32_t reason, Turn& turn) {
  inventory_.device_removed(device);
  lines_.device_taken(device, reason, turn);
}

void Census::listed(const View& event) {
  inventory_.device_listed(event);
  Job* const job = jobs_.find(event.number(m::device_line_info_event["request_id"]));
  if (job != nullptr && job->step == Step::fetch_device) job->listed = true;
}

void Census::de_acquired(const View& event, Turn& turn) {
  constexpr const Layout& e = m::provider_device_de_acquired_event;
  const std::string device(event.text(e["device_name"]));
  removed(device, device_removed, turn);
  turn.events.emplace_back(driver::DeviceLost{device, event.number(e["reason"])});
}

void Census::start(driver::OperationId operation, const driver::AcquireDevice& wanted, Turn& turn) {
  Job job{.operation = operation, .deadline = turn.now + answer_within_};
  job.device = wanted.device;
  add(std::move(job), Step::acquire_device, turn.now);
}

void Census::start(driver::OperationId operation, const driver::ReleaseDevice& wanted, Turn& turn) {
  Job job{.operation = operation, .deadline = turn.now + answer_within_};
  job.device = wanted.device;
  add(std::move(job), Step::release_device, turn.now);
}

void Census::give_back(const std::string& device, TimePoint now) {
  Job job;
  job.device = device;
  add(std::move(job), Step::release_device, now);
}

void Census::replied(const Job& job, const Reply& reply, Turn& turn) {
  switch (job.step) {
    case Step::acquire_device:
      if (!reply.ok()) {
        turn.events.emplace_back(Answered{job.operation, reply.failure()});
        return;
      }
      return ask_again(job, in_steps_ ? Step::describe_device : Step::fetch_device, turn.now);
    case Step::release_device:
      if (job.operation.value != 0)
        turn.events.emplace_back(Answered{job.operation, reply.ok() ? driver::Outcome(driver::Completed{})
                                                                    : driver::Outcome(reply.failure())});
      // What is left of it is what the list says: the user may have the device in another way too.
      return changed(job.device);
    case Step::fetch_device:
      if (!reply.ok()) return device_refused(job, reply, turn);
      // Completed without a word about the device: it is not there.
      if (!job.listed) removed(job.device, device_removed, turn);
      return device_done(job, turn);
    case Step::describe_device:
      if (!reply.ok()) return device_refused(job, reply, turn);
      inventory_.device_described(reply.view.element(m::get_single_device_info_response["info"]));
      return ask_again(job, Step::list_lines, turn.now);
    case Step::list_devices:
    case Step::more_devices: return devices_listed(job, reply, turn);
    case Step::list_lines:
    case Step::more_lines: return lines_listed(job, reply, turn);
    default: return;  // That a list was closed leads to nothing.
  }
}

void Census::device_done(const Job& job, Turn& turn) {
  lines_.device_listed(job.device, inventory_, turn);
  if (job.operation.value != 0) turn.events.emplace_back(Answered{job.operation, driver::Completed{}});
  finished(job);
}

void Census::device_refused(const Job& job, const Reply& reply, Turn& turn) {
  if (job.step == Step::fetch_device && not_offered(reply.code)) {
    in_steps_ = true;
    return ask_again(job, Step::describe_device, turn.now);
  }
  if (!passing(reply.code)) removed(job.device, device_removed, turn);
  device_failed(job, reply.failure(), turn);
}

void Census::device_failed(const Job& job, const driver::Failure& why, Turn& turn) {
  if (job.operation.value != 0) {
    turn.events.emplace_back(Answered{job.operation, why});
    give_back(job.device, turn.now);  // Its acquisition was reported as failed.
  }
  finished(job);
}

void Census::finished(const Job& job) {
  if (job.operation.value == 0) --active_;
}

void Census::expired(const Job& job, Turn& turn) {
  switch (job.step) {
    case Step::acquire_device:
    case Step::release_device:
      if (job.operation.value != 0) turn.events.emplace_back(Answered{job.operation, timed_out(job.step)});
      return;
    case Step::list_devices:
    case Step::more_devices: failed_ = Ending{Ending::Why::lost, 0, timed_out(job.step).text}; return;
    case Step::end_devices:
    case Step::end_lines: return;
    case Step::more_lines: {
      Job end;
      end.enumeration = job.enumeration;
      add(std::move(end), Step::end_lines, turn.now);
      break;
    }
    default: break;
  }
  device_failed(job, timed_out(job.step), turn);
  if (job.operation.value != 0 || job.tries + 1 >= most_tries) return;  // What is known of it stays.
  const bool described = job.step == Step::list_lines || job.step == Step::more_lines;
  want(job.device, {.described = described, .tries = job.tries + 1});
}

void Census::replied_late(const Job& job, const Reply& reply, TimePoint now) {
  if (!reply.ok()) return;
  Job end;
  switch (job.step) {
    case Step::acquire_device: return give_back(job.device, now);
    case Step::release_device: return changed(job.device);
    case Step::list_devices:
    case Step::list_lines:
      // Both responses are laid out alike.
      end.enumeration = reply.view.number(m::provider_get_device_info_response["enumeration_handle"]);
      return add(std::move(end), job.step == Step::list_devices ? Step::end_devices : Step::end_lines, now);
    default: return;
  }
}

}  // namespace linebridge::cti::qbe
