#include "sip/osip_codec.hpp"

#include <sys/time.h>

extern "C" {
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
}

#include "base/text.hpp"
#include "sip/syntax.hpp"

namespace linebridge::sip {
namespace {

struct Freed {
  void operator()(osip_uri_t* uri) const { osip_uri_free(uri); }
};

void initialise_once() {
  static const bool done = [] {
    // Its own trace would print what peers send to standard output.
    osip_trace_initialize_func(END_TRACE_LEVEL,
                               [](const char*, int, osip_trace_level_t, const char*, va_list) {});
    return parser_init() == OSIP_SUCCESS;
  }();
  (void)done;
}

/// `text` has passed check_uri(). libosip2 wants a C string, and keeps the user as one, which an escaped NUL
/// would cut short (RFC 4475 section 3.1.1.4).
Verdict read_uri(std::string_view where, std::string_view text, std::string& scratch, Uri& uri) {
  osip_uri_t* raw = nullptr;
  if (osip_uri_init(&raw) != OSIP_SUCCESS) return Broken{400, "libosip2", "out of memory"};
  const std::unique_ptr<osip_uri_t, Freed> parsed(raw);
  scratch = text;
  if (osip_uri_parse(raw, scratch.c_str()) != OSIP_SUCCESS)
    return Broken{400, "libosip2", std::string(where) + " has a URI that cannot be read"};
  uri.user = syntax::user_of(text);
  if (raw->host != nullptr) uri.host = raw->host;
  if (raw->port != nullptr) uri.port = to_number<std::uint16_t>(raw->port).value_or(0);
  return std::nullopt;
}

}  // namespace

Codec::Codec(HeadLimits limits) : limits_(limits) {
  initialise_once();
}
Codec::~Codec() = default;

Result<const Message*> Codec::parse(std::string_view head, std::string_view body) {
  if (auto no = judge(head, body)) {
    broken_ = *std::move(no);
    return Error{broken_.code, broken_.reason};
  }
  return &message_;
}

Verdict Codec::judge(std::string_view head, std::string_view body) {
  message_ = Message{.head = std::move(message_.head)};
  if (auto ok = message_.head.read(head); !ok) return Broken{400, "head", ok.error().detail};
  if (auto ok = guard(message_.head, limits_); !ok)
    return Broken{400, "limits", ok.error().detail, ok.error().code};
  if (auto no = check(message_.head, body)) return no;
  message_.body = body;
  message_.cseq = message_.head.cseq_number().value_or(0);
  if (const auto type = message_.head.first("Content-Type"))
    message_.content_type = trim(type->substr(0, type->find(';')));
  return read_uris();
}

// check() has judged the syntax of all of them; only those are read that decide something.
Verdict Codec::read_uris() {
  const HeadView& head = message_.head;
  if (head.is_response()) return std::nullopt;
  const auto address = [&head](std::string_view name) { return uri_of(head.first(name).value_or("")); };
  if (auto no = read_uri("From", address("From"), scratch_, message_.from)) return no;
  if (!head.to_tag().empty()) return std::nullopt;
  if (auto no = read_uri("To", address("To"), scratch_, message_.to)) return no;
  return read_uri("the request line", head.request_uri(), scratch_, message_.request_uri);
}

}  // namespace linebridge::sip
