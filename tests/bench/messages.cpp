#include "tests/bench/messages.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::bench {
namespace {

constexpr std::string_view space = "http://www.ecma-international.org/standards/ecma-323/csta/ed3";

std::string padded(std::size_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

std::string csta(std::string_view name, std::string_view inside) {
  return "<?xml version=\"1.0\"?><" + std::string(name) + " xmlns=\"" + std::string(space) + "\">" +
         std::string(inside) + "</" + std::string(name) + ">";
}

std::string with_body(std::string head, std::string_view body) {
  if (!body.empty())
    head += "Content-Disposition: signal;handling=required\r\nContent-Type: application/csta+xml\r\n";
  return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace

std::string phone_name(std::size_t number) {
  return "SEP" + padded(number + 10001, 12);
}
std::string phone_number(std::size_t number) {
  return std::to_string(number + 10001);
}

Client::Client(std::size_t number)
    : user_("sip:user" + padded(number + 1, 5) + "@example.test"),
      number_(phone_number(number)),
      line_("tel:" + number_ + ";phone-context=dialstring"),
      call_id_(padded(number, 8) + "5d08i9040mA12AtEFDFb781DxA9A2x"),
      to_tag_("pub-000000000000000000000000") {}

std::string Client::request(std::string_view method, std::string_view headers, std::string_view body) const {
  const std::string cseq = std::to_string(cseq_);
  const bool first = method == "INVITE";
  std::string head(method);
  head += first ? " sip:ctigw@gw.example.test SIP/2.0\r\n" : " sip:192.0.2.20:5060;transport=tcp SIP/2.0\r\n";
  head += "Via: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bK" + call_id_.substr(0, 8) + "." + cseq +
          ";branched=FALSE\r\n"
          "Via: SIP/2.0/TLS 198.51.100.7:34004;ms-received-port=34004;ms-received-cid=1A2B00\r\n"
          "Max-Forwards: 69\r\n"
          "From: <" +
          user_ + ">;tag=3359527187;epid=b34afb6ebb23\r\nTo: <sip:ctigw@gw.example.test>";
  if (!first) head += ";tag=" + to_tag_;
  head += "\r\nCall-ID: " + call_id_ + "\r\nCSeq: " + cseq + " " + std::string(method) +
          "\r\nUser-Agent: UCCAPI/3.5.6907.0 OC/3.5.6907.0 (Microsoft Office Communicator 2007 R2)\r\n";
  return with_body(head.append(headers), body);
}

std::string Client::invite() const {
  return request("INVITE",
                 "Record-Route: <sip:ocs1.example.test:5060;transport=tcp;ms-role-rs-to;lr;ms-route-sig="
                 "aaQx8b0rPHJ6nFvW3kQ2J1c5yU7dTgAAAA>;tag=4C1F6E2A\r\n"
                 "Contact: <sip:" +
                     user_.substr(4) + ";opaque=user:epid:b34afb6ebb23;gruu>\r\nSupported: timer\r\n",
                 csta("RequestSystemStatus",
                      "<extensions><privateData><private><lcs:line "
                      "xmlns:lcs=\"http://schemas.microsoft.com/Lcs/2005/04/RCCExtension\">" +
                          line_ + "</lcs:line></private></privateData></extensions>"));
}
std::string Client::ack() const {
  return request("ACK", {}, {});
}
std::string Client::info(std::string_view body) {
  ++cseq_;
  return request("INFO", {}, body);
}
std::string Client::bye() {
  ++cseq_;
  return request("BYE", {}, {});
}

std::string Client::ok(std::string_view message) {
  std::string head = "SIP/2.0 200 OK\r\n";
  for (const auto* name : {"Via", "From", "To", "Call-ID", "CSeq"})
    head.append(name).append(": ").append(header(message, name)).append("\r\n");
  return with_body(head + "User-Agent: UCCAPI/3.5.6907.0 OC/3.5.6907.0\r\n", {});
}

std::string Client::get_features() {
  return csta("GetCSTAFeatures", {});
}
std::string Client::monitor_start() const {
  return csta("MonitorStart", "<monitorObject><deviceObject>" + line_ + "</deviceObject></monitorObject>");
}
std::string Client::monitor_stop(std::string_view monitor) const {
  return csta("MonitorStop", "<monitorCrossRefID>" + std::string(monitor) + "</monitorCrossRefID>");
}
std::string Client::make_call(std::string_view number) const {
  return csta("MakeCall", "<callingDevice>" + line_ +
                              "</callingDevice><calledDirectoryNumber>tel:" + std::string(number) +
                              "</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate>");
}
std::string Client::snapshot_device() const {
  return csta("SnapshotDevice", "<snapshotObject>" + line_ + "</snapshotObject>");
}

std::optional<std::size_t> Client::number_in(std::string_view call_id) {
  return to_number<std::size_t>(call_id.substr(0, 8));
}

bool Client::signed_in(std::string_view answer) {
  if (!answer.starts_with("SIP/2.0 200")) return false;
  const std::string_view to = header(answer, "To");
  to_tag_ = to.substr(std::min(to.rfind("tag="), to.size() - 4) + 4);
  return true;
}

std::string_view header(std::string_view message, std::string_view name) {
  const std::string line = "\r\n" + std::string(name) + ": ";
  const std::size_t at = message.find(line);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = message.substr(at + line.size());
  return rest.substr(0, rest.find("\r\n"));
}

std::string_view element(std::string_view message, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::size_t at = message.find(open);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = message.substr(at + open.size());
  return rest.substr(0, rest.find('<'));
}

std::string_view first_message(std::string_view bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return {};
  const std::string_view length = header(bytes.substr(0, head + 2), "Content-Length");
  const std::size_t size = head + 4 + to_number<std::size_t>(length).value_or(0);
  return size <= bytes.size() ? bytes.substr(0, size) : std::string_view{};
}

}  // namespace linebridge::bench
