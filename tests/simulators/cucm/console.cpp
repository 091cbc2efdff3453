#include "tests/simulators/cucm/console.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "base/text.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/console_admin.hpp"
#include "tests/simulators/cucm/console_faults.hpp"
#include "tests/simulators/cucm/console_people.hpp"
#include "tests/simulators/cucm/json.hpp"
#include "tests/simulators/cucm/show.hpp"

namespace linebridge::sim::cucm {
namespace {

using Words = std::vector<std::string>;

struct Context {
  Cluster& cluster;
  const Words& words;  ///< [0] is the command.
  TimePoint now;
  Outbox& out;
};

Reply cti(const Context& context) {
  using Mode = Cluster::Mode;
  static const std::map<std::string, Mode, std::less<>> modes = {
      {"accept", Mode::accept}, {"refuse", Mode::refuse}, {"silence", Mode::silence}};
  const std::string &name = context.words[1], &what = context.words[2];
  const auto mode = modes.find(what);
  if (mode == modes.end() && what != "drop") return {false, "say accept, refuse, silence or drop"};
  const Status done = mode == modes.end() ? context.cluster.drop(name, context.out)
                                          : context.cluster.set_mode(name, mode->second, context.out);
  return done ? Reply{true, "done"} : Reply{false, done.error().detail + ": " + name};
}

Reply log(const Context& context) {
  constexpr std::size_t usual = 200;
  const auto most = context.words.size() > 1 ? to_number<std::size_t>(context.words[1]) : usual;
  if (!most) return {false, "how many messages?"};
  return {true, show_traffic(context.cluster, *most)};
}

Reply trace(const Context& context) {
  constexpr std::size_t usual = 200;
  const auto most = context.words.size() > 1 ? to_number<std::size_t>(context.words[1]) : usual;
  if (!most) return {false, "how many steps?"};
  return {true, show_phone_trace(context.cluster, *most)};
}

struct Command {
  std::size_t least_words, most_words;
  Reply (*run)(const Context&);
};

Reply people(const Context& context) {
  return people_commands()
      .at(context.words.front())
      .run({context.cluster.exchange(), context.words, context.now});
}

Reply help(const Context&) {
  Json json;
  json.begin_array();
  for (const std::string_view part : {command_help(), fault_help(), script_help(), condition_help()}) {
    for (const std::string_view line : split(part, '\n')) {
      if (!line.empty()) json.text(line);
    }
  }
  json.end_array();
  return {true, json.line()};
}

Reply admin(const Context& context) {
  return admin_commands().at(context.words.front()).run(context.cluster, context.words);
}

using Commands = std::map<std::string, Command, std::less<>>;

Commands with_others(Commands table) {
  for (const auto& [name, command] : admin_commands())
    table.emplace(name, Command{command.least_words, command.most_words, admin});
  for (const auto& [name, command] : people_commands())
    table.emplace(name, Command{command.least_words, command.most_words, people});
  return table;
}

const Commands& commands() {
  static const Commands table = with_others({
      {"phones",
       {1, 2,
        [](const Context& c) {
          return Reply{true, show_phones(c.cluster.exchange(), c.words.size() > 1 ? c.words[1] : "")};
        }}},
      {"calls", {1, 1, [](const Context& c) { return Reply{true, show_calls(c.cluster.exchange())}; }}},
      {"links", {1, 1, [](const Context& c) { return Reply{true, show_links(c.cluster)}; }}},
      {"log", {1, 2, log}},
      {"trace", {1, 2, trace}},
      {"cti", {3, 3, cti}},
      {"fault", {2, 12, [](const Context& c) { return fault_command(c.cluster, c.words, c.now, c.out); }}},
      {"script", {2, 3, [](const Context& c) { return script_command(c.cluster, c.words); }}},
      {"help", {1, 1, help}},
  });
  return table;
}

Result<const Command*> find_command(const Words& words, std::string_view line) {
  const auto found = words.empty() ? commands().end() : commands().find(words.front());
  if (found == commands().end()) return Error{Errc::not_found, "no such command: " + printable(line, 60)};
  if (words.size() < found->second.least_words || words.size() > found->second.most_words) {
    return Error{Errc::malformed, "wrong number of words for " + words.front()};
  }
  return &found->second;
}

}  // namespace

std::vector<std::string> command_words(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(trim(line), ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Reply obey(Cluster& cluster, std::string_view line, TimePoint now, Outbox& out) {
  const Words words = command_words(line);
  const auto found = find_command(words, line);
  if (!found) return {false, found.error().detail};
  return found.value()->run({cluster, words, now, out});
}

Status check_command(const Cluster& cluster, std::string_view line) {
  const Words words = command_words(line);
  if (!words.empty() && (words[0] == "script" || words[0] == "wait")) {
    return Error{Errc::unsupported, words[0] + " is nothing for a script"};
  }
  const auto found = find_command(words, line);
  if (!found) return found.error();
  return words[0] == "fault" ? check_fault(cluster, words) : Status(Done{});
}

std::string_view command_help() {
  static const std::string text =
      people_help() +
      "  help                        this, as JSON\n"
      "  phones [PHONE|NUMBER]       registration, lines and calls, as JSON\n"
      "  calls                       all calls with their legs, as JSON\n"
      "  links                       CTI Managers, their connections, devices and lines open, calls made, "
      "as JSON\n"
      "  log [N]                     the last N messages (200), as JSON\n"
      "  trace [N]                   the last N things (200) that CTI Managers and phones told each other, as "
      "JSON\n"
      "  cti NAME refuse             new connections are closed at once\n"
      "  cti NAME silence            connections stay up, but nothing is answered or sent\n"
      "  cti NAME accept             normal again; what was silenced is closed\n"
      "  cti NAME drop               all connections are cut\n"
      "  fault NAME|all FAULT        a fault of one CTI Manager or of all, see below\n"
      "  fault list                  the faults in force with what they met, as JSON\n"
      "  fault clear [ID|NAME|all]   ends a fault, those given for NAME or all, or every one\n"
      "  script FILE                 runs a script, see below\n"
      "  script list                 scripts that run, with the lines not done, as JSON\n"
      "  script stop [NAME]          ends them\n"
      "  wait CONDITION [within TIME]  answers when a condition holds, see below\n" +
      std::string(admin_help());
  return text;
}

}  // namespace linebridge::sim::cucm
