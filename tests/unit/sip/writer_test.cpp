#include "sip/writer.hpp"

#include "sip/osip_codec.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::sip {
namespace {

class SipWriter : public testing::Test {
protected:
  const Message& read(const std::string& text) {
    const auto parsed = codec_.parse(text, {});
    EXPECT_TRUE(parsed) << parsed.error().detail;
    return *parsed.value();
  }
  Dialog dialog() { return make_dialog(read(invite_), "pub-1", OurAddress{"192.0.2.5", 5060, false}).value(); }
  const std::string invite_ = test::with_body(test::invite_head());
  Codec codec_;
};

TEST_F(SipWriter, AnswersWithViaRouteAndPartiesAsTheyCame) {
  std::string out;
  append_answer(out, answer_head(read(invite_), "pub-1", true), 200, "OK",
                {{"Contact", "<sip:x>"}, {"Empty", ""}}, {"<r/>"});
  EXPECT_EQ(out,
            "SIP/2.0 200 OK\r\n"
            "Record-Route: <sip:192.0.2.10:5060;transport=tcp;lr;ms-route-sig=aB%3d>\r\n"
            "Via: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKocs2\r\n"
            "Via: SIP/2.0/tcp 198.51.100.7:34004\r\n"
            "From: <sip:alice@example.test>;tag=3359527187;epid=b34afb6ebb23\r\n"
            "To: <sip:ctigw@gw.example.test>;tag=pub-1\r\n"
            "CSeq: 1 INVITE\r\n"
            "Call-ID: 5EE3g76E4a5D08i9040mA12AtEFDFb781DxA9A2x\r\n"
            "Contact: <sip:x>\r\n"
            "Content-Disposition: signal;handling=required\r\n"
            "Content-Type: application/csta+xml\r\n"
            "Content-Length: 4\r\n\r\n<r/>");
}

TEST_F(SipWriter, SendsItsRequestsAlongTheRouteSetWithThePartiesTurned) {
  Dialog d = dialog();
  d.local_cseq = 7;
  std::string out;
  append_request(out, d, "INFO", "z9hG4bKx", {}, {"<e/>"});
  EXPECT_EQ(out,
            "INFO sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp SIP/2.0\r\n"
            "Via: SIP/2.0/TCP 192.0.2.5:5060;branch=z9hG4bKx\r\n"
            "Max-Forwards: 70\r\n"
            "Route: <sip:192.0.2.10:5060;transport=tcp;lr;ms-route-sig=aB%3d>\r\n"
            "From: <sip:ctigw@gw.example.test>;tag=pub-1\r\n"
            "To: <sip:alice@example.test>;tag=3359527187;epid=b34afb6ebb23\r\n"
            "Call-ID: 5EE3g76E4a5D08i9040mA12AtEFDFb781DxA9A2x\r\n"
            "CSeq: 7 INFO\r\n"
            "Contact: <sip:192.0.2.5:5060;transport=tcp>\r\n"
            "Content-Disposition: signal;handling=required\r\n"
            "Content-Type: application/csta+xml\r\n"
            "Content-Length: 4\r\n\r\n<e/>");
}

TEST(SipDialog, LeavesTheHeadersOfAContactOutOfTheRequestUri) {
  EXPECT_EQ(request_uri_of("<sip:a@h;transport=tcp?Subject=x&y=z>;q=1"), "sip:a@h;transport=tcp");
  EXPECT_EQ(request_uri_of("sip:h?Subject=x"), "sip:h");
  EXPECT_EQ(request_uri_of("<sip:a?b@h>"), "sip:a?b@h");
}

TEST_F(SipWriter, RefusesARouteThatItCouldNotSendTo) {
  std::string text = invite_;
  const std::string_view route = "<sip:192.0.2.10";
  text.replace(text.find(route), route.size(), "<http://192.0.2.10");
  EXPECT_FALSE(make_dialog(read(text), "pub-1", {}));
}

TEST_F(SipWriter, PutsAStrictRouterIntoTheRequestUri) {
  Dialog d = dialog();
  d.routes = {"<sip:strict.example.test>", "<sip:next;lr>"};
  std::string out;
  append_request(out, d, "BYE", "z9hG4bKx", {});
  EXPECT_EQ(out.substr(0, out.find("From")),
            "BYE sip:strict.example.test SIP/2.0\r\n"
            "Via: SIP/2.0/TCP 192.0.2.5:5060;branch=z9hG4bKx\r\n"
            "Max-Forwards: 70\r\n"
            "Route: <sip:next;lr>\r\n"
            "Route: <sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp>\r\n");
}

TEST_F(SipWriter, ReadsWhatItWrites) {
  Dialog d = dialog();
  std::string out;
  append_request(out, d, "BYE", "z9hG4bKx", {});
  EXPECT_EQ(read(out).head.top_via_branch(), "z9hG4bKx");
}

TEST(SipDialog, BelongsToItsTagsAndCallIdOnly) {
  Codec codec;
  const std::string text = test::with_body(test::invite_head());
  const Dialog d = make_dialog(*codec.parse(text, {}).value(), "pub-1", {}).value();
  const auto info = [&](std::string_view from, std::string_view to, std::string_view call) {
    const std::string in =
        "INFO sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nFrom: <sip:a@x>;tag=" + std::string(from) +
        "\r\nTo: <sip:b@y>;tag=" + std::string(to) + "\r\nCall-ID: " + std::string(call) +
        "\r\nCSeq: 2 INFO\r\nContent-Length: 0\r\n\r\n";
    return d.belongs(*codec.parse(in, {}).value());
  };
  const std::string call = "5EE3g76E4a5D08i9040mA12AtEFDFb781DxA9A2x";
  EXPECT_TRUE(info("3359527187", "pub-1", call));
  EXPECT_FALSE(info("other", "pub-1", call));
  EXPECT_FALSE(info("3359527187", "pub-2", call));
  EXPECT_FALSE(info("3359527187", "pub-1", "other"));
}

TEST(SipWriterWords, KeepDiagnosticsOneQuotedString) {
  EXPECT_EQ(diagnostics(50001, "no \"x\"\r\nEvil: 1", "gw"),
            "50001;reason=\"no 'x''x0d'x0aEvil: 1\";source=\"gw\"");
}

}  // namespace
}  // namespace linebridge::sip
