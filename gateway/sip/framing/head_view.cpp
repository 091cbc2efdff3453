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

/// Steps over text that may be quoted or in angle brackets; true while a character stands outside of both.
class Outside {
public:
  bool step(char c) {
    if (quoted_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        quoted_ = false;
      }
      return false;
    }
    if (angle_) {
      if (c == '>') angle_ = false;
      return false;
    }
    quoted_ = c == '"';
    angle_ = c == '<';
    return !quoted_ && !angle_;
  }

private:
  bool quoted_ = false, escaped_ = false, angle_ = false;
};

std::size_t find_outside(std::string_view text, char wanted) {
  Outside outside;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (outside.step(text[i]) && text[i] == wanted) return i;
  return std::string_view::npos;
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
  const std::size_t end = head.find("\r\n");
  if (end == std::string_view::npos) return Error{Errc::malformed, "no start line"};
  std::string_view start = head.substr(0, end);
  head.remove_prefix(end + 2);
  const std::string_view first = take_until(start, ' ');
  response_ = iequals(first, "SIP/2.0");
  if (response_) {
    const auto status = to_number<int>(take_until(start, ' '));
    if (!status || *status < 100 || *status > 699) return Error{Errc::malformed, "bad status line"};
    status_ = *status;
    uri_ = start;
    method_ = {};
  } else {
    method_ = first;
    uri_ = take_until(start, ' ');
    if (method_.empty() || uri_.empty() || !iequals(start, "SIP/2.0"))
      return Error{Errc::malformed, "bad request line"};
  }
  for (HeaderLine line; take_header_line(head, line);) {
    if (line.name.empty())
      return Error{Errc::malformed, "a header line without a name: " + printable(line.value, 40)};
    lines_.push_back(line);
  }
  if (response_) {
    const std::string_view cseq = first_or_empty("CSeq");
    const std::size_t blank = cseq.find_first_of(" \t");
    if (blank != std::string_view::npos) method_ = trim(cseq.substr(blank));
  }
  return Done{};
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

std::string_view HeadView::first_or_empty(std::string_view name) const {
  return first(name).value_or(std::string_view{});
}

std::size_t HeadView::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      lines_.begin(), lines_.end(), [name](const HeaderLine& line) { return same_name(line.name, name); }));
}

std::string_view HeadView::call_id() const {
  return first_or_empty("Call-ID");
}

std::string_view HeadView::from_tag() const {
  return header_parameter(first_or_empty("From"), "tag").value_or(std::string_view{});
}

std::string_view HeadView::to_tag() const {
  return header_parameter(first_or_empty("To"), "tag").value_or(std::string_view{});
}

std::optional<std::uint32_t> HeadView::cseq_number() const {
  const std::string_view cseq = first_or_empty("CSeq");
  return to_number<std::uint32_t>(cseq.substr(0, cseq.find_first_of(" \t")));
}

std::string_view HeadView::top_via() const {
  std::string_view rest = first_or_empty("Via");
  return take_value(rest);
}

std::string_view HeadView::top_via_branch() const {
  return header_parameter(top_via(), "branch").value_or(std::string_view{});
}

std::string_view HeadView::top_via_sent_by() const {
  const std::string_view via = top_via();
  const std::string_view before = trim(via.substr(0, via.find(';')));
  const std::size_t blank = before.find_last_of(" \t");
  return blank == std::string_view::npos ? std::string_view{} : before.substr(blank + 1);
}

std::optional<std::string_view> header_parameter(std::string_view value, std::string_view name) {
  for (std::size_t at = find_outside(value, ';'); at != std::string_view::npos; at = find_outside(value, ';')) {
    value.remove_prefix(at + 1);
    const std::size_t end = std::min(find_outside(value, ';'), find_outside(value, ','));
    std::string_view content = value.substr(0, end);
    const std::string_view key = trim(take_until(content, '='));
    if (iequals(key, name)) return unquoted(trim(content));
    if (end == std::string_view::npos || value[end] == ',') return std::nullopt;
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
