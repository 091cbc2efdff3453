#include "cti/qbe/password.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace linebridge::cti::qbe {
namespace {

constexpr unsigned key_bytes = 16;
constexpr std::size_t iv_bytes = 16, block_bytes = 16;
constexpr std::size_t padding_bytes = 11;  // PKCS#1 v1.5, RFC 8017 section 7.2.1.

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

Result<std::string> aes_cbc(std::string_view key, std::string_view plain) {
  const std::array<unsigned char, iv_bytes> iv{};
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string out(plain.size() + block_bytes, '\0');
  int body = 0, tail = 0;
  if (!cipher || EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, raw(key), iv.data()) != 1 ||
      EVP_EncryptUpdate(cipher.get(), raw(out), &body, raw(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(cipher.get(), raw(out) + body, &tail) != 1)
    return Error{Errc::malformed, "the password cannot be encrypted"};
  out.resize(static_cast<std::size_t>(body) + static_cast<std::size_t>(tail));
  return out;
}

Result<std::string> rsa(EVP_PKEY* key, std::string_view plain) {
  const auto most = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  if (plain.size() + padding_bytes > most) return Error{Errc::too_long, "the nonce does not fit the RSA key"};
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  std::string out(most, '\0');
  std::size_t size = out.size();
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_encrypt(context.get(), raw(out), &size, raw(plain), plain.size()) != 1)
    return Error{Errc::malformed, "the RSA key of the CTI Manager's certificate cannot be used"};
  out.resize(size);
  return out;
}

Certificate read_certificate(std::string_view der) {
  const unsigned char* at = raw(der);
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

}  // namespace

Result<SealedPassword> seal(std::string_view password, std::string_view nonce, std::string_view certificate,
                            Random& random) {
  if (nonce.empty()) return Error{Errc::refused, "the CTI Manager gave no nonce; the password is not sent"};
  if (certificate.empty())
    return Error{Errc::refused, "the CTI Manager gave no certificate; the password is not sent"};
  const Certificate read = read_certificate(certificate);
  EVP_PKEY* const public_key = read ? X509_get0_pubkey(read.get()) : nullptr;
  if (public_key == nullptr || EVP_PKEY_get_base_id(public_key) != EVP_PKEY_RSA)
    return Error{Errc::malformed, "the CTI Manager's certificate holds no RSA key that can be read"};

  const std::string key = random.letters(key_bytes);
  auto secret = aes_cbc(key, password);
  if (!secret) return secret.error();
  auto sealed_key = rsa(public_key, key + std::string(nonce));
  if (!sealed_key) return sealed_key.error();
  return SealedPassword{std::string(iv_bytes, '\0') + secret.value(), std::move(sealed_key).value()};
}

}  // namespace linebridge::cti::qbe
