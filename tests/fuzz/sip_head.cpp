// SIP heads: a message that is accepted can be answered and can make a dialog, and what we write for it is a
// message that the framer and the codec accept, with the same Call-ID, tags, CSeq and Via. Views stay inside of
// what they are made of.

#include <string>
#include <variant>

#include "base/text.hpp"
#include "sip/dialog.hpp"
#include "sip/framing/framer.hpp"
#include "sip/osip_codec.hpp"
#include "sip/writer.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::sip {
namespace {

constexpr std::string_view tag = "pub-00112233445566778899aabb";
constexpr std::string_view body = "<RequestSystemStatusResponse/>";

// What we write holds a tag, some lines and long names more than what came: it is read with wider limits.
constexpr Framer::Limits wide{.head_bytes = 64 * 1024, .head_lines = 200, .body_bytes = 64 * 1024};
constexpr HeadLimits wide_head{.values = 64, .parameters = 64};

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_view(const HeadView& view, std::string_view head) {
  for (const auto part : {view.method(), view.call_id(), view.from_tag(), view.to_tag(), view.top_via_branch(),
                          view.top_via_sent_by(), view.is_response() ? view.reason() : view.request_uri()})
    LINEBRIDGE_CHECK(inside(part, head));
  for (const auto& line : view.lines()) {
    LINEBRIDGE_CHECK(inside(line.name, head) && inside(line.value, head) && !line.name.empty());
    LINEBRIDGE_CHECK(inside(uri_of(line.value), line.value));
    LINEBRIDGE_CHECK(inside(header_parameter(line.value, "tag").value_or(""), line.value));
    for (std::string_view rest = line.value; !rest.empty();) {
      const std::size_t before = rest.size();
      LINEBRIDGE_CHECK(inside(take_value(rest), line.value) && rest.size() < before);
    }
  }
}

/// What we wrote, as somebody else reads it. Holds the bytes that the message's views belong to.
class Reread {
public:
  explicit Reread(const std::string& bytes) : framer_(wide) {
    framer_.push(bytes);
    const auto item = framer_.next();
    LINEBRIDGE_CHECK(std::holds_alternative<Framer::Message>(item));
    raw_ = std::get<Framer::Message>(item);
    LINEBRIDGE_CHECK(raw_.whole() == bytes && raw_.body == body);
    LINEBRIDGE_CHECK(std::holds_alternative<Framer::NeedMore>(framer_.next()));
  }

  void check_head() const { LINEBRIDGE_CHECK(static_cast<bool>(HeadView().read(raw_.head))); }
  const Message& message() {
    static Codec codec(wide_head);
    const auto parsed = codec.parse(raw_.head, raw_.body);
    LINEBRIDGE_CHECK(static_cast<bool>(parsed));
    return *parsed.value();
  }

private:
  Framer framer_;
  Framer::Message raw_;
};

std::string answer_to(const Message& request, bool routes) {
  std::string out;
  append_answer(out, answer_head(request, tag, routes), 200, "OK", {{"Contact", "<sip:192.0.2.100:5060>"}},
                {body});
  return out;
}

void check_answer(const Message& request) {
  Reread reread(answer_to(request, true));
  const Message& answer = reread.message();
  const HeadView& asked = request.head;
  LINEBRIDGE_CHECK(answer.head.is_response() && answer.head.status() == 200);
  LINEBRIDGE_CHECK(answer.head.call_id() == asked.call_id() && answer.head.from_tag() == asked.from_tag());
  LINEBRIDGE_CHECK(answer.head.to_tag() == (asked.to_tag().empty() ? tag : asked.to_tag()));
  LINEBRIDGE_CHECK(answer.cseq == request.cseq && answer.method() == request.method());
  LINEBRIDGE_CHECK(answer.head.count("Via") == asked.count("Via"));
  LINEBRIDGE_CHECK(answer.head.top_via_branch() == asked.top_via_branch());
  LINEBRIDGE_CHECK(answer.head.count("Record-Route") == asked.count("Record-Route"));
}

void check_dialog(const Message& request) {
  if (request.method() != "INVITE" || !request.head.to_tag().empty()) return;
  auto made = make_dialog(request, std::string(tag), {"192.0.2.100", 5060, false});
  if (!made) return;
  Dialog& dialog = made.value();
  ++dialog.local_cseq;
  std::string out;
  append_request(out, dialog, "INFO", "z9hG4bK-1", {}, {body});
  Reread reread(out);
  const Message& info = reread.message();
  LINEBRIDGE_CHECK(info.is_request() && info.method() == "INFO" && info.cseq == 1);
  LINEBRIDGE_CHECK(info.head.call_id() == dialog.call_id);
  LINEBRIDGE_CHECK(info.head.from_tag() == tag && info.head.to_tag() == dialog.remote_tag);
  LINEBRIDGE_CHECK(info.head.count("Route") == dialog.routes.size());
  LINEBRIDGE_CHECK(!info.head.request_uri().empty());
  refresh_target(dialog, info);
}

void check_message(const Framer::Message& raw) {
  static Codec codec;
  const auto parsed = codec.parse(raw.head, raw.body);
  Message unread;
  if (!parsed) {  // A 400 repeats the lines of a head that could not be read.
    if (unread.head.read(raw.head)) Reread(answer_to(unread, false)).check_head();
    return;
  }
  const Message& message = *parsed.value();
  LINEBRIDGE_CHECK(message.cseq <= 0x7FFFFFFF && !message.head.call_id().empty());
  LINEBRIDGE_CHECK(inside(message.content_type, raw.head) && message.body == raw.body);
  check_view(message.head, raw.head);
  if (!message.is_request()) return;
  check_answer(message);
  check_dialog(message);
}

}  // namespace
}  // namespace linebridge::sip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  sip::Framer framer;
  framer.push(fuzz::text_of(data, size));
  for (;;) {
    const auto item = framer.next();
    if (const auto* message = std::get_if<sip::Framer::Message>(&item)) sip::check_message(*message);
    if (std::holds_alternative<sip::Framer::NeedMore>(item) || std::holds_alternative<Error>(item)) return 0;
  }
}
