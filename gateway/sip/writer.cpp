#include "sip/writer.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

constexpr std::size_t usual_answer_head = 512;  // Of two hops; more costs another allocation.

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_tail(std::string& out, std::initializer_list<Header> headers, const Body& body) {
  for (const auto& header : headers)
    if (!header.value.empty()) append_line(out, header.name, header.value);
  if (!body.text.empty()) {
    append_line(out, "Content-Disposition", "signal;handling=required");
    append_line(out, "Content-Type", Body::csta_type);
  }
  out.append("Content-Length: ");
  append_number(out, body.text.size());
  out.append("\r\n\r\n").append(body.text);
}

bool is_loose(std::string_view route) {
  std::string_view uri = uri_of(route);
  take_until(uri, ';');
  while (!uri.empty()) {
    std::string_view parameter = take_until(uri, ';');
    if (iequals(trim(take_until(parameter, '=')), "lr")) return true;
  }
  return false;
}

}  // namespace

AnswerHead answer_head(const Message& request, std::string_view to_tag, bool routes) {
  AnswerHead head;
  head.lines.reserve(usual_answer_head);
  // Of a header that must be single the first is repeated; a broken request may have more.
  std::uint32_t seen = 0;
  const auto first = [&seen](HeaderId id) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(id);
    return (std::exchange(seen, seen | bit) & bit) == 0;
  };
  for (const auto& line : request.head.lines()) {
    if (line.id == HeaderId::via) append_line(head.lines, "Via", line.value);
    if (routes && line.id == HeaderId::record_route) append_line(head.lines, "Record-Route", line.value);
    if (line.id == HeaderId::from && first(line.id)) append_line(head.lines, "From", line.value);
    if (line.id == HeaderId::call_id && first(line.id)) append_line(head.lines, "Call-ID", line.value);
    if (line.id == HeaderId::cseq && first(line.id)) append_line(head.lines, "CSeq", line.value);
    if (line.id != HeaderId::to || !first(line.id)) continue;
    head.lines.append("To: ").append(line.value);
    if (!to_tag.empty() && request.head.to_tag().empty()) head.lines.append(";tag=").append(to_tag);
    head.lines.append("\r\n");
  }
  return head;
}

void append_answer(std::string& out, const AnswerHead& head, int status, std::string_view reason,
                   std::initializer_list<Header> headers, Body body) {
  out.append("SIP/2.0 ");
  append_number(out, static_cast<std::uint64_t>(status));
  out.append(" ").append(reason).append("\r\n").append(head.lines);
  append_tail(out, headers, body);
}

void append_request(std::string& out, const Dialog& dialog, std::string_view method, std::string_view branch,
                    std::initializer_list<Header> headers, Body body) {
  // RFC 3261 section 12.2.1.1: a first route without `lr` is a strict router and goes into the Request-URI.
  const bool strict = !dialog.routes.empty() && !is_loose(dialog.routes.front());
  const std::string_view uri = strict ? request_uri_of(dialog.routes.front()) : std::string_view(dialog.target);
  out.append(method).append(" ").append(uri).append(" SIP/2.0\r\n");
  out.append("Via: ").append(dialog.ours.sent_by()).append(";branch=").append(branch).append("\r\n");
  append_line(out, "Max-Forwards", "70");
  for (std::size_t i = strict ? 1 : 0; i < dialog.routes.size(); ++i)
    append_line(out, "Route", dialog.routes[i]);
  if (strict) append_line(out, "Route", "<" + dialog.target + ">");
  append_line(out, "From", dialog.local);
  append_line(out, "To", dialog.remote);
  append_line(out, "Call-ID", dialog.call_id);
  out.append("CSeq: ");
  append_number(out, dialog.local_cseq);
  out.append(" ").append(method).append("\r\n");
  if (method != "BYE") append_line(out, "Contact", dialog.ours.contact());
  append_tail(out, headers, body);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 415: return "Unsupported Media Type";
    case 416: return "Unsupported URI Scheme";
    case 420: return "Bad Extension";
    case 422: return "Session Interval Too Small";
    case 480: return "Temporarily Unavailable";
    case 481: return "Call/Transaction Does Not Exist";
    case 482: return "Loop Detected";
    case 487: return "Request Terminated";
    case 491: return "Request Pending";
    case 500: return "Server Internal Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "Version Not Supported";
    default: return "Failure";
  }
}

std::string diagnostics(int code, std::string_view reason, std::string_view source) {
  std::string out;
  out.reserve(reason.size() + source.size() + 40);
  out.append(std::to_string(code)).append(";reason=\"");
  for (const char c : printable(reason))
    out += c == '"' || c == '\\' ? '\'' : c;
  return out.append("\";source=\"").append(source).append("\"");
}

}  // namespace linebridge::sip
