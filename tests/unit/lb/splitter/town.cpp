#include "tests/unit/lb/splitter/town.hpp"

namespace linebridge::lb::splitter {
namespace {

constexpr std::size_t hosts = 2, clients_of_host = 2;

Settings town_settings(std::size_t calls) {
  Settings settings = Bench::usual();
  settings.dials = 16;
  settings.dialogs = 2 * calls + 10;
  return settings;
}

}  // namespace

Town::Town(std::uint64_t seed, std::size_t calls, Duration longest_step)
    : bench_(town_settings(calls)), chance_(repeatable(seed)), longest_step_(longest_step) {
  for (const std::string node : {"pub", "sub"})
    known_[node];
  for (std::size_t i = 0; i < calls; ++i)
    calls_.push_back({"call-" + std::to_string(++last_call_), "", 0, i % hosts, false});
  for (std::size_t i = 0; i < hosts * clients_of_host; ++i)
    connect(i % hosts);
}

PeerId Town::connect(std::size_t host) {
  const PeerId peer = bench_.client(++last_peer_, "192.0.2." + std::to_string(10 + host));
  wires_[peer].host = host;
  hosts_[peer] = host;
  return peer;
}

PeerId Town::client_of(std::size_t host) {
  std::vector<PeerId> all;
  for (const auto& [peer, wire] : wires_)
    if (wire.end == Wire::End::client && wire.host == host) all.push_back(peer);
  return all.empty() ? connect(host) : all[pick(all.size())];
}

// A body that looks like other things.
std::string Town::words() {
  std::string out =
      "<" + std::to_string(chance_.number()) + ">\r\n\r\nINFO sip:x SIP/2.0\r\nCall-ID: call-1\r\n\r\n";
  for (std::size_t i = pick(200); i > 0; --i)
    out += static_cast<char>(pick(256));
  return out;
}

Town::Id Town::id_of(bool of_node) const {
  return std::string(head_.call_id()) + " " + std::to_string(head_.cseq_number().value_or(0)) + " " +
         std::string(head_.method()) + (of_node ? " node" : " ocs");
}

void Town::step() {
  switch (pick(5)) {
    case 0: ocs_speaks(); break;
    case 1: node_speaks(); break;
    case 2: bench_.pass(chance_.up_to(longest_step_)); break;
    default: arrive(1 + pick(2000)); break;
  }
  look();
}

void Town::ocs_speaks() {
  Call& call = calls_[pick(calls_.size())];
  if (call.tag.empty()) {
    if (!call.inviting) ocs_asks(call, "INVITE");
    call.inviting = true;
    return;
  }
  static constexpr std::array methods = {"INFO", "INFO", "INFO", "UPDATE", "OPTIONS", "BYE"};
  const std::string method = methods[pick(methods.size())];
  ocs_asks(call, method);
  if (method == "BYE") call = {"call-" + std::to_string(++last_call_), "", 0, call.host, false};
}

void Town::ocs_asks(Call& call, std::string method) {
  const std::string text = request(method, call.id, ++call.cseq, call.tag, words());
  const PeerId peer = client_of(call.host);
  wires_[peer].under_way += text;
  said_by_ocs_.insert(text);
  asked_[call.id + " " + std::to_string(call.cseq) + " " + method + " ocs"] = {text, peer};
}

// A node that has no leg of a dialog comes to the splitter by itself.
void Town::node_speaks() {
  const std::string node = pick(2) == 0 ? "pub" : "sub";
  auto& dialogs = known_[node];
  if (dialogs.empty()) return;
  const auto& [call, tag] = *std::next(dialogs.begin(), static_cast<std::ptrdiff_t>(pick(dialogs.size())));
  PeerId leg;
  for (const auto& [peer, wire] : wires_)
    if (wire.end == Wire::End::node && wire.node == node && wire.key == call) leg = peer;
  if (!leg) {
    leg = bench_.node_leg(++last_peer_, call, node);
    wires_[leg] = {Wire::End::node, 0, node, call, {}, {}};
  }
  Sip info{"INFO sip:client@x SIP/2.0", call, "ocs", tag};
  const int cseq = ++node_cseq_[call];
  info.branch = "z9hG4bKnode" + std::to_string(cseq);
  info.cseq = std::to_string(cseq) + " INFO";
  info.body = words();
  wires_[leg].under_way += info.text();
  said_by_nodes_.insert(info.text());
  asked_[call + " " + std::to_string(cseq) + " INFO node"] = {info.text(), leg};
}

void Town::arrive(std::size_t most) {
  std::vector<PeerId> speaking;
  for (const auto& [peer, wire] : wires_)
    if (!wire.under_way.empty()) speaking.push_back(peer);
  if (speaking.empty()) return;
  const PeerId peer = speaking[pick(speaking.size())];
  std::string& all = wires_[peer].under_way;
  const std::string now = all.substr(0, most);
  all.erase(0, now.size());
  bench_.says(peer, now);
}

// What the splitter ordered: dials, bytes, closes.
void Town::look() {
  for (bool again = true; again;) {
    again = false;
    for (; seen_dials_ < bench_.out.dials.size(); again = true)
      place_dial(test::RecordingOutbox::Dial(bench_.out.dials[seen_dials_++]));
    std::vector<PeerId> peers;
    for (const auto& [peer, wire] : wires_)
      peers.push_back(peer);
    for (const PeerId peer : peers)
      if (const std::string bytes = bench_.out.take(peer); !bytes.empty()) heard(peer, wires_[peer], bytes);
    for (; seen_closes_ < bench_.out.closes.size(); again = true)
      gone(bench_.out.closes[seen_closes_++].peer, Gone::by_us);
  }
}

std::string Town::choose(const ProxyHeader& header) {
  if (known_.contains(header.authority)) return stick_[header.unique_id] = header.authority;
  const auto known = stick_.find(header.unique_id);
  if (known != stick_.end()) return known->second;
  return stick_[header.unique_id] = ++turn_ % 2 == 0 ? "sub" : "pub";
}

void Town::place_dial(const test::RecordingOutbox::Dial& dial) {
  const ProxyHeader& header = *dial.target.proxy;
  wires_[dial.peer] = {Wire::End::node, 0, choose(header), header.unique_id, {}, {}};
  bench_.up(dial.peer);
}

void Town::heard(PeerId peer, Wire& wire, std::string_view bytes) {
  wire.framer.push(bytes);
  for (;;) {
    const auto item = wire.framer.next();
    ASSERT_FALSE(std::holds_alternative<Error>(item));
    const auto* message = std::get_if<sip::Framer::Message>(&item);
    if (message == nullptr) return;
    ASSERT_TRUE(head_.read(message->head));
    wire.end == Wire::End::client ? client_hears(peer, wire, *message) : node_hears(peer, wire, *message);
  }
}

void Town::client_hears(PeerId peer, Wire& wire, const sip::Framer::Message& message) {
  if (head_.is_response()) return client_answered(peer, wire, message.whole());
  EXPECT_TRUE(said_by_nodes_.contains(message.whole()));
  Sent& sent = asked_.at(id_of(true));
  EXPECT_EQ(++sent.arrived, 1u);
  sent.passed_to = peer;
  Sip ok{"SIP/2.0 200 OK", std::string(head_.call_id()), "ocs", std::string(head_.from_tag())};
  ok.branch = head_.top_via_branch();
  ok.cseq = *head_.first("CSeq");
  ok.body = words();
  wire.under_way += ok.text();
  said_by_ocs_.insert(ok.text());
}

void Town::client_answered(PeerId peer, const Wire& wire, std::string_view text) {
  const auto found = asked_.find(id_of(false));
  ASSERT_NE(found, asked_.end());
  Sent& sent = found->second;
  const int status = head_.status();
  EXPECT_FALSE(sent.answered) << text;
  EXPECT_TRUE(peer == sent.peer || (!wires_.contains(sent.peer) && wire.host == hosts_.at(sent.peer)));
  const bool local = (status == 481 || status == 500 || status == 503) && text.ends_with("\r\n\r\n");
  EXPECT_TRUE(local || said_by_nodes_.contains(text)) << text;
  EXPECT_TRUE(status != 503 || head_.method() == "INVITE");
  sent.answered = true;
  const auto call =
      std::find_if(calls_.begin(), calls_.end(), [&](const Call& each) { return each.id == head_.call_id(); });
  if (call == calls_.end()) return;
  if (head_.method() == "INVITE" && status == 200) {
    ++accepted_;
    call->tag = head_.to_tag();
    const std::string ack = request("ACK", call->id, call->cseq, call->tag);
    said_by_ocs_.insert(ack);
    wires_[peer].under_way += ack;
  } else if (status != 200) {
    *call = {"call-" + std::to_string(++last_call_), "", 0, call->host, false};
  }
}

void Town::node_hears(PeerId peer, Wire& wire, const sip::Framer::Message& message) {
  const std::string text(message.whole());
  EXPECT_EQ(head_.call_id(), wire.key);
  if (!head_.is_response()) {
    EXPECT_TRUE(said_by_ocs_.contains(text)) << text;
    if (head_.method() == "ACK") return;
    EXPECT_LE(++asked_.at(id_of(false)).arrived, 2u);
    return node_request(peer, wire, message.body);
  }
  Sent& sent = asked_.at(id_of(true));
  EXPECT_FALSE(sent.answered);
  sent.answered = true;
  const bool local = head_.status() == 480 && message.body.empty();
  EXPECT_TRUE(local || said_by_ocs_.contains(text)) << text;
}

void Town::node_request(PeerId, Wire& wire, std::string_view body) {
  auto& dialogs = known_[wire.node];
  const std::string call(head_.call_id());
  const bool invites = head_.method() == "INVITE" && head_.to_tag().empty();
  if (invites && dialogs[call].empty()) dialogs[call] = wire.node + "-" + std::to_string(++last_tag_);
  const auto known = dialogs.find(call);
  if (known == dialogs.end() || (!invites && known->second != head_.to_tag()))
    return answer(wire, 481, std::string(head_.to_tag()), "");
  const std::string tag = known->second;
  if (head_.method() == "BYE") dialogs.erase(known);
  answer(wire, 200, tag, "echo " + std::string(body));
}

void Town::answer(Wire& wire, int status, const std::string& tag, std::string body) {
  Sip out{"SIP/2.0 " + std::to_string(status) + " Words", std::string(head_.call_id()), tag,
          std::string(head_.from_tag())};
  out.branch = head_.top_via_branch();
  out.cseq = *head_.first("CSeq");
  out.body = std::move(body);
  said_by_nodes_.insert(out.text());
  wire.under_way += out.text();
}

void Town::gone(PeerId peer, Gone why) {
  if (wires_.erase(peer) == 0) return;
  for (auto& [id, sent] : asked_)
    sent.excused = sent.excused || sent.peer == peer || sent.passed_to == peer;
  bench_.gone(peer, why);
}

void Town::close_wires(const std::function<bool(const Wire&)>& which) {
  std::vector<PeerId> lost;
  for (const auto& [peer, wire] : wires_)
    if (which(wire)) lost.push_back(peer);
  for (const PeerId peer : lost)
    gone(peer, Gone::broken);
  look();
}

void Town::lose(Loss what) {
  const std::string node = pick(2) == 0 ? "pub" : "sub";
  const auto of_node = [](const Wire& wire) { return wire.end == Wire::End::node; };
  std::vector<PeerId> peers;
  for (const auto& [peer, wire] : wires_)
    if (of_node(wire) == (what == Loss::leg)) peers.push_back(peer);
  switch (what) {
    case Loss::client:
    case Loss::leg:
      if (!peers.empty()) gone(peers[pick(peers.size())], Gone::broken);
      return look();
    case Loss::place: return close_wires(of_node);
    case Loss::node:
      known_[node].clear();
      return close_wires([&](const Wire& wire) { return of_node(wire) && wire.node == node; });
  }
}

void Town::reload() {
  bench_.on(Reloaded{});
  look();
}

void Town::finish() {
  for (int round = 0; round < 200; ++round) {
    const auto busy = [](const auto& each) { return !each.second.under_way.empty(); };
    while (std::any_of(wires_.begin(), wires_.end(), busy)) {
      arrive(10'000);
      look();
    }
    bench_.pass(200ms);
    look();
  }
  for (const auto& [id, sent] : asked_)
    EXPECT_TRUE(sent.answered || sent.excused) << id;
  EXPECT_EQ(bench_.splitter.status().pending, 0u);
  close_wires([](const Wire&) { return true; });
  bench_.pass(1min);
  look();
  const splitter::Status left = bench_.splitter.status();
  EXPECT_EQ(left.clients + left.dialogs + left.legs + left.dialling + left.pending, 0u);
  EXPECT_FALSE(bench_.splitter.next_deadline());
}

}  // namespace linebridge::lb::splitter
