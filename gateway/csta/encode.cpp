#include "csta/encode.hpp"

#include "csta/features.hpp"
#include "csta/words.hpp"
#include "csta/xml_writer.hpp"

namespace linebridge::csta {
namespace {

void write(XmlWriter& xml, std::string_view name, const model::ConnectionId& connection) {
  xml.open(name);
  if (!connection.call.value.empty()) xml.text("callID", connection.call.value);
  if (!connection.device.value.empty()) xml.text("deviceID", connection.device.value);
  xml.close(name);
}

void write(XmlWriter& xml, std::string_view name, const model::EventDevice& device) {
  xml.open(name);
  switch (device.kind) {
    case model::EventDevice::Kind::identifier: xml.text("deviceIdentifier", device.id.value); break;
    case model::EventDevice::Kind::not_known: xml.empty("notKnown"); break;
    case model::EventDevice::Kind::restricted: xml.empty("restricted"); break;
  }
  xml.close(name);
}

void write(XmlWriter& xml, const model::LastRedirection& last) {
  xml.open("lastRedirectionDevice");
  switch (last.kind) {
    case model::LastRedirection::Kind::number_dialed: xml.text("numberDialed", last.id.value); break;
    case model::LastRedirection::Kind::not_known: xml.empty("notKnown"); break;
    case model::LastRedirection::Kind::not_required: xml.empty("notRequired"); break;
  }
  xml.close("lastRedirectionDevice");
}

void write(XmlWriter& xml, model::LocalConnectionState local, model::EventCause cause) {
  xml.text("localConnectionInfo", word(local));
  xml.text("cause", word(cause));
}

void write(XmlWriter& xml, const model::Originated& event) {
  write(xml, "originatedConnection", event.connection);
  write(xml, "callingDevice", event.calling);
  write(xml, "calledDevice", event.called);
  write(xml, event.local, event.cause);
}

void write(XmlWriter& xml, const model::Delivered& event) {
  write(xml, "connection", event.connection);
  write(xml, "alertingDevice", event.alerting);
  write(xml, "callingDevice", event.calling);
  write(xml, "calledDevice", event.called);
  write(xml, event.last_redirection);
  write(xml, event.local, event.cause);
}

void write(XmlWriter& xml, const model::Established& event) {
  write(xml, "establishedConnection", event.connection);
  write(xml, "answeringDevice", event.answering);
  write(xml, "callingDevice", event.calling);
  write(xml, "calledDevice", event.called);
  write(xml, event.last_redirection);
  write(xml, event.local, event.cause);
}

void write(XmlWriter& xml, const model::ConnectionCleared& event) {
  write(xml, "droppedConnection", event.connection);
  write(xml, "releasingDevice", event.releasing);
  write(xml, event.local, event.cause);
}

/// A list of features by group; presence means "supported".
template <class Rows>
void write_groups(XmlWriter& xml, std::string_view name, const Rows& rows) {
  xml.open(name);
  std::string_view group;
  for (const auto& row : rows) {
    if (row.group != group) {
      if (!group.empty()) xml.close(group);
      xml.open(group = row.group);
    }
    xml.empty(row.feature);
  }
  if (!group.empty()) xml.close(group);
  xml.close(name);
}

struct ResponseWriter {
  std::string& out;
  const Edition& edition;

  void operator()(const model::StatusAnswer& answer) const {
    XmlWriter(out, "RequestSystemStatusResponse", edition).text("systemStatus", word(answer.status));
  }
  void operator()(const model::FeaturesAnswer&) const {
    XmlWriter xml(out, "GetCSTAFeaturesResponse", edition);
    write_groups(xml, "supportedServices", services);
    write_groups(xml, "supportedEvents", events);
  }
  void operator()(const model::MonitorStarted& answer) const {
    XmlWriter(out, "MonitorStartResponse", edition).text("monitorCrossRefID", answer.monitor.value);
  }
  void operator()(const model::MonitorStopped&) const { XmlWriter(out, "MonitorStopResponse", edition); }
  void operator()(const model::CallMade& answer) const {
    XmlWriter xml(out, "MakeCallResponse", edition);
    write(xml, "callingDevice", answer.calling);
  }
  void operator()(const model::Refused& answer) const {
    XmlWriter(out, "CSTAErrorCode", edition).text(word(answer.error.category), answer.error.value);
  }
};

}  // namespace

void append_response(std::string& out, const model::Response& response, const Edition& edition) {
  std::visit(ResponseWriter{out, edition}, response);
}

void append_event(std::string& out, const model::MonitorId& monitor, const model::Event& event,
                  const Edition& edition) {
  XmlWriter xml(out, row_of(event).root, edition);
  xml.text("monitorCrossRefID", monitor.value);
  std::visit([&](const auto& one) { write(xml, one); }, event);
}

}  // namespace linebridge::csta
