#include "csta/encode.hpp"

#include "csta/elements.hpp"
#include "csta/features.hpp"
#include "csta/words.hpp"

namespace linebridge::csta {
namespace {

/// A list of features by group; presence means "supported".
template <class Rows, class Wanted>
void write_groups(XmlWriter& xml, std::string_view name, const Rows& rows, Wanted wanted) {
  xml.open(name);
  std::string_view group;
  for (const auto& row : rows) {
    if (!wanted(row)) continue;
    if (row.group != group) {
      if (!group.empty()) xml.close(group);
      xml.open(group = row.group);
    }
    xml.empty(row.feature);
  }
  if (!group.empty()) xml.close(group);
  xml.close(name);
}

void write(XmlWriter& xml, const model::CallStateOfDevice& state) {
  xml.open("localCallState");
  std::visit(Overloaded{[&](std::monostate) { xml.empty("unknown"); },
                        [&](const std::vector<model::LocalConnectionState>& all) {
                          xml.open("compoundCallState");
                          for (const auto one : all)
                            write(xml, "localConnectionState", one);
                          xml.close("compoundCallState");
                        },
                        [&](model::SimpleCallState one) { write(xml, "simpleCallState", one); }},
             state);
  xml.close("localCallState");
}

// One function a response: its elements in the order of the schema.
void write(XmlWriter& xml, const model::StatusAnswer& answer) {
  write(xml, "systemStatus", answer.status);
}
void write(XmlWriter& xml, const model::FeaturesAnswer&) {
  write_groups(xml, "supportedServices", services, [](const ServiceRow& row) { return row.served; });
  write_groups(xml, "supportedEvents", events, [](const EventRow& row) { return row.told; });
}
void write(XmlWriter& xml, const model::MonitorStarted& answer) {
  write(xml, "monitorCrossRefID", answer.monitor.value);
  if (answer.existing_calls) write(xml, "monitorExistingCalls", true);
}
void write(XmlWriter& xml, const model::CallMade& answer) {
  write(xml, "callingDevice", answer.calling);
}
void write(XmlWriter& xml, const model::DeviceSnapshot& answer) {
  xml.open("crossRefIDorSnapshotData");
  xml.open("snapshotData");
  for (const auto& call : answer.calls) {
    xml.open("snapshotDeviceResponseInfo");
    write_all(xml, "connectionIdentifier", call.connection, "endpointDevice", call.endpoint);
    write(xml, call.state);
    xml.close("snapshotDeviceResponseInfo");
  }
  xml.close("snapshotData");
  xml.close("crossRefIDorSnapshotData");
}
void write(XmlWriter& xml, const model::CallSnapshot& answer) {
  xml.open("crossRefIDorSnapshotData");
  xml.open("snapshotData");
  for (const auto& party : answer.parties) {
    xml.open("snapshotCallResponseInfo");
    write_all(xml, "deviceOnCall", party.device, "callIdentifier", party.connection, "localConnectionState",
              party.state);
    xml.close("snapshotCallResponseInfo");
  }
  xml.close("snapshotData");
  xml.close("crossRefIDorSnapshotData");
  write_all(xml, "callingDevice", answer.calling, "calledDevice", answer.called);
}
void write(XmlWriter& xml, const model::ConsultationStarted& answer) {
  write(xml, "initiatedCall", answer.initiated);
}
void write_call(XmlWriter& xml, std::string_view name, const model::ConnectionId& call,
                const model::ConnectionList& connections) {
  write(xml, name, call);
  if (!connections.empty()) write(xml, "connections", connections);
}
void write(XmlWriter& xml, const model::CallTransferred& answer) {
  write_call(xml, "transferredCall", answer.call, answer.connections);
}
void write(XmlWriter& xml, const model::CallSentOn& answer) {
  write_call(xml, "transferredCall", answer.call, answer.connections);
}
void write(XmlWriter& xml, const model::CallConferenced& answer) {
  write_call(xml, "conferenceCall", answer.call, answer.connections);
}
void write(XmlWriter& xml, const model::MessageWaitingAnswer& answer) {
  write_all(xml, "messageWaitingOn", answer.on, "deviceForMessage", answer.about, "lampIsPresent",
            answer.has_lamp);
}
void write(XmlWriter& xml, const model::DoNotDisturbAnswer& answer) {
  write(xml, "doNotDisturbOn", answer.on);
}
void write(XmlWriter& xml, const model::ForwardingAnswer& answer) {
  xml.open("forwardingList");
  for (const auto& item : answer.list) {
    xml.open("forwardListItem");
    write_all(xml, "forwardingType", item.type, "forwardStatus", item.on, "forwardDN", item.to,
              "forwardDefault", item.defaulted, "ringCount", item.rings);
    xml.close("forwardListItem");
  }
  xml.close("forwardingList");
}
void write(XmlWriter& xml, const model::Refused& answer) {
  if (answer.error.category == model::ErrorCategory::unspecified) return xml.empty("unspecified");
  xml.text(word(answer.error.category), answer.error.value);
}
/// All others say nothing but that it is done.
template <class Done>
void write(XmlWriter&, const Done&) {
  static_assert(std::is_empty_v<Done>);
}

}  // namespace

void append_response(std::string& out, const model::Response& response, const Edition& edition,
                     const Custom& custom) {
  if (std::holds_alternative<model::FeaturesAnswer>(response) && !custom.features.empty()) {
    out += custom.features;
    return;
  }
  XmlWriter xml(out, responses[response.index()], edition);
  std::visit([&](const auto& one) { write(xml, one); }, response);
}

void append_system_status(std::string& out, model::SystemStatus status, const Edition& edition) {
  XmlWriter(out, "SystemStatus", edition).text("systemStatus", word(status));
}

}  // namespace linebridge::csta
