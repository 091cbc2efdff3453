#include "app/local_http.hpp"

#include <algorithm>

#include "admin/api.hpp"
#include "base/catalogue.hpp"
#include "ops/metrics.hpp"

namespace linebridge::app {

bool LocalHttp::take(const net::Shell::Event& event, TimePoint now) {
  if (const auto* opened = std::get_if<Opened>(&event)) {
    const Listener listener = opened->from.listener;
    if (listener != Listener::api && listener != Listener::metrics) return false;
    this->opened(*opened);
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

void LocalHttp::opened(const Opened& input) {
  if (peers_.size() >= limits_.peers) {
    const auto oldest =
        std::find_if(peers_.begin(), peers_.end(), [](const auto& p) { return !p.second.closing; });
    if (oldest != peers_.end()) {
      counters_.add(Counter::peers_refused);
      log_.write(catalogue::too_many_peers,
                 {{"peer", to_text(oldest->second.from)}, {"socket", to_text(input.from.local)}});
      close(oldest->first, oldest->second, Flush::no);
    }
  }
  peers_.emplace(input.peer, Peer{input.from.listener, ops::HttpStream(), input.from.remote});
}

void LocalHttp::close(PeerId id, Peer& peer, Flush flush) {
  peer.closing = true;
  shell_.close(id, flush);
}

void LocalHttp::bytes(PeerId id, Peer& peer, std::string_view bytes, TimePoint now) {
  if (!peer.closing) peer.stream.push(bytes);
  ops::HttpStream::Request request;
  while (!peer.closing) {
    const auto got = peer.stream.next(request);
    if (!got) {
      counters_.add(Counter::http_refused);
      log_.write(catalogue::http_refused, {{"peer", to_text(peer.from)}, {"reason", got.error().detail}});
      shell_.to(id).append(ops::HttpStream::refusal(got.error()));
      return close(id, peer, Flush::yes);
    }
    if (!got.value()) return;
    if (peer.listener == Listener::metrics) {
      metrics(id, now);
    } else {
      answer(id, request, now);
    }
    if (shell_.queued(id) <= limits_.queued_bytes || peer.closing) continue;
    counters_.add(Counter::peers_over_buffer);
    log_.write(catalogue::peer_over_buffer, {{"peer", to_text(peer.from)}});
    close(id, peer, Flush::no);
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
  if (!peer->second.stream.respond(shell_.to(id), status, type, body)) close(id, peer->second, Flush::yes);
}

}  // namespace linebridge::app
