// CTI/QBE: frames do not depend on how the stream is cut; a message that is opened can be read by field to its
// last element, and written again with the same fields.

#include <string>
#include <variant>
#include <vector>

#include "cti/qbe/frame.hpp"
#include "cti/qbe/messages.hpp"
#include "tests/fuzz/qbe_fields.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::cti::qbe {
namespace {

constexpr std::size_t most_frame = 64 * 1024;

struct Outcome {
  std::vector<std::string> frames;
  std::string error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// False when the stream has ended with an error.
bool drain(FrameReader& reader, std::string_view piece, Outcome& outcome) {
  for (;;) {
    const auto item = reader.next(piece);
    if (const auto* frame = std::get_if<Frame>(&item)) {
      outcome.frames.emplace_back(frame->bytes);
      continue;
    }
    if (const auto* error = std::get_if<Error>(&item)) outcome.error = error->detail;
    LINEBRIDGE_CHECK(!outcome.error.empty() || piece.empty());
    return outcome.error.empty();
  }
}

Frame only_frame(std::string_view bytes) {
  const std::size_t size = bytes.size();
  const auto item = FrameReader(1024 * 1024).next(bytes);
  LINEBRIDGE_CHECK(std::holds_alternative<Frame>(item) && bytes.empty());
  LINEBRIDGE_CHECK(std::get<Frame>(item).bytes.size() == size);
  return std::get<Frame>(item);
}

void check_frame(const std::string& bytes) {
  const Frame frame = only_frame(bytes);
  const Layout* layout = messages::find(frame.id);
  if (layout == nullptr) return;
  const auto view = View::open(frame, *layout);
  if (!view) return;
  LINEBRIDGE_CHECK(fuzzed::weight(view.value(), *layout) <= 20 * bytes.size() + 8192);

  std::string written;
  fuzzed::copy_fields(view.value(), *layout, Writer(written, dialect(frame.version), *layout));
  const Frame again = only_frame(written);
  LINEBRIDGE_CHECK(again.id == frame.id && again.version == frame.version);
  const auto reread = View::open(again, *layout);
  LINEBRIDGE_CHECK(static_cast<bool>(reread));
  LINEBRIDGE_CHECK(fuzzed::same(view.value(), reread.value(), *layout));
}

}  // namespace
}  // namespace linebridge::cti::qbe

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  namespace qbe = cti::qbe;
  std::string_view stream = fuzz::text_of(data, size);
  fuzz::Cuts cuts(stream);

  qbe::Outcome whole;
  qbe::FrameReader at_once(qbe::most_frame);
  qbe::drain(at_once, stream, whole);
  qbe::Outcome cut;
  qbe::FrameReader piecewise(qbe::most_frame);
  std::string_view rest = stream;
  do {
    // A copy: a reader must not hold on to bytes of an earlier piece.
    const std::string piece(cuts.next(rest));
    if (!qbe::drain(piecewise, piece, cut)) break;
  } while (!rest.empty());
  LINEBRIDGE_CHECK(cut == whole);
  for (const auto& frame : whole.frames)
    qbe::check_frame(frame);
  return 0;
}
