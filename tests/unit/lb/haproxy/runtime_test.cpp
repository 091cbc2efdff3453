#include "lb/haproxy/runtime.hpp"

namespace linebridge::lb::haproxy {
namespace {

using config::Role;

constexpr std::string_view titles =
    "# pxname,svname,scur,stot,econ,status,weight,lastchg,check_status,agent_status,last_chk,dcon,dses,dreq,\n";

TEST(HaproxyRuntime, SaysDrainReadyAndEndInHaproxysWords) {
  EXPECT_EQ(drain(Role::publisher), "set server nodes/pub state drain\n");
  EXPECT_EQ(ready(Role::subscriber), "set server nodes/sub state ready\n");
  EXPECT_EQ(end_dialogs(Role::publisher), "shutdown sessions server nodes/pub\n");
}

TEST(HaproxyRuntime, ReadsTheNodesByTheTitlesOfTheColumns) {
  const auto servers = parse_servers(std::string(titles) +
                                     "place,FRONTEND,3,9,,OPEN,,,,,,,,,\n"
                                     "nodes,pub,2,5,1,UP,100,77,L7OK,L7OK,\"(tcp-check), fine\",,,,\n"
                                     "nodes,sub,1,4,0,DOWN (agent),0,3,L4CON,L7STS,,,,,\n"
                                     "nodes,BACKEND,3,9,1,UP,100,77,,,,,,,\n\n");
  ASSERT_TRUE(servers);
  const Server pub{"pub", "UP", 100, 2, 5, 1, "L7OK", "L7OK", 77};
  const Server sub{"sub", "DOWN (agent)", 0, 1, 4, 0, "L4CON", "L7STS", 3};
  EXPECT_EQ(servers.value(), (std::vector{pub, sub}));
}

TEST(HaproxyRuntime, ReadsQuotedCellsWithCommasAndQuotes) {
  const auto servers =
      parse_servers(std::string(titles) + "nodes,pub,2,5,1,\"UP, \"\"well\"\"\",1,2,a,b,c,,,,\n");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers.value().at(0).status, "UP, \"well\"");
}

TEST(HaproxyRuntime, CountsWhatItsListenersTookAndCut) {
  const auto doors = parse_doors(std::string(titles) +
                                 "front,FRONTEND,3,9,,OPEN,,,,,,0,0,4,\n"
                                 "front-tls,FRONTEND,1,2,,OPEN,,,,,,5,0,1,\n"
                                 "splitter,splitter,4,9,0,no check,1,77,,,,,,,\n"
                                 "statistics,FRONTEND,1,2,,OPEN,,,,,,0,0,0,\n");
  ASSERT_TRUE(doors);
  EXPECT_EQ(doors.value(), (std::vector<Door>{{"front", 3, 9, 4}, {"front-tls", 1, 2, 6}}));
  EXPECT_FALSE(parse_doors("Unknown command.\n"));
}

TEST(HaproxyRuntime, RefusesAnAnswerItDoesNotKnow) {
  EXPECT_FALSE(parse_servers(""));
  EXPECT_FALSE(parse_servers("Unknown command.\n"));
  EXPECT_FALSE(parse_servers("# pxname,svname\nnodes,pub\n"));
  EXPECT_FALSE(parse_servers(std::string(titles) + "nodes,pub\n"));
  EXPECT_FALSE(parse_servers(std::string(titles) + "nodes,\"pub\n"));
}

TEST(HaproxyRuntime, FindsTheProcess) {
  const auto id = parse_process_id("Name: HAProxy\nNbthread: 1\nPid: 4711\nUptime: 0d\n");
  ASSERT_TRUE(id);
  EXPECT_EQ(id.value(), 4711u);
  EXPECT_FALSE(parse_process_id("Name: HAProxy\n"));
  EXPECT_FALSE(parse_process_id("Pid: none\n"));
}

TEST(HaproxyRuntime, TakesAnEmptyAnswerForDone) {
  EXPECT_TRUE(parse_done("\n"));
  const auto refused = parse_done("No such server.\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "HAProxy: No such server.");
}

}  // namespace
}  // namespace linebridge::lb::haproxy
