#include "tests/simulators/cucm/waiting.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/span_of_time.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr Duration usual_wait = std::chrono::seconds(5), longest_wait = std::chrono::minutes(10);

Error wrong(std::string what) {
  return {Errc::malformed, std::move(what)};
}

using What = Condition::What;

const std::map<std::string_view, What>& conditions() {
  static const std::map<std::string_view, What> table = {{"ringing", What::ringing},
                                                         {"ringback", What::ringback},
                                                         {"connected", What::connected},
                                                         {"held", What::held},
                                                         {"idle", What::idle},
                                                         {"registered", What::registered},
                                                         {"unregistered", What::unregistered},
                                                         {"connections", What::connections},
                                                         {"devices", What::devices},
                                                         {"lines", What::lines},
                                                         {"calls", What::calls}};
  return table;
}

Status read_count(Condition& condition, std::string_view word) {
  condition.or_more = word.ends_with('+');
  if (condition.or_more) word.remove_suffix(1);
  const auto count = to_number<std::size_t>(word);
  if (!count) return wrong("how many? A number, or one with + behind for at least so many");
  condition.count = *count;
  return Done{};
}

bool any_leg(const Exchange& exchange, std::string_view who, bool (*is)(const Leg&)) {
  return std::any_of(exchange.legs().begin(), exchange.legs().end(), [&](const auto& entry) {
    const Leg& leg = entry.second;
    return (leg.self.device == who || leg.self.number == who) && is(leg);
  });
}

std::size_t count_of(const Condition& condition, const Cluster& cluster) {
  if (condition.what == What::calls) {
    std::set<Handle> calls;
    for (const auto& [id, leg] : cluster.exchange().legs())
      calls.insert(leg.call);
    return calls.size();
  }
  std::size_t count = 0;
  for (const auto& [peer, connection] : cluster.connections()) {
    if (connection.closing) continue;
    if (!condition.who.empty() && connection.provider->manager() != condition.who) continue;
    count += condition.what == What::connections ? 1
             : condition.what == What::devices   ? connection.provider->devices_open()
                                                 : connection.provider->lines_open();
  }
  return count;
}

}  // namespace

Result<Condition> parse_condition(const Cluster& cluster, std::span<const std::string> words) {
  Condition condition;
  for (const std::string& word : words)
    condition.text.append(condition.text.empty() ? "" : " ").append(word);
  condition.within = usual_wait;
  if (words.size() >= 2 && words[words.size() - 2] == "within") {
    const auto within = to_duration(words.back());
    if (!within || *within > longest_wait) return wrong("within a time like 5s, up to ten minutes");
    condition.within = *within;
    words = words.first(words.size() - 2);
  }
  const auto found = words.empty() ? conditions().end() : conditions().find(words.front());
  if (found == conditions().end() || words.size() < 2) return wrong("say wait CONDITION WHO|N [within TIME]");
  condition.what = found->second;
  const bool counts = condition.what >= What::connections;
  const bool on = counts && words.size() == 4 && words[2] == "on";
  if (words.size() != 2 && !on) return wrong("too much: " + printable(words[2], 60));
  if (counts) {
    if (on && !cluster.has_manager(words[3])) return Error{Errc::not_found, "no CTI Manager " + words[3]};
    if (on) condition.who = words[3];
    const Status read = read_count(condition, words[1]);
    return read ? Result<Condition>(condition) : read.error();
  }
  condition.who = words[1];
  const bool registration = condition.what == What::registered || condition.what == What::unregistered;
  if (registration && !cluster.exchange().phone(condition.who)) {
    return Error{Errc::not_found, "no such phone: " + condition.who};
  }
  return condition;
}

bool holds(const Condition& condition, const Cluster& cluster) {
  const Exchange& exchange = cluster.exchange();
  const auto is_registered = [&] {
    const auto phone = exchange.phone(condition.who);
    return phone && exchange.phones()[*phone].registered;
  };
  switch (condition.what) {
    case What::ringing:
      return any_leg(exchange, condition.who, [](const Leg& leg) { return is_ringing(leg.state); });
    case What::ringback:
      return any_leg(exchange, condition.who, [](const Leg& leg) { return leg.state == LegState::ringback; });
    case What::connected:
      return any_leg(exchange, condition.who,
                     [](const Leg& leg) { return leg.state == LegState::connected && !leg.remote_in_use; });
    case What::held:
      return any_leg(exchange, condition.who, [](const Leg& leg) { return leg.state == LegState::on_hold; });
    case What::idle: return !any_leg(exchange, condition.who, [](const Leg&) { return true; });
    case What::registered: return is_registered();
    case What::unregistered: return !is_registered();
    default: break;
  }
  const std::size_t count = count_of(condition, cluster);
  return condition.or_more ? count >= condition.count : count == condition.count;
}

Duration patience_of(std::span<const std::string> words) {
  const auto within =
      words.size() >= 2 && words[words.size() - 2] == "within" ? to_duration(words.back()) : std::nullopt;
  return within.value_or(usual_wait);
}

std::string_view condition_help() {
  return "Conditions of wait, which answers once they hold and fails after TIME (5s):\n"
         "  ringing|ringback|connected|held|idle PHONE|NUMBER\n"
         "  registered|unregistered PHONE\n"
         "  connections|devices|lines N|N+ [on NAME]  open now; N+ is N or more\n"
         "  calls N|N+\n";
}

}  // namespace linebridge::sim::cucm
