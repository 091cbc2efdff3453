#include "lb/app/options.hpp"

#include "lb/app/settings.hpp"

namespace linebridge::lb::app {
namespace {

using ::testing::HasSubstr;

TEST(SplitterOptions, TakesTheConfigurationFile) {
  for (const auto& words :
       {std::vector<std::string_view>{"--config", "a b.toml"}, {"-c", "a b.toml"}, {"--config=a b.toml"}})
    EXPECT_EQ(std::get<Serve>(read_words(words)).config_file, "a b.toml");
}

TEST(SplitterOptions, SaysHelpAndVersion) {
  EXPECT_THAT(std::get<Say>(read_words({"--help"})).text, HasSubstr("--config FILE"));
  EXPECT_EQ(std::get<Say>(read_words({"--help"})).status, 0);
  EXPECT_THAT(std::get<Say>(read_words({"-V"})).text, HasSubstr("linebridge-splitter "));
}

TEST(SplitterOptions, RefusesWhatItDoesNotKnow) {
  for (const auto& words :
       {std::vector<std::string_view>{}, {"--config"}, {"--config="}, {"-c", ""}, {"--role", "x"}, {"x"}})
    EXPECT_EQ(std::get<Say>(read_words(words)).status, 2);
}

TEST(SplitterSettings, FollowTheSiteWithinTheDescriptors) {
  config::Config config;
  config.front.run_directory = "/run/lb";
  config.front.dialogs = 20000;
  EXPECT_EQ(splitter_settings(config, 65536).place, (Address{"/run/lb/place.sock", 0}));
  EXPECT_EQ(splitter_settings(config, 65536).dialogs, 20000u);
  EXPECT_EQ(splitter_settings(config, 1024).dialogs, 424u);
  EXPECT_EQ(splitter_settings(config, 10).dialogs, 1u);
  EXPECT_EQ(shell_settings(65536).peers, 65436u);
  EXPECT_GE(shell_settings(10).peers, 1u);
  config.ocs.tcp = {{"ocs.example.test", 5060}};
  config.ocs.tls = {{"pool.example.test", 5061}};
  const splitter::Settings settings = splitter_settings(config, 65536);
  EXPECT_EQ(settings.egress, (Address{"/run/lb/egress.sock", 0}));
  ASSERT_EQ(settings.ocs.size(), 2u);
  EXPECT_EQ(settings.ocs[0].address, (Address{"ocs.example.test", 5060}));
  EXPECT_FALSE(settings.ocs[0].tls);
  EXPECT_TRUE(settings.ocs[1].tls);
  EXPECT_EQ(settings.moving, 1000u);
  EXPECT_EQ(splitter_settings(config, 1024).moving, 64u);
  config.front.dialogs = 0;
  EXPECT_EQ(splitter_settings(config, 65536).dialogs, 1u);
}

}  // namespace
}  // namespace linebridge::lb::app
