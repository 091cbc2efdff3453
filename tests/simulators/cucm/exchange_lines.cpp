#include <algorithm>
#include <utility>

#include "tests/simulators/cucm/exchange.hpp"

namespace linebridge::sim::cucm {

void Exchange::set_registered(PhoneId phone, bool on, OutOfService out, RegistrationReason reason) {
  if (std::exchange(phones_[phone].registered, on) == on) return;
  happened_.push_back(RegistrationChanged{phone, on, out, reason, phones_[phone].login_user});
  if (on) return show_calls_elsewhere(phone);
  for (const LegId id : own_legs(phone)) {
    if (find(id)) lose(id);
  }
}

/// The phone of a leg is gone. Where the line is shared, the call goes on ringing, talking or waiting there.
void Exchange::lose(LegId id) {
  const Leg lost = legs_.at(id);
  const auto others = siblings(lost);
  const bool shared = is_ringing(lost.state) || lost.state == LegState::on_hold;
  if (lost.remote_in_use || (!others.empty() && shared)) return erase(id);
  for (const LegId other : others)
    make_idle(legs_.at(other));
  erase(id);
  clear_rest(lost.call, LegCause::out_of_order, lost);
}

std::optional<PhoneId> Exchange::add_phone(const PhoneSpec& spec) {
  const auto [found, is_new] = phones_by_name_.try_emplace(spec.name, phones_.size());
  if (is_new) phones_.emplace_back();
  const PhoneId id = found->second;
  if (!is_new && !phones_[id].deleted) return std::nullopt;
  phones_[id] = {};
  phones_[id].spec = spec;
  phones_[id].registered = spec.registered;
  phones_[id].dnd_option = spec.dnd_option;
  phones_[id].privacy = spec.privacy;
  for (const LineSpec& line : spec.lines)
    attach(id, line);
  happened_.push_back(PhoneChanged{id, PhoneChanged::What::added});
  return id;
}

void Exchange::delete_phone(PhoneId phone) {
  phones_[phone].deleted = true;
  phones_[phone].registered = false;
  happened_.push_back(PhoneChanged{phone, PhoneChanged::What::deleted});
  const auto lines = phones_[phone].lines;
  for (const AppearanceId line : lines)
    detach(line, std::nullopt);
}

/// A line that was on the phone before comes back under its old id, so that logging in and out makes no new
/// ones.
AppearanceId Exchange::attach(PhoneId phone, const LineSpec& spec) {
  const auto [first, last] = detached_.equal_range(phone);
  const auto found = std::find_if(first, last, [&](const auto& one) {
    const LineSpec& old = lines_[one.second].spec;
    return old.number == spec.number && old.partition == spec.partition;
  });
  AppearanceId id = lines_.size();
  if (found == last) {
    lines_.emplace_back();
  } else {
    id = found->second;
    detached_.erase(found);
  }
  std::int32_t instance = 1;
  for (const AppearanceId line : phones_[phone].lines)
    instance = std::max(instance, lines_[line].instance + 1);
  lines_[id] = {phone, instance, spec, spec.forward_all, spec.forward_busy, spec.forward_no_answer};
  phones_[phone].lines.push_back(id);
  lines_by_number_.emplace(spec.number, id);
  return id;
}

void Exchange::detach(AppearanceId line, std::optional<LineChanged::What> told) {
  const PhoneId phone = lines_[line].phone;
  if (told) happened_.push_back(LineChanged{line, *told});
  const auto legs = own_legs(phone);
  for (const LegId id : legs) {
    const Leg* one = leg(id);
    if (one && one->line == line) lose(id);
  }
  lines_[line].attached = false;
  detached_.emplace(phone, line);
  std::erase(phones_[phone].lines, line);
  const auto [first, last] = lines_by_number_.equal_range(lines_[line].spec.number);
  const auto found = std::find_if(first, last, [line](const auto& one) { return one.second == line; });
  if (found != last) lines_by_number_.erase(found);
}

std::optional<AppearanceId> Exchange::add_line(PhoneId phone, const LineSpec& spec) {
  if (line(phone, spec.number, spec.partition)) return std::nullopt;
  const AppearanceId id = attach(phone, spec);
  happened_.push_back(LineChanged{id, LineChanged::What::added});
  return id;
}

void Exchange::remove_line(AppearanceId line) {
  detach(line, LineChanged::What::removed);
}

void Exchange::set_restricted(PhoneId phone, bool on) {
  if (std::exchange(phones_[phone].spec.restricted, on) == on) return;
  happened_.push_back(PhoneChanged{phone, on ? PhoneChanged::What::restricted : PhoneChanged::What::permitted});
}

void Exchange::set_line_restricted(AppearanceId line, bool on) {
  if (std::exchange(lines_[line].spec.restricted, on) == on) return;
  happened_.push_back(LineChanged{line, on ? LineChanged::What::restricted : LineChanged::What::permitted});
}

void Exchange::replace_lines(PhoneId phone, const std::vector<LineSpec>& wanted) {
  const auto old = phones_[phone].lines;
  for (const AppearanceId line : old)
    detach(line, LineChanged::What::replaced);
  for (const LineSpec& spec : wanted)
    attach(phone, spec);
}

void Exchange::restart(PhoneId phone, const ProfileSpec& profile, RegistrationReason reason) {
  const bool was_registered = phones_[phone].registered;
  const bool in = reason == RegistrationReason::login;
  if (in) phones_[phone].login_user = profile.user;
  // The lines are closed before the phone is gone: whoever opened them must not wait for their return.
  replace_lines(phone, profile.lines);
  set_registered(phone, false, OutOfService::unregistered, reason);
  phones_[phone].profile = profile.name;
  phones_[phone].login_user = profile.user;
  happened_.push_back(LoginChanged{phone, in});
  if (was_registered) set_registered(phone, true, OutOfService::unregistered, reason);
}

void Exchange::log_in(PhoneId phone, const ProfileSpec& profile) {
  if (phones_[phone].profile.empty()) phones_[phone].own_lines = own_line_specs(phone);
  restart(phone, profile, RegistrationReason::login);
}

void Exchange::log_out(PhoneId phone) {
  if (phones_[phone].profile.empty()) return;
  restart(phone, {{}, {}, std::exchange(phones_[phone].own_lines, {})}, RegistrationReason::logout);
}

std::vector<LineSpec> Exchange::own_line_specs(PhoneId phone) const {
  std::vector<LineSpec> specs;
  for (const AppearanceId line : phones_[phone].lines)
    specs.push_back(lines_[line].spec);
  return specs;
}

void Exchange::set_auto_accept(AppearanceId line, bool on) {
  if (std::exchange(lines_[line].auto_accept, on) == on) return;
  happened_.push_back(AutoAcceptChanged{line});
}

void Exchange::set_dnd_option(PhoneId phone, DndOption option) {
  if (std::exchange(phones_[phone].dnd_option, option) == option) return;
  happened_.push_back(DndOptionChanged{phone});
}

}  // namespace linebridge::sim::cucm
