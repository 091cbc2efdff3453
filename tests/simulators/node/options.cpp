#include "options.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace linebridge::sim::node {
namespace {

constexpr std::size_t most_dialogs = 1000000;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

Status set_number(Options& options, std::string_view name, std::string_view value) {
  const auto number = to_number<std::size_t>(value);
  if (name == "--dialogs") {
    if (!number || *number == 0 || *number > most_dialogs)
      return Error{Errc::malformed, "--dialogs is 1 to 1000000"};
    options.node.dialogs = *number;
  } else {
    if (!number || *number > 100) return Error{Errc::malformed, "--refuse is 0 to 100"};
    options.node.refuse = static_cast<unsigned>(*number);
  }
  return Done{};
}

Status set(Options& options, std::string_view name, std::string_view value) {
  if (name == "--dialogs" || name == "--refuse") return set_number(options, name, value);
  if (name == "--listen" || name == "--agent") {
    auto address = parse_listen(value);
    if (!address) return address.error();
    (name == "--listen" ? options.listen : options.agent) = std::move(address).value();
  } else if (name == "--name") {
    if (!is_name(value)) return Error{Errc::malformed, "--name is up to 32 letters and digits"};
    options.node.name = value;
  } else if (name == "--refused") {
    options.node.refused = value;
  } else if (name == "--control") {
    options.control = value;
  } else {
    return Error{Errc::malformed, "unknown option " + std::string(name)};
  }
  return Done{};
}

}  // namespace

const std::string_view usage =
    R"(linebridge-sim-node: a gateway node that takes every dialog and sends each body back, for load on the front end.

  linebridge-sim-node --listen HOST:PORT [options]

  --listen HOST:PORT  where legs arrive, each with its PROXY header; port 0 takes a free one, which is printed
  --agent HOST:PORT   where HAProxy asks how it is
  --name NAME         what its tags begin with: pub (default) or sub
  --no-proxy          plain connections with any number of dialogs, without the header
  --dialogs N         at most at once (20000); more are refused with 503
  --refuse PERCENT    so many sign-ins are refused with 403, spread evenly (0)
  --refused PREFIX    so are all of users whose address begins with it: nobody
  --control SOCKET    takes commands, a line each; the answer is a line with "ok" or "no" in front

It answers an INFO with the same body and sends the body once more in an INFO of its own. It prints
"listening HOST:PORT", "agent HOST:PORT" and "ready", runs until SIGTERM or SIGINT, and then prints its counters as
one line of JSON. "wrong" there counts what a front end must never do; it exits with 1 if that is not 0.

Commands:
)";

Result<Options> read_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--no-proxy") {
      options.proxy = false;
      continue;
    }
    if (i + 1 == arguments.size()) return Error{Errc::malformed, std::string(name) + " needs a value"};
    if (const auto good = set(options, name, arguments[++i]); !good) return good.error();
  }
  if (options.listen.host.empty()) return Error{Errc::malformed, "--listen is missing"};
  return options;
}

}  // namespace linebridge::sim::node
