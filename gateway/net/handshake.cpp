#include "net/handshake.hpp"

#include <array>
#include <utility>

namespace linebridge::net {
namespace {

constexpr int drained_at_most = 16;

/// A socket that is closed with unread input resets the connection, and the alert would be lost with it.
void drain(int fd) {
  std::array<char, 4096> unread{};
  for (int i = 0; i < drained_at_most; ++i) {
    std::error_code ec;
    if (receive(fd, unread.data(), unread.size(), ec) == 0) return;
  }
}

}  // namespace

Handshake::Handshake(Loop& loop, Fd fd, std::unique_ptr<TlsFilter> tls, std::string first, TimePoint until,
                     Finished finished)
    : descriptor_(loop, std::move(fd)),
      limit_(loop),
      tls_(std::move(tls)),
      finished_(std::move(finished)),
      out_(std::move(first)) {
  limit_.at(until, [this] { fail({"time", "no TLS handshake in time", tls_->failure().subject}); });
  descriptor_.when_writable([this] { begin(); });
}

void Handshake::begin() {
  if (const auto begun = tls_->handshake({}, out_); !begun) return fail(tls_->failure());
  if (send_all()) sent();
}

void Handshake::wait_readable() {
  descriptor_.when_readable([this] { take(); });
}

/// One record at most, then others have their turn.
void Handshake::take() {
  for (;;) {
    const auto missing = TlsFilter::missing(record_);
    if (!missing) return fail({"not TLS", missing.error().detail, {}});
    if (missing.value() == 0) break;
    const std::size_t had = record_.size();
    record_.resize(had + missing.value());
    std::error_code ec;
    const std::size_t got = receive(descriptor_.get(), record_.data() + had, missing.value(), ec);
    record_.resize(had + got);
    heard_ = heard_ || got > 0;
    if (would_block(ec)) return wait_readable();
    if (ec || got == 0)
      return fail({"closed", heard_ ? "closed within the TLS handshake" : "", tls_->failure().subject});
  }
  const auto taken = tls_->handshake(record_, out_);
  record_.clear();
  if (!taken) return fail(tls_->failure());
  if (send_all()) sent();
}

/// False: the rest waits for the socket, or all is over.
bool Handshake::send_all() {
  while (!out_.empty()) {
    std::error_code ec;
    out_.erase(0, send(descriptor_.get(), out_, ec));
    if (would_block(ec)) {
      descriptor_.when_writable([this] {
        if (send_all()) sent();
      });
      return false;
    }
    if (ec) {
      fail({"closed", "closed within the TLS handshake", tls_->failure().subject});
      return false;
    }
  }
  return true;
}

void Handshake::sent() {
  if (!tls_->secured()) return wait_readable();
  finish(Secured{descriptor_.release(), std::move(tls_)});
}

void Handshake::fail(TlsFailure why) {
  std::error_code ignored;
  if (!out_.empty() && descriptor_) send(descriptor_.get(), out_, ignored);
  drain(descriptor_.get());
  descriptor_.close();
  finish(std::move(why));
}

/// Nothing of this object is touched after the call: it may be gone.
void Handshake::finish(Outcome outcome) {
  limit_.cancel();
  const Finished finished = std::move(finished_);
  finished(std::move(outcome));
}

}  // namespace linebridge::net
