#include "cti/qbe/features.hpp"

#include <utility>

#include "cti/qbe/ending.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/translate.hpp"

namespace linebridge::cti::qbe {
namespace {

using driver::Answered;

constexpr std::uint32_t lamp_off = 1;

driver::Outcome outcome_of(const Job& job, const View& view) {
  switch (job.step) {
    case Step::get_forwarding:
      return driver::ForwardingIs{
          forwarded_to(view.elements(messages::line_get_forward_info_response["cti_fwd_array"]))};
    case Step::get_line_info:
      // 0 is a lamp nobody has set; on, winking, flashing and blinking all say that something waits.
      return driver::MessageWaitingIs{
          view.number(messages::line_get_info_response["message_waiting_lamp_mode"]) > lamp_off};
    default: return driver::Completed{};
  }
}

}  // namespace

std::optional<Job> Features::job_for(Step step, driver::OperationId operation, driver::LineHandle line,
                                     Turn& turn) const {
  const std::string* const number = lines_.number(line);
  if (number == nullptr) {
    turn.events.emplace_back(Answered{operation, line_not_open()});
    return std::nullopt;
  }
  Job job{.step = step, .operation = operation, .deadline = turn.now + answer_within_};
  job.line = line;
  job.number = *number;
  return job;
}

void Features::add(Job job) {
  const TimePoint deadline = job.deadline;
  jobs_.add(std::move(job), deadline, false);
}

void Features::start(driver::OperationId operation, const driver::SetForwarding& wanted, Turn& turn) {
  auto job = job_for(Step::set_forwarding, operation, wanted.line, turn);
  if (!job) return;
  job->dialled = wanted.destination;
  add(std::move(*job));
}

void Features::start(driver::OperationId operation, const driver::GetForwarding& wanted, Turn& turn) {
  if (auto job = job_for(Step::get_forwarding, operation, wanted.line, turn)) add(std::move(*job));
}

void Features::start(driver::OperationId operation, const driver::SetDoNotDisturb& wanted, Turn& turn) {
  auto job = job_for(Step::set_do_not_disturb, operation, wanted.line, turn);
  if (!job) return;
  job->device_handle = lines_.device_of(wanted.line);
  job->on = wanted.on;
  add(std::move(*job));
}

void Features::start(driver::OperationId operation, const driver::GetDoNotDisturb& wanted, Turn& turn) {
  if (lines_.number(wanted.line) == nullptr) {
    turn.events.emplace_back(Answered{operation, line_not_open()});
  } else if (const auto on = lines_.do_not_disturb(wanted.line)) {
    turn.events.emplace_back(Answered{operation, driver::DoNotDisturbIs{*on}});
  } else {
    turn.events.emplace_back(
        Answered{operation, refused(error::no_information, "the device has not told its do not disturb")});
  }
}

void Features::start(driver::OperationId operation, const driver::SetMessageWaiting& wanted, Turn& turn) {
  auto job = job_for(Step::set_message_waiting, operation, wanted.line, turn);
  if (!job) return;
  job->on = wanted.on;
  add(std::move(*job));
}

void Features::start(driver::OperationId operation, const driver::GetMessageWaiting& wanted, Turn& turn) {
  if (auto job = job_for(Step::get_line_info, operation, wanted.line, turn)) add(std::move(*job));
}

void Features::replied(const Job& job, const Reply& reply, Turn& turn) {
  turn.events.emplace_back(
      Answered{job.operation, reply.ok() ? outcome_of(job, reply.view) : driver::Outcome(reply.failure())});
  replied_late(job, reply, turn);
}

void Features::expired(const Job& job, Turn& turn) {
  turn.events.emplace_back(Answered{job.operation, timed_out(job.step)});
}

void Features::replied_late(const Job& job, const Reply& reply, Turn& turn) {
  // The device tells it too. Should that be lost, it is known all the same.
  if (job.step == Step::set_do_not_disturb && reply.ok())
    lines_.do_not_disturb_is(job.device_handle, job.on, turn);
}

}  // namespace linebridge::cti::qbe
