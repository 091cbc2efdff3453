#include "tests/simulators/ocs/office.hpp"

#include "bench.hpp"
#include "tests/simulators/ocs/console.hpp"

namespace linebridge::sim::ocs {
namespace {

using namespace std::chrono_literals;

/// An office with two simulated clients, and a node that grants whatever is asked.
struct Site {
  static constexpr PeerId terminal{9};

  explicit Site(unsigned connections = 1)
      : office(settings(connections), {"192.0.2.10", 5060}, witness, random), console(office) {
    office.keep_log(100, 1000s);
    for (const auto* name : {"alice", "bob"}) {
      ClientSettings client;
      client.user = {"sip:" + std::string(name) + "@example.test",
                     "tel:100" + std::to_string(office.size() + 1)};
      client.line_server = "sip:ctigw@gw.example.test";
      client.at = {"198.51.100.7", static_cast<std::uint16_t>(30000 + office.size())};
      office.add(client);
    }
    on(Opened{terminal, Origin{Listener::control, {}, {}, {}, {}}});
  }

  static Settings settings(unsigned connections) {
    Settings settings = Bench::settings();
    settings.connections = connections;
    settings.keep_up = true;
    return settings;
  }

  void on(const Server::Input& input) {
    if (!console.on(input, now, outbox)) office.on(input, now, outbox);
    console.look(now, outbox);
  }
  void come_up(PeerId peer) { on(Opened{peer, Origin{Listener::none, {}, {"192.0.2.20", 5060}, {}, {}}}); }
  void pass(Duration time) {
    now += time;
    on(Tick{});
  }
  /// The console's answer to a line, without its end.
  std::string say(const std::string& line) {
    on(Bytes{terminal, line + "\n"});
    return said();
  }
  std::string said() {
    std::string answer = std::exchange(outbox.sent[terminal], {});
    if (!answer.empty()) answer.pop_back();
    return answer;
  }
  std::vector<Message> to(PeerId peer) { return outbox.take_messages(peer); }
  /// Answers as a node all that came over this connection, until nothing comes.
  void serve(PeerId peer) {
    for (auto messages = to(peer); !messages.empty(); messages = to(peer)) {
      for (const auto& message : messages) {
        last = message;
        if (message.is_response() || message.method() == "ACK") continue;
        Message answer = answer_to(message, 200, "OK", "sub-77");
        for (const auto& header : message.headers)
          if (header.name == "Record-Route") answer.add(header.name, header.value);
        answer.add("Contact", "<sip:192.0.2.20:5060;transport=tcp>");
        if (!message.body.empty())
          answer.body = "<" + std::string(root_of(message.body)) +
                        "Response><systemStatus>normal</systemStatus><monitorCrossRefID>41</monitorCrossRefID>"
                        "<callingDevice><callID>1-7</callID><deviceID>tel:1001</deviceID></callingDevice></" +
                        std::string(root_of(message.body)) + "Response>";
        if (message.method() == "INVITE") contact = uri_in(message.get("Contact")), from = message.get("From");
        on(Bytes{peer, to_text(answer)});
      }
    }
  }
  void event(PeerId peer, const std::string& body) {
    on(Bytes{peer,
             "INFO " + contact + " SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.20:5060;branch=z9hG4bKn" +
                 std::to_string(++sequence) +
                 "\r\nRoute: <sip:192.0.2.10:5060;transport=tcp;ms-role-rs-from;lr;ms-route-sig=linebridge>\r\n"
                 "From: <sip:ctigw@gw.example.test>;tag=sub-77\r\nTo: " +
                 from + "\r\nCall-ID: " + office.client(0).call_id() + "\r\nCSeq: " + std::to_string(sequence) +
                 " INFO\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body});
  }
  std::string ringing(const std::string& call) {
    return "<DeliveredEvent><monitorCrossRefID>41</monitorCrossRefID><connection><callID>" + call +
           "</callID><deviceID>tel:1001</deviceID></connection><callingDevice><deviceIdentifier>tel:1002"
           "</deviceIdentifier></callingDevice><localConnectionInfo>alerting</localConnectionInfo></"
           "DeliveredEvent>";
  }

  PaperOutbox outbox;
  PaperWitness witness;
  Random random{repeatable(3)};
  Office office;
  Console console;
  TimePoint now{};
  Message last;
  std::string contact, from;
  unsigned sequence = 0;
};

constexpr PeerId front{101}, front2{102};

TEST(OcsOffice, CarriesASignInAsTheServerWould) {
  Site site;
  EXPECT_EQ(site.say("sign-in alice"), "ok done");
  site.come_up(front);
  const auto messages = site.to(front);
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].get("Record-Route"),
            "<sip:192.0.2.10:5060;transport=tcp;ms-role-rs-from;lr;ms-route-sig=linebridge>");
  EXPECT_THAT(messages[0].headers[1].value,
              ::testing::StartsWith("SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bK"));
  EXPECT_THAT(
      messages[0].headers[2].value,
      ::testing::MatchesRegex("SIP/2.0/TLS 198.51.100.7:30000;received=198.51.100.7;ms-received-port=30000;"
                              "ms-received-cid=[0-9]+"));
}

TEST(OcsOffice, BringsEventsToTheirClientAndTakesItsAnswer) {
  Site site;
  site.say("sign-in alice");
  site.come_up(front);
  site.serve(front);
  EXPECT_EQ(site.office.client(0).state(), Client::State::signed_in);
  EXPECT_EQ(site.office.client(0).node_tag(), "sub-77");
  site.event(front, site.ringing("1-8"));
  EXPECT_EQ(site.to(front).at(0).status(), 200);
  EXPECT_EQ(site.office.client(0).book().calls().size(), 1u);
  EXPECT_EQ(site.office.client(1).book().calls().size(), 0u);
  EXPECT_TRUE(site.witness.notes.empty());
}

TEST(OcsOffice, GoesOnOverANewConnectionWhenOneIsLost) {
  Site site;
  site.say("sign-in alice");
  site.come_up(front);
  site.serve(front);
  site.on(Closed{front, Gone::by_peer});
  EXPECT_EQ(site.outbox.dialled.size(), 1u);
  site.pass(200ms);
  EXPECT_EQ(site.outbox.dialled.size(), 2u) << "without being asked: nodes may have something to say";
  EXPECT_EQ(site.say("ask alice snapshot"), "ok done");
  site.come_up(front2);
  site.serve(front2);
  EXPECT_TRUE(site.office.client(0).is_quiet());
  EXPECT_EQ(site.office.client(0).times_signed_in(), 1u);
  site.event(front2, site.ringing("1-8"));
  EXPECT_EQ(site.office.client(0).book().calls().size(), 1u);
}

TEST(OcsOffice, DialsLessAndLessOftenWhileNobodyListens) {
  Site site;
  site.office.server().connect(site.now, site.outbox);
  std::uint64_t dialled = 1;
  for (const auto pause : {200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
    site.on(Closed{PeerId{100 + dialled}, Gone::refused});
    EXPECT_EQ(site.office.next_deadline(), std::optional(site.now + pause));
    site.pass(pause);
    EXPECT_EQ(site.outbox.dialled.size(), ++dialled);
  }
  site.come_up(PeerId{100 + dialled});
  site.on(Closed{PeerId{100 + dialled}, Gone::by_peer});
  EXPECT_EQ(site.office.next_deadline(), std::optional(site.now + 200ms)) << "somebody did listen";
}

TEST(OcsOffice, AcknowledgesARefusedInviteItself) {
  Site site;
  site.say("sign-in alice");
  site.come_up(front);
  const Message invite = site.to(front).at(0);
  site.on(Bytes{front, to_text(answer_to(invite, 403, "Forbidden", "sub-77"))});
  const auto sent = site.to(front);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].start, "ACK sip:ctigw@gw.example.test SIP/2.0");
  EXPECT_EQ(sent[0].get("Via"), invite.get("Via")) << "the branch of the INVITE";
  EXPECT_EQ(sent[0].get("CSeq"), "1 ACK");
  EXPECT_EQ(site.office.client(0).state(), Client::State::refused);
}

TEST(OcsConsole, TellsItsClientsWhatToDo) {
  Site site;
  EXPECT_EQ(site.say("sign-in alice"), "ok done");
  site.come_up(front);
  site.serve(front);
  EXPECT_EQ(site.say("call alice 1002"), "ok done");
  EXPECT_EQ(text_in(site.to(front).at(0).body, "calledDirectoryNumber"), "tel:1002;phone-context=dialstring");
  EXPECT_EQ(site.say("silent alice on"), "ok done");
  EXPECT_TRUE(site.office.client(0).settings().silent);
  EXPECT_EQ(site.say("refresh alice"), "ok done");
  EXPECT_EQ(site.to(front).at(0).method(), "UPDATE");
  EXPECT_EQ(site.say("sign-in bob lcs2005"), "ok done");
  EXPECT_EQ(site.to(front).at(0).get("User-Agent"), "LCC/1.3");
}

TEST(OcsConsole, SaysWhatIsWrongWithACommand) {
  Site site;
  for (const auto& [line, answer] : std::vector<std::pair<std::string, std::string>>{
           {"", "error say something; help lists what"},
           {"dance", "error no such command: dance; help lists them"},
           {"sign-in", "error say sign-in USER"},
           {"sign-in alice 2010", "error the flavour is lcs2005, ocs2007 or ocs2007r2"},
           {"sign-in nobody", "error no client nobody; clients lists them"},
           {"hold alice", "error alice is signed out"},
           {"call alice", "error say call USER NUMBER"},
           {"silent alice maybe", "error say silent USER on, or off"},
           {"ask alice why", "error say ask USER snapshot, features, forwarding or do-not-disturb"},
           {"call alice 1 2", "error too much: 2"},
           {"wait alice", "error say wait USER CONDITION [SECONDS]"},
           {"wait alice call singing",
            "error a call is initiated, originated, delivered, alerting, connected, held or failed"},
           {"wait alice calls few", "error no number: few"},
           {"wait alice signed-in 601", "error the time is in seconds, up to 600"},
           {"log many", "error say log [N] [USER]"}})
    EXPECT_EQ(site.say(line), answer);
}

TEST(OcsConsole, AnswersAWaitWhenItsConditionHolds) {
  Site site;
  site.say("sign-in alice");
  EXPECT_EQ(site.say("wait alice signed-in"), "");
  site.come_up(front);
  site.serve(front);
  EXPECT_EQ(site.said(), "ok done");
  EXPECT_EQ(site.say("wait alice call alerting"), "");
  site.event(front, site.ringing("1-8"));
  EXPECT_EQ(site.said(), "ok done");
  EXPECT_EQ(site.say("wait alice calls 1 0"), "ok done");
}

TEST(OcsConsole, EndsAWaitInItsTimeWithWhatIsInstead) {
  Site site;
  EXPECT_EQ(site.say("wait bob signed-in 3"), "");
  EXPECT_EQ(site.console.next_deadline(), std::optional(site.now + 3s));
  site.pass(2999ms);
  EXPECT_EQ(site.said(), "");
  site.pass(1ms);
  EXPECT_THAT(site.said(),
              ::testing::StartsWith("error not in time; now it is {\"user\":\"sip:bob@example.test\""));
  EXPECT_FALSE(site.console.next_deadline());
}

TEST(OcsConsole, WaitsForEventsSinceTheLastCommand) {
  Site site;
  site.say("sign-in alice");
  site.come_up(front);
  site.serve(front);
  site.event(front, site.ringing("1-8"));
  EXPECT_EQ(site.say("wait alice event DeliveredEvent"), "ok done") << "it may be there already";
  EXPECT_EQ(site.say("wait alice event DeliveredEvent"), "") << "one event is one answer";
  site.event(front, site.ringing("1-9"));
  EXPECT_EQ(site.said(), "ok done");
}

TEST(OcsConsole, ShowsClientsAndWhatPassed) {
  Site site;
  site.say("sign-in alice");
  site.come_up(front);
  site.serve(front);
  const std::string clients = site.say("clients alice");
  for (const auto* part : {"\"user\":\"sip:alice@example.test\"", "\"state\":\"signed in\"", "\"node\":\"sub\"",
                           "\"node_tag\":\"sub-77\"", "\"monitor\":\"41\"", "\"calls\":[]", "\"signed_in\":1"})
    EXPECT_THAT(clients, ::testing::HasSubstr(part));
  EXPECT_THAT(clients, ::testing::Not(::testing::HasSubstr("bob")));
  const std::string log = site.say("log 3 alice");
  EXPECT_EQ(std::count(log.begin(), log.end(), '{'), 3);
  EXPECT_THAT(log, ::testing::HasSubstr("\"from\":\"front\",\"to\":\"client\",\"text\":\"200 OK (INFO) "
                                        "GetDoNotDisturbResponse\""));
  EXPECT_THAT(log, ::testing::HasSubstr("\"at_us\":1000000000"));
}

TEST(OcsConsole, SignsAllInAndOut) {
  Site site;
  EXPECT_EQ(site.say("sign-in all"), "ok done");
  site.come_up(front);
  EXPECT_EQ(site.to(front).size(), 2u);
  EXPECT_EQ(site.say("cut"), "ok done");
  EXPECT_EQ(site.outbox.closed, (std::vector{front}));
  EXPECT_EQ(site.say("sign-out all"), "ok done");
}

}  // namespace
}  // namespace linebridge::sim::ocs
