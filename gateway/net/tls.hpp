#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// TLS 1.2 and 1.3 (RFC 5246, RFC 8446) as a filter between the wire and a stream: bytes in, bytes out, no I/O.
/// OpenSSL stands behind this file and nowhere else.
namespace linebridge::net {

/// Text in PEM, and where it is from, for messages.
struct Pem {
  std::string text;
  std::string from;
};

enum class TlsVersion { tls_1_2, tls_1_3 };

struct TlsSettings {
  Pem certificate;  ///< Ours first, then the authorities between it and the root. Clients may have none.
  Pem key;          ///< Of our certificate, without a pass phrase.
  /// Who may have signed the other side's certificate. A server without any asks for no certificate, a client
  /// without any trusts the system's.
  Pem authorities;
  bool require_certificate = true;  ///< Server with authorities: a client must show a certificate.
  TlsVersion minimum = TlsVersion::tls_1_2;
  bool legacy = false;             ///< From TLS 1.0 on and with weak keys and digests: security level 0.
  std::vector<std::string> names;  ///< Server: the clients' names allowed; none: any that verifies.
};

/// What all connections of one kind share. Does not change; to renew a certificate make another one.
class TlsContext {
public:
  /// Errors name the file: malformed (no PEM, key and certificate do not fit, too weak), refused.
  static Result<std::shared_ptr<const TlsContext>> server(const TlsSettings& settings);
  static Result<std::shared_ptr<const TlsContext>> client(const TlsSettings& settings);
  ~TlsContext();

  std::string subject() const;  ///< Of our certificate; empty without one.
  std::string expires() const;  ///< The day our certificate ends, as OpenSSL writes it.

  struct Impl;
  explicit TlsContext(std::unique_ptr<Impl> impl);
  const Impl& impl() const { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

/// Why TLS did not come about, for the log.
struct TlsFailure {
  std::string rule;     ///< "not TLS", "protocol", "certificate", "names", "time", "closed" or "too many".
  std::string reason;   ///< In words; most are OpenSSL's.
  std::string subject;  ///< Of the certificate the other side showed, if it did.
};

/// One connection's TLS. First handshake() until secured(), then read() and write().
///
/// Renegotiation, compression, resumption and early data are off.
class TlsFilter {
public:
  /// The longest record, with its head (RFC 5246 section 6.2.3).
  static constexpr std::size_t longest_record = 5 + (1 << 14) + 2048;

  /// The server's side.
  explicit TlsFilter(std::shared_ptr<const TlsContext> context);
  /// The client's side; the certificate must be that of `host`, a name or a numeric address.
  TlsFilter(std::shared_ptr<const TlsContext> context, const std::string& host);
  ~TlsFilter();

  /// How many bytes the record at the front of `wire` lacks; 0: it is whole. Errors: malformed (not TLS).
  static Result<std::size_t> missing(std::string_view wire);

  /// Takes one whole record, or nothing to begin; appends to `out` what goes to the other side, also when it
  /// fails. Errors: refused; failure() tells more.
  Status handshake(std::string_view record, std::string& out);
  bool secured() const;
  TlsFailure failure() const;

  /// Of the verified certificate of the other side: its first DNS name, else its common name. Empty without.
  std::string peer_name() const;
  std::string version() const;  ///< "TLSv1.3"

  enum class State { open, ended, broken };
  struct Read {
    std::size_t bytes;  ///< Of plain text.
    State state;        ///< ended: the other side said so (close_notify). broken: failure() tells why.
  };
  /// Takes what came off the wire, cut anywhere. `plain` must have room for it and one record more. `out` gets
  /// what TLS has to say itself.
  Read read(std::string_view wire, std::span<char> plain, std::string& out);
  /// Appends `plain` as records. False: nothing can be written any more.
  bool write(std::string_view plain, std::string& out);
  void finish(std::string& out);  ///< Appends the end of our side (close_notify), once.

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::net
