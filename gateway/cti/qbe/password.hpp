#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/result.hpp"

namespace linebridge::cti::qbe {

/// A password as ProviderOpen carries it.
struct SealedPassword {
  std::string
      password;  ///< 16 zero bytes (the IV), then AES-128-CBC of the password under a key made for this once.
  std::string key;  ///< That key and the nonce, encrypted with the public key of the CTI Manager's certificate.
};

/// Seals `password` for the CTI Manager that gave `nonce` and `certificate` (X.509, DER) in
/// ProviderInitResponse.
///
/// Only the public key of the certificate is used, as with the published client: nothing is verified. Who sits
/// on a plain TCP path could hand in a certificate of his own; TLS keeps him out.
///
/// Errors: refused (no nonce or no certificate: the password is not sent then), malformed (the certificate
/// cannot be read or holds no RSA key), too_long (the nonce does not fit the key).
Result<SealedPassword> seal(std::string_view password, std::string_view nonce, std::string_view certificate,
                            Random& random);

}  // namespace linebridge::cti::qbe
