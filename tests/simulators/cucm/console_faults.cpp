#include "tests/simulators/cucm/console_faults.hpp"

#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/json.hpp"

namespace linebridge::sim::cucm {
namespace {

std::string show_faults(const Faults& faults) {
  Json json;
  json.begin_array();
  for (const Faults::Rule& rule : faults.rules()) {
    json.begin_object();
    json.key("id").number(rule.id);
    json.key("cti").text(rule.manager);
    json.key("fault").text(rule.text);
    json.key("met").number(static_cast<std::int64_t>(rule.met));
    if (rule.left) json.key("left").number(static_cast<std::int64_t>(*rule.left));
    json.end_object();
  }
  json.end_array();
  return json.line();
}

std::string show_scripts(const Scripts& scripts) {
  Json json;
  json.begin_array();
  for (const Scripts::Running& running : scripts.running()) {
    json.begin_object().key("script").text(running.script.name).key("waiting").begin_array();
    for (std::size_t at = 0; at < running.lines.size(); ++at) {
      if (running.lines[at].said < running.script.lines[at].times) {
        json.number(static_cast<std::int64_t>(running.script.lines[at].number));
      }
    }
    json.end_array().end_object();
  }
  json.end_array();
  return json.line();
}

bool is_list(std::span<const std::string> words) {
  return words.size() == 2 && words[1] == "list";
}
bool is_clear(std::span<const std::string> words) {
  return words.size() >= 2 && words.size() <= 3 && words[1] == "clear";
}

}  // namespace

Status check_fault(const Cluster& cluster, std::span<const std::string> words) {
  if (is_list(words) || is_clear(words)) return Done{};
  const Result<Fault> fault = parse_fault(words.subspan(1));
  if (!fault) return fault.error();
  const std::string& name = fault.value().manager;
  if (name == "all" || cluster.has_manager(name)) return Done{};
  return Error{Errc::not_found, "no CTI Manager of that name: " + name};
}

Reply fault_command(Cluster& cluster, std::span<const std::string> words, TimePoint now, Outbox& out) {
  if (is_list(words)) return {true, show_faults(cluster.faults())};
  if (is_clear(words)) {
    const std::size_t count = cluster.clear_faults(words.size() == 3 ? words[2] : "", now, out);
    return {count > 0 || words.size() == 2, std::to_string(count) + " cleared"};
  }
  const Result<Fault> fault = parse_fault(words.subspan(1));
  if (!fault) return {false, fault.error().detail};
  const auto added = cluster.add_fault(fault.value(), now, out);
  if (!added) return {false, added.error().detail};
  return {true, added.value() == 0 ? "done" : "fault " + std::to_string(added.value())};
}

Reply script_command(Cluster& cluster, std::span<const std::string> words) {
  if (is_list(words)) return {true, show_scripts(cluster.scripts())};
  if (words[1] != "stop") return {false, "say script list or script stop [NAME]"};
  const std::size_t count = cluster.stop_scripts(words.size() == 3 ? words[2] : "");
  return {count > 0 || words.size() == 2, std::to_string(count) + " stopped"};
}

}  // namespace linebridge::sim::cucm
