#include "load.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr unsigned most_returns = 5;
constexpr std::size_t pool_bytes = 256 * 1024;
constexpr Duration call_within = std::chrono::seconds(30);
constexpr std::uint64_t no_window = 1'000'000'000;

/// Letters with line ends and blank lines among them: what a framer that looks at bodies would stumble over.
std::string make_pool(Random& random) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 <>:;=/&";
  std::string pool;
  pool.reserve(pool_bytes + 4);
  while (pool.size() < pool_bytes) {
    const std::uint64_t number = random.number();
    for (unsigned shift = 0; shift < 64; shift += 8) {
      const auto byte = static_cast<std::size_t>((number >> shift) & 255U);
      if (byte > 252)
        pool += "\r\n\r\n";
      else if (byte > 248)
        pool += "\r\n";
      else
        pool += letters[byte % letters.size()];
    }
  }
  return pool;
}

bool chosen(std::uint64_t number, unsigned percent) {
  return number * percent / 100 != (number + 1) * percent / 100;
}

}  // namespace

std::uint64_t Pace::allowed(TimePoint now, std::uint64_t done, std::uint64_t at_work) {
  if (!begin_) begin_ = now;
  const std::uint64_t room = at_work < window_ ? window_ - at_work : 0;
  if (rate_ <= 0) return room;
  const double seconds = std::chrono::duration<double>(now - *begin_).count();
  const auto due = static_cast<std::uint64_t>(seconds * rate_) + 1;
  return std::min(room, due > done ? due - done : 0);
}

std::optional<TimePoint> Pace::next(std::uint64_t done) const {
  if (rate_ <= 0 || !begin_) return std::nullopt;
  return *begin_ +
         std::chrono::ceil<Duration>(std::chrono::duration<double>(static_cast<double>(done) / rate_));
}

Load::Load(LoadOptions options, Office& office, Random& random)
    : options_(std::move(options)),
      office_(office),
      random_(random),
      come_(options_.rate, options_.window),
      go_(options_.rate, options_.window),
      ask_(options_.info_rate, no_window) {
  office_.watch();
  sessions_.reserve(options_.sessions);
  if (options_.echo) pool_ = make_pool(random_);
}

void Load::look(TimePoint now, Outbox& outbox) {
  if (!begun_) begun_ = now;
  begin_sessions(now, outbox);
  alarms(now, outbox);
  holds(now, outbox);
  for (auto happenings = office_.take_happenings(); !happenings.empty();
       happenings = office_.take_happenings()) {
    for (const auto& [number, happening] : happenings)
      happened(number, happening, now, outbox);
    begin_sessions(now, outbox);
    holds(now, outbox);
  }
  if (!finished() && now - *begun_ >= options_.limit) give_up("the time is over", now);
}

std::optional<TimePoint> Load::next_deadline() const {
  std::optional<TimePoint> next = begun_ ? std::optional(*begun_ + options_.limit) : std::nullopt;
  const auto earlier = [&next](const std::optional<TimePoint>& other) {
    if (other && (!next || *other < *next)) next = other;
  };
  earlier(alarms_.next());
  if (sessions_.size() < options_.sessions && at_work_ < options_.window) earlier(come_.next(sessions_.size()));
  earlier(hold_ends_);
  if (hold_ends_) earlier(ask_.next(paced_));
  if (left_ != 0 && !held_.empty() && leaving_ < options_.window) earlier(go_.next(left_));
  return next;
}

void Load::give_up(std::string_view why, TimePoint now) {
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    if (sessions_[i].phase == Phase::done) continue;
    error("not finished", std::string(address_of(i)) + " is " +
                              std::string(name_of(office_.client(i).state())) + " and " + std::string(why));
  }
  if (const std::uint64_t rest = options_.sessions - sessions_.size(); rest != 0)
    error("not begun", std::to_string(rest) + " sessions: " + std::string(why));
  finished_ = options_.sessions;
  last_ = now;
}

void Load::begin_sessions(TimePoint now, Outbox& outbox) {
  std::uint64_t allowed = come_.allowed(now, sessions_.size(), at_work_);
  for (; allowed > 0 && sessions_.size() < options_.sessions; --allowed)
    begin(now, outbox);
}

std::uint64_t Load::user_of(std::uint64_t session) const {
  return options_.first + session % (options_.users == 0 ? options_.sessions : options_.users);
}

ClientSettings Load::settings_of(std::uint64_t number) const {
  constexpr std::uint64_t ports = 30000;
  ClientSettings client;
  const bool may = !chosen(number, options_.refused);
  const std::uint64_t user = user_of(number);
  client.user = {"sip:" + (may ? options_.user : options_.refused_user).at(user), options_.line.at(user)};
  client.flavour = options_.all_flavours ? static_cast<Flavour>(number % 3) : options_.server.site.flavour;
  client.line_server = options_.server.site.line_server;
  client.at = {"198.51.100." + std::to_string(1 + number / ports),
               static_cast<std::uint16_t>(30000 + number % ports)};
  client.silent = chosen(number, options_.silent);
  client.echo = options_.echo;
  client.session = options_.session;
  return client;
}

void Load::begin(TimePoint now, Outbox& outbox) {
  const std::size_t number = office_.add(settings_of(sessions_.size()));
  Session session;
  session.may_come = !chosen(number, options_.refused);
  session.calls = options_.calls;
  session.infos = options_.infos;
  sessions_.push_back(std::move(session));
  ++at_work_;
  (void)office_.order(number, [](Client& client, TimePoint at) { return client.sign_in(at); }, now, outbox);
}

void Load::happened(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox) {
  using What = Happening::What;
  Session& session = sessions_[number];
  last_ = now;
  switch (happening.what) {
    case What::wrong: return error(happening.name, happening.detail);
    case What::signed_in: return signed_in(number, happening, now, outbox);
    case What::answered: return answered(number, happening, now, outbox);
    case What::event:
      if (happening.took && !options_.echo) report_.took(session.node, "event", *happening.took);
      if (session.phase == Phase::working || session.phase == Phase::clearing) call_moved(number, now, outbox);
      return;
    case What::echoed:
      report_.took(session.node, "echo", *happening.took);
      if (session.asked > 0) {
        --session.asked;
        return;
      }
      return work(number, now, outbox);
    case What::refused: return refused(number, happening, now);
    case What::broken: return broken(number, happening, now, outbox);
    case What::signed_out:
      if (session.phase != Phase::leaving) error("signed out", address_of(number));
      return finish(number, now);
  }
}

void Load::signed_in(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox) {
  Session& session = sessions_[number];
  session.node = happening.detail.substr(0, happening.detail.find('-'));
  report_.dialog(session.node);
  if (session.returns == 0) ++signed_in_;
  last_sign_in_ = now;
  if (!session.may_come && !options_.may_refuse) error("not refused", address_of(number));
  if (session.phase != Phase::coming) return;  // back while it was holding
  session.phase = Phase::working;
  work(number, now, outbox);
}

void Load::answered(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox) {
  Session& session = sessions_[number];
  const std::string_view node = std::string_view(happening.detail).substr(0, happening.detail.find('-'));
  if (!session.node.empty() && node != session.node && happening.status < 300)
    error("answer of another node", std::string(address_of(number)) + ", tag " + happening.detail);
  if (happening.took) report_.took(node, happening.name, *happening.took);
  if (happening.name != "INFO" || options_.echo) return;
  if (session.asked > 0) {
    --session.asked;
    return;
  }
  const Client& client = office_.client(number);
  if (session.phase != Phase::working || client.state() != Client::State::signed_in) return;
  // The answer to MakeCall is followed by its events; a refusal is not.
  if (session.until == TimePoint{}) return work(number, now, outbox);
  if (client.book().calls().empty() && !client.book().waits()) {
    error("call refused", std::string(address_of(number)) + ": " + client.last_refusal());
    session.until = {};
    alarms_.cancel(session.alarm);
    work(number, now, outbox);
  }
}

void Load::refused(std::size_t number, const Happening& happening, TimePoint now) {
  const Session& session = sessions_[number];
  ++refused_;
  const bool expected = happening.status == 403 && (!session.may_come || options_.may_refuse);
  if (!expected) error("refused", std::string(address_of(number)) + ": " + happening.detail);
  finish(number, now);
}

void Load::broken(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox) {
  Session& session = sessions_[number];
  ++returned_;
  if (!options_.may_break) error("dialog broken", std::string(address_of(number)) + ": " + happening.detail);
  session.asked = 0;
  session.node.clear();
  alarms_.cancel(session.alarm);
  session.until = {};
  if (session.phase == Phase::working || session.phase == Phase::talking || session.phase == Phase::clearing)
    session.phase = Phase::coming;
  if (++session.returns < most_returns || session.phase == Phase::leaving) return;
  error("given up", std::string(address_of(number)) + " came back too often");
  leave(number, now, outbox);
}

Status Load::send_info(std::size_t number, TimePoint now, Outbox& outbox) {
  if (options_.echo) {
    return office_.order(
        number, [text = text_to_echo()](Client& client, TimePoint at) { return client.send_echo(text, at); },
        now, outbox);
  }
  return office_.order(
      number, [what = options_.info](Client& client, TimePoint at) { return client.ask(what, at); }, now,
      outbox);
}

std::string Load::text_to_echo() {
  const std::size_t size = 1 + random_.number() % (2 * options_.body - 1);
  const std::size_t at = random_.number() % (pool_.size() - size);
  return std::to_string(++texts_) + ":" + pool_.substr(at, size);
}

/// The next thing that the session has to do.
void Load::work(std::size_t number, TimePoint now, Outbox& outbox) {
  Session& session = sessions_[number];
  if (session.phase != Phase::working) return;
  if (session.infos > 0) {
    --session.infos;
    if (!send_info(number, now, outbox)) error("not sent", address_of(number));
    return;
  }
  if (session.calls > 0) {
    --session.calls;
    ++calls_;
    std::string called = options_.number;
    if (called == "line+1") called = options_.line.at(user_of(number + 1));
    set_alarm(number, now + call_within);
    (void)office_.order(
        number, [&called](Client& client, TimePoint at) { return client.make_call(called, at); }, now, outbox);
    return;
  }
  if (!options_.holds) return leave(number, now, outbox);
  session.phase = Phase::holding;
  held_.push_back(number);
  most_held_ = std::max<std::uint64_t>(most_held_, held_.size());
  --at_work_;
}

/// An event came: the call may be where it shall be hung up, or over.
void Load::call_moved(std::size_t number, TimePoint now, Outbox& outbox) {
  Session& session = sessions_[number];
  const CallBook& book = office_.client(number).book();
  if (session.until == TimePoint{}) return;  // no call of ours
  const auto ours =
      std::find_if(book.calls().begin(), book.calls().end(), [](const Call& call) { return call.ours; });
  if (ours == book.calls().end()) {
    if (book.waits()) return;
    if (session.phase == Phase::working) error("call ended early", std::string(address_of(number)));
    session.until = {};
    alarms_.cancel(session.alarm);
    session.phase = Phase::working;
    return work(number, now, outbox);
  }
  session.call = ours->id;
  if (session.phase != Phase::working || ours->state < options_.until) return;
  session.phase = Phase::talking;
  set_alarm(number, now + options_.talk);
}

void Load::set_alarm(std::size_t number, TimePoint at) {
  Session& session = sessions_[number];
  alarms_.cancel(session.alarm);
  session.until = at;
  session.alarm = alarms_.add(at, number);
}

void Load::alarms(TimePoint now, Outbox& outbox) {
  while (const auto due = alarms_.pop(now)) {
    Session& session = sessions_[*due];
    session.alarm = {};
    if (session.phase == Phase::talking) {
      session.phase = Phase::clearing;
      set_alarm(*due, now + call_within);
      (void)office_.order(
          *due,
          [&](Client& client, TimePoint at) { return client.act(Service::clear_connection, session.call, at); },
          now, outbox);
      continue;
    }
    session.until = {};
    if (session.phase != Phase::working && session.phase != Phase::clearing) continue;
    error("call stuck", std::string(address_of(*due)) + ", call " + session.call);
    session.phase = Phase::working;
    work(*due, now, outbox);
  }
}

/// What the held sessions do, and their end.
void Load::holds(TimePoint now, Outbox& outbox) {
  if (!options_.holds) return;
  const bool all_in = sessions_.size() == options_.sessions && at_work_ == 0;
  if (left_ == 0 && !hold_ends_ && all_in && !held_.empty()) hold_ends_ = now + options_.hold;
  if (hold_ends_ && *hold_ends_ > now) return paced(now, outbox);
  if (!hold_ends_ && left_ == 0) return;
  hold_ends_.reset();
  std::uint64_t allowed = go_.allowed(now, left_, leaving_);
  for (std::size_t tries = held_.size(); allowed > 0 && tries > 0 && !held_.empty(); --tries) {
    const std::size_t number = held_.front();
    held_.pop_front();
    if (office_.client(number).state() == Client::State::signed_in && !office_.client(number).is_quiet()) {
      held_.push_back(number);  // its last request is still under way
      continue;
    }
    --allowed;
    leave(number, now, outbox);
  }
}

void Load::paced(TimePoint now, Outbox& outbox) {
  if (options_.info_rate <= 0) return;
  for (std::uint64_t allowed = ask_.allowed(now, paced_, 0); allowed > 0; --allowed) {
    ++paced_;
    bool sent = false;
    for (std::size_t tries = held_.size(); !sent && tries > 0; --tries) {
      const std::size_t number = held_.front();
      held_.pop_front();
      held_.push_back(number);
      const Client& client = office_.client(number);
      if (client.state() != Client::State::signed_in || !client.is_quiet()) continue;
      ++sessions_[number].asked;
      sent = static_cast<bool>(send_info(number, now, outbox));
    }
    if (!sent) error("rate not reached", "every dialog waits for an answer");
  }
}

void Load::leave(std::size_t number, TimePoint now, Outbox& outbox) {
  Session& session = sessions_[number];
  if (session.phase == Phase::holding) ++at_work_;
  session.phase = Phase::leaving;
  ++leaving_;
  ++left_;
  (void)office_.order(number, [](Client& client, TimePoint at) { return client.sign_out(at); }, now, outbox);
}

void Load::finish(std::size_t number, TimePoint now) {
  Session& session = sessions_[number];
  if (session.phase == Phase::done) return;
  if (session.phase == Phase::leaving) --leaving_;
  if (session.phase == Phase::holding) ++at_work_;
  alarms_.cancel(session.alarm);
  session.phase = Phase::done;
  --at_work_;
  ++finished_;
  last_ = now;
}

Report::Totals Load::totals() const {
  Report::Totals totals;
  const auto seconds = [&](const std::optional<TimePoint>& until) {
    return begun_ && until ? std::chrono::duration<double>(*until - *begun_).count() : 0;
  };
  totals.sessions = sessions_.size();
  totals.signed_in = signed_in_;
  totals.refused = refused_;
  totals.returned = returned_;
  totals.calls = calls_;
  totals.most_held = most_held_;
  totals.messages = office_.server().carried();
  totals.dials = office_.server().dials();
  totals.seconds = seconds(last_);
  totals.sign_in_seconds = seconds(last_sign_in_);
  return totals;
}

std::string Load::progress() const {
  std::array<char, 160> line{};
  const int size = std::snprintf(
      line.data(), line.size(), "%llu of %llu sessions begun, %llu held, %llu done, %llu messages, %llu errors",
      static_cast<unsigned long long>(sessions_.size()), static_cast<unsigned long long>(options_.sessions),
      static_cast<unsigned long long>(held_.size()), static_cast<unsigned long long>(finished_),
      static_cast<unsigned long long>(office_.server().carried()),
      static_cast<unsigned long long>(report_.errors()));
  return {line.data(), std::min(static_cast<std::size_t>(size), line.size() - 1)};
}

}  // namespace linebridge::sim::ocs
