#include "tests/simulators/cucm/console_people.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "tests/simulators/cucm/exchange.hpp"
#include "tests/simulators/cucm/show.hpp"

namespace linebridge::sim::cucm {
namespace {

using Context = PeopleCommand::Context;

/// Live legs of a phone (by name) or number, oldest first.
std::vector<const Leg*> legs_at(const Exchange& exchange, std::string_view who) {
  std::vector<const Leg*> legs;
  const auto add_phone = [&](PhoneId phone, std::optional<AppearanceId> line) {
    for (const LegId id : exchange.phones()[phone].legs) {
      const Leg* leg = exchange.leg(id);
      if (!line || leg->line == *line) legs.push_back(leg);
    }
  };
  if (const auto phone = exchange.phone(who)) {
    add_phone(*phone, std::nullopt);
    return legs;
  }
  const auto lines = exchange.lines_of(who);
  for (const AppearanceId line : lines)
    add_phone(exchange.lines()[line].phone, line);
  if (!lines.empty()) return legs;
  for (const auto& [id, leg] : exchange.legs()) {
    if (leg.is_outside() && leg.self.number == who) legs.push_back(&leg);
  }
  return legs;
}

/// The one that `rate` likes best; ratings of 0 are no candidates.
template <class Rate>
const Leg* best_leg(const Context& context, Rate rate) {
  const Leg* best = nullptr;
  for (const Leg* leg : legs_at(context.exchange, context.words[1])) {
    if (rate(*leg) > (best ? rate(*best) : 0)) best = leg;
  }
  return best;
}

int is_talking(const Leg& leg) {
  return leg.state == LegState::connected && !leg.remote_in_use ? 2 : 0;
}
int is_waiting(const Leg& leg) {
  return leg.state == LegState::on_hold && !leg.privacy ? 1 : 0;
}
int is_talking_or_waiting(const Leg& leg) {
  return is_talking(leg) + is_waiting(leg);
}
int is_ringing_there(const Leg& leg) {
  return is_ringing(leg.state) ? 1 : 0;
}
int can_be_moved(const Leg& leg) {
  return is_ringing_there(leg) * 3 + is_talking_or_waiting(leg);
}
int can_be_ended(const Leg& leg) {
  if (leg.remote_in_use) return 0;
  if (leg.state == LegState::connected) return 4;
  if (is_ringing(leg.state)) return 2;
  return leg.state == LegState::on_hold ? 1 : 3;
}

Reply no_call(const Context& context) {
  return {false, "no such call at " + context.words[1]};
}

Reply result(Code code) {
  if (code == code::ok) return {true, "done"};
  char hex[16];
  std::snprintf(hex, sizeof hex, "0x%08X", static_cast<unsigned>(code));
  return {false, std::string("refused with ") + hex};
}

Reply made(const Context& context, const Exchange::Made& what) {
  return what.code == code::ok ? Reply{true, show_leg(context.exchange, what.leg)} : result(what.code);
}

template <class Rate>
Reply on_best_leg(const Context& context, Rate rate, Code (Exchange::*operation)(LegId)) {
  const Leg* leg = best_leg(context, rate);
  return leg ? result((context.exchange.*operation)(leg->id)) : no_call(context);
}

Reply answer(const Context& context) {
  return on_best_leg(context, is_ringing_there, &Exchange::answer);
}
Reply hangup(const Context& context) {
  return on_best_leg(context, can_be_ended, &Exchange::disconnect);
}
Reply hold(const Context& context) {
  return on_best_leg(context, is_talking, &Exchange::hold);
}
Reply retrieve(const Context& context) {
  return on_best_leg(context, is_waiting, &Exchange::retrieve);
}

std::optional<AppearanceId> first_line(const Exchange& exchange, std::string_view who) {
  if (const auto phone = exchange.phone(who)) {
    const auto& lines = exchange.phones()[*phone].lines;
    return lines.empty() ? std::nullopt : std::optional(lines.front());
  }
  const auto lines = exchange.lines_of(who);
  return lines.empty() ? std::nullopt : std::optional(lines.front());
}

std::optional<PhoneId> phone_of(const Exchange& exchange, std::string_view who) {
  const auto line = first_line(exchange, who);
  return line ? std::optional(exchange.lines()[*line].phone) : exchange.phone(who);
}

Reply dial(const Context& context) {
  const std::string &who = context.words[1], &destination = context.words[2];
  const auto line = first_line(context.exchange, who);
  const auto call = line ? context.exchange.originate({*line, context.exchange.allocate(), destination,
                                                       LegOrigin::outbound, LegReason::direct},
                                                      context.now)
                         : context.exchange.originate_outside(who, destination, context.now);
  if (call.code == code::undefined_line) return {false, "neither a phone nor an outside number: " + who};
  return made(context, call);
}

Reply consult(const Context& context) {
  const Leg* leg = best_leg(context, is_talking_or_waiting);
  if (!leg || leg->is_outside()) return no_call(context);
  return made(context, context.exchange.consult(leg->id, context.exchange.allocate(), context.words[2],
                                                LegOrigin::outbound_transfer, context.now));
}

/// Moves a call away without a word: to whom it rings then is the rest of the command.
Reply redirect(const Context& context, const Leg* leg, LegReason reason) {
  if (!leg) return no_call(context);
  Exchange::Redirection what;
  what.destination = context.words[2];
  what.reason = reason;
  if (reason == LegReason::blind_transfer) what.original_called = what.destination;
  return result(context.exchange.redirect(leg->id, what, context.now));
}

Reply deflect(const Context& context) {
  return redirect(context, best_leg(context, can_be_moved), LegReason::redirect);
}

Reply transfer(const Context& context) {
  if (context.words.size() == 3) {
    return redirect(context, best_leg(context, is_talking_or_waiting), LegReason::blind_transfer);
  }
  const Leg* first = best_leg(context, is_waiting);
  const Leg* other = best_leg(context, [first](const Leg& leg) {
    if (&leg == first || leg.is_outside()) return 0;
    return leg.state == LegState::ringback ? 3 : is_talking_or_waiting(leg);
  });
  return first && other ? result(context.exchange.transfer(first->id, other->id)) : no_call(context);
}

Reply conference(const Context& context) {
  if (context.words.size() == 3) {
    const Leg* leg = best_leg(context, is_talking_or_waiting);
    if (!leg || leg->is_outside()) return no_call(context);
    return made(context,
                context.exchange.invite(leg->id, context.exchange.allocate(), context.words[2], context.now));
  }
  // The call that is already a conference goes on, else the oldest.
  std::vector<LegId> joined;
  for (const Leg* leg : legs_at(context.exchange, context.words[1])) {
    if (is_talking_or_waiting(*leg) == 0) continue;
    const bool leads = context.exchange.call(leg->call)->controller != nullptr;
    joined.insert(leads ? joined.begin() : joined.end(), leg->id);
  }
  if (joined.empty()) return no_call(context);
  return result(context.exchange.join(joined.front(), {joined.begin() + 1, joined.end()}));
}

Reply drop(const Context& context) {
  const Leg* leg = best_leg(context, is_talking_or_waiting);
  if (!leg) return no_call(context);
  for (const LegId id : context.exchange.legs_of(leg->call)) {
    const Leg& party = *context.exchange.leg(id);
    const bool meant = party.self.number == context.words[2] || party.self.device == context.words[2];
    if (meant && !party.remote_in_use) return result(context.exchange.drop_party(leg->id, id));
  }
  return {false, "not in that call: " + context.words[2]};
}

Reply park(const Context& context) {
  const Leg* leg = best_leg(context, is_talking_or_waiting);
  if (!leg) return no_call(context);
  const auto parked =
      context.exchange.park(leg->id, context.words.size() > 2 ? context.words[2] : "", context.now);
  return parked.code == code::ok ? Reply{true, parked.number} : result(parked.code);
}

Reply forward(const Context& context) {
  using Forward = Exchange::Forward;
  static const std::map<std::string_view, Forward> kinds = {
      {"all", Forward::all}, {"busy", Forward::busy}, {"no-answer", Forward::no_answer}};
  const auto kind = kinds.find(context.words[2]);
  if (kind == kinds.end()) return {false, "say all, busy or no-answer"};
  const auto line = first_line(context.exchange, context.words[1]);
  if (!line) return {false, "no such line: " + context.words[1]};
  const std::string& to = context.words[3];
  return result(context.exchange.set_forward(*line, to == "off" ? std::string() : to, kind->second));
}

std::optional<bool> on_or_off(std::string_view word) {
  if (word == "on") return true;
  return word == "off" ? std::optional(false) : std::nullopt;
}

Reply dnd(const Context& context) {
  const auto phone = phone_of(context.exchange, context.words[1]);
  if (!phone) return {false, "no such phone: " + context.words[1]};
  const auto on = on_or_off(context.words[2]);
  if (!on) return {false, "say on or off"};
  if (context.words.size() > 3) {
    const bool rejects = context.words[3] == "reject";
    if (!rejects && context.words[3] != "silent") return {false, "say silent or reject"};
    context.exchange.set_dnd_option(*phone, rejects ? DndOption::call_reject : DndOption::ringer_off);
  }
  context.exchange.set_dnd(*phone, *on);
  return {true, "done"};
}

Reply privacy(const Context& context) {
  const auto phone = phone_of(context.exchange, context.words[1]);
  if (!phone) return {false, "no such phone: " + context.words[1]};
  const auto on = on_or_off(context.words[2]);
  if (!on) return {false, "say on or off"};
  context.exchange.set_privacy(*phone, *on);
  return {true, "done"};
}

Reply digits(const Context& context) {
  constexpr std::string_view keys = "0123456789ABCD*#";
  std::vector<std::int32_t> pressed;
  for (const char key : context.words[2]) {
    const auto at = keys.find(key);
    if (at == std::string_view::npos) return {false, "digits are 0 to 9, A to D, * and #"};
    pressed.push_back(static_cast<std::int32_t>(at));
  }
  const Leg* leg = best_leg(context, is_talking);
  return leg ? result(context.exchange.play_digits(leg->id, pressed)) : no_call(context);
}

}  // namespace

const std::map<std::string_view, PeopleCommand>& people_commands() {
  static const std::map<std::string_view, PeopleCommand> table = {
      {"dial",
       {3, 3, dial, "dial WHO NUMBER", "call from a phone or from the world outside; park numbers too"}},
      {"answer", {2, 2, answer, "answer WHO", "answer what rings there"}},
      {"hangup", {2, 2, hangup, "hangup WHO", "end the call there, or reject it"}},
      {"hold", {2, 2, hold, "hold WHO", "hold the call there"}},
      {"retrieve", {2, 2, retrieve, "retrieve WHO", "take it back"}},
      {"consult", {3, 3, consult, "consult WHO NUMBER", "hold the call there and ask somebody else"}},
      {"transfer",
       {2, 3, transfer, "transfer WHO [NUMBER]", "join the two calls there and leave, or send one away"}},
      {"deflect", {3, 3, deflect, "deflect WHO NUMBER", "send away what rings there"}},
      {"conference", {2, 3, conference, "conference WHO [NUMBER]", "join all calls there, or ask one more in"}},
      {"drop", {3, 3, drop, "drop WHO NUMBER", "send a party out of a conference"}},
      {"park", {2, 3, park, "park WHO [NUMBER]", "park the call there; says where"}},
      {"forward", {4, 4, forward, "forward WHO WHEN NUMBER|off", "WHEN: all, busy or no-answer"}},
      {"dnd", {3, 4, dnd, "dnd WHO on|off [HOW]", "do not disturb; HOW: silent or reject"}},
      {"privacy", {3, 3, privacy, "privacy WHO on|off", "what phones that share a line see of its calls"}},
      {"digits", {3, 3, digits, "digits WHO DIGITS", "press keys during the call there"}},
  };
  return table;
}

std::string people_help() {
  constexpr std::size_t column = 28;
  std::string text;
  for (const auto& [name, command] : people_commands()) {
    const std::size_t gap = column - std::min(column - 1, command.usage.size());
    text.append("  ").append(command.usage).append(gap, ' ').append(command.meaning) += '\n';
  }
  return text;
}

}  // namespace linebridge::sim::cucm
