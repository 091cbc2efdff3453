// CSTA bodies: a decoder that is kept gives for every body what a new one gives, whatever it read before; and
// what it read can be written into events and errors that read the same again.

#include <string>

#include "base/text.hpp"
#include "csta/decode.hpp"
#include "csta/encode.hpp"
#include "csta/trace_words.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::csta {
namespace {

constexpr std::string_view good =
    "<MakeCall xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\">"
    "<callingDevice>tel:1001</callingDevice><calledDirectoryNumber>tel:1002</calledDirectoryNumber></MakeCall>";

/// A text of the client's that comes back to it in one way or the other.
std::string text_of(const Decoded& decoded) {
  const auto about = trace_words(decoded.request).about;
  return about.empty() ? decoded.private_data.line : std::string(about);
}

bool same(const Result<Decoded>& a, const Result<Decoded>& b) {
  if (static_cast<bool>(a) != static_cast<bool>(b)) return false;
  if (!a) return a.error().code == b.error().code && a.error().detail == b.error().detail;
  return a.value().request == b.value().request && a.value().private_data.line == b.value().private_data.line &&
         a.value().edition == b.value().edition;
}

void check_decoder_unharmed(Decoder& decoder) {
  const auto decoded = decoder.decode(good);
  LINEBRIDGE_CHECK(decoded && decoded.value().edition.name == "ed3" &&
                   decoded.value().private_data.line.empty());
  LINEBRIDGE_CHECK(decoded.value().request ==
                   model::Request(model::MakeCall{{"tel:1001"}, {"tel:1002"}, true}));
}

/// What the writer makes of a text: control characters are left out.
std::string as_written(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
  return std::string(trim(text));
}

/// Reads what was written, and gives the text of a path.
std::string read_again(const std::string& xml, std::string_view root, const Edition& edition,
                       std::initializer_list<std::string_view> path) {
  XmlReader reader(XmlReader::Limits{.body_bytes = 1024 * 1024, .text_bytes = 1024 * 1024});
  const auto document = reader.read(xml);
  LINEBRIDGE_CHECK(static_cast<bool>(document));
  LINEBRIDGE_CHECK(document.value().root().name == root);
  LINEBRIDGE_CHECK(edition_of(document.value().root().space) == edition);
  return std::string(document.value().text(path));
}

void check_error(const Edition& edition) {
  std::string error;
  append_response(error, model::Refused{model::errors::service_not_supported}, edition);
  LINEBRIDGE_CHECK(read_again(error, "CSTAErrorCode", edition, {"operation"}) == "serviceNotSupported");
}

void check_event(const std::string& text, const Edition& edition) {
  const model::Originated event{
      {{text}, {text}}, model::EventDevice::of({text}), model::EventDevice::of({text})};
  std::string originated;
  append_event(originated, {text}, event, edition);
  for (const auto path : {std::initializer_list<std::string_view>{"monitorCrossRefID"},
                          {"originatedConnection", "callID"},
                          {"originatedConnection", "deviceID"},
                          {"callingDevice", "deviceIdentifier"}})
    LINEBRIDGE_CHECK(read_again(originated, "OriginatedEvent", edition, path) == as_written(text));
  LINEBRIDGE_CHECK(trace_words(originated).name == "OriginatedEvent");
}

void check_written(const Decoded& decoded) {
  const auto words = trace_words(decoded.request);
  LINEBRIDGE_CHECK(!words.name.empty() && words.name.size() <= 64);
  const std::string text = text_of(decoded);
  LINEBRIDGE_CHECK(trim(text) == text && text.size() <= XmlReader::Limits{}.text_bytes);
  check_error(decoded.edition);
  check_event(text, decoded.edition);
}

}  // namespace
}  // namespace linebridge::csta

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  static csta::Decoder kept;
  const std::string_view body = fuzz::text_of(data, size);
  const auto first = kept.decode(body);
  LINEBRIDGE_CHECK(csta::same(first, csta::decode(body)));
  LINEBRIDGE_CHECK(csta::same(first, kept.decode(body)));
  csta::check_decoder_unharmed(kept);
  if (first)
    csta::check_written(first.value());
  else
    LINEBRIDGE_CHECK(!first.error().detail.empty());
  return 0;
}
