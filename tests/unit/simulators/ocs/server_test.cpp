#include "bench.hpp"

namespace linebridge::sim::ocs {
namespace {

using namespace std::chrono_literals;

const std::string contact =
    "Contact: <sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp>;proxy=replace\r\n";
const std::string gateway = "sip:ctigw@gw.example.test";
const std::string gruu = "sip:alice@example.test;opaque=user:epid:b34a;gruu";
const std::string our_route = "<sip:192.0.2.10:5060;transport=tcp;ms-role-rs-from;lr;ms-route-sig=linebridge>";

Message only(std::vector<Message> messages) {
  EXPECT_EQ(messages.size(), 1u);
  return messages.empty() ? Message{} : messages.front();
}

/// Alice is registered and her INVITE stands before the front end.
Message invited(Bench& bench) {
  bench.from(bench.client, request("REGISTER", "sip:example.test", contact));
  bench.from(bench.client, request("INVITE", gateway, contact));
  bench.come_up(bench.front);
  bench.to(bench.client);
  return only(bench.to(bench.front));
}

/// A request of the node within Alice's dialog.
std::string node_request(std::string_view method, const std::string& uri,
                         const std::string& route = our_route) {
  return std::string(method) + " " + uri +
         " SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.20:5060;branch=z9hG4bKn1\r\nRoute: " + route +
         "\r\nFrom: <sip:ctigw@gw.example.test>;tag=g\r\nTo: <sip:alice@example.test>;tag=a\r\nCall-ID: "
         "call-1\r\n" +
         "CSeq: 1 " + std::string(method) +
         "\r\nContent-Type: application/csta+xml\r\nContent-Length: 4\r\n\r\n<E/>";
}

TEST(OcsServer, PassesASignInToTheFrontEndAndRecordsItsRoute) {
  Bench bench;
  const Message invite = invited(bench);
  EXPECT_EQ(bench.outbox.dialled, (std::vector<Address>{{"192.0.2.20", 5060}}));
  EXPECT_EQ(invite.uri(), gateway);
  EXPECT_EQ(invite.get("Record-Route"), our_route);
  EXPECT_EQ(invite.get("Max-Forwards"), "69");
  ASSERT_EQ(invite.headers[1].name, "Via");
  EXPECT_THAT(invite.headers[1].value, ::testing::StartsWith("SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bK"));
  EXPECT_EQ(invite.headers[2].value,
            "SIP/2.0/tcp 198.51.100.7:34004;received=198.51.100.7;ms-received-port=34004;ms-received-cid=1");
}

TEST(OcsServer, ReturnsAnswersByVia) {
  Bench bench;
  const Message invite = invited(bench);
  bench.from(bench.front,
             to_text(answer_to(invite, 100, "Trying", "")) + to_text(answer_to(invite, 200, "OK", "g")));
  const auto answers = bench.to(bench.client);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].status(), 200);
  EXPECT_THAT(std::string(answers[1].get("Via")), ::testing::StartsWith("SIP/2.0/tcp 198.51.100.7:34004"));
  EXPECT_EQ(bench.server.pending(), 0u);
}

TEST(OcsServer, DropsAnswersThatBelongToNothing) {
  Bench bench;
  const Message invite = invited(bench);
  Message damaged = answer_to(invite, 200, "OK", "g");
  damaged.headers[1].value = "SIP/2.0/tcp 198.51.100.7:34004";
  Message foreign = answer_to(invite, 200, "OK", "g");
  foreign.headers[0].value = "SIP/2.0/TCP 192.0.2.99:5060;branch=z9hG4bKocs1";
  bench.from(bench.front, to_text(damaged) + to_text(foreign));
  EXPECT_TRUE(bench.to(bench.client).empty());
  EXPECT_EQ(bench.witness.notes.size(), 2u);
}

TEST(OcsServer, TakesItsRouteOffRequestsInsideADialog) {
  Bench bench;
  invited(bench);
  bench.from(bench.client,
             request("INFO", "sip:192.0.2.20:5060;transport=tcp", "Route: " + our_route + "\r\n"));
  const Message info = only(bench.to(bench.front));
  EXPECT_EQ(info.get("Route"), "");
  EXPECT_EQ(info.get("Record-Route"), "");
}

TEST(OcsServer, GoesByTheRouteThatIsLeftWhereAnotherProxyIsTheNextHop) {
  Bench bench;
  invited(bench);
  const std::string proxy = "<sip:192.0.2.20;transport=tcp;lr;r2=on>";
  bench.from(bench.client, request("INFO", "sip:192.0.2.30:5060;transport=tcp",
                                   "Route: " + our_route + "\r\nRoute: " + proxy + "\r\n"));
  const Message info = only(bench.to(bench.front));
  EXPECT_EQ(info.uri(), "sip:192.0.2.30:5060;transport=tcp");
  EXPECT_EQ(info.get("Route"), proxy);
}

TEST(OcsServer, KnowsTheFrontEndByTheAddressItShowsBehindATranslation) {
  for (const bool shown : {true, false}) {
    Settings settings = Bench::settings();
    if (shown) settings.next_hop_shown = {"10.0.2.15", 5060};
    Bench bench(settings);
    invited(bench);
    bench.from(bench.client,
               request("INFO", "sip:10.0.2.15:5060;transport=tcp", "Route: " + our_route + "\r\n"));
    EXPECT_EQ(bench.to(bench.front).size(), shown ? 1u : 0u);
  }
}

TEST(OcsServer, RefusesARouteThatItDidNotSign) {
  Bench bench;
  invited(bench);
  bench.from(bench.front, node_request("INFO", gruu, "<sip:192.0.2.10:5060;transport=tcp;lr>"));
  EXPECT_EQ(only(bench.to(bench.front)).status(), 403);
  EXPECT_TRUE(bench.to(bench.client).empty());
}

TEST(OcsServer, BringsRequestsOfTheNodeToTheClientByGruuAndByContact) {
  for (const auto& uri : {gruu, std::string("sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp")}) {
    Bench bench;
    invited(bench);
    bench.from(bench.front, node_request("INFO", uri));
    const Message info = only(bench.to(bench.client));
    EXPECT_EQ(info.uri(), uri);
    EXPECT_EQ(info.body, "<E/>");
    bench.from(bench.client, to_text(answer_to(info, 200, "OK", "")));
    EXPECT_EQ(only(bench.to(bench.front)).get("Via"),
              "SIP/2.0/TCP "
              "192.0.2.20:5060;branch=z9hG4bKn1;received=192.0.2.20;ms-received-port=5060;ms-received-cid=101");
  }
}

TEST(OcsServer, TakesRequestsOfANodeThatDialledItself) {
  Bench bench;
  invited(bench);
  bench.connect(PeerId{7}, "192.0.2.20", 40000);
  bench.from(PeerId{7}, node_request("BYE", gruu));
  bench.from(bench.client, to_text(answer_to(only(bench.to(bench.client)), 200, "OK", "")));
  EXPECT_EQ(only(bench.to(PeerId{7})).status(), 200);
}

TEST(OcsServer, AnswersARequestForAClientThatIsGone) {
  Bench bench;
  invited(bench);
  bench.on(Closed{bench.client, Gone::by_peer});
  bench.from(bench.front, node_request("INFO", gruu));
  EXPECT_EQ(only(bench.to(bench.front)).status(), 480);
}

TEST(OcsServer, AnswersEventsForAClientThatNeverDoes) {
  Settings settings = Bench::settings();
  settings.answer_events = true;
  Bench bench(settings);
  invited(bench);
  bench.from(bench.front, node_request("INFO", gruu));
  EXPECT_EQ(only(bench.to(bench.front)).status(), 200);
  const Message info = only(bench.to(bench.client));
  bench.from(bench.client, to_text(answer_to(info, 200, "OK", "")));
  EXPECT_TRUE(bench.to(bench.front).empty()) << "two answers to one request";
}

TEST(OcsServer, AnswersInPlaceOfWhoeverIsSilent) {
  Bench bench;
  bench.from(bench.front, to_text(answer_to(invited(bench), 200, "OK", "g")));
  bench.to(bench.client);
  bench.from(bench.front, node_request("INFO", gruu));
  ASSERT_TRUE(bench.deadline);
  bench.pass(31s);
  EXPECT_TRUE(bench.to(bench.front).empty());
  bench.pass(1s);
  EXPECT_EQ(only(bench.to(bench.front)).status(), 408);
  EXPECT_EQ(only(bench.to(bench.client)).method(), "INFO");
}

TEST(OcsServer, AnswersAtOnceWhenTheFrontEndIsGoneAndDialsAgain) {
  Bench bench;
  invited(bench);
  bench.on(Closed{bench.front, Gone::refused});
  EXPECT_EQ(only(bench.to(bench.client)).status(), 504);
  bench.from(bench.client, request("INVITE", gateway, contact));
  bench.come_up(bench.front2);
  EXPECT_EQ(only(bench.to(bench.front2)).method(), "INVITE");
}

TEST(OcsServer, SpreadsDialogsOverItsConnectionsAndKeepsEachOnOne) {
  Settings settings = Bench::settings();
  settings.connections = 4;
  Bench bench(settings);
  for (int round = 0; round < 2; ++round)
    for (int call = 0; call < 50; ++call)
      bench.from(bench.client, request("INFO", gateway, contact, "alice", "call-" + std::to_string(call)));
  EXPECT_EQ(bench.outbox.dialled.size(), 4u);
  for (std::uint64_t i = 0; i < 4; ++i) {
    bench.come_up(PeerId{101 + i});
    const auto messages = bench.to(PeerId{101 + i});
    ASSERT_EQ(messages.size() % 2, 0u);
    for (std::size_t m = 0; m < messages.size() / 2; ++m)
      EXPECT_EQ(messages[m].get("Call-ID"), messages[m + messages.size() / 2].get("Call-ID"));
  }
}

TEST(OcsServer, ClosesOnlyTheConnectionThatABadMessageCameOn) {
  Bench bench;
  bench.connect(PeerId{2}, "198.51.100.8", 1);
  bench.from(PeerId{2}, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(bench.outbox.closed, (std::vector{PeerId{2}}));
  bench.from(bench.client, request("REGISTER", "sip:example.test", contact));
  EXPECT_EQ(only(bench.to(bench.client)).status(), 200);
}

TEST(OcsServer, StopsLoopsAndRequestsThatLeadNowhere) {
  Bench bench;
  invited(bench);
  std::string looping = request("INFO", gateway);
  looping.replace(looping.find("Max-Forwards: 70"), 16, "Max-Forwards: 0");
  bench.from(bench.client, looping);
  bench.from(bench.client, request("INVITE", "sip:ocschat@example.test", contact));
  bench.from(bench.client, request("INFO", gateway, "Route: <sip:192.0.2.99;lr>\r\n"));
  bench.from(bench.client, request("ACK", "sip:nobody@example.test"));
  const auto answers = bench.to(bench.client);
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].status(), 483);
  EXPECT_EQ(answers[1].status(), 404);
  EXPECT_EQ(answers[2].status(), 404);
}

TEST(OcsServer, ForgetsAClientThatSignedOut) {
  Bench bench;
  invited(bench);
  bench.from(bench.client, request("REGISTER", "sip:example.test", contact + "Expires: 0\r\n"));
  bench.to(bench.client);
  bench.from(bench.front, node_request("INFO", gruu));
  EXPECT_EQ(only(bench.to(bench.front)).status(), 480);
  EXPECT_TRUE(bench.to(bench.client).empty());
}

TEST(OcsServer, ClosesAConnectionThatIsNotRead) {
  Bench bench;
  invited(bench);
  bench.outbox.sent[bench.client] = std::string(1024 * 1024, 'x');
  bench.from(bench.front, node_request("INFO", gruu));
  EXPECT_EQ(bench.outbox.closed, (std::vector{bench.client}));
}

}  // namespace
}  // namespace linebridge::sim::ocs
