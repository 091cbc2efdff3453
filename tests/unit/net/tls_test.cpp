#include "net/tls.hpp"

#include <openssl/ssl.h>

#include "tls_fixture.hpp"

namespace linebridge::net {
namespace {

using State = TlsFilter::State;
using testing::HasSubstr;

TEST(TlsFilter, SecuresBothSidesAndCarriesBytesBothWays) {
  Pair pair(server(site().gateway_settings()), client(site().ocs_settings()));
  pair.shake();
  ASSERT_TRUE(pair.secured());
  EXPECT_EQ(pair.server.tls.version(), "TLSv1.3");
  EXPECT_EQ(pair.server.tls.peer_name(), "ocs.example.test");
  EXPECT_EQ(pair.client.tls.peer_name(), "gw.example.test");
  EXPECT_TRUE(pair.client.tls.write("INVITE", pair.client.out));
  EXPECT_TRUE(pair.server.tls.write("200 OK", pair.server.out));
  EXPECT_EQ(pair.client.out.find("INVITE"), std::string::npos);
  pair.exchange();
  EXPECT_EQ(pair.server.plain, "INVITE");
  EXPECT_EQ(pair.client.plain, "200 OK");
}

TEST(TlsFilter, AsksForNoCertificateWithoutAuthorities) {
  Pair pair(server(settings(site().gateway)), client(site().ocs_settings()));
  pair.shake();
  ASSERT_TRUE(pair.secured());
  EXPECT_EQ(pair.server.tls.peer_name(), "");
}

TEST(TlsFilter, TakesEveryCutOfTheStream) {
  Pair pair(server(settings(site().gateway)), client(site().ocs_settings()));
  pair.shake();
  const std::string text(40000, 'x');
  for (const std::size_t part : {std::size_t{1}, std::size_t{7}, std::size_t{4999}, std::size_t{65536}}) {
    pair.server.plain.clear();
    ASSERT_TRUE(pair.client.tls.write(text, pair.client.out));
    const std::string wire = std::exchange(pair.client.out, {});
    for (std::size_t at = 0; at < wire.size(); at += part) {
      pair.server.wire = wire.substr(at, part);
      pair.server.take();
    }
    EXPECT_EQ(pair.server.plain, text) << part;
  }
}

TEST(TlsFilter, IsNeverSecureWhenTheHandshakeIsCutAnywhere) {
  const auto gateway = server(site().gateway_settings());
  const auto ocs = client(site().ocs_settings());
  for (const bool to_server : {true, false}) {
    for (std::size_t cut = 0;; ++cut) {
      Pair pair(gateway, ocs);
      pair.client.begin();
      std::size_t left = cut;
      bool lost = false;
      const auto carry = [&](Side& from, Side& to, bool limited) {
        std::string bytes = std::exchange(from.out, {});
        if (limited && bytes.size() > left) {
          bytes.resize(left);
          lost = true;
        }
        if (limited) left -= bytes.size();
        to.wire += bytes;
        to.take();
      };
      for (int i = 0; i < 6; ++i) {
        carry(pair.client, pair.server, to_server);
        carry(pair.server, pair.client, !to_server);
      }
      EXPECT_FALSE(pair.server.failed || pair.client.failed) << cut;
      if (!lost) break;
      EXPECT_FALSE(pair.server.tls.secured()) << "lost after byte " << cut;
    }
  }
}

TEST(TlsFilter, FailsWhenAByteOfTheHandshakeIsChanged) {
  const auto gateway = server(site().gateway_settings());
  const auto ocs = client(site().ocs_settings());
  Pair measured(gateway, ocs);
  measured.client.begin();
  const std::size_t hello = measured.client.out.size();
  for (std::size_t at = 5; at < hello; at += 3) {
    Pair pair(gateway, ocs);
    pair.client.begin();
    pair.client.out[at] = static_cast<char>(pair.client.out[at] ^ 0x55);
    pair.exchange();
    EXPECT_FALSE(pair.server.tls.secured()) << at;
  }
}

TEST(TlsFilter, TellsWhatIsNoTlsFromItsFirstBytes) {
  for (const std::string wire : {"INVITE sip:x SIP/2.0", "\r\n\r\n", "GET / HTTP/1.1", "\x16\x02\x01\x01\x01",
                                 "\x16\x03\x01\xFF\xFF", "\x80\x03\x02zzz"}) {
    const auto missing = TlsFilter::missing(wire);
    EXPECT_EQ(missing ? Errc::closed : missing.error().code, Errc::malformed) << wire;
  }
  EXPECT_THAT(TlsFilter::missing("INVITE").error().detail, HasSubstr("INVITE"));
  EXPECT_EQ(TlsFilter::missing("").value(), 5u);
  EXPECT_EQ(TlsFilter::missing("\x16").value(), 4u);
  EXPECT_EQ(TlsFilter::missing(std::string("\x16\x03\x01\x00\x10", 5)).value(), 16u);
  EXPECT_EQ(TlsFilter::missing(std::string("\x80\x2e\x01\x03\x01", 5)).value(), 0x2Eu - 3);
}

/// What the server says of a client with this certificate, as "rule: reason | subject".
std::string refusal(const TlsSettings& of_client, TlsSettings of_server = site().gateway_settings()) {
  Pair pair(server(of_server), client(of_client));
  pair.shake();
  EXPECT_FALSE(pair.server.tls.secured());
  EXPECT_TRUE(pair.server.failed);
  const auto why = pair.server.tls.failure();
  return why.rule + ": " + why.reason + " | " + why.subject;
}

TlsSettings as(const test::Identity& identity) {
  return settings(identity, site().authority.certificate());
}

TEST(TlsClientCertificate, IsRefusedWithSubjectAndReason) {
  const auto& by = site().authority;
  const test::Authority other("Another Authority");
  const test::Wanted ocs{.common_name = "ocs.example.test"};
  EXPECT_EQ(refusal(as(by.sign({.common_name = "ocs.example.test", .days = -1}))),
            "certificate: certificate has expired | CN=ocs.example.test");
  EXPECT_EQ(refusal(as(test::self_signed(ocs))), "certificate: self-signed certificate | CN=ocs.example.test");
  EXPECT_EQ(refusal(as(other.sign(ocs))),
            "certificate: unable to get local issuer certificate | CN=ocs.example.test");
  EXPECT_EQ(refusal(as({})), "certificate: peer did not return a certificate | ");
  EXPECT_EQ(refusal(as(by.sign({.common_name = "ocs.example.test", .usage = "emailProtection"}))),
            "certificate: certificate is neither for clients nor for servers | CN=ocs.example.test");
}

TEST(TlsClientCertificate, MayBeOneForServersAsThatOfOcsIs) {
  for (const std::string usage : {"serverAuth", "clientAuth", "serverAuth,clientAuth"}) {
    Pair pair(server(site().gateway_settings()),
              client(as(site().authority.sign({.common_name = "ocs", .usage = usage}))));
    pair.shake();
    EXPECT_TRUE(pair.secured()) << usage;
  }
}

TEST(TlsClientCertificate, MustHaveOneOfTheNames) {
  auto strict = site().gateway_settings();
  strict.names = {"pool.example.test", "OCS.example.test"};
  Pair pair(server(strict), client(site().ocs_settings()));
  pair.shake();
  EXPECT_TRUE(pair.secured());
  strict.names = {"pool.example.test", "OCS"};
  EXPECT_EQ(refusal(site().ocs_settings(), strict),
            "names: certificate is good, but its name is not one of those allowed | CN=OCS");
  strict.names = {"plain name"};
  Pair by_common_name(server(strict), client(as(site().authority.sign({.common_name = "plain name"}))));
  by_common_name.shake();
  EXPECT_TRUE(by_common_name.secured());
  EXPECT_EQ(by_common_name.server.tls.peer_name(), "plain name");
}

TEST(TlsClientCertificate, IsAskedForButNotNeededWhereItIsNotRequired) {
  auto lax = site().gateway_settings();
  lax.require_certificate = false;
  Pair without(server(lax), client(as({})));
  without.shake();
  EXPECT_TRUE(without.secured());
  EXPECT_THAT(refusal(as(test::self_signed({})), lax), HasSubstr("self-signed"));
}

TEST(TlsClientCertificate, MayComeWithTheAuthoritiesBetween) {
  const auto middle = site().authority.below("Middle");
  auto identity = middle->sign({.common_name = "ocs"});
  EXPECT_THAT(refusal(as(identity)), HasSubstr("unable to get local issuer"));
  identity.certificate += middle->certificate();
  Pair pair(server(site().gateway_settings()), client(as(identity)));
  pair.shake();
  EXPECT_TRUE(pair.secured());
}

TEST(TlsServerCertificate, MustBeThatOfTheHost) {
  const auto gateway = server(site().gateway_settings());
  const auto ocs = client(site().ocs_settings());
  for (const std::string host : {"gw.example.test", "GW.example.test", "127.0.0.1"}) {
    Pair pair(gateway, ocs, host);
    pair.shake();
    EXPECT_TRUE(pair.secured()) << host;
  }
  for (const std::string host : {"other.example.test", "127.0.0.2", "::1", "example.test"}) {
    Pair pair(gateway, ocs, host);
    pair.shake();
    EXPECT_FALSE(pair.client.tls.secured()) << host;
    EXPECT_THAT(pair.client.tls.failure().reason, HasSubstr("mismatch")) << host;
    EXPECT_EQ(pair.client.tls.failure().subject, "CN=gw.example.test");
    EXPECT_THAT(pair.server.tls.failure().reason, HasSubstr("alert")) << "the server is told";
  }
}

std::string reason(const TlsSettings& settings) {
  const auto made = TlsContext::server(settings);
  return made ? "" : made.error().detail;
}

TEST(TlsContext, SaysWhichFileIsWrongAndWhy) {
  const auto good = site().gateway_settings();
  auto wrong = good;
  wrong.certificate.text = "no certificate";
  EXPECT_EQ(reason(wrong), "'cert.pem': holds no certificate in PEM");
  wrong.certificate.text = "";
  EXPECT_EQ(reason(wrong), "'cert.pem': holds no certificate in PEM");
  wrong.certificate.text = good.certificate.text.substr(0, 200);
  EXPECT_THAT(reason(wrong), HasSubstr("'cert.pem': certificate cannot be read"));
  wrong = good;
  wrong.key.text = "";
  EXPECT_THAT(reason(wrong), HasSubstr("'key.pem': holds no private key"));
  wrong.key.text = site().ocs.key;
  EXPECT_THAT(reason(wrong), HasSubstr("'key.pem': is not the key of the certificate in 'cert.pem'"));
  wrong = good;
  wrong.authorities.text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(reason(wrong), HasSubstr("'ca.pem'"));
  EXPECT_EQ(reason(good), "");
}

TEST(TlsContext, RefusesAWeakKeyUnlessLegacy) {
  auto weak = settings(site().authority.sign({.rsa_bits = 1024}));
  EXPECT_THAT(reason(weak), HasSubstr("'cert.pem': certificate cannot be used: ee key too small"));
  weak.legacy = true;
  EXPECT_EQ(reason(weak), "");
}

TEST(TlsContext, ShowsItsCertificate) {
  const auto shown = server(site().gateway_settings());
  EXPECT_EQ(shown->subject(), "CN=gw.example.test");
  EXPECT_THAT(shown->expires(), HasSubstr("GMT"));
  EXPECT_EQ(client(as({}))->subject(), "");
}

TEST(TlsContext, KeepsToTheLeastVersion) {
  auto newest = site().gateway_settings();
  newest.minimum = TlsVersion::tls_1_3;
  Pair pair(server(newest), client(site().ocs_settings()));
  pair.shake();
  EXPECT_TRUE(pair.secured());
}

TEST(TlsFilter, EndsInOrderBothWays) {
  Pair pair(server(settings(site().gateway)), client(site().ocs_settings()));
  pair.shake();
  pair.client.tls.write("last words", pair.client.out);
  pair.client.tls.finish(pair.client.out);
  pair.client.tls.finish(pair.client.out);
  EXPECT_FALSE(pair.client.tls.write("too late", pair.client.out));
  pair.exchange();
  EXPECT_EQ(pair.server.plain, "last words");
  EXPECT_EQ(pair.server.state, State::ended);
  EXPECT_TRUE(pair.server.tls.write("answer", pair.server.out)) << "one side may go on (RFC 8446 section 6.1)";
  pair.server.tls.finish(pair.server.out);
  pair.exchange();
  EXPECT_EQ(pair.client.plain, "answer");
  EXPECT_EQ(pair.client.state, State::ended);
}

TEST(TlsFilter, BreaksOnARecordThatWasChanged) {
  Pair pair(server(settings(site().gateway)), client(site().ocs_settings()));
  pair.shake();
  pair.client.tls.write("INVITE", pair.client.out);
  pair.client.out.back() = static_cast<char>(pair.client.out.back() ^ 1);
  pair.exchange();
  EXPECT_EQ(pair.server.state, State::broken);
  EXPECT_THAT(pair.server.tls.failure().reason, HasSubstr("bad record mac"));
  EXPECT_EQ(pair.client.state, State::broken) << "told by an alert";
  EXPECT_FALSE(pair.server.tls.write("x", pair.server.out));
  pair.server.wire = "more";
  pair.server.take();
  EXPECT_EQ(pair.server.state, State::broken);
}

TEST(TlsFilter, BreaksOnARecordLongerThanAllowed) {
  Pair pair(server(settings(site().gateway)), client(site().ocs_settings()));
  pair.shake();
  pair.server.wire = std::string("\x17\x03\x03\xFF\xFF", 5) + std::string(65535, 'x');
  pair.server.take();
  EXPECT_EQ(pair.server.state, State::broken);
  EXPECT_EQ(pair.server.plain, "");
}

TEST(TlsFilter, RenewsItsKeysOnTheWay) {
  Pair pair(server(settings(site().gateway)), client(site().ocs_settings()));
  pair.shake();
  constexpr std::size_t writes = 70000;
  for (std::size_t i = 0; i < writes; ++i) {
    ASSERT_TRUE(pair.client.tls.write("x", pair.client.out));
    if (i % 1000 == 999) pair.exchange();
  }
  EXPECT_EQ(pair.server.plain, std::string(writes, 'x'));
}

/// OpenSSL's own client with what a filter never does.
class RawClient {
public:
  explicit RawClient(int most_version = 0) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, most_version);
    SSL_CTX_set_cipher_list(context_, "DEFAULT@SECLEVEL=0");
    ssl = SSL_new(context_);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl);
  }
  ~RawClient() {
    SSL_free(ssl);
    SSL_CTX_free(context_);
  }
  /// Carries bytes both ways until nobody says more.
  void talk(Side& other) {
    for (int i = 0; i < 10; ++i) {
      if (SSL_is_init_finished(ssl) == 0) {
        SSL_do_handshake(ssl);
      } else {
        char text[4096];
        const int got = SSL_read(ssl, text, sizeof text);
        if (got > 0) plain.append(text, static_cast<std::size_t>(got));
      }
      char bytes[65536];
      const int got = BIO_read(SSL_get_wbio(ssl), bytes, sizeof bytes);
      if (got > 0) other.wire.append(bytes, static_cast<std::size_t>(got));
      other.take();
      BIO_write(SSL_get_rbio(ssl), other.out.data(), static_cast<int>(other.out.size()));
      other.out.clear();
    }
  }
  SSL* ssl;
  std::string plain;

private:
  SSL_CTX* context_;
};

TEST(TlsFilter, RefusesOldVersionsUnlessLegacy) {
  auto wanted = settings(site().gateway);
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    Side strict{TlsFilter(server(wanted))};
    RawClient(version).talk(strict);
    EXPECT_TRUE(strict.failed);
    EXPECT_EQ(strict.tls.failure().reason, "unsupported protocol");
  }
  wanted.legacy = true;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
    Side lax{TlsFilter(server(wanted))};
    RawClient(version).talk(lax);
    EXPECT_TRUE(lax.tls.secured()) << version;
  }
  wanted.legacy = false;
  wanted.minimum = TlsVersion::tls_1_3;
  Side newest{TlsFilter(server(wanted))};
  RawClient(TLS1_2_VERSION).talk(newest);
  EXPECT_TRUE(newest.failed);
}

TEST(TlsFilter, AnswersAPeerThatRenewsKeysWithoutGrowing) {
  Side side{TlsFilter(server(settings(site().gateway)))};
  RawClient raw;
  raw.talk(side);
  ASSERT_TRUE(side.tls.secured());
  for (int i = 0; i < 20; ++i) {
    SSL_key_update(raw.ssl, SSL_KEY_UPDATE_REQUESTED);
    SSL_write(raw.ssl, "INFO", 4);
    raw.talk(side);
  }
  EXPECT_EQ(side.state, State::open);
  EXPECT_EQ(side.plain.size(), 80u);
  side.tls.write("200", side.out);
  raw.talk(side);
  EXPECT_EQ(raw.plain, "200");
}

TEST(TlsFilter, DoesNotRenegotiate) {
  Side side{TlsFilter(server(settings(site().gateway)))};
  RawClient raw(TLS1_2_VERSION);
  raw.talk(side);
  ASSERT_TRUE(side.tls.secured());
  SSL_renegotiate(raw.ssl);
  SSL_do_handshake(raw.ssl);
  raw.talk(side);
  SSL_write(raw.ssl, "INFO", 4);
  raw.talk(side);
  EXPECT_EQ(SSL_num_renegotiations(raw.ssl), 1) << "begun";
  EXPECT_EQ(SSL_is_init_finished(raw.ssl), 0) << "and never ended";
}

TEST(TlsFilter, HandsOutNoTicketsAndTakesNoEarlyData) {
  Side side{TlsFilter(server(settings(site().gateway)))};
  RawClient raw;
  raw.talk(side);
  const SSL_SESSION* session = SSL_get0_session(raw.ssl);
  EXPECT_EQ(SSL_SESSION_is_resumable(session), 0);
  EXPECT_EQ(SSL_SESSION_get_max_early_data(session), 0u);
  EXPECT_EQ(SSL_get_current_compression(raw.ssl), nullptr);
}

}  // namespace
}  // namespace linebridge::net
