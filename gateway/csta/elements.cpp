#include "csta/elements.hpp"

namespace linebridge::csta {
namespace {

void write_endpoint(XmlWriter& xml, const model::EventDevice& endpoint) {
  xml.open("endpoint");
  switch (endpoint.kind) {
    case model::EventDevice::Kind::identifier: xml.text("deviceID", endpoint.id.value); break;
    case model::EventDevice::Kind::not_known: xml.empty("notKnown"); break;
    case model::EventDevice::Kind::restricted: xml.empty("restricted"); break;
  }
  xml.close("endpoint");
}

}  // namespace

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

void write(XmlWriter& xml, std::string_view name, const model::LastRedirection& last) {
  xml.open(name);
  switch (last.kind) {
    case model::LastRedirection::Kind::number_dialed: xml.text("numberDialed", last.id.value); break;
    case model::LastRedirection::Kind::not_known: xml.empty("notKnown"); break;
    case model::LastRedirection::Kind::not_required: xml.empty("notRequired"); break;
    case model::LastRedirection::Kind::not_specified: xml.empty("notSpecified"); break;
    case model::LastRedirection::Kind::restricted: xml.empty("restricted"); break;
  }
  xml.close(name);
}

void write(XmlWriter& xml, std::string_view name, const model::ConnectionList& list) {
  xml.open(name);
  for (const auto& item : list) {
    xml.open("connectionListItem");
    write_all(xml, "newConnection", item.now, "oldConnection", item.before);
    if (item.endpoint) write_endpoint(xml, *item.endpoint);
    xml.close("connectionListItem");
  }
  xml.close(name);
}

}  // namespace linebridge::csta
