#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/version.hpp"

namespace linebridge::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
T command(const std::vector<std::string>& words) {
  const auto parsed = parse(words);
  if (const auto* exit = std::get_if<Exit>(&parsed)) {
    ADD_FAILURE() << exit->error << exit->out;
    return {};
  }
  const auto* wanted = std::get_if<T>(&std::get<Command>(parsed));
  EXPECT_TRUE(wanted);
  return wanted ? *wanted : T{};
}

Exit exit_of(const std::vector<std::string>& words) {
  const auto parsed = parse(words);
  const auto* exit = std::get_if<Exit>(&parsed);
  EXPECT_TRUE(exit);
  return exit ? *exit : Exit{};
}

TEST(CommandLine, ReadsEveryCommand) {
  EXPECT_EQ(command<CheckConfig>({"check-config", "a b.toml"}).file, "a b.toml");
  EXPECT_TRUE(command<CheckConfig>({"check-config", "--json", "x.toml"}).json);
  EXPECT_EQ(command<ShowConfig>({"show-config", "x.toml"}).file, "x.toml");
  command<ShowVersion>({"version"});

  const auto render =
      command<Render>({"render", "--config", "x.toml", "--out", "/tmp/x", "--descriptors", "1024"});
  EXPECT_EQ(render.file, "x.toml");
  EXPECT_EQ(render.directory, "/tmp/x");
  EXPECT_EQ(render.descriptors, 1024u);

  const auto trace =
      command<ShowTrace>({"trace", "-c", "x.toml", "--role", "subscriber", "--session", "7f3a", "--most", "5"});
  EXPECT_EQ(trace.whom.file, "x.toml");
  EXPECT_THAT(trace.whom.roles, ElementsAre(config::Role::subscriber));
  EXPECT_EQ(trace.session, "7f3a");
  EXPECT_EQ(trace.most, 5u);
}

TEST(CommandLine, FollowsUsersOrDrawsWhatWasSaved) {
  const auto follow =
      command<FollowTrace>({"trace", "alice", "sip:bob@example.test", "-c", "x.toml", "--once", "--also", "a",
                            "--also", "b", "--late", "3", "--json", "--relative"});
  EXPECT_THAT(follow.users, ElementsAre("alice", "sip:bob@example.test"));
  EXPECT_THAT(follow.also, ElementsAre("a", "b"));
  EXPECT_EQ(follow.late, std::chrono::seconds(3));
  EXPECT_TRUE(follow.once && follow.relative && follow.whom.json);
  EXPECT_FALSE(command<FollowTrace>({"trace", "alice"}).once);
  const auto draw = command<DrawTrace>({"trace", "--from", "-", "alice"});
  EXPECT_EQ(draw.file, "-");
  EXPECT_THAT(draw.users, ElementsAre("alice"));
}

TEST(CommandLine, DrainsOneNodeWithOrWithoutATime) {
  using namespace std::chrono_literals;
  const auto drain = command<Drain>({"drain", "-c", "x.toml", "--role", "subscriber", "--until", "30m"});
  EXPECT_EQ(drain.whom.file, "x.toml");
  EXPECT_THAT(drain.whom.roles, ElementsAre(config::Role::subscriber));
  EXPECT_EQ(drain.most, 30min);
  EXPECT_FALSE(drain.off);
  EXPECT_EQ(command<Drain>({"drain", "--role", "publisher"}).most, 0s);
  EXPECT_TRUE(command<Drain>({"drain", "--role", "publisher", "--off", "--json"}).off);
  EXPECT_THAT(exit_of({"drain", "--role", "publisher", "--until", "30"}).error, HasSubstr("its unit"));
}

TEST(CommandLine, OrdersTheFrontEndToTreatOneNodeDifferently) {
  using namespace std::chrono_literals;
  EXPECT_TRUE(command<ShowFront>({"front", "status", "--json"}).json);
  EXPECT_EQ(command<ShowFront>({"front", "status", "-c", "x.toml"}).file, "x.toml");
  const auto drain = command<OrderFront>({"front", "drain", "subscriber", "--wait", "2m"});
  EXPECT_EQ(drain.what, OrderFront::What::drain);
  EXPECT_EQ(drain.role, config::Role::subscriber);
  EXPECT_EQ(drain.wait, 2min);
  EXPECT_EQ(command<OrderFront>({"front", "drain", "publisher", "--wait", "30"}).wait, 30s);
  EXPECT_EQ(command<OrderFront>({"front", "drain", "publisher"}).wait, 0s);
  EXPECT_EQ(command<OrderFront>({"front", "ready", "publisher"}).what, OrderFront::What::ready);
  EXPECT_EQ(command<OrderFront>({"front", "end", "publisher", "--json"}).what, OrderFront::What::end);
  for (const auto* name : {"status", "drain", "ready", "end"})
    EXPECT_THAT(exit_of({"front", name, "--help"}).out, HasSubstr(name));
  EXPECT_THAT(exit_of({"front", "drain", "--help"}).out, HasSubstr("--wait 10m"));
}

TEST(CommandLine, AsksBothNodesOfTheInstalledSiteByDefault) {
  const auto status = command<ShowStatus>({"status"});
  EXPECT_EQ(status.whom.file, "/etc/linebridge/linebridge.toml");
  EXPECT_THAT(status.whom.roles, ElementsAre(config::Role::publisher, config::Role::subscriber));
  EXPECT_FALSE(status.whom.json);
  EXPECT_EQ(command<CheckConfig>({"check-config"}).file, "/etc/linebridge/linebridge.toml");
}

TEST(CommandLine, HelpsOnTheWholeAndOnEachCommand) {
  const auto whole = exit_of({"--help"});
  EXPECT_EQ(whole.code, 0);
  for (const auto* name :
       {"check-config", "show-config", "render", "status", "trace", "drain", "front", "cti", "version"}) {
    EXPECT_THAT(whole.out, HasSubstr(name));
    const auto help = exit_of({name, "--help"});
    EXPECT_EQ(help.code, 0) << name;
    EXPECT_THAT(help.out, HasSubstr(name));
  }
  EXPECT_EQ(exit_of({"--version"}).out, std::string(version()) + "\n");
}

TEST(CommandLine, DecodesStandardInputOfTheUsualPortByDefault) {
  const auto usual = command<DecodeCti>({"cti", "decode"});
  EXPECT_EQ(usual.file, "-");
  EXPECT_EQ(usual.port, 2748);
  EXPECT_TRUE(usual.only.empty());
  const auto other = command<DecodeCti>({"cti", "decode", "--only", "48", "--only", "callstatechangedevent_v2",
                                         "--port", "9", "--json", "x.pcap"});
  EXPECT_EQ(command<DecodeCti>({"cti", "decode", "--only", "48", "x.pcap"}).file, "x.pcap");
  EXPECT_EQ(other.file, "x.pcap");
  EXPECT_EQ(other.port, 9);
  EXPECT_TRUE(other.json);
  EXPECT_THAT(other.only, ElementsAre(48u, 281u));
  EXPECT_THAT(exit_of({"cti", "decode", "--help"}).out, HasSubstr("tcpdump -i any -w cti.pcap tcp port 2748"));
  EXPECT_THAT(exit_of({"cti", "decode", "--only", "Nonsense"}).error, HasSubstr("is called Nonsense"));
}

TEST(CommandLine, SaysWhatIsWrong) {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{},
                                             {"dance"},
                                             {"render"},
                                             {"status", "--role", "all"},
                                             {"drain"},
                                             {"drain", "--role", "both"},
                                             {"drain", "--role", "publisher", "--off", "--until", "1m"},
                                             {"trace", "--most", "0"},
                                             {"trace", "--most", "x"},
                                             {"trace", "alice", "--session", "pub-1"},
                                             {"trace", "--once"},
                                             {"trace", "--also", "x"},
                                             {"trace", "alice", "--late", "3"},
                                             {"trace", "--from", "x", "--session", "pub-1"},
                                             {"status", "--colour"},
                                             {"version", "status"},
                                             {"front"},
                                             {"front", "drain"},
                                             {"front", "drain", "both"},
                                             {"front", "drain", "publisher", "--wait", "soon"},
                                             {"front", "ready", "publisher", "--wait", "1m"},
                                             {"cti"},
                                             {"cti", "decode", "a", "b"},
                                             {"cti", "decode", "--port", "70000"},
                                             {"check-config", "a", "b"}}) {
    const auto exit = exit_of(words);
    EXPECT_EQ(exit.code, wrong_usage);
    EXPECT_FALSE(exit.error.empty());
  }
  EXPECT_THAT(exit_of({"render"}).error, HasSubstr("--out is required"));
}

}  // namespace
}  // namespace linebridge::cli
