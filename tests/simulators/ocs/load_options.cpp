#include "load_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::uint64_t most_sessions = 1'000'000, usual_window = 50;

Error wrong(std::string_view name, std::string_view what) {
  return {Errc::malformed, std::string(name).append(" ").append(what)};
}

struct Number {
  std::string_view name;
  std::uint64_t LoadOptions::* to;
  std::uint64_t least, most;
};
constexpr std::array<Number, 7> numbers = {{{"--sessions", &LoadOptions::sessions, 1, most_sessions},
                                            {"--users", &LoadOptions::users, 1, most_sessions},
                                            {"--first", &LoadOptions::first, 0, most_sessions},
                                            {"--window", &LoadOptions::window, 1, most_sessions},
                                            {"--calls", &LoadOptions::calls, 0, most_sessions},
                                            {"--infos", &LoadOptions::infos, 0, most_sessions},
                                            {"--body", &LoadOptions::body, 1, 30000}}};

/// "12" or "2.5", not negative.
std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (failed != std::errc{} || stop != end || !std::isfinite(value) || value < 0 || value > 1e6)
    return std::nullopt;
  return value;
}

Result<bool> set_number(LoadOptions& options, std::string_view name, std::string_view value) {
  const auto* const found =
      std::find_if(numbers.begin(), numbers.end(), [&](const Number& each) { return each.name == name; });
  if (found == numbers.end()) return false;
  const auto number = to_number<std::uint64_t>(value);
  if (!number || *number < found->least || *number > found->most)
    return wrong(name,
                 "is a number from " + std::to_string(found->least) + " to " + std::to_string(found->most));
  options.*found->to = *number;
  return true;
}

Result<bool> set_rate(LoadOptions& options, std::string_view name, std::string_view value) {
  const bool seconds = name == "--hold" || name == "--talk" || name == "--limit" || name == "--session";
  if (!seconds && name != "--rate" && name != "--info-rate") return false;
  const auto number = decimal(value);
  if (!number) return wrong(name, seconds ? "is a number of seconds" : "is a number a second");
  const auto time = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*number));
  if (name == "--rate") options.rate = *number;
  if (name == "--info-rate") options.info_rate = *number;
  if (name == "--hold") options.hold = time, options.holds = true;
  if (name == "--talk") options.talk = time;
  if (name == "--limit") options.limit = time;
  if (name == "--session") options.session = time;
  return true;
}

Result<bool> set_percent(LoadOptions& options, std::string_view name, std::string_view value) {
  if (name != "--silent" && name != "--refused") return false;
  const auto number = to_number<unsigned>(value);
  if (!number || *number > 100) return wrong(name, "is a percentage, 0 to 100");
  (name == "--silent" ? options.silent : options.refused) = *number;
  return true;
}

Result<bool> set_pattern(LoadOptions& options, std::string_view name, std::string_view value) {
  const bool known = name == "--user-pattern" || name == "--line-pattern" || name == "--refused-pattern";
  if (!known) return false;
  auto pattern = Pattern::parse(value);
  if (!pattern) return wrong(name, pattern.error().detail);
  (name == "--user-pattern"   ? options.user
   : name == "--line-pattern" ? options.line
                              : options.refused_user) = std::move(pattern).value();
  return true;
}

Result<bool> set_word(LoadOptions& options, std::string_view name, std::string_view value) {
  if (name == "--number") {
    options.number = value;
    return true;
  }
  if (name == "--info") {
    const bool features = value == "features";
    if (!features && value != "snapshot") return wrong(name, "is snapshot or features");
    options.info = features ? Service::get_features : Service::snapshot_device;
    return true;
  }
  if (name == "--until") {
    for (const auto state : {Call::State::originated, Call::State::delivered, Call::State::connected}) {
      if (name_of(state) != value) continue;
      options.until = state;
      return true;
    }
    return wrong(name, "is originated, delivered or connected");
  }
  if (name != "--flavour" || value != "all") return false;
  options.all_flavours = true;
  return true;
}

Status set(LoadOptions& options, std::string_view name, std::string_view value) {
  for (auto* const setter : {set_number, set_rate, set_percent, set_pattern, set_word}) {
    const auto taken = setter(options, name, value);
    if (!taken) return taken.error();
    if (taken.value()) return Done{};
  }
  const auto taken = read_place(options, name, value);
  if (!taken) return taken.error();
  if (!taken.value()) return wrong("unknown option", name);
  return Done{};
}

bool* flag_of(LoadOptions& options, std::string_view name) {
  return name == "--tls"          ? &options.tls.on
         : name == "--echo"       ? &options.echo
         : name == "--json"       ? &options.json
         : name == "--may-refuse" ? &options.may_refuse
         : name == "--may-break"  ? &options.may_break
                                  : nullptr;
}

Status check(const LoadOptions& options) {
  if (options.sessions == 0) return wrong("--sessions", "is missing");
  if (options.echo && options.calls != 0)
    return wrong("--calls", "is nothing for --echo: a scripted node has no lines");
  if (options.info_rate > 0 && !options.holds)
    return wrong("--info-rate", "needs --hold: it is for held dialogs");
  return check_place(options);
}

}  // namespace

const std::string_view load_usage =
    R"(linebridge-sim-ocs load: many simulated clients sign in, work and sign out; every answer and event is checked
against what caused it.

  linebridge-sim-ocs load --next-hop HOST:PORT --server URI --sessions N [options]

  --next-hop HOST:PORT    front end of the gateway
  --server URI            line server of every user: sip:ctigw@gw.example.test
  --sessions N            sessions in all: INVITE to BYE
  --connections N         connections to the next hop (1); each dialog keeps to one
  --rate N                sessions begun a second; without it as many as --window allows
  --window N              sessions at work at a time (50, with --rate any number); who only holds does not count
  --calls N               calls in each session: MakeCall, its events, ClearConnection
  --number NUMBER         what is called (+15551234); "line+1": the line of the next user
  --until STATE           hang up once the call is originated, delivered (the default) or connected
  --talk SECONDS          and this much later (0)
  --infos N               requests in each session that change nothing
  --info WHAT             snapshot (SnapshotDevice, the default) or features (GetCSTAFeatures)
  --echo                  the next hop is linebridge-sim-node: an INFO has a text of its own, which must come back
                          byte for byte in its answer and in an INFO of the node
  --body BYTES            of such a text, on average (400)
  --hold SECONDS          all sessions stay for so long, counted from when the last has done its work
  --info-rate N           meanwhile so many requests a second, each in the next dialog
  --silent PERCENT        clients that answer no event
  --refused PERCENT       sessions of users who may not sign in: 403 is expected
  --may-refuse            403 is no error for anybody
  --may-break             a dialog that ends is no error if its client comes back; the report counts them
  --flavour FLAVOUR       lcs2005, ocs2007, ocs2007r2 (the default) or all, one after the other
  --session SECONDS       Session-Expires that clients ask for (1800); they refresh at half of what is granted
  --user-pattern TEXT     u%05d@example.test: the address of the user with a number
  --line-pattern TEXT     tel:%05d;phone-context=dialstring: his line
  --refused-pattern TEXT  nobody%05d@example.test: who may not sign in
  --first N               number of the first user (1)
  --users N               users, whom sessions take in turn; without it each session has its own
  --limit SECONDS         for all of it (600); what is not done then is an error
  --json                  the report as JSON in one line; without it a table
  --listen HOST:PORT      where nodes reach us when they have no connection (127.0.0.1:0)
  --tls --ca --certificate --key --tls-host --listen-tls --name --log   as with run

Progress goes to standard error. Times are from the request to its final answer; "event" is from the request that
caused it, "echo" until the text is back both ways. The exit status is 1 if anything was wrong.
)";

Result<Pattern> Pattern::parse(std::string_view text) {
  const std::size_t mark = text.find('%');
  const std::size_t end = mark == std::string_view::npos ? mark : text.find('d', mark);
  if (end == std::string_view::npos || text.find('%', mark + 1) != std::string_view::npos)
    return Error{Errc::malformed, "has one number in it, as %d or %05d"};
  const std::string_view width = text.substr(mark + 1, end - mark - 1);
  const auto digits = to_number<std::size_t>(width);
  if (!width.empty() && (width.front() != '0' || !digits || *digits > 19))
    return Error{Errc::malformed, "has one number in it, as %d or %05d"};
  Pattern pattern;
  pattern.before_ = text.substr(0, mark);
  pattern.behind_ = text.substr(end + 1);
  pattern.width_ = digits.value_or(0);
  return pattern;
}

std::string Pattern::at(std::uint64_t number) const {
  const std::string digits = std::to_string(number);
  const std::size_t zeros = digits.size() < width_ ? width_ - digits.size() : 0;
  return before_ + std::string(zeros, '0') + digits + behind_;
}

Result<LoadOptions> read_load(std::span<const std::string_view> arguments) {
  LoadOptions options;
  options.listen = {"127.0.0.1", 0};
  options.server.keep_up = true;
  options.user = Pattern::parse("u%05d@example.test").value();
  options.line = Pattern::parse("tel:%05d;phone-context=dialstring").value();
  options.refused_user = Pattern::parse("nobody%05d@example.test").value();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (bool* const flag = flag_of(options, name)) {
      *flag = true;
      continue;
    }
    if (i + 1 == arguments.size()) return wrong(name, "needs a value");
    if (const auto good = set(options, name, arguments[++i]); !good) return good.error();
  }
  if (const auto good = check(options); !good) return good.error();
  if (options.window == 0) options.window = options.rate > 0 ? most_sessions : usual_window;
  return options;
}

}  // namespace linebridge::sim::ocs
