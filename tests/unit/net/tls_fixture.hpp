#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/tls.hpp"
#include "tests/unit/support/certificates.hpp"

namespace linebridge::net {

using Context = std::shared_ptr<const TlsContext>;

inline TlsSettings settings(const test::Identity& identity, const std::string& authorities = {}) {
  TlsSettings out;
  out.certificate = {identity.certificate, "cert.pem"};
  out.key = {identity.key, "key.pem"};
  out.authorities = {authorities, "ca.pem"};
  return out;
}

inline Context server(const TlsSettings& settings) {
  auto made = TlsContext::server(settings);
  EXPECT_TRUE(made) << made.error().detail;
  return std::move(made).value();
}

inline Context client(const TlsSettings& settings) {
  auto made = TlsContext::client(settings);
  EXPECT_TRUE(made) << made.error().detail;
  return std::move(made).value();
}

/// An authority, a server "gw.example.test" and a client "ocs.example.test" of it, made once for all tests.
struct Site {
  test::Authority authority;
  test::Identity gateway = authority.sign({.dns = {"gw.example.test", "IP:127.0.0.1"}});
  test::Identity ocs = authority.sign({.common_name = "OCS", .dns = {"ocs.example.test"}});

  TlsSettings gateway_settings() const { return settings(gateway, authority.certificate()); }
  TlsSettings ocs_settings() const { return settings(ocs, authority.certificate()); }
};

inline const Site& site() {
  static const Site made;
  return made;
}

/// One side of a connection in memory.
struct Side {
  TlsFilter tls;
  std::string out = {};    ///< On its way to the other side.
  std::string wire = {};   ///< Come from the other side, not taken yet.
  std::string plain = {};  ///< What was read.
  bool failed = false;
  TlsFilter::State state = TlsFilter::State::open;

  void begin() { failed = !tls.handshake({}, out); }
  /// Takes what stands in `wire`: whole records of the handshake, everything once secured.
  void take() {
    while (!tls.secured() && !failed && !wire.empty()) {
      const auto whole = first_record();
      if (whole == 0) return;
      failed = failed || !tls.handshake(wire.substr(0, whole), out);
      wire.erase(0, whole);
    }
    if (!tls.secured() || wire.empty()) return;
    std::vector<char> room(wire.size() + TlsFilter::longest_record);
    const auto read = tls.read(wire, room, out);
    wire.clear();
    plain.append(room.data(), read.bytes);
    state = read.state;
  }
  /// The length of the record at the front, 0 if it is not whole.
  std::size_t first_record() {
    for (std::size_t length = 0; length <= wire.size();) {
      const auto missing = TlsFilter::missing(std::string_view(wire).substr(0, length));
      if (!missing) {
        failed = true;
        return 0;
      }
      if (missing.value() == 0) return length;
      length += missing.value();
    }
    return 0;
  }
};

/// A server and a client that talk.
struct Pair {
  Side server;
  Side client;

  Pair(const Context& a, const Context& b, const std::string& host = "gw.example.test")
      : server{TlsFilter(a)}, client{TlsFilter(b, host)} {}

  void exchange() {
    for (int i = 0; i < 20; ++i) {
      server.wire += std::exchange(client.out, {});
      server.take();
      client.wire += std::exchange(server.out, {});
      client.take();
      if (client.out.empty() && server.out.empty()) return;
    }
  }
  void shake() {
    client.begin();
    exchange();
  }
  bool secured() const { return server.tls.secured() && client.tls.secured(); }
};

}  // namespace linebridge::net
