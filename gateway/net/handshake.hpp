#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "net/loop.hpp"
#include "net/tls.hpp"

namespace linebridge::net {

/// Makes a fresh connection secure, within a time: either side of the TLS handshake. Reads whole records only,
/// so that nothing of what follows is taken along.
class Handshake {
public:
  struct Secured {
    Fd fd;
    std::unique_ptr<TlsFilter> tls;
  };
  /// Rule "closed" with an empty reason: it went before its first byte.
  using Outcome = std::variant<Secured, TlsFailure>;
  /// Called once, never from inside the constructor; the Handshake may be destroyed in it.
  using Finished = std::function<void(Outcome)>;

  /// `first` goes out before all else, not encrypted.
  Handshake(Loop& loop, Fd fd, std::unique_ptr<TlsFilter> tls, std::string first, TimePoint until,
            Finished finished);
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

private:
  void begin();
  void wait_readable();
  void take();
  bool send_all();
  void sent();
  void fail(TlsFailure why);
  void finish(Outcome outcome);

  Descriptor descriptor_;
  Timer limit_;
  std::unique_ptr<TlsFilter> tls_;
  Finished finished_;
  std::string record_;  ///< As far as it has come.
  std::string out_;
  bool heard_ = false;  ///< Something came.
};

}  // namespace linebridge::net
