#include "lb/haproxy/render.hpp"

#include <algorithm>
#include <string_view>

#include "lb/haproxy/ocs_side.hpp"
#include "lb/haproxy/words.hpp"

namespace linebridge::lb::haproxy {
namespace {

constexpr std::uint64_t most_clients = 500;
constexpr std::uint64_t for_statistics = 32;
constexpr std::uint64_t most_strangers = 20;
constexpr std::uint64_t most_calls = 64;
constexpr std::uint64_t least_total = 64;
constexpr std::uint64_t own_descriptors = 200;  // Listeners, checks, log, pollers: 33 with 2.6.

// A server address of all zeros means "where the client went" to HAProxy; a node that listens everywhere is
// here.
Address reachable(Address address) {
  if (address.host == "0.0.0.0") address.host = "127.0.0.1";
  if (address.host == "::") address.host = "::1";
  return address;
}

// A warning is as good as an error but for one: a host of [ocs] whose name cannot be looked up now.
std::string global(const config::Config& config, const Capacity& most, const std::string& directory) {
  return "global\n" + std::string(calls_names(config.ocs) ? "" : "    zero-warning\n") +
         "    default-path config\n" + (uses_tls(config) ? "    crt-base " + in_quotes(directory) + "\n" : "") +
         "    nbthread 1\n"
         "    maxconn " +
         std::to_string(most.total) +
         "\n"
         "    log stdout format raw local0\n"
         "    stats socket " +
         in_quotes("unix@" + admin_socket(config.front)) +
         " mode 660 level admin expose-fd listeners\n"
         "    stats timeout 2m\n"
         "    hard-stop-after 24h\n";
}

constexpr std::string_view defaults = R"(
defaults
    mode tcp
    log global
    option dontlognull
    timeout connect 1s
    timeout queue 500ms
    timeout check 1500ms
    timeout client 24h
    timeout server 24h
    timeout tunnel 24h
    timeout client-fin 5s
    timeout server-fin 5s
    option clitcpka
    option srvtcpka
    clitcpka-idle 30s
    clitcpka-intvl 10s
    clitcpka-cnt 3
    srvtcpka-idle 30s
    srvtcpka-intvl 10s
    srvtcpka-cnt 3
)";

std::string place(const config::Front& front, const Capacity& most) {
  return "\n# One connection for each dialog, from the splitter.\n"
         "frontend place\n"
         "    bind " +
         in_quotes("unix@" + place_socket(front)) +
         " mode 660 accept-proxy\n"
         "    maxconn " +
         std::to_string(most.dialogs) +
         "\n"
         "    unique-id-format %[fc_pp_unique_id]\n"
         "    log-format \"dlg=%ID kind=%[fc_pp_authority] ocs=%ci node=%s tw=%Tw tc=%Tc tt=%Tt up=%U down=%B "
         "ts=%ts retries=%rc\"\n"
         "    tcp-request content reject if { fc_pp_authority -m str new } { nbsrv(nodes) lt 1 }\n"
         "    tcp-request content reject if { fc_pp_authority -m str new } { fe_conn gt " +
         std::to_string(most.new_dialogs) +
         " }\n"
         "    default_backend nodes\n";
}

// The URI's host must be a name of ours, else a node answers 404.
std::string check_request(const config::Config& config) {
  std::string host = "localhost";
  if (config.sip.virtual_address) host = config.sip.virtual_address->host;
  if (!config.sip.names.empty()) host = config.sip.names.front();
  if (is_v6(host)) host = "[" + host + "]";
  const std::string end = "\\r\\n";
  return "OPTIONS sip:" + host + " SIP/2.0" + end + "Via: SIP/2.0/TCP " + host + ";branch=z9hG4bKcheck" + end +
         "Max-Forwards: 1" + end + "From: <sip:check@" + host + ">;tag=check" + end + "To: <sip:" + host + ">" +
         end + "Call-ID: check@" + host + end + "CSeq: 1 OPTIONS" + end + "Content-Length: 0" + end + end;
}

// tcp-ut: TCP probes only quiet connections, and would send bytes to a host that is gone for a quarter of an
// hour. HAProxy takes the word from a server's own line only, not from default-server.
std::string server(std::string_view name, const config::Node& node) {
  const Address agent = reachable(node.agent);
  return "    server " + std::string(name) + " " + at(reachable(node.listen)) +
         " check agent-check agent-addr " + in_quotes(agent.host) + " agent-port " +
         std::to_string(agent.port) + " tcp-ut 60s\n";
}

std::string nodes(const config::Config& config, const Capacity& most) {
  const std::string table = std::to_string(std::max<std::uint64_t>(204800, 4 * most.dialogs));
  return "\n"
         "backend nodes\n"
         "    balance roundrobin\n"
         "    stick-table type string len 64 size " +
         table +
         " expire 72h\n"
         "    use-server pub if { fc_pp_authority -m str pub }\n"
         "    use-server sub if { fc_pp_authority -m str sub }\n"
         "    stick on fc_pp_unique_id\n"
         "    option redispatch 1\n"
         "    retries 1\n"
         "    option tcp-check\n"
         "    tcp-check connect default\n"
         "    tcp-check send \"" +
         check_request(config) +
         "\"\n"
         "    tcp-check expect min-recv 11 rstring \"^SIP/2\\\\.0 200\"\n"
         "    default-server send-proxy-v2 proxy-v2-options unique-id,authority maxconn " +
         std::to_string(most.dialogs) +
         "\n"
         "    default-server inter 1s fastinter 300ms downinter 1s fall 2 rise 2 agent-inter 1s\n"
         "    default-server weight 100 on-marked-down shutdown-sessions\n" +
         server("pub", config.publisher) + server("sub", config.subscriber);
}

std::string statistics(const config::Front& front) {
  return "\n"
         "frontend statistics\n"
         "    mode http\n"
         "    bind " +
         at(front.statistics) +
         "\n"
         "    timeout client 10s\n"
         "    http-request use-service prometheus-exporter if { path /metrics }\n"
         "    stats enable\n"
         "    stats uri /\n"
         "    stats refresh 5s\n";
}

}  // namespace

Capacity capacity(const config::Config& config, Limits limits) {
  const std::uint64_t wanted = std::max<std::uint64_t>(config.front.dialogs, 1);
  const std::uint64_t calls = config.ocs.tcp.empty() && config.ocs.tls.empty() ? 0 : most_calls;
  const std::uint64_t beside = most_clients + most_strangers + calls + for_statistics;
  const std::uint64_t possible =
      limits.descriptors > own_descriptors ? (limits.descriptors - own_descriptors) / 2 : 0;
  Capacity most;
  most.total = std::max(std::min(wanted + beside, possible), least_total);
  const auto share = [&](std::uint64_t many, std::uint64_t part) { return std::min(many, most.total / part); };
  const std::uint64_t clients = share(most_clients, 4);
  most.clients = config.front.tls_listen ? clients / 2 : clients;
  most.strangers = share(most_strangers, 8);
  most.calls = share(calls, 8);
  most.dialogs =
      std::min(wanted, most.total - clients - most.strangers - most.calls - share(for_statistics, 4));
  most.new_dialogs = std::max<std::uint64_t>(most.dialogs * 95 / 100, 1);
  return most;
}

std::vector<File> render(const config::Config& config, Limits limits, const Pem& pem) {
  const Capacity most = capacity(config, limits);
  std::vector<File> files = {
      {"haproxy.cfg", "# Written by linebridge from its configuration; changes made here are lost.\n" +
                          global(config, most, pem.directory) + std::string(defaults) + clients(config, most) +
                          place(config.front, most) + nodes(config, most) + egress(config, most) +
                          statistics(config.front)},
      {std::string(hosts_file), lines(config.sip.incoming)}};
  if (!uses_tls(config)) return files;
  files.push_back({std::string(identity_file), pem.certificate + "\n" + pem.key, true});
  files.push_back({std::string(authorities_file), pem.authorities});
  if (!config.tls.names.empty()) files.push_back({std::string(names_file), lines(config.tls.names)});
  return files;
}

std::string split_socket(const config::Front& front) {
  return run_socket(front, "split.sock");
}
std::string place_socket(const config::Front& front) {
  return run_socket(front, "place.sock");
}
std::string refuse_socket(const config::Front& front) {
  return run_socket(front, "refuse.sock");
}
std::string egress_socket(const config::Front& front) {
  return run_socket(front, "egress.sock");
}
std::string admin_socket(const config::Front& front) {
  return run_socket(front, "admin.sock");
}

}  // namespace linebridge::lb::haproxy
