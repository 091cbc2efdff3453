#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cti/qbe/frame.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/view.hpp"
#include "cti/qbe/writer.hpp"
#include "support.hpp"
#include "test_key.hpp"

/// The CTI Manager's side of a conversation, as far as tests write it.
namespace linebridge::cti::qbe {

namespace m = messages;

struct Value {
  Value(std::string_view field, int number) : name(field), value(static_cast<std::uint32_t>(number)) {}
  Value(std::string_view field, std::uint32_t number) : name(field), value(number) {}
  Value(std::string_view field, bool flag) : name(field), value(flag) {}
  Value(std::string_view field, std::string_view text) : name(field), value(std::string(text)) {}
  Value(std::string_view field, const char* text) : Value(field, std::string_view(text)) {}
  std::string_view name;
  std::variant<std::uint32_t, bool, std::string> value;
};
using Values = std::initializer_list<Value>;

/// Puts values by name, whatever their order; a name that the layout lacks fails the test by an exception.
inline void put(Writer& writer, const Layout& layout, const std::vector<Value>& values) {
  for (const auto& value : values)
    if (std::none_of(layout.fields.begin(), layout.fields.end(),
                     [&](const Field& f) { return f.name == value.name; }))
      throw std::logic_error(std::string(layout.name) + " has no " + std::string(value.name));
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    for (const auto& value : values)
      if (value.name == layout.fields[i].name)
        std::visit([&](const auto& v) { writer.put(layout.at(i), v); }, value.value);
}

inline std::string message(const Layout& layout, const std::vector<Value>& values) {
  std::string out;
  Writer writer(out, dialect(0x00100000), layout);
  put(writer, layout, values);
  writer.finish();
  return out;
}

/// What the session sent: one request.
struct Sent {
  std::string bytes;
  std::uint32_t id = 0, seq = 0;

  std::string text(std::string_view field) const {
    const Layout& layout = *m::find(id);
    for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
      if (layout.fields[i].name == field)
        return std::string(View::open(frame_of(bytes), layout).value().text(layout.at(i)));
    return "no such field";
  }
  std::uint32_t number(std::string_view field) const {
    const Layout& layout = *m::find(id);
    for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
      if (layout.fields[i].name == field)
        return View::open(frame_of(bytes), layout).value().number(layout.at(i));
    return 0xBADBAD;
  }
};

/// Takes the whole frames out of `bytes`.
inline std::vector<Sent> take_requests(std::string& bytes) {
  std::vector<Sent> out;
  FrameReader reader(1024 * 1024);
  std::string_view input = bytes;
  for (auto item = reader.next(input); std::holds_alternative<Frame>(item); item = reader.next(input)) {
    const auto& frame = std::get<Frame>(item);
    Sent sent{std::string(frame.bytes), frame.id, 0};
    if (frame.id != m::heartbeat.id) sent.seq = sent.number("seq");
    out.push_back(std::move(sent));
  }
  bytes.clear();
  return out;
}

namespace manager {

inline std::string heartbeat() {
  return message(m::heartbeat, {});
}
inline std::string init_response(std::uint32_t seq) {
  return message(m::provider_init_response, {{"seq", seq},
                                             {"nonce", "01234567-89ab-cdef-0123-456789abcdef"},
                                             {"certificate", bytes_of(test_key::certificate)}});
}
inline std::string open_response(std::uint32_t seq, std::uint32_t ours = 30, std::uint32_t theirs = 30) {
  return message(m::provider_open_response,
                 {{"seq", seq}, {"client_heartbeat", ours}, {"server_heartbeat", theirs}});
}
inline std::string open_completed(std::uint32_t seq, std::uint32_t reason = 0, std::string_view text = "") {
  return message(m::provider_open_completed_event,
                 {{"seq", seq}, {"reason", reason}, {"failure_description", text}});
}
inline std::string capabilities_response(std::uint32_t seq) {
  return message(m::provider_get_capabilities_response, {{"seq", seq}});
}
inline std::string list_response(std::uint32_t seq) {
  return message(m::provider_get_all_devices_and_lines_response, {{"seq", seq}});
}
inline std::string list_completed(std::uint32_t seq, std::uint32_t result = 0) {
  return message(m::provider_get_all_devices_and_lines_completed_event,
                 {{"request_id", seq}, {"result", result}});
}
inline std::string failure(std::uint32_t seq, std::uint32_t code, std::string_view text = "no") {
  return message(m::failure_response, {{"seq", seq}, {"result", code}, {"description", text}});
}
/// The plain response to a request.
inline std::string done(const Sent& request, std::vector<Value> more = {}) {
  more.insert(more.begin(), Value{"seq", request.seq});
  return message(*m::find(request.id + 1), more);
}

struct ListedLine {
  std::string number, partition;
  bool restricted = false;
};
struct Listed {
  std::string device;
  std::vector<ListedLine> lines;
  std::string model = "Cisco 7960";
  std::uint32_t type = 7;
  bool registered = true;
  std::uint32_t content = 15;
  bool more = false;
  std::uint32_t controllable = 1;
  bool restricted = false;
};

inline void put_lines(Writer& w, Slot slot, const std::vector<ListedLine>& lines) {
  auto list = w.elements(slot, static_cast<std::uint32_t>(lines.size()));
  for (const auto& line : lines) {
    Writer one = list.next();
    put(one, elements::line_info,
        {{"name", line.number}, {"partition", line.partition}, {"is_restricted", line.restricted}});
    one.finish();
  }
  list.finish();
}

inline std::string listed(std::uint32_t request, const Listed& what) {
  constexpr const Layout& e = m::device_line_info_event;
  std::string out;
  Writer w(out, dialect(0x00100000), e);
  put(w, e,
      {{"request_id", request},
       {"device_name", what.device},
       {"device_registration_status", what.registered ? 1u : 2u},
       {"event_content", what.content}});
  Writer fixed = w.element(e["device_info_static"]);
  put(fixed, elements::device_info_static, {{"device_type", what.type}, {"device_type_name", what.model}});
  fixed.finish();
  Writer changing = w.element(e["device_info_dynamic"]);
  put(changing, elements::device_info_dynamic, {{"device_restricted", what.restricted}});
  changing.finish();
  Writer registration = w.element(e["device_registration_info"]);
  put(registration, elements::device_registration_info, {{"cti_controllable", what.controllable}});
  registration.finish();
  put_lines(w, e["line_info"], what.lines);
  w.put(e["more_lines"], what.more);
  w.finish();
  return out;
}

}  // namespace manager
}  // namespace linebridge::cti::qbe
