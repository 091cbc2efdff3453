#include "tests/simulators/cucm/exchange.hpp"

#include "base/random.hpp"
#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {
namespace {

using namespace std::chrono_literals;

/// People who press keys without thinking, on phones of which three share a line.
class Crowd {
public:
  explicit Crowd(std::uint64_t seed) : spec_(cluster()), exchange_(spec_), random_(repeatable(seed)) {}

  void act() {
    now_ += std::chrono::milliseconds(below(20'000));
    exchange_.tick(now_);
    switch (below(16)) {
      case 0:
        exchange_.originate({line(), exchange_.allocate(), number(), LegOrigin::outbound, LegReason::direct},
                            now_);
        break;
      case 1: exchange_.originate_outside("+15551234", number(), now_); break;
      case 2:
      case 3: exchange_.answer(leg()); break;
      case 4: exchange_.disconnect(leg()); break;
      case 5: exchange_.hold(leg()); break;
      case 6: exchange_.retrieve(leg()); break;
      case 7:
        exchange_.consult(leg(), exchange_.allocate(), number(), LegOrigin::outbound_transfer, now_);
        break;
      case 8: exchange_.transfer(leg(), leg()); break;
      case 9: exchange_.join(leg(), {leg(), leg()}); break;
      case 10: exchange_.join(leg(), {leg()}); break;
      case 11: exchange_.invite(leg(), exchange_.allocate(), number(), now_); break;
      case 12: exchange_.drop_party(leg(), leg()); break;
      case 13:
        exchange_.redirect(leg(), {number(), LegReason::redirect, {}, below(2) == 0, below(2) == 0}, now_);
        break;
      case 14: exchange_.park(leg(), "", now_); break;
      default: settings(); break;
    }
    check();
  }

  void go_home() {
    for (int round = 0; round < 1000 && !exchange_.legs().empty(); ++round) {
      for (PhoneId phone = 0; phone < exchange_.phones().size(); ++phone)
        exchange_.set_registered(phone, false);
      std::vector<LegId> rest;
      for (const auto& [id, leg] : exchange_.legs())
        rest.push_back(id);
      for (const LegId id : rest)
        exchange_.disconnect(id);
    }
  }

  const Exchange& exchange() const { return exchange_; }

private:
  static ClusterSpec cluster() {
    ClusterSpec spec = small_cluster();
    spec.phones[4].registered = true;
    PhoneSpec third = spec.phones[0];
    third.name = "SEP000000001006";
    third.privacy = true;
    spec.phones.push_back(third);
    spec.phones[1].lines[0].forward_no_answer = "1003";
    spec.phones[2].lines[0].forward_busy = "1001";
    spec.phones[3].answer_after = 2s;
    spec.park_numbers = {"5900", "5901"};
    spec.conference_limit = 6;
    return spec;
  }

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_.number() % limit); }
  AppearanceId line() { return below(exchange_.lines().size()); }
  std::string number() {
    static const std::vector<std::string> all = {"1001",      "1002",      "1003", "1004", "1005", "+15551234",
                                                 "+15550199", "+15550211", "5900", "5901", "4711"};
    return all[below(all.size())];
  }
  LegId leg() {
    if (exchange_.legs().empty()) return 4711;
    return std::next(exchange_.legs().begin(), static_cast<std::ptrdiff_t>(below(exchange_.legs().size())))
        ->first;
  }
  void settings() {
    const PhoneId phone = below(exchange_.phones().size());
    switch (below(5)) {
      case 0: exchange_.set_registered(phone, false); break;
      case 1: exchange_.set_registered(phone, true); break;
      case 2: exchange_.set_privacy(phone, below(2) == 0); break;
      case 3: exchange_.set_dnd(phone, below(2) == 0); break;
      default: exchange_.set_forward(line(), below(3) == 0 ? number() : "", Exchange::Forward::all); break;
    }
  }

  void check() const {
    for (const auto& [id, leg] : exchange_.legs()) {
      const auto legs = exchange_.legs_of(leg.call);
      ASSERT_NE(std::find(legs.begin(), legs.end(), id), legs.end()) << "a leg without its call";
      ASSERT_NE(leg.state, LegState::idle);
      if (leg.remote_in_use) check_is_shared(leg, legs);
    }
    for (PhoneId phone = 0; phone < exchange_.phones().size(); ++phone)
      check_phone(phone);
  }
  /// A line that is in use elsewhere is in use somewhere.
  void check_is_shared(const Leg& leg, const std::vector<LegId>& legs) const {
    const bool talks = std::any_of(legs.begin(), legs.end(), [&](LegId other) {
      const Leg& one = *exchange_.leg(other);
      return one.side == leg.side && !one.remote_in_use;
    });
    EXPECT_TRUE(talks) << "in use by nobody";
  }
  void check_phone(PhoneId phone) const {
    int active = 0;
    for (const LegId id : exchange_.phones()[phone].legs) {
      const Leg* leg = exchange_.leg(id);
      ASSERT_NE(leg, nullptr);
      ASSERT_EQ(exchange_.lines()[leg->line].phone, phone);
      active += leg->state == LegState::connected && !leg->remote_in_use ? 1 : 0;
    }
    EXPECT_LE(active, 1) << "two calls at once on one phone";
    EXPECT_TRUE(exchange_.phones()[phone].registered || exchange_.phones()[phone].legs.empty());
  }

  ClusterSpec spec_;
  Exchange exchange_;
  Random random_;
  TimePoint now_{};
};

TEST(CucmExchange, StaysInOrderWhateverPeoplePress) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    Crowd crowd(seed);
    for (int step = 0; step < 500 && !testing::Test::HasFailure(); ++step) {
      SCOPED_TRACE(step);
      crowd.act();
    }
    crowd.go_home();
    EXPECT_TRUE(crowd.exchange().legs().empty());
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace linebridge::sim::cucm
