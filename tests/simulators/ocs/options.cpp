#include "options.hpp"

#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr unsigned most_connections = 64;

/// As parse_address, but port 0 (take a free one) is fine.
Result<Address> parse_listen(std::string_view text) {
  if (!text.ends_with(":0")) return parse_address(text);
  auto address = parse_address(text.substr(0, text.size() - 2), 1);
  if (!address) return address;
  return Address{address.value().host, 0};
}

Status set_site(Options& options, std::string_view name, std::string_view value) {
  Site& site = options.server.site;
  if (name == "--mode") {
    if (value != "2005" && value != "2007") return Error{Errc::malformed, "--mode is 2005 or 2007"};
    site.mode = value == "2005" ? Mode::lcs2005 : Mode::ocs2007;
  } else if (name == "--server") {
    if (!destination(value)) return Error{Errc::malformed, "--server is a SIP URI: sip:ctigw@gw.example.test"};
    site.line_server = value;
  } else if (name == "--user") {
    auto user = parse_user(value);
    if (!user) return user.error();
    site.users.push_back(std::move(user).value());
  } else if (name == "--users") {
    auto users = load_users(std::string(value));
    if (!users) return users.error();
    for (auto& user : users.value())
      site.users.push_back(std::move(user));
  } else {
    return Error{Errc::malformed, "unknown option " + std::string(name)};
  }
  return Done{};
}

Status set(Options& options, std::string_view name, std::string_view value) {
  if (name == "--listen" || name == "--next-hop") {
    auto address = name == "--listen" ? parse_listen(value) : parse_address(value, 5060);
    if (!address) return address.error();
    (name == "--listen" ? options.listen : options.server.next_hop) = std::move(address).value();
  } else if (name == "--connections") {
    const auto count = to_number<unsigned>(value);
    if (!count || *count == 0 || *count > most_connections)
      return Error{Errc::malformed, "--connections is 1 to " + std::to_string(most_connections)};
    options.server.connections = *count;
  } else if (name == "--log") {
    options.log = value;
  } else {
    return set_site(options, name, value);
  }
  return Done{};
}

}  // namespace

const std::string_view usage =
    R"(linebridge-sim-ocs: a simulated OCS or LCS home server, for real clients such as pidgin-sipe.

  linebridge-sim-ocs run --listen HOST:PORT --next-hop HOST:PORT --server URI [options]

  --listen HOST:PORT    where clients sign in; port 0 takes a free one, which is printed
  --next-hop HOST:PORT  front end of the gateway: where the static route of the line server leads
  --server URI          line server of every user: sip:ctigw@gw.example.test
  --user USER=LINE      one user, may be repeated: 'alice@example.test=tel:1001;phone-context=dialstring'
  --users FILE          every user with a line_uri in a site's TOML file
  --mode 2007|2005      play Office Communications Server 2007 (default) or Live Communications Server 2005
  --connections N       TCP connections to the next hop (1); each dialog keeps to one
  --answer-events       answer the gateway's events in place of a client that never does (as pidgin-sipe)
  --log FILE            write every message with its direction

It prints "listening HOST:PORT" and "ready", and runs until SIGTERM or SIGINT.
)";

Result<Options> read_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--answer-events") {
      options.server.answer_events = true;
      continue;
    }
    if (i + 1 == arguments.size()) return Error{Errc::malformed, std::string(name) + " needs a value"};
    if (const auto good = set(options, name, arguments[++i]); !good) return good.error();
  }
  if (options.listen.host.empty()) return Error{Errc::malformed, "--listen is missing"};
  if (options.server.next_hop.host.empty()) return Error{Errc::malformed, "--next-hop is missing"};
  if (options.server.site.line_server.empty()) return Error{Errc::malformed, "--server is missing"};
  if (options.server.site.users.empty()) return Error{Errc::malformed, "no user: give --user or --users"};
  return options;
}

}  // namespace linebridge::sim::ocs
