#include "cti/qbe/calls.hpp"

#include <algorithm>
#include <utility>

#include "cti/qbe/ending.hpp"
#include "cti/qbe/messages.hpp"

namespace linebridge::cti::qbe {
namespace {

using driver::Answered;

/// Playing a digit takes its time.
constexpr std::chrono::milliseconds time_of_digit{250};

bool rings(driver::CallState state) {
  return state == driver::CallState::ringback || state == driver::CallState::connected;
}

/// Steps that bring a call about.
bool begins_call(Step step) {
  return step == Step::initiate_call || step == Step::consult_to_transfer ||
         step == Step::consult_to_conference;
}

/// The new leg in the response to one of them.
driver::LegHandle begun_leg(Step step, const View& view) {
  if (step == Step::initiate_call) {
    constexpr const Layout& r = messages::line_call_initiate_response;
    return {view.number(r["call_manager_id"]), view.number(r["call_leg_id"])};
  }
  constexpr const Layout& r = messages::call_setup_transfer_response;  // For a conference it is laid out alike.
  return {view.number(r["consult_call_manager_id"]), view.number(r["consult_call_id"])};
}

}  // namespace

template <class Wanted>
Job Calls::job_for(Step step, driver::OperationId operation, const Wanted& wanted, TimePoint now) const {
  Job job{.step = step, .operation = operation, .deadline = now + answer_within_};
  job.line = wanted.line;
  if constexpr (requires { wanted.leg; }) job.leg = wanted.leg;
  return job;
}

void Calls::add(Job job) {
  const TimePoint deadline = job.deadline;
  jobs_.add(std::move(job), deadline, false);
}

void Calls::start(driver::OperationId operation, const driver::MakeCall& wanted, Turn& turn) {
  const std::string* const number = lines_.number(wanted.line);
  if (number == nullptr) {
    turn.events.emplace_back(Answered{operation, line_not_open()});
    return;
  }
  Job job = job_for(Step::allocate_call, operation, wanted, turn.now);
  job.number = *number;
  job.dialled = wanted.dialled;
  add(std::move(job));
}

void Calls::start(driver::OperationId operation, const driver::AnswerCall& wanted, Turn& turn) {
  add(job_for(Step::answer_call, operation, wanted, turn.now));
}

void Calls::start(driver::OperationId operation, const driver::Disconnect& wanted, Turn& turn) {
  add(job_for(Step::disconnect, operation, wanted, turn.now));
}

void Calls::start(driver::OperationId operation, const driver::HoldCall& wanted, Turn& turn) {
  add(job_for(Step::hold_call, operation, wanted, turn.now));
}

void Calls::start(driver::OperationId operation, const driver::RetrieveCall& wanted, Turn& turn) {
  add(job_for(Step::retrieve_call, operation, wanted, turn.now));
}

void Calls::start(driver::OperationId operation, const driver::Consult& wanted, Turn& turn) {
  Job job = job_for(Step::allocate_call, operation, wanted, turn.now);
  job.then = wanted.purpose == driver::Consult::Purpose::transfer ? Step::consult_to_transfer
                                                                  : Step::consult_to_conference;
  job.dialled = wanted.dialled;
  add(std::move(job));
}

void Calls::start(driver::OperationId operation, const driver::Transfer& wanted, Turn& turn) {
  Job job = job_for(Step::transfer, operation, wanted, turn.now);
  job.others = {wanted.other};
  add(std::move(job));
}

void Calls::start(driver::OperationId operation, const driver::Conference& wanted, Turn& turn) {
  if (wanted.others.empty()) {
    turn.events.emplace_back(
        Answered{operation, refused(error::invalid_parameter, "a conference of one call only")});
    return;
  }
  Job job = job_for(Step::join, operation, wanted, turn.now);
  job.others = wanted.others;
  add(std::move(job));
}

void Calls::start(driver::OperationId operation, const driver::DropParty& wanted, Turn& turn) {
  Job job = job_for(Step::drop_party, operation, wanted, turn.now);
  job.others = {wanted.party};
  add(std::move(job));
}

void Calls::start(driver::OperationId operation, const driver::Redirect& wanted, Turn& turn) {
  Job job = job_for(Step::redirect, operation, wanted, turn.now);
  job.dialled = wanted.destination;
  job.on = wanted.kind == driver::Redirect::Kind::blind_transfer;
  add(std::move(job));
}

void Calls::start(driver::OperationId operation, const driver::SendDigits& wanted, Turn& turn) {
  const auto playable = [](char c) { return digit_number(c).has_value(); };
  if (wanted.digits.empty() || !std::all_of(wanted.digits.begin(), wanted.digits.end(), playable)) {
    turn.events.emplace_back(
        Answered{operation, refused(error::invalid_digits, "digits that cannot be played")});
    return;
  }
  Job job = job_for(Step::send_digits, operation, wanted, turn.now);
  job.dialled = wanted.digits;
  job.deadline += wanted.digits.size() * time_of_digit;
  add(std::move(job));
}

void Calls::replied(const Job& job, const Reply& reply, Turn& turn) {
  if (job.step == Step::allocate_call) allocating_.erase(job.leg);
  if (job.operation.value == 0) return;
  if (begins_call(job.step)) forget(job.call);
  if (!reply.ok()) {
    turn.events.emplace_back(Answered{job.operation, reply.failure()});
  } else if (job.step == Step::allocate_call) {
    allocated(job, reply);
  } else if (begins_call(job.step)) {
    turn.events.emplace_back(
        Answered{job.operation, driver::CallStarted{job.line, job.call, begun_leg(job.step, reply.view)}});
  } else {
    turn.events.emplace_back(Answered{job.operation, driver::Completed{}});
  }
}

void Calls::allocated(const Job& job, const Reply& reply) {
  constexpr const Layout& r = messages::provider_allocate_global_call_handle_response;
  Job next = job;
  next.step = job.then;
  next.call = {reply.view.number(r["call_manager_id"]), reply.view.number(r["call_id"])};
  making_[next.call] = {};
  jobs_.add(std::move(next), job.deadline, true);
}

void Calls::expired(const Job& job, bool sent, Turn& turn) {
  if (job.step == Step::allocate_call && sent) allocating_.erase(job.leg);
  if (job.operation.value != 0) turn.events.emplace_back(Answered{job.operation, timed_out(job.step)});
  if (!begins_call(job.step)) return;
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
  if (!begins_call(job.step)) return;
  const bool rang = forget(job.call);
  if (!reply.ok() || rang) return;
  add(job_for(Step::disconnect, {}, driver::Disconnect{job.line, begun_leg(job.step, reply.view)}, now));
}

void Calls::sent(const Job& job) {
  if (job.step == Step::allocate_call && job.leg != driver::LegHandle{}) allocating_[job.leg] = job.operation;
}

bool Calls::InOrder::waits(driver::LegHandle leg, driver::OperationId operation) const {
  if (passed_over_.contains(leg)) return true;
  const auto at = calls_.allocating_.find(leg);
  return at != calls_.allocating_.end() && at->second != operation;
}

bool Calls::InOrder::operator()(const Job& job) {
  if (calls_.allocating_.empty() || job.leg == driver::LegHandle{}) return true;
  bool go = !waits(job.leg, job.operation);
  for (const auto leg : job.others)
    go = go && !waits(leg, job.operation);
  if (go) return true;
  passed_over_.insert(job.leg);
  passed_over_.insert(job.others.begin(), job.others.end());
  return false;
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
