#include "cli/command_line.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "base/version.hpp"
#include "config/convert.hpp"
#include "cti/qbe/names.hpp"

namespace linebridge::cli {
namespace {

constexpr auto default_file = "/etc/linebridge/linebridge.toml";
constexpr std::chrono::seconds longest_drain = std::chrono::days(7);

/// Where CLI11 leaves what it read, before it becomes a Command.
struct Words {
  std::string file = default_file;
  std::string directory;
  std::uint64_t descriptors = 0;
  std::string role = "both";
  std::string session;
  std::size_t most = 1000;
  std::vector<std::string> users;
  bool once = false;
  bool relative = false;
  std::vector<std::string> also;
  unsigned late = 0;
  std::string from;
  std::string until;
  std::string node;
  std::string wait;
  bool off = false;
  bool json = false;
  std::string input = "-";
  std::uint16_t port = 2748;
  std::vector<std::string> only;
};

void add_config(CLI::App& command, Words& words) {
  command.add_option("-c,--config", words.file, "The site's configuration")
      ->type_name("FILE")
      ->capture_default_str();
}

void add_asked(CLI::App& command, Words& words) {
  add_config(command, words);
  command.add_option("--role", words.role, "Node to ask: publisher, subscriber or both")
      ->type_name("ROLE")
      ->check(CLI::IsMember({"publisher", "subscriber", "both"}))
      ->capture_default_str();
  command.add_flag("--json", words.json, "As JSON, for programs");
}

void add_trace(CLI::App& app, Words& words) {
  auto* trace = app.add_subcommand(
      "trace", "Show what passed lately, or follow users: draw what passes of their sessions as it comes");
  add_asked(*trace, words);
  auto* session =
      trace->add_option("--session", words.session, "Only that session; status shows the ids")->type_name("ID");
  auto* most = trace->add_option("--most", words.most, "Lines of each node at most")
                   ->type_name("N")
                   ->check(CLI::Range(1, 100'000))
                   ->capture_default_str();
  trace
      ->add_option("USER", words.users,
                   "Follow these until Ctrl-C: \"alice\", \"alice@example.test\" or \"sip:alice@example.test\"")
      ->excludes(session)
      ->excludes(most);
  auto* users = trace->get_option("USER");
  auto* once =
      trace->add_flag("--once", words.once, "Of users: what is there already, and no more")->needs(users);
  trace->add_flag("--relative", words.relative, "Of users: seconds since the first line, not the time of day");
  auto* also =
      trace
          ->add_option(
              "--also", words.also,
              "Of users: a file to which another process appends what passed it, JSON a line with at_us, "
              "from, to, text, detail, and call_id, user or line; may be repeated")
          ->type_name("FILE")
          ->allow_extra_args(false)
          ->needs(users);
  trace
      ->add_option("--late", words.late,
                   "Of users: clients trace into the files of --also, from which their lines come so many "
                   "seconds late at most")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 60))
      ->needs(also);
  trace->add_option("--from", words.from, "Draw what was saved from --json; - is standard input")
      ->type_name("FILE")
      ->excludes(session)
      ->excludes(once)
      ->excludes(also);
  trace->footer(
      "Of users a step is a line: its time, the session, where it went. A message that the front end and a "
      "node\n"
      "both saw is one line, with a mark at the front end's place.\n\n"
      "Example:\n"
      "  linebridge trace alice --json > alice.json\n"
      "  linebridge trace --from alice.json --relative");
}

/// Empty, or what is wrong with a time like "30m".
std::string problem_of_time(const std::string& text) {
  const auto time = config::duration({text, 0}, std::chrono::seconds(1), longest_drain);
  return time ? "" : time.error().detail;
}

void add_drain(CLI::App& app, Words& words) {
  auto* drain = app.add_subcommand(
      "drain", "Keep new sessions away from a node; those that are there stay and are served");
  add_config(*drain, words);
  // Both at once would close the site.
  drain->add_option("--role", words.role, "The node: publisher or subscriber")
      ->type_name("ROLE")
      ->check(CLI::IsMember({"publisher", "subscriber"}))
      ->required();
  auto* until =
      drain->add_option("--until", words.until, "After that long, \"30m\" say, the sessions left are ended")
          ->type_name("TIME")
          ->check(problem_of_time);
  drain->add_flag("--off", words.off, "End the drain: new sessions are taken again")->excludes(until);
  drain->add_flag("--json", words.json, "As JSON, for programs");
}

/// Seconds, with their unit or without.
std::string with_unit(const std::string& text) {
  const bool bare = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return bare ? text + "s" : text;
}

CLI::App* add_front_order(CLI::App& front, Words& words, const std::string& name, const std::string& help) {
  auto* order = front.add_subcommand(name, help);
  add_config(*order, words);
  order->add_option("NODE", words.node, "publisher or subscriber")
      ->check(CLI::IsMember({"publisher", "subscriber"}))
      ->required();
  order->add_flag("--json", words.json, "As JSON, for programs");
  return order;
}

void add_front(CLI::App& app, Words& words) {
  auto* front = app.add_subcommand("front", "See and change what HAProxy does with the nodes");
  front->require_subcommand(1);
  auto* status = front->add_subcommand(
      "status", "Show what HAProxy thinks of both nodes, and the connections from and to OCS");
  add_config(*status, words);
  status->add_flag("--json", words.json, "As JSON, for programs");
  status->footer(
      "PLACED and FAILED count since HAProxy was started or reloaded: dialogs given to the node, and connects "
      "to it\n"
      "that failed. HAPROXY, WEIGHT, CHECK and AGENT are HAProxy's own words, SINCE how long the state lasts.\n"
      "CUT counts connections that were not let in: of hosts or names that are not listed, or too many.");
  auto* drain = add_front_order(*front, words, "drain",
                                "Place no new dialogs on a node; those that are there stay and are served");
  drain
      ->add_option(
          "--wait", words.wait,
          "Wait that long for the last of its dialogs, \"90s\" say, and show how many are left; exit code 1 "
          "if there are any then")
      ->type_name("TIME")
      ->check([](const std::string& text) { return problem_of_time(with_unit(text)); });
  drain->footer(
      "HAProxy forgets it when it is restarted. 'linebridge drain' tells the node itself, which can also end\n"
      "the sessions that are left.\n\n"
      "Example:\n"
      "  linebridge front drain publisher --wait 10m && systemctl restart linebridge-gateway@publisher\n"
      "  linebridge front ready publisher");
  add_front_order(*front, words, "ready", "End a drain: the node gets new dialogs again");
  add_front_order(
      *front, words, "end",
      "Close a node's connections; a client that goes on is placed anew, on the same node if that is up");
}

/// The id of a message given by number or name.
std::optional<std::uint32_t> message_of(const std::string& text) {
  if (const auto id = to_number<std::uint32_t>(text)) return id;
  for (std::uint32_t id = 0; id <= cti::qbe::last_id; ++id)
    if (const auto name = cti::qbe::name_of(id); !name.empty() && iequals(name, text)) return id;
  return std::nullopt;
}

std::string problem_of_message(const std::string& text) {
  return message_of(text) ? "" : "no message of the CTI protocol is called " + text;
}

void add_cti(CLI::App& app, Words& words) {
  auto* cti = app.add_subcommand("cti", "Look at the CTI protocol (CTI/QBE) that CTI Managers speak");
  cti->require_subcommand(1);
  auto* decode = cti->add_subcommand(
      "decode",
      "Show the messages of a capture, and all that is not as this program knows the protocol; "
      "exit code 1 if there is such a thing");
  decode
      ->add_option("FILE", words.input,
                   "pcap, pcapng, or bytes in hex (plain, xxd, hexdump -C, tshark -x); "
                   "- is standard input")
      ->capture_default_str();
  decode->add_option("--port", words.port, "TCP port of the CTI Manager")
      ->type_name("N")
      ->capture_default_str();
  decode->add_option("--only", words.only, "Show only messages of this number or name; may be repeated")
      ->type_name("ID|NAME")
      ->allow_extra_args(false)
      ->check(problem_of_message);
  decode->add_flag("--json", words.json, "As JSON, one object a line, for programs");
  decode->footer(
      "Passwords and keys are shown as lengths only. Times are UTC.\n\n"
      "Example:\n"
      "  tcpdump -i any -w cti.pcap tcp port 2748\n"
      "  linebridge cti decode cti.pcap --only NewCallEvent --only 281");
}

void add_commands(CLI::App& app, Words& words) {
  auto* check =
      app.add_subcommand("check-config", "Name every problem of a configuration; exit code 1 if there is one");
  check->add_option("FILE", words.file, "The site's configuration")->capture_default_str();
  check->add_flag("--json", words.json, "As JSON, for programs");

  auto* show = app.add_subcommand("show-config", "Print the configuration in force, defaults included");
  show->add_option("FILE", words.file, "The site's configuration")->capture_default_str();

  auto* render = app.add_subcommand("render", "Write the front end's configuration files");
  add_config(*render, words);
  render->add_option("-o,--out", words.directory, "Directory to write into; made if it is missing")
      ->type_name("DIR")
      ->required();
  render
      ->add_option("--descriptors", words.descriptors,
                   "Files HAProxy may open (LimitNOFILE); by default as many as this command itself may")
      ->type_name("N");

  auto* status =
      app.add_subcommand("status", "Show nodes, CTI links and sessions; exit code 1 if a node is silent");
  add_asked(*status, words);

  add_trace(app, words);
  add_drain(app, words);
  add_front(app, words);
  add_cti(app, words);
  app.add_subcommand("version", "Print the version");
}

std::vector<config::Role> roles_of(const std::string& role) {
  using config::Role;
  if (role == "publisher") return {Role::publisher};
  if (role == "subscriber") return {Role::subscriber};
  return {Role::publisher, Role::subscriber};
}

Command front_command(const std::string& name, const Words& words) {
  if (name == "status") return ShowFront{words.file, words.json};
  using What = OrderFront::What;
  const auto wait = config::duration({with_unit(words.wait), 0}, std::chrono::seconds(1), longest_drain);
  return OrderFront{name == "drain"   ? What::drain
                    : name == "ready" ? What::ready
                                      : What::end,
                    words.file, roles_of(words.node).front(), wait ? wait.value() : std::chrono::seconds(0),
                    words.json};
}

Command trace_of(const Asked& whom, const Words& words) {
  if (!words.from.empty()) return DrawTrace{words.from, words.users, words.relative};
  if (words.users.empty()) return ShowTrace{whom, words.session, words.most};
  return FollowTrace{whom,           words.users, words.once,
                     words.relative, words.also,  std::chrono::seconds(words.late)};
}

Command command_of(const std::string& name, const Words& words) {
  if (name == "check-config") return CheckConfig{words.file, words.json};
  if (name == "show-config") return ShowConfig{words.file};
  if (name == "render") return Render{words.file, words.directory, words.descriptors};
  const Asked whom{words.file, roles_of(words.role), words.json};
  if (name == "status") return ShowStatus{whom};
  if (name == "trace") return trace_of(whom, words);
  if (name == "drain") {
    const auto most = config::duration({words.until, 0}, std::chrono::seconds(1), longest_drain);
    return Drain{whom, most ? most.value() : std::chrono::seconds(0), words.off};
  }
  if (name == "cti") {
    DecodeCti decode{words.input, words.json, words.port, {}};
    for (const auto& text : words.only)
      decode.only.insert(*message_of(text));
    return decode;
  }
  return ShowVersion{};
}

}  // namespace

std::variant<Command, Exit> parse(const std::vector<std::string>& words) {
  CLI::App app("Linebridge: remote call control of Cisco phones for Office Communicator.", "linebridge");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(version()));
  Words read;
  add_commands(app, read);

  try {
    std::vector<std::string> backwards(words.rbegin(), words.rend());  // CLI11 takes them off the back
    app.parse(backwards);
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out;
    std::ostringstream error;
    const int code = app.exit(problem, out, error);
    return Exit{code == 0 ? 0 : wrong_usage, out.str(), error.str()};
  }
  const CLI::App* chosen = app.get_subcommands().front();
  if (chosen->get_name() == "front") return front_command(chosen->get_subcommands().front()->get_name(), read);
  return command_of(chosen->get_name(), read);
}

}  // namespace linebridge::cli
