#include "tests/simulators/cucm/exchange.hpp"

#include <algorithm>
#include <utility>

namespace linebridge::sim::cucm {

Exchange::Exchange(const ClusterSpec& spec) : spec_(spec) {
  for (const std::string& number : spec.park_numbers)
    park_.emplace(number, ParkSlot{});
  for (const PhoneSpec& phone_spec : spec.phones) {
    const PhoneId phone = phones_.size();
    Phone phone_now;
    phone_now.spec = phone_spec;
    phone_now.registered = phone_spec.registered;
    phone_now.dnd_option = phone_spec.dnd_option;
    phone_now.privacy = phone_spec.privacy;
    phones_.push_back(std::move(phone_now));
    phones_by_name_.emplace(phone_spec.name, phone);
    std::int32_t instance = 1;
    for (const LineSpec& line : phone_spec.lines) {
      phones_.back().lines.push_back(lines_.size());
      lines_by_number_.emplace(line.number, lines_.size());
      lines_.push_back({phone, instance++, line, line.forward_all, line.forward_busy, line.forward_no_answer});
    }
  }
}

Handle Exchange::allocate() {
  return {cluster_node, next_call_++};
}

const Leg* Exchange::leg(LegId id) const {
  const auto found = legs_.find(id);
  return found == legs_.end() ? nullptr : &found->second;
}

Leg* Exchange::find(LegId id) {
  const auto found = legs_.find(id);
  return found == legs_.end() ? nullptr : &found->second;
}

std::optional<PhoneId> Exchange::phone(std::string_view name) const {
  const auto found = phones_by_name_.find(name);
  if (found == phones_by_name_.end() || phones_[found->second].deleted) return std::nullopt;
  return found->second;
}

std::optional<AppearanceId> Exchange::line(PhoneId phone, std::string_view number,
                                           std::string_view partition) const {
  for (const AppearanceId id : phones_[phone].lines) {
    if (lines_[id].spec.number == number && lines_[id].spec.partition == partition) return id;
  }
  return std::nullopt;
}

const OutsideSpec* Exchange::outside(std::string_view number) const {
  const auto found = std::find_if(spec_.outside.begin(), spec_.outside.end(),
                                  [number](const OutsideSpec& spec) { return matches(spec.pattern, number); });
  return found == spec_.outside.end() ? nullptr : &*found;
}

std::vector<AppearanceId> Exchange::lines_of(std::string_view number) const {
  std::vector<AppearanceId> lines;
  const auto [first, last] = lines_by_number_.equal_range(number);
  for (auto at = first; at != last; ++at)
    lines.push_back(at->second);
  return lines;
}

const Call* Exchange::call(Handle call) const {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : &found->second;
}

std::vector<LegId> Exchange::legs_of(Handle call) const {
  const Call* found = this->call(call);
  return found ? found->legs : std::vector<LegId>{};
}

std::vector<Happening> Exchange::take_happenings() {
  return std::exchange(happened_, {});
}

Leg& Exchange::make_leg(Leg leg) {
  leg.id = next_leg_++;
  calls_[leg.call].legs.push_back(leg.id);
  if (!leg.is_outside()) phones_[lines_[leg.line].phone].legs.push_back(leg.id);
  Leg& kept = legs_.emplace(leg.id, std::move(leg)).first->second;
  happened_.push_back(LegAppeared{kept});
  return kept;
}

void Exchange::erase(LegId id) {
  const auto found = legs_.find(id);
  Leg& gone = found->second;
  if (!gone.is_outside()) std::erase(phones_[lines_[gone.line].phone].legs, id);
  const auto call = calls_.find(gone.call);
  std::erase(call->second.legs, id);
  if (call->second.legs.empty()) {
    free_slot(call->second.park_number);
    calls_.erase(call);
  }
  chores_.cancel(gone.answers);
  chores_.cancel(gone.gives_up);
  legs_.erase(found);
}

/// Audio ends before the state that ends it is told, and begins after it.
void Exchange::change(Leg& leg, LegState state, LegCause cause) {
  leg.state = state;
  const bool flows = is_active(leg) && !leg.is_outside();
  const bool turns = std::exchange(leg.media, flows) != flows;
  if (turns && !flows) happened_.push_back(MediaChanged{leg.line, leg.id, false});
  happened_.push_back(LegChanged{leg, cause});
  if (turns && flows) happened_.push_back(MediaChanged{leg.line, leg.id, true});
}

void Exchange::make_idle(Leg& leg) {
  change(leg, LegState::idle);
  erase(leg.id);
}

Party Exchange::party(AppearanceId line) const {
  const LineSpec& spec = lines_[line].spec;
  return {spec.number, spec.display, spec.partition, phones_[lines_[line].phone].spec.name};
}

Party Exchange::outside_party(const std::string& number) const {
  const OutsideSpec* spec = outside(number);
  return {number, spec ? spec->display : std::string(), {}, {}};
}

std::vector<LegId> Exchange::siblings(const Leg& leg) const {
  std::vector<LegId> ids;
  for (const LegId id : calls_.at(leg.call).legs) {
    if (id != leg.id && legs_.at(id).side == leg.side) ids.push_back(id);
  }
  return ids;
}

std::vector<LegId> Exchange::far_legs(const Leg& leg) const {
  std::vector<LegId> ids;
  for (const LegId id : calls_.at(leg.call).legs) {
    if (legs_.at(id).side != leg.side) ids.push_back(id);
  }
  return ids;
}

/// The leg of a party at which it talks, or would.
const Leg& Exchange::speaker(const std::vector<LegId>& side) const {
  const auto found =
      std::find_if(side.begin(), side.end(), [this](LegId id) { return !legs_.at(id).remote_in_use; });
  return legs_.at(found == side.end() ? side.front() : *found);
}

std::size_t Exchange::sides(Handle call) const {
  std::vector<std::int32_t> seen;
  for (const LegId id : legs_of(call))
    seen.push_back(legs_.at(id).side);
  std::sort(seen.begin(), seen.end());
  return static_cast<std::size_t>(std::unique(seen.begin(), seen.end()) - seen.begin());
}

bool Exchange::has_active_leg(PhoneId phone, LegId except) const {
  const auto ids = own_legs(phone);
  return std::any_of(ids.begin(), ids.end(), [&](LegId id) { return id != except && is_active(legs_.at(id)); });
}

std::int32_t Exchange::calls_on(AppearanceId line) const {
  const auto ids = own_legs(lines_[line].phone);
  return static_cast<std::int32_t>(std::count_if(ids.begin(), ids.end(), [&](LegId id) {
    return legs_.at(id).line == line && !legs_.at(id).remote_in_use;
  }));
}

Code Exchange::set_forward(AppearanceId line, const std::string& destination, Forward when) {
  const LineSpec wanted = lines_[line].spec;
  const bool known = lines_by_number_.count(destination) != 0 || outside(destination);
  if (!destination.empty() && (!known || destination == wanted.number)) return code::bad_forward_destination;
  for (const AppearanceId id : lines_of(wanted.number)) {
    Appearance& shared = lines_[id];
    if (shared.spec.partition != wanted.partition) continue;
    if (when == Forward::busy) shared.forward_busy = destination;
    if (when == Forward::no_answer) shared.forward_no_answer = destination;
    if (when != Forward::all) continue;
    shared.forward_all = destination;
    happened_.push_back(ForwardChanged{id});
  }
  return code::ok;
}

Code Exchange::set_message_waiting(std::string_view number, bool on) {
  const auto [first, last] = lines_by_number_.equal_range(number);
  if (first == last) return code::bad_lamp_destination;
  for (auto at = first; at != last; ++at)
    lines_[at->second].message_waiting = on;
  return code::ok;
}

void Exchange::set_dnd(PhoneId phone, bool on) {
  phones_[phone].dnd = on;
  happened_.push_back(DndChanged{phone});
}

}  // namespace linebridge::sim::cucm
