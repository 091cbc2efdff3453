#include "desk.hpp"

namespace linebridge::sim::ocs {
namespace {

using namespace std::chrono_literals;

const std::string own{Desk::line}, far = "tel:1002;phone-context=dialstring";

std::string originated(std::string_view call) {
  return event_body("OriginatedEvent", "originatedConnection", call, own, "connected",
                    actor("callingDevice", own));
}
std::string delivered(std::string_view call) {
  return event_body("DeliveredEvent", "connection", call, far, "connected",
                    actor("alertingDevice", far) + actor("calledDevice", far));
}
std::string ringing(std::string_view call) {
  return event_body("DeliveredEvent", "connection", call, own, "alerting",
                    actor("alertingDevice", own) + actor("callingDevice", far));
}
std::string established(std::string_view call, std::string_view answering = far) {
  return event_body("EstablishedEvent", "establishedConnection", call, answering, "connected",
                    actor("answeringDevice", answering));
}
std::string held(std::string_view call, std::string_view device = own) {
  return event_body("HeldEvent", "heldConnection", call, device, device == own ? "hold" : "connected",
                    actor("holdingDevice", device));
}
std::string retrieved(std::string_view call) {
  return event_body("RetrievedEvent", "retrievedConnection", call, own, "connected",
                    actor("retrievingDevice", own));
}
std::string cleared(std::string_view call, std::string_view device = own, std::string_view releasing = own) {
  return event_body("ConnectionClearedEvent", "droppedConnection", call, device,
                    device == own ? "null" : "connected", actor("releasingDevice", releasing));
}

struct Judge {
  Judge() { book.monitor("41", false); }
  /// The kinds of what was wrong with it.
  std::vector<std::string> event(const std::string& body) {
    auto seen = book.event(body, now);
    took = seen.took;
    return kinds(seen.faults);
  }
  static std::vector<std::string> kinds(const std::vector<Fault>& faults) {
    std::vector<std::string> all;
    for (const auto& fault : faults)
      all.emplace_back(fault.kind);
    return all;
  }
  void make_call(const std::string& call) {
    book.asked(Service::make_call, {}, now);
    EXPECT_TRUE(book.granted(Service::make_call, call, now).empty());
  }
  /// A call in conversation, made by us.
  void talk(const std::string& call) {
    make_call(call);
    for (const auto& body : {originated(call), delivered(call), established(call)})
      EXPECT_EQ(event(body), Faults{}) << body;
  }
  std::string_view state(std::string_view call) const {
    const Call* const found = book.find(call);
    return found == nullptr ? "gone" : name_of(found->state);
  }

  using Faults = std::vector<std::string>;
  CallBook book{own};
  TimePoint now{};
  std::optional<Duration> took;
};
using Faults = Judge::Faults;

TEST(OcsCallBook, FollowsAnOutgoingCallToItsEnd) {
  Judge judge;
  judge.make_call("1-7");
  judge.now += 30ms;
  EXPECT_EQ(judge.event(originated("1-7")), Faults{});
  EXPECT_EQ(judge.took, std::optional<Duration>(30ms));
  EXPECT_EQ(judge.event(delivered("1-7")), Faults{});
  EXPECT_EQ(judge.state("1-7"), "delivered");
  EXPECT_EQ(judge.book.find("1-7")->other, far);
  EXPECT_EQ(judge.event(established("1-7")), Faults{});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(judge.event(held("1-7")), Faults{});
    EXPECT_EQ(judge.state("1-7"), "held");
    EXPECT_EQ(judge.event(retrieved("1-7")), Faults{});
  }
  EXPECT_EQ(judge.event(held("1-7", far)), Faults{}) << "the far end may hold, too";
  EXPECT_EQ(judge.state("1-7"), "connected");
  EXPECT_EQ(judge.event(cleared("1-7", far, far)), Faults{});
  EXPECT_EQ(judge.event(cleared("1-7", own, far)), Faults{});
  EXPECT_EQ(judge.state("1-7"), "gone");
  EXPECT_FALSE(judge.book.waits());
}

TEST(OcsCallBook, TakesAnIncomingCallAndOneMadeAtThePhone) {
  Judge judge;
  EXPECT_EQ(judge.event(ringing("1-8")), Faults{});
  EXPECT_EQ(judge.state("1-8"), "alerting");
  EXPECT_EQ(judge.book.find("1-8")->other, far);
  EXPECT_EQ(judge.event(established("1-8", own)), Faults{});
  EXPECT_EQ(judge.event(originated("1-9")), Faults{});
  EXPECT_EQ(judge.book.calls().size(), 2u);
}

TEST(OcsCallBook, RefusesEventsOfAnotherMonitor) {
  Judge judge;
  std::string body = ringing("1-8");
  body.replace(body.find(">41<"), 4, ">42<");
  EXPECT_EQ(judge.event(body), (Faults{"event of another monitor"}));
  judge.book.forget();
  EXPECT_EQ(judge.event(ringing("1-8")), (Faults{"event of another monitor"}));
}

TEST(OcsCallBook, RefusesEventsOfCallsThatNeverBegan) {
  Judge judge;
  for (const auto& body : {delivered("1-8"), established("1-8"), held("1-8"), cleared("1-8")})
    EXPECT_EQ(judge.event(body), (Faults{"event of an unknown call"})) << body;
}

TEST(OcsCallBook, RefusesEventsBeforeTheResponseThatCausedThem) {
  Judge judge;
  judge.book.asked(Service::make_call, {}, judge.now);
  EXPECT_EQ(judge.event(originated("1-7")), Faults{}) << "it may be a call made at the phone";
  EXPECT_EQ(Judge::kinds(judge.book.granted(Service::make_call, "1-7", judge.now)),
            (Faults{"event before the response that caused it"}));
  Judge holding;
  holding.talk("1-7");
  holding.book.asked(Service::hold_call, "1-7", holding.now);
  EXPECT_EQ(holding.event(held("1-7")), (Faults{"event before the response that caused it"}));
}

TEST(OcsCallBook, AllowsTheFarEndToBeQuicker) {
  Judge judge;
  judge.talk("1-7");
  judge.book.asked(Service::clear_connection, "1-7", judge.now);
  EXPECT_EQ(judge.event(cleared("1-7", far, far)), Faults{});
  EXPECT_EQ(judge.event(cleared("1-7", own, far)), Faults{});
  EXPECT_TRUE(judge.book.granted(Service::clear_connection, "1-7", judge.now).empty());
  EXPECT_FALSE(judge.book.waits());
  judge.now += 11s;
  EXPECT_TRUE(judge.book.expire(judge.now).empty());
}

TEST(OcsCallBook, RefusesEventsAfterTheLastOfACall) {
  Judge judge;
  judge.talk("1-7");
  EXPECT_EQ(judge.event(cleared("1-7")), Faults{});
  EXPECT_EQ(judge.event(cleared("1-7", far, own)), (Faults{"event after the last of its call"}));
  EXPECT_EQ(judge.event(ringing("1-7")), (Faults{"event after the last of its call"}));
}

TEST(OcsCallBook, RefusesEventsThatComeTwice) {
  Judge judge;
  judge.talk("1-7");
  EXPECT_EQ(judge.event(established("1-7")), (Faults{"event twice"}));
  EXPECT_EQ(judge.event(held("1-7")), Faults{});
  EXPECT_EQ(judge.event(held("1-7")), (Faults{"event twice"}));
  EXPECT_EQ(judge.event(retrieved("1-7")), Faults{});
  EXPECT_EQ(judge.event(retrieved("1-7")), (Faults{"event twice"}));
}

TEST(OcsCallBook, RefusesEventsOutOfOrder) {
  Judge judge;
  judge.make_call("1-7");
  EXPECT_EQ(judge.event(delivered("1-7")), (Faults{"event out of order"}));
  EXPECT_EQ(judge.event(originated("1-7")), (Faults{"event out of order"}));
  Judge ringing_call;
  EXPECT_EQ(ringing_call.event(ringing("1-8")), Faults{});
  EXPECT_EQ(ringing_call.event(held("1-8")), (Faults{"event out of order"}));
}

TEST(OcsCallBook, MissesEventsThatDoNotCome) {
  Judge judge;
  judge.make_call("1-7");
  EXPECT_EQ(judge.book.next_deadline(), std::optional(judge.now + 10s));
  judge.now += 9999ms;
  EXPECT_TRUE(judge.book.expire(judge.now).empty());
  judge.now += 1ms;
  EXPECT_EQ(Judge::kinds(judge.book.expire(judge.now)), (Faults{"event missing"}));
  EXPECT_FALSE(judge.book.next_deadline());
}

TEST(OcsCallBook, ExpectsNothingOfARefusedRequest) {
  Judge judge;
  judge.talk("1-7");
  judge.book.asked(Service::hold_call, "1-7", judge.now);
  judge.book.refused(Service::hold_call, "1-7");
  EXPECT_FALSE(judge.book.waits());
}

TEST(OcsCallBook, LearnsOlderCallsFromASnapshot) {
  Judge judge;
  judge.book.monitor("41", true);
  judge.book.snapshot(
      "<SnapshotDeviceResponse><crossRefIDorSnapshotData><snapshotData><snapshotDeviceResponseInfo>"
      "<connectionIdentifier><callID>1-3</callID><deviceID>x</deviceID></connectionIdentifier><localCallState>"
      "<compoundCallState><localConnectionState>hold</localConnectionState></compoundCallState></"
      "localCallState>"
      "</snapshotDeviceResponseInfo></snapshotData></crossRefIDorSnapshotData></SnapshotDeviceResponse>");
  EXPECT_EQ(judge.state("1-3"), "held");
  EXPECT_EQ(judge.event(retrieved("1-3")), Faults{});
  EXPECT_EQ(judge.event(cleared("1-3")), Faults{});
  EXPECT_EQ(judge.event(established("1-4")), (Faults{"event of an unknown call"}));
}

TEST(OcsCallBook, LetsTheFirstCallLiveOnInAConference) {
  Judge judge;
  judge.talk("1-7");
  judge.talk("1-9");
  const std::string body =
      "<ConferencedEvent><monitorCrossRefID>41</monitorCrossRefID><primaryOldCall><callID>1-7</"
      "callID><deviceID>" +
      own +
      "</deviceID></primaryOldCall><secondaryOldCall><callID>1-9</callID></secondaryOldCall>"
      "<localConnectionInfo>connected</localConnectionInfo></ConferencedEvent>";
  EXPECT_EQ(judge.event(body), Faults{});
  EXPECT_EQ(judge.state("1-7"), "connected");
  EXPECT_EQ(judge.state("1-9"), "gone");
}

TEST(OcsCallBook, CountsEventsThatBelongToNoCall) {
  Judge judge;
  EXPECT_EQ(judge.event("<OutOfServiceEvent><monitorCrossRefID>41</monitorCrossRefID></OutOfServiceEvent>"),
            Faults{});
  EXPECT_EQ(judge.book.counts().at("OutOfServiceEvent"), 1u);
}

}  // namespace
}  // namespace linebridge::sim::ocs
