#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace linebridge::config {
namespace {

using std::filesystem::perms;

class ConfigSecret : public testing::Test {
protected:
  ConfigSecret() {
    std::string pattern = (std::filesystem::temp_directory_path() / "linebridge-config-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
  }
  ~ConfigSecret() override { std::filesystem::remove_all(directory); }

  std::string write(const std::string& content, perms mode = perms::owner_read | perms::owner_write) {
    const std::string path = directory + "/secret";
    std::ofstream(path) << content;
    std::filesystem::permissions(path, mode);
    return path;
  }
  std::string directory;
};

TEST_F(ConfigSecret, IsTheFirstLine) {
  EXPECT_EQ(read_secret(write("pass word\nmore\n")).value(), "pass word");
  EXPECT_EQ(read_secret(write("pass\r\n")).value(), "pass");
  EXPECT_EQ(read_secret(write("pass")).value(), "pass");
  EXPECT_EQ(read_secret(write(std::string(1024, 'x') + "\n")).value().size(), 1024u);
}

TEST_F(ConfigSecret, IsRefusedWithItsReason) {
  EXPECT_EQ(read_secret(directory + "/none").error().code, Errc::not_found);
  EXPECT_EQ(read_secret(directory).error().code, Errc::refused);
  EXPECT_EQ(read_secret(write("")).error().code, Errc::malformed);
  EXPECT_EQ(read_secret(write("\nsecond")).error().code, Errc::malformed);
  EXPECT_EQ(read_secret(write(std::string(1025, 'x'))).error().code, Errc::too_long);
  const auto open = read_secret(write("pass", perms::owner_all | perms::others_read));
  EXPECT_EQ(open.error().code, Errc::refused);
  EXPECT_THAT(open.error().detail, testing::HasSubstr("chmod"));
}

TEST(ConfigSecrets, GetTheirFolderWhereTheyAreNamedWithoutOne) {
  Config config;
  config.cti.password_file = "cti.password";
  config.tls.certificate = "tls.pem";
  config.tls.key = "/etc/ssl/private/tls.key";
  const auto whole = with_secrets(config, "/run/credentials/unit/secret_");
  EXPECT_EQ(whole.cti.password_file, "/run/credentials/unit/secret_cti.password");
  EXPECT_EQ(whole.tls.certificate, "/run/credentials/unit/secret_tls.pem");
  EXPECT_EQ(whole.tls.key, "/etc/ssl/private/tls.key");
  EXPECT_EQ(whole.tls.client_ca, "");
}

TEST_F(ConfigSecret, MayBeReadableByTheGroup) {
  EXPECT_TRUE(read_secret(write("pass", perms::owner_read | perms::group_read)));
}

TEST_F(ConfigSecret, OfAKeyIsTheWholeFileAndNotForEverybody) {
  EXPECT_EQ(read_key(write("one\ntwo\n")).value(), "one\ntwo\n");
  EXPECT_EQ(read_key(write("key", perms::owner_all | perms::others_read)).error().code, Errc::refused);
  EXPECT_EQ(read_certificates(write("pem", perms::owner_all | perms::others_read)).value(), "pem");
  EXPECT_EQ(read_certificates(directory + "/none").error().code, Errc::not_found);
  EXPECT_EQ(read_certificates(write(std::string(1024 * 1024 + 1, 'x'))).error().code, Errc::too_long);
}

TEST_F(ConfigSecret, IsNoneWhereAWholeFileIsWanted) {
  const std::string path = write("one\ntwo\n", perms::owner_all | perms::others_read);
  EXPECT_EQ(read_file(path, 8).value(), "one\ntwo\n");
  EXPECT_EQ(read_file(path, 7).error().code, Errc::too_long);
  EXPECT_EQ(read_file(directory, 8).error().code, Errc::refused);
  EXPECT_EQ(read_file(directory + "/none", 8).error().code, Errc::not_found);
}

TEST(ConfigLoad, ReadsAFileOrSaysWhyNot) {
  const std::string file = std::string(LINEBRIDGE_SOURCE_DIR) + "/configs/linebridge.toml";
  EXPECT_TRUE(std::holds_alternative<Config>(load(file)));
  for (const std::string& none : {std::string("/no/such/file"), std::string("/")}) {
    const auto problems = std::get<std::vector<Problem>>(load(none));
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].line, 0);
    EXPECT_THAT(problems[0].what, testing::StartsWith("cannot be read"));
  }
}

}  // namespace
}  // namespace linebridge::config
