#pragma once

#include "csta/words.hpp"
#include "csta/xml_writer.hpp"
#include "model/devices.hpp"

/// Values of the model as XML elements; inside of csta's encoder only. What is written with a name is one
/// element of that name; an empty optional is none.
namespace linebridge::csta {

inline void write(XmlWriter& xml, std::string_view name, std::string_view text) {
  xml.text(name, text);
}
inline void write(XmlWriter& xml, std::string_view name, const model::DeviceId& device) {
  xml.text(name, device.value);
}
void write(XmlWriter& xml, std::string_view name, const model::ConnectionId& connection);
void write(XmlWriter& xml, std::string_view name, const model::EventDevice& device);
void write(XmlWriter& xml, std::string_view name, const model::LastRedirection& last);
void write(XmlWriter& xml, std::string_view name, const model::ConnectionList& list);

template <class T>
  requires std::is_enum_v<T>
void write(XmlWriter& xml, std::string_view name, T value) {
  xml.text(name, word(value));
}
template <class T>
  requires std::is_same_v<T, bool>
void write(XmlWriter& xml, std::string_view name, T value) {
  xml.text(name, value ? "true" : "false");
}
template <class T>
  requires std::is_same_v<T, std::uint32_t>
void write(XmlWriter& xml, std::string_view name, T value) {
  xml.text(name, std::to_string(value));
}
template <class T>
void write(XmlWriter& xml, std::string_view name, const std::optional<T>& value) {
  if (value) write(xml, name, *value);
}

/// Elements in this order: name, value, name, value, ...
inline void write_all(XmlWriter&) {}
template <class Value, class... More>
void write_all(XmlWriter& xml, std::string_view name, const Value& value, const More&... more) {
  write(xml, name, value);
  write_all(xml, more...);
}

}  // namespace linebridge::csta
