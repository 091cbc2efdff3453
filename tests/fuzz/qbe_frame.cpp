// CTI/QBE: frames do not depend on how the stream is cut; a message that is opened can be read by field to its
// last element, and written again with the same fields.

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cti/qbe/frame.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/view.hpp"
#include "cti/qbe/writer.hpp"
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

/// Bytes that reading every field to its end gives: not many more than the frame has, though fields may
/// overlap.
std::size_t weight(const View& view, const Layout& layout);

std::size_t weight_of(const View& view, Slot slot) {
  std::size_t sum = 4;
  switch (slot.type) {
    case Type::number: view.number(slot); break;
    case Type::flag: view.flag(slot); break;
    case Type::handle: view.handle(slot); break;
    case Type::text: return view.text(slot).size() + 4;
    case Type::bytes: return view.bytes(slot).size() + 4;
    case Type::unicode: return view.unicode(slot).size() + 4;
    case Type::numbers: return view.numbers(slot).size() * 4 + 4;
    case Type::handles: return view.handles(slot).size() * 8 + 4;
    case Type::flags: return view.flags(slot).size() * 4 + 4;
    case Type::texts:
      for (const auto text : view.texts(slot))
        sum += text.size() + 8;
      break;
    case Type::blobs:
      for (const auto blob : view.blobs(slot))
        sum += blob.size() + 8;
      break;
    case Type::element: return weight(view.element(slot), *slot.inner);
    case Type::elements:
      for (std::size_t i = 0; i < view.elements(slot).size(); ++i)
        sum += weight(view.elements(slot)[i], *slot.inner);
      break;
  }
  return sum;
}

std::size_t weight(const View& view, const Layout& layout) {
  std::size_t sum = 0;
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    if (view.has(layout.at(i))) sum += weight_of(view, layout.at(i));
  return sum;
}

void copy_fields(const View& view, const Layout& layout, Writer writer);

void copy_flags(const std::vector<bool>& flags, Slot slot, Writer& writer) {
  const auto plain = std::make_unique<bool[]>(flags.size());
  std::copy(flags.begin(), flags.end(), plain.get());
  writer.put(slot, std::span<const bool>(plain.get(), flags.size()));
}

void copy_elements(const Elements& elements, Slot slot, Writer& writer) {
  auto out = writer.elements(slot, static_cast<std::uint32_t>(elements.size()));
  for (std::size_t i = 0; i < elements.size(); ++i)
    copy_fields(elements[i], *slot.inner, out.next());
  out.finish();
}

void copy_field(const View& view, Slot slot, Writer& writer) {
  switch (slot.type) {
    case Type::number: return writer.put(slot, view.number(slot));
    case Type::flag: return writer.put(slot, view.flag(slot));
    case Type::handle: return writer.put(slot, view.handle(slot));
    case Type::text: return writer.put(slot, view.text(slot));
    case Type::bytes: return writer.put(slot, view.bytes(slot));
    case Type::unicode: return writer.put(slot, view.unicode(slot));
    case Type::numbers: return writer.put(slot, std::span<const std::uint32_t>(view.numbers(slot)));
    case Type::handles: return writer.put(slot, std::span<const Handle>(view.handles(slot)));
    case Type::flags: return copy_flags(view.flags(slot), slot, writer);
    case Type::texts: return writer.put(slot, std::span<const std::string_view>(view.texts(slot)));
    case Type::blobs: return writer.put(slot, std::span<const std::string_view>(view.blobs(slot)));
    case Type::element: return copy_fields(view.element(slot), *slot.inner, writer.element(slot));
    case Type::elements: return copy_elements(view.elements(slot), slot, writer);
  }
}

void copy_fields(const View& view, const Layout& layout, Writer writer) {
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    copy_field(view, layout.at(i), writer);
  writer.finish();
}

bool same(const View& a, const View& b, const Layout& layout);

bool same_elements(const Elements& a, const Elements& b, const Layout& layout) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i], layout)) return false;
  return true;
}

bool same_field(const View& a, const View& b, Slot slot) {
  switch (slot.type) {
    case Type::number: return a.number(slot) == b.number(slot);
    case Type::flag: return a.flag(slot) == b.flag(slot);
    case Type::handle: return a.handle(slot) == b.handle(slot);
    case Type::text: return a.text(slot) == b.text(slot);
    case Type::bytes: return a.bytes(slot) == b.bytes(slot);
    case Type::unicode: return a.unicode(slot) == b.unicode(slot);
    case Type::numbers: return a.numbers(slot) == b.numbers(slot);
    case Type::handles: return a.handles(slot) == b.handles(slot);
    case Type::flags: return a.flags(slot) == b.flags(slot);
    case Type::texts: return a.texts(slot) == b.texts(slot);
    case Type::blobs: return a.blobs(slot) == b.blobs(slot);
    case Type::element: return same(a.element(slot), b.element(slot), *slot.inner);
    case Type::elements: return same_elements(a.elements(slot), b.elements(slot), *slot.inner);
  }
  return false;
}

bool same(const View& a, const View& b, const Layout& layout) {
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    if (!same_field(a, b, layout.at(i))) return false;
  return true;
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
  LINEBRIDGE_CHECK(weight(view.value(), *layout) <= 20 * bytes.size() + 8192);

  std::string written;
  copy_fields(view.value(), *layout, Writer(written, dialect(frame.version), *layout));
  const Frame again = only_frame(written);
  LINEBRIDGE_CHECK(again.id == frame.id && again.version == frame.version);
  const auto reread = View::open(again, *layout);
  LINEBRIDGE_CHECK(static_cast<bool>(reread));
  LINEBRIDGE_CHECK(same(view.value(), reread.value(), *layout));
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
