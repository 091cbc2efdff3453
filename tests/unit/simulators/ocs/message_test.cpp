#include "tests/simulators/ocs/message.hpp"

#include "tests/simulators/ocs/cutter.hpp"

namespace linebridge::sim::ocs {
namespace {

const std::string info =
    "INFO sip:gw@192.0.2.20;transport=tcp SIP/2.0\r\n"
    "v: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK1, SIP/2.0/tcp 198.51.100.7:34004\r\n"
    "Max-Forwards: 70\r\n"
    "f: <sip:alice@example.test>;tag=a;epid=b34a\r\n"
    "To: \"Gateway, the\" <sip:ctigw@gw.example.test;tag=no>;tag=g\r\n"
    "i: call-1\r\n"
    "CSeq: 2 INFO\r\n"
    "Subject: folded\r\n"
    "  twice\r\n"
    "l: 4\r\n"
    "\r\n"
    "body";

std::vector<Message> cut(const std::vector<std::string_view>& pieces) {
  Cutter cutter;
  std::vector<Message> messages;
  for (const auto piece : pieces) {
    cutter.push(piece);
    for (auto next = cutter.next(); next && next.value(); next = cutter.next())
      messages.push_back(*next.value());
  }
  return messages;
}

Errc cut_error(std::string_view bytes) {
  Cutter cutter;
  cutter.push(bytes);
  const auto next = cutter.next();
  return next ? Errc::not_found : next.error().code;
}

TEST(OcsCutter, GivesTheSameMessageWhereverTheStreamIsCut) {
  const std::string stream = "\r\n\r\n" + info + "\r\n" + info;
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    SCOPED_TRACE(at);
    const auto messages = cut({std::string_view(stream).substr(0, at), std::string_view(stream).substr(at)});
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[1].body, "body");
    EXPECT_EQ(to_text(messages[0]), to_text(messages[1]));
  }
}

TEST(OcsCutter, RefusesWhatCannotBeAMessage) {
  EXPECT_EQ(cut_error("nonsense\r\n\r\n"), Errc::malformed);
  EXPECT_EQ(cut_error("INFO sip:x SIP/2.0\r\nno colon\r\n\r\n"), Errc::malformed);
  EXPECT_EQ(cut_error("INFO sip:x SIP/2.0\r\n folded\r\n\r\n"), Errc::malformed);
  EXPECT_EQ(cut_error("INFO sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n"), Errc::malformed);
  EXPECT_EQ(cut_error("INFO sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n"), Errc::too_long);
  EXPECT_EQ(cut_error("INFO sip:x SIP/2.0\r\nVia: a\r\nFrom: b\r\nTo: c\r\nCSeq: 1 INFO\r\n\r\n"),
            Errc::malformed);
  EXPECT_EQ(cut_error("SIP/2.0 9 Low\r\nVia: a\r\nFrom: b\r\nTo: c\r\nCall-ID: d\r\nCSeq: 1 X\r\n\r\n"),
            Errc::malformed);
  EXPECT_EQ(cut_error(std::string(Cutter::most_head + 1, 'x')), Errc::too_long);
}

TEST(OcsMessage, ReadsShortNamesFoldingAndListsOfVia) {
  const Message message = cut({info}).at(0);
  EXPECT_EQ(message.method(), "INFO");
  EXPECT_EQ(message.uri(), "sip:gw@192.0.2.20;transport=tcp");
  EXPECT_EQ(message.get("Via"), "SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK1");
  EXPECT_EQ(message.headers[1].value, "SIP/2.0/tcp 198.51.100.7:34004");
  EXPECT_EQ(message.get("From"), "<sip:alice@example.test>;tag=a;epid=b34a");
  EXPECT_EQ(message.get("Subject"), "folded twice");
  EXPECT_EQ(message.get("Content-Length"), "");
}

TEST(OcsMessage, FindsParametersOutsideOfUrisAndQuotes) {
  EXPECT_EQ(parameter("\"a;tag=q\" <sip:x;tag=no>;epid=\"e;1\";tag=yes", "tag"), "yes");
  EXPECT_EQ(parameter("\"a;tag=q\" <sip:x;tag=no>;epid=\"e;1\"", "EPID"), "e;1");
  EXPECT_EQ(parameter("<sip:x;tag=no>", "tag"), std::nullopt);
  EXPECT_EQ(uri_in("\"A\" <sip:x;y=1>;tag=2"), "sip:x;y=1");
  EXPECT_EQ(uri_in("sip:x;tag=2"), "sip:x");
}

TEST(OcsMessage, TellsWhereAUriLeads) {
  EXPECT_EQ(destination("sip:gw.example.test").value(), (HostPort{"gw.example.test", 5060}));
  EXPECT_EQ(destination("sip:a@192.0.2.1:5070;transport=tcp").value(), (HostPort{"192.0.2.1", 5070}));
  EXPECT_EQ(destination("sip:a@example.test:34004;maddr=198.51.100.7").value(),
            (HostPort{"198.51.100.7", 34004}));
  EXPECT_EQ(destination("tel:1001").error().code, Errc::malformed);
  EXPECT_EQ(destination("sip:a@:x").error().code, Errc::malformed);
}

TEST(OcsMessage, AnswersWithTheHeadersThatBelongToTheRequest) {
  const Message answer = answer_to(cut({info}).at(0), 200, "OK", "t1");
  EXPECT_EQ(to_text(answer),
            "SIP/2.0 200 OK\r\n"
            "Via: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK1\r\n"
            "Via: SIP/2.0/tcp 198.51.100.7:34004\r\n"
            "From: <sip:alice@example.test>;tag=a;epid=b34a\r\n"
            "To: \"Gateway, the\" <sip:ctigw@gw.example.test;tag=no>;tag=g\r\n"
            "Call-ID: call-1\r\n"
            "CSeq: 2 INFO\r\n"
            "Content-Length: 0\r\n"
            "\r\n");
}

}  // namespace
}  // namespace linebridge::sim::ocs
