#include "tests/simulators/ocs/options.hpp"

#include <fstream>

namespace linebridge::sim::ocs {
namespace {

using Arguments = std::vector<std::string_view>;

const Arguments good = {"--listen",   "127.0.0.1:0",   "--next-hop",
                        "192.0.2.20", "--server",      "sip:ctigw@gw.example.test",
                        "--user",     "a@b.test=tel:1"};

std::string path_of(const std::string& name) {
  return ::testing::TempDir() + name;
}

Arguments with(Arguments more) {
  Arguments all = good;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(OcsOptions, ReadsACommandLine) {
  const auto options = read_options(with({"--mode", "2005", "--connections", "3", "--answer-events", "--log",
                                          "x y.log", "--next-hop-shown", "10.0.2.15"}));
  ASSERT_TRUE(options) << options.error().detail;
  EXPECT_EQ(options.value().listen, (Address{"127.0.0.1", 0}));
  EXPECT_EQ(options.value().server.next_hop, (Address{"192.0.2.20", 5060}));
  EXPECT_EQ(options.value().server.next_hop_shown, (Address{"10.0.2.15", 5060}));
  EXPECT_EQ(options.value().server.site.flavour, Flavour::lcs2005);
  EXPECT_EQ(options.value().server.connections, 3u);
  EXPECT_TRUE(options.value().server.answer_events);
  EXPECT_EQ(options.value().log, "x y.log");
}

TEST(OcsOptions, ReadsSimulatedClientsAndTls) {
  const auto options =
      read_options(with({"--client", "bob@b.test=tel:2", "--flavour",       "lcs2005",      "--control",
                         "ocs.sock", "--sign-in",        "--session",       "90",           "--tls",
                         "--ca",     "ca.pem",           "--certificate",   "c.pem",        "--key",
                         "k.pem",    "--tls-host",       "gw.example.test", "--listen-tls", "127.0.0.1:0",
                         "--name",   "ocs.example.test", "--silent"}));
  ASSERT_TRUE(options) << options.error().detail;
  EXPECT_EQ(options.value().clients, (std::vector<User>{{"sip:bob@b.test", "tel:2"}}));
  EXPECT_EQ(options.value().server.site.flavour, Flavour::lcs2005);
  EXPECT_EQ(options.value().control, "ocs.sock");
  EXPECT_TRUE(options.value().sign_in && options.value().silent && options.value().tls.on);
  EXPECT_TRUE(options.value().server.keep_up);
  EXPECT_EQ(options.value().session, std::chrono::seconds(90));
  EXPECT_EQ(options.value().tls.host, "gw.example.test");
  EXPECT_EQ(options.value().listen_tls, (Address{"127.0.0.1", 0}));
}

TEST(OcsOptions, SaysWhatIsWrong) {
  for (const auto& more :
       {Arguments{"--mode", "2010"}, Arguments{"--connections", "0"}, Arguments{"--connections", "65"},
        Arguments{"--listen", "nowhere"}, Arguments{"--user", "x"}, Arguments{"--log"},
        Arguments{"--color", "red"}, Arguments{"--flavour", "2010"}, Arguments{"--session", "1"},
        Arguments{"--key", "k.pem"}, Arguments{"--tls", "--key", "k.pem"},
        Arguments{"--listen-tls", "127.0.0.1:0"}, Arguments{"--client", "x"}, Arguments{"--server", "ctigw"},
        Arguments{"--users", "/no/file"}})
    EXPECT_FALSE(read_options(with(more))) << more.front();
  for (std::size_t missing = 0; missing < good.size(); missing += 2) {
    Arguments some = good;
    some.erase(some.begin() + static_cast<std::ptrdiff_t>(missing),
               some.begin() + static_cast<std::ptrdiff_t>(missing) + 2);
    EXPECT_FALSE(read_options(some)) << good[missing];
  }
}

TEST(OcsOptions, TakesTheUsersOfASiteFile) {
  const std::string path = path_of("ocs users.toml");
  std::ofstream(path)
      << "[cti]\nuser = \"x\"\n[[user]]\naddress = \"sip:alice@example.test\"\nline_uri = \"tel:1001\"\n"
         "[[user]]\naddress = \"sip:nophone@example.test\"\n";
  const auto users = load_users(path);
  ASSERT_TRUE(users) << users.error().detail;
  EXPECT_EQ(users.value(), (std::vector<User>{{"sip:alice@example.test", "tel:1001"}}));
}

TEST(OcsOptions, RefusesAUsersFileThatCannotBeRead) {
  EXPECT_EQ(load_users(path_of("none.toml")).error().code, Errc::not_found);
  for (const auto* text : {"[[user]\n", "x = 1\n", "[[user]]\naddress = \"alice\"\nline_uri = \"tel:1\"\n"}) {
    const std::string path = path_of("ocs bad users.toml");
    std::ofstream(path) << text;
    const auto users = load_users(path);
    ASSERT_FALSE(users) << text;
    EXPECT_EQ(users.error().code, Errc::malformed) << text;
  }
}

}  // namespace
}  // namespace linebridge::sim::ocs
