#include "lb/app/pages.hpp"

#include "ops/metrics.hpp"

namespace linebridge::lb::app {

bool Pages::on(const net::Shell::Event& event, Outbox& out) {
  if (const auto* up = std::get_if<Opened>(&event)) return opened(*up, out);
  if (const auto* got = std::get_if<Bytes>(&event)) return bytes(*got, out);
  if (const auto* end = std::get_if<Closed>(&event)) return streams_.erase(end->peer) > 0;
  return false;
}

bool Pages::opened(const Opened& event, Outbox& out) {
  if (event.from.listener != Listener::api) return false;
  if (streams_.size() < most) {
    streams_.try_emplace(event.peer);
  } else {
    out.close(event.peer, Flush::no);
  }
  return true;
}

bool Pages::bytes(const Bytes& event, Outbox& out) {
  const auto found = streams_.find(event.peer);
  if (found == streams_.end()) return false;
  ops::HttpStream& stream = found->second;
  stream.push(event.bytes);
  for (ops::HttpStream::Request request;;) {
    const auto whole = stream.next(request);
    if (whole && !whole.value()) return true;
    if (!whole) {
      out.to(event.peer).append(ops::HttpStream::refusal(whole.error()));
      out.close(event.peer, Flush::yes);
      return true;
    }
    answer(event.peer, stream, request, out);
  }
}

void Pages::answer(PeerId peer, ops::HttpStream& stream, const ops::HttpStream::Request& request, Outbox& out) {
  std::string& to = out.to(peer);
  bool stays = false;
  if (request.target != "/metrics") {
    stays = stream.respond(to, 404, "text/plain", "There is only /metrics.\n");
  } else if (request.method != "GET") {
    stays = stream.respond(to, 405, "text/plain", "Only GET.\n");
  } else {
    stays = stream.respond(to, 200, ops::metrics_type, metrics_());
  }
  if (!stays) out.close(peer, Flush::yes);
}

}  // namespace linebridge::lb::app
