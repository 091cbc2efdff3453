#include "sip/osip_codec.hpp"

#include <array>
#include <cstddef>

#include <sys/time.h>

extern "C" {
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
}

#include "base/text.hpp"

namespace linebridge::sip {
namespace {

struct Freed {
  void operator()(osip_message_t* message) const { osip_message_free(message); }
};
using Parsed = std::unique_ptr<osip_message_t, Freed>;

void initialise_once() {
  static const bool done = [] {
    // Its own trace would print what peers send to standard output.
    osip_trace_initialize_func(END_TRACE_LEVEL,
                               [](const char*, int, osip_trace_level_t, const char*, va_list) {});
    return parser_init() == OSIP_SUCCESS;
  }();
  (void)done;
}

Uri read_uri(const osip_uri_t* from) {
  Uri uri;
  if (from == nullptr) return uri;
  if (from->username != nullptr) uri.user = from->username;
  if (from->host != nullptr) uri.host = from->host;
  if (from->port != nullptr) uri.port = to_number<std::uint16_t>(from->port).value_or(0);
  return uri;
}

/// The head without what describes its body.
void without_body_headers(const HeadView& view, std::string_view head, std::string& out) {
  out.assign(head.substr(0, head.find("\r\n") + 2));
  for (const auto& line : view.lines()) {
    if (HeadView::same_name(line.name, "Content-Length") || HeadView::same_name(line.name, "Content-Type"))
      continue;
    const char* const end = line.value.data() + line.value.size();
    out.append(line.name.data(), static_cast<std::size_t>(end - line.name.data()));
    out.append("\r\n");
  }
  out.append("Content-Length: 0\r\n\r\n");
}

/// RFC 3261 section 8.1.1: the headers that every message carries, those of one value once.
Status check_mandatory(const HeadView& view) {
  for (const auto* name : {"From", "To", "Call-ID", "CSeq"}) {
    const std::size_t found = view.count(name);
    if (found == 0) return Error{Errc::malformed, std::string("no ") + name};
    if (found > 1) return Error{Errc::malformed, std::string("more than one ") + name};
  }
  if (view.count("Via") == 0) return Error{Errc::malformed, "no Via"};
  if (view.count("Max-Forwards") > 1) return Error{Errc::malformed, "more than one Max-Forwards"};
  if (view.call_id().empty()) return Error{Errc::malformed, "empty Call-ID"};
  return Done{};
}

/// RFC 3261 section 8.1.1.5: a number below 2**31 and, in a request, the method of the request line.
Status check_cseq(const HeadView& view) {
  const auto number = view.cseq_number();
  if (!number || *number > 0x7FFFFFFF) return Error{Errc::malformed, "bad CSeq number"};
  const std::string_view cseq = *view.first("CSeq");
  const std::string_view method = trim(cseq.substr(std::min(cseq.find_first_of(" \t"), cseq.size())));
  if (method.empty() || (!view.is_response() && method != view.method()))
    return Error{Errc::malformed, "CSeq has another method"};
  return Done{};
}

}  // namespace

Codec::Codec(HeadLimits limits) : limits_(limits) {
  initialise_once();
}
Codec::~Codec() = default;

Result<const Message*> Codec::parse(std::string_view head, std::string_view body) {
  message_ = Message{.head = std::move(message_.head)};
  if (auto ok = message_.head.read(head); !ok) return ok.error();
  if (auto ok = guard(head, limits_); !ok) return ok.error();
  if (auto ok = check_mandatory(message_.head); !ok) return ok.error();
  if (auto ok = check_cseq(message_.head); !ok) return ok.error();
  message_.body = body;
  message_.cseq = *message_.head.cseq_number();
  if (const auto type = message_.head.first("Content-Type"))
    message_.content_type = trim(type->substr(0, type->find(';')));
  without_body_headers(message_.head, head, scratch_);
  if (auto ok = read_uris(); !ok) return ok.error();
  return &message_;
}

Status Codec::read_uris() {
  osip_message_t* raw = nullptr;
  if (osip_message_init(&raw) != OSIP_SUCCESS) return Error{Errc::malformed, "out of memory"};
  const Parsed parsed(raw);
  if (osip_message_parse(raw, scratch_.c_str(), scratch_.size()) != OSIP_SUCCESS)
    return Error{Errc::malformed, "libosip2 cannot read the head"};
  if (raw->from == nullptr || raw->from->url == nullptr || raw->to == nullptr || raw->to->url == nullptr)
    return Error{Errc::malformed, "From or To without a URI"};
  message_.from = read_uri(raw->from->url);
  message_.to = read_uri(raw->to->url);
  if (message_.is_request()) {
    if (raw->req_uri == nullptr) return Error{Errc::malformed, "bad Request-URI"};
    message_.request_uri = read_uri(raw->req_uri);
  }
  return Done{};
}

}  // namespace linebridge::sip
