#include "cli/run.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/version.hpp"
#include "config/config.hpp"
#include "tests/unit/support/certificates.hpp"
#include "tests/unit/support/temporary.hpp"

namespace linebridge::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Ran {
  int code;
  std::string out;
  std::string error;
};

Ran ran(const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream error;
  const int code = run(words, out, error);
  return {code, out.str(), error.str()};
}

/// A site whose nodes would listen in `directory`, as its file says it.
std::string site(const test::TemporaryDirectory& directory, const std::string& features_file = {},
                 const std::string& password_file = {}) {
  config::Config config;
  config.sip.features_file = features_file;
  config.sip.names = {"gw.example.test"};
  config.sip.incoming = {"192.0.2.0/24"};
  config.cti.user = "linebridge";
  config.cti.password_file = password_file.empty() ? directory.write("password", "secret\n") : password_file;
  config.cti.managers = {{"192.0.2.11", 2748}};
  config.publisher = {{"127.0.0.1", 5071}, {"127.0.0.1", 5081}, directory.path("publisher.sock"), {}, {}};
  config.subscriber = {{"127.0.0.1", 5072}, {"127.0.0.1", 5082}, directory.path("subscriber.sock"), {}, {}};
  config.front.listen = {"127.0.0.1", 5060};
  config.front.run_directory = directory.path("run");
  config.front.api_socket = directory.path("splitter.sock");
  config.front.node_side = {directory.path("node.sock"), 0};
  config.front.statistics = {"127.0.0.1", 8404};
  return directory.write("site.toml", config::effective(config));
}

TEST(CliRun, FindsNothingWrongWithAGoodConfiguration) {
  const test::TemporaryDirectory directory;
  const auto file = site(directory);
  const auto result = ran({"check-config", file});
  EXPECT_EQ(result.out, file + ": no problems\n");
  EXPECT_EQ(result.code, 0);

  const auto json = ran({"check-config", "--json", file});
  EXPECT_EQ(json.out, "{\"file\":\"" + file + "\",\"problems\":[]}\n");
  EXPECT_EQ(json.code, 0);
}

TEST(CliRun, TellsOfAPasswordThatANodeCouldNotUse) {
  const test::TemporaryDirectory directory;
  const auto file = site(directory);
  std::filesystem::remove(directory.path("password"));
  const auto result = ran({"check-config", file});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.error, HasSubstr("cti.password_file: '" + directory.path("password") + "': No such file"));
}

TEST(CliRun, LooksForASecretByItsNameWhereTheServiceHasIt) {
  const test::TemporaryDirectory directory;
  const test::TemporaryDirectory credentials;
  const auto file = site(directory, {}, "cti.password");
  ::setenv("CREDENTIALS_DIRECTORY", credentials.path("").c_str(), 1);
  std::filesystem::permissions(credentials.write("secret_cti.password", "secret\n"),
                               std::filesystem::perms::owner_read);
  EXPECT_EQ(ran({"check-config", file}).error, "");
  EXPECT_THAT(ran({"show-config", file}).out, HasSubstr("password_file = \"cti.password\""));
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_THAT(ran({"check-config", file}).error, HasSubstr("'/etc/linebridge/secrets/cti.password'"));
}

TEST(CliRun, LooksIntoTheFeaturesFileIfItCan) {
  const test::TemporaryDirectory directory;
  const auto with = [&](const std::string& features_file) {
    return ran({"check-config", site(directory, features_file)});
  };
  const auto missing = with(directory.path("none.xml"));
  EXPECT_EQ(missing.code, 0);
  EXPECT_THAT(missing.error, HasSubstr("sip.features_file: '" + directory.path("none.xml")));

  const auto wrong = with(directory.write("wrong.xml", "<features/>"));
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.out, HasSubstr("sip.features_file: '" + directory.path("wrong.xml")));

  const auto more = with(directory.write(
      "more.xml",
      "<GetCSTAFeaturesResponse xmlns='http://www.ecma-international.org/standards/ecma-323/csta/ed3'>"
      "<supportedServices><g><makeCall/><parkCall/></g></supportedServices></GetCSTAFeaturesResponse>"));
  EXPECT_EQ(more.code, 0);
  EXPECT_THAT(more.error, HasSubstr("advertises parkCall, which is refused"));
}

TEST(CliRun, NamesEveryProblemWithItsLine) {
  const test::TemporaryDirectory directory;
  const auto file = directory.write("bad.toml", "[sip]\ncolour = \"red\"\nshape = 7\n");
  const auto result = ran({"check-config", file});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr(file + ":2: sip.colour: "));
  EXPECT_THAT(result.out, HasSubstr(file + ":3: sip.shape: "));

  const auto json = ran({"check-config", "--json", file});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, HasSubstr("{\"line\":2,\"key\":\"sip.colour\",\"what\":\""));
}

TEST(CliRun, NamesAFileItCannotRead) {
  const test::TemporaryDirectory directory;
  const auto missing = directory.path("missing.toml");
  EXPECT_THAT(ran({"check-config", missing}).out, StartsWith(missing + ":"));
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"show-config", missing},
                                             {"status", "-c", missing},
                                             {"trace", "-c", missing},
                                             {"render", "-c", missing, "-o", directory.path("out")}}) {
    const auto result = ran(words);
    EXPECT_EQ(result.code, 1) << words.front();
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.error, StartsWith(missing + ":"));
  }
}

TEST(CliRun, ShowsTheConfigurationInForce) {
  const test::TemporaryDirectory directory;
  const auto result = ran({"show-config", site(directory)});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("gw.example.test"));
  EXPECT_EQ(result.out.find("secret"), std::string::npos);
}

TEST(CliRun, WritesTheFrontEndsFiles) {
  const test::TemporaryDirectory directory;
  const auto file = site(directory);
  const auto result = ran({"render", "-c", file, "-o", directory.path("a/b")});
  EXPECT_EQ(result.code, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr(directory.path("a/b/haproxy.cfg") + "\n"));
  EXPECT_TRUE(std::filesystem::file_size(directory.path("a/b/haproxy.cfg")) > 0);
  EXPECT_FALSE(std::filesystem::exists(directory.path("a/b/haproxy.cfg.new")));

  const auto blocked = ran({"render", "-c", file, "-o", file});
  EXPECT_EQ(blocked.code, 1);
  EXPECT_THAT(blocked.error, HasSubstr(file));
}

TEST(CliRun, WritesTheFrontEndsKeyForItsOwnerOnly) {
  const test::TemporaryDirectory directory;
  const test::Authority authority;
  const auto own = authority.sign({});
  std::string text;
  std::getline(std::ifstream(site(directory)), text, '\0');
  const std::string key = directory.write("key", own.key);
  std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  text.insert(text.find("[tls]") + 6, "certificate = \"" + directory.write("certificate", own.certificate) +
                                          "\"\nkey = \"" + key + "\"\nclient_ca = \"" +
                                          directory.write("ca", authority.certificate()) + "\"\n");
  text.insert(text.find("[front]") + 8, "tls_listen = \"127.0.0.1:5061\"\n");
  const auto file = directory.write("tls.toml", text);
  for (int times = 0; times < 2; ++times) {
    const auto result = ran({"render", "-c", file, "-o", directory.path("out")});
    EXPECT_EQ(result.code, 0) << result.error;
    EXPECT_THAT(result.out, HasSubstr(directory.path("out/front.pem") + "\n"));
    EXPECT_EQ(std::filesystem::status(directory.path("out/front.pem")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_THAT(ran({"check-config", file}).error, Not(HasSubstr("TLS")));
  std::filesystem::remove(key);
  const auto checked = ran({"check-config", file});
  EXPECT_EQ(checked.code, 0);
  EXPECT_THAT(checked.error, HasSubstr("speak TLS: tls.key: '" + key + "': No such file"));
  const auto missing = ran({"render", "-c", file, "-o", directory.path("out")});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.error, file + ": tls.key: '" + key + "': No such file or directory\n");
}

TEST(CliRun, ShowsNodesThatDoNotAnswer) {
  const test::TemporaryDirectory directory;
  const auto file = site(directory);
  const auto status = ran({"status", "-c", file});
  EXPECT_EQ(status.code, 1);
  EXPECT_THAT(status.out, HasSubstr("publisher: no answer from " + directory.path("publisher.sock")));
  EXPECT_THAT(status.out, HasSubstr("is linebridge-gateway@subscriber running"));

  const auto json = ran({"status", "-c", file, "--role", "publisher", "--json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, StartsWith("{\"nodes\":[{\"node\":\"publisher\",\"socket\":\""));
  EXPECT_THAT(json.out, HasSubstr("\"error\":\"No such file or directory; is "));

  const auto trace = ran({"trace", "-c", file, "--role", "subscriber"});
  EXPECT_EQ(trace.code, 1);
  EXPECT_EQ(trace.out, "nothing was traced\n");
  EXPECT_THAT(trace.error, StartsWith("subscriber: no answer from "));
}

TEST(CliRun, FollowsUsersThroughWhatIsThere) {
  const test::TemporaryDirectory directory;
  const auto file = site(directory);
  const auto other = directory.write(
      "phones", "{\"at_us\":1,\"user\":\"alice\",\"from\":\"cti\",\"to\":\"phone\",\"text\":\"ring\"}\nx\n");
  const auto result = ran({"trace", "alice", "--once", "--json", "-c", file, "--also", other});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("\"text\":\"alice is not signed in\""));
  EXPECT_THAT(result.out, HasSubstr("\"text\":\"publisher does not answer: No such file or directory\""));
  EXPECT_THAT(result.out, HasSubstr("\"text\":\"ring\""));
  EXPECT_EQ(result.error, "alice: the configuration has no such user\nnot a line of a trace: x\n");
}

TEST(CliRun, DrawsWhatWasSaved) {
  const test::TemporaryDirectory directory;
  const auto saved = directory.write("saved",
                                     "{\"at_us\":1,\"user\":\"alice@x\",\"session\":\"pub-1\",\"from\":"
                                     "\"client\",\"to\":\"node\",\"text\":\"BYE\"}\n"
                                     "{\"at_us\":1,\"user\":\"bob@x\",\"session\":\"sub-1\",\"from\":"
                                     "\"client\",\"to\":\"node\",\"text\":\"INFO\"}\n");
  const auto all = ran({"trace", "--from", saved});
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.out, HasSubstr("pub-1 alice "));
  EXPECT_THAT(all.out, HasSubstr("sub-1 bob "));
  const auto one = ran({"trace", "--from", saved, "bob"});
  EXPECT_EQ(one.out.find("alice"), std::string::npos);
  EXPECT_THAT(one.out, HasSubstr("INFO"));
  EXPECT_EQ(ran({"trace", "--from", directory.path("nothing")}).code, 1);
  const auto wrong = ran({"trace", "--from", directory.write("wrong", "what\n")});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.error, HasSubstr("wrong:1: not a step of a trace"));
}

TEST(CliRun, PrintsItsVersion) {
  EXPECT_EQ(ran({"version"}).out, "linebridge " + std::string(version()) + "\n");
}

TEST(CliRun, ReturnsWrongUsageForWrongWords) {
  const auto result = ran({"dance"});
  EXPECT_EQ(result.code, wrong_usage);
  EXPECT_THAT(result.out, IsEmpty());
}

}  // namespace
}  // namespace linebridge::cli
