#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "net/shell.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/cluster_file.hpp"
#include "tests/simulators/cucm/console.hpp"

namespace {

using namespace linebridge;
using namespace linebridge::sim::cucm;

constexpr std::string_view usage =
    "Simulated CTI Managers of a Cisco Unified CM cluster, with phones.\n"
    "\n"
    "  linebridge-sim-cucm run CLUSTER.toml [--control SOCKET] [--log FILE] [--trace FILE] [--script FILE]\n"
    "  linebridge-sim-cucm control SOCKET COMMAND...\n"
    "\n"
    "run prints a line \"cti NAME ADDRESS:PORT\" for each CTI Manager and \"ready\" last; SIGTERM ends it.\n"
    "CLUSTER.toml is explained by tests/data/lab/cucm.toml. The log goes to standard error unless --log is "
    "given.\n"
    "--trace writes what CTI Managers and phones tell each other to a file as it comes, JSON a line.\n"
    "--script begins a script once all is ready; tests/data/cti/scripts has examples.\n"
    "control prints the answer and exits with 0, or with 1 if the command was refused.\n"
    "\n"
    "Commands:\n";

int wrong_usage(std::string_view what) {
  std::cerr << "linebridge-sim-cucm: " << what << "\nTry linebridge-sim-cucm --help\n";
  return 2;
}

int failure(std::string_view what) {
  std::cerr << "linebridge-sim-cucm: " << what << '\n';
  return 1;
}

/// Lines with the seconds since the start.
class FileLog final : public Log {
public:
  bool open(const std::string& path) {
    file_.reset(std::fopen(path.c_str(), "w"));
    return file_ != nullptr;
  }
  void clock(TimePoint now) {
    if (start_ == TimePoint{}) start_ = now;
    seconds_ = std::chrono::duration<double>(now - start_).count();
  }
  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    const std::string text = render(kind, fields), level(level_name(kind.level)), id(kind.id);
    std::FILE* to = file_ ? file_.get() : stderr;
    std::fprintf(to, "%9.3f %-7s %s %s\n", seconds_, level.c_str(), id.c_str(), text.c_str());
    std::fflush(to);
  }

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  TimePoint start_{};
  double seconds_ = 0;
};

/// The steps of phones, as they come.
class TraceFile {
public:
  /// Without a path nothing is written.
  explicit TraceFile(const std::string& path) {
    if (!path.empty()) file_.open(path, std::ios::trunc);
  }
  bool good() const { return bool(file_); }
  void write(const Cluster& cluster) {
    const PhoneTrace& trace = cluster.phone_trace();
    if (!file_.is_open() || trace.added() == written_) return;
    for (const PhoneTrace::Step& step : trace.steps()) {
      if (step.number > written_) file_ << show_step(step, cluster.wall_us()) << '\n';
    }
    written_ = trace.added();
    file_.flush();
  }

private:
  std::ofstream file_;
  std::uint64_t written_ = 0;
};

std::int64_t wall_offset_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count() -
         duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

struct Run {
  std::string file, control, log, trace, script;
};

/// Errors: malformed, with what is wrong in words.
Result<Run> read_run(const std::vector<std::string>& words) {
  Run run;
  const std::map<std::string_view, std::string*> options = {
      {"--control", &run.control}, {"--log", &run.log}, {"--trace", &run.trace}, {"--script", &run.script}};
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    const auto option = options.find(word);
    if (option != options.end()) {
      if (++at == words.size()) return Error{Errc::malformed, word + " needs a path"};
      *option->second = words[at];
    } else if (word.starts_with("-")) {
      return Error{Errc::malformed, "run has no option " + word};
    } else if (!run.file.empty()) {
      return Error{Errc::malformed, "run takes one cluster's file, and there is " + word + " too"};
    } else {
      run.file = word;
    }
  }
  if (run.file.empty()) return Error{Errc::malformed, "run needs a cluster's file"};
  return run;
}

/// Errors: not_found.
Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return Error{Errc::not_found, "cannot read " + path};
  return text;
}

/// Of a path: its last part without blanks.
std::string script_name(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isspace(c) != 0; }, '_');
  return name;
}

std::string absolute(const std::string& path) {
  return path.starts_with('/') ? path : std::filesystem::absolute(path).string();
}

Random system_random() {
  const auto device = std::make_shared<std::random_device>();
  return Random([device](std::span<std::uint8_t> out) {
    for (std::uint8_t& byte : out)
      byte = static_cast<std::uint8_t>((*device)());
  });
}

/// Opens all sockets. Empty: done; else what is wrong.
std::string listen_all(net::Shell& shell, Cluster& cluster, const std::string& control) {
  std::string lines;
  for (std::size_t at = 0; at < cluster.managers().size(); ++at) {
    const ManagerSpec& manager = cluster.spec().managers[at];
    const auto bound = shell.listen(Listener::cti, manager.listen);
    if (!bound) return manager.name + ": " + bound.error().detail;
    cluster.bound(at, bound.value());
    lines += "cti " + manager.name + " " + to_text(bound.value()) + "\n";
  }
  if (!control.empty()) {
    const auto bound = shell.listen(Listener::control, {absolute(control), 0});
    if (!bound) return "control socket: " + bound.error().detail;
  }
  std::cout << lines << "ready" << std::endl;
  return {};
}

/// Reads and checks the script of a run; false when its problems were printed.
bool load_script(const std::string& path, const Cluster& cluster, std::optional<Script>& script) {
  if (path.empty()) return true;
  const Result<std::string> text = read_file(path);
  if (!text) return failure(text.error().detail), false;
  auto read = parse_script(text.value(), script_name(path),
                           [&cluster](std::string_view command) { return check_command(cluster, command); });
  if (const auto* problems = std::get_if<ScriptProblems>(&read)) {
    for (const std::string& problem : *problems)
      std::cerr << path << ": " << problem << '\n';
    return false;
  }
  script = std::get<Script>(std::move(read));
  return true;
}

int run(const Run& wanted) {
  const auto loaded = load_cluster(wanted.file);
  if (const auto* problems = std::get_if<Problems>(&loaded)) {
    for (const std::string& problem : *problems)
      std::cerr << wanted.file << ": " << problem << '\n';
    return 1;
  }
  const auto& spec = std::get<ClusterSpec>(loaded);
  FileLog log;
  if (!wanted.log.empty() && !log.open(wanted.log)) return failure("cannot write " + wanted.log);
  Counters counters;
  net::Shell shell({}, counters, log);
  Random random = system_random();
  const LoginKey key = LoginKey::make();
  Cluster cluster(spec, key, random, log, std::chrono::steady_clock::now());
  cluster.wall_clock(wall_offset_us());
  TraceFile trace(wanted.trace);
  if (!trace.good()) return failure("cannot write " + wanted.trace);
  std::optional<Script> script;
  if (!load_script(wanted.script, cluster, script)) return 1;
  const std::string wrong = listen_all(shell, cluster, wanted.control.empty() ? spec.control : wanted.control);
  if (!wrong.empty()) return failure(wrong);
  shell.run([&](const net::Shell::Event& event, TimePoint now) {
    log.clock(now);
    if (script) (void)cluster.start_script(*std::exchange(script, std::nullopt), now);
    cluster.on(event, now, shell);
    trace.write(cluster);
    if (cluster.finished()) shell.quit();
    return cluster.next_deadline();
  });
  return 0;
}

/// Says one command to a control socket and waits for its line.
class Question {
public:
  Question(net::Shell& shell, std::string command) : shell_(shell), command_(std::move(command)) {}

  void on(const net::Shell::Event& event) {
    std::visit(Overloaded{[&](const Opened& up) { shell_.to(up.peer).append(command_).push_back('\n'); },
                          [&](const Bytes& bytes) {
                            answer_.append(bytes.bytes);
                            if (answer_.ends_with('\n')) shell_.quit();
                          },
                          [&](const Closed&) { shell_.quit(); }, [&](const Stop&) { shell_.quit(); },
                          [](const auto&) {}},
               event);
  }
  /// Empty: nobody answered.
  std::string_view answer() const { return std::string_view(answer_).substr(0, answer_.rfind('\n')); }

private:
  net::Shell& shell_;
  std::string command_, answer_;
};

/// What is said to the control socket: the words in a line, or a script with all its lines.
/// Errors: malformed (nothing that can be said), not_found (no such file).
Result<std::string> spoken(std::span<const std::string> words) {
  const bool is_file = words.size() == 2 && words[0] == "script" && words[1] != "list" && words[1] != "stop";
  if (is_file) {
    const Result<std::string> text = read_file(words[1]);
    if (!text) return text;
    std::string script = text.value();
    if (!script.ends_with('\n')) script.push_back('\n');
    const auto lines = std::count(script.begin(), script.end(), '\n');
    script.pop_back();
    return "script start " + script_name(words[1]) + " " + std::to_string(lines) + "\n" + script;
  }
  std::string command;
  for (const std::string& word : words)
    command.append(command.empty() ? "" : " ").append(word);
  if (command.find('\n') != std::string::npos) return Error{Errc::malformed, "a command is one line"};
  return command;
}

/// How long to wait for the answer.
Duration patience(std::span<const std::string> words) {
  constexpr std::chrono::seconds usual{30};
  return words[0] == "wait" ? usual + patience_of(words) : usual;
}

int control(const std::vector<std::string>& words) {
  if (words.size() < 3) return wrong_usage("control needs a socket and a command");
  const std::span<const std::string> command = std::span(words).subspan(2);
  const Result<std::string> said = spoken(command);
  if (!said) {
    return said.error().code == Errc::malformed ? wrong_usage(said.error().detail)
                                                : failure(said.error().detail);
  }
  Counters counters;
  NoLog log;
  net::Shell shell({}, counters, log);
  Question question(shell, said.value());
  shell.dial({{absolute(words[1]), 0}, {}, false, std::chrono::seconds(5)});
  const TimePoint until = std::chrono::steady_clock::now() + patience(command);
  shell.run([&](const net::Shell::Event& event, TimePoint now) -> std::optional<TimePoint> {
    question.on(event);
    if (now >= until) shell.quit();
    return until;
  });
  std::string_view answer = question.answer();
  if (answer.empty()) return failure("no answer from " + words[1]);
  const bool ok = answer.starts_with("ok ");
  answer.remove_prefix(std::min(answer.find(' ') + 1, answer.size()));
  (ok ? std::cout : std::cerr) << answer << '\n';
  return ok ? 0 : 1;
}

void print_help() {
  std::cout << usage << command_help() << '\n'
            << fault_help() << '\n'
            << script_help() << '\n'
            << condition_help();
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> words(values + 1, values + count);
  if (words.empty()) return wrong_usage("say run or control");
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_help();
    return 0;
  }
  try {
    if (words[0] == "run") {
      const Result<Run> wanted = read_run(words);
      return wanted ? run(wanted.value()) : wrong_usage(wanted.error().detail);
    }
    if (words[0] == "control") return control(words);
  } catch (const std::exception& error) {
    return failure(error.what());
  }
  return wrong_usage("say run or control, not " + words[0]);
}
