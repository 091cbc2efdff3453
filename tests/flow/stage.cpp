#include "tests/flow/stage.hpp"

#include "tests/flow/talker.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

}  // namespace

Stage::Stage() {
  spec.outside.insert(spec.outside.begin(), {"+1666*", "Busy", sim::cucm::OutsideSpec::Behaviour::busy, {}});
}

Stage::~Stage() = default;

Talker& Stage::talker(const Person& person) {
  for (auto& each : people_)
    if (each.person.name == person.name) return each;
  return people_.emplace_back(*this, person);
}

Talker* Stage::whose(const Seen& seen) {
  const std::string call_id = seen.header("Call-ID");
  for (auto& each : people_)
    if (call_id.starts_with(each.person.name + "-")) return &each;
  return nullptr;
}

std::size_t Stage::manager_of_first_session() {
  const auto sessions = status().sessions;
  return sessions.empty() || sessions.front().link == 0 ? 0 : sessions.front().link - 1;
}

void Stage::everybody_hears() {
  for (auto& each : people_)
    each.hear();
}

void Stage::strike(Moment now_is) {
  if (!strikes(now_is)) return;
  armed = false;
  if (loss == Loss::link) {
    return drop_link(manager_of_first_session());
  }
  if (loss == Loss::all_links) return begin_outage();
  if (loss == Loss::called) accepting.push_back({"192.0.2.10", 5060});
  blocked_ = loss == Loss::blocked;
  over = loss == Loss::for_good;
  for (auto& each : people_)
    if (blocked_) {
      block(each.peer());
    } else {
      each.lose_connection();
    }
}

void Stage::let(const std::function<void()>& happens) {
  happens();
  strike(Moment::in_flight);
  pump();
  strike(Moment::after);
  if (blocked_) recover();
  everybody_hears();
}

// In small steps, so that the people answer in time what they hear.
void Stage::pass(Duration by) {
  const TimePoint end = now + by;
  const Duration step = std::max<Duration>(250ms, by / 20);
  while (now < end) {
    advance(std::min<Duration>(step, end - now));
    everybody_hears();
  }
}

void Stage::recover() {
  if (blocked_) {
    pass(2s);
    blocked_ = false;
    for (auto& each : people_)
      resume(each.peer());
    everybody_hears();
  }
  if (!outage_) return;
  outage_ = false;
  for (std::size_t i = 0; i < spec.managers.size(); ++i)
    refuse_connections(i, false);
  pass(40s);
}

void Stage::begin_outage() {
  outage_ = true;
  for (std::size_t i = 0; i < spec.managers.size(); ++i)
    refuse_connections(i, true);
  for (std::size_t i = 0; i < spec.managers.size(); ++i)
    drop_link(i);
}

}  // namespace linebridge::test
