#include "tests/flow/conversation.hpp"

#include <algorithm>
#include <span>

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::string_view word(Loss loss) {
  switch (loss) {
    case Loss::none: return "nothing lost";
    case Loss::leg: return "leg lost";
    case Loss::direct: return "direct connection lost";
    case Loss::called: return "direct connection lost, the node makes one,";
    case Loss::for_good: return "client lost for good";
    case Loss::link: return "CTI link lost";
    case Loss::all_links: return "all CTI links lost";
    case Loss::blocked: return "client reads nothing";
  }
  return "";
}

std::string_view word(Moment moment) {
  switch (moment) {
    case Moment::before: return "before";
    case Moment::half: return "in the middle of";
    case Moment::in_flight: return "with nothing done yet in";
    case Moment::after: return "with nothing read yet of";
  }
  return "";
}

// Where one moment shows no more than another, one is enough.
std::span<const Moment> moments(Loss loss) {
  using enum Moment;
  static constexpr std::array all{before, half, in_flight, after};
  static constexpr std::array of_links{before, in_flight, after};
  static constexpr std::array called{before, in_flight};
  static constexpr std::array for_good{half, in_flight};
  switch (loss) {
    case Loss::link:
    case Loss::all_links: return of_links;
    case Loss::called: return called;
    case Loss::for_good: return for_good;
    case Loss::blocked: return std::span(all).first(1);
    default: return all;
  }
}

/// What `who` does with its talker; `accepted` looks at the answer when all goes well.
Step step(const Someone& who, std::string_view what, Answer (Talker::*act)(), int status = 200) {
  return {who.name + " " + std::string(what), [=](Stage& stage) {
            const Answer answer = (stage.talker(who).*act)();
            if (!stage.straight()) return;
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->status, status);
            EXPECT_EQ(answer->error, "");
          }};
}

Step phone_step(const Phone& phone, std::string_view what, std::function<void(Stage&)> act) {
  return {phone.number + " " + std::string(what),
          [act = std::move(act)](Stage& stage) { stage.let([&] { act(stage); }); }};
}

void set_registered(Stage& stage, const std::string& number, bool on) {
  const auto phone = stage.exchange->phone("SEP00000000" + number);
  ASSERT_TRUE(phone);
  stage.exchange->set_registered(*phone, on);
}

/// A service for a call of `who`; `expected` is the root element or the error of its answer.
Step handles(const Someone& who, std::string_view service, std::string_view expected, Which which) {
  return {who.name + ": " + std::string(service),
          [=, service = std::string(service), expected = std::string(expected)](Stage& stage) {
            const Answer answer = stage.talker(who).handle(service, which);
            if (!stage.straight()) return;
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->status, 200);
            EXPECT_EQ(answer->error.empty() ? answer->name : answer->error, expected);
          }};
}

bool begins(const std::vector<std::string>& whole, const std::vector<std::string>& part) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

}  // namespace

Step Someone::signs_in() const {
  return step(*this, "signs in", &Talker::sign_in);
}
Step Someone::signs_in_again() const {
  return step(*this, "signs in again", &Talker::sign_in);
}
Step Someone::signs_in_at_a_stroke() const {
  return {name + " signs in and monitors in one segment",
          [who = *this](Stage& stage) { stage.talker(who).sign_in_at_a_stroke(); }};
}
Step Someone::asks_features() const {
  return step(*this, "asks for the features", &Talker::features);
}
Step Someone::monitors() const {
  return step(*this, "starts a monitor", &Talker::monitor);
}
Step Someone::stops_monitor() const {
  return step(*this, "stops its monitor", &Talker::stop_monitor);
}
Step Someone::leaves() const {
  return step(*this, "leaves", &Talker::bye);
}

Step Someone::calls(std::string_view number) const {
  return {name + " calls " + std::string(number), [who = *this, to = std::string(number)](Stage& stage) {
            const Answer answer = stage.talker(who).call(to);
            if (!stage.straight()) return;
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->error, "");
            EXPECT_EQ(answer->device, who.line);
            EXPECT_NE(answer->call, "");
          }};
}

Step Someone::sees_calls(std::size_t many) const {
  return {name + " asks which calls there are", [who = *this, many](Stage& stage) {
            const Answer answer = stage.talker(who).snapshot();
            if (!stage.straight()) return;
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->name, "SnapshotDeviceResponse");
            EXPECT_EQ(answer->connections, many);
          }};
}

Step Someone::is_refused(std::string_view number, std::string_view error) const {
  return {name + " calls " + std::string(number) + " in vain",
          [who = *this, to = std::string(number), error = std::string(error)](Stage& stage) {
            const Answer answer = stage.talker(who).call(to);
            if (!stage.straight()) return;
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->error, error);
          }};
}

Step Someone::asks_for_call(std::string_view number) const {
  return {name + " asks for a call to " + std::string(number),
          [who = *this, to = std::string(number)](Stage& stage) {
            const Answer answer = stage.talker(who).call(to);
            if (!stage.straight()) return;
            EXPECT_FALSE(answer);
          }};
}

Step Someone::picks_up(Which which) const {
  return handles(*this, "AnswerCall", "AnswerCallResponse", which);
}
Step Someone::holds(Which which) const {
  return handles(*this, "HoldCall", "HoldCallResponse", which);
}
Step Someone::retrieves(Which which) const {
  return handles(*this, "RetrieveCall", "RetrieveCallResponse", which);
}
Step Someone::hangs_up(Which which) const {
  return handles(*this, "ClearConnection", "ClearConnectionResponse", which);
}
Step Someone::tries(std::string_view service, std::string_view error, Which which) const {
  return handles(*this, service, error, which);
}

Step Someone::asks_for(std::string_view service, Which which) const {
  return {name + " asks for " + std::string(service),
          [who = *this, service = std::string(service), which](Stage& stage) {
            const Answer answer = stage.talker(who).handle(service, which);
            if (!stage.straight()) return;
            EXPECT_FALSE(answer);
          }};
}

Step Someone::was_told(Names all) const {
  return {name + " was told",
          [who = *this, all = std::move(all)](Stage& stage) {
            if (!stage.straight()) return;
            EXPECT_EQ(stage.talker(who).record.names(), all);
          },
          true};
}

Step Someone::was_refused(std::string_view error) const {
  return {name + " was refused",
          [who = *this, error = std::string(error)](Stage& stage) {
            if (!stage.straight()) return;
            const auto& told = stage.talker(who).record.told;
            const auto last = std::find_if(told.rbegin(), told.rend(),
                                           [](const Told& each) { return each.kind == Told::Kind::answer; });
            ASSERT_NE(last, told.rend());
            EXPECT_EQ(last->error, error);
          },
          true};
}

Step Someone::refreshes() const {
  return {name + " refreshes by re-INVITE",
          [who = *this](Stage& stage) { stage.talker(who).refresh("INVITE", true); }};
}
Step Someone::refreshes_without_body() const {
  return {name + " refreshes by re-INVITE without a body",
          [who = *this](Stage& stage) { stage.talker(who).refresh("INVITE", false); }};
}
Step Someone::updates() const {
  return {name + " refreshes by UPDATE",
          [who = *this](Stage& stage) { stage.talker(who).refresh("UPDATE", false); }};
}

Step Someone::hears(Names events) const {
  for (auto& each : events)
    each += "Event";
  return {name + " hears",
          [who = *this, events = std::move(events)](Stage& stage) {
            if (!stage.straight()) return;
            EXPECT_EQ(stage.talker(who).news(), events);
          },
          true};
}

Step Someone::signs_out() const {
  return {name + " signs out", [who = *this](Stage& stage) {
            Talker& talker = stage.talker(who);
            talker.settle();
            const Answer answer = talker.bye();
            if (!stage.straight()) return;
            EXPECT_EQ(answer ? answer->status : 0, 200);
          }};
}

Step Someone::is_gone() const {
  return {name + " is gone",
          [who = *this](Stage& stage) {
            for (const auto& session : stage.status().sessions)
              EXPECT_NE(session.user, "sip:" + who.user + "@example.test");
          },
          true};
}

Step Phone::answers() const {
  return phone_step(*this, "answers", [n = number](Stage& stage) {
    if (const auto leg = stage.leg_of(n)) stage.exchange->answer(leg);
  });
}
Step Phone::hangs_up() const {
  return phone_step(*this, "hangs up", [n = number](Stage& stage) {
    if (const auto leg = stage.leg_of(n)) stage.exchange->disconnect(leg);
  });
}
Step Phone::holds() const {
  return phone_step(*this, "holds", [n = number](Stage& stage) {
    if (const auto leg = stage.leg_of(n)) stage.exchange->hold(leg);
  });
}
Step Phone::retrieves() const {
  return phone_step(*this, "retrieves", [n = number](Stage& stage) {
    if (const auto leg = stage.leg_of(n)) stage.exchange->retrieve(leg);
  });
}
Step Phone::calls(std::string_view destination) const {
  return phone_step(*this, "calls " + std::string(destination),
                    [n = number, to = std::string(destination)](Stage& stage) {
                      stage.exchange->originate_outside(n, to, stage.now);
                    });
}
Step Phone::unregisters() const {
  return phone_step(*this, "unregisters", [n = number](Stage& stage) { set_registered(stage, n, false); });
}
Step Phone::registers() const {
  return phone_step(*this, "registers", [n = number](Stage& stage) { set_registered(stage, n, true); });
}

Step passes(Duration time) {
  return {"time passes", [time](Stage& stage) { stage.pass(time); }};
}
Step cti_falls_silent() {
  return {"the CTI Manager of the first session falls silent",
          [](Stage& stage) { stage.silence(stage.manager_of_first_session(), true); }, true};
}
Step cti_goes_deaf() {
  return {"the CTI Manager of the first session goes deaf",
          [](Stage& stage) { stage.deafen(stage.manager_of_first_session(), true); }, true};
}
Step cti_is_well_again() {
  return {"the CTI Manager is well again", [](Stage& stage) {
            stage.let([&] {
              for (std::size_t i = 0; i < stage.spec.managers.size(); ++i) {
                stage.silence(i, false);
                stage.deafen(i, false);
              }
            });
          }};
}
Step cti_tells_events_first() {
  return {"the CTI Managers tell events first", [](Stage& stage) { stage.events_first = true; }, true};
}
Step node_stops() {
  return {"the node stops", [](Stage& stage) {
            stage.let([&] { stage.node->on(Stop{stage.now + 10s}, stage.now, stage.out); });
            stage.pass(10s);
          }};
}
Step then(std::string_view what, std::function<void(Stage&)> look) {
  return {std::string(what),
          [look = std::move(look)](Stage& stage) {
            if (stage.straight()) look(stage);
          },
          true};
}

void Conversation::run() {
  ran_ = true;
  Stage stage;
  play(stage, nowhere);
  finish(stage);
  for (const auto& talker : stage.everybody())
    straight_[talker.person.name] = talker.record.by_monitor();
}

void Conversation::replay() {
  for (const auto loss :
       {Loss::leg, Loss::direct, Loss::called, Loss::for_good, Loss::link, Loss::all_links, Loss::blocked})
    replay_with(loss);
}

void Conversation::replay_with(Loss loss) {
  if (!ran_) run();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (const auto moment : moments(loss)) {
      if (steps_[i].quiet || testing::Test::HasFailure()) continue;
      SCOPED_TRACE(std::string(word(loss)) + " " + std::string(word(moment)) + " step " + std::to_string(i) +
                   ": " + steps_[i].what);
      Stage stage;
      stage.loss = loss;
      stage.moment = moment;
      if (!play(stage, i)) continue;
      finish(stage);
      compare(stage);
    }
  }
}

/// False: there is no such moment in step `broken`.
bool Conversation::play(Stage& stage, std::size_t broken) const {
  stage.start();
  for (std::size_t i = 0; i < steps_.size() && !stage.over; ++i) {
    stage.armed = i == broken;
    stage.strike(Moment::before);
    if (stage.over) break;
    steps_[i].act(stage);
    stage.recover();
    if (std::exchange(stage.armed, false)) return false;
  }
  return true;
}

void Conversation::finish(Stage& stage) const {
  if (stage.over) stage.advance(1801s);
  stage.everybody_hears();
  stage.advance(33s);  // Transactions, and legs nobody uses.
  const view::Status status = stage.status();
  EXPECT_TRUE(status.sessions.empty());
  EXPECT_EQ(status.node.calls, 0U);
  for (const auto& link : status.links)
    EXPECT_EQ(link.open_lines, 0U);
  for (const auto& talker : stage.everybody())
    EXPECT_EQ(talker.faults(), "") << talker.person.name;
  // The deadlines that are left are those of the links: a node without links has none.
  stage.node->on(Stop{stage.now + 10s}, stage.now, stage.out);
  stage.advance(11s);
  EXPECT_TRUE(stage.node->finished());
  EXPECT_FALSE(stage.node->next_deadline());
}

void Conversation::compare(const Stage& stage) const {
  if (stage.loss == Loss::link || stage.loss == Loss::all_links) return;
  for (const auto& talker : stage.everybody()) {
    const auto expected = straight_.find(talker.person.name);
    if (expected == straight_.end()) continue;
    const auto heard = talker.record.by_monitor();
    // Who has not come back cannot have heard all.
    const bool cut_off = stage.over || (!talker.peer() && stage.loss != Loss::called);
    for (const auto& group : heard) {
      // A dialog that another replaced may have ended before its events found a connection.
      const bool may_end_early = cut_off || &group != &heard.back();
      const auto fits = [&](const auto& whole) {
        return may_end_early ? begins(whole, group) : whole == group;
      };
      EXPECT_TRUE(std::any_of(expected->second.begin(), expected->second.end(), fits))
          << testing::PrintToString(group) << " instead of " << testing::PrintToString(expected->second);
    }
    EXPECT_TRUE(cut_off || heard.empty() == expected->second.empty()) << talker.person.name;
  }
}

}  // namespace linebridge::test
