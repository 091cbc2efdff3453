#include "net/acceptor.hpp"

#include <unistd.h>

#include "base/catalogue.hpp"

namespace linebridge::net {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_after = 200ms;
constexpr int at_once = 64;  ///< Accepted before others have their turn.

/// The connection died in the queue; the next one may be well.
bool only_this_one(const std::error_code& ec) {
  return ec == std::errc::connection_aborted || ec == std::errc::protocol_error || ec == std::errc::interrupted;
}

}  // namespace

Acceptor::Acceptor(Loop& loop, Fd listener, Address where, Log& log, Accepted accepted)
    : listener_(loop, std::move(listener)),
      where_(std::move(where)),
      log_(log),
      accepted_(std::move(accepted)),
      retry_(loop) {
  wait();
}

Acceptor::~Acceptor() {
  if (where_.is_unix()) ::unlink(where_.host.c_str());
}

void Acceptor::wait() {
  listener_.when_readable([this] { take(); });
}

void Acceptor::take() {
  for (int i = 0; i < at_once; ++i) {
    std::error_code ec;
    Fd fd = accept_one(listener_.get(), ec);
    if (fd) {
      accepted_(std::move(fd));
    } else if (would_block(ec)) {
      break;
    } else if (!only_this_one(ec)) {
      return pause(ec);
    }
  }
  wait();
}

void Acceptor::pause(const std::error_code& why) {
  log_.write(catalogue::accept_failed, {{"socket", to_text(where_)}, {"reason", why.message()}});
  retry_.at(std::chrono::steady_clock::now() + retry_after, [this] { take(); });
}

}  // namespace linebridge::net
