#include "lb/app/program.hpp"

#include <initializer_list>

#include "base/catalogue.hpp"
#include "base/version.hpp"
#include "lb/app/settings.hpp"
#include "lb/haproxy/render.hpp"
#include "ops/metrics.hpp"
#include "ops/system.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::size_t trace_bytes = 4 * 1024 * 1024;

std::optional<TimePoint> earliest(std::initializer_list<std::optional<TimePoint>> all) {
  std::optional<TimePoint> out;
  for (const auto& each : all)
    if (each && (!out || *each < *out)) out = each;
  return out;
}

}  // namespace

Program::Program(const config::Config& site, std::uint64_t descriptors, Log& log)
    : front_(site.front),
      log_(log),
      random_(ops::os_random()),
      ring_(trace_bytes),
      splitter_(splitter_settings(site, descriptors), random_, counters_, log, ring_),
      shell_log_(haproxy::admin_socket(front_), log),
      shell_(shell_settings(descriptors), counters_, shell_log_),
      pages_({[this] { return metrics(); }, [this] { return status_page(splitter_.status(), counters_); },
              [this](const ops::TraceQuery& query) { return ops::trace_page(ring_, query); }}),
      watch_({haproxy::admin_socket(front_), 0}, log),
      watchdog_(ops::watchdog_interval()) {}

Status Program::listen() {
  using Preface = net::Shell::Preface;
  struct Door {
    Listener as;
    Address where;
    Preface preface;
  };
  for (const auto& [as, where, preface] :
       {Door{Listener::sip, {haproxy::split_socket(front_), 0}, Preface::proxy_v2},
        {Listener::refused, {haproxy::refuse_socket(front_), 0}, Preface::proxy_v2},
        {Listener::node_side, front_.node_side, Preface::proxy_v2},
        {Listener::api, {front_.api_socket, 0}, Preface::none}}) {
    if (where.host.empty()) continue;
    if (const auto bound = listen(as, where, preface); !bound) return bound;
  }
  return Done{};
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
  if (!pages_.on(event, shell_) && !watch_.on(event, now, shell_)) {
    splitter_.wall_clock(std::chrono::system_clock::now(), now);
    std::visit([&](const auto& each) { splitter_.on(each, now, shell_); }, event);
  }
  if (watch_.take_reload()) splitter_.on(splitter::Reloaded{}, now, shell_);
  if (splitter_.finished()) shell_.quit();
  return earliest({feed_watchdog(now), splitter_.next_deadline(), watch_.next_deadline()});
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
