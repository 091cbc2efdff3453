#include "net/tls.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/text.hpp"
#include "net/socket.hpp"

namespace linebridge::net {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
void free_names(GENERAL_NAMES* names) {
  GENERAL_NAMES_free(names);
}
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<free_names>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Freed<SSL_free>>;

constexpr int strict_level = 2;  ///< At least 112 bits, no SHA-1 in signatures.
constexpr std::size_t writes_with_one_key = 1 << 16;
constexpr int longest_chain = 8;
constexpr std::size_t longest_name = 256;
constexpr std::size_t head_bytes = 5;  ///< Of a record.

/// The first reason that OpenSSL left, in words, and forgets them all.
std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();
  const char* words = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return words ? words : "no reason given";
}

Error wrong(const Pem& pem, const std::string& what) {
  return {Errc::malformed, (pem.from.empty() ? "" : "'" + pem.from + "': ") + what};
}

std::string text_of(BIO* bio) {
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(std::max(size, 0L))};
}

std::string subject_of(const X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  if (!certificate || !out) return {};
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                     XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  return text_of(out.get());
}

/// Empty for what is no plain name: a NUL in it would end it elsewhere for others.
std::string name_text(const ASN1_STRING* string) {
  unsigned char* utf8 = nullptr;
  const int size = string ? ASN1_STRING_to_UTF8(&utf8, string) : -1;
  if (size < 0) return {};
  std::string name(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
  return plain && name.size() <= longest_name ? name : std::string();
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  return at < 0 ? std::string() : name_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

std::string name_of(const X509* certificate) {
  const Names names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* each = sk_GENERAL_NAME_value(names.get(), i);
    if (each->type != GEN_DNS) continue;
    if (auto name = name_text(each->d.dNSName); !name.empty()) return name;
  }
  return common_name(certificate);
}

Bio reader(const Pem& pem) {
  return Bio(BIO_new_mem_buf(pem.text.data(), static_cast<int>(pem.text.size())));
}

/// Instead of OpenSSL's question at the terminal.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

Result<std::vector<Certificate>> certificates(const Pem& pem) {
  std::vector<Certificate> found;
  const Bio in = reader(pem);
  ERR_clear_error();
  while (X509* next = PEM_read_bio_X509(in.get(), nullptr, no_pass_phrase, nullptr))
    found.emplace_back(next);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = openssl_reason();
  if (!at_end) return wrong(pem, "certificate cannot be read: " + reason);
  if (found.empty()) return wrong(pem, "holds no certificate in PEM");
  return found;
}

Status use_certificate(SSL_CTX* context, const TlsSettings& settings) {
  auto chain = certificates(settings.certificate);
  if (!chain) return chain.error();
  const Bio in = reader(settings.key);
  ERR_clear_error();
  const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_pass_phrase, nullptr));
  if (!key)
    return wrong(settings.key, "holds no private key in PEM without a pass phrase: " + openssl_reason());
  const auto& all = chain.value();
  if (SSL_CTX_use_certificate(context, all.front().get()) != 1)
    return wrong(settings.certificate, "certificate cannot be used: " + openssl_reason());
  for (std::size_t i = 1; i < all.size(); ++i)
    if (SSL_CTX_add1_chain_cert(context, all[i].get()) != 1)
      return wrong(settings.certificate, "chain cannot be used: " + openssl_reason());
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return wrong(settings.key, "is not the key of the certificate in '" + settings.certificate.from +
                                   "': " + openssl_reason());
  return Done{};
}

Status trust(SSL_CTX* context, const Pem& authorities) {
  const auto all = certificates(authorities);
  if (!all) return all.error();
  for (const auto& each : all.value()) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get()) != 1 ||
        SSL_CTX_add_client_CA(context, each.get()) != 1)
      return wrong(authorities, "authority cannot be used: " + openssl_reason());
  }
  return Done{};
}

Result<Context> make_context(const SSL_METHOD* method, const TlsSettings& settings) {
  ERR_clear_error();
  Context context(SSL_CTX_new(method));
  if (!context) return Error{Errc::refused, "OpenSSL: " + openssl_reason()};
  SSL_CTX* const raw = context.get();
  const int minimum = settings.legacy                           ? TLS1_VERSION
                      : settings.minimum == TlsVersion::tls_1_3 ? TLS1_3_VERSION
                                                                : TLS1_2_VERSION;
  SSL_CTX_set_min_proto_version(raw, minimum);
  SSL_CTX_set_max_proto_version(raw, 0);
  SSL_CTX_set_cipher_list(raw, "DEFAULT");
  SSL_CTX_set_security_level(raw, settings.legacy ? 0 : strict_level);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 0);
  SSL_CTX_set_verify_depth(raw, longest_chain);
  if (!settings.certificate.text.empty() || !settings.key.text.empty())
    if (auto used = use_certificate(raw, settings); !used) return used.error();
  if (!settings.authorities.text.empty())
    if (auto used = trust(raw, settings.authorities); !used) return used.error();
  return context;
}

/// The wire's two ends of one filter, for the time of one call.
struct Pipe {
  std::string_view in;
  std::string* out = nullptr;
};

int pipe_read(BIO* bio, char* into, int most) {
  auto& pipe = *static_cast<Pipe*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (pipe.in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t size = std::min(pipe.in.size(), static_cast<std::size_t>(most));
  std::memcpy(into, pipe.in.data(), size);
  pipe.in.remove_prefix(size);
  return static_cast<int>(size);
}

int pipe_write(BIO* bio, const char* from, int size) {
  const auto& pipe = *static_cast<Pipe*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (!pipe.out) return -1;
  pipe.out->append(from, static_cast<std::size_t>(size));
  return size;
}

long pipe_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// Memory BIOs of OpenSSL keep their largest buffer for ever; this one keeps nothing.
const BIO_METHOD* pipe_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "linebridge");
    BIO_meth_set_read(made, pipe_read);
    BIO_meth_set_write(made, pipe_write);
    BIO_meth_set_ctrl(made, pipe_control);
    return made;
  }();
  return method;
}

/// OCS servers call with the certificate that they serve with, so either purpose will do (RFC 5280 section
/// 4.2.1.12).
bool purpose_fits(X509* certificate) {
  return (X509_get_extended_key_usage(certificate) & (XKU_SSL_CLIENT | XKU_SSL_SERVER | XKU_ANYEKU)) != 0;
}

}  // namespace

struct TlsContext::Impl {
  Context ssl;
  std::vector<std::string> names;
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

std::string TlsContext::subject() const {
  return subject_of(SSL_CTX_get0_certificate(impl_->ssl.get()));
}

std::string TlsContext::expires() const {
  const X509* own = SSL_CTX_get0_certificate(impl_->ssl.get());
  const Bio out(BIO_new(BIO_s_mem()));
  if (!own || !out) return {};
  ASN1_TIME_print(out.get(), X509_get0_notAfter(own));
  return text_of(out.get());
}

struct TlsFilter::Impl {
  Impl(std::shared_ptr<const TlsContext> c, bool server) : context(std::move(c)) {
    ssl.reset(SSL_new(context->impl().ssl.get()));
    BIO* bio = BIO_new(pipe_method());
    BIO_set_data(bio, &pipe);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_app_data(ssl.get(), this);
    SSL_set_verify(ssl.get(), SSL_get_verify_mode(ssl.get()), verify);
    server ? SSL_set_accept_state(ssl.get()) : SSL_set_connect_state(ssl.get());
  }

  static int verify(int good, X509_STORE_CTX* store);
  int verified(bool good, X509_STORE_CTX* store);
  bool allowed(X509* certificate) const;
  void note_failure(int result);
  void renew_keys();

  std::shared_ptr<const TlsContext> context;
  Pipe pipe;
  Ssl ssl;
  TlsFailure failure;
  std::size_t writes = 0;
  bool finished = false;  ///< Our side was ended.
  bool dead = false;      ///< After a fatal error nothing more may be asked of OpenSSL.
};

bool TlsFilter::Impl::allowed(X509* certificate) const {
  const auto& names = context->impl().names;
  return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& each) {
           return X509_check_host(certificate, each.data(), each.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                                  nullptr) == 1;
         });
}

int TlsFilter::Impl::verify(int good, X509_STORE_CTX* store) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return static_cast<Impl*>(SSL_get_app_data(ssl))->verified(good == 1, store);
}

/// Called for each certificate of the chain, the other side's own last; the answer is whether it may stand.
int TlsFilter::Impl::verified(bool good, X509_STORE_CTX* store) {
  X509* const leaf = X509_STORE_CTX_get0_cert(store);
  failure.subject = subject_of(leaf);
  if (!good) {
    failure.rule = "certificate";
    failure.reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
    return 0;
  }
  if (X509_STORE_CTX_get_error_depth(store) != 0 || SSL_is_server(ssl.get()) == 0) return 1;
  const auto refuse = [&](std::string rule, std::string reason) {
    failure.rule = std::move(rule);
    failure.reason = std::move(reason);
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
  };
  if (!purpose_fits(leaf)) return refuse("certificate", "certificate is neither for clients nor for servers");
  if (!allowed(leaf)) return refuse("names", "certificate is good, but its name is not one of those allowed");
  return 1;
}

void TlsFilter::Impl::note_failure(int result) {
  dead = true;
  if (!failure.rule.empty()) return ERR_clear_error();
  const int kind = SSL_get_error(ssl.get(), result);
  const bool none_shown =
      kind == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE;
  failure.rule = none_shown ? "certificate" : "protocol";
  failure.reason = kind == SSL_ERROR_ZERO_RETURN ? "ended by the other side" : openssl_reason();
  ERR_clear_error();
}

/// TLS 1.3 has a limit of what may be written with one key (RFC 8446 section 5.5); this is far below it.
void TlsFilter::Impl::renew_keys() {
  if (++writes % writes_with_one_key != 0 || SSL_version(ssl.get()) != TLS1_3_VERSION) return;
  SSL_key_update(ssl.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const TlsSettings& settings) {
  if (settings.certificate.text.empty()) return wrong(settings.certificate, "holds no certificate in PEM");
  auto made = make_context(TLS_server_method(), settings);
  if (!made) return made.error();
  auto impl = std::make_unique<Impl>(Impl{std::move(made).value(), settings.names});
  if (!settings.authorities.text.empty()) {
    SSL_CTX_set_purpose(impl->ssl.get(), X509_PURPOSE_ANY);  // purpose_fits() judges instead
    const int required = settings.require_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(impl->ssl.get(), SSL_VERIFY_PEER | required, nullptr);
  }
  return std::make_shared<const TlsContext>(std::move(impl));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const TlsSettings& settings) {
  auto made = make_context(TLS_client_method(), settings);
  if (!made) return made.error();
  auto impl = std::make_unique<Impl>(Impl{std::move(made).value(), {}});
  if (settings.authorities.text.empty()) SSL_CTX_set_default_verify_paths(impl->ssl.get());
  SSL_CTX_set_verify(impl->ssl.get(), SSL_VERIFY_PEER, nullptr);
  return std::make_shared<const TlsContext>(std::move(impl));
}

TlsFilter::TlsFilter(std::shared_ptr<const TlsContext> context)
    : impl_(std::make_unique<Impl>(std::move(context), true)) {}

TlsFilter::TlsFilter(std::shared_ptr<const TlsContext> context, const std::string& host)
    : impl_(std::make_unique<Impl>(std::move(context), false)) {
  SSL* const ssl = impl_->ssl.get();
  if (!ip_bytes(host).empty()) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    return;
  }
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set1_host(ssl, host.c_str());
  SSL_set_tlsext_host_name(ssl, host.c_str());
}

TlsFilter::~TlsFilter() = default;

Result<std::size_t> TlsFilter::missing(std::string_view wire) {
  const auto at = [&](std::size_t i) -> std::size_t { return static_cast<unsigned char>(wire[i]); };
  const auto lacks = [&](std::size_t whole) { return whole - std::min(whole, wire.size()); };
  const Error not_tls{Errc::malformed, "what came is not TLS; it begins with '" + printable(wire, 16) + "'"};
  if (wire.empty()) return head_bytes;
  const bool old_hello = (at(0) & 0x80) != 0;  // RFC 5246 appendix E.2: a hello in the form of SSL 2.0.
  if (!old_hello && (at(0) < SSL3_RT_CHANGE_CIPHER_SPEC || at(0) > SSL3_RT_APPLICATION_DATA)) return not_tls;
  if (wire.size() < head_bytes) return lacks(head_bytes);
  if (old_hello ? at(2) != SSL2_MT_CLIENT_HELLO : at(1) != SSL3_VERSION_MAJOR) return not_tls;
  const std::size_t whole = old_hello ? 2 + ((at(0) & 0x7F) << 8 | at(1)) : head_bytes + (at(3) << 8 | at(4));
  if (whole < head_bytes || whole > longest_record) return Error{Errc::malformed, "a record is too long"};
  return lacks(whole);
}

Status TlsFilter::handshake(std::string_view record, std::string& out) {
  impl_->pipe = {record, &out};
  ERR_clear_error();
  const int done = impl_->dead ? -1 : SSL_do_handshake(impl_->ssl.get());
  [[maybe_unused]] const bool unread = !impl_->pipe.in.empty();
  impl_->pipe = {};
  assert(!unread || done != 1);
  if (done == 1 || (!impl_->dead && SSL_get_error(impl_->ssl.get(), done) == SSL_ERROR_WANT_READ))
    return Done{};
  if (!impl_->dead) impl_->note_failure(done);
  return Error{Errc::refused, impl_->failure.reason};
}

bool TlsFilter::secured() const {
  return !impl_->dead && SSL_is_init_finished(impl_->ssl.get()) == 1;
}

TlsFailure TlsFilter::failure() const {
  return impl_->failure;
}

std::string TlsFilter::peer_name() const {
  const X509* certificate = SSL_get0_peer_certificate(impl_->ssl.get());
  return certificate ? name_of(certificate) : std::string();
}

std::string TlsFilter::version() const {
  return SSL_get_version(impl_->ssl.get());
}

TlsFilter::Read TlsFilter::read(std::string_view wire, std::span<char> plain, std::string& out) {
  if (impl_->dead) return {0, State::broken};
  SSL* const ssl = impl_->ssl.get();
  impl_->pipe = {wire, &out};
  std::size_t bytes = 0;
  int result = 0;
  for (;;) {
    assert(bytes < plain.size());
    std::size_t more = 0;
    ERR_clear_error();
    result = SSL_read_ex(ssl, plain.data() + bytes, plain.size() - bytes, &more);
    if (result != 1) break;
    bytes += more;
  }
  const int kind = SSL_get_error(ssl, result);
  impl_->pipe = {};
  if (kind == SSL_ERROR_WANT_READ) return {bytes, State::open};
  if (kind == SSL_ERROR_ZERO_RETURN) return {bytes, State::ended};
  impl_->note_failure(result);
  return {bytes, State::broken};
}

bool TlsFilter::write(std::string_view plain, std::string& out) {
  if (impl_->dead || impl_->finished) return false;
  if (plain.empty()) return true;
  impl_->pipe = {{}, &out};
  ERR_clear_error();
  impl_->renew_keys();
  std::size_t written = 0;
  const int done = SSL_write_ex(impl_->ssl.get(), plain.data(), plain.size(), &written);
  impl_->pipe = {};
  if (done == 1) return true;
  impl_->note_failure(done);
  return false;
}

void TlsFilter::finish(std::string& out) {
  if (impl_->dead || std::exchange(impl_->finished, true)) return;
  impl_->pipe = {{}, &out};
  SSL_shutdown(impl_->ssl.get());
  impl_->pipe = {};
  ERR_clear_error();
}

}  // namespace linebridge::net
