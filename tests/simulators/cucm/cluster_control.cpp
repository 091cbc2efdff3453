#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "base/text.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/console.hpp"
#include "tests/simulators/cucm/console_people.hpp"

// The control socket of a cluster, and the scripts that say commands in its place.
namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t longest_command = 4096;
constexpr std::size_t most_script_lines = 5000;

void reply(std::string& to, bool ok, std::string_view text) {
  to.append(ok ? "ok " : "error ").append(text).push_back('\n');
}

}  // namespace

void Cluster::control_bytes(PeerId peer, std::string_view bytes, TimePoint now, Outbox& out) {
  const auto found = controls_.find(peer);
  if (found == controls_.end()) return;
  found->second.buffer.append(bytes);
  control_lines(peer, found->second, now, out);
}

void Cluster::control_lines(PeerId peer, Control& control, TimePoint now, Outbox& out) {
  std::string& buffer = control.buffer;
  while (!control.waiting) {
    const std::size_t end = buffer.find('\n');
    if (end == std::string::npos) break;
    const std::string line = buffer.substr(0, end);
    buffer.erase(0, end + 1);
    if (control.script_lines > 0) {
      script_line(peer, control, line, now, out);
    } else {
      control_line(peer, control, line, now, out);
    }
  }
  if (buffer.size() > longest_command) out.close(peer, Flush::yes);
}

void Cluster::control_line(PeerId peer, Control& control, std::string_view line, TimePoint now, Outbox& out) {
  const std::vector<std::string> words = command_words(line);
  if (!words.empty() && words[0] == "wait") {
    const auto condition = parse_condition(*this, std::span(words).subspan(1));
    if (!condition) return reply(out.to(peer), false, condition.error().detail);
    control.waiting = condition.value();
    control.until = now + condition.value().within;
    return;  // Answered when the turn has settled.
  }
  if (words.size() == 4 && words[0] == "script" && words[1] == "start") {
    const auto lines = to_number<std::size_t>(words[3]);
    if (!lines || *lines == 0 || *lines > most_script_lines)
      return reply(out.to(peer), false, "how many lines?");
    control.script_name = words[2];
    control.script_lines = *lines;
    return;
  }
  const Reply answer = say(line, now, out);
  reply(out.to(peer), answer.ok, answer.text);
}

/// Commands of people are what somebody does at a phone.
Reply Cluster::say(std::string_view line, TimePoint now, Outbox& out) {
  const std::vector<std::string> words = command_words(line);
  distribute(now);
  by_people_ = !words.empty() && people_commands().contains(words.front());
  Reply answer = obey(*this, line, now, out);
  distribute(now);
  by_people_ = false;
  return answer;
}

void Cluster::script_line(PeerId peer, Control& control, std::string_view line, TimePoint now, Outbox& out) {
  control.script.append(line).push_back('\n');
  if (--control.script_lines > 0) return;
  const auto script = parse_script(std::exchange(control.script, {}), control.script_name,
                                   [this](std::string_view command) { return check_command(*this, command); });
  if (const auto* problems = std::get_if<ScriptProblems>(&script)) {
    std::string all;
    for (const std::string& problem : *problems)
      all.append(all.empty() ? "" : "; ").append(problem);
    return reply(out.to(peer), false, all);
  }
  const Status started = start_script(std::get<Script>(script), now);
  reply(out.to(peer), bool(started), started ? "started" : started.error().detail);
}

bool Cluster::answer_waits(TimePoint now, Outbox& out) {
  bool any = false;
  for (auto& [peer, control] : controls_) {
    if (!control.waiting) continue;
    const bool holding = holds(*control.waiting, *this);
    if (!holding && now < control.until) continue;
    const std::string text = std::exchange(control.waiting, std::nullopt)->text;
    reply(out.to(peer), holding, holding ? text : "not in time: " + text);
    control_lines(peer, control, now, out);
    any = true;
  }
  return any;
}

Status Cluster::start_script(Script script, TimePoint now) {
  log_.write(catalogue::sim_script, {{"script", script.name}, {"result", "started"}});
  return scripts_.start(std::move(script), now);
}

std::size_t Cluster::stop_scripts(std::string_view name) {
  for (const auto& running : scripts_.running()) {
    if (name.empty() || running.script.name == name) {
      log_.write(catalogue::sim_script, {{"script", running.script.name}, {"result", "stopped"}});
    }
  }
  return scripts_.stop(name);
}

bool Cluster::run_scripts(TimePoint now, Outbox& out) {
  bool any = false;
  while (const auto due = scripts_.take_due(now)) {
    const Reply answer = say(due->command, now, out);
    log_.write(catalogue::sim_script, {{"script", due->script},
                                       {"line", std::to_string(due->line)},
                                       {"command", due->command},
                                       {"result", (answer.ok ? "ok " : "error ") + answer.text}});
    any = true;
  }
  return any;
}

void Cluster::watch(const Outgoing& output, const Connection& connection, TimePoint now) {
  for (const Outgoing::Part& part : output.parts)
    scripts_.saw(part.id, connection.provider->user(), name_of(connection), now);
}

}  // namespace linebridge::sim::cucm
