#include "session/liveness.hpp"

#include "session/link_loss.hpp"

namespace linebridge::session {
namespace {

using namespace std::chrono_literals;
using Due = Liveness::Due;
using Way = Liveness::Way;

TEST(SessionLiveness, EndsAClientThatDoesNotRefreshInTimeAndNeverSooner) {
  const TimePoint start{1h};
  Liveness alive;
  alive.agreed(Way::client_refreshes, 1800s, start);
  EXPECT_EQ(alive.deadline(), start + 1800s);
  EXPECT_EQ(alive.due(start + 1799s), Due::nothing);
  alive.agreed(Way::client_refreshes, 1800s, start + 1799s);
  EXPECT_EQ(alive.due(start + 1800s), Due::nothing);
  EXPECT_EQ(alive.due(start + 3599s), Due::expired);
  EXPECT_EQ(alive.deadline(), std::nullopt);
}

TEST(SessionLiveness, DoesNotCountSilencesOfAClientThatRefreshes) {
  Liveness alive;
  alive.agreed(Way::client_refreshes, 1800s, TimePoint{1h});
  EXPECT_FALSE(alive.silence() || alive.silence() || alive.silence());
}

TEST(SessionLiveness, AsksAClientWithoutTimerEveryQuarterOfAnHour) {
  TimePoint now{1h};
  Liveness alive;
  alive.agreed(Way::we_ask, 1800s, now);
  for (int i = 0; i < 10; ++i) {
    now += 15min;
    EXPECT_EQ(alive.deadline(), now);
    EXPECT_EQ(alive.due(now), Due::ask);
  }
}

TEST(SessionLiveness, GivesUpAfterTwoSilencesInARow) {
  Liveness alive;
  alive.agreed(Way::we_ask, 1800s, TimePoint{1h});
  EXPECT_FALSE(alive.silence());
  alive.heard();
  EXPECT_FALSE(alive.silence());
  EXPECT_TRUE(alive.silence());
}

TEST(SessionLiveness, RefreshesForAClientThatWantsItAtHalfTimeAndOnceMore) {
  const TimePoint start{1h};
  Liveness alive;
  alive.agreed(Way::we_refresh, 1800s, start);
  EXPECT_EQ(alive.due(start + 900s), Due::refresh);
  EXPECT_EQ(alive.deadline(), start + 1350s);
  EXPECT_EQ(alive.due(start + 1350s), Due::refresh);
  EXPECT_EQ(alive.deadline(), start + 1800s);
  EXPECT_EQ(alive.due(start + 1800s), Due::expired);
}

TEST(SessionLinkLoss, SendsAClientAwayOnlyWhileAnotherLinkIsInService) {
  EXPECT_EQ(link_state(true, true), LinkState::good);
  EXPECT_EQ(link_state(false, true), LinkState::lost);
  EXPECT_EQ(link_state(false, false), LinkState::none_in_service);
  for (const auto* method : {"INFO", "INVITE", "UPDATE", "OPTIONS"}) {
    EXPECT_TRUE(must_sign_in_again(LinkState::lost, method));
    EXPECT_FALSE(must_sign_in_again(LinkState::none_in_service, method));
    EXPECT_FALSE(must_sign_in_again(LinkState::good, method));
  }
  EXPECT_FALSE(must_sign_in_again(LinkState::lost, "BYE"));
}

TEST(SessionLinkLoss, IsToldInTheSystemStatus) {
  EXPECT_EQ(system_status(LinkState::good), model::SystemStatus::normal);
  EXPECT_EQ(system_status(LinkState::lost), model::SystemStatus::disabled);
  EXPECT_EQ(system_status(LinkState::none_in_service), model::SystemStatus::disabled);
}

}  // namespace
}  // namespace linebridge::session
