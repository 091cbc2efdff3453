#include "app/local_http.hpp"

#include "admin/api.hpp"
#include "ops/metrics.hpp"

namespace linebridge::app {

bool LocalHttp::take(const net::Shell::Event& event, TimePoint now) {
  if (const auto* opened = std::get_if<Opened>(&event)) {
    const Listener listener = opened->from.listener;
    if (listener != Listener::api && listener != Listener::metrics) return false;
    peers_.emplace(opened->peer, Peer{listener, ops::HttpStream()});
    return true;
  }
  if (const auto* got = std::get_if<Bytes>(&event)) {
    const auto peer = peers_.find(got->peer);
    if (peer == peers_.end()) return false;
    bytes(got->peer, peer->second, got->bytes, now);
    return true;
  }
  if (const auto* closed = std::get_if<Closed>(&event)) return peers_.erase(closed->peer) > 0;
  if (const auto* drained = std::get_if<Drained>(&event)) return peers_.contains(drained->peer);
  return false;
}

void LocalHttp::bytes(PeerId id, Peer& peer, std::string_view bytes, TimePoint now) {
  peer.stream.push(bytes);
  ops::HttpStream::Request request;
  for (;;) {
    const auto got = peer.stream.next(request);
    if (!got) {
      shell_.to(id).append(ops::HttpStream::refusal(got.error()));
      return shell_.close(id, Flush::yes);
    }
    if (!got.value()) return;
    if (peer.listener == Listener::metrics) {
      metrics(id, now);
    } else {
      answer(id, request, now);
    }
  }
}

void LocalHttp::answer(PeerId id, const ops::HttpStream::Request& request, TimePoint now) {
  const auto order = admin::order_of({request.method, request.target, request.body});
  if (const auto* refused = std::get_if<admin::Response>(&order))
    return respond(id, refused->status, "application/json", refused->body);
  hub_.ask(std::get<view::Order>(order), now, [this, id](view::Answer answer) {
    const auto response = admin::response_to(answer);
    respond(id, response.status, "application/json", response.body);
  });
}

void LocalHttp::metrics(PeerId id, TimePoint now) {
  hub_.ask(view::ShowStatus{}, now, [this, id](view::Answer answer) {
    const auto* status = std::get_if<view::Status>(&answer);
    if (status == nullptr) return respond(id, 500, "text/plain", "no status\n");
    double links = 0;
    for (const auto& link : status->links)
      links += link.state == "in service" ? 1 : 0;
    respond(id, 200, ops::metrics_type,
            ops::metrics_page(program_, counters_,
                              {{"sessions", "Sessions now", static_cast<double>(status->node.sessions)},
                               {"sessions_most", "Sessions the node takes at most",
                                static_cast<double>(status->node.sessions_most)},
                               {"draining", "1 while the node takes no new sessions: it drains or stops",
                                status->node.state == "serving" ? 0.0 : 1.0},
                               {"calls", "Calls now", static_cast<double>(status->node.calls)},
                               {"links_in_service", "CTI links in service", links}}));
  });
}

void LocalHttp::respond(PeerId id, unsigned status, std::string_view type, std::string_view body) {
  const auto peer = peers_.find(id);
  if (peer == peers_.end()) return;
  if (!peer->second.stream.respond(shell_.to(id), status, type, body)) shell_.close(id, Flush::yes);
}

}  // namespace linebridge::app
