#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "support.hpp"
#include "test_key.hpp"

/// The CTI Manager's side of the password, as far as tests need it.
namespace linebridge::cti::qbe {

inline std::optional<std::string> rsa_open(std::string_view block) {
  const std::string der = bytes_of(test_key::private_key);
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())), EVP_PKEY_free);
  const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context(EVP_PKEY_CTX_new(key.get(), nullptr),
                                                                       EVP_PKEY_CTX_free);
  EVP_PKEY_decrypt_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING);
  std::string out(512, '\0');
  std::size_t size = out.size();
  if (EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       reinterpret_cast<const unsigned char*>(block.data()), block.size()) != 1)
    return std::nullopt;
  out.resize(size);
  return out;
}

inline std::optional<std::string> aes_open(std::string_view key, std::string_view iv, std::string_view text) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> cipher(EVP_CIPHER_CTX_new(),
                                                                          EVP_CIPHER_CTX_free);
  const auto raw = [](std::string_view view) { return reinterpret_cast<const unsigned char*>(view.data()); };
  std::string out(text.size() + 16, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int body = 0, tail = 0;
  if (EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, raw(key), raw(iv)) != 1 ||
      EVP_DecryptUpdate(cipher.get(), to, &body, raw(text), static_cast<int>(text.size())) != 1 ||
      EVP_DecryptFinal_ex(cipher.get(), to + body, &tail) != 1)
    return std::nullopt;
  out.resize(static_cast<std::size_t>(body + tail));
  return out;
}

/// The password, if the key block ends in `nonce`: everything before it is the key text, of which 16 bytes
/// count.
inline std::optional<std::string> unseal(std::string_view password, std::string_view key_block,
                                         std::string_view nonce) {
  const auto block = rsa_open(key_block);
  if (!block || !std::string_view(*block).ends_with(nonce) || block->size() < nonce.size() + 16)
    return std::nullopt;
  return aes_open(block->substr(0, 16), password.substr(0, 16), password.substr(16));
}

}  // namespace linebridge::cti::qbe
