#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "base/network.hpp"
#include "config/config.hpp"
#include "config/convert.hpp"
#include "config/section.hpp"

namespace linebridge::config {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t sip_port = 5060;
constexpr std::uint16_t sips_port = 5061;
constexpr std::uint16_t cti_port = 2748;
constexpr std::size_t most_managers = 8;
constexpr std::size_t most_ocs_hosts = 32;
constexpr std::size_t longest_socket_name = 14;  // "/splitter.sock"
constexpr std::string_view run_sockets[] = {"split.sock", "refuse.sock", "place.sock", "egress.sock",
                                            "admin.sock"};

auto seconds(std::chrono::seconds least, std::chrono::seconds most) {
  return [=](const Value& value) { return duration(value, least, most); };
}

auto listening(Unix unix_path, std::uint16_t default_port = 0) {
  return [=](const Value& value) { return listen_address(value, unix_path, default_port); };
}

auto one_of(std::vector<std::string_view> words) {
  return [words = std::move(words)](const Value& value) { return word(value, words); };
}

/// Whom we call over TLS: the name in its certificate, so not an address.
Result<Address> named_address(const Value& value) {
  auto address = remote_address(value, sips_port);
  if (address && Network::parse(address.value().host))
    return Error{Errc::malformed, "must be a host by the name in its certificate, not by its address"};
  return address;
}

/// A list that is there and right must not be empty.
template <class T>
void refuse_empty(Section& section, std::string_view key, const std::vector<T>& list) {
  const Entry* entry = section.take(key);
  const auto* written = entry ? std::get_if<List>(&entry->value.data) : nullptr;
  if (written && written->empty() && list.empty()) section.problem(key, "must not be empty");
}

template <class T>
void refuse_twice(Section& section, std::string_view key, const std::vector<T>& list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (std::find(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i), list[i]) ==
        list.begin() + static_cast<std::ptrdiff_t>(i))
      continue;
    section.problem(key, "has the same entry twice");
    return;
  }
}

void read_sip(Section section, Sip& sip) {
  section.require("names", "the hosts that OCS uses in its static route: [\"gw.example.test\"]");
  section.require("incoming", "the OCS hosts that may connect: [\"192.0.2.10\"]");
  section.read("enabled", sip.enabled, flag);
  section.read_list("names", sip.names, host_name);
  refuse_empty(section, "names", sip.names);
  section.read("virtual_address", sip.virtual_address,
               [](const Value& value) { return remote_address(value, sip_port); });
  std::size_t type = 0;
  section.read("server_type", type, one_of({"ocs", "lcs"}));
  sip.server_type = type == 1 ? ServerType::lcs : ServerType::ocs;
  section.read("session_timer", sip.session_timer, seconds(90s, 24h));
  section.read("features_file", sip.features_file, [](const Value& value) { return path(value); });
  const std::vector<std::string_view> transfer_events = {"TransferedEvent", "TransferredEvent"};
  std::size_t transfer_event = 0;
  section.read("transfer_event", transfer_event, one_of(transfer_events));
  sip.transfer_event = transfer_events[transfer_event];
  section.read_list("incoming", sip.incoming, network);
  refuse_empty(section, "incoming", sip.incoming);
  section.finish();
}

void read_cti(Section section, Cti& cti) {
  section.require("user", "the application user's name in Unified CM");
  section.require("password_file", "the file with that user's password in its first line");
  section.require("managers", "1 to 8 CTI Managers: [\"cucm1.example.test\"]");
  section.read("user", cti.user, text);
  section.read("password_file", cti.password_file, secret_file);
  section.read_list("managers", cti.managers,
                    [](const Value& value) { return remote_address(value, cti_port); });
  refuse_empty(section, "managers", cti.managers);
  if (cti.managers.size() > most_managers)
    section.problem("managers",
                    "has " + std::to_string(cti.managers.size()) + " entries; at most 8 are possible");
  refuse_twice(section, "managers", cti.managers);
  section.read("heartbeat", cti.heartbeat, seconds(1s, 10min));
  section.read("answer_within", cti.answer_within, seconds(1s, 60s));
  section.read("reconnect_most", cti.reconnect_most, seconds(1s, 10min));
  std::vector<std::uint32_t> versions;
  section.read_list("protocol_versions", versions, [](const Value& value) {
    return number(value, 1, std::numeric_limits<std::uint32_t>::max());
  });
  if (!versions.empty()) cti.protocol_versions = versions;
  section.finish();
}

void read_front(Section section, Front& front) {
  front.listen = {"0.0.0.0", sip_port};
  front.run_directory = "/run/linebridge";
  front.statistics = {"127.0.0.1", 8404};
  section.read("listen", front.listen, listening(Unix::refused, sip_port));
  section.read("tls_listen", front.tls_listen, listening(Unix::refused, sips_port));
  if (front.tls_listen && front.tls_listen->port == front.listen.port)
    section.problem("tls_listen", "must not have the port of front.listen: by its port the nodes know TLS");
  section.read("run_directory", front.run_directory,
               [](const Value& value) { return path(value, 107 - longest_socket_name); });
  while (front.run_directory.size() > 1 && front.run_directory.back() == '/')
    front.run_directory.pop_back();
  front.api_socket = front.run_directory + "/splitter.sock";
  front.node_side = {front.run_directory + "/node.sock", 0};
  section.read("api_socket", front.api_socket, socket_path);
  section.read("node_side", front.node_side, listening(Unix::allowed));
  section.read("statistics", front.statistics, listening(Unix::allowed));
  section.read("dialogs", front.dialogs, [](const Value& value) { return number(value, 1, 1'000'000); });
  section.finish();
}

void read_ocs(Section section, Ocs& ocs) {
  section.read_list("tcp", ocs.tcp, [](const Value& value) { return remote_address(value, sip_port); });
  refuse_twice(section, "tcp", ocs.tcp);
  section.read_list("tls", ocs.tls, named_address);
  refuse_twice(section, "tls", ocs.tls);
  const std::size_t hosts = ocs.tcp.size() + ocs.tls.size();
  if (hosts > most_ocs_hosts)
    section.problem(ocs.tls.empty() ? "tcp" : "tls", "makes " + std::to_string(hosts) +
                                                         " hosts with those of the other list; at most " +
                                                         std::to_string(most_ocs_hosts) + " are possible");
  section.finish();
}

void read_node(Section section, Node& node, Role role, const std::string& run_directory) {
  const bool publisher = role == Role::publisher;
  node.listen = {"127.0.0.1", static_cast<std::uint16_t>(publisher ? 5071 : 5072)};
  node.agent = {"127.0.0.1", static_cast<std::uint16_t>(publisher ? 5081 : 5082)};
  node.api_socket = run_directory + (publisher ? "/publisher.sock" : "/subscriber.sock");
  section.read("listen", node.listen, listening(Unix::allowed));
  section.read("agent", node.agent, listening(Unix::refused));
  section.read("api_socket", node.api_socket, socket_path);
  section.read("direct_listen", node.direct_listen, listening(Unix::refused, sip_port));
  section.read("tls_listen", node.tls_listen, listening(Unix::refused, sips_port));
  section.read("metrics", node.metrics, listening(Unix::allowed));
  section.finish();
}

auto within(std::int64_t least, std::int64_t most) {
  return [=](const Value& value) { return number(value, least, most); };
}

void read_limits(Section section, Limits& limits) {
  constexpr std::int64_t kib = 1024;
  section.read("sessions", limits.sessions, within(1, 1'000'000));
  section.read("sessions_per_user", limits.sessions_per_user, within(1, 10'000));
  section.read("monitors_per_session", limits.monitors_per_session, within(1, 1000));
  section.read("pending_per_session", limits.pending_per_session, within(1, 1000));
  section.read("events_per_session", limits.events_per_session, within(16, 100'000));
  section.read("event_bytes_per_session", limits.event_bytes_per_session, within(16 * kib, 64 * kib * kib));
  section.read("head_bytes", limits.head_bytes, within(4 * kib, 64 * kib));
  section.read("body_bytes", limits.body_bytes, within(4 * kib, kib * kib));
  section.read("output_pause_bytes", limits.output_pause_bytes, within(64 * kib, 16 * kib * kib));
  section.read("output_drop_bytes", limits.output_drop_bytes, within(64 * kib, 256 * kib * kib));
  if (limits.output_drop_bytes < limits.output_pause_bytes)
    section.problem("output_drop_bytes", "must not be less than limits.output_pause_bytes, which is " +
                                             std::to_string(limits.output_pause_bytes));
  section.finish();
}

/// What of [tls] must be there.
enum class TlsNeed { nothing, certificate, mutual };

TlsNeed tls_need(const Config& config) {
  if (config.front.tls_listen || !config.ocs.tls.empty()) return TlsNeed::mutual;
  if (config.publisher.tls_listen || config.subscriber.tls_listen) return TlsNeed::certificate;
  return TlsNeed::nothing;
}

void read_tls(Section section, Tls& tls, TlsNeed need) {
  const bool wanted = need != TlsNeed::nothing;
  if (need == TlsNeed::mutual)
    section.require("client_ca",
                    "the path of the authorities of OCS in PEM; front.tls_listen and ocs.tls need it");
  if (wanted || section.take("key")) section.require("certificate", "the path of our certificate in PEM");
  if (wanted || section.take("certificate")) section.require("key", "the path of the certificate's key in PEM");
  section.read("certificate", tls.certificate, secret_file);
  section.read("key", tls.key, secret_file);
  section.read("client_ca", tls.client_ca, secret_file);
  tls.require_client_certificate = !tls.client_ca.empty();
  section.read("require_client_certificate", tls.require_client_certificate, flag);
  section.read_list("names", tls.names, text);
  refuse_twice(section, "names", tls.names);
  const bool asks = section.take("client_ca") != nullptr;
  if (!asks && tls.require_client_certificate)
    section.problem("require_client_certificate", "needs client_ca: whose certificates are good");
  if (!asks && !tls.names.empty()) section.problem("names", "needs client_ca: whose certificates are good");
  const std::vector<std::string_view> versions = {"1.2", "1.3"};
  std::size_t minimum = 0;
  section.read("minimum", minimum, one_of(versions));
  tls.minimum = versions[minimum];
  section.read("legacy", tls.legacy, flag);
  if (tls.legacy && section.take("minimum")) section.problem("minimum", "has no meaning with legacy = true");
  section.finish();
}

User read_user(Section section, int line) {
  User user;
  user.line = line;
  section.require("address", "the user's sign-in address: \"sip:alice@example.test\"");
  section.read("address", user.address, sip_address);
  section.read("assigned", user.assigned, flag);
  section.read("line_uri", user.line_uri, line_uri);
  section.read_list("devices", user.devices, device_name);
  refuse_twice(section, "devices", user.devices);
  section.finish();
  return user;
}

void read_users(const Entry* entry, std::vector<User>& users, Problems& problems) {
  if (!entry) return;
  const auto* list = std::get_if<List>(&entry->value.data);
  if (!list) {
    problems.push_back({entry->line, "user", "must be written as [[user]], once for each user"});
    return;
  }
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Value& value = (*list)[i];
    const auto* table = std::get_if<Table>(&value.data);
    const std::string path = "user[" + std::to_string(i + 1) + "]";
    if (!table) {
      problems.push_back({value.line, path, "must be written as [[user]], once for each user"});
      continue;
    }
    User user = read_user(Section(table, path, value.line, problems), value.line);
    const auto [first, fresh] = seen.emplace(user.address, user.line);
    if (!fresh && !user.address.empty())
      problems.push_back({user.line, path + ".address",
                          "'" + user.address + "' stands already in line " + std::to_string(first->second)});
    users.push_back(std::move(user));
  }
}

/// Two sockets on one address: the second would not come up.
void refuse_shared_sockets(const Config& config, Problems& problems) {
  std::vector<std::pair<std::string, Address>> sockets;
  const auto add = [&](std::string key, const Address& address) {
    sockets.emplace_back(std::move(key), address);
  };
  for (const auto name : run_sockets)
    add("front.run_directory", {config.front.run_directory + "/" + std::string(name), 0});
  add("front.listen", config.front.listen);
  if (config.front.tls_listen) add("front.tls_listen", *config.front.tls_listen);
  add("front.api_socket", {config.front.api_socket, 0});
  add("front.node_side", config.front.node_side);
  add("front.statistics", config.front.statistics);
  for (const auto& [name, node] :
       {std::pair("node.publisher.", &config.publisher), std::pair("node.subscriber.", &config.subscriber)}) {
    add(std::string(name) + "listen", node->listen);
    add(std::string(name) + "agent", node->agent);
    add(std::string(name) + "api_socket", {node->api_socket, 0});
    if (node->direct_listen) add(std::string(name) + "direct_listen", *node->direct_listen);
    if (node->tls_listen) add(std::string(name) + "tls_listen", *node->tls_listen);
    if (node->metrics) add(std::string(name) + "metrics", *node->metrics);
  }
  std::map<Address, std::string> seen;
  for (const auto& [key, address] : sockets) {
    const auto [first, fresh] = seen.emplace(address, key);
    if (!fresh) problems.push_back({0, key, to_text(address) + " is already used by " + first->second});
  }
}

/// The tables of the file by name.
class File {
public:
  File(const Table& root, Problems& problems) : root_(&root, "", 0, problems), problems_(problems) {}

  Section section(std::string_view name) { return part_of(root_, name, std::string(name)); }
  Section part_of(Section& whole, std::string_view name, std::string path) {
    const Entry* entry = whole.take(name);
    const Table* table = entry ? std::get_if<Table>(&entry->value.data) : nullptr;
    if (entry && !table) problems_.push_back({entry->line, path, "must be a section: [" + path + "]"});
    return {table, std::move(path), entry ? entry->line : 0, problems_};
  }
  const Entry* take(std::string_view name) { return root_.take(name); }
  void finish() { root_.finish(); }

private:
  Section root_;
  Problems& problems_;
};

void read_rest(File& file, Config& config) {
  Section users = file.section("users");
  std::size_t ambiguous = 0;
  users.read("ambiguous_line", ambiguous, one_of({"refuse", "first"}));
  config.refuse_ambiguous_line = ambiguous == 0;
  users.finish();
  Section log = file.section("log");
  const std::vector<std::string_view> levels = {"debug", "info", "notice", "warning", "error", "alarm"};
  std::size_t level = 1, format = 0;
  log.read("level", level, one_of(levels));
  log.read("format", format, one_of({"text", "json"}));
  config.log_level = levels[level];
  config.log_json = format == 1;
  log.finish();
}

}  // namespace

std::variant<Config, std::vector<Problem>> parse(std::string_view text) {
  auto read = read_toml(text);
  if (auto* problem = std::get_if<Problem>(&read)) return Problems{std::move(*problem)};
  Problems problems;
  Config config;
  File file(std::get<Table>(read), problems);
  read_sip(file.section("sip"), config.sip);
  read_cti(file.section("cti"), config.cti);
  read_front(file.section("front"), config.front);
  read_limits(file.section("limits"), config.limits);
  Section nodes = file.section("node");
  read_node(file.part_of(nodes, "publisher", "node.publisher"), config.publisher, Role::publisher,
            config.front.run_directory);
  read_node(file.part_of(nodes, "subscriber", "node.subscriber"), config.subscriber, Role::subscriber,
            config.front.run_directory);
  nodes.finish();
  read_ocs(file.section("ocs"), config.ocs);
  read_tls(file.section("tls"), config.tls, tls_need(config));
  read_users(file.take("user"), config.users, problems);
  read_rest(file, config);
  file.finish();
  if (problems.empty()) refuse_shared_sockets(config, problems);
  if (problems.empty()) return config;
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.line < b.line; });
  return problems;
}

}  // namespace linebridge::config
