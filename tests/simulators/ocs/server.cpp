#include "server.hpp"

#include <iterator>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::size_t most_waiting = 256 * 1024;  // bytes for a connection that is not up yet
constexpr std::size_t most_queued = 1024 * 1024;  // bytes that a peer does not read
constexpr std::size_t most_pending = 65536;

bool is_own_method(std::string_view method) {
  return method == "REGISTER" || method == "SUBSCRIBE" || method == "SERVICE" || method == "PUBLISH";
}

bool has_csta(const Message& request) {
  return istarts_with(request.get("Content-Type"), "application/csta+xml");
}

}  // namespace

Server::Server(Settings settings, HostPort listening, Witness& witness)
    : settings_(std::move(settings)),
      self_{std::move(listening), settings_.signature},
      witness_(witness),
      fronts_(settings_.connections == 0 ? 1 : settings_.connections) {}

std::optional<TimePoint> Server::on(const Input& input, TimePoint now, Outbox& outbox) {
  now_ = now;
  out_ = &outbox;
  std::visit(
      Overloaded{[&](const Opened& it) { opened(it); }, [&](const Bytes& it) { received(it); },
                 [&](const Closed& it) { closed(it); }, [](const Drained&) {}, [&](const Tick&) { expire(); },
                 [&](const Stop&) {
                   for (const auto& [id, peer] : peers_)
                     out_->close(id, Flush::yes);
                 }},
      input);
  return deadlines_.next();
}

void Server::opened(const Opened& input) {
  Peer& peer = peers_[input.peer];
  peer.remote = input.from.remote;
  peer.up = true;
  if (peer.name.empty()) peer.name = "client " + to_text(peer.remote);
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
  for (auto& front : fronts_)
    if (front == input.peer) front = {};
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
  witness_.passed(peers_.at(from).name, "ocs", to_text(message));
  if (message.is_response())
    take_response(from, std::move(message));
  else
    take_request(from, std::move(message));
}

void Server::take_response(PeerId from, Message response) {
  const auto branch = pop_via(response, self_);
  const auto found = branch ? pending_.find(*branch) : pending_.end();
  if (found == pending_.end())
    return witness_.noted(peers_.at(from).name + ": response to nothing that was sent, dropped");
  const Pending& pending = found->second;
  const PeerId back = pending.from;
  const bool answered = pending.answered;
  if (noted_sender(response) != back)
    return witness_.noted(peers_.at(from).name + ": response with a damaged Via, dropped");
  if (response.status() >= 200) {
    deadlines_.cancel(found->second.deadline);
    pending_.erase(found);
  }
  if (!answered) send(back, response);
}

void Server::take_request(PeerId from, Message request) {
  const Route route = take_route(request, self_);
  if (route == Route::forged) {
    witness_.noted(peers_.at(from).name + ": Route is not the Record-Route that was given");
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
  if (contact.empty() || settings_.site.find(uri_in(request.get("From"))) == nullptr) return;
  if (request.method() == "REGISTER") {
    if (request.get("Expires") == "0") {
      std::erase_if(reachable_, [&](const auto& each) { return each.second == from; });
      return;
    }
    reachable_[gruu_of(request)] = from;
  }
  reachable_[std::string(uri_in(contact))] = from;
}

PeerId Server::target(PeerId from, const Message& request) {
  if (is_own_method(request.method())) return {};
  const auto client = reachable_.find(std::string(request.uri()));
  if (client != reachable_.end()) return client->second == from ? PeerId{} : client->second;
  const auto leads_to = destination(request.uri());
  const HostPort next_hop{settings_.next_hop.host, settings_.next_hop.port};
  const bool to_gateway =
      request.uri() == settings_.site.line_server || (leads_to && leads_to.value() == next_hop);
  return to_gateway ? front(request) : PeerId{};
}

PeerId Server::front(const Message& request) {
  PeerId& front = fronts_[TextHash{}(request.get("Call-ID")) % fronts_.size()];
  if (front) return front;
  front = out_->dial(Target{settings_.next_hop, std::nullopt, false});
  peers_[front].name = "front " + std::to_string(&front - fronts_.data() + 1);
  peers_[front].remote = settings_.next_hop;
  return front;
}

void Server::pass_on(PeerId from, PeerId to, Message request) {
  if (!may_go_on(request)) return answer(from, request, 483, "Too Many Hops");
  if (pending_.size() >= most_pending) return answer(from, request, 503, "Service Unavailable");
  const std::string branch = new_name("z9hG4bKocs");
  Message onward = request;
  push_via(onward, self_, branch, from, peers_.at(from).remote);
  if (request.method() == "INVITE" || request.method() == "UPDATE") record_route(onward, self_);
  if (request.method() == "ACK") return send(to, onward);
  const bool to_client = peers_.at(to).name.starts_with("client");
  const bool instead = settings_.answer_events && to_client && request.method() == "INFO" && has_csta(request);
  if (instead) answer(from, request, 200, "OK");
  const auto deadline = deadlines_.add(now_ + settings_.answer_within, branch);
  pending_.emplace(branch, Pending{from, to, std::move(request), instead, deadline});
  send(to, onward);
}

void Server::answer(PeerId to, const Message& request, int status, std::string_view reason) {
  if (request.method() == "ACK") return;
  send(to, answer_to(request, status, reason, new_name("ocs")));
}

void Server::send(PeerId to, const Message& message) {
  const auto found = peers_.find(to);
  if (found == peers_.end()) return witness_.noted("message for a connection that is gone, dropped");
  Peer& peer = found->second;
  const std::string text = to_text(message);
  if ((peer.up ? out_->queued(to) : peer.waiting.size()) + text.size() >
      (peer.up ? most_queued : most_waiting)) {
    witness_.noted(peer.name + ": does not read; connection closed");
    return out_->close(to, Flush::no);
  }
  (peer.up ? out_->to(to) : peer.waiting) += text;
  witness_.passed("ocs", peer.name, text);
}

void Server::expire() {
  while (const auto branch = deadlines_.pop(now_)) {
    const auto found = pending_.find(*branch);
    if (found == pending_.end()) continue;
    const Pending pending = std::move(found->second);
    pending_.erase(found);
    if (!pending.answered) answer(pending.from, pending.request, 408, "Request Timeout");
  }
}

std::string Server::new_name(std::string_view kind) {
  return std::string(kind) + std::to_string(++counter_);
}

}  // namespace linebridge::sim::ocs
