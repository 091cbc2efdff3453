#include "lb/haproxy/ocs_side.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/network.hpp"
#include "lb/haproxy/words.hpp"

namespace linebridge::lb::haproxy {
namespace {

constexpr std::string_view least_rate = "10";  // Strangers a second that are told why they are refused ...

bool is_address(std::string_view host) {
  return static_cast<bool>(Network::parse(host));
}

// TLS 1.0 and SHA-1 are possible with OpenSSL 3 only at security level 0, so that goes no further than here.
std::string versions(const config::Tls& tls) {
  if (tls.legacy)
    return " ssl-min-ver TLSv1.0 ciphers ECDHE+AESGCM:ECDHE+AES:AES128-GCM-SHA256:AES256-GCM-SHA384:"
           "AES128-SHA:AES256-SHA:@SECLEVEL=0";
  return " ssl-min-ver TLSv" + tls.minimum;
}

std::string identity(const config::Tls& tls) {
  return "ssl crt " + std::string(identity_file) + " ca-file " + std::string(authorities_file) +
         " verify required" + versions(tls);
}

// Strangers are told why, so that an administrator finds it in the log of OCS and in ours, but only so many:
// the others are cut without a line.
std::string tcp(const config::Front& front, const Capacity& most) {
  const std::string hosts(hosts_file);
  return "\n# OCS comes here.\n"
         "frontend front\n"
         "    bind " +
         at(front.listen) +
         " tcp-ut 60s\n"
         "    maxconn " +
         std::to_string(most.clients + most.strangers) +
         "\n"
         "    option tcplog\n"
         "    acl listed src -f " +
         hosts +
         "\n"
         "    acl too_many be_sess_rate(refuse) ge " +
         std::string(least_rate) +
         "\n"
         "    acl too_many be_conn(refuse) ge " +
         std::to_string(most.strangers) +
         "\n"
         "    tcp-request content set-log-level silent if !listed too_many\n"
         "    tcp-request content reject if !listed too_many\n"
         "    use_backend refuse if !listed\n"
         "    default_backend splitter\n";
}

// A certificate made for servers is good enough (error 26), as OCS hosts have no other.
std::string bind_tls(const config::Config& config) {
  return "    bind " + at(*config.front.tls_listen) + " " + identity(config.tls) +
         " crt-ignore-err 26 tcp-ut 60s\n";
}

// OpenSSL's number for a certificate that does not verify, in words. Not from a map: its file would be looked
// for where HAProxy was started.
std::string in_words(std::string_view number) {
  constexpr std::pair<int, std::string_view> known[] = {{0, "-"},
                                                        {9, "not yet valid"},
                                                        {10, "expired"},
                                                        {18, "self-signed"},
                                                        {19, "root is not ours"},
                                                        {20, "issuer is not ours"},
                                                        {21, "issuer is missing"},
                                                        {66, "key is too short"},
                                                        {67, "key of the issuer is too short"},
                                                        {68, "digest is too weak"}};
  std::string out = "%{+Q}[" + std::string(number);
  for (const auto& [code, words] : known)
    out += ",regsub(^" + std::to_string(code) + "$," + std::string(words) + ")";
  return out + "]";
}

// Strangers are cut before the handshake, which costs. What fails within it is logged by error-log-format, with
// the subject where the certificate was looked at; who is cut after it sent nothing yet, which is logged all
// the same.
std::string tls(const config::Config& config, const Capacity& most) {
  std::string out =
      "\n# OCS comes here over TLS.\n"
      "frontend front-tls\n" +
      bind_tls(config) + "    maxconn " + std::to_string(most.clients) +
      "\n"
      "    no option dontlognull\n"
      "    .if version_atleast(3.0)\n"
      "    timeout client-hs 10s\n"
      "    .endif\n"
      "    tcp-request connection reject unless { src -f " +
      std::string(hosts_file) +
      " }\n"
      "    log-format \"%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq tls=%sslv/%sslc "
      "subject=%{+Q}[ssl_c_s_dn] refused=%{+Q}[var(txn.refused)]\"\n"
      "    error-log-format '%ci:%cp [%t] %ft refused=%{+Q}[ssl_fc_err_str] subject=%{+Q}[ssl_c_s_dn] "
      "certificate=" +
      in_words("ssl_c_err") + " authority=" + in_words("ssl_c_ca_err") + " tls=%sslv'\n";
  if (!config.tls.names.empty()) {
    const std::string unlisted = " unless { ssl_c_s_dn(cn) -m str -i -f " + std::string(names_file) + " }\n";
    out += "    tcp-request content set-var(txn.refused) str(\"name not listed\")" + unlisted +
           "    tcp-request content reject" + unlisted;
  }
  return out + "    default_backend splitter\n";
}

std::string ways_in(const config::Front& front) {
  return "\n"
         "backend splitter\n"
         "    server splitter " +
         in_quotes("unix@" + split_socket(front)) +
         (front.tls_listen ? " send-proxy-v2-ssl-cn\n" : " send-proxy-v2\n") +
         "\n"
         "backend refuse\n"
         "    timeout server 30s\n"
         "    timeout tunnel 30s\n"
         "    server splitter " +
         in_quotes("unix@" + refuse_socket(front)) + " send-proxy-v2\n";
}

/// The address that calls to OCS come from: the one that OCS knows us by, if we listen at one of our own. Not
/// the virtual address, which need not be this machine's.
std::optional<std::string> own_address(const Address& listen) {
  if (listen.host == "0.0.0.0" || listen.host == "::") return std::nullopt;
  return listen.host;
}

/// One host that may be called, in a backend of its own: no other may be taken in its place.
std::string ocs_host(std::size_t number, const Address& host, const Address& listen, const std::string& tls) {
  const std::string name = "ocs" + std::to_string(number);
  const bool named = !is_address(host.host);
  const auto own = own_address(listen);
  const bool v6 = own && is_v6(*own);
  std::string out = "\nbackend " + name +
                    "\n"
                    "    timeout connect 3s\n"
                    "    retries 0\n";
  if (own && (named || v6 == is_v6(host.host))) out += "    source " + at({*own, 0}) + "\n";
  out += "    server " + name + " ";
  if (named) {
    out += in_quotes((!own ? ""
                      : v6 ? "ipv6@"
                           : "ipv4@") +
                     host.host + ":" + std::to_string(host.port)) +
           " init-addr libc,none resolvers system resolve-prefer " + (v6 ? "ipv6" : "ipv4");
  } else {
    out += at(host);
  }
  return out + tls + "\n";
}

// A host that is found once is not forgotten because its name server fails or does not know it: it may stand in
// the hosts file.
constexpr std::string_view resolvers = R"(
resolvers system
    parse-resolv-conf
    hold valid 30s
    hold nx 20d
    hold refused 20d
    hold timeout 20d
    hold other 20d
)";

}  // namespace

bool uses_tls(const config::Config& config) {
  return config.front.tls_listen || !config.ocs.tls.empty();
}

bool calls_names(const config::Ocs& ocs) {
  return !ocs.tls.empty() ||
         std::any_of(ocs.tcp.begin(), ocs.tcp.end(), [](const auto& host) { return !is_address(host.host); });
}

std::string clients(const config::Config& config, const Capacity& most) {
  return tcp(config.front, most) + (config.front.tls_listen ? tls(config, most) : "") + ways_in(config.front);
}

std::string egress(const config::Config& config, const Capacity& most) {
  const auto& [tcp_hosts, tls_hosts] = config.ocs;
  const std::size_t hosts = tcp_hosts.size() + tls_hosts.size();
  if (hosts == 0) return {};
  std::string out = calls_names(config.ocs) ? std::string(resolvers) : "";
  out +=
      "\n# The splitter's calls to OCS. The authority of the PROXY header names the host.\n"
      "frontend egress\n"
      "    bind " +
      in_quotes("unix@" + egress_socket(config.front)) +
      " mode 660 accept-proxy\n"
      "    maxconn " +
      std::to_string(most.calls) +
      "\n"
      "    log-format \"egress host=%[fc_pp_authority] at=%si:%sp tc=%Tc tt=%Tt up=%U down=%B ts=%ts "
      "error=%{+Q}[bc_err_str] tls=%{+Q}[ssl_bc_err_str]\"\n";
  std::string backends;
  for (std::size_t i = 1; i <= hosts; ++i) {
    const std::string name = "ocs" + std::to_string(i);
    out += "    use_backend " + name + " if { fc_pp_authority -m str " + name + " }\n";
    if (i <= tcp_hosts.size()) {
      backends += ocs_host(i, tcp_hosts[i - 1], config.front.listen, "");
    } else {
      const Address& host = tls_hosts[i - 1 - tcp_hosts.size()];
      backends += ocs_host(i, host, config.front.tls_listen.value_or(config.front.listen),
                           " " + identity(config.tls) + " verifyhost " + in_quotes(host.host));
    }
  }
  return out + backends;
}

}  // namespace linebridge::lb::haproxy
