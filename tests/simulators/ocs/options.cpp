#include "options.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr unsigned most_connections = 64;

Result<bool> set_flavour(Site& site, std::string_view name, std::string_view value) {
  const auto flavour = name == "--mode" ? parse_flavour((value == "2005" ? "lcs" : "ocs") + std::string(value))
                                        : parse_flavour(value);
  if (!flavour && name == "--mode") return Error{Errc::malformed, "--mode is 2005 or 2007"};
  if (!flavour) return Error{Errc::malformed, "--flavour is lcs2005, ocs2007 or ocs2007r2"};
  site.flavour = *flavour;
  return true;
}

Result<bool> set_address(Address& address, std::string_view name, std::string_view value) {
  auto read = name.starts_with("--next-hop") ? parse_address(value, 5060) : parse_listen(value);
  if (!read) return Error{Errc::malformed, std::string(name) + ": " + read.error().detail};
  address = std::move(read).value();
  return true;
}

Result<bool> add_users(std::vector<User>& users, std::string_view name, std::string_view value) {
  if (name == "--user" || name == "--client") {
    auto user = parse_user(value);
    if (!user) return user.error();
    users.push_back(std::move(user).value());
    return true;
  }
  auto all = load_users(std::string(value));
  if (!all) return all.error();
  for (auto& user : all.value())
    users.push_back(std::move(user));
  return true;
}

Result<bool> set_text(Place& place, std::string_view name, std::string_view value) {
  struct Text {
    std::string_view name;
    std::string& to;
  };
  const std::array<Text, 6> texts = {{{"--log", place.log},
                                      {"--name", place.name},
                                      {"--ca", place.tls.authorities},
                                      {"--certificate", place.tls.certificate},
                                      {"--key", place.tls.key},
                                      {"--tls-host", place.tls.host}}};
  for (const auto& each : texts) {
    if (each.name != name) continue;
    each.to = value;
    return true;
  }
  return false;
}

/// What only `run` knows.
Status set(Options& options, std::string_view name, std::string_view value) {
  const auto taken = read_place(options, name, value);
  if (!taken) return taken.error();
  if (taken.value()) return Done{};
  if (name == "--user" || name == "--users" || name == "--client" || name == "--clients") {
    const bool simulated = name == "--client" || name == "--clients";
    const auto added = add_users(simulated ? options.clients : options.server.site.users, name, value);
    return added ? Status(Done{}) : Status(added.error());
  }
  if (name == "--control" || name == "--trace") {
    (name == "--trace" ? options.trace : options.control) = value;
    return Done{};
  }
  if (name == "--session") {
    const auto seconds = to_number<std::uint32_t>(value);
    if (!seconds || *seconds < 2) return Error{Errc::malformed, "--session is a number of seconds, 2 or more"};
    options.session = std::chrono::seconds(*seconds);
    return Done{};
  }
  return Error{Errc::malformed, "unknown option " + std::string(name)};
}

/// The option without a value of this name, if there is one.
bool* flag_of(Options& options, std::string_view name) {
  return name == "--answer-events" ? &options.server.answer_events
         : name == "--tls"         ? &options.tls.on
         : name == "--sign-in"     ? &options.sign_in
         : name == "--silent"      ? &options.silent
                                   : nullptr;
}

}  // namespace

const std::string_view usage =
    R"(linebridge-sim-ocs: a simulated OCS or LCS home server with simulated clients, also for real ones such as
pidgin-sipe, and a load driver.

  linebridge-sim-ocs run --listen HOST:PORT --next-hop HOST:PORT --server URI [options]
  linebridge-sim-ocs control SOCKET COMMAND...
  linebridge-sim-ocs load --help

  --listen HOST:PORT      where clients sign in; port 0 takes a free one, which is printed
  --next-hop HOST:PORT    front end of the gateway: where the static route of the line server leads
  --next-hop-shown HOST:PORT  as the front end calls itself, where addresses are translated on the way to it
  --server URI            line server of every user: sip:ctigw@gw.example.test
  --user USER=LINE        a user of a real client, may be repeated: 'alice@example.test=tel:1001;phone-context=dialstring'
  --users FILE            every user with a line_uri in a site's TOML file
  --client USER=LINE      a simulated client, may be repeated
  --clients FILE          a simulated client for every user with a line_uri in a site's TOML file
  --flavour FLAVOUR       lcs2005, ocs2007 (refresh by re-INVITE) or ocs2007r2 (refresh by UPDATE, the default)
  --mode 2007|2005        the same: ocs2007 or lcs2005
  --control SOCKET        where clients are told what to do, see below
  --trace FILE            write what passes the simulated clients as it comes, JSON a line as in log
  --sign-in               all simulated clients sign in at the start
  --silent                simulated clients answer no events
  --session SECONDS       Session-Expires that clients ask for (1800); they refresh at half of what is granted
  --connections N         connections to the next hop (1); each dialog keeps to one, a lost one is dialled again
  --answer-events         answer the gateway's events in place of a real client that never does (as pidgin-sipe)
  --log FILE              write every message with its direction
  --tls                   TLS to the next hop
  --ca FILE               who may have signed the other side's certificate, PEM
  --certificate FILE      our certificate for both sides, PEM
  --key FILE              its key
  --tls-host NAME         the name in the next hop's certificate, if it is not the host of --next-hop
  --listen-tls HOST:PORT  where nodes come with TLS; they must show a certificate that --ca signed
  --name HOST             our name in Via and Record-Route, if it is not the address of the listener

run prints "listening HOST:PORT", "listening tls HOST:PORT" and "ready", and goes on until SIGTERM or SIGINT.
A simulated client does as Communicator does: it refreshes, and after a 481, a timeout or the node's BYE it signs in
again by itself, with growing pauses; 503 with Retry-After is waited for; after 403 or 404 it stays out.

control prints the answer and exits with 0, or with 1 if the command was refused. Commands:
)";

Result<bool> read_place(Place& place, std::string_view name, std::string_view value) {
  if (name == "--listen") return set_address(place.listen, name, value);
  if (name == "--listen-tls") return set_address(place.listen_tls, name, value);
  if (name == "--next-hop") return set_address(place.server.next_hop, name, value);
  if (name == "--next-hop-shown") return set_address(place.server.next_hop_shown, name, value);
  if (name == "--mode" || name == "--flavour") return set_flavour(place.server.site, name, value);
  if (name == "--server") {
    if (!destination(value)) return Error{Errc::malformed, "--server is a SIP URI: sip:ctigw@gw.example.test"};
    place.server.site.line_server = value;
    return true;
  }
  if (name == "--connections") {
    const auto count = to_number<unsigned>(value);
    if (!count || *count == 0 || *count > most_connections)
      return Error{Errc::malformed, "--connections is 1 to " + std::to_string(most_connections)};
    place.server.connections = *count;
    return true;
  }
  return set_text(place, name, value);
}

Status check_place(const Place& place) {
  if (place.server.next_hop.host.empty()) return Error{Errc::malformed, "--next-hop is missing"};
  if (place.server.site.line_server.empty()) return Error{Errc::malformed, "--server is missing"};
  const bool tls = place.tls.on || !place.listen_tls.host.empty();
  const bool files = !place.tls.certificate.empty() || !place.tls.key.empty() || !place.tls.authorities.empty();
  if (!tls && files)
    return Error{Errc::malformed,
                 "--ca, --certificate and --key are for --tls and --listen-tls: give one of them"};
  if (place.tls.certificate.empty() != place.tls.key.empty())
    return Error{Errc::malformed, "--certificate and --key go together"};
  if (!place.listen_tls.host.empty() && (place.tls.certificate.empty() || place.tls.authorities.empty()))
    return Error{Errc::malformed, "--listen-tls needs --certificate, --key and --ca"};
  return Done{};
}

Result<Options> read_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (bool* const flag = flag_of(options, name)) {
      *flag = true;
      continue;
    }
    if (i + 1 == arguments.size()) return Error{Errc::malformed, std::string(name) + " needs a value"};
    if (const auto good = set(options, name, arguments[++i]); !good) return good.error();
  }
  if (options.listen.host.empty()) return Error{Errc::malformed, "--listen is missing"};
  if (const auto good = check_place(options); !good) return good.error();
  if (options.server.site.users.empty() && options.clients.empty())
    return Error{Errc::malformed, "no user: give --user, --users, --client or --clients"};
  options.server.keep_up = !options.clients.empty();
  return options;
}

}  // namespace linebridge::sim::ocs
