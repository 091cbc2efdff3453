#include "lb/app/serve.hpp"

#include <chrono>
#include <memory>
#include <random>

#include "base/catalogue.hpp"
#include "base/version.hpp"
#include "lb/app/settings.hpp"
#include "lb/haproxy/render.hpp"
#include "net/shell.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::size_t trace_bytes = 4 * 1024 * 1024;

Random system_random() {
  const auto device = std::make_shared<std::random_device>();
  return Random([device](std::span<std::uint8_t> out) {
    for (std::uint8_t& byte : out)
      byte = static_cast<std::uint8_t>((*device)());
  });
}

}  // namespace

Status serve(const config::Config& site, std::uint64_t descriptors, Log& log, const Signs& signs) {
  Counters counters;
  Random random = system_random();
  trace::Ring ring(trace_bytes);
  splitter::Splitter splitter(splitter_settings(site, descriptors), random, counters, log, ring);

  net::Shell shell(shell_settings(descriptors), counters, log);
  const auto bound =
      shell.listen(Listener::sip, {haproxy::split_socket(site.front), 0}, net::Shell::Preface::proxy_v2);
  if (!bound) return bound.error();
  log.write(catalogue::process_started, {{"version", version()}});
  log.write(catalogue::listening, {{"address", to_text(bound.value())}});
  signs.ready();
  shell.run([&](const net::Shell::Event& event, TimePoint now) {
    if (std::holds_alternative<Stop>(event)) {
      log.write(catalogue::process_stopping, {});
      signs.stopping();
    }
    splitter.wall_clock(std::chrono::system_clock::now(), now);
    splitter.on(event, now, shell);
    if (splitter.finished()) shell.quit();
    return splitter.next_deadline();
  });
  return Done{};
}

}  // namespace linebridge::lb::app
