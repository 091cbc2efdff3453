#include "tests/simulators/cucm/show.hpp"

#include <algorithm>
#include <map>

#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/json.hpp"

namespace linebridge::sim::cucm {
namespace {

std::string call_name(Handle call) {
  return std::to_string(call.manager) + "-" + std::to_string(call.number);
}

/// Who else is in the call, the first of them if there are many.
std::string other_party(const Exchange& exchange, const Leg& leg) {
  for (const LegId id : exchange.legs_of(leg.call)) {
    const Leg* other = exchange.leg(id);
    if (other && other->side != leg.side) return other->self.number;
  }
  return leg.called.number;
}

std::string_view option_name(DndOption option) {
  switch (option) {
    case DndOption::none: return "none";
    case DndOption::ringer_off: return "silent";
    case DndOption::call_reject: return "reject";
  }
  return "unknown";
}

void write_leg(Json& json, const Exchange& exchange, const Leg& leg) {
  json.begin_object();
  json.key("leg").number(leg.id);
  json.key("call").text(call_name(leg.call));
  json.key("phone").text(leg.self.device);
  json.key("number").text(leg.self.number);
  json.key("state").text(state_name(leg.state));
  json.key("other").text(other_party(exchange, leg));
  json.key("calling").text(leg.calling.number);
  json.key("called").text(leg.called.number);
  json.key("outside").flag(leg.is_outside());
  json.key("remote_in_use").flag(leg.remote_in_use);
  json.key("privacy").flag(leg.privacy);
  json.key("silent").flag(leg.silent);
  json.end_object();
}

template <class Legs>
void write_calls(Json& json, const Exchange& exchange, const Legs& legs) {
  bool ringing = false, connected = false;
  json.key("calls").begin_array();
  for (const LegId id : legs) {
    const Leg& leg = *exchange.leg(id);
    ringing = ringing || is_ringing(leg.state);
    connected = connected || (leg.state == LegState::connected && !leg.remote_in_use);
    write_leg(json, exchange, leg);
  }
  json.end_array();
  json.key("ringing").flag(ringing);
  json.key("connected").flag(connected);
}

void write_phone(Json& json, const Exchange& exchange, const Phone& phone) {
  json.begin_object();
  json.key("phone").text(phone.spec.name);
  json.key("model").text(phone.spec.model);
  json.key("registered").flag(phone.registered);
  json.key("dnd").flag(phone.dnd);
  json.key("dnd_option").text(option_name(phone.dnd_option));
  json.key("privacy").flag(phone.privacy);
  json.key("restricted").flag(phone.spec.restricted);
  json.key("profile").text(phone.profile);
  json.key("lines").begin_array();
  for (const AppearanceId id : phone.lines) {
    const Appearance& line = exchange.lines()[id];
    json.begin_object();
    json.key("number").text(line.spec.number);
    json.key("partition").text(line.spec.partition);
    json.key("forward").text(line.forward_all);
    json.key("forward_busy").text(line.forward_busy);
    json.key("forward_no_answer").text(line.forward_no_answer);
    json.key("message_waiting").flag(line.message_waiting);
    json.end_object();
  }
  json.end_array();
  write_calls(json, exchange, phone.legs);
  json.end_object();
}

bool carries(const Exchange& exchange, const Phone& phone, std::string_view who) {
  return phone.spec.name == who || std::any_of(phone.lines.begin(), phone.lines.end(), [&](AppearanceId id) {
           return exchange.lines()[id].spec.number == who;
         });
}

}  // namespace

std::string show_leg(const Exchange& exchange, LegId id) {
  Json json;
  if (const Leg* leg = exchange.leg(id)) {
    write_leg(json, exchange, *leg);
  } else {
    json.begin_object().key("leg").number(id).key("state").text("idle").end_object();
  }
  return json.line();
}

std::string show_phones(const Exchange& exchange, std::string_view who) {
  Json json;
  json.begin_array();
  for (const Phone& phone : exchange.phones()) {
    if (!phone.deleted && (who.empty() || carries(exchange, phone, who))) write_phone(json, exchange, phone);
  }
  std::map<std::string, std::vector<LegId>> outside;
  for (const auto& [id, leg] : exchange.legs()) {
    if (leg.is_outside() && (who.empty() || leg.self.number == who)) outside[leg.self.number].push_back(id);
  }
  for (const auto& [number, legs] : outside) {
    json.begin_object().key("phone").text(number).key("outside").flag(true);
    write_calls(json, exchange, legs);
    json.end_object();
  }
  json.end_array();
  return json.line();
}

std::string show_calls(const Exchange& exchange) {
  std::map<Handle, std::vector<LegId>> calls;
  for (const auto& [id, leg] : exchange.legs())
    calls[leg.call].push_back(id);
  Json json;
  json.begin_array();
  for (const auto& [call, legs] : calls) {
    const Call& one = *exchange.call(call);
    json.begin_object().key("call").text(call_name(call));
    if (one.controller) json.key("conference_of").text(one.controller->self.number);
    if (!one.park_number.empty()) json.key("parked_at").text(one.park_number);
    json.key("legs").begin_array();
    for (const LegId id : legs)
      write_leg(json, exchange, *exchange.leg(id));
    json.end_array().end_object();
  }
  json.end_array();
  return json.line();
}

std::string show_links(const Cluster& cluster) {
  constexpr std::string_view modes[] = {"accept", "refuse", "silence"};
  Json json;
  json.begin_array();
  for (std::size_t at = 0; at < cluster.managers().size(); ++at) {
    const Cluster::Manager& manager = cluster.managers()[at];
    json.begin_object();
    json.key("name").text(manager.spec.name);
    json.key("address").text(to_text(manager.address));
    json.key("mode").text(modes[static_cast<std::size_t>(manager.mode)]);
    json.key("accepted").number(static_cast<std::int64_t>(manager.accepted));
    json.key("refused").number(static_cast<std::int64_t>(manager.refused));
    json.key("connections").begin_array();
    for (const auto& [peer, connection] : cluster.connections()) {
      if (connection.manager != at || connection.closing) continue;
      const Provider& provider = *connection.provider;
      json.begin_object();
      json.key("connection").number(provider.number());
      json.key("from").text(to_text(connection.from));
      json.key("user").text(provider.user());
      json.key("silenced").flag(connection.muted);
      json.key("devices").number(static_cast<std::int64_t>(provider.devices_open()));
      json.key("lines").number(static_cast<std::int64_t>(provider.lines_open()));
      json.key("calls_made").number(static_cast<std::int64_t>(provider.calls_made()));
      json.key("messages_in").number(static_cast<std::int64_t>(provider.messages_in()));
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  return json.line();
}

std::string show_traffic(const Cluster& cluster, std::size_t most) {
  const auto& entries = cluster.traffic().entries();
  Json json;
  json.begin_array();
  for (std::size_t at = entries.size() - std::min(most, entries.size()); at < entries.size(); ++at) {
    const Traffic::Entry& entry = entries[at];
    const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(entry.at - cluster.started());
    json.begin_object();
    json.key("number").number(static_cast<std::int64_t>(entry.number));
    json.key("ms").number(after.count());
    json.key("cti").text(entry.manager);
    json.key("connection").number(entry.connection);
    json.key("direction").text(entry.direction == Direction::in ? "in" : "out");
    json.key("name").text(entry.name());
    json.key("fields").text(entry.fields());
    json.end_object();
  }
  json.end_array();
  return json.line();
}

std::string show_phone_trace(const Cluster& cluster, std::size_t most) {
  const auto& steps = cluster.phone_trace().steps();
  std::string out;
  for (std::size_t at = steps.size() - std::min(most, steps.size()); at < steps.size(); ++at)
    out += (out.empty() ? "[" : ",") + show_step(steps[at], cluster.wall_us());
  return (out.empty() ? "[" : out) + "]";
}

}  // namespace linebridge::sim::cucm
