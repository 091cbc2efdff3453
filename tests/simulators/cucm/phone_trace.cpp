#include "tests/simulators/cucm/phone_trace.hpp"

#include <chrono>
#include <utility>

#include "tests/simulators/cucm/json.hpp"

namespace linebridge::sim::cucm {

void PhoneTrace::add(const Happening& happening, bool by_people, TimePoint at) {
  if (const auto* appeared = std::get_if<LegAppeared>(&happening)) {
    const Leg& leg = appeared->leg;
    states_[leg.id] = leg.state;
    if (leg.remote_in_use) return;
    if (leg.state == LegState::dialtone) note(leg, by_people, "off hook", {}, at);
    if (is_ringing(leg.state)) note(leg, false, "ring", "from " + leg.calling.number, at);
  }
  if (const auto* change = std::get_if<LegChanged>(&happening)) changed(change->leg, by_people, at);
}

void PhoneTrace::changed(const Leg& leg, bool by_people, TimePoint at) {
  const LegState before = std::exchange(states_[leg.id], leg.state);
  if (leg.state == LegState::idle) states_.erase(leg.id);
  if (leg.remote_in_use) return;
  switch (leg.state) {
    case LegState::proceeding: return note(leg, by_people, "dial", leg.called.number, at);
    case LegState::ringback: return note(leg, false, "ring back", {}, at);
    case LegState::busy: return note(leg, false, "busy", {}, at);
    case LegState::disconnected: return note(leg, false, "call over", {}, at);
    case LegState::on_hold:
      if (before != LegState::on_hold) note(leg, by_people, "hold", {}, at);
      return;
    case LegState::connected:
      if (is_ringing(before)) return note(leg, by_people, "off hook", {}, at);
      if (before == LegState::on_hold) return note(leg, by_people, "resume", {}, at);
      if (before == LegState::ringback) note(leg, false, "connected", {}, at);
      return;
    case LegState::idle:
      if (is_ringing(before)) return note(leg, false, "ring no more", {}, at);
      if (before != LegState::disconnected) note(leg, by_people, "on hook", {}, at);
      return;
    default: return;
  }
}

void PhoneTrace::note(const Leg& leg, bool from_phone, std::string_view text, std::string detail,
                      TimePoint at) {
  if (steps_.size() == most_) steps_.pop_front();
  steps_.push_back(
      {++added_, at, leg.self.device, leg.self.number, leg.call, from_phone, text, std::move(detail)});
}

std::string show_step(const PhoneTrace::Step& step, std::int64_t wall_us) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(step.at.time_since_epoch()).count();
  const std::string call = std::to_string(step.call.manager) + "-" + std::to_string(step.call.number);
  Json json;
  json.begin_object();
  json.key("number").number(static_cast<std::int64_t>(step.number));
  json.key("at_us").number(wall_us + since);
  json.key("line").text(step.line);
  json.key("phone").text(step.phone);
  json.key("call").text(call);
  json.key("from").text(step.from_phone ? "phone" : "cti");
  json.key("to").text(step.from_phone ? "cti" : "phone");
  json.key("text").text(step.text);
  json.key("detail").text(step.detail.empty() ? call : step.detail + " " + call);
  json.end_object();
  return json.line();
}

}  // namespace linebridge::sim::cucm
