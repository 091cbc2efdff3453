// The stream of SIP messages: what comes out depends neither on how the bytes are cut nor on how often it is
// asked.

#include "sip/framing/framer.hpp"

#include <string>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "sip/framing/head_view.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::sip {
namespace {

struct Outcome {
  std::vector<std::string> messages;  ///< As they are; empty stands for a ping.
  std::string error;                  ///< What the stream ended with, if it did.
  std::string failed_head;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

void check_message(const Framer::Message& message) {
  LINEBRIDGE_CHECK(message.head.ends_with("\r\n\r\n") || message.head == "\r\n");
  LINEBRIDGE_CHECK(message.head.data() + message.head.size() == message.body.data());
  HeadView view;
  if (!view.read(message.head)) return;
  LINEBRIDGE_CHECK(to_number<std::size_t>(*view.first("Content-Length")) == message.body.size());
}

/// False when the stream has ended with an error.
bool drain(Framer& framer, Outcome& outcome) {
  for (;;) {
    const auto item = framer.next();
    if (std::holds_alternative<Framer::NeedMore>(item)) return true;
    if (std::holds_alternative<Framer::Ping>(item)) outcome.messages.emplace_back();
    if (const auto* message = std::get_if<Framer::Message>(&item)) {
      check_message(*message);
      outcome.messages.emplace_back(message->whole());
    }
    if (const auto* error = std::get_if<Error>(&item)) {
      outcome.error = error->detail;
      outcome.failed_head = framer.failed_head();
      return false;
    }
  }
}

/// The messages are the stream's own bytes, with nothing but CRLF between them.
void check_order(std::string_view stream, const Outcome& outcome) {
  for (const auto& message : outcome.messages) {
    while (!stream.starts_with(message)) {
      LINEBRIDGE_CHECK(stream.starts_with("\r\n"));
      stream.remove_prefix(2);
    }
    stream.remove_prefix(message.size());
  }
}

}  // namespace
}  // namespace linebridge::sip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  std::string_view stream = fuzz::text_of(data, size);
  fuzz::Cuts cuts(stream);
  const sip::Framer::Limits limits{.head_bytes = 2048, .head_lines = 20, .body_bytes = 4096};

  sip::Outcome whole;
  sip::Framer at_once(limits);
  at_once.push(stream);
  sip::drain(at_once, whole);
  sip::check_order(stream, whole);

  sip::Outcome cut;
  sip::Framer piecewise(limits);
  std::string_view rest = stream;
  do {
    piecewise.push(cuts.next(rest));
  } while (sip::drain(piecewise, cut) && !rest.empty());
  LINEBRIDGE_CHECK(cut == whole);
  for (const auto* framer : {&at_once, &piecewise})
    LINEBRIDGE_CHECK(framer->examined() <= 2 * stream.size() + 8);
  return 0;
}
