#include "tests/unit/simulators/cucm/people.hpp"

#include "tests/simulators/cucm/console_people.hpp"

namespace linebridge::sim::cucm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CucmPeople, HaveALineOfHelpForEveryCommand) {
  Bench bench;
  const std::string help = bench.order("help").text;
  for (const auto& [name, command] : people_commands()) {
    EXPECT_THAT(help, HasSubstr("\"" + std::string(command.usage)));
    EXPECT_FALSE(command.meaning.empty());
    EXPECT_TRUE(command.usage.starts_with(name));
  }
  EXPECT_THAT(help, HasSubstr("\"links "));
}

TEST(CucmPeople, PressKeysDuringACall) {
  People people;
  people.watch_all();
  people.connect("1001", "1002");
  const auto told = people.after("digits 1001 1#");
  ASSERT_THAT(people.story(told), ElementsAre("86 1002", "86 1002"));
  EXPECT_EQ(told[1].fields.number("digit"), 15);
  EXPECT_THAT(people.bench.order("digits 1001 1x").text, HasSubstr("digits are"));
  EXPECT_THAT(people.bench.order("digits 1003 1").text, HasSubstr("no such call"));
}

TEST(CucmPeople, OfTheWorldOutsidePressKeysToo) {
  People people;
  people.watch_all();
  people.after("dial +15551234 1001");
  people.ask(52, "1001");
  EXPECT_THAT(people.story(people.after("digits +15551234 5")), ElementsAre("86 1001"));
}

TEST(CucmPeople, AreToldWhatTheyGotWrong) {
  Bench bench;
  const std::map<std::string, std::string> wrong = {{"forward 1001 sometimes 1002", "all, busy or no-answer"},
                                                    {"forward 4711 all 1002", "no such line"},
                                                    {"dnd 4711 on", "no such phone"},
                                                    {"privacy 4711 on", "no such phone"},
                                                    {"privacy 1001 maybe", "on or off"},
                                                    {"park 1001", "no such call"},
                                                    {"consult 1001 1002", "no such call"},
                                                    {"conference 1001", "no such call"},
                                                    {"conference 1001 1002", "no such call"},
                                                    {"drop 1001 1002", "no such call"},
                                                    {"deflect 1001 1002", "no such call"},
                                                    {"transfer 1001", "no such call"},
                                                    {"transfer 1001 1002", "no such call"},
                                                    {"consult 1001", "wrong number of words"}};
  for (const auto& [command, reason] : wrong) {
    const Reply reply = bench.order(command);
    EXPECT_FALSE(reply.ok) << command;
    EXPECT_THAT(reply.text, HasSubstr(reason)) << command;
  }
}

TEST(CucmPeople, ActOnTheLineTheyNameWhenAPhoneHasSeveral) {
  Bench bench;
  bench.order("register SEP000000001005");
  bench.order("dial 1002 1005");
  bench.order("dial 1003 1001");
  EXPECT_TRUE(bench.order("answer 1005").ok);
  EXPECT_THAT(bench.order("phones 1002").text, HasSubstr("\"connected\":true"));
  EXPECT_THAT(bench.order("phones 1003").text, HasSubstr("\"connected\":false"));
}

}  // namespace
}  // namespace linebridge::sim::cucm
