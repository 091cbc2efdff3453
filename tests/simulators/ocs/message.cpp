#include "message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/address.hpp"
#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::array<std::pair<char, std::string_view>, 11> short_forms = {{{'v', "Via"},
                                                                            {'f', "From"},
                                                                            {'t', "To"},
                                                                            {'i', "Call-ID"},
                                                                            {'m', "Contact"},
                                                                            {'l', "Content-Length"},
                                                                            {'c', "Content-Type"},
                                                                            {'o', "Event"},
                                                                            {'k', "Supported"},
                                                                            {'e', "Content-Encoding"},
                                                                            {'x', "Session-Expires"}}};
constexpr std::array<std::string_view, 3> one_value_each = {"Via", "Route", "Record-Route"};

std::string_view word(std::string_view text, std::size_t number) {
  for (; number > 0; --number)
    take_until(text, ' ');
  return take_until(text, ' ');
}

/// Where the character stands outside quotes and `<>`; npos if nowhere.
std::size_t find_outside(std::string_view text, char wanted) {
  bool quoted = false;
  bool in_uri = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && !in_uri && c == wanted) return i;
    if (c == '\\' && quoted) ++i;
    if (c == '"') quoted = !quoted;
    if (!quoted && c == '<') in_uri = true;
    if (!quoted && c == '>') in_uri = false;
  }
  return std::string_view::npos;
}

std::optional<std::string_view> find_parameter(std::string_view text, std::string_view name) {
  for (std::size_t at = find_outside(text, ';'); at != std::string_view::npos; at = find_outside(text, ';')) {
    text.remove_prefix(at + 1);
    std::string_view value = text.substr(0, find_outside(text, ';'));
    const std::string_view key = trim(take_until(value, '='));
    value = trim(value);
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    if (iequals(key, name)) return value;
  }
  return std::nullopt;
}

void add_header(Message& message, std::string_view name, std::string_view value) {
  const bool list = std::any_of(one_value_each.begin(), one_value_each.end(),
                                [&](std::string_view each) { return same_name(name, each); });
  for (std::size_t comma = find_outside(value, ','); list && comma != std::string_view::npos;
       comma = find_outside(value, ',')) {
    message.add(name, std::string(trim(value.substr(0, comma))));
    value.remove_prefix(comma + 1);
  }
  message.add(name, std::string(trim(value)));
}

Status check(const Message& message) {
  const bool shaped = message.is_response() ? message.status() >= 100 && message.status() <= 699
                                            : message.start.ends_with(" SIP/2.0") && !message.uri().empty();
  if (!shaped) return Error{Errc::malformed, "bad start line '" + printable(message.start) + "'"};
  for (const auto name : {"Via", "From", "To", "Call-ID", "CSeq"})
    if (message.get(name).empty()) return Error{Errc::malformed, std::string("no ") + name};
  return Done{};
}

}  // namespace

std::string_view Message::method() const {
  return word(is_response() ? get("CSeq") : start, is_response() ? 1 : 0);
}
std::string_view Message::uri() const {
  return is_response() ? std::string_view{} : word(start, 1);
}
int Message::status() const {
  return is_response() ? to_number<int>(word(start, 1)).value_or(0) : 0;
}

std::string_view Message::get(std::string_view name) const {
  for (const auto& header : headers)
    if (same_name(header.name, name)) return header.value;
  return {};
}

Header* Message::find(std::string_view name) {
  const auto at = std::find_if(headers.begin(), headers.end(),
                               [&](const Header& each) { return same_name(each.name, name); });
  return at == headers.end() ? nullptr : &*at;
}

void Message::put_first(std::string_view name, std::string value) {
  headers.insert(headers.begin(), {std::string(name), std::move(value)});
}

void Message::add(std::string_view name, std::string value) {
  headers.push_back({std::string(name), std::move(value)});
}

bool Message::remove_first(std::string_view name) {
  Header* const header = find(name);
  if (header == nullptr) return false;
  headers.erase(headers.begin() + (header - headers.data()));
  return true;
}

void Message::remove_all(std::string_view name) {
  std::erase_if(headers, [&](const Header& each) { return same_name(each.name, name); });
}

Result<Message> read_message(std::string_view head, std::string body) {
  Message message;
  message.start = trim(take_until(head, '\n'));
  while (!head.empty()) {
    std::string_view value = take_until(head, '\n');
    if (value.starts_with(' ') || value.starts_with('\t')) {
      if (message.headers.empty()) return Error{Errc::malformed, "the first header is folded"};
      message.headers.back().value += ' ' + std::string(trim(value));
      continue;
    }
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos)
      return Error{Errc::malformed, "no colon in '" + printable(value) + "'"};
    const std::string_view name = trim(value.substr(0, colon));
    if (!same_name(name, "Content-Length")) add_header(message, name, value.substr(colon + 1));
  }
  message.body = std::move(body);
  if (const auto good = check(message); !good) return good.error();
  return message;
}

std::string to_text(const Message& message) {
  std::string text;
  append_text(text, message);
  return text;
}

void append_text(std::string& out, const Message& message) {
  out.append(message.start).append("\r\n");
  for (const auto& header : message.headers)
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  out.append("Content-Length: ").append(std::to_string(message.body.size())).append("\r\n\r\n");
  out.append(message.body);
}

Message skeleton(const Message& request) {
  Message kept;
  kept.start = request.start;
  kept.headers.reserve(8);
  for (const auto& header : request.headers)
    for (const auto name : {"Via", "From", "To", "Call-ID", "CSeq"})
      if (same_name(header.name, name)) kept.headers.push_back(header);
  return kept;
}

Message answer_to(const Message& request, int status, std::string_view reason, std::string_view tag) {
  Message answer;
  answer.start = "SIP/2.0 " + std::to_string(status) + " " + std::string(reason);
  for (const auto& header : request.headers)
    if (same_name(header.name, "Via")) answer.add("Via", header.value);
  answer.add("From", std::string(request.get("From")));
  std::string to(request.get("To"));
  if (!parameter(to, "tag") && !tag.empty()) to += ";tag=" + std::string(tag);
  answer.add("To", std::move(to));
  answer.add("Call-ID", std::string(request.get("Call-ID")));
  answer.add("CSeq", std::string(request.get("CSeq")));
  return answer;
}

bool same_name(std::string_view name, std::string_view long_name) {
  if (name.size() != 1) return iequals(name, long_name);
  return std::any_of(short_forms.begin(), short_forms.end(), [&](const auto& form) {
    return form.first == to_lower(name.front()) && iequals(form.second, long_name);
  });
}

std::string_view uri_in(std::string_view value) {
  const std::size_t open = value.find('<');
  if (open == std::string_view::npos) return trim(value.substr(0, value.find(';')));
  value.remove_prefix(open + 1);
  return value.substr(0, value.find('>'));
}

std::optional<std::string_view> parameter(std::string_view value, std::string_view name) {
  return find_parameter(value, name);
}

std::optional<std::string_view> uri_parameter(std::string_view uri, std::string_view name) {
  return find_parameter(uri.substr(0, uri.find('?')), name);
}

Result<HostPort> destination(std::string_view uri) {
  std::string_view rest = uri.substr(0, uri.find('?'));
  if (!istarts_with(rest, "sip:") && !istarts_with(rest, "sips:"))
    return Error{Errc::malformed, "no SIP URI: '" + printable(uri) + "'"};
  rest.remove_prefix(rest.find(':') + 1);
  rest = rest.substr(0, rest.find(';'));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  const auto address = parse_address(rest, 5060);
  if (!address) return address.error();
  HostPort found{lower(address.value().host), address.value().port};
  if (const auto maddr = uri_parameter(uri, "maddr")) found.host = lower(*maddr);
  return found;
}

}  // namespace linebridge::sim::ocs
