#include "cli/trail.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <ostream>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "admin/json.hpp"
#include "base/text.hpp"
#include "cli/drawing.hpp"
#include "cli/fetch.hpp"
#include "cli/follower.hpp"
#include "cli/lines_file.hpp"
#include "cli/report.hpp"
#include "numbers/line_uri.hpp"

namespace linebridge::cli {
namespace {

constexpr auto limit = std::chrono::seconds(2);
constexpr int pause_ms = 200;

volatile std::sig_atomic_t asked_to_end = 0;

extern "C" void end_asked(int) {
  asked_to_end = 1;
}

/// From now on SIGINT and SIGTERM are taken note of, and end a pause.
void heed_signals() {
  struct sigaction action = {};
  action.sa_handler = end_asked;
  for (const int number : {SIGINT, SIGTERM})
    sigaction(number, &action, nullptr);
}

std::int64_t now_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool shows_unicode() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = lower(environment(name));
    if (!locale.empty())
      return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

/// As the terminal has it that `out` writes to. What is no terminal gets it plain; COLUMNS says how wide.
Drawing::Style style_of(const std::ostream& out, bool relative) {
  Drawing::Style style;
  style.relative = relative;
  if (&out != &std::cout) return style;
  style.unicode = shows_unicode();
  winsize size = {};
  if (isatty(STDOUT_FILENO) == 0) {
    style.width = to_number<std::size_t>(environment("COLUMNS")).value_or(0);
  } else {
    style.colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) style.width = size.ws_col;
  }
  return style;
}

/// Writes steps as the command wants them.
class Writer {
public:
  Writer(std::ostream& out, bool json, bool relative)
      : out_(out), json_(json), drawing_(style_of(out, relative)) {
    if (!json_) out_ << drawing_.head() << std::flush;
  }
  void write(const std::vector<view::Passed>& steps) {
    for (const auto& step : steps)
      out_ << (json_ ? admin::to_json(step) + "\n" : drawing_.line(step));
    if (!steps.empty()) out_ << std::flush;
  }

private:
  std::ostream& out_;
  bool json_;
  Drawing drawing_;
};

std::map<std::string, std::string> users_of_lines(const config::Config& config) {
  std::map<std::string, std::string> users;
  for (const auto& user : config.users)
    if (const auto line = numbers::parse_line_uri(user.line_uri)) users[line.value().number] = user.address;
  return users;
}

/// Everything that is asked, with where.
class Sources {
public:
  Sources(const FollowTrace& command, const config::Config& config, Follower& follower, std::ostream& error)
      : follower_(follower), error_(error) {
    for (const auto role : command.whom.roles) {
      asked_.push_back({follower.add_source(std::string(config::role_name(role)), Follower::Kind::node),
                        config.node(role).api_socket});
    }
    asked_.push_back({follower.add_source("front end", Follower::Kind::front), config.front.api_socket});
    for (const auto& path : command.also)
      also_.emplace_back(path);
  }

  /// Value: whether all answered.
  bool ask() {
    bool all = true;
    for (const auto& [place, socket] : asked_) {
      const auto trace = answer<view::Trace>(socket, follower_.target(place), admin::read_trace);
      all = all && trace;
      follower_.traced(place, trace, now_us());
      if (follower_.wants_status(place))
        follower_.status(place, answer<view::Status>(socket, "/v1/status", admin::read_status));
    }
    for (auto& file : also_)
      for (const std::string& line : file.fresh())
        take(line);
    return all;
  }

private:
  struct Asked {
    std::size_t place;
    std::string socket;
  };

  template <class T, class Read>
  static Result<T> answer(const std::string& socket, const std::string& target, Read read) {
    const auto reply = fetch(socket, target, limit);
    if (!reply) return reply.error();
    const auto& [status, body] = reply.value();
    if (status == 404) return Error{Errc::unsupported, "it does not show what passes"};
    return read(body);
  }

  void take(const std::string& line) {
    if (auto passed = admin::read_passed(line)) return follower_.also(std::move(passed).value());
    error_ << "not a line of a trace: " << printable(line, 100) << "\n";
  }

  Follower& follower_;
  std::ostream& error_;
  std::vector<Asked> asked_;
  std::vector<LinesFile> also_;
};

/// "alice" is everybody of that name.
bool is_called(const std::string& address, const std::string& name) {
  const std::string plain = plain_address(name);
  return address == plain || address.substr(0, address.find('@')) == plain;
}

bool wanted(const view::Passed& step, const std::vector<std::string>& users) {
  const bool of_nobody = step.user.empty() && step.line.empty() && step.call_id.empty();
  return users.empty() || of_nobody || std::any_of(users.begin(), users.end(), [&](const std::string& one) {
           return is_called(step.user, one);
         });
}

/// A stranger can be followed too: each of his sign-ins is refused.
void tell_of_strangers(const std::vector<std::string>& names, const config::Config& config,
                       std::ostream& error) {
  for (const std::string& name : names) {
    const bool known = std::any_of(config.users.begin(), config.users.end(), [&](const config::User& user) {
      return is_called(plain_address(user.address), name);
    });
    if (!known) error << printable(name) << ": the configuration has no such user\n";
  }
}

}  // namespace

int follow(const FollowTrace& command, const config::Config& config, std::ostream& out, std::ostream& error) {
  if (!command.once) heed_signals();
  tell_of_strangers(command.users, config, error);
  const std::int64_t began = now_us();
  Follower follower({command.users, users_of_lines(config), command.once ? 0 : began, !command.once,
                     std::chrono::microseconds(command.late).count()});
  Sources sources(command, config, follower, error);
  Writer writer(out, command.whom.json, command.relative);
  const bool all = sources.ask();
  writer.write(follower.introduction(began));
  for (; !command.once && asked_to_end == 0; poll(nullptr, 0, pause_ms)) {
    const std::int64_t until = now_us();
    (void)sources.ask();
    writer.write(follower.ready(until, now_us()));
  }
  if (!command.once) (void)sources.ask();
  writer.write(follower.rest());
  return command.once && !all ? 1 : 0;
}

int draw(const DrawTrace& command, std::istream& standard_input, std::ostream& out, std::ostream& error) {
  std::ifstream file;
  if (command.file != "-") file.open(command.file);
  std::istream& in = command.file == "-" ? standard_input : file;
  if (!in) {
    error << "cannot read " << command.file << "\n";
    return 1;
  }
  Writer writer(out, false, command.relative);
  std::size_t number = 0;
  bool good = true;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto step = admin::read_passed(line);
    if (!step) {
      error << command.file << ":" << number << ": not a step of a trace: " << step.error().detail << "\n";
      good = false;
    } else if (wanted(step.value(), command.users)) {
      writer.write({step.value()});
    }
  }
  return good ? 0 : 1;
}

}  // namespace linebridge::cli
