#include "cli/front.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <thread>

#include "cli/front_report.hpp"
#include "cli/report.hpp"
#include "cli/runtime_socket.hpp"
#include "lb/haproxy/render.hpp"

namespace linebridge::cli {
namespace {

using lb::haproxy::Server;
using What = OrderFront::What;
using Clock = std::chrono::steady_clock;

constexpr auto limit = std::chrono::seconds(5);
constexpr auto look_every = std::chrono::milliseconds(250);

class Front {
public:
  explicit Front(const config::Config& config) : socket_(lb::haproxy::admin_socket(config.front)) {}

  Result<std::string> ask(const std::string& line) const {
    auto answer = ask_haproxy(socket_, line, limit);
    if (answer) return answer;
    return Error{answer.error().code, "no answer from HAProxy at " + socket_ + ": " + answer.error().detail +
                                          "; is it running on what 'linebridge render' wrote, and may you "
                                          "use its socket?"};
  }

  Result<FrontState> state() const {
    const auto answer = ask(lb::haproxy::show_front());
    if (!answer) return answer.error();
    auto nodes = lb::haproxy::parse_servers(answer.value());
    if (!nodes) return nodes.error();
    auto doors = lb::haproxy::parse_doors(answer.value());
    if (!doors) return doors.error();
    return FrontState{std::move(nodes).value(), std::move(doors).value()};
  }

  Status order(const std::string& line) const {
    const auto answer = ask(line);
    return answer ? lb::haproxy::parse_done(answer.value()) : Status(answer.error());
  }

private:
  std::string socket_;
};

const Server* find(const FrontState& state, config::Role role) {
  const auto found = std::find_if(state.nodes.begin(), state.nodes.end(), [&](const Server& node) {
    return node.name == lb::haproxy::server_name(role);
  });
  return found == state.nodes.end() ? nullptr : &*found;
}

std::string line_of(const OrderFront& command) {
  if (command.what == What::drain) return lb::haproxy::drain(command.role);
  if (command.what == What::ready) return lb::haproxy::ready(command.role);
  return lb::haproxy::end_dialogs(command.role);
}

std::string dialogs_text(std::uint64_t dialogs) {
  return std::to_string(dialogs) + (dialogs == 1 ? " dialog" : " dialogs");
}

struct Emptying {
  const OrderFront& command;
  const Front& front;
  std::ostream& out;
  std::ostream& error;

  /// The node when it has no dialogs left or the wait is over; what changes meanwhile is told.
  Result<Server> wait(Server node) const {
    const auto end = Clock::now() + command.wait;
    while (node.dialogs > 0 && Clock::now() < end) {
      std::this_thread::sleep_for(look_every);
      const auto state = front.state();
      if (!state) return state.error();
      const Server* now = find(state.value(), command.role);
      if (now == nullptr) return Error{Errc::not_found, "HAProxy knows this node no more"};
      if (now->dialogs != node.dialogs && !command.json)
        out << config::role_name(command.role) << ": " << dialogs_text(now->dialogs) << " left" << std::endl;
      node = *now;
    }
    return node;
  }

  int finish(const Server& node) const {
    const std::string name(config::role_name(command.role));
    if (command.json) out << node_json(node) << "\n";
    if (node.dialogs == 0 || command.wait.count() == 0) return 0;
    error << name << ": " << dialogs_text(node.dialogs) << " left after " << command.wait.count()
          << " s; wait longer, or have the node end them: linebridge drain --role " << name << " --until 1m\n";
    return 1;
  }
};

/// Nobody who drains one node wants to close the site.
void warn_of_other(const FrontState& state, config::Role role, std::ostream& error) {
  const auto other = role == config::Role::publisher ? config::Role::subscriber : config::Role::publisher;
  const Server* node = find(state, other);
  if (node != nullptr && !takes_new_dialogs(*node))
    error << "warning: " << config::role_name(other) << " (" << state_of(*node)
          << ") takes no new dialogs either: sign-ins are refused\n";
}

}  // namespace

int show_front(const ShowFront& command, const config::Config& config, std::ostream& out, std::ostream& error) {
  const auto state = Front(config).state();
  if (!state) {
    error << state.error().detail << "\n";
    return 1;
  }
  out << (command.json ? front_json(state.value()) : front_report(state.value()));
  return 0;
}

int order_front(const OrderFront& command, const config::Config& config, std::ostream& out,
                std::ostream& error) {
  const Front front(config);
  const auto fail = [&](const Error& why) {
    error << config::role_name(command.role) << ": " << why.detail << "\n";
    return 1;
  };
  if (const auto done = front.order(line_of(command)); !done) return fail(done.error());
  const auto state = front.state();
  if (!state) return fail(state.error());
  const Server* node = find(state.value(), command.role);
  if (node == nullptr) return fail({Errc::not_found, "HAProxy knows no such node"});
  if (!command.json)
    out << config::role_name(command.role) << ": " << state_of(*node) << ", " << dialogs_text(node->dialogs)
        << std::endl;
  if (command.what != What::drain) {
    if (command.json) out << node_json(*node) << "\n";
    return 0;
  }
  warn_of_other(state.value(), command.role, error);
  const Emptying emptying{command, front, out, error};
  const auto left = emptying.wait(*node);
  return left ? emptying.finish(left.value()) : fail(left.error());
}

}  // namespace linebridge::cli
