#include "lb/app/program.hpp"

#include <algorithm>

#include "base/catalogue.hpp"
#include "base/version.hpp"
#include "lb/app/settings.hpp"
#include "lb/haproxy/render.hpp"
#include "ops/metrics.hpp"
#include "ops/system.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::size_t trace_bytes = 4 * 1024 * 1024;

}  // namespace

Program::Program(const config::Config& site, std::uint64_t descriptors, Log& log)
    : front_(site.front),
      log_(log),
      random_(ops::os_random()),
      ring_(trace_bytes),
      splitter_(splitter_settings(site, descriptors), random_, counters_, log, ring_),
      shell_(shell_settings(descriptors), counters_, log),
      pages_([this] { return metrics(); }),
      watchdog_(ops::watchdog_interval()) {}

Status Program::listen() {
  const auto clients = listen(Listener::sip, {haproxy::split_socket(front_), 0}, net::Shell::Preface::proxy_v2);
  if (!clients || front_.api_socket.empty()) return clients;
  return listen(Listener::api, {front_.api_socket, 0}, net::Shell::Preface::none);
}

Status Program::listen(Listener as, const Address& where, net::Shell::Preface preface) {
  const auto bound = shell_.listen(as, where, preface);
  if (!bound) return Error{bound.error().code, to_text(where) + ": " + bound.error().detail};
  log_.write(catalogue::listening, {{"address", to_text(bound.value())}});
  return Done{};
}

void Program::run() {
  log_.write(catalogue::process_started, {{"program", "linebridge-splitter"}, {"version", version()}});
  ops::notify_ready("placing dialogs");
  shell_.run([this](const net::Shell::Event& event, TimePoint now) { return turn(event, now); });
}

std::optional<TimePoint> Program::turn(const net::Shell::Event& event, TimePoint now) {
  if (std::holds_alternative<Stop>(event)) {
    log_.write(catalogue::process_stopping, {});
    ops::notify_stopping();
  }
  if (!pages_.on(event, shell_)) {
    splitter_.wall_clock(std::chrono::system_clock::now(), now);
    std::visit([&](const auto& each) { splitter_.on(each, now, shell_); }, event);
  }
  if (splitter_.finished()) shell_.quit();
  const auto feed = feed_watchdog(now);
  const auto due = splitter_.next_deadline();
  return feed && due ? std::min(*feed, *due) : feed ? feed : due;
}

std::optional<TimePoint> Program::feed_watchdog(TimePoint now) {
  if (watchdog_ == Duration::zero()) return std::nullopt;
  if (now - alive_ >= watchdog_) {
    ops::notify_alive();
    alive_ = now;
  }
  return alive_ + watchdog_;
}

std::string Program::metrics() const {
  const splitter::Status now = splitter_.status();
  const auto number = [](std::size_t value) { return static_cast<double>(value); };
  return ops::metrics_page("splitter", counters_,
                           {{"clients", "Connections of OCS hosts", number(now.clients)},
                            {"dialogs", "SIP dialogs", number(now.dialogs)},
                            {"legs", "Legs that are up", number(now.legs)},
                            {"legs_dialling", "Legs that are being connected", number(now.dialling)},
                            {"requests_pending", "Requests of OCS without an answer", number(now.pending)}});
}

}  // namespace linebridge::lb::app
