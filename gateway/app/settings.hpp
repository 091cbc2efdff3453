#pragma once

#include <memory>
#include <string>

#include "config/config.hpp"
#include "core/gateway.hpp"
#include "net/tls.hpp"

/// The site's configuration as the settings of the rooms. Nothing else translates.
namespace linebridge::app {

/// Reads the CTI password's file and the features file. Errors: those of config::read_secret, config::read_file
/// and csta::check_features, malformed for what only becomes known here.
Result<core::Gateway::Settings> gateway_settings(const config::Config& site, config::Role role, TimePoint now,
                                                 WallTime wall);

/// What OCS is met with, and what it is called with: the same certificate and the same authorities.
struct NodeTls {
  std::shared_ptr<const net::TlsContext> server;
  std::shared_ptr<const net::TlsContext> client;
};
/// Reads the files of [tls]. Errors name the file and what is wrong with it.
Result<NodeTls> node_tls(const config::Tls& tls);

/// The services that the site's features file advertises although they are refused, for the log; mostly empty.
std::string services_not_served(const core::Gateway::Settings& settings);

std::shared_ptr<const users::Directory> directory(const config::Config& site);

}  // namespace linebridge::app
