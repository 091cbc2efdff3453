#include "cli/front_report.hpp"

#include "admin/json.hpp"
#include "cli/report.hpp"
#include "cli/table.hpp"

namespace linebridge::cli {
namespace {

using lb::haproxy::Door;
using lb::haproxy::Server;

std::string full_name(const std::string& server) {
  for (const auto role : {config::Role::publisher, config::Role::subscriber})
    if (server == lb::haproxy::server_name(role)) return std::string(config::role_name(role));
  return server;
}

std::string doors_report(const std::vector<Door>& doors) {
  Table table({{"CONNECTIONS"}, {"OPEN", true}, {"TAKEN", true}, {"CUT", true}});
  for (const auto& [name, what] : {std::pair("front", "from OCS, TCP"), std::pair("front-tls", "from OCS, TLS"),
                                   std::pair("egress", "to OCS")}) {
    for (const Door& door : doors) {
      if (door.name == name)
        table.add({what, std::to_string(door.open), std::to_string(door.taken), std::to_string(door.cut)});
    }
  }
  return table.empty() ? "" : "\n" + table.text();
}

template <class Number>
std::string member(const std::string& name, Number value) {
  return ",\"" + name + "\":" + std::to_string(value);
}

}  // namespace

bool takes_new_dialogs(const Server& node) {
  return (node.status.starts_with("UP") || node.status == "no check") && node.weight > 0;
}

// With a weight of 0 a node is kept free of new dialogs, by its agent ("up 0%") or by an administrator.
std::string state_of(const Server& node) {
  if (takes_new_dialogs(node)) return "takes new dialogs";
  if (node.status.starts_with("DOWN")) return "down";
  if (node.status.starts_with("MAINT")) return "in maintenance";
  if (node.status.starts_with("DRAIN") && node.weight > 0) return "drained here";
  return "drained by itself";
}

std::string front_report(const FrontState& state) {
  Table table({{"NODE"},
               {"STATE"},
               {"DIALOGS", true},
               {"PLACED", true},
               {"FAILED", true},
               {"HAPROXY"},
               {"WEIGHT", true},
               {"CHECK"},
               {"AGENT"},
               {"SINCE"}});
  for (const Server& node : state.nodes) {
    table.add({full_name(node.name), state_of(node), std::to_string(node.dialogs), std::to_string(node.placed),
               std::to_string(node.failed), node.status, std::to_string(node.weight), node.check, node.agent,
               duration_text(static_cast<std::int64_t>(node.changed))});
  }
  return table.text() + doors_report(state.doors);
}

std::string node_json(const Server& node) {
  return "{\"node\":" + admin::to_json(full_name(node.name)) + ",\"state\":" + admin::to_json(state_of(node)) +
         ",\"status\":" + admin::to_json(node.status) + member("weight", node.weight) +
         member("dialogs", node.dialogs) + member("placed", node.placed) + member("failed", node.failed) +
         ",\"check\":" + admin::to_json(node.check) + ",\"agent\":" + admin::to_json(node.agent) +
         member("changed_seconds", node.changed) + "}";
}

std::string front_json(const FrontState& state) {
  std::string out = "{\"nodes\":[";
  for (const Server& node : state.nodes)
    out += (out.back() == '[' ? "" : ",") + node_json(node);
  out += "],\"listeners\":[";
  for (const Door& door : state.doors)
    out += (out.back() == '[' ? "{\"name\":" : ",{\"name\":") + admin::to_json(door.name) +
           member("open", door.open) + member("taken", door.taken) + member("cut", door.cut) + "}";
  return out + "]}\n";
}

}  // namespace linebridge::cli
