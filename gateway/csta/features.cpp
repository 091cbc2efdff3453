#include "csta/features.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "csta/edition.hpp"
#include "csta/xml_reader.hpp"

namespace linebridge::csta {

std::optional<model::ErrorCode> refusal_of(const model::Request& request) {
  if (std::holds_alternative<model::NotARequest>(request)) return model::errors::generic_operation;
  const auto* row = row_of(request);
  if (row == nullptr || !row->served) return model::errors::service_not_supported;
  return std::nullopt;
}

Result<std::vector<std::string>> check_features(std::string_view body) {
  XmlReader reader;
  const auto document = reader.read(body);
  if (!document) return document.error();
  const XmlElement& root = document.value().root();
  if (root.name != "GetCSTAFeaturesResponse" || root.space.empty() || !edition_of(root.space))
    return Error{Errc::unsupported, "its root element is " + printable(root.name, 60) + " in the namespace \"" +
                                        printable(root.space, 100) + "\", not GetCSTAFeaturesResponse of CSTA"};

  std::vector<std::string> not_served;
  const auto* advertised = document.value().child(root, "supportedServices");
  if (advertised == nullptr) return not_served;
  document.value().each_below(*advertised, [&](const XmlElement& one) {
    if (one.depth != advertised->depth + 2) return;
    const auto row = std::find_if(services.begin(), services.end(),
                                  [&](const ServiceRow& each) { return each.feature == one.name; });
    if (row == services.end() || !row->served) not_served.push_back(printable(one.name, 60));
  });
  return not_served;
}

}  // namespace linebridge::csta
