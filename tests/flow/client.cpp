#include "tests/flow/client.hpp"

#include "sip/framing/framer.hpp"
#include "sip/framing/head_view.hpp"
#include "tests/unit/support/sip_text.hpp"

namespace linebridge::test {
namespace {

constexpr std::string_view space = " xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\"";

}  // namespace

std::string csta(std::string_view element) {
  const std::size_t end = element.find_first_of("/>");
  return "<?xml version=\"1.0\"?>" + std::string(element.substr(0, end)) + std::string(space) +
         std::string(element.substr(end));
}

std::string inside(std::string_view text, std::string_view element) {
  const std::string open = "<" + std::string(element) + ">";
  const std::size_t from = text.find(open);
  if (from == std::string_view::npos) return {};
  const std::string_view rest = text.substr(from + open.size());
  return std::string(rest.substr(0, rest.find("</")));
}

int Seen::status() const {
  return start.starts_with("SIP/2.0 ") ? std::stoi(start.substr(8, 3)) : 0;
}

std::string Seen::header(std::string_view name) const {
  sip::HeadView view;
  if (!view.read(head)) return {};
  return std::string(view.first(name).value_or(""));
}

Client::Client(World& world, std::string name, std::string line, std::string call_id, std::string epid)
    : world_(world),
      name_(std::move(name)),
      line_(std::move(line)),
      call_id_(std::move(call_id)),
      epid_(std::move(epid)) {}

std::string Client::invite(std::string_view request_uri) const {
  const std::string uri(request_uri);
  return with_body("INVITE " + uri +
                       " SIP/2.0\r\n"
                       "Record-Route: <sip:192.0.2.10:5060;transport=tcp;lr>\r\n"
                       "Via: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bK" +
                       call_id_ +
                       "0\r\n"
                       "Via: SIP/2.0/tcp 198.51.100.7:34004\r\n"
                       "From: <sip:" +
                       name_ + "@example.test>;tag=" + name_ + "1;epid=" + epid_ +
                       "\r\n"
                       "To: <" +
                       uri +
                       ">\r\n"
                       "Max-Forwards: 70\r\nCSeq: 1 INVITE\r\nCall-ID: " +
                       call_id_ +
                       "\r\n"
                       "Contact: <sip:" +
                       name_ +
                       "@example.test:34004;maddr=198.51.100.7;transport=tcp>;proxy=replace\r\n"
                       "Supported: timer\r\nContent-Disposition: signal;handling=required\r\n"
                       "Content-Type: application/csta+xml\r\n",
                   csta("<RequestSystemStatus><extensions><privateData><private><lcs:line "
                        "xmlns:lcs=\"http://schemas.microsoft.com/Lcs/2005/04/RCCExtension\">" +
                        line_ + "</lcs:line></private></privateData></extensions></RequestSystemStatus>"));
}

int Client::sign_in() {
  world_.send(peer, invite());
  const Seen answer = answer_to("INVITE");
  sip::HeadView view;
  if (view.read(answer.head)) to_tag = view.to_tag();
  if (answer.status() == 200) world_.send(peer, ack());
  return answer.status();
}

std::string Client::ack() const {
  return with_body("ACK sip:x SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.10:5060\r\nFrom: <sip:" + name_ +
                   "@example.test>;tag=" + name_ + "1;epid=" + epid_ + "\r\nTo: <sip:gw>;tag=" + to_tag +
                   "\r\nCSeq: 1 ACK\r\nCall-ID: " + call_id_ + "\r\n");
}

std::string answer_200(const Seen& request) {
  return "SIP/2.0 200 OK\r\nVia: " + request.header("Via") + "\r\nFrom: " + request.header("From") +
         "\r\nTo: " + request.header("To") + "\r\nCall-ID: " + request.header("Call-ID") +
         "\r\nCSeq: " + request.header("CSeq") + "\r\nContent-Length: 0\r\n\r\n";
}

std::string Client::compose(std::string_view method, std::string_view body, std::string_view extra) {
  std::string head =
      std::string(method) +
      " sip:192.0.2.5:5060;transport=tcp SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bK" +
      call_id_ + std::to_string(++branch_) + "\r\nFrom: <sip:" + name_ + "@example.test>;tag=" + name_ +
      "1;epid=" + epid_ + "\r\nTo: <sip:ctigw@gw.example.test>;tag=" + to_tag + "\r\nCall-ID: " + call_id_ +
      "\r\nCSeq: " + std::to_string(++cseq_) + " " + std::string(method) + "\r\nMax-Forwards: 70\r\n" +
      std::string(extra);
  if (!body.empty()) head += "Content-Type: application/csta+xml\r\n";
  return with_body(std::move(head), body);
}

Seen Client::request(std::string_view method, std::string_view body, std::string_view extra) {
  world_.send(peer, compose(method, body, extra));
  return answer_to(method);
}

Seen Client::answer_to(std::string_view method) {
  Seen found;
  for (auto& seen : take()) {
    const bool fits = seen.status() != 0 && seen.header("CSeq").ends_with(method);
    if (fits && found.head.empty()) {
      found = std::move(seen);
    } else {
      unread.push_back(std::move(seen));
    }
  }
  return found;
}

Seen Client::info(std::string_view body) {
  return request("INFO", body);
}

std::string Client::monitor() {
  return inside(info(csta("<MonitorStart><monitorObject><deviceObject>" + line_ +
                          "</deviceObject></monitorObject></MonitorStart>"))
                    .body,
                "monitorCrossRefID");
}

Seen Client::call(std::string_view number) {
  return info(csta("<MakeCall><callingDevice>" + line_ + "</callingDevice><calledDirectoryNumber>" +
                   std::string(number) +
                   "</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate></MakeCall>"));
}

std::vector<Seen> Client::take() {
  std::vector<Seen> out;
  const std::string text = world_.received(peer);
  sip::Framer framer;
  framer.push(text);
  for (auto item = framer.next(); !std::holds_alternative<sip::Framer::NeedMore>(item); item = framer.next()) {
    const auto* message = std::get_if<sip::Framer::Message>(&item);
    if (message == nullptr) break;
    out.push_back({std::string(message->head.substr(0, message->head.find("\r\n"))), std::string(message->head),
                   std::string(message->body)});
  }
  return out;
}

std::vector<std::string> Client::events(bool answer) {
  std::vector<std::string> names;
  for (bool more = true; more;) {
    auto seen = take();
    unread.insert(unread.end(), seen.begin(), seen.end());
    more = false;
    for (const auto& each : std::exchange(unread, {})) {
      if (!each.start.starts_with("INFO ")) continue;
      const std::size_t root = each.body.find('<', each.body.find("?>"));
      names.push_back(each.body.substr(root + 1, each.body.find_first_of(" >", root) - root - 1));
      if (!answer) continue;
      more = true;
      world_.send(peer, answer_200(each));
    }
  }
  return names;
}

}  // namespace linebridge::test
