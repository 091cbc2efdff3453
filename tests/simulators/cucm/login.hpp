#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace linebridge::sim::cucm {

/// The key pair of a CTI Manager and what it opens. A log-in sends the password under AES, and the AES key,
/// followed by the server's nonce, under the public key of the certificate.
class LoginKey {
public:
  /// Makes an RSA key of `bits` and a self-signed certificate for it. Slow: a tenth of a second or so.
  static LoginKey make(unsigned bits = 2048);
  /// A key and a certificate for it that are there already, both PEM. Throws std::runtime_error if they cannot
  /// be read.
  static LoginKey read(const std::string& key_pem, const std::string& certificate_pem);
  LoginKey(LoginKey&&) noexcept;
  ~LoginKey();

  /// X.509, DER.
  const std::string& certificate() const;

  /// The password of a log-in. `key_block` is the encrypted key field, `password` the password field, `nonce`
  /// what this connection was given. The nonce is the tail of the opened block; the first 16 bytes of what
  /// stands before it are the AES key, however long that is. Errors: malformed (sizes, padding), refused
  /// (another nonce).
  Result<std::string> open(std::string_view key_block, std::string_view password, std::string_view nonce) const;

private:
  struct Impl;
  explicit LoginKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::sim::cucm
