#include "console.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "json.hpp"
#include "show.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::size_t most_line = 4096, most_waiters = 64, usual_log = 200;
constexpr Duration usual_wait = std::chrono::seconds(10), longest_wait = std::chrono::minutes(10);

Error wrong(std::string what) {
  return {Errc::malformed, std::move(what)};
}

struct Action {
  std::string_view word;
  Service service;
};
constexpr std::array<Action, 4> actions = {{{"answer", Service::answer_call},
                                            {"hold", Service::hold_call},
                                            {"retrieve", Service::retrieve_call},
                                            {"hang-up", Service::clear_connection}}};
constexpr std::array<Action, 4> questions = {{{"snapshot", Service::snapshot_device},
                                              {"features", Service::get_features},
                                              {"forwarding", Service::get_forwarding},
                                              {"do-not-disturb", Service::get_do_not_disturb}}};

template <std::size_t N>
std::optional<Service> service_of(const std::array<Action, N>& table, std::string_view word) {
  for (const auto& each : table)
    if (each.word == word) return each.service;
  return std::nullopt;
}

std::optional<Duration> seconds_of(std::string_view word) {
  const auto number = to_number<std::uint32_t>(word);
  if (!number || std::chrono::seconds(*number) > longest_wait) return std::nullopt;
  return std::chrono::seconds(*number);
}

struct Spelling {
  std::string_view word;
  Condition::What what;
  char takes;  ///< 'n' a number, 's' a name, ' ' nothing.
};
using What = Condition::What;
constexpr std::array<Spelling, 8> spellings = {{{"signed-in", What::signed_in, ' '},
                                                {"signed-out", What::signed_out, ' '},
                                                {"refused", What::refused, ' '},
                                                {"call", What::call, 's'},
                                                {"calls", What::calls, 'n'},
                                                {"event", What::event, 's'},
                                                {"times", What::times, 'n'},
                                                {"refreshed", What::refreshed, 'n'}}};

bool is_call_state(std::string_view word) {
  for (auto state = Call::State::none; state <= Call::State::failed;
       state = static_cast<Call::State>(static_cast<int>(state) + 1))
    if (word == name_of(state)) return true;
  return false;
}

/// The wish of "call USER NUMBER" and the like. Errors: malformed.
Result<Office::Wish> read_wish(const std::vector<std::string>& words) {
  const std::string& word = words[0];
  const std::string more = words.size() > 2 ? words[2] : "";
  if (word == "sign-in") {
    const auto flavour = parse_flavour(more);
    if (!more.empty() && !flavour) return wrong("the flavour is lcs2005, ocs2007 or ocs2007r2");
    return Office::Wish([flavour](Client& client, TimePoint now) {
      const bool out = client.state() == Client::State::signed_out || client.state() == Client::State::refused;
      if (flavour && out) client.set_flavour(*flavour);
      return client.sign_in(now);
    });
  }
  if (word == "sign-out")
    return Office::Wish([](Client& client, TimePoint now) { return client.sign_out(now); });
  if (word == "refresh") return Office::Wish([](Client& client, TimePoint now) { return client.refresh(now); });
  if (word == "call") {
    if (more.empty()) return wrong("say call USER NUMBER");
    return Office::Wish([more](Client& client, TimePoint now) { return client.make_call(more, now); });
  }
  if (word == "silent") {
    if (more != "on" && more != "off") return wrong("say silent USER on, or off");
    return Office::Wish([more](Client& client, TimePoint) -> Status {
      client.set_silent(more == "on");
      return Done{};
    });
  }
  if (word == "ask") {
    const auto service = service_of(questions, more);
    if (!service) return wrong("say ask USER snapshot, features, forwarding or do-not-disturb");
    return Office::Wish([service](Client& client, TimePoint now) { return client.ask(*service, now); });
  }
  if (const auto service = service_of(actions, word))
    return Office::Wish(
        [service, more](Client& client, TimePoint now) { return client.act(*service, more, now); });
  return wrong("no such command: " + printable(word, 60) + "; help lists them");
}

std::string help_as_json() {
  JsonLine json;
  json.open('[');
  for (const std::string_view line : split(Console::help(), '\n'))
    if (!line.empty()) json.value(line);
  return json.close(']').text();
}

}  // namespace

Result<Condition> parse_condition(const std::vector<std::string>& words) {
  Condition condition;
  condition.within = usual_wait;
  const auto* const found =
      words.empty() ? spellings.end() : std::find_if(spellings.begin(), spellings.end(), [&](const auto& each) {
        return each.word == words[0];
      });
  if (found == spellings.end())
    return wrong(
        "wait for signed-in, signed-out, refused, call STATE, calls N, event NAME, times N or refreshed N");
  condition.what = found->what;
  std::size_t taken = 1;
  if (found->takes != ' ') {
    if (words.size() < 2)
      return wrong("wait for " + words[0] + (found->takes == 'n' ? " how many?" : " of which name?"));
    condition.name = words[taken++];
    const auto count = to_number<std::uint64_t>(condition.name);
    if (found->takes == 'n' && !count) return wrong("no number: " + printable(condition.name, 60));
    condition.count = count.value_or(0);
  }
  if (condition.what == What::call && !is_call_state(condition.name))
    return wrong("a call is initiated, originated, delivered, alerting, connected, held or failed");
  if (taken < words.size()) {
    const auto within = seconds_of(words[taken++]);
    if (!within) return wrong("the time is in seconds, up to 600");
    condition.within = *within;
  }
  if (taken < words.size()) return wrong("too much: " + printable(words[taken], 60));
  return condition;
}

Duration patience_of(const std::vector<std::string>& words) {
  if (words.size() < 3 || words[0] != "wait") return {};
  const auto condition = parse_condition({words.begin() + 2, words.end()});
  return condition ? condition.value().within : Duration{};
}

bool Console::on(const Server::Input& input, TimePoint now, Outbox& outbox) {
  if (const auto* const opened = std::get_if<Opened>(&input)) {
    if (opened->from.listener != Listener::control) return false;
    peers_[opened->peer];
    return true;
  }
  if (const auto* const closed = std::get_if<Closed>(&input)) {
    std::erase_if(waiters_, [&](const Waiter& each) { return each.peer == closed->peer; });
    return peers_.erase(closed->peer) != 0;
  }
  if (const auto* const drained = std::get_if<Drained>(&input)) return peers_.contains(drained->peer);
  const auto* const bytes = std::get_if<Bytes>(&input);
  const auto peer = bytes == nullptr ? peers_.end() : peers_.find(bytes->peer);
  if (peer == peers_.end()) return false;
  std::string& text = peer->second;
  text += bytes->bytes;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
    const std::string whole = text.substr(0, end);
    text.erase(0, end + 1);
    line(bytes->peer, whole, now, outbox);
  }
  if (text.size() > most_line) outbox.close(bytes->peer, Flush::no);
  return true;
}

void Console::line(PeerId peer, std::string_view text, TimePoint now, Outbox& outbox) {
  Words words;
  for (const std::string_view word : split(trim(text), ' '))
    if (!word.empty()) words.emplace_back(word);
  const auto answer = words.empty() ? Result<std::string>(wrong("say something; help lists what"))
                                    : obey(peer, words, now, outbox);
  if (answer && answer.value().empty()) return;  // a wait: later
  outbox.to(peer).append(answer ? "ok " + answer.value() : "error " + answer.error().detail).push_back('\n');
}

Result<std::string> Console::obey(PeerId peer, const Words& words, TimePoint now, Outbox& outbox) {
  const std::string& word = words[0];
  if (word == "wait") return wait(peer, words, now);
  if (word == "help" || word == "clients" || word == "log" || word == "cut") return look_words(words, outbox);
  const bool all = words.size() > 1 && words[1] == "all";
  if (all && (word == "sign-in" || word == "sign-out")) return sign_all(words, now, outbox);
  return wish(words, now, outbox);
}

Result<std::string> Console::look_words(const Words& words, Outbox& outbox) {
  if (words[0] == "help") return help_as_json();
  if (words[0] == "cut") {
    office_.server().cut(outbox);
    return std::string("done");
  }
  const bool log = words[0] == "log";
  const auto most = log && words.size() > 1 ? to_number<std::size_t>(words[1]) : usual_log;
  if (!most) return wrong("say log [N] [USER]");
  std::optional<std::size_t> only;
  if (const std::size_t at = log ? 2 : 1; words.size() > at) {
    const auto found = office_.find(words[at]);
    if (!found) return found.error();
    only = found.value();
  }
  if (!log) return show_clients(office_, only);
  return show_log(office_, *most, only ? std::string_view(office_.client(*only).settings().user.address) : "");
}

Result<std::string> Console::sign_all(const Words& words, TimePoint now, Outbox& outbox) {
  Words each = words;
  for (std::size_t i = 0; i < office_.size(); ++i) {
    const auto state = office_.client(i).state();
    const bool out = state == Client::State::signed_out || state == Client::State::refused;
    if (out != (words[0] == "sign-in")) continue;
    each[1] = office_.client(i).settings().user.address;
    if (auto done = wish(each, now, outbox); !done) return done;
  }
  return std::string("done");
}

Result<std::string> Console::wish(const Words& words, TimePoint now, Outbox& outbox) {
  const auto wanted = read_wish(words);
  if (!wanted) return wanted.error();
  if (words.size() < 2) return wrong("say " + words[0] + " USER");
  if (words.size() > 3) return wrong("too much: " + printable(words[3], 60));
  const auto client = office_.find(words[1]);
  if (!client) return client.error();
  seen_[client.value()] = office_.client(client.value()).book().counts();
  const auto done = office_.order(client.value(), wanted.value(), now, outbox);
  if (!done) return Error{done.error().code, words[1] + " " + done.error().detail};
  return std::string("done");
}

Result<std::string> Console::wait(PeerId peer, const Words& words, TimePoint now) {
  if (words.size() < 3) return wrong("say wait USER CONDITION [SECONDS]");
  const auto client = office_.find(words[1]);
  if (!client) return client.error();
  const auto condition = parse_condition({words.begin() + 2, words.end()});
  if (!condition) return condition.error();
  if (waiters_.size() >= most_waiters) return Error{Errc::refused, "too many wait already"};
  waiters_.push_back({peer, client.value(), condition.value(), now + condition.value().within});
  return std::string();
}

bool Console::holds(const Waiter& waiter) {
  const Client& client = office_.client(waiter.client);
  const Condition& condition = waiter.condition;
  const auto& calls = client.book().calls();
  switch (condition.what) {
    case What::signed_in: return client.state() == Client::State::signed_in;
    case What::signed_out: return client.state() == Client::State::signed_out;
    case What::refused: return client.state() == Client::State::refused;
    case What::calls: return calls.size() == condition.count;
    case What::times: return client.times_signed_in() >= condition.count;
    case What::refreshed: return client.times_refreshed() >= condition.count;
    case What::call:
      return std::any_of(calls.begin(), calls.end(),
                         [&](const Call& each) { return name_of(each.state) == condition.name; });
    case What::event: break;
  }
  const auto& counts = client.book().counts();
  const auto count = counts.find(condition.name);
  if (count == counts.end()) return false;
  std::uint64_t& before = seen_[waiter.client][condition.name];
  if (count->second <= before) return false;
  ++before;
  return true;
}

void Console::look(TimePoint now, Outbox& outbox) {
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    const bool good = holds(*waiter);
    if (!good && waiter->until > now) {
      ++waiter;
      continue;
    }
    std::string& out = outbox.to(waiter->peer);
    out += good ? "ok done" : "error not in time; now it is " + show_client(office_.client(waiter->client));
    out += '\n';
    waiter = waiters_.erase(waiter);
  }
}

std::optional<TimePoint> Console::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& each : waiters_)
    if (!next || each.until < *next) next = each.until;
  return next;
}

std::string_view Console::help() {
  return "  sign-in USER|all [FLAVOUR]  INVITE with the user's line, monitor and all that Communicator asks\n"
         "  sign-out USER|all           MonitorStop and BYE\n"
         "  call USER NUMBER            MakeCall; digits are a dial string, +NUMBER and tel:... go as they "
         "are\n"
         "  answer USER [CALLID]        AnswerCall of the newest alerting call, or of that one\n"
         "  hold USER [CALLID]          HoldCall of the newest connected call\n"
         "  retrieve USER [CALLID]      RetrieveCall of the newest held call\n"
         "  hang-up USER [CALLID]       ClearConnection of the newest call, a held one last\n"
         "  ask USER WHAT               a question: snapshot, features, forwarding or do-not-disturb\n"
         "  refresh USER                re-INVITE or UPDATE now, as the flavour does\n"
         "  silent USER on|off          answers no events, or answers them again\n"
         "  clients [USER]              state, dialog, node, monitor, calls, events and errors, as JSON\n"
         "  wait USER CONDITION [SECONDS]  answers once it holds, fails after SECONDS (10) with what is "
         "instead\n"
         "  log [N] [USER]              the last N messages of clients (200), as JSON\n"
         "  cut                         cuts the connections to the front end; they come up again\n"
         "  help                        this, as JSON\n"
         "\n"
         "A USER is alice@example.test, or alice if there is one only. Conditions:\n"
         "  signed-in | signed-out | refused\n"
         "  call STATE                  a call is initiated, originated, delivered (rings at the other end),\n"
         "                              alerting (rings here), connected, held or failed\n"
         "  calls N                     so many calls, 0 for none\n"
         "  event NAME                  such an event since the last command for that user: DeliveredEvent\n"
         "  times N | refreshed N       signed in, refreshed N times or more since the start\n";
}

}  // namespace linebridge::sim::ocs
