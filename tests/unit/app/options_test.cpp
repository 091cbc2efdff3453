#include "app/options.hpp"

namespace linebridge::app {
namespace {

std::variant<Options, Instead> read(std::vector<const char*> words) {
  words.insert(words.begin(), "linebridge-gateway");
  return read_options(static_cast<int>(words.size()), words.data());
}

TEST(AppOptions, TakeTheFileTheRoleAndTheFormOfTheLog) {
  const auto read_in = read({"--config", "site.toml", "--role", "subscriber", "--log-json"});
  const auto& options = std::get<Options>(read_in);
  EXPECT_EQ(options.config, "site.toml");
  EXPECT_EQ(options.role, config::Role::subscriber);
  EXPECT_TRUE(options.json_log);
}

TEST(AppOptions, PrintHelpAndVersionAsASuccess) {
  for (const auto* word : {"--help", "-h", "--version"}) {
    SCOPED_TRACE(word);
    const auto read_in = read({word});
    EXPECT_EQ(std::get<Instead>(read_in).exit_code, 0);
  }
  const auto help = read({"--help"});
  EXPECT_NE(std::get<Instead>(help).text.find("not verified against a live CTI Manager"), std::string::npos);
}

TEST(AppOptions, SayWhatIsWrongAndWhereHelpIs) {
  for (const auto& words : std::vector<std::vector<const char*>>{{},
                                                                 {"--config", "x"},
                                                                 {"--role", "publisher"},
                                                                 {"--config"},
                                                                 {"--config", "x", "--role", "boss"},
                                                                 {"x"}}) {
    const auto read_in = read(words);
    const auto& instead = std::get<Instead>(read_in);
    EXPECT_EQ(instead.exit_code, 2);
    EXPECT_NE(instead.text.find("--help"), std::string::npos);
  }
}

}  // namespace
}  // namespace linebridge::app
