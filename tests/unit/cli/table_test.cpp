#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace linebridge::cli {
namespace {

TEST(CliTable, AlignsTextLeftAndNumbersRight) {
  Table table({{"NAME"}, {"N", true}, {"LAST"}});
  table.add({"a", "1", "x"});
  table.add({"longer", "1000", ""});
  EXPECT_EQ(table.text("> "),
            "> NAME       N  LAST\n"
            "> a          1  x\n"
            "> longer  1000  -\n");
}

TEST(CliTable, IsNothingWithoutRows) {
  const Table table({{"NAME"}});
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.text(), "");
}

TEST(CliTable, ShowsControlCharactersHarmlessly) {
  Table table({{"NAME"}, {"NEXT"}});
  table.add({"\x1B[2J\n", "x"});
  EXPECT_EQ(table.text(),
            "NAME         NEXT\n"
            "\\x1b[2J\\x0a  x\n");
}

}  // namespace
}  // namespace linebridge::cli
