#include "csta.hpp"

#include <array>
#include <optional>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::string_view space = "http://www.ecma-international.org/standards/ecma-323/csta/ed3";
constexpr std::string_view rcc_space = "http://schemas.microsoft.com/Lcs/2005/04/RCCExtension";

struct Named {
  std::string_view request, event, connection;
};
constexpr std::array<Named, 14> services = {{
    {"", "", ""},
    {"RequestSystemStatus", "", ""},
    {"GetCSTAFeatures", "", ""},
    {"MonitorStart", "", ""},
    {"MonitorStop", "", ""},
    {"SnapshotDevice", "", ""},
    {"GetForwarding", "", ""},
    {"GetDoNotDisturb", "", ""},
    {"MakeCall", "OriginatedEvent", ""},
    {"AnswerCall", "EstablishedEvent", "callToBeAnswered"},
    {"HoldCall", "HeldEvent", "callToBeHeld"},
    {"RetrieveCall", "RetrievedEvent", "callToBeRetrieved"},
    {"ClearConnection", "ConnectionClearedEvent", "connectionToBeCleared"},
    {"echo", "", ""},
}};

const Named& named(Service service) {
  return services[static_cast<std::size_t>(service)];
}

std::string element(std::string_view name, std::string_view content) {
  return std::string("<").append(name).append(">").append(content).append("</").append(name).append(">");
}

/// The private data that names the line, for requests outside of any monitor.
std::string line_extension(std::string_view line) {
  const std::string marked =
      "<lcs:line xmlns:lcs=\"" + std::string(rcc_space) + "\">" + escaped(line) + "</lcs:line>";
  return element("extensions", element("privateData", element("private", marked)));
}

std::string content_of(Service service, const Subject& about) {
  const std::string line = escaped(about.line);
  switch (service) {
    case Service::request_system_status:
    case Service::get_features: return line_extension(about.line);
    case Service::monitor_start: return element("monitorObject", element("deviceObject", line));
    case Service::monitor_stop: return element("monitorCrossRefID", escaped(about.monitor));
    case Service::snapshot_device: return element("snapshotObject", line);
    case Service::get_forwarding:
    case Service::get_do_not_disturb: return element("device", line);
    case Service::make_call:
      return element("callingDevice", line) + element("calledDirectoryNumber", escaped(dialled(about.number))) +
             element("autoOriginate", "doNotPrompt");
    default:
      return element(named(service).connection,
                     element("callID", escaped(about.call)) + element("deviceID", line));
  }
}

struct Tag {
  std::string_view name;   ///< Local.
  std::size_t begin, end;  ///< From '<' to behind '>'.
  bool closes, empty;
};

/// The next tag from `at` on that is no comment, declaration or processing instruction.
std::optional<Tag> next_tag(std::string_view body, std::size_t at) {
  for (;;) {
    const std::size_t begin = body.find('<', at);
    if (begin == std::string_view::npos) return std::nullopt;
    const bool comment = body.substr(begin).starts_with("<!--");
    const std::size_t last = comment ? body.find("-->", begin) : body.find('>', begin);
    if (last == std::string_view::npos) return std::nullopt;
    at = last + (comment ? 3 : 1);
    if (begin + 1 < body.size() && (body[begin + 1] == '?' || body[begin + 1] == '!')) continue;
    const bool closes = body[begin + 1] == '/';
    const std::size_t first = begin + (closes ? 2 : 1);
    std::string_view name = body.substr(first, last - first);
    name = name.substr(0, name.find_first_of(" \t\r\n/"));
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos)
      name.remove_prefix(colon + 1);
    return Tag{name, begin, at, closes, !closes && body[last - 1] == '/'};
  }
}

struct Found {
  std::string_view content;
  std::size_t behind;
};

std::optional<Found> find_element(std::string_view body, std::string_view element, std::size_t at) {
  std::optional<std::size_t> begin;
  while (const auto tag = next_tag(body, at)) {
    at = tag->end;
    if (tag->name != element) continue;
    if (!begin && tag->empty) return Found{{}, tag->end};
    if (!begin && !tag->closes) begin = tag->end;
    if (begin && tag->closes) return Found{body.substr(*begin, tag->begin - *begin), tag->end};
  }
  return std::nullopt;
}

std::string resolved(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
      {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}}};
  std::string out;
  while (!text.empty()) {
    const std::size_t mark = text.find('&');
    out += text.substr(0, mark);
    if (mark == std::string_view::npos) break;
    text.remove_prefix(mark + 1);
    char found = '&';
    for (const auto& [name, character] : entities) {
      if (!text.starts_with(name)) continue;
      found = character;
      text.remove_prefix(name.size());
      break;
    }
    out += found;
  }
  return out;
}

}  // namespace

std::string_view name_of(Service service) {
  return named(service).request;
}
std::string_view event_of(Service service) {
  return named(service).event;
}

std::string write_request(Service service, const Subject& about) {
  return std::string("<?xml version=\"1.0\"?><")
      .append(name_of(service))
      .append(" xmlns=\"")
      .append(space)
      .append("\">")
      .append(content_of(service, about))
      .append("</")
      .append(name_of(service))
      .append(">");
}

std::string dialled(std::string_view number) {
  if (istarts_with(number, "tel:") || istarts_with(number, "sip:")) return std::string(number);
  return "tel:" + std::string(number) + (number.starts_with('+') ? "" : ";phone-context=dialstring");
}

std::string_view root_of(std::string_view body) {
  const auto tag = next_tag(body, 0);
  return tag && !tag->closes ? tag->name : std::string_view{};
}

std::string_view inside(std::string_view body, std::string_view element) {
  const auto found = find_element(body, element, 0);
  return found ? found->content : std::string_view{};
}

std::string text_in(std::string_view body, std::string_view element) {
  return resolved(trim(inside(body, element)));
}

std::vector<std::string_view> each_inside(std::string_view body, std::string_view element) {
  std::vector<std::string_view> all;
  std::size_t at = 0;
  while (const auto found = find_element(body, element, at)) {
    all.push_back(found->content);
    at = found->behind;
  }
  return all;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace linebridge::sim::ocs
