#include "tests/simulators/cucm/call_fields.hpp"

namespace linebridge::sim::cucm {
namespace {

enum class FarEnd : std::int32_t { in_cluster = 1, external = 2 };

Fields dn_info(const Party& party) {
  return {{"partition", party.partition}};
}

/// Where the other party is, as far as the line has been told of one.
FarEnd far_end(const Exchange& exchange, const Leg& leg) {
  const Party& far = leg.calling.number == leg.self.number ? leg.called : leg.calling;
  const bool is_outside = far.device.empty() && !far.number.empty() && exchange.outside(far.number);
  return is_outside ? FarEnd::external : FarEnd::in_cluster;
}

Fields participant(const Exchange& exchange, const Leg& leg) {
  const bool alive = exchange.leg(leg.id) != nullptr;
  return {{"participantNumber", leg.self.number},
          {"unModifiedParticipantNumber", leg.self.number},
          {"participantName", ascii(leg.self.name)},
          {"numberPI", true},
          {"namePI", true},
          {"endpointType", number_of(leg.is_outside() ? FarEnd::external : FarEnd::in_cluster)},
          {"state", alive ? 1 : 0},
          {"unModifiedParticipantUnicodeDisplayName", leg.self.name},
          {"participantDNInfo", dn_info(leg.self)},
          {"callManagerID", cluster_node},
          {"callLegID", leg.id}};
}

/// What a line is told of a party: nothing, if the call is private to another phone.
const Party& shown(const Leg& leg, const Party& party) {
  static const Party nobody;
  return leg.privacy ? nobody : party;
}

void add_call(Fields& fields, const Exchange& exchange, const Leg& leg) {
  fields.set("lineHandleSpecified", true)
      .set("deviceName", leg.self.device)
      .set("globalCallManagerID", leg.call.manager)
      .set("callID", leg.call.number)
      .set("state", number_of(leg.state))
      .set("origin", number_of(leg.origin))
      .set("reason", number_of(leg.reason))
      .set("farEndpointCallManagerID", cluster_node)
      .set("farEndpointType", number_of(far_end(exchange, leg)))
      .set("callingPartyDeviceName", shown(leg, leg.calling).device)
      .set("bRemoteInUse", leg.remote_in_use)
      .set("bPrivacy", leg.privacy)
      .set("callPresentable", true)
      .set("featurePriority", 1)
      .set("globalizedCallingParty", shown(leg, leg.calling).number);
}

}  // namespace

std::vector<Fields> call_handles(const std::vector<LegId>& legs) {
  std::vector<Fields> list;
  for (const LegId leg : legs)
    list.push_back({{"callManagerID", cluster_node}, {"callLegID", leg}});
  return list;
}

std::string ascii(const std::string& utf8) {
  std::string out;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) out.push_back(c);
    if (byte >= 0xC0) out.push_back('?');
  }
  return out;
}

Fields on_line(std::int32_t line_handle) {
  return {{"lineCallManagerID", cluster_node}, {"lineID", line_handle}};
}

Fields on_leg(std::int32_t line_handle, LegId leg) {
  return on_line(line_handle).set("callCallManagerID", cluster_node).set("callLegID", leg);
}

void add_parties(Fields& fields, const Leg& leg) {
  const Party &calling = shown(leg, leg.calling), &called = shown(leg, leg.called),
              &original_called = shown(leg, leg.original_called),
              &last_redirecting = shown(leg, leg.last_redirecting);
  fields.set("callingParty", calling.number)
      .set("calledParty", called.number)
      .set("originalCalledParty", original_called.number)
      .set("originalParty", original_called.number)
      .set("lastRedirectingParty", last_redirecting.number)
      .set("callingPartyName", ascii(calling.name))
      .set("calledPartyName", ascii(called.name))
      .set("originalCalledPartyName", ascii(original_called.name))
      .set("originalPartyName", ascii(original_called.name))
      .set("lastRedirectingPartyName", ascii(last_redirecting.name))
      .set("unModifiedCallingParty", calling.number)
      .set("unModifiedCalledParty", called.number)
      .set("unModifiedOriginalCalledParty", original_called.number)
      .set("unModifiedLastRedirectingParty", last_redirecting.number)
      .set("callingName", calling.name)
      .set("calledName", called.name)
      .set("originalCalledName", original_called.name)
      .set("lastRedirectingName", last_redirecting.name)
      .set("callingDN", dn_info(calling))
      .set("calledDN", dn_info(called))
      .set("originalCalledDN", dn_info(original_called))
      .set("lastRedirectingDN", dn_info(last_redirecting));
  static constexpr Name presented[] = {"callingPartyPI",         "callingPartyNamePI",
                                       "calledPartyPI",          "calledPartyNamePI",
                                       "originalCalledPartyPI",  "originalCalledPartyNamePI",
                                       "lastRedirectingPartyPI", "lastRedirectingPartyNamePI"};
  for (const Name& name : presented)
    fields.set(name, true);
}

Fields new_call(const Exchange& exchange, const Leg& leg, std::int32_t line_handle) {
  Fields fields = on_leg(line_handle, leg.id);
  add_call(fields, exchange, leg);
  add_parties(fields, leg);
  return fields;
}

Fields existing_call(const Exchange& exchange, const Leg& leg, std::int32_t line_handle) {
  Fields fields = new_call(exchange, leg, line_handle);
  std::vector<Fields> participants;
  for (const LegId id : exchange.legs_of(leg.call))
    participants.push_back(participant(exchange, *exchange.leg(id)));
  const Call* call = exchange.call(leg.call);
  if (call && call->controller && !leg.privacy) {
    fields.set("participantsInfo", std::move(participants))
        .set("controllerParticipant", participant(exchange, *call->controller));
  }
  return fields.set("calledPartyDeviceName", shown(leg, leg.called).device)
      .set("mediaTransmitActive", leg.media)
      .set("mediaReceiveActive", leg.media);
}

Fields party_info(const Exchange& exchange, const PartiesChanged& change, std::int32_t line_handle) {
  const Leg& leg = change.leg;
  Fields fields = on_leg(line_handle, leg.id);
  add_parties(fields, leg);
  return fields.set("callingPartyChanged", change.calling)
      .set("calledPartyChanged", change.called)
      .set("farEndPointType", number_of(far_end(exchange, leg)))
      .set("reason", number_of(leg.reason))
      .set("bRemoteInUse", leg.remote_in_use)
      .set("bPrivacy", leg.privacy)
      .set("globalizedCallingParty", shown(leg, leg.calling).number)
      .set("currentCallingPartyDeviceName", shown(leg, leg.calling).device)
      .set("currentCalledPartyDeviceName", shown(leg, leg.called).device);
}

Fields call_replaced(const CallReplaced& change, std::int32_t line_handle) {
  Fields fields = on_leg(line_handle, change.leg.id);
  add_parties(fields, change.leg);
  return fields.set("newGlobalCallManagerID", change.leg.call.manager)
      .set("newGlobalCallID", change.leg.call.number)
      .set("reason", number_of(change.reason))
      .set("bRemoteInUse", change.leg.remote_in_use)
      .set("bPrivacy", change.leg.privacy)
      .set("globalizedCallingParty", shown(change.leg, change.leg.calling).number);
}

Fields feature_step(const FeatureStep& step, std::int32_t line_handle) {
  Fields fields = on_line(line_handle);
  fields.set("transactionID", step.transaction)
      .set("success", true)
      .set("idleCalls", call_handles(step.idle_legs))
      .set("controllerNumber", step.controller.number)
      .set("controllerName", ascii(step.controller.name))
      .set("unicodeControllerName", step.controller.name)
      .set("controllerPartyDNInfo", dn_info(step.controller))
      .set("controllerDeviceName", step.controller.device)
      .set("bRemoteInUse", step.remote_in_use)
      .set("requestorNumber", step.requestor.number)
      .set("requestorName", ascii(step.requestor.name))
      .set("unicodeRequestorName", step.requestor.name)
      .set("requestorPartyDNInfo", dn_info(step.requestor))
      .set("requestorDeviceName", step.requestor.device)
      .set("survivingGCMID", step.survivor.manager)
      .set("survivingGCCID", step.survivor.number)
      .set("finalControllerCallManagerID", cluster_node)
      .set("finalControllerCallLegID", step.controller_leg)
      .set("otherControllerCallManagerID", cluster_node)
      .set("otherControllerCallLegID", step.other_controller_leg);
  std::vector<Fields> absorbed;
  for (const Handle& call : step.absorbed)
    absorbed.push_back({{"callManagerID", call.manager}, {"callID", call.number}});
  fields.set("otherGCMID", step.absorbed.front().manager).set("otherGCCID", step.absorbed.front().number);
  return fields.set("otherGCIDs", std::move(absorbed));
}

Fields conference_changed(const Exchange& exchange, const ConferenceChanged& change, std::int32_t line_handle) {
  std::vector<Fields> others;
  for (const Leg& party : change.parties) {
    if (party.side != change.leg.side) others.push_back(participant(exchange, party));
  }
  return on_leg(line_handle, change.leg.id)
      .set("conferenceStateChangedID", change.leg.call.number)
      .set("globalCallManagerID", change.leg.call.manager)
      .set("globalCallID", change.leg.call.number)
      .set("modifyStatus", change.added ? 1 : 2)
      .set("changedParticipantInfo", participant(exchange, change.changed))
      .set("otherParticipantsInfo", std::move(others))
      .set("controllerParticipantInfo", participant(exchange, change.controller))
      .set("controllerDeviceName", change.controller.self.device)
      .set("requestorParticipantInfo", participant(exchange, change.requestor))
      .set("requestorDeviceName", change.requestor.self.device)
      .set("bAdvanceAdhocConference", exchange.spec().advanced_conference)
      .set("reason", number_of(LegReason::conference))
      .set("bRemoteInUse", change.leg.remote_in_use);
}

}  // namespace linebridge::sim::cucm
