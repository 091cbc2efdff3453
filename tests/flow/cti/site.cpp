#include "tests/flow/cti/site.hpp"

#include <algorithm>
#include <utility>

#include "tests/flow/switch.hpp"

namespace linebridge::test {

using namespace std::chrono_literals;
namespace driver = cti::driver;

namespace {

/// What the manager says, without the messages that get lost.
std::string without(const sim::cucm::Outgoing& output, const std::set<std::int32_t>& omitted) {
  std::string kept;
  std::size_t at = 0;
  for (const auto& part : output.parts) {
    if (!omitted.contains(part.id)) kept.append(output.bytes, at, part.size);
    at += part.size;
  }
  return kept;
}

}  // namespace

CtiSite::CtiSite(std::string user) : user_(std::move(user)) {
  spec.managers.push_back({"cti1", {"cti1", 2748}});
  spec.users.push_back({"linebridge", "secret", {"SEP*"}});
  spec.users.push_back({"anybody", "secret", {}, true, true});
  for (const auto* number : {"1001", "1002", "1003", "1004"})
    spec.phones.push_back(phone(number));
  spec.outside.push_back({"+1555*", "Outside"});
}

CtiSite::~CtiSite() = default;

void CtiSite::start() {
  exchange = std::make_unique<sim::cucm::Exchange>(spec);
  traffic_ = std::make_unique<sim::cucm::Traffic>(1000);
  shared_ = std::make_unique<sim::cucm::Shared>(
      sim::cucm::Shared{spec, *exchange, login_key(), sim_random, *traffic_, log});
  cti::Pool::Settings settings;
  settings.managers = {spec.managers.front().listen};
  settings.user = user_;
  settings.password = "secret";
  pool = std::make_unique<cti::Pool>(settings, random, counters, log);
  cti::Pool::Output out;
  pool->start(now, out);
  take(out);
  advance(2s);
}

void CtiSite::take(cti::Pool::Output& out) {
  for (auto& happened : out.events) {
    if (auto* answered = std::get_if<driver::Answered>(&happened.event))
      answers_.emplace(answered->operation.value, std::move(answered->outcome));
    else
      happened_.push_back(std::move(happened.event));
  }
  dialled_ = dialled_ || !out.dial.empty();
  closing_ = closing_ || !out.close.empty();
  out.clear();
}

void CtiSite::tell_everybody() {
  for (const auto& happening : exchange->take_happenings())
    if (provider_) provider_->tell(happening, now);
}

bool CtiSite::let_manager_work(cti::Pool::Output& out) {
  const std::string in = std::exchange(to_manager_, {});
  provider_->push(in);
  while (const auto frame = provider_->next(now)) {
    const auto refusal = refused.find(frame->id);
    if (refusal == refused.end())
      provider_->take(*frame, now);
    else
      provider_->refuse(*frame, refusal->second, now);
    tell_everybody();
  }
  tell_everybody();
  const std::string answer = without(provider_->take_output(), omitted);
  if (!answer.empty()) pool->received(0, answer, now, to_manager_, out);
  return !in.empty() || !answer.empty();
}

void CtiSite::pump() {
  cti::Pool::Output out;
  tell_everybody();
  for (bool worked = true; worked;) {
    worked = false;
    if (std::exchange(dialled_, false)) {
      provider_ =
          std::make_unique<sim::cucm::Provider>(*shared_, spec.managers.front().name, ++connections_, now);
      pool->opened(0, now, to_manager_, out);
      worked = true;
    }
    if (provider_) worked = let_manager_work(out) || worked;
    take(out);
    if (provider_ && (std::exchange(closing_, false) || provider_->ended())) {
      provider_.reset();
      pool->closed(0, Gone::by_peer, now, out);
      take(out);
      worked = true;
    }
  }
}

void CtiSite::advance(Duration by) {
  const TimePoint end = now + by;
  pump();
  for (;;) {
    std::optional<TimePoint> next = pool->next_deadline();
    const auto sooner = [&](std::optional<TimePoint> at) {
      if (at && (!next || *at < *next)) next = at;
    };
    sooner(exchange->next_deadline());
    if (provider_) sooner(provider_->next_deadline());
    if (!next || *next > end) break;
    now = std::max(now, *next);
    exchange->tick(now);
    if (provider_) provider_->tick(now);
    cti::Pool::Output out;
    while (pool->due(now))
      pool->tick(*pool->due(now), now, to_manager_, out);
    take(out);
    pump();
  }
  now = end;
}

void CtiSite::drop_link() {
  provider_.reset();
  to_manager_.clear();
  cti::Pool::Output out;
  pool->closed(0, Gone::by_peer, now, out);
  take(out);
  pump();
}

driver::Outcome CtiSite::ask(const driver::Operation& operation) {
  cti::Pool::Output out;
  const auto id = pool->request(link(), operation, now, to_manager_, out);
  take(out);
  pump();
  if (!answers_.contains(id.value)) advance(11s);
  const auto at = answers_.find(id.value);
  if (at != answers_.end()) return at->second;
  ADD_FAILURE() << "never answered";
  return driver::Failure{};
}

driver::LineHandle CtiSite::open(const std::string& number) {
  const auto listed = pool->appearances(link(), number);
  if (listed.empty()) {
    ADD_FAILURE() << number << " is not listed";
    return {};
  }
  const auto& where = listed.front();
  const auto line = get<driver::LineOpened>(driver::OpenLine{where.device, where.number, where.partition}).line;
  EXPECT_TRUE(last<driver::LineInService>(line));
  return line;
}

std::vector<driver::Event> CtiSite::events() {
  return std::exchange(happened_, {});
}

std::optional<driver::CallState> CtiSite::state(driver::LegHandle leg) const {
  std::optional<driver::CallState> found;
  for (const auto& event : happened_) {
    if (const auto* fresh = std::get_if<driver::NewCall>(&event))
      if (fresh->leg == leg) found = fresh->state;
    if (const auto* changed = std::get_if<driver::CallStateChanged>(&event))
      if (changed->leg == leg) found = changed->state;
  }
  return found;
}

driver::LegHandle CtiSite::newest(driver::LineHandle line) const {
  const auto call = last<driver::NewCall>(line);
  return call ? call->leg : driver::LegHandle{};
}

}  // namespace linebridge::test
