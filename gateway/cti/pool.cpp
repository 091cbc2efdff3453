#include "cti/pool.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "base/catalogue.hpp"
#include "cti/backoff.hpp"
#include "cti/qbe/link_session.hpp"
#include "cti/rotation.hpp"

namespace linebridge::cti {
namespace {

using qbe::Ending;
using qbe::LinkSession;
using Why = Ending::Why;

std::string_view words(Gone why) {
  switch (why) {
    case Gone::by_peer: return "closed by the CTI Manager";
    case Gone::by_us: return "closed by us";
    case Gone::refused: return "connection refused";
    case Gone::timed_out: return "connecting took too long";
    case Gone::unreachable: return "not reachable";
    case Gone::broken: return "connection broken";
    case Gone::malformed: return "malformed";
  }
  return "gone";
}

Pool::State state_of(qbe::Login::Phase phase) {
  switch (phase) {
    case qbe::Login::Phase::listing:
    case qbe::Login::Phase::listing_in_steps: return Pool::State::enumerating;
    case qbe::Login::Phase::done: return Pool::State::in_service;
    default: return Pool::State::logging_in;
  }
}

struct Link {
  Link(Address address, Backoff waits) : manager(std::move(address)), name(to_text(manager)), backoff(waits) {}

  Address manager;
  std::string name;
  Pool::State state = Pool::State::waiting;
  std::uint32_t life = 0;
  bool connection = false;  ///< Dialled, and not closed() since.
  bool stopped = false;
  std::unique_ptr<LinkSession> session;
  bool served = false;  ///< The session came into service.
  TimePoint served_since;
  std::optional<TimePoint> retry_at;
  Backoff backoff;
  std::size_t version = 0;           ///< Place in Settings::protocol_versions.
  std::size_t versions_refused = 0;  ///< In a row.
  std::uint64_t losses = 0;
  std::string last_error;

  bool in_service() const { return session != nullptr && served; }
  std::optional<TimePoint> deadline() const {
    if (session) return session->next_deadline();
    return connection ? std::nullopt : retry_at;
  }
};

}  // namespace

struct Pool::Impl {
  Impl(Settings wanted, Random& r, Counters& c, Log& l)
      : settings(std::move(wanted)), random(r), counters(c), log(l), rotation(settings.managers.size()) {
    for (const Address& manager : settings.managers)
      links.emplace_back(manager, Backoff(settings.backoff_first, settings.backoff_most));
  }

  void dial(std::size_t index, Output& out);
  LinkSession::Settings session_settings(const Link& link) const;
  template <class Work>
  void run(std::size_t index, TimePoint now, std::string& bytes, Output& out, Work work);
  void hand_up(std::size_t index, Output& out);
  void lose(std::size_t index, const Ending& ending, TimePoint now, Output& out);
  Duration wait_after(Link& link, Why why, TimePoint now);
  void log_ending(const Link& link, const Ending& ending);
  bool any_in_service() const {
    return std::any_of(links.begin(), links.end(), [](const Link& link) { return link.in_service(); });
  }

  Settings settings;
  Random& random;
  Counters& counters;
  Log& log;
  std::vector<Link> links;
  Rotation rotation;
  std::uint64_t operations = 0;
  std::vector<driver::Event> events;  ///< Of the session at work; kept for its memory.
};

void Pool::Impl::dial(std::size_t index, Output& out) {
  Link& link = links[index];
  link.state = State::connecting;
  link.connection = true;
  link.retry_at.reset();
  counters.add(Counter::cti_connects);
  log.write(catalogue::link_connecting, {{"link", link.name}});
  out.dial.push_back(index);
}

LinkSession::Settings Pool::Impl::session_settings(const Link& link) const {
  LinkSession::Settings out;
  out.login.user = settings.user;
  out.login.password = settings.password;
  out.login.application = settings.application;
  out.login.client = settings.client;
  out.login.provider = link.manager.host;
  out.login.heartbeat = settings.heartbeat;
  out.login.answer_within = settings.answer_within;
  if (!settings.protocol_versions.empty()) out.protocol_version = settings.protocol_versions[link.version];
  out.outstanding = settings.outstanding;
  out.waiting = settings.waiting;
  out.frame_bytes = settings.frame_bytes;
  out.name = link.name;
  return out;
}

/// Lets the link's session work and draws the consequences.
template <class Work>
void Pool::Impl::run(std::size_t index, TimePoint now, std::string& bytes, Output& out, Work work) {
  Link& link = links[index];
  if (!link.session) return;
  work(*link.session, qbe::Turn{now, bytes, events});
  if (!link.served && link.session->phase() == qbe::Login::Phase::done) {
    link.served = true;
    link.served_since = now;
    ++link.life;
    link.last_error.clear();
    link.versions_refused = 0;
    log.write(catalogue::link_in_service,
              {{"link", link.name}, {"devices", std::to_string(link.session->inventory().devices())}});
  }
  link.state = state_of(link.session->phase());
  hand_up(index, out);
  if (!link.session->ended()) return;
  lose(index, *link.session->ended(), now, out);
  if (link.connection) out.close.push_back(index);
}

void Pool::Impl::hand_up(std::size_t index, Output& out) {
  const driver::LinkId id{static_cast<std::uint32_t>(index), links[index].life};
  for (auto& event : events)
    out.events.push_back({id, std::move(event)});
  events.clear();
}

void Pool::Impl::lose(std::size_t index, const Ending& ending, TimePoint now, Output& out) {
  Link& link = links[index];
  link.last_error = ending.reason;
  log_ending(link, ending);
  if (link.session && link.served) {
    link.session->abandon(events);
    events.emplace_back(driver::LinkLost{link.last_error});
    hand_up(index, out);
    if (!link.stopped) ++link.losses, counters.add(Counter::cti_losses);
  }
  const Duration wait = wait_after(link, ending.why, now);
  link.state = ending.why == Why::credentials || ending.why == Why::refused ? State::refused : State::waiting;
  link.session.reset();
  link.served = false;
  if (!link.stopped) link.retry_at = now + wait;
  if (!any_in_service()) rotation.outage();
}

Duration Pool::Impl::wait_after(Link& link, Why why, TimePoint now) {
  const auto slow = [&] { return settings.refused_backoff + random.up_to(settings.refused_backoff / 4); };
  switch (why) {
    case Why::credentials: counters.add(Counter::cti_logins_refused); return slow();
    case Why::refused: return slow();
    case Why::version:
      if (settings.protocol_versions.empty()) return slow();
      // The one that worked last stays the first to be tried.
      link.version = (link.version + 1) % settings.protocol_versions.size();
      if (++link.versions_refused < settings.protocol_versions.size()) return Duration::zero();
      link.versions_refused = 0;
      return slow();  // It wants none of those we speak.
    case Why::lost:
    case Why::directory:
    case Why::full:
    case Why::malformed: break;
  }
  // A link that stayed up for a while starts again from a short wait; one that falls at once does not.
  if (link.served && now - link.served_since >= settings.backoff_most) link.backoff.reset();
  return link.backoff.next(random);
}

void Pool::Impl::log_ending(const Link& link, const Ending& ending) {
  const auto kind = [&]() -> const LogKind& {
    switch (ending.why) {
      case Why::credentials: return catalogue::link_login_refused;
      case Why::refused: return catalogue::link_refused;
      case Why::version: return catalogue::link_other_version;
      case Why::directory: return catalogue::link_no_directory;
      case Why::full: return catalogue::link_full;
      case Why::malformed: return catalogue::link_frame_refused;
      case Why::lost: break;
    }
    return link.stopped ? catalogue::link_closed : link.served ? catalogue::link_lost : catalogue::link_failed;
  };
  log.write(kind(), {{"link", link.name}, {"reason", ending.reason}});
}

Pool::Pool(Settings settings, Random& random, Counters& counters, Log& log)
    : impl_(std::make_unique<Impl>(std::move(settings), random, counters, log)) {}
Pool::~Pool() = default;

void Pool::start(TimePoint, Output& out) {
  for (std::size_t i = 0; i < impl_->links.size(); ++i)
    impl_->dial(i, out);
}

void Pool::opened(std::size_t index, TimePoint now, std::string& bytes, Output& out) {
  Link& link = impl_->links[index];
  if (link.state != State::connecting || link.stopped) return;
  link.session =
      std::make_unique<LinkSession>(impl_->session_settings(link), impl_->random, impl_->counters, impl_->log);
  impl_->run(index, now, bytes, out, [](LinkSession& session, qbe::Turn turn) { session.start(turn); });
}

void Pool::received(std::size_t index, std::string_view data, TimePoint now, std::string& bytes, Output& out) {
  impl_->run(index, now, bytes, out,
             [&](LinkSession& session, qbe::Turn turn) { session.received(data, turn); });
}

void Pool::closed(std::size_t index, Gone why, TimePoint now, Output& out) {
  Link& link = impl_->links[index];
  link.connection = false;
  if (link.session || (link.state == State::connecting && !link.stopped))
    impl_->lose(index, {Why::lost, 0, std::string(words(why))}, now, out);
}

void Pool::stop(std::size_t index, TimePoint now, std::string& bytes, Output& out) {
  Link& link = impl_->links[index];
  link.stopped = true;
  link.retry_at.reset();
  if (link.session)
    impl_->run(index, now, bytes, out, [](LinkSession& session, qbe::Turn turn) { session.close(turn); });
  else if (link.connection)
    out.close.push_back(index);
}

std::optional<TimePoint> Pool::next_deadline() const {
  std::optional<TimePoint> first;
  for (const Link& link : impl_->links)
    if (const auto deadline = link.deadline(); deadline && (!first || *deadline < *first)) first = deadline;
  return first;
}

std::optional<std::size_t> Pool::due(TimePoint now) const {
  for (std::size_t i = 0; i < impl_->links.size(); ++i)
    if (const auto deadline = impl_->links[i].deadline(); deadline && *deadline <= now) return i;
  return std::nullopt;
}

void Pool::tick(std::size_t index, TimePoint now, std::string& bytes, Output& out) {
  Link& link = impl_->links[index];
  if (link.session)
    impl_->run(index, now, bytes, out, [](LinkSession& session, qbe::Turn turn) { session.tick(turn); });
  else if (!link.connection && link.retry_at && *link.retry_at <= now)
    impl_->dial(index, out);
}

driver::OperationId Pool::request(driver::LinkId id, const driver::Operation& operation, TimePoint now,
                                  std::string& bytes, Output& out) {
  const driver::OperationId asked{++impl_->operations};
  if (!in_service(id)) {
    using Kind = driver::Failure::Kind;
    out.events.push_back(
        {id, driver::Answered{asked, driver::Failure{Kind::link_lost, 0, "the link was lost"}}});
    return asked;
  }
  impl_->run(id.index, now, bytes, out,
             [&](LinkSession& session, qbe::Turn turn) { session.request(asked, operation, turn); });
  return asked;
}

std::optional<driver::LinkId> Pool::next_turn() const {
  const auto index = impl_->rotation.next([&](std::size_t i) { return impl_->links[i].in_service(); });
  if (!index) return std::nullopt;
  return driver::LinkId{static_cast<std::uint32_t>(*index), impl_->links[*index].life};
}

void Pool::turn_taken(driver::LinkId link) {
  impl_->rotation.taken(link.index);
}

bool Pool::in_service(driver::LinkId id) const {
  if (id.index >= impl_->links.size()) return false;
  const Link& link = impl_->links[id.index];
  return link.in_service() && link.life == id.life;
}

bool Pool::any_in_service() const {
  return impl_->any_in_service();
}

std::vector<driver::Appearance> Pool::appearances(driver::LinkId link, std::string_view number) const {
  if (!in_service(link)) return {};
  return impl_->links[link.index].session->inventory().appearances(number);
}

std::size_t Pool::size() const {
  return impl_->links.size();
}

Pool::LinkView Pool::view(std::size_t index) const {
  const Link& link = impl_->links[index];
  LinkView out;
  out.manager = link.manager;
  out.state = link.state;
  out.life = link.life;
  out.losses = link.losses;
  out.last_error = link.last_error;
  if (!link.session) return out;
  out.devices = link.session->inventory().devices();
  out.lines = link.session->inventory().lines();
  out.open_lines = link.session->open_lines();
  out.outstanding = link.session->outstanding();
  const auto& learnt = link.session->learnt();
  out.devices_expected = learnt.devices_listed_for_user;
  out.devices_asked = link.session->devices_asked();
  out.controls_any_device = learnt.controls_any_device;
  out.most_devices_open = learnt.most_devices_open;
  out.days_until_password_expires = learnt.days_until_password_expires;
  return out;
}

}  // namespace linebridge::cti
