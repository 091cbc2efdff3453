#include "app/settings.hpp"

#include <filesystem>

#include "tests/unit/support/certificates.hpp"
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

TEST_F(AppSettings, KnowTheFrontEndsDoorForNodesAndItsPortForTls) {
  site_.front.node_side = {"/run/x/node.sock", 0};
  const auto plain = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain.value().node_side, site_.front.node_side);
  EXPECT_EQ(plain.value().tls_port, 0);
  site_.front.tls_listen = Address{"0.0.0.0", 5061};
  const auto tls = gateway_settings(site_, config::Role::publisher, TimePoint{}, WallTime{});
  EXPECT_EQ(tls.value().tls_port, 5061);
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

class AppTls : public testing::Test {
protected:
  AppTls() { std::filesystem::permissions(tls_.key, std::filesystem::perms::owner_read); }
  std::string reason() const {
    const auto made = node_tls(tls_);
    return made ? "" : made.error().detail;
  }
  test::TemporaryDirectory temporary_;
  const test::Authority authority_;
  const test::Identity own_ = authority_.sign({});
  config::Tls tls_{.certificate = temporary_.write("cert.pem", own_.certificate),
                   .key = temporary_.write("key.pem", own_.key),
                   .client_ca = temporary_.write("ca.pem", authority_.certificate())};
};

TEST_F(AppTls, ReadsItsFiles) {
  const auto made = node_tls(tls_);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made.value().server->subject(), "CN=gw.example.test");
  EXPECT_EQ(made.value().client->subject(), "CN=gw.example.test");
}

TEST_F(AppTls, NamesTheFileThatIsWrong) {
  const auto good = tls_;
  tls_.certificate = temporary_.path("none.pem");
  EXPECT_THAT(reason(), testing::HasSubstr("none.pem': No such file"));
  tls_ = good;
  tls_.key = temporary_.write("open.pem", own_.key);
  std::filesystem::permissions(tls_.key, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_THAT(reason(), testing::HasSubstr("open.pem' is open to everybody"));
  tls_.key = temporary_.write("other.pem", authority_.sign({}).key);
  std::filesystem::permissions(tls_.key, std::filesystem::perms::owner_read);
  EXPECT_THAT(reason(), testing::HasSubstr("other.pem': is not the key of the certificate in"));
  tls_ = good;
  tls_.client_ca = temporary_.write("empty.pem", "");
  EXPECT_THAT(reason(), testing::HasSubstr("empty.pem' is empty"));
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
