#include "sip/framing/head_view.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

// RFC 3261 section 7.3.3 and 20, RFC 3265, RFC 3515, RFC 3892, RFC 4028.
constexpr std::array<std::pair<char, std::string_view>, 15> short_forms = {{
    {'i', "Call-ID"},
    {'m', "Contact"},
    {'e', "Content-Encoding"},
    {'l', "Content-Length"},
    {'c', "Content-Type"},
    {'f', "From"},
    {'s', "Subject"},
    {'k', "Supported"},
    {'t', "To"},
    {'v', "Via"},
    {'x', "Session-Expires"},
    {'o', "Event"},
    {'u', "Allow-Events"},
    {'r', "Refer-To"},
    {'b', "Referred-By"},
}};

constexpr std::string_view blanks = " \t\r\n";  // A folded line has CRLF among them.
constexpr std::string_view sip_slash = "SIP/";

constexpr std::array<std::pair<std::string_view, HeaderId>, 17> known_headers = {{
    {"Via", HeaderId::via},
    {"From", HeaderId::from},
    {"To", HeaderId::to},
    {"Call-ID", HeaderId::call_id},
    {"CSeq", HeaderId::cseq},
    {"Contact", HeaderId::contact},
    {"Max-Forwards", HeaderId::max_forwards},
    {"Route", HeaderId::route},
    {"Record-Route", HeaderId::record_route},
    {"Require", HeaderId::require},
    {"Expires", HeaderId::expires},
    {"Session-Expires", HeaderId::session_expires},
    {"Min-SE", HeaderId::min_se},
    {"Content-Length", HeaderId::content_length},
    {"Content-Type", HeaderId::content_type},
    {"Content-Encoding", HeaderId::content_encoding},
    {"Content-Disposition", HeaderId::content_disposition},
}};

/// Behind the quoted string that begins at `at` (RFC 3261 section 25.1), or the end of the text.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

/// The first `wanted` or `other` that stands neither in quotes nor in angle brackets.
std::size_t find_outside(std::string_view text, char wanted, char other) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == wanted || c == other) return at;
    if (c == '"') {
      at = behind_quotes(text, at);
    } else if (c == '<') {
      const std::size_t end = text.find('>', at);
      if (end == std::string_view::npos) break;
      at = end + 1;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}
std::size_t find_outside(std::string_view text, char wanted) {
  return find_outside(text, wanted, wanted);
}

std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    return value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

bool take_header_line(std::string_view& rest, HeaderLine& line) {
  if (rest.empty() || rest.front() == '\r') return false;
  std::size_t end = 0;
  do {
    const std::size_t lf = rest.find('\n', end);
    end = lf == std::string_view::npos ? rest.size() : lf + 1;
  } while (end < rest.size() && (rest[end] == ' ' || rest[end] == '\t'));
  const std::string_view whole = rest.substr(0, end);
  rest.remove_prefix(end);
  const std::size_t colon = whole.find(':');
  line.name = colon == std::string_view::npos ? std::string_view{} : trim(whole.substr(0, colon));
  line.value = colon == std::string_view::npos ? trim(whole) : trim(whole.substr(colon + 1));
  return true;
}

Status HeadView::read(std::string_view head) {
  lines_.clear();
  start_ = method_ = uri_ = version_ = {};
  response_ = false;
  status_ = 0;
  const std::size_t end = head.find("\r\n");
  if (end == std::string_view::npos) return Error{Errc::malformed, "no start line"};
  start_ = head.substr(0, end);
  head.remove_prefix(end + 2);
  Status result = read_start_line();
  if (version_.empty()) return result;
  if (head.starts_with(' ') || head.starts_with('\t')) result = Error{Errc::malformed, "a folded start line"};
  for (HeaderLine line; take_header_line(head, line);) {
    if (line.name.empty()) {
      result = Error{Errc::malformed, "a header line without a name: " + printable(line.value, 40)};
      continue;
    }
    line.id = id_of(line.name);
    lines_.push_back(line);
  }
  if (response_) {
    const std::string_view cseq = first_or_empty(HeaderId::cseq);
    const std::size_t blank = cseq.find_first_of(blanks);
    if (blank != std::string_view::npos) method_ = trim(cseq.substr(blank));
  }
  return result;
}

Status HeadView::read_start_line() {
  std::string_view rest = start_;
  response_ = istarts_with(rest, sip_slash);
  if (response_) {
    version_ = take_until(rest, ' ');
    const std::string_view code = take_until(rest, ' ');
    uri_ = rest;
    const auto status = to_number<int>(code);
    if (code.size() != 3 || !status || *status < 100 || *status > 699)
      return Error{Errc::malformed, "bad status line"};
    status_ = *status;
    return Done{};
  }
  rest = trim(rest);
  const std::size_t last = rest.find_last_of(blanks);
  if (last == std::string_view::npos || !istarts_with(rest.substr(last + 1), sip_slash))
    return Error{Errc::malformed, "bad request line"};
  const std::size_t first = rest.find_first_of(blanks);
  version_ = rest.substr(last + 1);
  method_ = rest.substr(0, first);
  uri_ = trim(rest.substr(first, last - first));
  if (uri_.empty()) return Error{Errc::malformed, "bad request line"};
  return Done{};
}

bool HeadView::answerable() const {
  return !response_ && !method_.empty() && method_ != "ACK" && first("Via");
}

HeaderId HeadView::id_of(std::string_view header) {
  if (header.size() == 1) {
    for (const auto& [letter, name] : short_forms)
      if (letter == to_lower(header.front())) return id_of(name);
    return HeaderId::other;
  }
  for (const auto& [name, id] : known_headers)
    if (header.size() == name.size() && iequals(header, name)) return id;
  return HeaderId::other;
}

bool HeadView::same_name(std::string_view header, std::string_view long_name) {
  if (header.size() != 1) return iequals(header, long_name);
  for (const auto& [letter, name] : short_forms)
    if (letter == to_lower(header.front())) return iequals(name, long_name);
  return iequals(header, long_name);
}

std::optional<std::string_view> HeadView::first(std::string_view name) const {
  for (const auto& line : lines_)
    if (same_name(line.name, name)) return line.value;
  return std::nullopt;
}

std::string_view HeadView::first_or_empty(HeaderId id) const {
  for (const auto& line : lines_)
    if (line.id == id) return line.value;
  return {};
}

std::size_t HeadView::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      lines_.begin(), lines_.end(), [name](const HeaderLine& line) { return same_name(line.name, name); }));
}

std::string_view HeadView::call_id() const {
  return first_or_empty(HeaderId::call_id);
}

std::string_view HeadView::from_tag() const {
  return header_parameter(first_or_empty(HeaderId::from), "tag").value_or(std::string_view{});
}

std::string_view HeadView::to_tag() const {
  return header_parameter(first_or_empty(HeaderId::to), "tag").value_or(std::string_view{});
}

std::optional<std::uint32_t> HeadView::cseq_number() const {
  const std::string_view cseq = first_or_empty(HeaderId::cseq);
  return to_number<std::uint32_t>(cseq.substr(0, cseq.find_first_of(blanks)));
}

std::string_view HeadView::top_via() const {
  std::string_view rest = first_or_empty(HeaderId::via);
  return take_value(rest);
}

std::string_view HeadView::top_via_branch() const {
  return header_parameter(top_via(), "branch").value_or(std::string_view{});
}

std::string_view HeadView::top_via_sent_by() const {
  // "SIP / 2.0 / TCP host:port;...": blanks may stand around the slashes (RFC 3261 section 25.1).
  std::string_view rest = top_via();
  rest = rest.substr(0, rest.find(';'));
  take_until(rest, '/');
  take_until(rest, '/');
  rest = trim(rest);
  const std::size_t blank = rest.find_first_of(blanks);
  return blank == std::string_view::npos ? std::string_view{} : trim(rest.substr(blank));
}

std::optional<std::string_view> header_parameter(std::string_view value, std::string_view name) {
  for (std::size_t at = find_outside(value, ';'); at != std::string_view::npos;) {
    value.remove_prefix(at + 1);
    at = find_outside(value, ';', ',');
    std::string_view content = value.substr(0, at);
    const std::string_view key = trim(take_until(content, '='));
    if (iequals(key, name)) return unquoted(trim(content));
    if (at != std::string_view::npos && value[at] == ',') break;
  }
  return std::nullopt;
}

std::string_view uri_of(std::string_view name_addr) {
  bool quoted = false;
  for (std::size_t i = 0; i < name_addr.size(); ++i) {
    if (quoted && name_addr[i] == '\\') {
      ++i;
    } else if (name_addr[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && name_addr[i] == '<') {
      const std::string_view inside = name_addr.substr(i + 1);
      return trim(inside.substr(0, inside.find('>')));
    }
  }
  return trim(name_addr.substr(0, name_addr.find(';')));
}

std::string_view take_value(std::string_view& rest) {
  const std::size_t comma = find_outside(rest, ',');
  const std::string_view value = trim(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  return value;
}

}  // namespace linebridge::sip
