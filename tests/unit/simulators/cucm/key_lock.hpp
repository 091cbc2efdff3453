#pragma once

#include <string>
#include <string_view>

/// The client's half of the log-in, for tests.
namespace linebridge::sim::cucm {

struct LockedPassword {
  std::string key_block;  ///< RSA over key + nonce.
  std::string password;   ///< 16 zero bytes, then AES-128-CBC under the first 16 bytes of `key`.
};
LockedPassword lock_password(std::string_view certificate_der, std::string_view key, std::string_view nonce,
                             std::string_view password);

}  // namespace linebridge::sim::cucm
