#include <cstdio>
#include <exception>
#include <optional>

#include "app/hub.hpp"
#include "app/local_http.hpp"
#include "app/options.hpp"
#include "app/settings.hpp"
#include "base/catalogue.hpp"
#include "base/version.hpp"
#include "ops/log_output.hpp"
#include "ops/system.hpp"

namespace linebridge::app {
namespace {

using Clock = std::chrono::steady_clock;

int say(const std::string& text, int code) {
  std::fputs(text.c_str(), code == 0 ? stdout : stderr);
  return code;
}

std::string words(const std::string& file, const std::vector<config::Problem>& problems) {
  std::string out;
  for (const auto& problem : problems)
    out += config::to_text(file, problem) + "\n";
  return out;
}

void use_tls(net::Shell& shell, const NodeTls& tls, Log& log) {
  shell.dial_tls("", tls.client);
  log.write(catalogue::tls_in_use, {{"subject", tls.server->subject()}, {"until", tls.server->expires()}});
}

/// The socket with TLS, if it is wanted, and TLS for calls to OCS; SIGHUP reads the certificates again.
Status listen_tls(net::Shell& shell, const std::optional<Address>& where, const config::Tls& settings,
                  Log& log) {
  if (settings.certificate.empty()) return Done{};
  const auto tls = node_tls(settings);
  if (!tls) return Error{tls.error().code, "TLS: " + tls.error().detail};
  use_tls(shell, tls.value(), log);
  Address at;
  if (where) {
    const auto bound = shell.listen_tls(Listener::sip, *where, tls.value().server);
    if (!bound)
      return Error{bound.error().code, "cannot listen on " + to_text(*where) + ": " + bound.error().detail};
    at = bound.value();
    log.write(catalogue::listening, {{"address", to_text(at)}, {"transport", "tls"}});
    if (settings.legacy) log.write(catalogue::tls_legacy, {{"address", to_text(at)}});
  }
  shell.on_hangup([&shell, &log, settings, at] {
    const auto renewed = node_tls(settings);
    if (!renewed) return log.write(catalogue::tls_not_renewed, {{"reason", renewed.error().detail}});
    shell.renew_tls(at, renewed.value().server);
    use_tls(shell, renewed.value(), log);
  });
  return Done{};
}

/// All sockets of a node. Value: nothing; Error: the first that cannot be had, with its address.
Status listen(net::Shell& shell, const config::Node& node, const config::Tls& tls, Log& log) {
  const auto on = [&](Listener as, const Address& where, net::Shell::Preface preface) -> Status {
    const auto bound = shell.listen(as, where, preface);
    if (!bound)
      return Error{bound.error().code, "cannot listen on " + to_text(where) + ": " + bound.error().detail};
    log.write(catalogue::listening, {{"address", to_text(bound.value())}});
    return Done{};
  };
  using Preface = net::Shell::Preface;
  if (auto ok = on(Listener::sip, node.listen, Preface::proxy_v2); !ok) return ok;
  if (auto ok = on(Listener::agent, node.agent, Preface::none); !ok) return ok;
  if (auto ok = on(Listener::api, {node.api_socket, 0}, Preface::none); !ok) return ok;
  if (node.direct_listen)
    if (auto ok = on(Listener::sip, *node.direct_listen, Preface::none); !ok) return ok;
  if (auto ok = listen_tls(shell, node.tls_listen, tls, log); !ok) return ok;
  if (node.metrics)
    if (auto ok = on(Listener::metrics, *node.metrics, Preface::none); !ok) return ok;
  return Done{};
}

/// One turn for every event of the shell; the watchdog is fed on the way.
class Loop {
public:
  Loop(Hub& hub, LocalHttp& http) : hub_(hub), http_(http), feed_every_(ops::watchdog_interval()) {}

  std::optional<TimePoint> turn(const net::Shell::Event& event, TimePoint now) {
    if (std::holds_alternative<Stop>(event)) ops::notify_stopping();
    if (feed_every_ > Duration::zero() && now >= fed_ + feed_every_ / 2) {
      ops::notify_alive();
      fed_ = now;
    }
    if (!http_.take(event, now))
      next_ = std::visit([&](const auto& input) { return hub_.turn(core::Input(input), now); }, event);
    if (feed_every_ == Duration::zero()) return next_;
    return next_ ? std::min(*next_, fed_ + feed_every_) : fed_ + feed_every_;
  }

private:
  Hub& hub_;
  LocalHttp& http_;
  Duration feed_every_;
  TimePoint fed_;
  std::optional<TimePoint> next_;
};

int serve(const Options& options, const config::Config& site) {
  ops::LogOutput log({ops::level_of(site.log_level).value_or(Level::info), options.json_log || site.log_json,
                      ops::under_journal(), 20});
  const auto now = Clock::now();
  auto settings = gateway_settings(site, options.role, now, std::chrono::system_clock::now());
  if (!settings) return say("linebridge-gateway: " + settings.error().detail + "\n", 1);
  const std::string role(config::role_name(options.role));

  if (const auto names = services_not_served(settings.value()); !names.empty())
    log.write(catalogue::csta_not_served, {{"file", site.sip.features_file}, {"services", names}});

  Counters counters;
  Random random(ops::os_random());
  net::Shell::Settings sockets;
  sockets.peers = ops::raise_descriptor_limit() - 200;
  sockets.high_mark = site.limits.output_pause_bytes;  // Both must mean the same, or reading never goes on.
  sockets.low_mark = sockets.high_mark / 8;
  net::Shell shell(sockets, counters, log);
  core::Gateway gateway(std::move(settings).value(), directory(site), random, counters, log);
  Hub hub(shell, gateway);
  LocalHttp http(shell, hub, counters, log, role);
  shell.on_hangup([] {});  // It ends no node.
  if (auto ok = listen(shell, site.node(options.role), site.tls, log); !ok)
    return say("linebridge-gateway: " + ok.error().detail + "\n", 1);

  log.write(catalogue::process_started,
            {{"program", "linebridge-gateway"}, {"role", role}, {"version", version()}});
  hub.start(now);
  ops::notify_ready("taking sessions as " + role);
  Loop loop(hub, http);
  shell.run([&](const net::Shell::Event& event, TimePoint at) { return loop.turn(event, at); });
  log.write(catalogue::process_stopping, {{"program", "linebridge-gateway"}, {"role", role}});
  return 0;
}

int run(int count, const char* const* arguments) {
  const auto read = read_options(count, arguments);
  if (const auto* instead = std::get_if<Instead>(&read)) return say(instead->text, instead->exit_code);
  const auto& options = std::get<Options>(read);
  const auto site = config::load(options.config);
  if (const auto* problems = std::get_if<std::vector<config::Problem>>(&site))
    return say(words(options.config, *problems), 1);
  return serve(options, config::with_secrets(std::get<config::Config>(site), ops::secrets_before()));
}

}  // namespace
}  // namespace linebridge::app

int main(int count, char** arguments) {
  try {
    return linebridge::app::run(count, arguments);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "linebridge-gateway: %s\n", problem.what());
    return 1;
  }
}
