#include "csta/decode.hpp"

#include "base/text.hpp"
#include "csta/features.hpp"

namespace linebridge::csta {
namespace {

std::string text(const XmlDocument& document, std::initializer_list<std::string_view> path) {
  return std::string(document.text(path));
}

std::string private_line(const XmlDocument& document) {
  return text(document, {"extensions", "privateData", "private", "line"});
}

model::MakeCall make_call(const XmlDocument& document) {
  return {.calling = {text(document, {"callingDevice"})},
          .called = {text(document, {"calledDirectoryNumber"})},
          .prompt = document.text({"autoOriginate"}) != "doNotPrompt"};  // ECMA-269: prompt is the default
}

model::Request request_of(Service service, const XmlDocument& document) {
  switch (service) {
    case Service::request_system_status: return model::RequestSystemStatus{private_line(document)};
    case Service::get_csta_features: return model::GetCstaFeatures{private_line(document)};
    case Service::monitor_start:
      return model::MonitorStart{{text(document, {"monitorObject", "deviceObject"})}};
    case Service::monitor_stop: return model::MonitorStop{{text(document, {"monitorCrossRefID"})}};
    case Service::make_call: return make_call(document);
  }
  return model::UnknownService{document.root().name};
}

}  // namespace

Result<Decoded> Decoder::decode(std::string_view body) {
  const auto document = reader_.read(body);
  if (!document) return document.error();

  const XmlElement& root = document.value().root();
  const auto service = service_of(root.name);
  auto edition = edition_of(root.space);
  const bool unnamed = root.space.empty() && !service;
  if (!edition || unnamed) {
    return Error{Errc::unsupported, "root element \"" + printable(root.name, 60) + "\" in namespace \"" +
                                        printable(root.space, 100) + "\" is not CSTA"};
  }
  if (!service) return Decoded{model::UnknownService{root.name}, std::move(*edition)};
  return Decoded{request_of(*service, document.value()), std::move(*edition)};
}

Result<Decoded> decode(std::string_view body) {
  return Decoder().decode(body);
}

}  // namespace linebridge::csta
