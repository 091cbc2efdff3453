#include <filesystem>
#include <iostream>
#include <vector>

#include "base/counters.hpp"
#include "base/log.hpp"
#include "net/shell.hpp"
#include "ops/system.hpp"
#include "options.hpp"

namespace {

using namespace linebridge;

constexpr std::uint64_t own_descriptors = 100;

/// The log lines of the sockets go to standard error.
class ErrorLog final : public Log {
public:
  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    if (kind.level >= Level::warning) std::cerr << render(kind, fields) << '\n';
  }
};

int fail(const Error& error) {
  std::cerr << "linebridge-sim-node: " << error.detail << '\n';
  return 1;
}

/// Opens all sockets and says where they are.
Status listen(net::Shell& shell, const sim::node::Options& options) {
  const auto preface = options.proxy ? net::Shell::Preface::proxy_v2 : net::Shell::Preface::none;
  const auto bound = shell.listen(Listener::sip, options.listen, preface);
  if (!bound) return bound.error();
  std::cout << "listening " << to_text(bound.value()) << '\n';
  if (!options.agent.host.empty()) {
    const auto agent = shell.listen(Listener::agent, options.agent);
    if (!agent) return agent.error();
    std::cout << "agent " << to_text(agent.value()) << '\n';
  }
  if (!options.control.empty()) {
    const auto control =
        shell.listen(Listener::control, {std::filesystem::absolute(options.control).string(), 0});
    if (!control) return control.error();
  }
  std::cout << "ready" << std::endl;
  return Done{};
}

int run(const sim::node::Options& options) {
  ErrorLog log;
  Counters counters;
  net::Shell::Settings settings;
  settings.peers = ops::raise_descriptor_limit() - own_descriptors;
  net::Shell shell(settings, counters, log);
  Random random(ops::os_random());
  sim::node::Node node(options.node, random);
  if (const auto up = listen(shell, options); !up) return fail(up.error());
  shell.run([&](const net::Shell::Event& event, TimePoint) -> std::optional<TimePoint> {
    node.on(event, shell);
    if (std::holds_alternative<Stop>(event)) shell.quit();
    return std::nullopt;
  });
  std::cout << node.report() << std::endl;
  return node.counts().wrong() == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string_view> arguments(values + 1, values + count);
  if (!arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
    std::cout << sim::node::usage << sim::node::Node::commands;
    return 0;
  }
  const auto options = sim::node::read_options(arguments);
  if (!options) {
    std::cerr << "linebridge-sim-node: " << options.error().detail << "\nTry linebridge-sim-node --help\n";
    return 2;
  }
  return run(options.value());
}
