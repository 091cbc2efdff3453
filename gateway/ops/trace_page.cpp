#include "ops/trace_page.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace linebridge::ops {
namespace {

constexpr std::size_t most_lines = 100'000;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool between(std::string_view text, std::size_t at, unsigned least, unsigned most) {
  if (at >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= least && byte <= most;
}

/// Bytes of the character at the front (RFC 3629 section 4); 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const auto rest = [&](std::size_t from, std::size_t length) {
    for (std::size_t at = from; at < length; ++at)
      if (!between(text, at, 0x80, 0xBF)) return std::size_t{0};
    return length;
  };
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return rest(1, 2);
  if (first >= 0xE0 && first <= 0xEF)
    return between(text, 1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) ? rest(2, 3) : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return between(text, 1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) ? rest(2, 4) : 0;
  return 0;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out.append(1, '\\').append(1, c);
  } else if (byte >= 0x20) {
    out += c;
  } else {
    out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  append_json(out, text);
}

void append_line(std::string& out, const trace::Entry& entry) {
  out.append("{\"number\":").append(std::to_string(entry.number));
  out.append(",\"at_us\":").append(std::to_string(entry.at_us));
  append_member(out, "session", "");
  append_member(out, "from", entry.from);
  append_member(out, "to", entry.to);
  append_member(out, "text", entry.text);
  append_member(out, "detail", entry.detail);
  out += '}';
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 1) append_escaped(out, text.front());
    if (length != 1) out += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

Result<TraceQuery> read_trace_query(std::string_view query) {
  TraceQuery wanted;
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string_view name = take_until(value, '=');
    const auto number = to_number<std::uint64_t>(value);
    if (name == "after") {
      if (!number) return Error{Errc::malformed, "after is the number of a line"};
      wanted.after = *number;
    } else if (name == "most") {
      if (!number || *number == 0 || *number > most_lines)
        return Error{Errc::malformed, "most is a number from 1 to 100000"};
      wanted.most = *number;
    } else {
      return Error{Errc::malformed,
                   "unknown parameter \"" + printable(name, 40) + "\"; there are after and most"};
    }
  }
  return wanted;
}

std::string trace_page(const trace::Ring& ring, const TraceQuery& query) {
  std::uint64_t after = query.after;
  if (after == 0 && ring.added() > query.most) after = ring.added() - query.most;
  std::string out = "{\"lines\":[";
  std::size_t left = query.most;
  ring.for_each([&](const trace::Entry& entry) {
    if (entry.number <= after || left == 0) return;
    if (left-- < query.most) out += ',';
    append_line(out, entry);
  });
  return out += "]}";
}

}  // namespace linebridge::ops
