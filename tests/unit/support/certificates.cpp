#include "tests/unit/support/certificates.hpp"

#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace linebridge::test {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

constexpr long day = 24L * 60 * 60;

void need(bool good) {
  if (!good) throw std::runtime_error("OpenSSL makes no certificate");
}

std::string content(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return content(bio.get());
}

std::string pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return content(bio.get());
}

Key make_key(int rsa_bits) {
  return Key(rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(rsa_bits)) : EVP_EC_gen("P-256"));
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  need(made && X509_add_ext(certificate, made, -1) == 1);
  X509_EXTENSION_free(made);
}

Certificate make(const Wanted& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, bool authority) {
  static long serial = 1;
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -100 * day);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wanted.days * day);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.common_name.c_str()), -1, -1, 0);
  X509* const by = issuer ? issuer : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(by));
  extend(made.get(), by, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
  std::string names;
  for (const auto& each : wanted.dns)
    names += (names.empty() ? "" : ",") + (each.find(':') == std::string::npos ? "DNS:" + each : each);
  if (!names.empty()) extend(made.get(), by, NID_subject_alt_name, names);
  if (!wanted.usage.empty()) extend(made.get(), by, NID_ext_key_usage, wanted.usage);
  need(X509_sign(made.get(), issuer_key ? issuer_key : key, EVP_sha256()) > 0);
  return made;
}

}  // namespace

struct Authority::Impl {
  Key key;
  Certificate certificate;
};

Authority::Authority(const std::string& name) : impl_(std::make_unique<Impl>()) {
  impl_->key = make_key(0);
  impl_->certificate = make({.common_name = name}, impl_->key.get(), nullptr, nullptr, true);
  certificate_ = pem(impl_->certificate.get());
}

Authority::Authority(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)), certificate_(pem(impl_->certificate.get())) {}

Authority::~Authority() = default;

Identity Authority::sign(const Wanted& wanted) const {
  const Key key = make_key(wanted.rsa_bits);
  const Certificate made = make(wanted, key.get(), impl_->certificate.get(), impl_->key.get(), false);
  return {pem(made.get()), pem(key.get())};
}

std::unique_ptr<Authority> Authority::below(const std::string& name) const {
  auto impl = std::make_unique<Impl>();
  impl->key = make_key(0);
  impl->certificate =
      make({.common_name = name}, impl->key.get(), impl_->certificate.get(), impl_->key.get(), true);
  return std::unique_ptr<Authority>(new Authority(std::move(impl)));
}

Identity self_signed(const Wanted& wanted) {
  const Key key = make_key(wanted.rsa_bits);
  return {pem(make(wanted, key.get(), nullptr, nullptr, false).get()), pem(key.get())};
}

}  // namespace linebridge::test
