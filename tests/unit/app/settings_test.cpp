#include "app/settings.hpp"

#include <filesystem>

#include "tests/unit/support/temporary.hpp"

namespace linebridge::app {
namespace {

class AppSettings : public testing::Test {
protected:
  AppSettings() {
    std::filesystem::permissions(secret_, std::filesystem::perms::owner_read);
    site_.sip.names = {"gw.example.test"};
    site_.sip.virtual_address = Address{"192.0.2.100", 5060};
    site_.sip.incoming = {"192.0.2.0/24"};
    site_.cti.user = "linebridge";
    site_.cti.password_file = secret_;
    site_.cti.managers = {{"cucm1", 2748}};
    site_.users = {{"sip:alice@example.test", true, "tel:1001", {"SEPB", "SEPA"}, 1}};
  }
  test::TemporaryDirectory temporary_;
  const std::string secret_ = temporary_.write("secret", "a secret\n");
  config::Config site_;
};

TEST_F(AppSettings, DifferBetweenTheNodesInNameAndTagOnly) {
  const auto pub = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
  const auto sub = gateway_settings(site_, config::Role::subscriber, TimePoint{}, WallTime{});
  ASSERT_TRUE(pub && sub);
  EXPECT_EQ(pub.value().tag_prefix, "pub-");
  EXPECT_EQ(sub.value().tag_prefix, "sub-");
  EXPECT_EQ(pub.value().cti.password, "a secret");
  EXPECT_EQ(pub.value().cti.application, "Linebridge-publisher");
  EXPECT_EQ(pub.value().virtual_host, "192.0.2.100");
}

TEST_F(AppSettings, FailWithoutThePasswordsFile) {
  site_.cti.password_file = temporary_.path("none");
  const auto settings = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().detail.find("none"), std::string::npos);
}

TEST_F(AppSettings, TakeEveryLimitOfTheSite) {
  site_.limits = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const auto settings = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
  const auto& got = settings.value();
  EXPECT_EQ((std::vector<std::size_t>{got.sessions, got.sessions_per_user, got.monitors_per_session,
                                      got.pending_per_session, got.events.events, got.events.bytes,
                                      got.framing.head_bytes, got.framing.body_bytes, got.high_mark,
                                      got.buffer_most}),
            (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST_F(AppSettings, TakeTheFeaturesFileAsItIsAndNameWhatItPromisesTooMuch) {
  const std::string body =
      "<GetCSTAFeaturesResponse xmlns='http://www.ecma-international.org/standards/ecma-323/csta/ed3'>"
      "<supportedServices><g><makeCall/><parkCall/><joinCall/></g></supportedServices>"
      "</GetCSTAFeaturesResponse>\n";
  site_.sip.features_file = temporary_.write("features.xml", body);
  site_.sip.transfer_event = "TransferredEvent";
  const auto settings = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings.value().csta.features, body);
  EXPECT_TRUE(settings.value().csta.transferred_with_rr);
  EXPECT_EQ(services_not_served(settings.value()), "parkCall, joinCall");
}

TEST_F(AppSettings, FailWithAFeaturesFileThatCannotBeUsed) {
  const auto why = [this](const std::string& file) {
    site_.sip.features_file = file;
    const auto settings = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
    return settings ? "" : settings.error().detail;
  };
  EXPECT_THAT(why(temporary_.path("none")), testing::StartsWith("sip.features_file: "));
  EXPECT_THAT(why(temporary_.write("f", "<GetCSTAFeaturesResponse/>")), testing::HasSubstr("of CSTA"));
  EXPECT_THAT(why(temporary_.write("f", "")), testing::StartsWith("sip.features_file: '"));
  EXPECT_THAT(why(temporary_.write("f", std::string(70000, ' '))), testing::HasSubstr("bytes long"));
  EXPECT_EQ(why(""), "");
}

TEST_F(AppSettings, RelateBothClocksForTheTrace) {
  using namespace std::chrono_literals;
  const auto settings = gateway_settings(site_, config::Role::publisher, TimePoint(5s), WallTime(12s));
  EXPECT_EQ(settings.value().wall_offset_us, 7000000);
}

TEST_F(AppSettings, MakeADirectoryOfTheUsers) {
  const auto users = directory(site_);
  const auto* alice = users->find("SIP:alice@example.test");
  ASSERT_NE(alice, nullptr);
  EXPECT_TRUE(alice->assigned);
  EXPECT_EQ(alice->line->number, "1001");
  EXPECT_EQ(alice->devices, (std::vector<std::string>{"SEPA", "SEPB"}));
}

}  // namespace
}  // namespace linebridge::app
