#include "sip/invite_transaction.hpp"

#include "sip/osip_codec.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::sip {
namespace {

using namespace std::chrono_literals;

class SipInviteTransaction : public testing::Test {
protected:
  const Message& message(const std::string& method, const std::string& branch, int cseq) {
    text_ = test::with_body(
        method + " sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a" + (branch.empty() ? "" : ";branch=z9hG4bK" + branch) +
        "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: " + std::to_string(cseq) + " " +
        method + "\r\nMax-Forwards: 70\r\n");
    const auto parsed = codec_.parse(text_, {});
    EXPECT_TRUE(parsed);
    return *parsed.value();
  }
  Codec codec_;
  std::string text_;
  TimePoint now_{1h};
  InviteTransaction invite_;
};

TEST_F(SipInviteTransaction, WaitsForItsAckThirtyTwoSeconds) {
  EXPECT_FALSE(invite_.waits_for_ack(now_));
  invite_.answered(message("INVITE", "one", 1), now_);
  EXPECT_TRUE(invite_.waits_for_ack(now_ + 31s));
  EXPECT_FALSE(invite_.waits_for_ack(now_ + 32s));
  EXPECT_EQ(invite_.deadline(), now_ + 32s);
  invite_.acknowledged();
  EXPECT_FALSE(invite_.waits_for_ack(now_));
  EXPECT_EQ(invite_.deadline(), std::nullopt);
}

TEST_F(SipInviteTransaction, KnowsItsRepeatsAndItsCancelByTheBranch) {
  invite_.answered(message("INVITE", "one", 1), now_);
  EXPECT_TRUE(invite_.is_of(message("INVITE", "one", 1)));
  EXPECT_TRUE(invite_.is_of(message("CANCEL", "one", 1)));
  EXPECT_FALSE(invite_.is_of(message("CANCEL", "two", 1)));
}

TEST_F(SipInviteTransaction, IsRepeatedWhileItIsRememberedAcknowledgedOrNot) {
  invite_.answered(message("INVITE", "one", 1), now_);
  invite_.acknowledged();
  EXPECT_TRUE(invite_.repeats(message("INVITE", "one", 1), now_ + 31s));
  EXPECT_FALSE(invite_.repeats(message("INVITE", "two", 1), now_));
  EXPECT_FALSE(invite_.repeats(message("INVITE", "one", 1), now_ + 32s));
}

TEST_F(SipInviteTransaction, GoesByTheNumberWhereThereIsNoBranch) {
  invite_.answered(message("INVITE", "", 4), now_);
  EXPECT_TRUE(invite_.is_of(message("CANCEL", "", 4)));
  EXPECT_FALSE(invite_.is_of(message("CANCEL", "", 5)));
}

TEST_F(SipInviteTransaction, MergesTheSameRequestByAnotherWayWhileItIsRemembered) {
  invite_.answered(message("INVITE", "one", 1), now_);
  EXPECT_TRUE(invite_.merges(message("INVITE", "two", 1), now_ + 31s));
  EXPECT_FALSE(invite_.merges(message("INVITE", "one", 1), now_));
  EXPECT_FALSE(invite_.merges(message("INVITE", "two", 2), now_));
  EXPECT_FALSE(invite_.merges(message("INVITE", "two", 1), now_ + 32s));
}

}  // namespace
}  // namespace linebridge::sip
