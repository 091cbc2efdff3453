#include <optional>
#include <span>
#include <string>

#include "base/text.hpp"
#include "config/config.hpp"
#include "config/convert.hpp"

namespace linebridge::config {
namespace {

std::string as_toml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00" + to_hex(std::span(&byte, 1));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string as_toml(const Address& address) {
  return as_toml(to_text(address));
}
std::string as_toml(std::chrono::seconds value) {
  return as_toml(duration_text(value));
}
std::string as_toml(bool flag) {
  return flag ? "true" : "false";
}
std::string as_toml(std::uint32_t number) {
  return std::to_string(number);
}
std::string hex(std::uint32_t number) {
  constexpr unsigned digits = 8;
  std::string out = "0x";
  for (unsigned i = 0; i < digits; ++i)
    out += "0123456789abcdef"[number >> 4 * (digits - 1 - i) & 15];
  return out;
}

template <class T>
std::string as_toml(const std::vector<T>& list) {
  std::string out = "[";
  for (const auto& element : list)
    out += (out.size() > 1 ? ", " : "") + as_toml(element);
  return out + "]";
}

class Writer {
public:
  void section(const std::string& head) { out_ += (out_.empty() ? "" : "\n") + head + "\n"; }
  void written(std::string_view name, const std::string& value) {
    out_ += std::string(name) + " = " + value + "\n";
  }
  template <class T>
  void key(std::string_view name, const T& value) {
    written(name, as_toml(value));
  }
  template <class T>
  void key(std::string_view name, const std::optional<T>& value) {
    if (value) key(name, *value);
  }
  void key(std::string_view name, const char* word) { key(name, std::string_view(word)); }
  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

void write_node(Writer& out, const std::string& name, const Node& node) {
  out.section("[node." + name + "]");
  out.key("listen", node.listen);
  out.key("agent", node.agent);
  out.key("api_socket", node.api_socket);
  out.key("direct_listen", node.direct_listen);
  out.key("tls_listen", node.tls_listen);
  out.key("metrics", node.metrics);
}

void write_tls(Writer& out, const Tls& tls) {
  out.section("[tls]");
  if (!tls.certificate.empty()) {
    out.key("certificate", tls.certificate);
    out.key("key", tls.key);
  }
  if (!tls.client_ca.empty()) {
    out.key("client_ca", tls.client_ca);
    out.key("require_client_certificate", tls.require_client_certificate);
    out.key("names", tls.names);
  }
  out.key("legacy", tls.legacy);
  if (!tls.legacy) out.key("minimum", tls.minimum);
}

void write_front(Writer& out, const Front& front) {
  out.section("[front]");
  out.key("listen", front.listen);
  out.key("tls_listen", front.tls_listen);
  out.key("run_directory", front.run_directory);
  out.key("api_socket", front.api_socket);
  out.key("node_side", front.node_side);
  out.key("statistics", front.statistics);
  out.key("dialogs", front.dialogs);
}

void write_sip(Writer& out, const Sip& sip) {
  out.section("[sip]");
  out.key("enabled", sip.enabled);
  out.key("names", sip.names);
  out.key("virtual_address", sip.virtual_address);
  out.key("server_type", sip.server_type == ServerType::lcs ? "lcs" : "ocs");
  out.key("session_timer", sip.session_timer);
  if (!sip.features_file.empty()) out.key("features_file", sip.features_file);
  out.key("transfer_event", sip.transfer_event);
  out.key("incoming", sip.incoming);
}

void write_cti(Writer& out, const Cti& cti) {
  out.section("[cti]");
  out.key("user", cti.user);
  out.key("password_file", cti.password_file);
  out.key("managers", cti.managers);
  out.key("heartbeat", cti.heartbeat);
  out.key("answer_within", cti.answer_within);
  out.key("reconnect_most", cti.reconnect_most);
  std::string versions;
  for (const auto version : cti.protocol_versions)
    versions += (versions.empty() ? "" : ", ") + hex(version);
  out.written("protocol_versions", "[" + versions + "]");
}

void write_limits(Writer& out, const Limits& limits) {
  out.section("[limits]");
  out.key("sessions", limits.sessions);
  out.key("sessions_per_user", limits.sessions_per_user);
  out.key("monitors_per_session", limits.monitors_per_session);
  out.key("pending_per_session", limits.pending_per_session);
  out.key("events_per_session", limits.events_per_session);
  out.key("event_bytes_per_session", limits.event_bytes_per_session);
  out.key("head_bytes", limits.head_bytes);
  out.key("body_bytes", limits.body_bytes);
  out.key("output_pause_bytes", limits.output_pause_bytes);
  out.key("output_drop_bytes", limits.output_drop_bytes);
}

}  // namespace

std::string effective(const Config& config) {
  Writer out;
  write_sip(out, config.sip);
  write_cti(out, config.cti);
  write_node(out, "publisher", config.publisher);
  write_node(out, "subscriber", config.subscriber);
  write_tls(out, config.tls);
  write_front(out, config.front);
  out.section("[ocs]");
  out.key("tcp", config.ocs.tcp);
  out.key("tls", config.ocs.tls);
  write_limits(out, config.limits);
  out.section("[log]");
  out.key("level", config.log_level);
  out.key("format", config.log_json ? "json" : "text");
  out.section("[users]");
  out.key("ambiguous_line", config.refuse_ambiguous_line ? "refuse" : "first");
  for (const User& user : config.users) {
    out.section("[[user]]");
    out.key("address", user.address);
    out.key("assigned", user.assigned);
    out.key("line_uri", user.line_uri);
    out.key("devices", user.devices);
  }
  return out.take();
}

}  // namespace linebridge::config
