#include "cti/qbe/calls.hpp"

#include <algorithm>
#include <utility>

#include "cti/qbe/ending.hpp"
#include "cti/qbe/messages.hpp"

namespace linebridge::cti::qbe {
namespace {

using driver::Answered;
using driver::Failure;

bool rings(driver::CallState state) {
  return state == driver::CallState::ringback || state == driver::CallState::connected;
}

}  // namespace

void Calls::make(driver::OperationId operation, const driver::MakeCall& wanted, Turn& turn) {
  const std::string* const number = lines_.number(wanted.line);
  if (number == nullptr) {
    turn.events.emplace_back(Answered{operation, Failure{Failure::Kind::refused, error::invalid_line_handle,
                                                         "the line is not open on this link"}});
    return;
  }
  const TimePoint deadline = turn.now + answer_within_;
  Job job{.step = Step::allocate_call, .operation = operation, .deadline = deadline};
  job.number = *number;
  job.dialled = wanted.dialled;
  job.line = wanted.line;
  jobs_.add(std::move(job), deadline, false);
}

void Calls::request(Step step, driver::OperationId operation, driver::LineHandle line, driver::LegHandle leg,
                    TimePoint now) {
  const TimePoint deadline = now + answer_within_;
  Job job{.step = step, .operation = operation, .deadline = deadline};
  job.line = line;
  job.leg = leg;
  jobs_.add(std::move(job), deadline, false);
}

void Calls::answer(driver::OperationId operation, const driver::AnswerCall& wanted, TimePoint now) {
  request(Step::answer_call, operation, wanted.line, wanted.leg, now);
}

void Calls::disconnect(driver::OperationId operation, const driver::Disconnect& wanted, TimePoint now) {
  request(Step::disconnect, operation, wanted.line, wanted.leg, now);
}

void Calls::replied(const Job& job, const Reply& reply, Turn& turn) {
  if (job.operation.value == 0) return;
  if (job.step == Step::initiate_call) forget(job.call);
  if (!reply.ok()) {
    turn.events.emplace_back(Answered{job.operation, reply.failure()});
  } else if (job.step == Step::allocate_call) {
    constexpr const Layout& r = messages::provider_allocate_global_call_handle_response;
    Job next = job;
    next.step = Step::initiate_call;
    next.call = {reply.view.number(r["call_manager_id"]), reply.view.number(r["call_id"])};
    making_[next.call] = {};
    jobs_.add(std::move(next), job.deadline, true);
  } else if (job.step == Step::initiate_call) {
    constexpr const Layout& r = messages::line_call_initiate_response;
    const driver::LegHandle leg{reply.view.number(r["call_manager_id"]), reply.view.number(r["call_leg_id"])};
    turn.events.emplace_back(Answered{job.operation, driver::CallStarted{job.line, job.call, leg}});
  } else {
    turn.events.emplace_back(Answered{job.operation, driver::Completed{}});
  }
}

void Calls::expired(const Job& job, bool sent, Turn& turn) {
  if (job.operation.value != 0)
    turn.events.emplace_back(
        Answered{job.operation, Failure{Failure::Kind::timed_out, 0,
                                        std::string(request_of(job.step).name) + " was not answered in time"}});
  if (job.step != Step::initiate_call) return;
  if (!sent) {
    forget(job.call);
    return;
  }
  late_.push_back(job.call);
  if (late_.size() <= most_late) return;
  forget(late_.front());
  late_.pop_front();
}

void Calls::replied_late(const Job& job, const Reply& reply, TimePoint now) {
  if (job.step != Step::initiate_call) return;
  const bool rang = forget(job.call);
  if (!reply.ok() || rang) return;
  constexpr const Layout& r = messages::line_call_initiate_response;
  const driver::LegHandle leg{reply.view.number(r["call_manager_id"]), reply.view.number(r["call_leg_id"])};
  request(Step::disconnect, {}, job.line, leg, now);
}

bool Calls::forget(const driver::GlobalCall& call) {
  const auto at = making_.find(call);
  if (at == making_.end()) return false;
  const bool rang = at->second.rings;
  legs_.erase(at->second.leg);
  making_.erase(at);
  return rang;
}

void Calls::observe(const driver::Event& event) {
  if (making_.empty()) return;
  if (const auto* fresh = std::get_if<driver::NewCall>(&event)) {
    const auto at = making_.find(fresh->call);
    if (at == making_.end() || fresh->direction != driver::Direction::outbound) return;
    at->second.leg = fresh->leg;
    at->second.rings = at->second.rings || rings(fresh->state);
    legs_[fresh->leg] = fresh->call;
  } else if (const auto* changed = std::get_if<driver::CallStateChanged>(&event)) {
    const auto at = legs_.find(changed->leg);
    if (at != legs_.end() && rings(changed->state)) making_.at(at->second).rings = true;
  }
}

}  // namespace linebridge::cti::qbe
