#include "base/text.hpp"
#include "csta/xml_reader.hpp"

namespace linebridge::csta {

const XmlElement* XmlDocument::child(const XmlElement& of, std::string_view name) const {
  const XmlElement* const end = first_ + size_;
  for (const XmlElement* one = &of + 1; one != end && one->depth > of.depth; ++one)
    if (one->depth == of.depth + 1 && one->name == name) return one;
  return nullptr;
}

const XmlElement* XmlDocument::path(std::initializer_list<std::string_view> names) const {
  const XmlElement* at = first_;
  for (const auto name : names) {
    at = child(*at, name);
    if (!at) return nullptr;
  }
  return at;
}

std::string_view XmlDocument::text(std::initializer_list<std::string_view> names) const {
  const XmlElement* const element = path(names);
  return element ? trim(element->text) : std::string_view{};
}

}  // namespace linebridge::csta
