#include "lb/splitter/words.hpp"

namespace linebridge::lb::splitter {
namespace {

void add_line(std::string& out, const sip::HeaderLine& line) {
  out.append(line.name).append(": ").append(line.value).append("\r\n");
}

void copy_lines(std::string& out, const sip::HeadView& head, std::string_view name) {
  for (const auto& line : head.lines())
    if (sip::HeadView::same_name(line.name, name)) add_line(out, line);
}

void copy_to(std::string& out, const sip::HeadView& head, std::string_view tag) {
  const auto to = head.first("To");
  if (!to) return;
  out.append("To: ").append(*to);
  if (head.to_tag().empty()) out.append(";tag=").append(tag);
  out.append("\r\n");
}

}  // namespace

bool RequestId::answered_by(const sip::HeadView& response) const {
  const std::string_view theirs = response.top_via_branch();
  return method == response.method() && cseq == response.cseq_number() &&
         (branch == theirs || branch.empty() || theirs.empty());
}

RequestId id_of(const sip::HeadView& request) {
  return {std::string(request.top_via_branch()), std::string(request.method()),
          request.cseq_number().value_or(0)};
}

bool is_complete(const sip::HeadView& head) {
  return head.first("Via") && head.first("From") && head.first("To") && !head.call_id().empty() &&
         head.cseq_number() && !head.method().empty();
}

bool creates_dialog(const sip::HeadView& request) {
  return request.method() == "INVITE" && request.to_tag().empty();
}

std::string_view node_of_tag(std::string_view tag) {
  if (tag.starts_with("pub-")) return "pub";
  if (tag.starts_with("sub-")) return "sub";
  return {};
}

std::string_view other_node(std::string_view node) {
  if (node == "pub") return "sub";
  if (node == "sub") return "pub";
  return {};
}

std::string answer(const sip::HeadView& request, int status, std::string_view reason, std::string_view tag,
                   std::string_view extra) {
  std::string out = "SIP/2.0 " + std::to_string(status) + " ";
  out.append(reason).append("\r\n");
  copy_lines(out, request, "Via");
  copy_lines(out, request, "From");
  copy_to(out, request, tag);
  copy_lines(out, request, "Call-ID");
  copy_lines(out, request, "CSeq");
  return out.append(extra).append("Content-Length: 0\r\n\r\n");
}

std::string ack(const sip::HeadView& invite, const sip::HeadView& response) {
  std::string out = "ACK ";
  out.append(invite.request_uri()).append(" SIP/2.0\r\n");
  std::string_view vias = invite.first("Via").value_or(std::string_view{});
  add_line(out, {"Via", sip::take_value(vias)});
  copy_lines(out, invite, "Route");
  out.append("Max-Forwards: 70\r\n");
  copy_lines(out, invite, "From");
  copy_lines(out, response, "To");
  copy_lines(out, invite, "Call-ID");
  out.append("CSeq: ").append(std::to_string(invite.cseq_number().value_or(0))).append(" ACK\r\n");
  return out.append("Content-Length: 0\r\n\r\n");
}

std::string summary(const sip::HeadView& head) {
  if (!head.is_response()) return std::string(head.method());
  std::string out = std::to_string(head.status()) + " ";
  return out.append(head.reason()).append(" (").append(head.method()).append(")");
}

}  // namespace linebridge::lb::splitter
