#include "sip/syntax.hpp"

#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace linebridge::sip::syntax {
namespace {

constexpr std::string_view magic_cookie = "z9hG4bK";

/// What a character may be part of, as bits.
enum Class : std::uint8_t {
  token = 1,
  scheme_char = 2,
  host_char = 4,
  hex = 8,
  digit = 16,
  uri_char = 32,
  value_end = 64,     // What ends the value of a parameter.
  address_end = 128,  // What ends a display name, or an address without brackets.
};

constexpr std::array<std::uint8_t, 256> classes() {
  std::array<std::uint8_t, 256> table{};
  const auto allow = [&table](std::string_view characters, std::uint8_t what) {
    for (const char c : characters)
      table[static_cast<std::uint8_t>(c)] |= what;
  };
  allow("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", token | scheme_char | host_char);
  allow("0123456789", hex | digit);
  allow("abcdefABCDEF", hex);
  allow("-.!%*_+`'~", token);
  allow("+-.", scheme_char);
  allow(";,\"<> \t\r\n", value_end);
  allow("<,;\"", address_end);
  allow("-._", host_char);  // No host name has `_`, but names of Windows machines do.
  for (unsigned c = 0x21; c < 0x7F; ++c)
    if (c != '<' && c != '>' && c != '"') table[c] |= uri_char;
  return table;
}
constexpr auto class_of = classes();

bool is(char c, std::uint8_t what) {
  return (class_of[static_cast<std::uint8_t>(c)] & what) != 0;
}

bool all(std::string_view text, std::uint8_t what) {
  for (const char c : text)
    if (!is(c, what)) return false;
  return true;
}

/// Where the first character of a class stands; the size if there is none.
std::size_t find(std::string_view text, std::uint8_t what) {
  std::size_t at = 0;
  while (at < text.size() && !is(text[at], what))
    ++at;
  return at;
}

/// How long the token at the front is.
std::size_t token_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is(text[size], token))
    ++size;
  return size;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && is_blank(rest.front()))
    rest.remove_prefix(1);
}

/// The length of a quoted string at the front of `text` with both quotes; 0 if it is not closed.
std::size_t quoted_size(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return 0;
}

std::string_view take(std::string_view& rest, std::size_t size) {
  const std::string_view front = rest.substr(0, size);
  rest.remove_prefix(front.size());
  return front;
}

/// A comma, or the end of the value; anything else stands where a separator belongs.
Problem take_separator(std::string_view& rest, bool list) {
  skip_blanks(rest);
  if (rest.empty()) return std::nullopt;
  if (rest.front() != ',') return "text behind a value";
  if (!list) return "more than one value";
  rest.remove_prefix(1);
  skip_blanks(rest);
  if (rest.empty() || rest.front() == ',') return "an empty value";
  return std::nullopt;
}

Problem check_host(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos || close < 3) return "a bad IPv6 host";
    for (const char c : host.substr(1, close - 1))
      if (!is(c, hex) && c != ':' && c != '.') return "a bad IPv6 host";
    host.remove_prefix(close + 1);
    if (host.empty()) return std::nullopt;
    if (host.front() != ':') return "text behind the host";
  } else {
    const std::string_view name = host.substr(0, host.find(':'));
    if (name.empty()) return "no host";
    if (!all(name, host_char)) return "a bad host";
    host.remove_prefix(name.size());
  }
  if (host.empty()) return std::nullopt;
  host.remove_prefix(1);
  if (!all(host, digit) || !to_number<std::uint16_t>(host)) return "a bad port";
  return std::nullopt;
}

/// "name" < ... >, leaving `rest` behind the bracket, or a bare URI, leaving it behind that.
Problem take_address_uri(std::string_view& rest, std::string_view& uri) {
  if (rest.starts_with('"')) {
    const std::size_t size = quoted_size(rest);
    if (size == 0) return "an unclosed quote";
    rest.remove_prefix(size);
    skip_blanks(rest);
    if (!rest.starts_with('<')) return "a display name without <>";
  }
  const std::size_t stop = find(rest, address_end);
  if (stop == rest.size() || rest[stop] == ';' || rest[stop] == ',') {
    uri = trim(take(rest, stop));
    if (rest.starts_with(',') && scheme_of(uri).empty()) return "a display name with a comma and no quotes";
    if (uri.find('?') != std::string_view::npos) return "a URI with headers outside of <>";
    return std::nullopt;
  }
  if (rest[stop] != '<') return "a bad display name";
  if (rest.substr(0, stop).find('>') != std::string_view::npos) return "unbalanced <>";
  rest.remove_prefix(stop + 1);
  const std::size_t close = rest.find('>');
  if (close == std::string_view::npos) return "unbalanced <>";
  uri = take(rest, close);
  rest.remove_prefix(1);
  return std::nullopt;
}

/// "SIP / 2.0 / TCP host:port" of one Via value, leaving `rest` behind it.
Problem take_sent(std::string_view& rest) {
  std::array<std::string_view, 3> protocol;
  for (std::size_t i = 0; i < protocol.size(); ++i) {
    skip_blanks(rest);
    protocol[i] = take(rest, token_size(rest));
    if (protocol[i].empty()) return "a bad protocol";
    if (i == 2) break;
    skip_blanks(rest);
    if (!rest.starts_with('/')) return "a bad protocol";
    rest.remove_prefix(1);
  }
  if (!iequals(protocol[0], "SIP") || protocol[1] != "2.0") return "another protocol";
  if (rest.empty() || !is_blank(rest.front())) return "no host";
  const std::string_view sent_by = trim(take(rest, std::min(rest.find(';'), rest.find(','))));
  const std::size_t colon = sent_by.starts_with('[') ? sent_by.find(':', sent_by.find(']')) : sent_by.find(':');
  if (colon == std::string_view::npos) return check_host(sent_by);
  // Blanks may stand around this colon.
  const std::string_view port = trim(sent_by.substr(colon + 1));
  if (port.empty() || !all(port, digit) || !to_number<std::uint16_t>(port)) return "a bad port";
  return check_host(trim(sent_by.substr(0, colon)));
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && all(text, token);
}

bool take_parameter(std::string_view& rest, Parameter& parameter, Problem& problem) {
  skip_blanks(rest);
  if (rest.empty() || rest.front() == ',') return false;
  const auto fail = [&problem](std::string_view words) {
    problem = words;
    return false;
  };
  if (rest.front() != ';') return fail("text behind a value");
  rest.remove_prefix(1);
  skip_blanks(rest);
  parameter = {take(rest, token_size(rest)), {}};
  if (parameter.name.empty()) return fail("an empty parameter");
  skip_blanks(rest);
  if (!rest.starts_with('=')) return true;
  rest.remove_prefix(1);
  skip_blanks(rest);
  const std::size_t size = rest.starts_with('"') ? quoted_size(rest) : find(rest, value_end);
  if (size == 0 && rest.starts_with('"')) return fail("an unclosed quote");
  parameter.value = take(rest, size);
  return true;
}

std::string_view scheme_of(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || !all(uri.substr(0, colon), scheme_char)) return {};
  return uri.substr(0, colon);
}

bool is_sip_scheme(std::string_view scheme) {
  return iequals(scheme, "sip") || iequals(scheme, "sips");
}

Problem check_uri(std::string_view uri) {
  const std::string_view scheme = scheme_of(uri);
  if (scheme.empty()) return "a URI without a scheme";
  for (std::size_t i = scheme.size(); i < uri.size(); ++i) {
    if (!is(uri[i], uri_char)) return is_blank(uri[i]) ? "a blank in a URI" : "a character that no URI has";
    if (uri[i] == '%' && (i + 2 >= uri.size() || !is(uri[i + 1], hex) || !is(uri[i + 2], hex)))
      return "a bad escape in a URI";
  }
  if (!is_sip_scheme(scheme)) return std::nullopt;
  std::string_view host = uri.substr(scheme.size() + 1);
  if (const std::size_t at = host.find('@'); at != std::string_view::npos) {
    if (at == 0) return "an empty user in a URI";
    host.remove_prefix(at + 1);
  }
  host = host.substr(0, host.find(';'));
  return check_host(host.substr(0, host.find('?')));
}

std::string user_of(std::string_view uri) {
  const std::string_view scheme = scheme_of(uri);
  const std::size_t at = uri.find('@');
  if (!is_sip_scheme(scheme) || at == std::string_view::npos) return {};
  std::string_view user = uri.substr(scheme.size() + 1, at - scheme.size() - 1);
  user = user.substr(0, user.find(':'));
  std::string out;
  out.reserve(user.size());
  for (std::size_t i = 0; i < user.size(); ++i) {
    const auto code =
        user[i] == '%' && i + 2 < user.size() ? to_number<unsigned>(user.substr(i + 1, 2), 16) : std::nullopt;
    out.push_back(code ? static_cast<char>(*code) : user[i]);
    if (code) i += 2;
  }
  return out;
}

Problem check_address(std::string_view value, const AddressForm& form) {
  if (value.empty()) return "an empty value";
  do {
    std::string_view uri;
    if (auto problem = take_address_uri(value, uri)) return problem;
    if (auto problem = check_uri(uri)) return problem;
    Problem problem;
    bool seen = false;
    for (Parameter each; take_parameter(value, each, problem);) {
      if (form.single.empty() || !iequals(each.name, form.single)) continue;
      if (seen) return "a parameter twice";
      if (each.value.empty()) return "a parameter without its value";
      seen = true;
    }
    if (problem) return problem;
    if (auto wrong = take_separator(value, form.list)) return wrong;
  } while (!value.empty());
  return std::nullopt;
}

Problem check_via(std::string_view value) {
  if (value.empty()) return "an empty value";
  do {
    if (auto problem = take_sent(value)) return problem;
    Problem problem;
    bool seen = false;
    for (Parameter each; take_parameter(value, each, problem);) {
      if (!iequals(each.name, "branch")) continue;
      if (seen) return "two branches";
      if (each.value.empty() || iequals(each.value, magic_cookie)) return "a branch without an identifier";
      seen = true;
    }
    if (problem) return problem;
    if (auto wrong = take_separator(value, true)) return wrong;
  } while (!value.empty());
  return std::nullopt;
}

}  // namespace linebridge::sip::syntax
