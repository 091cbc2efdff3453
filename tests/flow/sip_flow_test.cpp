#include "base/catalogue.hpp"
#include "sip/framing/head_view.hpp"
#include "tests/flow/client.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* line = "tel:1001;phone-context=dialstring";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

class FlowOfSip : public testing::Test, protected World {
protected:
  void SetUp() override {
    start();
    alice.connect();
  }
  /// Start line, and the code and rule of ms-diagnostics, of the one answer to these bytes.
  std::string answer(Client& client, std::string_view bytes) {
    send(client.peer, bytes);
    const auto seen = client.take();
    if (seen.size() != 1) return std::to_string(seen.size()) + " messages";
    return std::to_string(seen[0].status()) + " " + seen[0].header("ms-diagnostics").substr(0, 5);
  }
  std::string in_dialog(const std::string& method, const std::string& branch, int cseq = 1) {
    return with_body(
        method + " sip:x SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.10:5060;branch=" + branch +
        "\r\nFrom: <sip:alice@example.test>;tag=alice1\r\nTo: <sip:gw>;tag=" + alice.to_tag +
        "\r\nCall-ID: callid-alice-1\r\nMax-Forwards: 70\r\nContact: <sip:alice@198.51.100.7>\r\nCSeq: " +
        std::to_string(cseq) + " " + method + "\r\n");
  }
  void say(Client& client, const Seen& request, const char* status) {
    send(client.peer, "SIP/2.0 " + std::string(status) + "\r\nVia: " + request.header("Via") +
                          "\r\nFrom: " + request.header("From") + "\r\nTo: " + request.header("To") +
                          "\r\nCall-ID: " + request.header("Call-ID") + "\r\nCSeq: " + request.header("CSeq") +
                          "\r\nContent-Length: 0\r\n\r\n");
  }
  void ring() {
    exchange->originate_outside("+15551234", "1001", now);
    pump();
  }
  Client alice{*this, "alice", line, "callid-alice-1"};
};

TEST_F(FlowOfSip, AnswersTheSameInviteAgainWithoutASecondSession) {
  send(alice.peer, alice.invite());
  send(alice.peer, alice.invite());
  const auto seen = alice.take();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].header("To"), seen[1].header("To"));
  EXPECT_EQ(seen[1].status(), 200);
  EXPECT_EQ(status().sessions.size(), 1U);
}

TEST_F(FlowOfSip, TakesTheSameInviteAfterItsAckForNoNewSignIn) {
  ASSERT_EQ(alice.sign_in(), 200);
  EXPECT_EQ(answer(alice, alice.invite()), "200 ");
  EXPECT_EQ(status().sessions.size(), 1U);
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200);
}

TEST_F(FlowOfSip, Answers482ToTheSameInviteByAnotherWay) {
  send(alice.peer, alice.invite());
  alice.take();
  EXPECT_EQ(answer(alice, replaced(alice.invite(), "callid-alice-10", "other")), "482 50034");
  EXPECT_EQ(status().sessions.size(), 1U);
}

TEST_F(FlowOfSip, CancelsNothingBecauseEveryInviteIsAnsweredAtOnce) {
  send(alice.peer, alice.invite());
  alice.take();
  std::string cancel = replaced(replaced(alice.invite(), "INVITE", "CANCEL"), "1 INVITE", "1 CANCEL");
  cancel = replaced(cancel.substr(0, cancel.find("Content-Disposition")), "Supported: timer\r\n", "");
  EXPECT_EQ(answer(alice, with_body(cancel)), "200 ");
  EXPECT_EQ(status().sessions.size(), 1U);
  EXPECT_EQ(answer(alice, with_body(replaced(cancel, "callid-alice-10", "other"))), "481 50039");
}

TEST_F(FlowOfSip, Answers491ToAReinviteBeforeTheAckOfTheFormerOne) {
  ASSERT_EQ(alice.sign_in(), 200);
  EXPECT_EQ(answer(alice, in_dialog("INVITE", "z9hG4bKa", 5)), "200 ");
  EXPECT_EQ(answer(alice, in_dialog("INVITE", "z9hG4bKb", 6)), "491 50035");
  send(alice.peer, in_dialog("ACK", "z9hG4bKc", 5));
  EXPECT_EQ(answer(alice, in_dialog("INVITE", "z9hG4bKd", 7)), "200 ");
}

TEST_F(FlowOfSip, EndsASessionThatIsNeverAcknowledged) {
  send(alice.peer, alice.invite());
  advance(31s);
  EXPECT_EQ(status().sessions.size(), 1U);
  advance(1s);
  EXPECT_TRUE(status().sessions.empty());
  EXPECT_TRUE(alice.take().back().start.starts_with("BYE "));
  EXPECT_EQ(counters[Counter::sip_no_ack], 1U);
}

TEST_F(FlowOfSip, TakesAnyLaterRequestForTheAckThatGotLost) {
  send(alice.peer, alice.invite());
  const auto seen = alice.take();
  sip::HeadView view;
  ASSERT_TRUE(view.read(seen.at(0).head));
  alice.to_tag = view.to_tag();
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200);
  advance(33s);
  EXPECT_EQ(status().sessions.size(), 1U);
}

TEST_F(FlowOfSip, AsksAClientWithoutSessionTimerEveryQuarterOfAnHour) {
  send(alice.peer, replaced(alice.invite(), "Supported: timer\r\n", ""));
  const auto accepted = alice.take();
  ASSERT_EQ(accepted.size(), 1U);
  EXPECT_EQ(accepted[0].header("Session-Expires"), "");
  EXPECT_EQ(accepted[0].header("Require"), "");
  sip::HeadView view;
  ASSERT_TRUE(view.read(accepted[0].head));
  alice.to_tag = view.to_tag();
  send(alice.peer, in_dialog("ACK", "x"));
  for (int i = 0; i < 3; ++i) {
    advance(15min);
    const auto asked = alice.take();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_TRUE(asked[0].start.starts_with("OPTIONS sip:alice@example.test:34004;maddr=198.51.100.7"));
    EXPECT_EQ(asked[0].header("Route"), "<sip:192.0.2.10:5060;transport=tcp;lr>");
    say(alice, asked[0], "200 OK");
  }
  advance(15min + 32s);  // One silence.
  EXPECT_EQ(status().sessions.size(), 1U);
  advance(15min);
  EXPECT_TRUE(status().sessions.empty());
  EXPECT_EQ(counters[Counter::sessions_expired], 1U);
}

TEST_F(FlowOfSip, EndsASessionWhoseClientAnswersTheQuestionWith481) {
  send(alice.peer, replaced(alice.invite(), "Supported: timer\r\n", ""));
  sip::HeadView view;
  const auto accepted = alice.take();
  ASSERT_TRUE(view.read(accepted.at(0).head));
  alice.to_tag = view.to_tag();
  send(alice.peer, in_dialog("ACK", "x"));
  advance(15min);
  const auto asked = alice.take();
  ASSERT_EQ(asked.size(), 1U);
  say(alice, asked[0], "481 Gone");
  EXPECT_TRUE(status().sessions.empty());
}

TEST_F(FlowOfSip, RefreshesByUpdateForAClientThatWantsUsTo) {
  send(alice.peer, replaced(alice.invite(), "Supported: timer\r\n",
                            "Supported: timer\r\nSession-Expires: 600;refresher=uas\r\n"));
  const auto accepted = alice.take();
  ASSERT_EQ(accepted.size(), 1U);
  EXPECT_EQ(accepted[0].header("Session-Expires"), "600;refresher=uas");
  sip::HeadView view;
  ASSERT_TRUE(view.read(accepted[0].head));
  alice.to_tag = view.to_tag();
  send(alice.peer, in_dialog("ACK", "x"));
  for (int i = 0; i < 5; ++i) {
    advance(300s);
    const auto update = alice.take();
    ASSERT_EQ(update.size(), 1U) << i;
    EXPECT_TRUE(update[0].start.starts_with("UPDATE "));
    EXPECT_EQ(update[0].header("Session-Expires"), "600;refresher=uac");
    say(alice, update[0], "200 OK");
  }
  advance(600s);
  EXPECT_TRUE(status().sessions.empty());
}

TEST_F(FlowOfSip, RefusesARequestOfAnotherUserInsideADialog) {
  ASSERT_EQ(alice.sign_in(), 200);
  const auto other = [&](std::string_view user) {
    return replaced(in_dialog("INFO", "z9hG4bKq"), "sip:alice@example.test", user);
  };
  EXPECT_EQ(answer(alice, other("sip:bob@example.test")), "403 50036");
  EXPECT_EQ(answer(alice, other("sip:ALICE@Example.Test")), "200 ");
  EXPECT_TRUE(log.has("LB-SIP-008", "rule=\"other user\""));
}

TEST_F(FlowOfSip, RefusesEverythingButOptionsOfAHostThatIsNotListed) {
  ASSERT_EQ(alice.sign_in(), 200);
  Client stranger = alice;
  stranger.peer = connect({}, "198.51.100.99");
  EXPECT_EQ(stranger.info(csta("<GetCSTAFeatures/>")).status(), 403);
  EXPECT_EQ(stranger.bye(), 403);
  EXPECT_EQ(stranger.request("OPTIONS").status(), 403);
  stranger.to_tag = "";
  EXPECT_EQ(answer(stranger, replaced(in_dialog("OPTIONS", "z9hG4bKo"), ";tag=" + alice.to_tag, "")), "200 ");
  EXPECT_EQ(status().sessions.size(), 1U);
}

TEST_F(FlowOfSip, GivesEveryRefusalItsCodeAndItsLogLine) {
  ASSERT_EQ(alice.sign_in(), 200);
  EXPECT_EQ(answer(alice, in_dialog("REFER", "z9hG4bK1")), "405 50031");
  EXPECT_EQ(answer(alice, replaced(in_dialog("INFO", "z9hG4bK2"), "CSeq", "Require: x, y\r\nCSeq")),
            "420 50032");
  EXPECT_EQ(answer(alice, replaced(in_dialog("UPDATE", "z9hG4bK3"), "CSeq",
                                   "Supported: timer\r\nSession-Expires: 60\r\nCSeq")),
            "422 50033");
  const Seen sdp = [&] {
    send(alice.peer,
         with_body(
             replaced(
                 in_dialog("INFO", "z9hG4bK4").substr(0, in_dialog("INFO", "z9hG4bK4").find("Content-Length")),
                 "CSeq", "Content-Type: application/sdp\r\nCSeq"),
             "v=0\r\n"));
    return alice.take().at(0);
  }();
  EXPECT_EQ(sdp.status(), 415);
  EXPECT_EQ(sdp.header("Accept"), "application/csta+xml");
  EXPECT_EQ(counters[Counter::requests_refused], 4U);
  EXPECT_EQ(log.count(catalogue::request_refused), 4U);
}

TEST_F(FlowOfSip, TellsEndpointsWithoutEpidApartByTheirContact) {
  const auto without_epid = [](const Client& client, std::string_view port) {
    return replaced(replaced(client.invite(), ";epid=b34afb6ebb23", ""), ":34004;maddr", port);
  };
  Client again(*this, "alice", line, "callid-alice-2"), laptop(*this, "alice", line, "callid-alice-3");
  again.connect();
  laptop.connect();
  EXPECT_EQ(answer(alice, without_epid(alice, ":34004;maddr")), "200 ");
  EXPECT_EQ(answer(laptop, without_epid(laptop, ":34005;maddr")), "200 ");
  EXPECT_EQ(status().sessions.size(), 2U);
  EXPECT_EQ(answer(again, without_epid(again, ":34004;maddr")), "200 ");
  EXPECT_EQ(status().sessions.size(), 2U);
  EXPECT_TRUE(log.has("LB-SES-004"));
}

TEST_F(FlowOfSip, SendsRequestsAlongTheRouteSetByteForByte) {
  const std::string signed_route =
      "<sip:ocs1.example.test:5061;transport=tls;ms-role-rs-from;lr;ms-route-sig=aB%3d,x>";
  send(alice.peer, replaced(alice.invite(), "<sip:192.0.2.10:5060;transport=tcp;lr>",
                            signed_route + " , <sip:192.0.2.10;lr>"));
  const auto accepted = alice.take();
  sip::HeadView view;
  ASSERT_TRUE(view.read(accepted.at(0).head));
  alice.to_tag = view.to_tag();
  alice.monitor();
  ring();
  const Seen event = alice.take().at(0);
  EXPECT_NE(event.head.find("\r\nRoute: " + signed_route + "\r\nRoute: <sip:192.0.2.10;lr>\r\n"),
            std::string::npos);
  EXPECT_EQ(event.header("To"), "<sip:alice@example.test>;tag=alice1;epid=b34afb6ebb23");
}

TEST_F(FlowOfSip, EndsASessionRatherThanDropAnEventOfAFullQueue) {
  ASSERT_EQ(alice.sign_in(), 200);
  alice.monitor();
  disconnect(alice.peer);
  for (int i = 0; i < 128; ++i) {  // Two events each.
    ring();
    exchange->disconnect(leg_of("+15551234"));
    pump();
  }
  EXPECT_EQ(status().sessions.size(), 1U);
  ring();
  EXPECT_TRUE(status().sessions.empty());
  EXPECT_TRUE(log.has("LB-SES-003", "its event queue is full"));
  EXPECT_EQ(counters[Counter::events_overflow], 1U);
}

TEST_F(FlowOfSip, RaisesAnAlarmWhereOcsRefusesOurRequests) {
  alice.sign_in();
  alice.monitor();
  ring();
  say(alice, alice.take().at(0), "403 Forbidden");
  EXPECT_TRUE(log.has("LB-SIP-010"));
  EXPECT_EQ(counters[Counter::requests_challenged], 1U);
  EXPECT_EQ(status().sessions.size(), 1U);
}

TEST_F(FlowOfSip, DropsResponsesThatMatchNothing) {
  alice.sign_in();
  alice.monitor();
  ring();
  Seen event = alice.take().at(0);
  const std::string via = event.header("Via");
  for (const auto* broken : {"z9hG4bK-pub-", "z9hG4bK-", "7"}) {
    Seen other = event;
    other.head = replaced(event.head, via.substr(via.find("z9hG4bK")), std::string(broken) + "99");
    say(alice, other, "481 Gone");
  }
  Seen method = event;
  method.head = replaced(event.head, " INFO\r\nContact", " BYE\r\nContact");
  say(alice, method, "481 Gone");
  EXPECT_EQ(counters[Counter::sip_stray_response], 4U);
  EXPECT_EQ(status().sessions.size(), 1U);
}

/// Direct connections: no front end.
class FlowOfOwnConnections : public FlowOfSip {
protected:
  void SetUp() override {
    start();
    alice.peer = connect();
    ASSERT_EQ(alice.sign_in(), 200);
    alice.monitor();
  }
};

TEST_F(FlowOfOwnConnections, AreOpenedToTheTopRouteWhenTheDialogHasNone) {
  accepting = {{"192.0.2.10", 5060}};
  disconnect(alice.peer);
  ring();
  ASSERT_EQ(taken.size(), 1U);
  alice.peer = taken[0].peer;
  EXPECT_EQ(alice.events(), std::vector<std::string>{"DeliveredEvent"});
  exchange->disconnect(leg_of("+15551234"));
  pump();
  EXPECT_EQ(alice.events().size(), 1U);
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(alice.info(csta("<GetCSTAFeatures/>")).status(), 200);
}

TEST_F(FlowOfOwnConnections, AreTriedAgainWhileEventsWaitAndLoseNone) {
  disconnect(alice.peer);
  ring();
  exchange->disconnect(leg_of("+15551234"));
  advance(30s);
  EXPECT_TRUE(log.has("LB-SIP-012"));
  accepting = {{"192.0.2.10", 5060}};
  advance(60s);
  ASSERT_EQ(taken.size(), 1U);
  alice.peer = taken[0].peer;
  EXPECT_EQ(alice.events(), (std::vector<std::string>{"DeliveredEvent", "ConnectionClearedEvent"}));
}

TEST_F(FlowOfOwnConnections, AreSharedByTheDialogsOfOneHost) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.peer = alice.peer;
  ASSERT_EQ(bob.sign_in(), 200);
  bob.monitor();
  accepting = {{"192.0.2.10", 5060}};
  disconnect(alice.peer);
  ring();
  exchange->originate_outside("+15551235", "1002", now);
  pump();
  EXPECT_EQ(taken.size(), 1U);
}

TEST_F(FlowOfOwnConnections, SpeakTlsWhereTheRouteSaysSoAndWantTheNameThatSignedIn) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.peer = connect(Origin{
      Listener::sip, {"192.0.2.5", 5061}, {"192.0.2.10", 40000}, "ocs.example.test", std::nullopt, true});
  send(bob.peer, replaced(bob.invite(), "<sip:192.0.2.10:5060;transport=tcp;lr>",
                          "<sip:192.0.2.10:5061;transport=tls;lr>"));
  sip::HeadView view;
  const auto accepted = bob.take();
  ASSERT_TRUE(view.read(accepted.at(0).head));
  EXPECT_NE(accepted[0].header("Contact").find("transport=tls"), std::string::npos);
  bob.to_tag = view.to_tag();
  bob.monitor();
  accepting = {{"192.0.2.10", 5061}};
  disconnect(bob.peer);
  exchange->originate_outside("+15551235", "1002", now);
  pump();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_TRUE(taken[0].target.tls);
  EXPECT_EQ(taken[0].target.tls_host, "ocs.example.test");
}

TEST_F(FlowOfSip, ShowsTlsWhereTheFrontEndSaysThatTheClientCameOverIt) {
  ProxyHeader header{false, {"192.0.2.10", 40000}, {"192.0.2.5", 5061}, "callid-alice-1", "new", ""};
  header.tls = true;
  alice.peer = connect(Origin{Listener::sip, {"127.0.0.1", 5071}, {"127.0.0.1", 40000}, "", header});
  send(alice.peer, alice.invite());
  EXPECT_NE(alice.take().at(0).header("Contact").find("transport=tls"), std::string::npos);
}

TEST_F(FlowOfOwnConnections, GoNowhereThatIsNotListed) {
  Client bob(*this, "bob", "tel:1002;phone-context=dialstring", "callid-bob");
  bob.peer = alice.peer;
  send(bob.peer, replaced(bob.invite(), "<sip:192.0.2.10:5060;transport=tcp;lr>", "<sip:203.0.113.1:7777;lr>"));
  sip::HeadView view;
  const auto accepted = bob.take();
  ASSERT_TRUE(view.read(accepted.at(0).head));
  bob.to_tag = view.to_tag();
  bob.monitor();
  accepting = {{"203.0.113.1", 7777}, {"192.0.2.10", 7777}};
  disconnect(bob.peer);
  exchange->originate_outside("+15551235", "1002", now);
  pump();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].target.address.host, "192.0.2.10");
}

TEST_F(FlowOfOwnConnections, CarryTheByeOfASessionThatExpires) {
  accepting = {{"192.0.2.10", 5060}};
  disconnect(alice.peer);
  advance(1800s);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_TRUE(out.wire.take(taken[0].peer).starts_with("BYE sip:alice@"));
}

TEST(FlowOfOwnLegs, AreAskedOfTheFrontEndWithTheDialogsKey) {
  World world;
  auto settings = world.settings();
  settings.node_side = {"/run/node.sock", 0};
  world.accepting = {settings.node_side};
  world.start(settings);
  Client alice(world, "alice", line, "callid-alice-1");
  alice.connect();
  ASSERT_EQ(alice.sign_in(), 200);
  alice.monitor();
  world.disconnect(alice.peer);
  world.exchange->originate_outside("+15551234", "1001", world.now);
  world.pump();
  ASSERT_EQ(world.taken.size(), 1U);
  EXPECT_EQ(world.taken[0].target.proxy->unique_id, "callid-alice-1");
  EXPECT_EQ(world.taken[0].target.proxy->authority, "pub");
  EXPECT_EQ(world.taken[0].target.proxy->source.host, "192.0.2.10");
  alice.peer = world.taken[0].peer;
  EXPECT_EQ(alice.events(), std::vector<std::string>{"DeliveredEvent"});
}

TEST(FlowOfFrontEndsTls, IsKnownByThePortThatTheClientWentTo) {
  World world;
  auto settings = world.settings();
  settings.tls_port = 5061;
  world.start(settings);
  const auto contact = [&](const std::string& call_id, std::uint16_t port) {
    Client alice(world, "alice", line, call_id);
    Origin from{Listener::sip, {"127.0.0.1", 5071}, {"192.0.2.10", 40000}, "", std::nullopt};
    from.proxy = ProxyHeader{false, from.remote, {"192.0.2.5", port}, call_id, "new", ""};
    alice.peer = world.connect(from);
    world.send(alice.peer, alice.invite());
    const auto answer = alice.take();
    return answer.empty() ? std::string() : answer[0].header("Contact");
  };
  EXPECT_EQ(contact("callid-alice-1", 5061), "<sip:192.0.2.5:5061;transport=tls>");
  EXPECT_EQ(contact("callid-alice-2", 5060), "<sip:192.0.2.5:5060;transport=tcp>");
}

}  // namespace
}  // namespace linebridge::test
