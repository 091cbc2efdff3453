// The configuration: any text is accepted or its problems are named; what is in force can be written and read
// again.

#include "config/config.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace linebridge::config {
namespace {

void check_problems(std::string_view text, const std::vector<Problem>& problems) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  LINEBRIDGE_CHECK(!problems.empty());
  for (const Problem& problem : problems) {
    LINEBRIDGE_CHECK(problem.line >= 0 && problem.line <= lines);
    LINEBRIDGE_CHECK(!problem.what.empty());
    LINEBRIDGE_CHECK(to_text("site.toml", problem).ends_with(problem.what));
  }
}

void check_effective(const Config& config) {
  const std::string written = effective(config);
  const auto again = parse(written);
  const auto* same = std::get_if<Config>(&again);
  LINEBRIDGE_CHECK(same != nullptr);
  LINEBRIDGE_CHECK(*same == config);
  LINEBRIDGE_CHECK(effective(*same) == written);
}

}  // namespace
}  // namespace linebridge::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  const std::string_view text = fuzz::text_of(data, size);
  const auto parsed = config::parse(text);
  if (const auto* problems = std::get_if<std::vector<config::Problem>>(&parsed))
    config::check_problems(text, *problems);
  else
    config::check_effective(std::get<config::Config>(parsed));
  return 0;
}
