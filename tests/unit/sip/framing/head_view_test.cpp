#include "sip/framing/head_view.hpp"

namespace linebridge::sip {
namespace {

const std::string head =
    "INVITE sip:ctigw@gw.example.test SIP/2.0\r\n"
    "v: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKocs2, SIP/2.0/tcp 198.51.100.7:34004\r\n"
    "Via: SIP/2.0/TCP third\r\n"
    "f: \"Alice; tag=no\" <sip:alice@example.test;tag=wrong>;epid=b3;tag=33\r\n"
    "To: <sip:ctigw@gw.example.test>\r\n"
    "i: abc@x\r\n"
    "CSeq: 7 INVITE\r\n"
    "Subject: one\r\n two\r\n"
    "\r\n";

TEST(SipHeadView, ReadsARequestByNameInAnyForm) {
  HeadView view;
  ASSERT_TRUE(view.read(head));
  EXPECT_FALSE(view.is_response());
  EXPECT_EQ(view.method(), "INVITE");
  EXPECT_EQ(view.request_uri(), "sip:ctigw@gw.example.test");
  EXPECT_EQ(view.call_id(), "abc@x");
  EXPECT_EQ(view.from_tag(), "33");
  EXPECT_EQ(view.to_tag(), "");
  EXPECT_EQ(view.cseq_number(), 7U);
  EXPECT_EQ(view.top_via_branch(), "z9hG4bKocs2");
  EXPECT_EQ(view.top_via_sent_by(), "192.0.2.10:5060");
  EXPECT_EQ(view.count("via"), 2U);
  EXPECT_EQ(view.first("subject"), "one\r\n two");
  EXPECT_EQ(view.first("Contact"), std::nullopt);
}

TEST(SipHeadView, ReadsAResponseWithTheMethodOfItsCseq) {
  HeadView view;
  ASSERT_TRUE(view.read("SIP/2.0 481 Call Does Not Exist\r\nCSeq: 3 INFO\r\nt: <sip:a>;tag=pub-1\r\n\r\n"));
  EXPECT_TRUE(view.is_response());
  EXPECT_EQ(view.status(), 481);
  EXPECT_EQ(view.reason(), "Call Does Not Exist");
  EXPECT_EQ(view.method(), "INFO");
  EXPECT_EQ(view.to_tag(), "pub-1");
}

TEST(SipHeadView, RefusesWhatIsNoHead) {
  HeadView view;
  for (const auto* bad : {"", "\r\n", "INVITE\r\n\r\n", "INVITE sip:a\r\n\r\n", "INVITE sip:a HTTP/1.1\r\n\r\n",
                          "SIP/2.0 99 Low\r\n\r\n", "SIP/2.0 abc\r\n\r\n",
                          "BYE sip:a SIP/2.0\r\nno colon\r\n\r\n", "BYE sip:a SIP/2.0\r\n: no name\r\n\r\n"}) {
    SCOPED_TRACE(bad);
    EXPECT_FALSE(view.read(bad));
  }
}

TEST(SipHeadView, LeavesWhatCanBeAnsweredOfABrokenRequest) {
  HeadView view;
  std::string text;  // The view looks into it.
  const auto read = [&](const std::string& start, const std::string& last = "") {
    text = start + "\r\nVia: SIP/2.0/TCP a\r\nCSeq: 1 BYE\r\n" + last + "\r\n";
    return static_cast<bool>(view.read(text));
  };
  EXPECT_FALSE(read("BYE sip:a SIP/2.0", "no colon\r\n"));
  EXPECT_TRUE(view.answerable());
  EXPECT_TRUE(read("BYE  sip:a  SIP/7.0 "));
  EXPECT_TRUE(view.answerable());
  EXPECT_EQ(view.request_uri(), "sip:a");
  EXPECT_EQ(view.version(), "SIP/7.0");
  EXPECT_FALSE(read("BYE sip:a SIP/2.0\r\n folded"));
  EXPECT_FALSE(read("SIP/2.0 4294967301 OK"));
  EXPECT_FALSE(view.answerable()) << "a response";
  EXPECT_TRUE(read("ACK sip:a SIP/2.0"));
  EXPECT_FALSE(view.answerable()) << "an ACK";
  EXPECT_FALSE(read("GET / HTTP/1.1"));
  EXPECT_TRUE(view.version().empty()) << "no SIP";
  EXPECT_TRUE(view.read("BYE sip:a SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n"));
  EXPECT_FALSE(view.answerable()) << "nobody to answer to";
}

TEST(SipHeadView, ReadsFoldedCseqAndBlanksInVia) {
  HeadView view;
  ASSERT_TRUE(view.read(
      "BYE sip:a SIP/2.0\r\nVia: SIP\r\n / 2.0 / TCP  a.b:5060 ;branch=1\r\ncseq: 0009\r\n BYE\r\n\r\n"));
  EXPECT_EQ(view.cseq_number(), 9U);
  EXPECT_EQ(view.top_via_sent_by(), "a.b:5060");
}

TEST(SipHeadView, FindsParametersOutsideQuotesAndBrackets) {
  EXPECT_EQ(header_parameter("<sip:a;x=1>;X=2", "x"), "2");
  EXPECT_EQ(header_parameter("a;x=\"q\"", "x"), "q");
  EXPECT_EQ(header_parameter("a;lr;x", "x"), "");
  EXPECT_EQ(header_parameter("a, b;x=1", "x"), "1");
  EXPECT_EQ(header_parameter("a;y=1, b;x=1", "x"), std::nullopt);
}

TEST(SipHeadView, CutsListsAndUris) {
  std::string_view rest = "\"a,b\" <sip:x,y>, <sip:z>";
  EXPECT_EQ(take_value(rest), "\"a,b\" <sip:x,y>");
  EXPECT_EQ(take_value(rest), "<sip:z>");
  EXPECT_EQ(rest, "");
  EXPECT_EQ(uri_of("\"x<y\" <sip:a@b;c>;tag=1"), "sip:a@b;c");
  EXPECT_EQ(uri_of("sip:a@b;tag=1"), "sip:a@b");
}

}  // namespace
}  // namespace linebridge::sip
