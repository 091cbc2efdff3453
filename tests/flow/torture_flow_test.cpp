#include "tests/flow/client.hpp"
#include "tests/unit/support/verdicts.hpp"

namespace linebridge::test {
namespace {

class FlowOfTorture : public testing::TestWithParam<TortureRow>, protected World {};

/// The statuses of what a peer got, and whether it was closed.
std::string statuses(std::string text, bool closed) {
  std::string out;
  for (std::size_t at = 0; (at = text.find("SIP/2.0 ", at)) != std::string::npos; ++at)
    if (at == 0 || text[at - 1] == '\n') out += (out.empty() ? "" : " ") + text.substr(at + 8, 3);
  if (out.empty()) out = "-";
  return closed ? out + " close" : out;
}

TEST_P(FlowOfTorture, GetsTheAnswerOfTheTable) {
  start();
  const PeerId peer = connect("other");
  send(peer, GetParam().bytes());
  const std::string text = received(peer);
  EXPECT_EQ(statuses(text, closed(peer)), GetParam().answer) << text;
  const bool refused = GetParam().codec.front() == '4' || GetParam().codec.front() == '5';
  EXPECT_EQ(log.has("LB-SIP-002", "rule="), refused) << "a refusal, and it only, is logged with its rule";
}

INSTANTIATE_TEST_SUITE_P(Rfc4475, FlowOfTorture, testing::ValuesIn(torture_rows()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace linebridge::test
