#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cti/qbe/view.hpp"
#include "cti/qbe/writer.hpp"

/// Reads, copies and compares all fields of messages, whatever their layout.
namespace linebridge::cti::qbe::fuzzed {

/// Bytes that reading every field to its end gives: not many more than the frame has, though fields may
/// overlap.
inline std::size_t weight(const View& view, const Layout& layout);

inline std::size_t weight_of(const View& view, Slot slot) {
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

inline std::size_t weight(const View& view, const Layout& layout) {
  std::size_t sum = 0;
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    if (view.has(layout.at(i))) sum += weight_of(view, layout.at(i));
  return sum;
}

inline void copy_fields(const View& view, const Layout& layout, Writer writer);

inline void copy_flags(const std::vector<bool>& flags, Slot slot, Writer& writer) {
  const auto plain = std::make_unique<bool[]>(flags.size());
  std::copy(flags.begin(), flags.end(), plain.get());
  writer.put(slot, std::span<const bool>(plain.get(), flags.size()));
}

inline void copy_elements(const Elements& elements, Slot slot, Writer& writer) {
  auto out = writer.elements(slot, static_cast<std::uint32_t>(elements.size()));
  for (std::size_t i = 0; i < elements.size(); ++i)
    copy_fields(elements[i], *slot.inner, out.next());
  out.finish();
}

inline void copy_field(const View& view, Slot slot, Writer& writer) {
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

inline void copy_fields(const View& view, const Layout& layout, Writer writer) {
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    copy_field(view, layout.at(i), writer);
  writer.finish();
}

inline bool same(const View& a, const View& b, const Layout& layout);

inline bool same_elements(const Elements& a, const Elements& b, const Layout& layout) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i], layout)) return false;
  return true;
}

inline bool same_field(const View& a, const View& b, Slot slot) {
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

inline bool same(const View& a, const View& b, const Layout& layout) {
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    if (!same_field(a, b, layout.at(i))) return false;
  return true;
}

}  // namespace linebridge::cti::qbe::fuzzed
