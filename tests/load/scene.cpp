#include "tests/load/scene.hpp"

#include <vector>

#include "sip/framing/framer.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::test {
namespace {

constexpr std::string_view space = " xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\"";
constexpr std::string_view own_call_id = "callid-of-alice";

/// Category and value of a CSTAErrorCode: the text of its innermost element.
std::string error_in(std::string_view body) {
  if (body.find("<CSTAErrorCode") == std::string_view::npos) return {};
  const std::size_t end = body.find("</");
  return " " + std::string(body.substr(body.rfind('>', end) + 1, end - body.rfind('>', end) - 1));
}

std::string words_of(const sip::Framer::Message& message) {
  sip::HeadView head;
  if (!head.read(message.head)) return "unreadable";
  if (!head.is_response()) return std::string(head.method());
  return std::to_string(head.status()) + error_in(message.body);
}

/// What a node wrote, in words; equal messages in a row are counted.
std::string in_words(std::string_view text) {
  std::vector<std::pair<std::string, int>> seen;
  const auto add = [&seen](std::string words) {
    if (seen.empty() || seen.back().first != words) seen.emplace_back(std::move(words), 0);
    ++seen.back().second;
  };
  for (; text.starts_with("\r\n"); text.remove_prefix(2))
    add("ping");
  sip::Framer framer;
  framer.push(text);
  for (auto item = framer.next();; item = framer.next()) {
    const auto* message = std::get_if<sip::Framer::Message>(&item);
    if (message == nullptr) break;
    add(words_of(*message));
  }
  std::string out;
  for (const auto& [words, count] : seen)
    out += (out.empty() ? "" : ", ") + words + (count == 1 ? "" : " x" + std::to_string(count));
  return out;
}

std::string outcome(Wire& wire, PeerId peer) {
  std::string words = in_words(wire.heard(peer));
  if (wire.ended(peer)) words += words.empty() ? "closed" : " closed";
  return words;
}

}  // namespace

std::string csta_body(std::string_view element) {
  const std::size_t end = element.find_first_of("/>");
  return "<?xml version=\"1.0\"?>" + std::string(element.substr(0, end)) + std::string(space) +
         std::string(element.substr(end));
}

std::string text_in(std::string_view body, std::string_view element) {
  const std::string open = "<" + std::string(element) + ">";
  const std::size_t from = body.find(open);
  if (from == std::string_view::npos) return {};
  const std::string_view rest = body.substr(from + open.size());
  return std::string(rest.substr(0, rest.find('<')));
}

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  all.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i)
    all += text;
  return all;
}

std::string Draft::head() const {
  return method + " " + uri + " " + version + "\r\n" + via + from + to + call_id + cseq + more;
}

std::string Draft::text(std::string_view body) const {
  return head() + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string Scene::sign_in_body(std::string_view line) {
  return csta_body(
      "<RequestSystemStatus><extensions><privateData><private><lcs:line "
      "xmlns:lcs=\"http://schemas.microsoft.com/Lcs/2005/04/RCCExtension\">" +
      std::string(line) + "</lcs:line></private></privateData></extensions></RequestSystemStatus>");
}

Draft Scene::options() {
  Draft draft;
  const std::string number = std::to_string(next());
  draft.method = "OPTIONS";
  draft.via = "Via: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKw" + number + "\r\n";
  draft.from = "From: <sip:alice@example.test>;tag=f" + number + "\r\n";
  draft.to = "To: <sip:ctigw@gw.example.test>\r\n";
  draft.call_id = "Call-ID: stranger-" + number + "\r\n";
  draft.cseq = "CSeq: 1 OPTIONS\r\n";
  return draft;
}

Draft Scene::invite() {
  Draft draft = options();
  draft.method = "INVITE";
  draft.cseq = "CSeq: 1 INVITE\r\n";
  draft.more +=
      "Contact: <sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp>\r\nSupported: timer\r\n"
      "Content-Type: application/csta+xml\r\n";
  return draft;
}

Draft Scene::in_dialog(std::string_view method) {
  Draft draft = options();
  draft.method = method;
  draft.from = "From: <sip:alice@example.test>;tag=alice1;epid=01\r\n";
  draft.to = "To: <sip:ctigw@gw.example.test>;tag=" + tag_ + "\r\n";
  draft.call_id = "Call-ID: " + std::string(own_call_id) + "\r\n";
  draft.cseq = "CSeq: " + std::to_string(++cseq_) + " " + draft.method + "\r\n";
  return draft;
}

Draft Scene::info() {
  Draft draft = in_dialog("INFO");
  draft.more += "Content-Type: application/csta+xml\r\n";
  return draft;
}

std::string Scene::sign_in(PeerId on, const std::string& call_id, std::string_view epid) {
  Draft draft = invite();
  draft.from = "From: <sip:alice@example.test>;tag=alice1;epid=" + std::string(epid) + "\r\n";
  draft.call_id = "Call-ID: " + call_id + "\r\n";
  wire.say(on, draft.text(sign_in_body()));
  sip::Framer framer;
  framer.push(wire.heard(on));
  const auto item = framer.next();
  const auto* answer = std::get_if<sip::Framer::Message>(&item);
  sip::HeadView head;
  if (answer == nullptr || !head.read(answer->head) || head.status() != 200) return {};
  return std::string(head.to_tag());
}

bool Scene::begin() {
  peer = wire.open();
  tag_ = sign_in(peer, std::string(own_call_id), "01");
  if (tag_.empty()) return false;
  Draft ack = in_dialog("ACK");
  ack.cseq = "CSeq: 1 ACK\r\n";
  wire.say(peer, ack.text());
  wire.say(peer,
           info().text(csta_body("<MonitorStart><monitorObject><deviceObject>tel:1001;phone-context=dialstring"
                                 "</deviceObject></monitorObject></MonitorStart>")));
  monitor = text_in(wire.heard(peer), "monitorCrossRefID");
  return !monitor.empty();
}

bool Scene::refresh() {
  Draft draft = in_dialog("UPDATE");
  draft.more += "Supported: timer\r\n";
  return member(draft.text()) == "200";
}

std::string Scene::stranger(std::string_view bytes, std::string_view sender) {
  const PeerId on = wire.open(sender);
  if (!bytes.empty()) wire.say(on, bytes);
  std::string words = outcome(wire, on);
  if (!wire.ended(on)) wire.leave(on);
  return words;
}

std::string Scene::neighbour(std::string_view bytes) {
  if (!neighbour_) neighbour_ = wire.open();
  wire.say(neighbour_, bytes);
  std::string words = outcome(wire, neighbour_);
  if (wire.ended(neighbour_)) neighbour_ = {};
  return words;
}

std::string Scene::member(std::string_view bytes) {
  wire.say(peer, bytes);
  return outcome(wire, peer);
}

std::string Scene::csta(std::string_view element) {
  return member(info().text(csta_body(element)));
}

}  // namespace linebridge::test
