#pragma once

#include <string>
#include <string_view>

/// SIP messages for tests, with the Content-Length that fits.
namespace linebridge::test {

inline std::string with_body(std::string head_without_blank_line, std::string_view body = {}) {
  return head_without_blank_line + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

/// What pidgin-sipe sends through a record-routing proxy, without body headers.
inline std::string invite_head(std::string_view line_server = "sip:ctigw@gw.example.test") {
  const std::string server(line_server);
  return "INVITE " + server +
         " SIP/2.0\r\n"
         "Record-Route: <sip:192.0.2.10:5060;transport=tcp;lr;ms-route-sig=aB%3d>\r\n"
         "Via: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKocs2\r\n"
         "Via: SIP/2.0/tcp 198.51.100.7:34004\r\n"
         "From: <sip:alice@example.test>;tag=3359527187;epid=b34afb6ebb23\r\n"
         "To: <" +
         server +
         ">\r\n"
         "Max-Forwards: 70\r\n"
         "CSeq: 1 INVITE\r\n"
         "User-Agent: Purple/2.14.12 Sipe/1.25.0 (linux-x86_64)\r\n"
         "Call-ID: 5EE3g76E4a5D08i9040mA12AtEFDFb781DxA9A2x\r\n"
         "Contact: <sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp>;proxy=replace\r\n"
         "Supported: timer\r\n"
         "Content-Disposition: signal;handling=required\r\n"
         "Content-Type: application/csta+xml\r\n";
}

}  // namespace linebridge::test
