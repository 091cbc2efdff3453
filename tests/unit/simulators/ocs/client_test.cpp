#include "desk.hpp"

namespace linebridge::sim::ocs {
namespace {

using namespace std::chrono_literals;
using State = Client::State;

std::vector<std::string> shape(const Message& message) {
  std::vector<std::string> lines{message.start};
  for (const auto& header : message.headers)
    lines.push_back(header.name + ": " + header.value);
  return lines;
}

const std::string own{Desk::line}, far = "tel:1002;phone-context=dialstring";

/// Values that chance made, so that the rest can be compared line by line.
std::vector<std::string> without_chance(std::vector<std::string> lines, const Desk& desk) {
  const std::string from = desk.own_from;
  for (auto& each : lines)
    for (const auto& [what, by] : {std::pair<std::string, std::string>{from, "FROM"},
                                   {desk.client.call_id(), "CALL"},
                                   {desk.client.contact_uri(), "CONTACT"}})
      if (const auto at = each.find(what); at != std::string::npos) each.replace(at, what.size(), by);
  return lines;
}

std::vector<std::string> first_invite(Flavour flavour) {
  Desk desk(flavour);
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  const Message invite = desk.one();
  desk.note_from(invite);
  EXPECT_THAT(desk.own_from, ::testing::MatchesRegex("<sip:alice@example.test>;tag=[0-9a-f]+;epid=[0-9a-f]+"));
  EXPECT_THAT(invite.body, ::testing::HasSubstr("<RequestSystemStatus "));
  return without_chance(shape(invite), desk);
}

TEST(OcsClient, InvitesAsCommunicator2005) {
  EXPECT_EQ(first_invite(Flavour::lcs2005),
            (std::vector<std::string>{
                "INVITE sip:ctigw@gw.example.test SIP/2.0", "Via: SIP/2.0/TLS 198.51.100.7:34004",
                "Max-Forwards: 70", "From: FROM", "To: <sip:ctigw@gw.example.test>", "Call-ID: CALL",
                "CSeq: 1 INVITE", "User-Agent: LCC/1.3", "Contact: <CONTACT>;proxy=replace", "Supported: timer",
                "Content-Disposition: signal;handling=required", "Content-Type: application/csta+xml"}));
  EXPECT_EQ(Desk(Flavour::lcs2005).client.contact_uri(),
            "sip:alice@example.test:34004;maddr=198.51.100.7;transport=tls");
}

TEST(OcsClient, InvitesAsCommunicator2007) {
  EXPECT_EQ(
      first_invite(Flavour::ocs2007),
      (std::vector<std::string>{
          "INVITE sip:ctigw@gw.example.test SIP/2.0", "Via: SIP/2.0/TLS 198.51.100.7:34004", "Max-Forwards: 70",
          "From: FROM", "To: <sip:ctigw@gw.example.test>", "Call-ID: CALL", "CSeq: 1 INVITE",
          "User-Agent: UCCP/2.0.6362.0 OC/2.0.6362.0 (Microsoft Office Communicator)", "Contact: <CONTACT>",
          "Supported: timer", "Session-Expires: 1800;refresher=uac", "Min-SE: 90", "Ms-Conversation-ID: CALL",
          "Content-Disposition: signal;handling=required", "Content-Type: application/csta+xml"}));
  EXPECT_THAT(Desk(Flavour::ocs2007).client.contact_uri(),
              ::testing::MatchesRegex("sip:alice@example.test;opaque=user:epid:[0-9a-f]+;gruu"));
}

TEST(OcsClient, InvitesAsCommunicator2007R2) {
  EXPECT_EQ(
      first_invite(Flavour::ocs2007r2),
      (std::vector<std::string>{
          "INVITE sip:ctigw@gw.example.test SIP/2.0", "Via: SIP/2.0/TLS 198.51.100.7:34004", "Max-Forwards: 70",
          "From: FROM", "To: <sip:ctigw@gw.example.test>", "Call-ID: CALL", "CSeq: 1 INVITE",
          "User-Agent: UCCAPI/3.5.6907.0 OC/3.5.6907.0 (Microsoft Office Communicator 2007 R2)",
          "Contact: <CONTACT>", "Supported: timer", "Session-Expires: 1800;refresher=uac", "Min-SE: 90",
          "Allow: INVITE, BYE, ACK, CANCEL, INFO, UPDATE, REFER, NOTIFY, BENOTIFY, OPTIONS",
          "Ms-Conversation-ID: CALL", "Content-Disposition: signal;handling=required",
          "Content-Type: application/csta+xml"}));
}

/// The requests of a sign-in, "+" where the next went out without waiting for the answer.
std::vector<std::string> sign_in_of(Flavour flavour) {
  Desk desk(flavour);
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  std::vector<std::string> asked;
  for (auto messages = desk.sent(); !messages.empty(); messages = desk.sent()) {
    for (const auto& message : messages) {
      const bool more = &message != &messages.back();
      asked.push_back(std::string(message.method()) + " " + std::string(root_of(message.body)) +
                      (more ? "+" : ""));
    }
    for (const auto& message : messages) {
      if (message.method() == "INVITE") desk.welcome(message);
      if (message.method() == "INFO")
        desk.grant(message,
                   root_of(message.body) == "MonitorStart" ? "<monitorCrossRefID>41</monitorCrossRefID>" : "");
    }
  }
  EXPECT_EQ(desk.client.state(), State::signed_in);
  EXPECT_EQ(desk.client.book().monitor(), "41");
  return asked;
}

TEST(OcsClient, AsksInTheOrderOfItsFlavour) {
  EXPECT_EQ(sign_in_of(Flavour::lcs2005),
            (std::vector<std::string>{"INVITE RequestSystemStatus", "ACK +", "INFO GetCSTAFeatures+",
                                      "INFO MonitorStart", "INFO SnapshotDevice"}));
  for (const auto flavour : {Flavour::ocs2007, Flavour::ocs2007r2})
    EXPECT_EQ(sign_in_of(flavour),
              (std::vector<std::string>{"INVITE RequestSystemStatus", "ACK +", "INFO GetCSTAFeatures",
                                        "INFO MonitorStart", "INFO SnapshotDevice", "INFO GetForwarding",
                                        "INFO GetDoNotDisturb"}));
}

TEST(OcsClient, FollowsTheRouteSetToTheContact) {
  Desk desk;
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  const Message invite = desk.one();
  desk.answer(invite, 180);
  desk.answer(invite, 200,
              "<RequestSystemStatusResponse><systemStatus>Normal</systemStatus></RequestSystemStatusResponse>",
              {{"Contact", "<sip:192.0.2.20:5060;transport=tcp>"},
               {"Record-Route", "<sip:a;lr>"},
               {"Record-Route", "<sip:b;lr>"}});
  const auto sent = desk.sent();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].start, "ACK sip:192.0.2.20:5060;transport=tcp SIP/2.0");
  EXPECT_EQ(sent[0].get("CSeq"), "1 ACK");
  EXPECT_EQ(sent[1].get("CSeq"), "2 INFO");
  EXPECT_EQ(sent[1].get("To"), "<sip:ctigw@gw.example.test>;tag=pub-01");
  std::vector<std::string> routes;
  for (const auto& header : sent[1].headers)
    if (header.name == "Route") routes.push_back(header.value);
  EXPECT_EQ(routes, (std::vector<std::string>{"<sip:b;lr>", "<sip:a;lr>"}));
  EXPECT_EQ(desk.client.node_tag(), "pub-01");
}

TEST(OcsClient, RefreshesAtHalfTimeAsItsFlavourDoes) {
  for (const auto flavour : {Flavour::lcs2005, Flavour::ocs2007, Flavour::ocs2007r2}) {
    Desk desk(flavour);
    desk.sign_in();
    desk.pass(899s);
    EXPECT_TRUE(desk.sent().empty());
    desk.pass(1s);
    const Message refresh = desk.one();
    const bool update = flavour == Flavour::ocs2007r2;
    EXPECT_EQ(refresh.method(), update ? "UPDATE" : "INVITE");
    EXPECT_EQ(root_of(refresh.body), update ? "" : "RequestSystemStatus");
    EXPECT_EQ(refresh.get("Supported"), "timer");
    if (update)
      desk.answer(refresh, 200, {}, {{"Session-Expires", "600;refresher=uac"}});
    else
      desk.welcome(refresh, "disabled", "600");
    const auto sent = desk.sent();
    EXPECT_EQ(sent.size(), update ? 0u : 1u);
    if (!sent.empty()) {
      EXPECT_EQ(sent[0].method(), "ACK");
    }
    EXPECT_EQ(desk.client.system_status(), update ? "normal" : "disabled");
    EXPECT_EQ(desk.client.times_refreshed(), 1u);
    desk.pass(300s);
    EXPECT_EQ(desk.one().method(), update ? "UPDATE" : "INVITE");
  }
}

TEST(OcsClient, SignsOutWithMonitorStopAndBye) {
  Desk desk;
  desk.sign_in();
  EXPECT_TRUE(desk.client.sign_out(desk.now));
  const Message stop = desk.one();
  EXPECT_EQ(text_in(stop.body, "monitorCrossRefID"), "41");
  desk.grant(stop);
  const Message bye = desk.one();
  EXPECT_EQ(bye.method(), "BYE");
  EXPECT_EQ(desk.client.state(), State::signing_out);
  desk.answer(bye, 200);
  EXPECT_EQ(desk.client.state(), State::signed_out);
  EXPECT_FALSE(desk.client.next_deadline());
  EXPECT_TRUE(desk.wrong().empty());
}

TEST(OcsClient, SignsOutWhileItSignsIn) {
  Desk desk;
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  EXPECT_TRUE(desk.client.sign_out(desk.now));
  desk.welcome(desk.one());
  const auto sent = desk.sent();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].method(), "BYE");
  desk.answer(sent[1], 200);
  EXPECT_EQ(desk.client.state(), State::signed_out);
}

TEST(OcsClient, ComesAgainWhenTheDialogIsGone) {
  for (const int status : {481, 404, 410, 408}) {
    Desk desk;
    desk.sign_in();
    const std::string before = desk.client.call_id();
    EXPECT_TRUE(desk.client.ask(Service::snapshot_device, desk.now));
    desk.answer(desk.one(), status);
    EXPECT_EQ(desk.client.state(), State::signing_in) << status;
    EXPECT_TRUE(desk.sent().empty()) << "not at once: a whole site may have lost its node";
    desk.pass(1s);
    const Message invite = desk.one();
    EXPECT_EQ(invite.method(), "INVITE");
    EXPECT_NE(invite.get("Call-ID"), before);
    EXPECT_EQ(invite.get("To"), "<sip:ctigw@gw.example.test>");
    desk.welcome(invite);
    desk.grant_all();
    EXPECT_EQ(desk.client.times_signed_in(), 2u);
  }
}

TEST(OcsClient, ComesAgainAfterSilenceAndAfterTheNodesBye) {
  Desk desk;
  desk.sign_in_noted();
  EXPECT_TRUE(desk.client.make_call("1002", desk.now));
  desk.sent();
  desk.pass(40s);
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"no answer"}));
  EXPECT_EQ(desk.client.state(), State::signing_in);
  Desk bye;
  bye.sign_in_noted();
  bye.client.take(bye.from_node("BYE"), bye.now);
  EXPECT_EQ(bye.one().status(), 200);
  EXPECT_EQ(bye.client.state(), State::signing_in);
  bye.pass(1s);
  EXPECT_EQ(bye.one().method(), "INVITE");
  EXPECT_TRUE(bye.wrong().empty());
}

TEST(OcsClient, PausesLongerFromFailureToFailureUpToABound) {
  Desk desk;
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  Duration longest{};
  for (int round = 0; round < 12; ++round) {
    desk.answer(desk.one(), 500);
    ASSERT_TRUE(desk.client.next_deadline());
    const Duration pause = *desk.client.next_deadline() - desk.now;
    EXPECT_LE(pause, 60s);
    EXPECT_GE(pause, 250ms);
    longest = std::max(longest, pause);
    desk.pass(pause);
  }
  EXPECT_GE(longest, 15s);
}

TEST(OcsClient, WaitsAsLongAsItIsToldTo) {
  Desk desk;
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  desk.answer(desk.one(), 503, {}, {{"Retry-After", "20 (draining)"}});
  desk.pass(20s - 1ms);
  EXPECT_TRUE(desk.sent().empty());
  desk.pass(6s + 1ms);
  EXPECT_EQ(desk.one().method(), "INVITE");
  EXPECT_TRUE(desk.wrong().empty());
}

TEST(OcsClient, StaysOutWhenItIsRefused) {
  for (const int status : {403, 404}) {
    Desk desk;
    EXPECT_TRUE(desk.client.sign_in(desk.now));
    desk.answer(desk.one(), status, {}, {{"ms-diagnostics", "50001;reason=\"user not assigned\""}});
    EXPECT_EQ(desk.client.state(), State::refused);
    EXPECT_FALSE(desk.client.next_deadline());
    EXPECT_THAT(desk.client.last_refusal(), ::testing::HasSubstr("user not assigned"));
    EXPECT_TRUE(desk.client.sign_in(desk.now)) << "a person may try again";
  }
}

TEST(OcsClient, AsksForALongerIntervalWhenItsOwnIsTooSmall) {
  Desk desk;
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  desk.answer(desk.one(), 422, {}, {{"Min-SE", "3600"}});
  EXPECT_EQ(desk.one().get("Session-Expires"), "3600;refresher=uac");
}

TEST(OcsClient, TakesNoSessionWithoutCallControl) {
  Desk desk;
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  desk.welcome(desk.one(), "disabled");
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"system status not normal"}));
  EXPECT_EQ(desk.client.state(), State::signing_in);
}

TEST(OcsClient, MakesACallAndActsOnIt) {
  Desk desk;
  desk.sign_in_noted();
  EXPECT_FALSE(desk.client.act(Service::hold_call, {}, desk.now)) << "there is no call";
  EXPECT_TRUE(desk.client.make_call("1002", desk.now));
  desk.grant(desk.one(), "<callingDevice><callID>1-7</callID><deviceID>" + own + "</deviceID></callingDevice>");
  desk.event(event_body("OriginatedEvent", "originatedConnection", "1-7", own, "connected",
                        actor("callingDevice", own)));
  EXPECT_EQ(desk.one().status(), 200);
  desk.event(event_body("EstablishedEvent", "establishedConnection", "1-7", far, "connected",
                        actor("answeringDevice", far)));
  desk.sent();
  EXPECT_TRUE(desk.client.act(Service::hold_call, {}, desk.now));
  const Message hold = desk.one();
  EXPECT_EQ(text_in(inside(hold.body, "callToBeHeld"), "callID"), "1-7");
  EXPECT_EQ(text_in(inside(hold.body, "callToBeHeld"), "deviceID"), own);
  EXPECT_TRUE(desk.wrong().empty());
  EXPECT_FALSE(desk.client.is_quiet());
}

TEST(OcsClient, InsistsOnItsLineAsItWroteIt) {
  Desk desk;
  desk.sign_in();
  EXPECT_TRUE(desk.client.make_call("1002", desk.now));
  desk.grant(desk.one(), "<callingDevice><callID>1-7</callID><deviceID>tel:1001</deviceID></callingDevice>");
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"own device spelt otherwise"}));
}

TEST(OcsClient, CountsWhatCstaRefuses) {
  Desk desk;
  desk.sign_in();
  EXPECT_TRUE(desk.client.make_call("1002", desk.now));
  desk.answer(desk.one(), 200, "<CSTAErrorCode><operation>invalidDestination</operation></CSTAErrorCode>");
  EXPECT_EQ(desk.client.times_refused(), 1u);
  EXPECT_EQ(desk.client.last_refusal(), "<operation>invalidDestination</operation>");
  EXPECT_TRUE(desk.client.is_quiet());
  EXPECT_TRUE(desk.wrong().empty());
  EXPECT_TRUE(desk.client.make_call("1002", desk.now));
  desk.answer(desk.one(), 200, "<MonitorStopResponse/>");
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"answer to another request"}));
}

TEST(OcsClient, AnswersEventsUnlessItIsSilent) {
  Desk desk;
  desk.sign_in_noted();
  const auto ringing = [&](std::string_view call) {
    return event_body("DeliveredEvent", "connection", call, own, "alerting", actor("callingDevice", far));
  };
  desk.event(ringing("1-8"));
  EXPECT_EQ(desk.one().status(), 200);
  desk.client.set_silent(true);
  desk.event(ringing("1-9"));
  EXPECT_TRUE(desk.sent().empty());
  EXPECT_EQ(desk.client.book().counts().at("DeliveredEvent"), 2u);
  EXPECT_TRUE(desk.wrong().empty());
}

TEST(OcsClient, NamesWhatIsWrongWithRequestsOfNodes) {
  Desk desk;
  desk.sign_in_noted();
  desk.client.take(desk.from_node("INFO", "<x/>", "sub-99"), desk.now);
  EXPECT_EQ(desk.one().status(), 481);
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"request of another node"}));
  desk.client.take(desk.from_node("OPTIONS"), desk.now);
  EXPECT_EQ(desk.one().status(), 200);
  desk.node_sequence = 0;
  desk.client.take(desk.from_node("PRACK"), desk.now);
  EXPECT_EQ(desk.one().status(), 501);
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"CSeq does not grow"}));
  Message other = desk.from_node("INFO");
  other.find("Call-ID")->value = "of-a-former-dialog";
  desk.client.take(other, desk.now);
  EXPECT_EQ(desk.one().status(), 481);
  EXPECT_TRUE(desk.wrong().empty()) << "a dialog that ended may have had an event under way";
}

TEST(OcsClient, ComparesTextsThatComeBack) {
  Desk desk(Flavour::ocs2007r2, true);
  EXPECT_TRUE(desk.client.sign_in(desk.now));
  const Message invite = desk.one();
  desk.note_from(invite);
  desk.answer(invite, 200, {}, {{"Contact", "<sip:192.0.2.20>"}});
  EXPECT_EQ(desk.client.state(), State::signed_in) << "a scripted node has no CSTA";
  desk.sent();
  EXPECT_TRUE(desk.client.send_echo("a\r\n\r\nb", desk.now));
  Message info = desk.one();
  desk.answer(info, 200, info.body);
  EXPECT_FALSE(desk.client.is_quiet());
  desk.event(info.body);
  EXPECT_EQ(desk.one().body, info.body);
  EXPECT_TRUE(desk.client.is_quiet());
  EXPECT_TRUE(desk.wrong().empty());
  EXPECT_TRUE(desk.client.send_echo("c", desk.now));
  desk.answer(desk.one(), 200, "C");
  desk.event("never sent");
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"body changed", "body never sent"}));
  desk.pass(10s);
  EXPECT_EQ(desk.wrong(), (std::vector<std::string>{"event missing"}));
}

TEST(OcsClient, SaysWhyAWishCannotBe) {
  Desk desk;
  EXPECT_EQ(desk.client.make_call("1002", desk.now).error().detail, "is signed out");
  EXPECT_EQ(desk.client.sign_out(desk.now).error().detail, "is signed out already");
  desk.sign_in();
  EXPECT_EQ(desk.client.sign_in(desk.now).error().detail, "is signed in already");
  EXPECT_EQ(desk.client.act(Service::answer_call, {}, desk.now).error().detail, "has no call for AnswerCall");
}

}  // namespace
}  // namespace linebridge::sim::ocs
