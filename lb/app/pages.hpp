#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "lb/splitter/settings.hpp"
#include "net/shell.hpp"
#include "ops/http.hpp"
#include "ops/trace_page.hpp"

namespace linebridge::lb::app {

/// What the splitter's local socket shows over HTTP.
///
///   GET /metrics                           Prometheus's text format
///   GET /v1/status                         see status_page
///   GET /v1/trace[?after=NUMBER][&most=N]  see ops/trace_page.hpp
///   Whatever is refused under /v1: {"error": "why"}
class Pages {
public:
  struct Sources {
    std::function<std::string()> metrics, status;
    std::function<std::string(const ops::TraceQuery&)> trace;
  };
  explicit Pages(Sources sources) : sources_(std::move(sources)) {}

  /// True if the event belonged to a connection of the local socket; then it is done with.
  bool on(const net::Shell::Event& event, Outbox& out);

private:
  static constexpr std::size_t most = 32;  ///< Connections at once.
  struct Page {
    unsigned status = 200;
    std::string_view type;
    std::string body;
  };

  bool opened(const Opened& event, Outbox& out);
  bool bytes(const Bytes& event, Outbox& out);
  Page page(const ops::HttpStream::Request& request) const;
  Page trace(std::string_view query) const;

  Sources sources_;
  std::map<PeerId, ops::HttpStream> streams_;
};

/// {"version", "clients", "dialogs", "legs", "dialling", "pending", "hosts": [{"host", "connections"}],
///  "counters": {NAME: number}}
std::string status_page(const splitter::Status& status, const Counters& counters);

}  // namespace linebridge::lb::app
