#include "tests/simulators/cucm/login.hpp"

#include <stdexcept>
#include <utility>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace linebridge::sim::cucm {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freer<EVP_CIPHER_CTX_free>>;
using Source = std::unique_ptr<BIO, Freer<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;

constexpr std::size_t aes_bytes = 16;
constexpr std::size_t shortest_key = 16, longest_key = 48;

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string der(X509* certificate) {
  std::string bytes(static_cast<std::size_t>(i2d_X509(certificate, nullptr)), '\0');
  unsigned char* end = raw(bytes);
  i2d_X509(certificate, &end);
  return bytes;
}

std::string self_signed(EVP_PKEY* key) {
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 10L * 365 * 24 * 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, raw("CTI Manager"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0)
    throw std::runtime_error("cannot sign a certificate");
  return der(certificate.get());
}

Result<std::string> open_rsa(EVP_PKEY* key, std::string_view block) {
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = plain.size();
  if (!context || EVP_PKEY_decrypt_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) <= 0 ||
      EVP_PKEY_decrypt(context.get(), raw(plain), &size, raw(block), block.size()) <= 0) {
    return Error{Errc::malformed, "the key block does not open"};
  }
  plain.resize(size);
  return plain;
}

Result<std::string> open_aes(std::string_view key, std::string_view data) {
  if (data.size() < 2 * aes_bytes || data.size() % aes_bytes != 0)
    return Error{Errc::malformed, "password size"};
  const std::string_view start = data.substr(0, aes_bytes);
  data.remove_prefix(aes_bytes);
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string plain(data.size() + aes_bytes, '\0');
  int size = 0, last = 0;
  if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, raw(key), raw(start)) <= 0 ||
      EVP_DecryptUpdate(context.get(), raw(plain), &size, raw(data), static_cast<int>(data.size())) <= 0 ||
      EVP_DecryptFinal_ex(context.get(), raw(plain) + size, &last) <= 0) {
    return Error{Errc::malformed, "the password does not open"};
  }
  plain.resize(static_cast<std::size_t>(size + last));
  return plain;
}

}  // namespace

struct LoginKey::Impl {
  Key key;
  std::string certificate;
};

LoginKey LoginKey::make(unsigned bits) {
  Key key(EVP_RSA_gen(bits));
  if (!key) throw std::runtime_error("cannot make an RSA key");
  auto impl = std::make_unique<Impl>();
  impl->certificate = self_signed(key.get());
  impl->key = std::move(key);
  return LoginKey(std::move(impl));
}

LoginKey LoginKey::read(const std::string& key_pem, const std::string& certificate_pem) {
  const Source key(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
  const Source certificate(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
  auto impl = std::make_unique<Impl>();
  impl->key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  const Certificate read(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  if (!impl->key || !read) throw std::runtime_error("no key or no certificate");
  impl->certificate = der(read.get());
  return LoginKey(std::move(impl));
}

LoginKey::LoginKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LoginKey::LoginKey(LoginKey&&) noexcept = default;
LoginKey::~LoginKey() = default;

const std::string& LoginKey::certificate() const {
  return impl_->certificate;
}

Result<std::string> LoginKey::open(std::string_view key_block, std::string_view password,
                                   std::string_view nonce) const {
  const Result<std::string> block = open_rsa(impl_->key.get(), key_block);
  if (!block) return block.error();
  const std::string_view opened = block.value();
  if (nonce.empty() || !opened.ends_with(nonce))
    return Error{Errc::refused, "the key block is not for this nonce"};
  const std::size_t key_bytes = opened.size() - nonce.size();
  if (key_bytes < shortest_key || key_bytes > longest_key) {
    return Error{Errc::malformed, "a key of " + std::to_string(key_bytes) + " bytes"};
  }
  return open_aes(opened.substr(0, aes_bytes), password);
}

}  // namespace linebridge::sim::cucm
