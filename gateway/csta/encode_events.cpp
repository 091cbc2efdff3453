#include "csta/elements.hpp"
#include "csta/encode.hpp"
#include "csta/features.hpp"

namespace linebridge::csta {
namespace {

// One function an event: its elements in the order of the schema, behind monitorCrossRefID.
void write(XmlWriter& xml, const model::Conferenced& e) {
  write_all(xml, "primaryOldCall", e.primary, "secondaryOldCall", e.secondary, "conferencingDevice",
            e.conferencing, "addedParty", e.added, "conferenceConnections", e.connections,
            "localConnectionInfo", e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::ConnectionCleared& e) {
  write_all(xml, "droppedConnection", e.connection, "releasingDevice", e.releasing, "localConnectionInfo",
            e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Delivered& e) {
  write_all(xml, "connection", e.connection, "alertingDevice", e.alerting, "callingDevice", e.calling,
            "calledDevice", e.called, "lastRedirectionDevice", e.last_redirection, "localConnectionInfo",
            e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Diverted& e) {
  write_all(xml, "connection", e.connection, "divertingDevice", e.diverting, "newDestination", e.destination,
            "callingDevice", e.calling, "calledDevice", e.called, "lastRedirectionDevice", e.last_redirection,
            "localConnectionInfo", e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Established& e) {
  write_all(xml, "establishedConnection", e.connection, "answeringDevice", e.answering, "callingDevice",
            e.calling, "calledDevice", e.called, "lastRedirectionDevice", e.last_redirection,
            "localConnectionInfo", e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Failed& e) {
  write_all(xml, "failedConnection", e.connection, "failingDevice", e.failing, "callingDevice", e.calling,
            "calledDevice", e.called, "lastRedirectionDevice", e.last_redirection, "localConnectionInfo",
            e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Held& e) {
  write_all(xml, "heldConnection", e.connection, "holdingDevice", e.holding, "localConnectionInfo", e.local,
            "cause", e.cause);
}
void write(XmlWriter& xml, const model::NetworkReached& e) {
  write_all(xml, "outboundConnection", e.connection, "networkInterfaceUsed", e.network_interface,
            "callingDevice", e.calling, "calledDevice", e.called, "lastRedirectionDevice", e.last_redirection,
            "localConnectionInfo", e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Originated& e) {
  write_all(xml, "originatedConnection", e.connection, "callingDevice", e.calling, "calledDevice", e.called,
            "localConnectionInfo", e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Retrieved& e) {
  write_all(xml, "retrievedConnection", e.connection, "retrievingDevice", e.retrieving, "localConnectionInfo",
            e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::ServiceInitiated& e) {
  write_all(xml, "initiatedConnection", e.connection, "initiatingDevice", e.initiating, "localConnectionInfo",
            e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::Transfered& e) {
  write_all(xml, "primaryOldCall", e.primary, "secondaryOldCall", e.secondary, "transferringDevice",
            e.transferring, "transferredToDevice", e.to, "transferredConnections", e.connections,
            "localConnectionInfo", e.local, "cause", e.cause);
}
void write(XmlWriter& xml, const model::MessageWaiting& e) {
  write_all(xml, "targetDevice", e.device, "deviceForMessage", e.about, "messageWaitingOn", e.on);
}
void write(XmlWriter& xml, const model::DoNotDisturb& e) {
  write_all(xml, "device", e.device, "doNotDisturbOn", e.on);
}
void write(XmlWriter& xml, const model::Forwarding& e) {
  write_all(xml, "device", e.device, "forwardingType", e.type, "forwardStatus", e.on, "forwardTo", e.to,
            "forwardDefault", e.defaulted, "ringCount", e.rings);
}
void write(XmlWriter& xml, const model::BackInService& e) {
  write_all(xml, "device", e.device, "cause", e.cause);
}
void write(XmlWriter& xml, const model::OutOfService& e) {
  write_all(xml, "device", e.device, "cause", e.cause);
}

}  // namespace

void append_event(std::string& out, const model::MonitorId& monitor, const model::Event& event,
                  const Edition& edition, const Custom& custom) {
  const bool renamed = custom.transferred_with_rr && std::holds_alternative<model::Transfered>(event);
  XmlWriter xml(out, renamed ? std::string_view("TransferredEvent") : row_of(event).root, edition);
  xml.text("monitorCrossRefID", monitor.value);
  std::visit([&](const auto& one) { write(xml, one); }, event);
}

}  // namespace linebridge::csta
