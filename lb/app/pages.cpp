#include "lb/app/pages.hpp"

#include <utility>

#include "base/text.hpp"
#include "base/version.hpp"
#include "ops/metrics.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::string_view json_type = "application/json";

std::string refusal(std::string_view why) {
  std::string out = "{\"error\":";
  ops::append_json(out, why);
  return out += "}";
}

}  // namespace

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
    const Page shown = page(request);
    if (stream.respond(out.to(event.peer), shown.status, shown.type, shown.body)) continue;
    out.close(event.peer, Flush::yes);
    return true;
  }
}

Pages::Page Pages::page(const ops::HttpStream::Request& request) const {
  std::string_view query = request.target;
  const std::string_view path = take_until(query, '?');
  const bool metrics = path == "/metrics";
  const bool known = metrics || path == "/v1/status" || path == "/v1/trace";
  if (!known) return {404, json_type, refusal("there are /metrics, /v1/status and /v1/trace")};
  if (request.method != "GET") return {405, json_type, refusal("only GET")};
  if (metrics) return {200, ops::metrics_type, sources_.metrics()};
  if (path == "/v1/status") return {200, json_type, sources_.status()};
  return trace(query);
}

Pages::Page Pages::trace(std::string_view query) const {
  const auto wanted = ops::read_trace_query(query);
  if (!wanted) return {400, json_type, refusal(wanted.error().detail)};
  return {200, json_type, sources_.trace(wanted.value())};
}

std::string status_page(const splitter::Status& status, const Counters& counters) {
  std::string out = "{\"version\":";
  ops::append_json(out, version());
  const auto add = [&out](std::string_view name, std::uint64_t value) {
    ops::append_json(out, name);
    out.append(":").append(std::to_string(value));
  };
  for (const auto& [name, value] : {std::pair{"clients", status.clients},
                                    {"dialogs", status.dialogs},
                                    {"legs", status.legs},
                                    {"dialling", status.dialling},
                                    {"pending", status.pending}}) {
    out += ',';
    add(name, value);
  }
  out += ",\"hosts\":[";
  for (const auto& [host, connections] : status.hosts) {
    out += &host == &status.hosts.front().first ? "{\"host\":" : ",{\"host\":";
    ops::append_json(out, host);
    out += ',';
    add("connections", connections);
    out += '}';
  }
  out += "],\"counters\":{";
  for (std::size_t i = 0; i < Counters::size; ++i) {
    if (i > 0) out += ',';
    add(Counters::text[i].name, counters[static_cast<Counter>(i)]);
  }
  return out += "}}";
}

}  // namespace linebridge::lb::app
