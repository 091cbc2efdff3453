#include "sip/osip_codec.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::sip {
namespace {

const std::string bye =
    "BYE sip:192.0.2.20:5060;transport=tcp SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n"
    "From: <sip:a@x>;tag=1\r\nTo: <sip:b@y>;tag=2\r\nCall-ID: c\r\nCSeq: 3 BYE\r\nContent-Length: 0\r\n\r\n";

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string error_of(const std::string& head) {
  Codec codec;
  const auto message = codec.parse(head, {});
  return message ? "" : message.error().detail;
}

TEST(SipCodec, ReadsTheInviteOfARealClient) {
  Codec codec;
  const std::string body = "<x/>";
  const std::string head = test::with_body(test::invite_head(), body);
  const auto parsed = codec.parse(std::string_view(head).substr(0, head.size() - 4), body);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  const Message& message = *parsed.value();
  EXPECT_TRUE(message.is_request());
  EXPECT_EQ(message.method(), "INVITE");
  EXPECT_EQ(message.request_uri.user, "ctigw");
  EXPECT_EQ(message.request_uri.host, "gw.example.test");
  EXPECT_EQ(message.from.user, "alice");
  EXPECT_EQ(message.from.host, "example.test");
  EXPECT_EQ(message.cseq, 1U);
  EXPECT_EQ(message.content_type, "application/csta+xml");
  EXPECT_EQ(message.body, body);
}

TEST(SipCodec, ReadsAResponse) {
  Codec codec;
  const std::string head =
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@y>;tag=2\r\n"
      "Call-ID: c\r\nCSeq: 3 INFO\r\nContent-Length: 0\r\n\r\n";
  const auto parsed = codec.parse(head, {});
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed.value()->head.status(), 200);
  EXPECT_EQ(parsed.value()->method(), "INFO");
}

TEST(SipCodec, RefusesWhatLibosip2LetsThrough) {
  EXPECT_EQ(error_of(bye), "");
  EXPECT_NE(error_of(replaced(bye, "CSeq: 3 BYE", "CSeq: 3 INFO")), "");
  EXPECT_NE(error_of(replaced(bye, "CSeq: 3 BYE", "CSeq: 2147483648 BYE")), "");
  EXPECT_NE(error_of(replaced(bye, "CSeq: 3 BYE", "CSeq: x BYE")), "");
  EXPECT_NE(error_of(replaced(bye, "CSeq: 3 BYE", "CSeq: 3")), "");
  EXPECT_NE(error_of(replaced(bye, "Call-ID: c", "Call-ID: c\r\nCall-ID: d")), "");
  EXPECT_NE(error_of(replaced(bye, "Call-ID: c\r\n", "")), "");
  EXPECT_NE(error_of(replaced(bye, "Call-ID: c", "Call-ID:")), "");
  EXPECT_NE(error_of(replaced(bye, "Via: SIP/2.0/TCP a;branch=z9hG4bK1\r\n", "")), "");
  EXPECT_NE(error_of(replaced(bye, "From: <sip:a@x>;tag=1", "From: <>")), "");
  EXPECT_NE(error_of(replaced(bye, "To: <sip:b@y>;tag=2", "To: \"unclosed <sip:b@y>")), "");
}

TEST(SipCodec, GuardsLibosip2FromHeadersWithTooManyParts) {
  std::string values = "Accept: a";
  for (int i = 0; i < 31; ++i)
    values += ",a";
  EXPECT_EQ(error_of(replaced(bye, "Call-ID: c", "Call-ID: c\r\n" + values)), "");
  EXPECT_NE(error_of(replaced(bye, "Call-ID: c", "Call-ID: c\r\n" + values + ",a")), "");
  std::string parameters = "Contact: <sip:a>";
  for (int i = 0; i < 33; ++i)
    parameters += ";p" + std::to_string(i);
  EXPECT_NE(error_of(replaced(bye, "Call-ID: c", "Call-ID: c\r\n" + parameters)), "");
}

TEST(SipCodec, SaysWhichRuleRefusedAndWithWhichStatus) {
  Codec codec;
  const auto refused = [&codec](const std::string& head) {
    EXPECT_FALSE(codec.parse(head, {}));
    return codec.broken();
  };
  EXPECT_EQ(refused(replaced(bye, "SIP/2.0\r", "SIP/7.0\r")).status, 505);
  EXPECT_EQ(codec.broken().rule, "version");
  EXPECT_EQ(codec.broken().reason, "version SIP/7.0");
  EXPECT_EQ(codec.broken().code, Errc::unsupported);
  EXPECT_EQ(refused("BYE sip:a\r\n\r\n").rule, "head");
  EXPECT_EQ(refused(replaced(bye, "Call-ID: c", "Call-ID: c\r\nA: " + std::string(40, ','))).code,
            Errc::too_long);
}

TEST(SipCodec, ReadsUsersWithTheirEscapesUndoneAndWhole) {
  Codec codec;
  const std::string head = replaced(replaced(bye, "sip:a@x", "sip:%61l%00ce;x=%40:secret@X:5070"),
                                    "To: <sip:b@y>;tag=2", "To:\r\n <sip:b@y>");
  const auto parsed = codec.parse(head, {});
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed.value()->from.user, std::string("al\0ce;x=@", 9));
  EXPECT_EQ(parsed.value()->from.host, "X");
  EXPECT_EQ(parsed.value()->from.port, 5070);
  EXPECT_EQ(parsed.value()->to.user, "b");
  EXPECT_EQ(parsed.value()->to.host, "y");
}

TEST(SipCodec, NeverHandsABodyToLibosip2) {
  Codec codec;
  const std::string head =
      replaced(bye, "Content-Length: 0", "Content-Type: multipart/mixed;boundary=x\r\nContent-Length: 9");
  const auto parsed = codec.parse(head, "--x\r\n--x-");
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed.value()->content_type, "multipart/mixed");
  EXPECT_EQ(parsed.value()->body, "--x\r\n--x-");
}

}  // namespace
}  // namespace linebridge::sip
