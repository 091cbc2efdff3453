#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/door.hpp"
#include "net/shell.hpp"
#include "ops/http.hpp"

namespace linebridge::lb::app {

/// What the splitter's local socket shows over HTTP: GET /metrics.
class Pages {
public:
  explicit Pages(std::function<std::string()> metrics) : metrics_(std::move(metrics)) {}

  /// True if the event belonged to a connection of the local socket; then it is done with.
  bool on(const net::Shell::Event& event, Outbox& out);

private:
  static constexpr std::size_t most = 32;  ///< Connections at once.

  bool opened(const Opened& event, Outbox& out);
  bool bytes(const Bytes& event, Outbox& out);
  void answer(PeerId peer, ops::HttpStream& stream, const ops::HttpStream::Request& request, Outbox& out);

  std::function<std::string()> metrics_;
  std::map<PeerId, ops::HttpStream> streams_;
};

}  // namespace linebridge::lb::app
