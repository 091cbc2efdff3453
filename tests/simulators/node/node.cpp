#include "node.hpp"

#include <algorithm>

namespace linebridge::sim::node {
namespace {

constexpr std::size_t most_queued = 4 * 1024 * 1024;  // Bytes that a peer does not read.
constexpr std::size_t most_asked = 256;               // Unanswered INFOs of a dialog.
constexpr std::size_t longest_key = 64;               // A longer Call-ID is hashed on its way.
constexpr std::string_view status_response =
    "<?xml version=\"1.0\"?><RequestSystemStatusResponse xmlns=\"http://www.ecma-international.org/standards/"
    "ecma-323/csta/ed3\"><systemStatus>normal</systemStatus></RequestSystemStatusResponse>";
constexpr std::string_view csta_type = "Content-Type: application/csta+xml\r\n";

void append(std::string& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts)
    out += part;
}

std::uint32_t number_of(std::string_view cseq) {
  return to_number<std::uint32_t>(trim(take_until(cseq, ' '))).value_or(0);
}

}  // namespace

void Node::on(const Input& input, Outbox& out) {
  out_ = &out;
  if (const auto* up = std::get_if<Opened>(&input)) opened(*up);
  if (const auto* got = std::get_if<Bytes>(&input)) received(*got);
  if (const auto* end = std::get_if<Closed>(&input)) peers_.erase(end->peer.value);
}

void Node::opened(const Opened& input) {
  Peer& peer = peers_[input.peer.value];
  peer.listener = input.from.listener;
  if (peer.listener == Listener::agent) {
    append(out_->to(input.peer), {settings_.agent, "\n"});
    return out_->close(input.peer, Flush::yes);
  }
  peer.host = to_text(input.from.local);
  if (!input.from.proxy || peer.listener != Listener::sip) return;
  const ProxyHeader& header = *input.from.proxy;
  peer.check = header.local;
  if (peer.check) return;
  ++counts_.legs;
  peer.key = header.unique_id;
  peer.host = to_text(header.destination);
}

void Node::received(const Bytes& input) {
  const auto found = peers_.find(input.peer.value);
  if (found == peers_.end()) return;
  Peer& peer = found->second;
  if (peer.listener == Listener::control) return control(input.peer, peer, input.bytes);
  if (peer.listener != Listener::sip) return;
  peer.cutter.push(input.bytes);
  for (;;) {
    const auto whole = peer.cutter.next(message_);
    if (!whole) {
      ++counts_.malformed;
      return out_->close(input.peer, Flush::yes);
    }
    if (!whole.value()) return;
    take(input.peer, peer);
  }
}

void Node::take(PeerId id, const Peer& peer) {
  const bool hashed = message_.call_id.size() > longest_key;
  if (!peer.key.empty() && (hashed ? peer.key.size() != longest_key : peer.key != message_.call_id))
    ++counts_.wrong_leg;
  if (message_.is_response()) return response();
  request(id, peer);
}

void Node::request(PeerId id, const Peer& peer) {
  const auto tag = parameter(message_.to, "tag");
  const std::string_view method = message_.method();
  if (method == "OPTIONS" && !tag) {
    ++counts_.checks;
    return answer(id, 200, "OK", "check");
  }
  if (tag) return in_dialog(id, peer, *tag);
  if (method == "INVITE") return invite(id, peer);
  if (method != "ACK") answer(id, 481, "Call/Transaction Does Not Exist");
}

bool Node::refuses_this() {
  std::string_view user = uri_in(message_.from);
  take_until(user, ':');
  if (!settings_.refused.empty() && user.starts_with(settings_.refused)) return true;
  refusal_ += settings_.refuse;
  if (refusal_ < 100) return false;
  refusal_ -= 100;
  return true;
}

void Node::invite(PeerId id, const Peer& peer) {
  ++counts_.invites;
  const std::string tag = settings_.name + "-" + random_.hex(96);
  const bool full = dialogs_.size() >= settings_.dialogs;
  if (full || refuses_this()) {
    ++counts_.refused;
    return full ? answer(id, 503, "Service Unavailable", tag, "Retry-After: 5\r\n")
                : answer(id, 403, "Forbidden", tag);
  }
  ++counts_.accepted;
  Dialog& dialog = dialogs_[tag];
  counts_.most_dialogs = std::max<std::uint64_t>(counts_.most_dialogs, dialogs_.size());
  dialog.call_id = message_.call_id;
  append(dialog.ours, {message_.to, ";tag=", tag});
  dialog.theirs = message_.from;
  dialog.target = uri_in(message_.contact.empty() ? message_.from : message_.contact);
  dialog.routes.assign(message_.record_routes.begin(), message_.record_routes.end());
  dialog.peer = id;
  std::string extra =
      "Contact: <sip:" + peer.host + ";transport=tcp>\r\nAllow: INVITE, ACK, BYE, INFO, UPDATE, OPTIONS\r\n";
  for (const auto& route : dialog.routes)
    append(extra, {"Record-Route: ", route, "\r\n"});
  if (!message_.session_expires.empty())
    append(extra, {"Require: timer\r\nSession-Expires: ",
                   trim(message_.session_expires.substr(0, message_.session_expires.find(';'))),
                   ";refresher=uac\r\n"});
  if (message_.body.empty()) return answer(id, 200, "OK", tag, extra);
  extra += csta_type;
  answer(id, 200, "OK", tag, extra, status_response);
}

void Node::in_dialog(PeerId id, const Peer& peer, std::string_view tag) {
  const std::string_view method = message_.method();
  const auto found = dialogs_.find(tag);
  if (found == dialogs_.end() || found->second.call_id != message_.call_id) {
    if (!tag.starts_with(settings_.name)) ++counts_.wrong_node;
    if (method == "ACK") return;
    ++counts_.unknown;
    return answer(id, 481, "Call/Transaction Does Not Exist");
  }
  Dialog& dialog = found->second;
  dialog.peer = id;
  if (method == "ACK") {
    ++counts_.acks;
  } else if (method == "INFO") {
    ++counts_.infos;
    answer(id, 200, "OK", {}, message_.body.empty() ? "" : csta_type, message_.body);
    echo(dialog, peer);
  } else if (method == "BYE") {
    ++counts_.byes;
    answer(id, 200, "OK");
    dialogs_.erase(found);
  } else {
    ++counts_.updates;
    answer(id, 200, "OK", {}, "Contact: <sip:" + peer.host + ";transport=tcp>\r\n");
  }
}

void Node::echo(Dialog& dialog, const Peer& peer) {
  if (dialog.asked.size() >= most_asked) dialog.asked.pop_front();
  dialog.asked.emplace_back(++dialog.cseq, message_.body);
  ++counts_.events;
  std::string& out = to(dialog.peer);
  append(out, {"INFO ", dialog.target, " SIP/2.0\r\nVia: SIP/2.0/TCP ", peer.host, ";branch=z9hG4bK",
               settings_.name, std::to_string(++branches_), "\r\nMax-Forwards: 70\r\n"});
  for (const auto& route : dialog.routes)
    append(out, {"Route: ", route, "\r\n"});
  append(out, {"From: ", dialog.ours, "\r\nTo: ", dialog.theirs, "\r\nCall-ID: ", dialog.call_id, "\r\nCSeq: ",
               std::to_string(dialog.cseq), " INFO\r\nContact: <sip:", peer.host, ";transport=tcp>\r\n",
               csta_type, "Content-Length: ", std::to_string(message_.body.size()), "\r\n\r\n", message_.body});
}

void Node::response() {
  if (message_.status() < 200) return;
  const auto found = dialogs_.find(parameter(message_.from, "tag").value_or(""));
  if (found == dialogs_.end()) {
    // The dialog may have ended while the answer was on its way.
    if (!parameter(message_.from, "tag").value_or("").starts_with(settings_.name)) ++counts_.wrong_answer;
    return;
  }
  auto& asked = found->second.asked;
  const std::uint32_t number = number_of(message_.cseq);
  const auto at =
      std::find_if(asked.begin(), asked.end(), [number](const auto& each) { return each.first == number; });
  if (at == asked.end() || found->second.call_id != message_.call_id) {
    ++counts_.wrong_answer;
    return;
  }
  if (!message_.body.empty() && message_.body != at->second) ++counts_.wrong_body;
  ++(message_.status() < 300 ? counts_.answers : counts_.events_refused);
  asked.erase(at);
}

void Node::answer(PeerId id, int status, std::string_view reason, std::string_view tag, std::string_view extra,
                  std::string_view body) {
  std::string& out = to(id);
  append(out, {"SIP/2.0 ", std::to_string(status), " ", reason, "\r\n"});
  for (const std::string_view via : message_.vias)
    append(out, {"Via: ", via, "\r\n"});
  append(out, {"From: ", message_.from, "\r\nTo: ", message_.to});
  if (!tag.empty()) append(out, {";tag=", tag});
  append(out, {"\r\nCall-ID: ", message_.call_id, "\r\nCSeq: ", message_.cseq, "\r\n", extra,
               "Content-Length: ", std::to_string(body.size()), "\r\n\r\n", body});
}

/// Where output for a peer goes. One that does not read is closed, so that no output grows without bound.
std::string& Node::to(PeerId id) {
  if (out_->queued(id) > most_queued) out_->close(id, Flush::no);
  return out_->to(id);
}

}  // namespace linebridge::sim::node
