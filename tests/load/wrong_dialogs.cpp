#include <algorithm>

#include "tests/load/wrong_input.hpp"

/// Messages that fit no dialog, no transaction or no turn of theirs (RFC 3261 sections 9, 12 and 15).
namespace linebridge::test {
namespace {

using Part = std::string Draft::*;

/// An INFO in alice's dialog with another line in the place of one.
std::string info_with(Scene& s, Part part, const std::string& line) {
  Draft draft = s.info();
  draft.*part = line;
  return s.member(draft.text(csta_body("<GetCSTAFeatures/>")));
}
/// A request outside of any dialog, of a method that belongs inside of one.
std::string alone(Scene& s, std::string_view method) {
  Draft draft = s.options();
  draft.method = method;
  draft.cseq = "CSeq: 1 " + draft.method + "\r\n";
  return s.neighbour(draft.text());
}
/// The same in a dialog that is not there.
std::string in_no_dialog(Scene& s, std::string_view method) {
  Draft draft = s.in_dialog(method);
  draft.to = "To: <sip:ctigw@gw.example.test>;tag=pub-" + std::to_string(s.next()) + "\r\n";
  draft.call_id = "Call-ID: nobodys-" + std::to_string(s.next()) + "\r\n";
  return s.neighbour(draft.text());
}
std::string in_dialog(Scene& s, std::string_view method) {
  return s.member(s.in_dialog(method).text());
}
std::string response(Scene& s, std::string_view status) {
  const Draft like = s.options();
  return s.neighbour("SIP/2.0 " + std::string(status) + "\r\n" + like.via + like.from + like.to + like.call_id +
                     like.cseq + "Content-Length: 0\r\n\r\n");
}
std::string sign_in_refused(Scene& s, std::string_view user, std::string_view line,
                            std::string_view uri = "sip:ctigw@gw.example.test") {
  Draft draft = s.invite();
  draft.uri = uri;
  draft.from = "From: <sip:" + std::string(user) + "@example.test>;tag=" + std::to_string(s.next()) + "\r\n";
  return s.neighbour(draft.text(Scene::sign_in_body(line)));
}
/// re-INVITEs without a body, the last one acknowledged.
std::string reinvite(Scene& s, int count) {
  std::string all;
  Draft draft;
  for (int i = 0; i < count; ++i) {
    draft = s.in_dialog("INVITE");
    draft.more += "Contact: <sip:alice@example.test>\r\nSupported: timer\r\n";
    all += draft.text();
  }
  draft.method = "ACK";
  draft.cseq.replace(draft.cseq.find("INVITE"), 6, "ACK");
  return s.member(all + draft.text());
}
/// A session that begins and ends at once and is never acknowledged, with an INFO before or after its BYE; the
/// statuses.
std::string short_life(Scene& s, bool info_last) {
  const PeerId on = s.wire.open();
  const std::string call_id = "short-" + std::to_string(s.next());
  const std::string tag = s.sign_in(on, call_id, "02");
  const auto status_of = [&](std::string_view method, std::string_view body) {
    Draft draft = s.in_dialog(method);
    draft.from = "From: <sip:alice@example.test>;tag=alice1;epid=02\r\n";
    draft.to = "To: <sip:ctigw@gw.example.test>;tag=" + tag + "\r\n";
    draft.call_id = "Call-ID: " + call_id + "\r\n";
    if (!body.empty()) draft.more += "Content-Type: application/csta+xml\r\n";
    s.wire.say(on, draft.text(body));
    const std::string answer = s.wire.heard(on);
    return answer.substr(std::min<std::size_t>(8, answer.size()), 3);
  };
  std::string words;
  if (info_last) words = status_of("BYE", "") + " ";
  words += status_of("INFO", csta_body("<GetCSTAFeatures/>"));
  if (!info_last) words += " " + status_of("BYE", "");
  s.wire.leave(on);
  return words;
}

constexpr auto nowhere = Counter::sip_unknown_dialog;
constexpr std::string_view unknown = "LB-SIP-008";
constexpr auto refused = Counter::invites_refused;
constexpr std::string_view not_taken = "LB-SES-002";

constexpr WrongInput dialogs[] = {
    {"INFO with another To tag",
     [](Scene& s) { return info_with(s, &Draft::to, "To: <sip:ctigw@gw.example.test>;tag=pub-0\r\n"); }, "481",
     nowhere, unknown},
    {"INFO with another From tag",
     [](Scene& s) { return info_with(s, &Draft::from, "From: <sip:alice@example.test>;tag=alice2\r\n"); },
     "481", nowhere, unknown},
    {"INFO with another Call-ID",
     [](Scene& s) { return info_with(s, &Draft::call_id, "Call-ID: of-nobody\r\n"); }, "481", nowhere, unknown},
    {"INFO of another user with alice's tags",
     [](Scene& s) { return info_with(s, &Draft::from, "From: <sip:bob@example.test>;tag=alice1\r\n"); }, "403",
     Counter::requests_refused, unknown},
    {"BYE of another user with alice's tags",
     [](Scene& s) {
       Draft draft = s.in_dialog("BYE");
       draft.from = "From: <sip:bob@example.test>;tag=alice1\r\n";
       return s.member(draft.text());
     },
     "403", Counter::requests_refused, unknown},
    {"CSeq that jumps far ahead",
     [](Scene& s) { return info_with(s, &Draft::cseq, "CSeq: 2147483647 INFO\r\n"); }, "200"},
    {"CSeq that falls back",
     [](Scene& s) {
       info_with(s, &Draft::cseq, "CSeq: 2147483647 INFO\r\n");
       return info_with(s, &Draft::cseq, "CSeq: 1 INFO\r\n");
     },
     "200", Counter::sip_cseq_backwards, "LB-SIP-005", 2},
    {"CSeq that stays",
     [](Scene& s) {
       info_with(s, &Draft::cseq, "CSeq: 7 INFO\r\n");
       return info_with(s, &Draft::cseq, "CSeq: 7 INFO\r\n");
     },
     "200", Counter::sip_cseq_backwards, "LB-SIP-005", 2},
    {"INFO before the ACK", [](Scene& s) { return short_life(s, false); }, "200 200", {}, {}, 3},
    {"INFO after the BYE", [](Scene& s) { return short_life(s, true); }, "200 481", nowhere, unknown, 3},
    {"re-INVITE without a body", [](Scene& s) { return reinvite(s, 1); }, "200", {}, {}, 2},
    {"re-INVITE before the former was acknowledged", [](Scene& s) { return reinvite(s, 2); }, "200, 491",
     Counter::requests_refused, unknown, 3},
    {"REFER in the dialog", [](Scene& s) { return in_dialog(s, "REFER"); }, "405", Counter::requests_refused,
     unknown},
    {"CANCEL in the dialog", [](Scene& s) { return in_dialog(s, "CANCEL"); }, "481", Counter::requests_refused,
     unknown},
    {"a short session interval",
     [](Scene& s) {
       Draft draft = s.invite();
       draft.more += "Session-Expires: 10\r\n";
       return s.neighbour(draft.text(Scene::sign_in_body()));
     },
     "422", refused, not_taken},
};

constexpr WrongInput floods[] = {
    {"INFO outside of a dialog", [](Scene& s) { return alone(s, "INFO"); }, "481", nowhere, unknown},
    {"BYE outside of a dialog", [](Scene& s) { return alone(s, "BYE"); }, "481", nowhere, unknown},
    {"UPDATE outside of a dialog", [](Scene& s) { return alone(s, "UPDATE"); }, "481", nowhere, unknown},
    {"CANCEL of nothing", [](Scene& s) { return alone(s, "CANCEL"); }, "481", Counter::requests_refused,
     unknown},
    {"INFO of an unknown dialog", [](Scene& s) { return in_no_dialog(s, "INFO"); }, "481", nowhere, unknown},
    {"BYE of an unknown dialog", [](Scene& s) { return in_no_dialog(s, "BYE"); }, "481", nowhere, unknown},
    {"UPDATE of an unknown dialog", [](Scene& s) { return in_no_dialog(s, "UPDATE"); }, "481", nowhere,
     unknown},
    {"OPTIONS of an unknown dialog", [](Scene& s) { return in_no_dialog(s, "OPTIONS"); }, "481", nowhere,
     unknown},
    {"INVITE of an unknown dialog", [](Scene& s) { return in_no_dialog(s, "INVITE"); }, "481", nowhere,
     unknown},
    {"ACK of nothing", [](Scene& s) { return alone(s, "ACK"); }, "", Counter::sip_stray_ack, "LB-SIP-013"},
    {"ACK of an unknown dialog", [](Scene& s) { return in_no_dialog(s, "ACK"); }, "", Counter::sip_stray_ack,
     "LB-SIP-013"},
    {"a response to nothing", [](Scene& s) { return response(s, "200 OK"); }, "", Counter::sip_stray_response,
     "LB-SIP-009"},
    {"a refusal of nothing", [](Scene& s) { return response(s, "481 Gone"); }, "", Counter::sip_stray_response,
     "LB-SIP-009"},
    {"OPTIONS without end", [](Scene& s) { return alone(s, "OPTIONS"); }, "200"},
    {"sign-ins of nobody", [](Scene& s) { return sign_in_refused(s, "mallory", "tel:1001"); }, "403", refused,
     not_taken},
    {"sign-ins of a user not assigned", [](Scene& s) { return sign_in_refused(s, "carol", "tel:1003"); }, "403",
     refused, not_taken},
    {"sign-ins to another's line", [](Scene& s) { return sign_in_refused(s, "alice", "tel:1002"); }, "404",
     refused, not_taken},
    {"sign-ins to no line", [](Scene& s) { return sign_in_refused(s, "alice", "mailto:x"); }, "404", refused,
     not_taken},
    {"sign-ins to another domain",
     [](Scene& s) { return sign_in_refused(s, "alice", "tel:1001", "sip:x@elsewhere.test"); }, "404", refused,
     not_taken},
    {"sign-ins from a host not listed",
     [](Scene& s) { return s.stranger(s.invite().text(Scene::sign_in_body()), "198.51.100.1"); }, "403",
     refused, not_taken},
    {"bare connections", [](Scene& s) { return s.stranger(""); }, ""},
};

}  // namespace

std::span<const WrongInput> wrong_dialogs() {
  return dialogs;
}
std::span<const WrongInput> wrong_floods() {
  return floods;
}

}  // namespace linebridge::test
