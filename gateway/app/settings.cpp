#include "app/settings.hpp"

#include "base/version.hpp"
#include "csta/features.hpp"

namespace linebridge::app {
namespace {

users::ServerType server_type(config::ServerType type) {
  return type == config::ServerType::lcs ? users::ServerType::lcs : users::ServerType::ocs;
}

Result<session::ReceptionSettings> reception(const config::Config& site) {
  session::ReceptionSettings out;
  out.enabled = site.sip.enabled;
  out.names = site.sip.names;
  if (site.sip.virtual_address) out.names.push_back(site.sip.virtual_address->host);
  for (const auto& text : site.sip.incoming) {
    auto network = Network::parse(text);
    if (!network) return network.error();
    out.incoming.push_back(network.value());
  }
  out.choice = {server_type(site.sip.server_type), site.refuse_ambiguous_line};
  return out;
}

void take_limits(const config::Limits& from, core::Gateway::Settings& to) {
  to.sessions = from.sessions;
  to.sessions_per_user = from.sessions_per_user;
  to.monitors_per_session = from.monitors_per_session;
  to.pending_per_session = from.pending_per_session;
  to.events.events = from.events_per_session;
  to.events.bytes = from.event_bytes_per_session;
  to.framing.head_bytes = from.head_bytes;
  to.framing.body_bytes = from.body_bytes;
  to.high_mark = from.output_pause_bytes;
  to.buffer_most = from.output_drop_bytes;
}

/// The body that GetCSTAFeatures is answered with at this site, looked at; empty if the site has none.
Result<std::string> features(const std::string& file) {
  if (file.empty()) return std::string();
  auto body = config::read_file(file, csta::most_features_bytes);
  if (!body) return Error{body.error().code, "sip.features_file: " + body.error().detail};
  if (const auto checked = csta::check_features(body.value()); !checked)
    return Error{checked.error().code, "sip.features_file: '" + file + "': " + checked.error().detail};
  return body;
}

}  // namespace

Result<core::Gateway::Settings> gateway_settings(const config::Config& site, config::Role role, TimePoint now,
                                                 WallTime wall) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  auto password = config::read_secret(site.cti.password_file);
  if (!password) return password.error();
  auto rules = reception(site);
  if (!rules) return rules.error();
  auto body = features(site.sip.features_file);
  if (!body) return body.error();
  core::Gateway::Settings out;
  out.name = config::role_name(role);
  out.tag_prefix = role == config::Role::publisher ? "pub-" : "sub-";
  out.version = version();
  if (site.sip.virtual_address) out.virtual_host = site.sip.virtual_address->host;
  if (site.front.tls_listen) out.tls_port = site.front.tls_listen->port;
  out.node_side = site.front.node_side;
  out.session_timer = site.sip.session_timer;
  take_limits(site.limits, out);
  out.wall_offset_us = duration_cast<microseconds>(wall.time_since_epoch()).count() -
                       duration_cast<microseconds>(now.time_since_epoch()).count();
  out.reception = std::move(rules).value();
  out.csta = {std::move(body).value(), site.sip.transfer_event == "TransferredEvent"};
  out.cti.managers = site.cti.managers;
  out.cti.user = site.cti.user;
  out.cti.password = std::move(password).value();
  out.cti.client = "Linebridge " + std::string(version());
  out.cti.application = "Linebridge-" + out.name;
  out.cti.heartbeat = site.cti.heartbeat;
  out.cti.answer_within = site.cti.answer_within;
  out.cti.backoff_most = site.cti.reconnect_most;
  out.cti.protocol_versions = site.cti.protocol_versions;
  return out;
}

Result<NodeTls> node_tls(const config::Tls& tls) {
  auto certificate = config::read_certificates(tls.certificate);
  if (!certificate) return certificate.error();
  auto key = config::read_key(tls.key);
  if (!key) return key.error();
  net::TlsSettings out;
  out.certificate = {std::move(certificate).value(), tls.certificate};
  out.key = {std::move(key).value(), tls.key};
  if (!tls.client_ca.empty()) {
    auto authorities = config::read_certificates(tls.client_ca);
    if (!authorities) return authorities.error();
    if (authorities.value().empty()) return Error{Errc::malformed, "'" + tls.client_ca + "' is empty"};
    out.authorities = {std::move(authorities).value(), tls.client_ca};
  }
  out.require_certificate = tls.require_client_certificate;
  out.minimum = tls.minimum == "1.3" ? net::TlsVersion::tls_1_3 : net::TlsVersion::tls_1_2;
  out.legacy = tls.legacy;
  out.names = tls.names;
  auto server = net::TlsContext::server(out);
  if (!server) return server.error();
  auto client = net::TlsContext::client(out);
  if (!client) return client.error();
  return NodeTls{std::move(server).value(), std::move(client).value()};
}

std::string services_not_served(const core::Gateway::Settings& settings) {
  std::string out;
  if (settings.csta.features.empty()) return out;
  const auto checked = csta::check_features(settings.csta.features);
  if (!checked) return out;
  for (const auto& name : checked.value())
    out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::shared_ptr<const users::Directory> directory(const config::Config& site) {
  std::vector<users::User> all;
  for (const auto& entry : site.users) {
    users::User user{entry.address, entry.assigned, std::nullopt, entry.devices};
    if (auto line = numbers::parse_line_uri(entry.line_uri)) user.line = std::move(line).value();
    all.push_back(std::move(user));
  }
  return std::make_shared<const users::Directory>(std::move(all));
}

}  // namespace linebridge::app
