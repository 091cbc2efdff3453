#include "sip/session_timer.hpp"

#include "sip/osip_codec.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::sip {
namespace {

using namespace std::chrono_literals;

/// "SECONDS;refresher=..", "too short N", or "none", with ours at 1800 s.
std::string agreed(const std::string& headers) {
  Codec codec;
  const std::string text = test::with_body(
      "UPDATE sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n"
      "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n"
      "CSeq: 1 UPDATE\r\nMax-Forwards: 70\r\n" +
      headers);
  const auto parsed = codec.parse(text, {});
  EXPECT_TRUE(parsed);
  const auto out = negotiate(*parsed.value(), 1800s);
  if (const auto* least = std::get_if<IntervalTooSmall>(&out))
    return "too short " + std::to_string(least->least.count());
  const std::string header = std::get<SessionTimer>(out).header();
  return header.empty() ? "none" : header;
}

TEST(SipSessionTimer, IsOursWhereTheClientHasTheTimerAndAsksForNoInterval) {
  EXPECT_EQ(agreed("Supported: timer\r\n"), "1800;refresher=uac");
  EXPECT_EQ(agreed("k: 100rel, TIMER\r\n"), "1800;refresher=uac");
  EXPECT_EQ(agreed("Require: timer\r\n"), "1800;refresher=uac");
}

TEST(SipSessionTimer, IsNoneForAClientWithout) {
  EXPECT_EQ(agreed(""), "none");
  EXPECT_EQ(agreed("Supported: 100rel\r\nSession-Expires: 600\r\n"), "none");
}

TEST(SipSessionTimer, TakesAShorterIntervalAndNoLongerOne) {
  EXPECT_EQ(agreed("Supported: timer\r\nSession-Expires: 600\r\n"), "600;refresher=uac");
  EXPECT_EQ(agreed("Supported: timer\r\nx: 600;refresher=uac\r\n"), "600;refresher=uac");
  EXPECT_EQ(agreed("Supported: timer\r\nSession-Expires: 7200\r\n"), "1800;refresher=uac");
  EXPECT_EQ(agreed("Supported: timer\r\nSession-Expires: 90\r\n"), "90;refresher=uac");
  EXPECT_EQ(agreed("Supported: timer\r\nSession-Expires: 89\r\n"), "too short 90");
}

TEST(SipSessionTimer, StaysAtOrAboveTheMinSeOfTheRequest) {
  EXPECT_EQ(agreed("Supported: timer\r\nSession-Expires: 7200\r\nMin-SE: 3600\r\n"), "3600;refresher=uac");
  EXPECT_EQ(agreed("Supported: timer\r\nMin-SE: 3600\r\n"), "3600;refresher=uac");
  EXPECT_EQ(agreed("Supported: timer\r\nMin-SE: 4294967295\r\n"), "86400;refresher=uac");
}

TEST(SipSessionTimer, LeavesTheRefreshToUsWhereTheClientWantsIt) {
  EXPECT_EQ(agreed("Supported: timer\r\nSession-Expires: 600;refresher=UAS\r\n"), "600;refresher=uas");
}

}  // namespace
}  // namespace linebridge::sip
