#include "server.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::size_t most_waiting = 1024 * 1024;  // bytes for a connection that is not up yet
constexpr std::size_t most_queued = 1024 * 1024;   // bytes that a peer does not read
constexpr std::size_t most_pending = 65536;
constexpr Duration first_redial = std::chrono::milliseconds(200), longest_redial = std::chrono::seconds(5);

bool is_own_method(std::string_view method) {
  return method == "REGISTER" || method == "SUBSCRIBE" || method == "SERVICE" || method == "PUBLISH";
}

bool has_csta(const Message& request) {
  return istarts_with(request.get("Content-Type"), "application/csta+xml");
}

}  // namespace

Server::Server(Settings settings, HostPort listening, Witness& witness)
    : settings_(std::move(settings)),
      self_{std::move(listening), settings_.signature, settings_.tls},
      witness_(witness),
      fronts_(settings_.connections == 0 ? 1 : settings_.connections) {}

std::optional<TimePoint> Server::on(const Input& input, TimePoint now, Outbox& outbox) {
  now_ = now;
  out_ = &outbox;
  std::visit(
      Overloaded{[&](const Opened& it) { opened(it); }, [&](const Bytes& it) { received(it); },
                 [&](const Closed& it) { closed(it); }, [](const Drained&) {}, [&](const Tick&) { expire(); },
                 [&](const Stop&) {
                   stopping_ = true;
                   for (const auto& [id, peer] : peers_)
                     out_->close(id, Flush::yes);
                 }},
      input);
  return next();
}

std::optional<TimePoint> Server::next() const {
  const auto next = deadlines_.next();
  return redial_at_ && (!next || *redial_at_ < *next) ? redial_at_ : next;
}

PeerId Server::add_inside(std::string name, Address shown) {
  inside_.push_back({std::move(name), std::move(shown)});
  return {first_inside + inside_.size() - 1};
}

std::optional<TimePoint> Server::carry(PeerId client, Message message, TimePoint now, Outbox& outbox) {
  now_ = now;
  out_ = &outbox;
  take(client, std::move(message));
  return next();
}

const std::string& Server::name_of(PeerId peer) const {
  return is_inside(peer) ? inside_[peer.value - first_inside].name : peers_.at(peer).name;
}

const Address& Server::address_of(PeerId peer) const {
  return is_inside(peer) ? inside_[peer.value - first_inside].shown : peers_.at(peer).remote;
}

void Server::record(std::string_view from, std::string_view to, const Message& message) {
  if (witness_.listens()) witness_.passed(from, to, to_text(message));
}

void Server::opened(const Opened& input) {
  Peer& peer = peers_[input.peer];
  peer.remote = input.from.remote;
  peer.up = true;
  if (peer.name.empty()) peer.name = "client " + to_text(peer.remote);
  if (std::find(fronts_.begin(), fronts_.end(), input.peer) != fronts_.end()) redial_pause_ = {};
  out_->to(input.peer) += std::exchange(peer.waiting, {});
}

void Server::received(const Bytes& input) {
  const auto peer = peers_.find(input.peer);
  if (peer == peers_.end()) return;
  peer->second.cutter.push(input.bytes);
  for (;;) {
    auto next = peer->second.cutter.next();
    if (!next) {
      witness_.noted(peer->second.name + ": " + next.error().detail + "; connection closed");
      out_->close(input.peer, Flush::yes);
      return;
    }
    if (!next.value()) return;
    take(input.peer, *std::move(next).value());
  }
}

void Server::closed(const Closed& input) {
  const auto peer = peers_.find(input.peer);
  if (peer == peers_.end()) return;
  witness_.noted(peer->second.name + ": closed");
  peers_.erase(peer);
  for (auto& front : fronts_) {
    if (front != input.peer) continue;
    front = {};
    redial_pause_ = std::clamp<Duration>(redial_pause_ * 2, first_redial, longest_redial);
    if (settings_.keep_up && !stopping_) redial_at_ = now_ + redial_pause_;
  }
  std::erase_if(reachable_, [&](const auto& each) { return each.second == input.peer; });
  std::vector<Pending> lost;
  for (auto each = pending_.begin(); each != pending_.end();) {
    const bool concerned = each->second.from == input.peer || each->second.to == input.peer;
    if (concerned) deadlines_.cancel(each->second.deadline);
    if (concerned) lost.push_back(std::move(each->second));
    each = concerned ? pending_.erase(each) : std::next(each);
  }
  for (const auto& each : lost)
    if (each.to == input.peer && !each.answered) answer(each.from, each.request, 504, "Server time-out");
}

void Server::take(PeerId from, Message message) {
  record(name_of(from), "ocs", message);
  if (!is_inside(from)) ++carried_;
  if (message.is_response())
    take_response(from, std::move(message));
  else
    take_request(from, std::move(message));
}

void Server::take_response(PeerId from, Message response) {
  const auto branch = pop_via(response, self_);
  const auto found = branch ? pending_.find(*branch) : pending_.end();
  if (found == pending_.end())
    return witness_.noted(name_of(from) + ": response to nothing that was sent, dropped");
  const Pending& pending = found->second;
  const PeerId back = pending.from;
  const bool answered = pending.answered;
  if (noted_sender(response) != back)
    return witness_.noted(name_of(from) + ": response with a damaged Via, dropped");
  if (response.status() >= 300 && is_inside(back)) acknowledge_refusal(pending, *branch, response);
  if (response.status() >= 200) {
    deadlines_.cancel(found->second.deadline);
    pending_.erase(found);
  }
  if (!answered) send(back, std::move(response));
}

void Server::take_request(PeerId from, Message request) {
  const Route route = take_route(request, self_);
  if (route == Route::forged) {
    witness_.noted(name_of(from) + ": Route is not the Record-Route that was given");
    return answer(from, request, 403, "Forbidden");
  }
  learn(from, request);
  const PeerId to = route == Route::other ? PeerId{} : target(from, request);
  if (to) return pass_on(from, to, std::move(request));
  serve(from, request);
}

void Server::serve(PeerId from, const Message& request) {
  const std::string tag = new_name("ocs");
  const std::string_view method = request.method();
  if (method == "ACK") return;
  if (method == "REGISTER") return send(from, answer_register(settings_.site, request, tag));
  if (method == "SUBSCRIBE") return send(from, answer_subscribe(settings_.site, request, tag));
  if (is_own_method(method)) return answer(from, request, 200, "OK");
  if (parameter(request.get("To"), "tag")) return answer(from, request, 480, "Temporarily Unavailable");
  answer(from, request, 404, "Not Found");
}

/// A client is reached on the connection that it registered or invited on last.
void Server::learn(PeerId from, const Message& request) {
  const std::string_view contact = request.get("Contact");
  if (contact.empty()) return;
  if (!is_inside(from) && settings_.site.find(uri_in(request.get("From"))) == nullptr) return;
  if (request.method() == "REGISTER") {
    if (request.get("Expires") == "0") {
      std::erase_if(reachable_, [&](const auto& each) { return each.second == from; });
      return;
    }
    reachable_[gruu_of(request)] = from;
  }
  if (const auto known = reachable_.find(uri_in(contact)); known != reachable_.end())
    known->second = from;
  else
    reachable_.emplace(uri_in(contact), from);
}

PeerId Server::target(PeerId from, const Message& request) {
  if (is_own_method(request.method())) return {};
  if (is_inside(from)) return front(request);  // it speaks with nobody else
  const auto client = reachable_.find(request.uri());
  if (client != reachable_.end()) return client->second == from ? PeerId{} : client->second;
  // Behind a further proxy that record-routed, the Route that is left leads to the next hop, the URI to a node.
  const std::string_view route = request.get("Route");
  const auto leads_to = destination(route.empty() ? request.uri() : uri_in(route));
  const auto leads = [&](const Address& there) {
    return leads_to && leads_to.value() == HostPort{there.host, there.port};
  };
  const bool to_gateway = request.uri() == settings_.site.line_server || leads(settings_.next_hop) ||
                          leads(settings_.next_hop_shown);
  return to_gateway ? front(request) : PeerId{};
}

PeerId Server::front(const Message& request) {
  PeerId& front = fronts_[TextHash{}(request.get("Call-ID")) % fronts_.size()];
  if (!front) dial(front);
  return front;
}

void Server::dial(PeerId& front) {
  Target target{settings_.next_hop, std::nullopt, settings_.tls};
  if (settings_.tls) target.tls_settings = settings_.tls_settings;
  target.tls_host = settings_.tls_host;
  front = out_->dial(target);
  peers_[front].name = "front " + std::to_string(&front - fronts_.data() + 1);
  peers_[front].remote = settings_.next_hop;
  ++dials_;
}

void Server::connect(TimePoint now, Outbox& outbox) {
  now_ = now;
  out_ = &outbox;
  redial_at_.reset();
  for (auto& front : fronts_)
    if (!front) dial(front);
}

void Server::cut(Outbox& outbox) {
  for (const auto front : fronts_)
    if (front) outbox.close(front, Flush::no);
}

void Server::pass_on(PeerId from, PeerId to, Message request) {
  if (!may_go_on(request)) return answer(from, request, 483, "Too Many Hops");
  if (pending_.size() >= most_pending) return answer(from, request, 503, "Service Unavailable");
  const std::string branch = new_name("z9hG4bKocs");
  const bool is_ack = request.method() == "ACK";
  Message kept = is_ack ? Message{} : skeleton(request);
  push_via(request, self_, branch, from, address_of(from));
  if (request.method() == "INVITE" || request.method() == "UPDATE") record_route(request, self_);
  if (is_ack) return send(to, std::move(request));
  const bool to_client = !is_inside(to) && name_of(to).starts_with("client");
  const bool instead = settings_.answer_events && to_client && request.method() == "INFO" && has_csta(request);
  if (instead) answer(from, kept, 200, "OK");
  const auto deadline = deadlines_.add(now_ + settings_.answer_within, branch);
  pending_.emplace(branch, Pending{from, to, std::move(kept), instead, deadline});
  send(to, std::move(request));
}

/// RFC 3261 section 17.1.1.3: the proxy itself acknowledges what refuses the INVITE that it sent.
void Server::acknowledge_refusal(const Pending& pending, const std::string& branch, const Message& response) {
  if (pending.request.method() != "INVITE") return;
  Message ack;
  ack.start = "ACK " + std::string(pending.request.uri()) + " SIP/2.0";
  ack.add("Max-Forwards", "70");
  for (const auto name : {"From", "To", "Call-ID"})
    ack.add(name, std::string(response.get(name)));
  const std::string_view sequence = response.get("CSeq");
  ack.add("CSeq", std::string(sequence.substr(0, sequence.find(' '))) + " ACK");
  put_via(ack, self_, branch);
  send(pending.to, std::move(ack));
}

void Server::answer(PeerId to, const Message& request, int status, std::string_view reason) {
  if (request.method() == "ACK") return;
  send(to, answer_to(request, status, reason, new_name("ocs")));
}

void Server::send(PeerId to, Message message) {
  if (is_inside(to)) {
    record("ocs", name_of(to), message);
    return arrived_.push_back({to, std::move(message)});
  }
  const auto found = peers_.find(to);
  if (found == peers_.end()) return witness_.noted("message for a connection that is gone, dropped");
  Peer& peer = found->second;
  if ((peer.up ? out_->queued(to) : peer.waiting.size()) + message.body.size() >=
      (peer.up ? most_queued : most_waiting)) {
    witness_.noted(peer.name + ": does not read; connection closed");
    return out_->close(to, Flush::no);
  }
  append_text(peer.up ? out_->to(to) : peer.waiting, message);
  ++carried_;
  record("ocs", peer.name, message);
}

void Server::expire() {
  while (const auto branch = deadlines_.pop(now_)) {
    const auto found = pending_.find(*branch);
    if (found == pending_.end()) continue;
    const Pending pending = std::move(found->second);
    pending_.erase(found);
    if (!pending.answered) answer(pending.from, pending.request, 408, "Request Timeout");
  }
  if (redial_at_ && *redial_at_ <= now_) connect(now_, *out_);
}

std::string Server::new_name(std::string_view kind) {
  return std::string(kind).append(settings_.mark).append(std::to_string(++counter_));
}

}  // namespace linebridge::sim::ocs
