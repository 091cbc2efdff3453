#include "net/entrance.hpp"

#include <utility>

#include "base/catalogue.hpp"

namespace linebridge::net {
namespace {

TimePoint from_now(Duration time) {
  return std::chrono::steady_clock::now() + time;
}

/// Who is meant: behind a front end the one that it names.
const Address& client_of(const Origin& origin) {
  return origin.proxy && !origin.proxy->source.host.empty() ? origin.proxy->source : origin.remote;
}

}  // namespace

Entrance::Entrance(Loop& loop, Settings settings, Counters& counters, Log& log, Enter enter)
    : loop_(loop), settings_(std::move(settings)), counters_(counters), log_(log), enter_(std::move(enter)) {}

void Entrance::take(Fd fd, Origin origin) {
  if (settings_.proxy_v2) return read_preface(std::move(fd), std::move(origin));
  if (settings_.tls) return secure(std::move(fd), std::move(origin));
  enter_({std::move(fd), std::move(origin), nullptr});
}

void Entrance::read_preface(Fd fd, Origin origin) {
  const std::uint64_t number = ++last_;
  prefaces_.try_emplace(number, loop_, std::move(fd), from_now(settings_.preface_within),
                        [this, number, origin = std::move(origin)](Result<PrefaceReader::Ready> result) {
                          preface_read(number, origin, std::move(result));
                        });
}

void Entrance::preface_read(std::uint64_t number, Origin origin, Result<PrefaceReader::Ready> result) {
  prefaces_.erase(number);
  if (result) {
    auto ready = std::move(result).value();
    origin.proxy = std::move(ready.header);
    if (settings_.tls) return secure(std::move(ready.fd), std::move(origin));
    return enter_({std::move(ready.fd), std::move(origin), nullptr});
  }
  if (result.error().detail.empty()) return;
  counters_.add(Counter::peers_refused);
  log_.write(catalogue::preface_refused, {{"peer", to_text(origin.remote)}, {"reason", result.error().detail}});
}

void Entrance::secure(Fd fd, Origin origin) {
  if (handshakes_.size() >= settings_.handshakes && !handshakes_.empty()) {
    refuse(handshakes_.begin()->second.origin, {"too many", "too many unfinished, the oldest goes", {}});
    handshakes_.erase(handshakes_.begin());
  }
  const std::uint64_t number = ++last_;
  Waiting& waiting = handshakes_[number];
  waiting.origin = std::move(origin);
  waiting.handshake = std::make_unique<Handshake>(
      loop_, std::move(fd), std::make_unique<TlsFilter>(settings_.tls), "",
      from_now(settings_.handshake_within),
      [this, number](Handshake::Outcome outcome) { secured(number, std::move(outcome)); });
}

void Entrance::secured(std::uint64_t number, Handshake::Outcome outcome) {
  auto waiting = handshakes_.extract(number);
  Origin& origin = waiting.mapped().origin;
  if (const auto* why = std::get_if<TlsFailure>(&outcome)) return refuse(origin, *why);
  auto& up = std::get<Handshake::Secured>(outcome);
  counters_.add(Counter::tls_handshakes);
  origin.tls = true;
  origin.tls_name = up.tls->peer_name();
  enter_({std::move(up.fd), std::move(origin), std::move(up.tls)});
}

void Entrance::refuse(const Origin& origin, const TlsFailure& why) {
  if (why.reason.empty()) return;
  counters_.add(Counter::tls_refused);
  log_.write(catalogue::tls_refused, {{"peer", to_text(client_of(origin))},
                                      {"socket", to_text(origin.local)},
                                      {"rule", why.rule},
                                      {"reason", why.reason},
                                      {"subject", why.subject}});
}

}  // namespace linebridge::net
