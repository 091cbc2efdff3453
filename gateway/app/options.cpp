#include "app/options.hpp"

#include <optional>

#include "base/version.hpp"

namespace linebridge::app {
namespace {

constexpr const char* help =
    "Usage: linebridge-gateway --config FILE --role publisher|subscriber [--log-json]\n"
    "\n"
    "One node of Linebridge: takes SIP with CSTA from Office Communications Server and controls phones "
    "through\n"
    "CUCM CTI Managers.\n"
    "\n"
    "  --config FILE   the site's TOML file, the same on both nodes; `linebridge check-config FILE` checks it\n"
    "  --role ROLE     which of the two nodes this is: publisher or subscriber\n"
    "  --log-json      log lines as JSON\n"
    "  --version       print the version\n"
    "  --help          print this\n"
    "\n"
    "SIGTERM ends in order: clients get BYE, CTI links are closed. A second SIGTERM ends at once.\n"
    "SIGHUP reads the certificates of [tls] again.\n"
    "CTI/QBE here matches the published client and Cisco's traces; not verified against a live CTI Manager.\n";

Instead wrong(const std::string& what) {
  return {"linebridge-gateway: " + what + "; see --help\n", 2};
}

std::optional<config::Role> role_of(std::string_view word) {
  if (word == "publisher") return config::Role::publisher;
  if (word == "subscriber") return config::Role::subscriber;
  return std::nullopt;
}

}  // namespace

std::variant<Options, Instead> read_options(int count, const char* const* words) {
  Options out;
  bool has_role = false;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--help" || word == "-h") return Instead{help, 0};
    if (word == "--version") return Instead{"linebridge-gateway " + std::string(version()) + "\n", 0};
    if (word == "--log-json") {
      out.json_log = true;
      continue;
    }
    if (word != "--config" && word != "--role") return wrong("unknown option '" + word + "'");
    if (i + 1 == count) return wrong(word + " needs a value");
    const std::string value = words[++i];
    if (word == "--config") {
      out.config = value;
      continue;
    }
    const auto role = role_of(value);
    if (!role) return wrong("--role is publisher or subscriber, not '" + value + "'");
    out.role = *role;
    has_role = true;
  }
  if (out.config.empty()) return wrong("--config FILE is missing");
  if (!has_role) return wrong("--role publisher|subscriber is missing");
  return out;
}

}  // namespace linebridge::app
