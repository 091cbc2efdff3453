#include "tests/unit/simulators/cucm/key_lock.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace linebridge::sim::cucm {
namespace {

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string rsa(std::string_view certificate_der, std::string_view plain) {
  const unsigned char* at = raw(certificate_der);
  X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(certificate_der.size()));
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), nullptr);
  EVP_PKEY_encrypt_init(context);
  EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
  std::string out(1024, '\0');
  std::size_t size = out.size();
  EVP_PKEY_encrypt(context, raw(out), &size, raw(plain), plain.size());
  out.resize(size);
  EVP_PKEY_CTX_free(context);
  X509_free(certificate);
  return out;
}

std::string aes(std::string_view key, std::string_view plain) {
  const std::string start(16, '\0');
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  std::string out(plain.size() + 32, '\0');
  int size = 0, last = 0;
  EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), nullptr, raw(key), raw(start));
  EVP_EncryptUpdate(context, raw(out), &size, raw(plain), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context, raw(out) + size, &last);
  EVP_CIPHER_CTX_free(context);
  out.resize(static_cast<std::size_t>(size + last));
  return start + out;
}

}  // namespace

LockedPassword lock_password(std::string_view certificate_der, std::string_view key, std::string_view nonce,
                             std::string_view password) {
  return {rsa(certificate_der, std::string(key) + std::string(nonce)), aes(key.substr(0, 16), password)};
}

}  // namespace linebridge::sim::cucm
