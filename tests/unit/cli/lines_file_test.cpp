#include "cli/lines_file.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/temporary.hpp"

namespace linebridge::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CliLinesFile, GivesEachLineOnceWhenItIsWhole) {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path("lines");
  LinesFile file(path);
  EXPECT_THAT(file.fresh(), IsEmpty());
  std::ofstream writes(path);
  writes << "one\ntwo\nthr" << std::flush;
  EXPECT_THAT(file.fresh(), ElementsAre("one", "two"));
  EXPECT_THAT(file.fresh(), IsEmpty());
  writes << "ee\n" << std::flush;
  EXPECT_THAT(file.fresh(), ElementsAre("three"));
}

TEST(CliLinesFile, BeginsAnewWithAShorterFile) {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path("lines");
  LinesFile file(path);
  std::ofstream(path) << "a long line\nand a part";
  EXPECT_THAT(file.fresh(), ElementsAre("a long line"));
  std::ofstream(path) << "new\n";
  EXPECT_THAT(file.fresh(), ElementsAre("new"));
}

}  // namespace
}  // namespace linebridge::cli
