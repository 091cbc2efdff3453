#include "sip/checks.hpp"

namespace linebridge::sip {
namespace {

/// The rule that refuses, with its status; "" if the value is taken.
std::string rule(const Verdict& verdict) {
  return verdict ? std::to_string(verdict->status) + " " + std::string(verdict->rule) : "";
}

struct Lines {
  std::string start = "INFO sip:gw.example.test SIP/2.0";
  std::string via = "Via: SIP/2.0/TCP a;branch=z9hG4bK1";
  std::string from = "From: <sip:a@x>;tag=1";
  std::string to = "To: <sip:b@y>";
  std::string call_id = "Call-ID: c";
  std::string cseq = "CSeq: 3 INFO";
  std::string more;

  std::string text() const {
    return start + "\r\n" + via + "\r\n" + from + "\r\n" + to + "\r\n" + call_id + "\r\n" + cseq + "\r\n" +
           (more.empty() ? "" : more + "\r\n") + "\r\n";
  }
};

std::string checked(const Lines& lines, std::string_view body = {}) {
  const std::string text = lines.text();
  HeadView head;
  if (!head.read(text)) return "unreadable";
  return rule(check(head, body));
}

std::string started(std::string start) {
  const std::string method = start.substr(0, start.find(' '));
  return checked({.start = std::move(start), .cseq = "CSeq: 3 " + method});
}

TEST(SipChecks, AskForVersionTwo) {
  EXPECT_EQ(started("INFO sip:gw sip/2.0"), "");
  EXPECT_EQ(started("INFO sip:gw SIP/3.0"), "505 version");
  EXPECT_EQ(started("INFO sip:gw SIP/2.00"), "505 version");
  EXPECT_EQ(started("INFO sip:gw SIP/"), "505 version");
  EXPECT_EQ(started("SIP/3.0 200 OK"), "505 version");
}

TEST(SipChecks, AskForOneBlankBetweenThePartsOfARequestLine) {
  for (const auto* start :
       {"INFO  sip:gw SIP/2.0", "INFO sip:gw  SIP/2.0", "INFO sip:gw SIP/2.0 ", "INFO sip:gw\tSIP/2.0"})
    EXPECT_EQ(started(start), "400 request line") << start;
}

TEST(SipChecks, AskForATokenAsMethod) {
  EXPECT_EQ(started("RE%47-x!'~ sip:gw SIP/2.0"), "");
  EXPECT_EQ(started("IN(FO sip:gw SIP/2.0"), "400 method");
  EXPECT_EQ(started("INF\xC3\x96 sip:gw SIP/2.0"), "400 method");
}

TEST(SipChecks, AskForARequestUriWithoutBracketsBlanksAndHeaders) {
  for (const auto* uri : {"sip:gw", "SIPS:a@gw:5061;lr", "sip:a;b=c%40d@gw", "sip:[2001:db8::1]:5060",
                          "sip:1.2.3.4", "sip:a?/b@gw", "sip:a:secret@gw_1"})
    EXPECT_EQ(started(std::string("INFO ") + uri + " SIP/2.0"), "") << uri;
  for (const auto* uri : {"<sip:gw>",
                          "sip:a b@gw",
                          "sip:gw; lr",
                          "sip:gw?Subject=x",
                          "sip:a@gw?Subject=x",
                          "gw",
                          ":gw",
                          "sip:",
                          "sip:a@",
                          "sip:@gw",
                          "sip:gw:",
                          "sip:gw:70000",
                          "sip:gw:5x",
                          "sip:a%4@gw",
                          "sip:a%zz@gw",
                          "sip:a@b@c",
                          "sip:[::1",
                          "sip:[]",
                          "sip:[::1]x",
                          "sip:g\"w",
                          "sip:g\x01w",
                          "sip:\xC3\xBC@gw"})
    EXPECT_EQ(started(std::string("INFO ") + uri + " SIP/2.0"), "400 Request-URI") << uri;
}

TEST(SipChecks, AskForASipUriToSendTo) {
  for (const auto* uri : {"tel:+15551234", "nobodyKnows:this", "soap.beep://192.0.2.103:3002", "http://x/?a=b"})
    EXPECT_EQ(started(std::string("INFO ") + uri + " SIP/2.0"), "416 scheme") << uri;
}

TEST(SipChecks, AskForTheMandatoryHeaders) {
  for (auto member : {&Lines::via, &Lines::from, &Lines::to, &Lines::call_id, &Lines::cseq}) {
    Lines lines;
    lines.*member = "Unknown: x";
    EXPECT_EQ(checked(lines), "400 missing header");
  }
}

TEST(SipChecks, AskForSingleHeadersOnce) {
  for (const auto* twice :
       {"f: <sip:z@x>;tag=2", "t: <sip:b@y>", "i: c", "CSEQ: 3 INFO", "Max-Forwards: 1\r\nMax-Forwards: 1",
        "Expires: 1\r\nExpires: 1", "Session-Expires: 90\r\nx: 90", "Min-SE: 90\r\nMin-SE: 90",
        "Content-Type: a/b\r\nc: a/b", "Content-Disposition: signal\r\nContent-Disposition: signal"})
    EXPECT_EQ(checked({.more = twice}), "400 repeated header") << twice;
  for (const auto* often : {"Via: SIP/2.0/TCP b", "Supported: a\r\nSupported: b",
                            "Contact: <sip:a@x>\r\nContact: <sip:b@x>", "Y: 1\r\nY: 1"})
    EXPECT_EQ(checked({.more = often}), "") << often;
}

TEST(SipChecks, AskForTokensAsHeaderNames) {
  EXPECT_EQ(checked({.more = "extension-!.%*+_`'~: x"}), "");
  EXPECT_EQ(checked({.more = "Two Words: x"}), "400 header name");
  EXPECT_EQ(checked({.more = "X\x01: x"}), "400 header name");
}

TEST(SipChecks, AskForACallIdWithoutBlanks) {
  EXPECT_EQ(rule(check_call_id("word%ZK-!.*_+'@word`~)(><:\\/\"][?}{")), "");
  EXPECT_EQ(rule(check_call_id("")), "400 Call-ID");
  EXPECT_EQ(rule(check_call_id("a b")), "400 Call-ID");
}

TEST(SipChecks, AskForACseqBelowTwoToThe31OfTheSameMethod) {
  for (const auto* good : {"CSeq: 0 INFO", "CSeq: 2147483647 INFO", "CSeq: 0004\r\n  INFO", "cseq:3\tINFO"})
    EXPECT_EQ(checked({.cseq = good}), "") << good;
  for (const auto* bad : {"CSeq: 2147483648 INFO", "CSeq: -1 INFO", "CSeq: x INFO", "CSeq: INFO",
                          "CSeq:", "CSeq: 3x INFO", "CSeq: 36893488147419103232 INFO"})
    EXPECT_EQ(checked({.cseq = bad}), "400 CSeq number") << bad;
  for (const auto* bad : {"CSeq: 3", "CSeq: 3 BYE", "CSeq: 3 info", "CSeq: 3 INFO INFO"})
    EXPECT_EQ(checked({.cseq = bad}), "400 CSeq method") << bad;
  EXPECT_EQ(checked({.start = "SIP/2.0 200 OK", .cseq = "CSeq: 3 BYE"}), "");
  EXPECT_EQ(checked({.start = "SIP/2.0 200 OK", .cseq = "CSeq: 3 B(E"}), "400 CSeq method");
}

TEST(SipChecks, AskForScalarsInTheirRange) {
  for (const auto* good : {"0", "0068", "255"})
    EXPECT_EQ(rule(check_max_forwards(good)), "") << good;
  for (const auto* bad : {"256", "-1", "", "x", "7 0"})
    EXPECT_EQ(rule(check_max_forwards(bad)), "400 Max-Forwards") << bad;
  EXPECT_EQ(rule(check_expires("4294967295")), "");
  for (const auto* bad : {"4294967296", "-1", "", "soon"})
    EXPECT_EQ(rule(check_expires(bad)), "400 Expires") << bad;
}

TEST(SipChecks, AskForASessionIntervalInSeconds) {
  for (const auto* good : {"1800", "90;refresher=uac", "90 ; refresher = UAS;other=x", "0"})
    EXPECT_EQ(rule(check_session_interval("Session-Expires", good)), "") << good;
  for (const auto* bad :
       {"", "x", "-90", "90;refresher=me", "90;refresher", "90;;", "90,91", "90;a, 91", "99999999999"})
    EXPECT_EQ(rule(check_session_interval("Session-Expires", bad)), "400 session interval") << bad;
}

TEST(SipChecks, AskForOptionTagsInRequire) {
  EXPECT_EQ(rule(check_require("timer , 100rel")), "");
  for (const auto* bad : {"", "timer,", ",timer", "a b", "<x>"})
    EXPECT_EQ(rule(check_require(bad)), "400 Require") << bad;
}

TEST(SipChecks, TakeAddressesAsClientsWriteThem) {
  for (const auto* good :
       {"<sip:a@x>", "sip:a@x", "sip:a@x;tag=1", "sip:a@x ; tag = 1", "Alice<sip:a@x>;tag=1",
        "\"A, B; <C>\" <sip:a@x>;epid=1;tag=2", "\"A \\\"B\\\" \\\\\" <sip:a@x>;tag=2;epid=1",
        "J\xC3\xBCrgen Alice <sip:a@x>", "\"J\xC3\xBCrgen\" <sip:a@x>", "<sip:a@x;lr?Subject=b>;x=\"y;z,\"",
        "alice@x <sip:a@x>", "<tel:1001;phone-context=d>;TAG=1", "isbn:2983792873", "<sip:a@x>;flag;empty="})
    EXPECT_EQ(rule(check_from_or_to("From", good)), "") << good;
  for (const auto* bad : {"",
                          "<>",
                          "<sip:a@x",
                          "sip:a@x>",
                          "\"A <sip:a@x>",
                          "\"A\" sip:a@x",
                          "A \"B\" <sip:a@x>",
                          "< sip:a@x >",
                          "<sip:a @x>",
                          "A, B <sip:a@x>",
                          "sip:a@x?Subject=b",
                          "<sip:a@x>, <sip:b@x>",
                          "<sip:a@x>;tag=1;TAG=2",
                          "<sip:a@x>;tag",
                          "<sip:a@x>;tag=",
                          "<sip:a@x>;",
                          "<sip:a@x>;;tag=1",
                          "<sip:a@x>;x=\"y",
                          "<sip:a@x> b",
                          "<sip:a@x>;x=1 2",
                          "<sip:a%0@x>",
                          "a@x",
                          "> <sip:a@x>"})
    EXPECT_EQ(rule(check_from_or_to("From", bad)), "400 address") << bad;
}

TEST(SipChecks, TakeListsOfAddresses) {
  EXPECT_EQ(rule(check_addresses("Contact", "*")), "");
  EXPECT_EQ(rule(check_addresses("Contact", "sip:a@x, \"B, C\" <sip:b@x>;q=0.3,<sip:c@x>")), "");
  EXPECT_EQ(rule(check_addresses("Record-Route", "<sip:a;lr>,<sip:b;lr;sig=aB%3d>;x=y")), "");
  for (const auto* bad : {"", "<sip:a@x>,", ",<sip:a@x>", "<sip:a@x>,,<sip:b@x>", "<sip:a@x>;;;;",
                          "sip:a@x?Route=%3Csip:b%3E", "<*>"})
    EXPECT_EQ(rule(check_addresses("Contact", bad)), "400 address") << bad;
  EXPECT_EQ(rule(check_addresses("Route", "sip:a;lr")), "400 address");
  EXPECT_EQ(rule(check_addresses("Route", "*")), "400 address");
}

TEST(SipChecks, AskForOneContactToSendRequestsTo) {
  const auto contact = [](std::string method, std::string more) {
    return checked({.start = method + " sip:gw SIP/2.0", .cseq = "CSeq: 3 " + method, .more = std::move(more)});
  };
  EXPECT_EQ(contact("INVITE", "m: <sips:a@x>"), "");
  EXPECT_EQ(contact("REGISTER", "Contact: <sip:a@x>, <name:b>"), "");
  for (const auto* method : {"INVITE", "UPDATE"})
    for (const auto* bad :
         {"m: <sip:a@x>, <sip:b@x>", "m: <sip:a@x>\r\nm: <sip:b@x>", "m: <mailto:a@x>", "m: *"})
      EXPECT_EQ(contact(method, bad), "400 Contact") << bad;
}

TEST(SipChecks, TakeViasAsClientsWriteThem) {
  for (const auto* good :
       {"SIP/2.0/TCP a", "SIP/2.0/tcp 198.51.100.7:34004", "SIP / 2.0\r\n / UDP  a ; branch = z9hG4bK1",
        "SIP/2.0/NOVELTY a;branch=old", "SIP/2.0/TLS [2001:db8::1]:5061;received=2001:db8::1;rport",
        "SIP/2.0/TCP a : 5060", "SIP/2.0/TCP a, SIP/2.0/TCP b;x=\"1,2\"",
        "SIP/2.0/TLS HOST_1:5061;branch=z9hG4bK0;ms-internal-info=\"a b\""})
    EXPECT_EQ(rule(check_via(good)), "") << good;
  for (const auto* bad : {"", "SIP/2.0/TCP", "SIP/2.0 TCP a", "SIP/3.0/TCP a", "HTTP/2.0/TCP a",
                          "SIP/2.0/TCP a;;,;,,", "SIP/2.0/TCP a;branch=z9hG4bK", "SIP/2.0/TCP a;branch=Z9HG4BK",
                          "SIP/2.0/TCP a;branch=", "SIP/2.0/TCP a;branch", "SIP/2.0/TCP a;branch=1;branch=2",
                          "SIP/2.0/TCP a:x", "SIP/2.0/TCP a:99999", "SIP/2.0/TCP a,", "SIP/2.0/TCP a b",
                          "SIP/2.0/TCP a;x=\"y", "SIP/2.0/T(P a", "SIP/2.0/TCP ;branch=1", "SIP/2.0/TCP [::1"})
    EXPECT_EQ(rule(check_via(bad)), "400 Via") << bad;
}

TEST(SipChecks, AskForABodyThatCanBeRead) {
  EXPECT_EQ(checked({.more = "Content-Type: application/csta+xml; charset=utf-8"}, "x"), "");
  for (const auto* bad :
       {"Content-Type:", "Content-Type: csta", "Content-Type: /x", "Content-Type: a/", "Content-Type: a b/c"})
    EXPECT_EQ(checked({.more = bad}, "x"), "400 Content-Type") << bad;
  EXPECT_EQ(checked({.more = "e: identity"}, "x"), "");
  EXPECT_EQ(checked({.more = "e: gzip"}, "x"), "415 Content-Encoding");
  EXPECT_EQ(checked({.more = "e: gzip"}), "");
  for (const auto* good :
       {"signal", "signal; handling=required", "SESSION;handling=required", "odd", "odd;handling=optional"})
    EXPECT_EQ(checked({.more = std::string("Content-Disposition: ") + good}, "x"), "") << good;
  EXPECT_EQ(checked({.more = "Content-Disposition: odd; handling=Required"}, "x"), "415 Content-Disposition");
}

TEST(SipChecks, AnswerSyntaxBeforeSchemeAndSchemeBeforeTheBody) {
  Lines lines{.start = "INFO tel:1 SIP/2.0", .cseq = "CSeq: 3 BYE", .more = "e: gzip"};
  EXPECT_EQ(checked(lines, "x"), "400 CSeq method");
  lines.cseq = "CSeq: 3 INFO";
  EXPECT_EQ(checked(lines, "x"), "416 scheme");
  lines.start = "INFO sip:gw SIP/2.0";
  EXPECT_EQ(checked(lines, "x"), "415 Content-Encoding");
}

}  // namespace
}  // namespace linebridge::sip
