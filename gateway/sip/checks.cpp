#include "sip/checks.hpp"

#include <array>
#include <cstdint>
#include <limits>

#include "base/text.hpp"
#include "sip/syntax.hpp"

namespace linebridge::sip {
namespace {

Broken broken(std::string_view rule, std::string reason, int status = 400) {
  return {status, rule, std::move(reason), status == 400 ? Errc::malformed : Errc::unsupported};
}

std::string named(std::string_view name, std::string_view what) {
  return std::string(name).append(": ").append(what);
}

/// A number of seconds in front of parameters.
std::string_view before_parameters(std::string_view value) {
  return trim(value.substr(0, value.find(';')));
}

using Counts = std::array<std::uint16_t, static_cast<std::size_t>(HeaderId::count_)>;

Verdict check_counts(const Counts& counts) {
  constexpr std::array<std::pair<HeaderId, std::string_view>, 5> mandatory = {{{HeaderId::via, "Via"},
                                                                               {HeaderId::from, "From"},
                                                                               {HeaderId::to, "To"},
                                                                               {HeaderId::call_id, "Call-ID"},
                                                                               {HeaderId::cseq, "CSeq"}}};
  constexpr std::array<std::pair<HeaderId, std::string_view>, 10> single = {
      {{HeaderId::from, "From"},
       {HeaderId::to, "To"},
       {HeaderId::call_id, "Call-ID"},
       {HeaderId::cseq, "CSeq"},
       {HeaderId::max_forwards, "Max-Forwards"},
       {HeaderId::expires, "Expires"},
       {HeaderId::session_expires, "Session-Expires"},
       {HeaderId::min_se, "Min-SE"},
       {HeaderId::content_type, "Content-Type"},
       {HeaderId::content_disposition, "Content-Disposition"}}};
  for (const auto& [id, name] : mandatory)
    if (counts[static_cast<std::size_t>(id)] == 0) return broken("missing header", "no " + std::string(name));
  for (const auto& [id, name] : single)
    if (counts[static_cast<std::size_t>(id)] > 1)
      return broken("repeated header", "more than one " + std::string(name));
  return std::nullopt;
}

Verdict check_value(const HeadView& head, const HeaderLine& line, bool has_body) {
  switch (line.id) {
    case HeaderId::via: return check_via(line.value);
    case HeaderId::from: return check_from_or_to("From", line.value);
    case HeaderId::to: return check_from_or_to("To", line.value);
    case HeaderId::call_id: return check_call_id(line.value);
    case HeaderId::cseq: return check_cseq(head);
    case HeaderId::contact: return check_addresses("Contact", line.value);
    case HeaderId::route: return check_addresses("Route", line.value);
    case HeaderId::record_route: return check_addresses("Record-Route", line.value);
    case HeaderId::max_forwards: return check_max_forwards(line.value);
    case HeaderId::require: return check_require(line.value);
    case HeaderId::expires: return check_expires(line.value);
    case HeaderId::session_expires: return check_session_interval("Session-Expires", line.value);
    case HeaderId::min_se: return check_session_interval("Min-SE", line.value);
    case HeaderId::content_type: return has_body ? check_content_type(line.value) : std::nullopt;
    default: return std::nullopt;
  }
}

/// What is about the body is asked last: its answers say what else would be taken.
Verdict check_body(const HeadView& head) {
  for (const auto& line : head.lines()) {
    Verdict verdict;
    if (line.id == HeaderId::content_encoding) verdict = check_content_encoding(line.value);
    if (line.id == HeaderId::content_disposition) verdict = check_content_disposition(line.value);
    if (verdict) return verdict;
  }
  return std::nullopt;
}

}  // namespace

Verdict check(const HeadView& head, std::string_view body) {
  if (auto no = check_version(head)) return no;
  if (!head.is_response()) {
    if (auto no = check_request_line(head)) return no;
    if (auto no = check_method(head)) return no;
    if (auto no = check_request_uri(head)) return no;
  }
  Counts counts{};
  for (const auto& line : head.lines())
    ++counts[static_cast<std::size_t>(line.id)];
  if (auto no = check_counts(counts)) return no;
  for (const auto& line : head.lines()) {
    if (line.id == HeaderId::other) {
      if (auto no = check_name(line)) return no;
    } else if (auto no = check_value(head, line, !body.empty())) {
      return no;
    }
  }
  if (head.is_response()) return std::nullopt;
  if (auto no = check_target(head)) return no;
  if (auto no = check_scheme(head)) return no;
  return body.empty() ? std::nullopt : check_body(head);
}

Verdict check_version(const HeadView& head) {
  if (iequals(head.version(), "SIP/2.0")) return std::nullopt;
  return broken("version", "version " + printable(head.version(), 20), 505);
}

Verdict check_request_line(const HeadView& head) {
  const std::size_t wanted =
      head.method().size() + head.request_uri().size() + head.version().size() + 2;  // And two blanks.
  if (head.start_line().size() == wanted && head.start_line().find('\t') == std::string_view::npos)
    return std::nullopt;
  return broken("request line", "blanks where none belong");
}

Verdict check_method(const HeadView& head) {
  if (syntax::is_token(head.method())) return std::nullopt;
  return broken("method", "a method that is no token");
}

Verdict check_request_uri(const HeadView& head) {
  const std::string_view uri = head.request_uri();
  if (const auto problem = syntax::check_uri(uri)) return broken("Request-URI", std::string(*problem));
  if (syntax::is_sip_scheme(syntax::scheme_of(uri)) &&
      uri.find('?', uri.find('@') + 1) != std::string_view::npos)
    return broken("Request-URI", "headers in a Request-URI");
  return std::nullopt;
}

Verdict check_scheme(const HeadView& head) {
  const std::string_view scheme = syntax::scheme_of(head.request_uri());
  if (syntax::is_sip_scheme(scheme)) return std::nullopt;
  return broken("scheme", "scheme " + printable(scheme, 40), 416);
}

Verdict check_name(const HeaderLine& line) {
  if (syntax::is_token(line.name)) return std::nullopt;
  return broken("header name", "a header name that is no token: " + printable(line.name, 40));
}

Verdict check_call_id(std::string_view value) {
  if (value.empty()) return broken("Call-ID", "empty Call-ID");
  if (value.find_first_of(" \t\r\n") != std::string_view::npos)
    return broken("Call-ID", "a blank in the Call-ID");
  return std::nullopt;
}

Verdict check_cseq(const HeadView& head) {
  const auto number = head.cseq_number();
  if (!number || *number > 0x7FFFFFFF) return broken("CSeq number", "CSeq is no number below 2**31");
  const std::string_view cseq = head.first("CSeq").value_or(std::string_view{});
  const std::string_view method = trim(cseq.substr(std::min(cseq.find_first_of(" \t\r\n"), cseq.size())));
  if (!syntax::is_token(method)) return broken("CSeq method", "CSeq without a method");
  if (!head.is_response() && method != head.method()) return broken("CSeq method", "CSeq has another method");
  return std::nullopt;
}

Verdict check_max_forwards(std::string_view value) {
  const auto hops = to_number<std::uint32_t>(value);
  if (hops && *hops <= 255) return std::nullopt;
  return broken("Max-Forwards", "Max-Forwards is no number up to 255");
}

Verdict check_expires(std::string_view value) {
  if (to_number<std::uint32_t>(value)) return std::nullopt;
  return broken("Expires", "Expires is no number below 2**32");
}

Verdict check_session_interval(std::string_view name, std::string_view value) {
  if (!to_number<std::uint32_t>(before_parameters(value)))
    return broken("session interval", named(name, "no number below 2**32"));
  std::string_view rest = value.substr(std::min(value.find(';'), value.size()));
  syntax::Problem problem;
  for (syntax::Parameter each; syntax::take_parameter(rest, each, problem);)
    if (iequals(each.name, "refresher") && !iequals(each.value, "uac") && !iequals(each.value, "uas"))
      return broken("session interval", named(name, "a refresher that is neither uac nor uas"));
  if (problem) return broken("session interval", named(name, *problem));
  if (!rest.empty()) return broken("session interval", named(name, "more than one value"));
  return std::nullopt;
}

Verdict check_require(std::string_view value) {
  for (bool more = true; more;) {
    more = value.find(',') != std::string_view::npos;
    if (!syntax::is_token(trim(take_until(value, ','))))
      return broken("Require", "an option tag that is no token");
  }
  return std::nullopt;
}

Verdict check_from_or_to(std::string_view name, std::string_view value) {
  const auto problem = syntax::check_address(value, {.list = false, .single = "tag"});
  return problem ? Verdict(broken("address", named(name, *problem))) : std::nullopt;
}

Verdict check_addresses(std::string_view name, std::string_view value) {
  if (value == "*" && name == "Contact") return std::nullopt;
  if (name != "Contact" && value.find('<') == std::string_view::npos)
    return broken("address", named(name, "a route without <>"));
  const auto problem = syntax::check_address(value, {.list = true, .single = {}});
  return problem ? Verdict(broken("address", named(name, *problem))) : std::nullopt;
}

Verdict check_target(const HeadView& head) {
  if (head.method() != "INVITE" && head.method() != "UPDATE") return std::nullopt;
  std::size_t seen = 0;
  for (const auto& line : head.lines()) {
    if (line.id != HeaderId::contact) continue;
    std::string_view rest = line.value;
    const std::string_view first = take_value(rest);
    if (++seen > 1 || !rest.empty()) return broken("Contact", "more than one Contact");
    if (!syntax::is_sip_scheme(syntax::scheme_of(uri_of(first))))
      return broken("Contact", "a Contact that is no SIP URI");
  }
  return std::nullopt;
}

Verdict check_via(std::string_view value) {
  const auto problem = syntax::check_via(value);
  return problem ? Verdict(broken("Via", named("Via", *problem))) : std::nullopt;
}

Verdict check_content_type(std::string_view value) {
  std::string_view type = before_parameters(value);
  const std::string_view kind = trim(take_until(type, '/'));
  if (syntax::is_token(kind) && syntax::is_token(trim(type))) return std::nullopt;
  return broken("Content-Type", "Content-Type is no type/subtype");
}

Verdict check_content_encoding(std::string_view value) {
  if (value.empty() || iequals(value, "identity")) return std::nullopt;
  return broken("Content-Encoding", "encoding " + printable(value, 40), 415);
}

Verdict check_content_disposition(std::string_view value) {
  const std::string_view kind = before_parameters(value);
  for (const std::string_view known : {"signal", "session", "render"})
    if (iequals(kind, known)) return std::nullopt;
  if (!iequals(header_parameter(value, "handling").value_or(std::string_view{}), "required"))
    return std::nullopt;
  return broken("Content-Disposition", "disposition " + printable(kind, 40), 415);
}

}  // namespace linebridge::sip
