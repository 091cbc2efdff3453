#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "console.hpp"
#include "load.hpp"
#include "net/shell.hpp"
#include "net/tls.hpp"
#include "office.hpp"
#include "options.hpp"
#include "show.hpp"

namespace {

using namespace linebridge;
using sim::ocs::Place;

/// Writes what passes to a file, times in seconds since the start; what is odd also to standard error.
class Journal final : public sim::ocs::Witness {
public:
  bool open(const std::string& path) {
    if (path.empty()) return true;
    file_.reset(std::fopen(path.c_str(), "w"));
    return file_ != nullptr;
  }
  void clock(TimePoint now) {
    if (start_ == TimePoint{}) start_ = now;
    seconds_ = std::chrono::duration<double>(now - start_).count();
  }
  void passed(std::string_view from, std::string_view to, std::string_view message) override {
    if (!file_) return;
    std::fprintf(file_.get(), "---- %.3f %.*s > %.*s\n%.*s\n", seconds_, int(from.size()), from.data(),
                 int(to.size()), to.data(), int(message.size()), message.data());
    std::fflush(file_.get());
  }
  void noted(std::string_view what) override {
    std::fprintf(stderr, "%.*s\n", int(what.size()), what.data());
    if (!file_) return;
    std::fprintf(file_.get(), "---- %.3f note: %.*s\n\n", seconds_, int(what.size()), what.data());
    std::fflush(file_.get());
  }
  bool listens() const override { return file_ != nullptr; }

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  TimePoint start_{};
  double seconds_ = 0;
};

/// What passed the clients, to a file as it comes.
class TraceFile {
public:
  /// Without a path nothing is written.
  explicit TraceFile(const std::string& path) {
    if (!path.empty()) file_.open(path, std::ios::trunc);
  }
  bool good() const { return bool(file_); }
  void write(const sim::ocs::Office& office) {
    const auto& log = office.log();
    if (!file_.is_open() || office.logged() == written_) return;
    const auto fresh = std::min<std::uint64_t>(office.logged() - written_, log.size());
    for (std::size_t at = log.size() - fresh; at < log.size(); ++at)
      file_ << sim::ocs::show_passed(log[at]) << '\n';
    written_ = office.logged();
    file_.flush();
  }

private:
  std::ofstream file_;
  std::uint64_t written_ = 0;
};

/// The log lines of the sockets go to standard error.
class ErrorLog final : public Log {
public:
  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    if (kind.level >= Level::warning) std::cerr << render(kind, fields) << '\n';
  }
};

int failure(std::string_view what) {
  std::cerr << "linebridge-sim-ocs: " << what << '\n';
  return 1;
}

int wrong_usage(std::string_view what) {
  std::cerr << "linebridge-sim-ocs: " << what << "\nTry linebridge-sim-ocs --help\n";
  return 2;
}

std::string absolute(const std::string& path) {
  return path.starts_with('/') ? path : std::filesystem::absolute(path).string();
}

Random fresh_random() {
  std::random_device device;
  return Random(repeatable((std::uint64_t{device()} << 32U) | device()));
}

/// Errors: not_found.
Result<net::Pem> read_pem(const std::string& path) {
  if (path.empty()) return net::Pem{};
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return Error{Errc::not_found, "cannot read " + path};
  return net::Pem{text, path};
}

Result<net::TlsSettings> tls_settings(const sim::ocs::TlsFiles& files) {
  net::TlsSettings settings;
  const std::array<std::pair<const std::string*, net::Pem*>, 3> wanted = {
      {{&files.authorities, &settings.authorities},
       {&files.certificate, &settings.certificate},
       {&files.key, &settings.key}}};
  for (const auto& [path, to] : wanted) {
    auto pem = read_pem(*path);
    if (!pem) return pem.error();
    *to = std::move(pem).value();
  }
  return settings;
}

/// Opens what a place has. Value: who we are in Via and Record-Route.
Result<sim::ocs::HostPort> open_place(net::Shell& shell, const Place& place, std::ostream& out) {
  const auto bound = shell.listen(Listener::sip, place.listen);
  if (!bound) return bound.error();
  sim::ocs::HostPort self{bound.value().host, bound.value().port};
  out << "listening " << to_text(bound.value()) << '\n';
  if (place.tls.on || !place.listen_tls.host.empty()) {
    const auto settings = tls_settings(place.tls);
    if (!settings) return settings.error();
    const auto client = net::TlsContext::client(settings.value());
    if (!client) return client.error();
    shell.dial_tls(place.server.tls_settings, client.value());
    if (!place.listen_tls.host.empty()) {
      const auto server = net::TlsContext::server(settings.value());
      if (!server) return server.error();
      const auto secure = shell.listen_tls(Listener::sip, place.listen_tls, server.value());
      if (!secure) return secure.error();
      out << "listening tls " << to_text(secure.value()) << '\n';
      if (place.tls.on) self = {secure.value().host, secure.value().port};
    }
  }
  if (!place.name.empty()) self.host = place.name;
  return self;
}

sim::ocs::Settings server_settings(const Place& place, Random& random) {
  sim::ocs::Settings settings = place.server;
  settings.tls = place.tls.on;
  settings.tls_host = place.tls.host;
  settings.mark = random.hex(32) + "x";
  return settings;
}

Duration wall_minus_steady() {
  return std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()) -
         std::chrono::steady_clock::now().time_since_epoch();
}

void add_clients(sim::ocs::Office& office, const sim::ocs::Options& options) {
  constexpr std::uint16_t first_port = 30000;
  for (const auto& user : options.clients) {
    sim::ocs::ClientSettings client;
    client.user = user;
    client.flavour = options.server.site.flavour;
    client.line_server = options.server.site.line_server;
    client.at = {"198.51.100.7", static_cast<std::uint16_t>(first_port + office.size())};
    client.silent = options.silent;
    client.session = options.session;
    office.add(std::move(client));
  }
}

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

int run(const sim::ocs::Options& options) {
  constexpr std::size_t log_lines = 20000;
  Journal journal;
  if (!journal.open(options.log)) return failure("cannot write " + options.log);
  TraceFile trace(options.trace);
  if (!trace.good()) return failure("cannot write " + options.trace);
  Counters counters;
  ErrorLog log;
  net::Shell shell({}, counters, log);
  Random random = fresh_random();
  const auto self = open_place(shell, options, std::cout);
  if (!self) return failure(self.error().detail);
  if (!options.control.empty()) {
    const auto control = shell.listen(Listener::control, {absolute(options.control), 0});
    if (!control) return failure("control socket: " + control.error().detail);
  }
  sim::ocs::Office office(server_settings(options, random), self.value(), journal, random);
  office.keep_log(log_lines, wall_minus_steady());
  add_clients(office, options);
  sim::ocs::Console console(office);
  std::cout << "ready" << std::endl;
  bool begun = false;
  shell.run([&](const net::Shell::Event& event, TimePoint now) {
    journal.clock(now);
    if (!console.on(event, now, shell)) office.on(event, now, shell);
    if (!std::exchange(begun, true) && options.sign_in)
      for (std::size_t i = 0; i < office.size(); ++i)
        (void)office.order(i, [](auto& client, TimePoint at) { return client.sign_in(at); }, now, shell);
    console.look(now, shell);
    trace.write(office);
    if (std::holds_alternative<Stop>(event)) shell.quit();
    return earlier(office.next_deadline(), console.next_deadline());
  });
  return 0;
}

/// Says one line to a control socket and waits for its answer. Empty: nobody answered.
std::string ask(const std::string& socket, const std::string& line, Duration patience) {
  Counters counters;
  NoLog log;
  net::Shell shell({}, counters, log);
  std::string answer;
  shell.dial({{absolute(socket), 0}, {}, false, std::chrono::seconds(5)});
  const TimePoint until = std::chrono::steady_clock::now() + patience;
  shell.run([&](const net::Shell::Event& event, TimePoint now) -> std::optional<TimePoint> {
    if (const auto* const up = std::get_if<Opened>(&event)) shell.to(up->peer).append(line).push_back('\n');
    if (const auto* const bytes = std::get_if<Bytes>(&event)) answer += bytes->bytes;
    const bool over = std::holds_alternative<Closed>(event) || std::holds_alternative<Stop>(event);
    if (over || answer.ends_with('\n') || now >= until) shell.quit();
    return until;
  });
  return answer.substr(0, answer.rfind('\n'));
}

int control(const std::vector<std::string_view>& words) {
  if (words.size() < 3) return wrong_usage("control needs a socket and a command");
  const std::vector<std::string> command(words.begin() + 2, words.end());
  std::string line;
  for (const auto& word : command)
    line.append(line.empty() ? "" : " ").append(word);
  if (line.find('\n') != std::string::npos) return wrong_usage("a command is one line");
  const std::string socket(words[1]);
  std::string_view answer;
  const std::string said = ask(socket, line, std::chrono::seconds(30) + sim::ocs::patience_of(command));
  answer = said;
  if (answer.empty()) return failure("no answer from " + socket);
  const bool good = answer.starts_with("ok ");
  answer.remove_prefix(std::min(answer.find(' ') + 1, answer.size()));
  (good ? std::cout : std::cerr) << answer << '\n';
  return good ? 0 : 1;
}

/// The report, and the exit status.
int tell(const sim::ocs::Load& load, bool json) {
  const auto totals = load.totals();
  std::cout << (json ? load.report().json(totals) + "\n" : load.report().table(totals)) << std::flush;
  return load.report().errors() == 0 ? 0 : 1;
}

int load(const sim::ocs::LoadOptions& options) {
  Journal journal;
  if (!journal.open(options.log)) return failure("cannot write " + options.log);
  Counters counters;
  ErrorLog log;
  net::Shell shell({}, counters, log);
  Random random = fresh_random();
  const auto self = open_place(shell, options, std::cerr);
  if (!self) return failure(self.error().detail);
  sim::ocs::Office office(server_settings(options, random), self.value(), journal, random);
  sim::ocs::Load load(options, office, random);
  TimePoint next_word{};
  bool begun = false;
  shell.run([&](const net::Shell::Event& event, TimePoint now) -> std::optional<TimePoint> {
    constexpr std::chrono::seconds pause{1};
    journal.clock(now);
    office.on(event, now, shell);
    if (!std::exchange(begun, true)) {
      next_word = now + pause;
      office.server().connect(now, shell);
    }
    if (std::holds_alternative<Stop>(event)) load.give_up("it was told to stop", now);
    if (!load.finished()) load.look(now, shell);
    if (load.finished()) shell.quit();
    if (now >= next_word) {
      std::cerr << load.progress() << std::endl;
      next_word = now + pause;
    }
    return earlier(earlier(office.next_deadline(), load.next_deadline()), next_word);
  });
  return tell(load, options.json);
}

int act(const std::vector<std::string_view>& words) {
  if (words.empty()) return wrong_usage("say run, control or load");
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    std::cout << sim::ocs::usage << sim::ocs::Console::help();
    return 0;
  }
  if (words[0] == "control") return control(words);
  if (words[0] == "load") {
    if (words.size() > 1 && (words[1] == "--help" || words[1] == "-h")) {
      std::cout << sim::ocs::load_usage;
      return 0;
    }
    const auto options = sim::ocs::read_load(std::span(words).subspan(1));
    return options ? load(options.value()) : wrong_usage(options.error().detail);
  }
  if (words[0] != "run") return wrong_usage("say run, control or load, not " + std::string(words[0]));
  const auto options = sim::ocs::read_options(std::span(words).subspan(1));
  return options ? run(options.value()) : wrong_usage(options.error().detail);
}

}  // namespace

int main(int count, char** values) {
  try {
    return act({values + 1, values + count});
  } catch (const std::exception& error) {
    return failure(error.what());
  }
}
