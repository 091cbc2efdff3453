#include "lb/haproxy/words.hpp"

namespace linebridge::lb::haproxy {

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string run_socket(const config::Front& front, std::string_view name) {
  std::string path = front.run_directory;
  while (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  return (path.ends_with('/') ? path : path + "/") + std::string(name);
}

bool is_v6(std::string_view host) {
  return host.find(':') != std::string_view::npos;
}

std::string at(const Address& address) {
  if (address.is_unix()) return in_quotes("unix@" + address.host);
  return in_quotes((is_v6(address.host) ? "ipv6@" : "") + address.host + ":" + std::to_string(address.port));
}

std::string lines(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts)
    out += text + "\n";
  return out;
}

}  // namespace linebridge::lb::haproxy
