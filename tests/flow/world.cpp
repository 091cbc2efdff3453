#include "tests/flow/world.hpp"

#include "tests/flow/switch.hpp"
#include "tests/simulators/cucm/message_ids.hpp"

namespace linebridge::test {

using namespace std::chrono_literals;
namespace {

/// The frames of a turn; with `events_first` those that answer an operation on a call stand last.
std::string in_order(const sim::cucm::Outgoing& turn, bool events_first) {
  if (!events_first) return turn.bytes;
  namespace id = sim::cucm::id;
  static constexpr std::array operations{id::line_call_initiate, id::call_answer, id::call_disconnect,
                                         id::call_hold, id::call_retrieve};
  std::string out, last;
  std::size_t at = 0;
  for (const auto& part : turn.parts) {
    const bool moves = std::find(operations.begin(), operations.end(), part.id - 1) != operations.end();
    (moves ? last : out) += turn.bytes.substr(at, part.size);
    at += part.size;
  }
  return out + last;
}

}  // namespace

World::World(std::size_t managers) {
  for (std::size_t i = 1; i <= managers; ++i)
    spec.managers.push_back({"cti" + std::to_string(i), {"cti" + std::to_string(i), 2748}});
  spec.users.push_back({"linebridge", "secret", {"SEP*"}});
  for (const auto* number : {"1001", "1002", "1003"})
    spec.phones.push_back(phone(number));
  spec.outside.push_back({"+1555*", "Outside"});
  spec.ring_limit = {};  // Phones ring until somebody in the conversation answers or hangs up.
}

core::Gateway::Settings World::settings() {
  core::Gateway::Settings made;
  made.version = "test";
  made.reception = {true, {"gw.example.test"}, {Network::parse("192.0.2.0/24").value()}, {}, "dialstring"};
  for (const auto& manager : spec.managers)
    made.cti.managers.push_back(manager.listen);
  made.cti.user = "linebridge";
  made.cti.password = "secret";
  made.trace_bytes = 256 * 1024;
  return made;
}

std::vector<users::User> World::users() {
  const auto line = [](const char* uri) { return numbers::parse_line_uri(uri).value(); };
  return {{"sip:alice@example.test", true, line("tel:1001;phone-context=dialstring"), {}},
          {"sip:bob@example.test", true, line("tel:1002;phone-context=dialstring"), {}},
          {"sip:carol@example.test", false, line("tel:1003;phone-context=dialstring"), {}}};
}

void World::start(core::Gateway::Settings settings) {
  exchange = std::make_unique<sim::cucm::Exchange>(spec);
  traffic_ = std::make_unique<sim::cucm::Traffic>(1000);
  static NoLog quiet;
  shared_ = std::make_unique<sim::cucm::Shared>(
      sim::cucm::Shared{spec, *exchange, login_key(), sim_random, *traffic_, quiet});
  node = std::make_unique<core::Gateway>(std::move(settings), std::make_shared<const users::Directory>(users()),
                                         random, counters, log);
  node->start(now, out);
  advance(2s);
}

PeerId World::connect(std::string_view key, std::string_view sender) {
  Origin from{Listener::sip, {"127.0.0.1", 5071}, {std::string(sender), 40000}, "", std::nullopt};
  if (!key.empty())
    from.proxy =
        ProxyHeader{false, {std::string(sender), 40000}, {"192.0.2.5", 5060}, std::string(key), "new", ""};
  return connect(from);
}

PeerId World::connect(const Origin& from) {
  const PeerId peer{++last_peer_};
  node->on(Opened{peer, from}, now, out);
  pump();
  return peer;
}

void World::disconnect(PeerId peer) {
  node->on(Closed{peer, Gone::by_peer}, now, out);
  pump();
}

void World::put(PeerId peer, std::string_view bytes) {
  node->on(Bytes{peer, bytes}, now, out);
}

void World::send(PeerId peer, std::string_view bytes) {
  put(peer, bytes);
  pump();
}

void World::resume(PeerId peer) {
  out.wire.resume(peer);
  node->on(Drained{peer}, now, out);
  pump();
}

std::string World::received(PeerId peer) {
  return out.wire.take(peer);
}

bool World::take_dials() {
  bool worked = false;
  for (; dials_seen_ < out.wire.dials.size(); ++dials_seen_) {
    worked = true;
    const auto dial = out.wire.dials[dials_seen_];
    if (std::find(accepting.begin(), accepting.end(), dial.target.address) != accepting.end()) {
      taken.push_back(dial);
      node->on(Opened{dial.peer, {}}, now, out);
      continue;
    }
    std::size_t manager = 0;
    while (manager < spec.managers.size() && spec.managers[manager].listen != dial.target.address)
      ++manager;
    if (manager == spec.managers.size() || refusing_.contains(manager)) {
      node->on(Closed{dial.peer, Gone::refused}, now, out);
      continue;
    }
    links_.push_back(
        {dial.peer, manager,
         std::make_unique<sim::cucm::Provider>(*shared_, spec.managers[manager].name, ++connections_, now)});
    node->on(Opened{dial.peer, {}}, now, out);
  }
  return worked;
}

bool World::take_closes() {
  bool worked = false;
  for (; closes_seen_ < out.wire.closes.size(); ++closes_seen_) {
    worked = true;
    const PeerId peer = out.wire.closes[closes_seen_].peer;
    for (auto& link : links_) {
      if (link.peer != peer) continue;
      exchange_bytes(link);
      link.closing = true;
    }
    node->on(Closed{peer, Gone::by_us}, now, out);
  }
  std::erase_if(links_, [](const Link& link) { return link.closing; });
  return worked;
}

void World::tell_everybody() {
  for (const auto& happening : exchange->take_happenings())
    for (auto& link : links_)
      link.provider->tell(happening, now);
}

bool World::exchange_bytes(Link& link) {
  if (silent_.contains(link.manager) || link.closing) return false;
  const std::string in = deaf_.contains(link.manager) ? std::string() : out.wire.take(link.peer);
  link.provider->push(in);
  while (const auto frame = link.provider->next(now)) {
    link.provider->take(*frame, now);
    tell_everybody();
  }
  tell_everybody();
  const std::string answer = in_order(link.provider->take_output(), events_first);
  if (!answer.empty()) node->on(Bytes{link.peer, answer}, now, out);
  if (link.provider->ended()) {
    link.closing = true;
    node->on(Closed{link.peer, Gone::by_peer}, now, out);
  }
  return !in.empty() || !answer.empty();
}

void World::pump() {
  tell_everybody();
  for (bool worked = true; worked;) {
    worked = take_dials();
    for (std::size_t i = 0; i < links_.size(); ++i)
      worked = exchange_bytes(links_[i]) || worked;
    worked = take_closes() || worked;
  }
}

void World::advance(Duration by) {
  const TimePoint end = now + by;
  pump();
  for (;;) {
    std::optional<TimePoint> next = node->next_deadline();
    const auto sooner = [&](std::optional<TimePoint> at) {
      if (at && (!next || *at < *next)) next = at;
    };
    sooner(exchange->next_deadline());
    for (const auto& link : links_)
      if (!silent_.contains(link.manager)) sooner(link.provider->next_deadline());
    if (!next || *next > end) break;
    now = std::max(now, *next);
    exchange->tick(now);
    for (auto& link : links_)
      if (!silent_.contains(link.manager)) link.provider->tick(now);
    node->on(Tick{}, now, out);
    pump();
  }
  now = end;
}

view::Status World::status() {
  const std::uint64_t id = ++last_question_;
  node->on(core::Asked{id, view::ShowStatus{}}, now, out);
  return std::get<view::Status>(out.replies.at(id));
}

void World::refuse_connections(std::size_t manager, bool on) {
  if (on) {
    refusing_.insert(manager);
  } else {
    refusing_.erase(manager);
  }
}

void World::drop_link(std::size_t manager) {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].manager != manager) continue;
    const PeerId peer = links_[i].peer;
    links_.erase(links_.begin() + static_cast<std::ptrdiff_t>(i));
    node->on(Closed{peer, Gone::by_peer}, now, out);
    break;
  }
  pump();
}

void World::silence(std::size_t manager, bool on) {
  if (on) {
    silent_.insert(manager);
  } else {
    silent_.erase(manager);
  }
}

void World::deafen(std::size_t manager, bool on) {
  if (on) {
    deaf_.insert(manager);
  } else {
    deaf_.erase(manager);
  }
}

sim::cucm::LegId World::leg_of(std::string_view number) const {
  for (const auto& [id, leg] : exchange->legs())
    if (leg.self.number == number) return id;
  return 0;
}

}  // namespace linebridge::test
