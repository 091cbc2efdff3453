#include "tests/simulators/cucm/spoiled_frame.hpp"

#include <algorithm>

#include "tests/simulators/cucm/frame.hpp"
#include "tests/simulators/cucm/layout.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t at_length = 0, at_magic = 8, at_version = 12, at_id = 16, at_header = 20, at_fixed = 24,
                      at_variable = 28;

void shift(std::string& frame, std::size_t at, std::uint32_t bytes) {
  write_u32(frame, at, read_u32(frame, at) + bytes);
}

/// Adds `bytes` to every offset in a fixed part at `at`; those inside elements too.
void shift_offsets(std::string& frame, const Layout& layout, std::size_t at, std::uint32_t bytes) {
  for (const Slot& slot : layout.slots) {
    const std::size_t place = at;
    at += slot_size(slot.kind);
    if (slot.kind == Kind::number || slot.kind == Kind::flag || slot.kind == Kind::handle) continue;
    const std::size_t target = read_u32(frame, place);
    shift(frame, place, bytes);
    if (slot.kind == Kind::element && read_u32(frame, place + 4) != 0) {
      shift_offsets(frame, *slot.element, target, bytes);
    }
    if (slot.kind != Kind::elements) continue;
    const std::uint32_t count = read_u32(frame, place + 8), stride = read_u32(frame, place + 12);
    for (std::uint32_t i = 0; i < count; ++i)
      shift_offsets(frame, *slot.element, target + std::size_t{i} * stride, bytes);
  }
}

}  // namespace

void spoil(std::string& frame, Spoil how) {
  constexpr std::uint32_t no_magic = 0xFFFFDDDE, negative = 0x80000000, huge = 0x7FFFFF00;
  switch (how) {
    case Spoil::magic: return write_u32(frame, at_magic, no_magic);
    case Spoil::length: return shift(frame, at_length, 4);
    case Spoil::sizes: return write_u32(frame, at_fixed, negative);
    case Spoil::oversized:
      write_u32(frame, at_variable, huge);
      return write_u32(frame, at_length, read_u32(frame, at_header) + read_u32(frame, at_fixed) + huge - 8);
  }
}

void lengthen(std::string& frame, std::uint32_t bytes) {
  const Layout* layout = message_layout(static_cast<std::int32_t>(read_u32(frame, at_id)));
  if (layout) shift_offsets(frame, *layout, header_bytes, bytes);
  frame.insert(header_bytes + read_u32(frame, at_fixed), bytes, '\0');
  shift(frame, at_fixed, bytes);
  shift(frame, at_length, bytes);
}

void shorten(std::string& frame, std::uint32_t bytes) {
  const std::uint32_t fixed = read_u32(frame, at_fixed), taken = std::min(bytes, fixed);
  write_u32(frame, at_fixed, fixed - taken);
  shift(frame, at_variable, taken);
}

std::string bare_frame(std::int32_t id, std::uint32_t version, std::uint32_t fixed_bytes) {
  std::string frame(header_bytes + fixed_bytes, '\0');
  write_u32(frame, at_length, static_cast<std::uint32_t>(frame.size()) - 8);
  write_u32(frame, at_magic, frame_magic);
  write_u32(frame, at_version, version);
  write_u32(frame, at_id, static_cast<std::uint32_t>(id));
  write_u32(frame, at_header, header_bytes);
  write_u32(frame, at_fixed, fixed_bytes);
  return frame;
}

}  // namespace linebridge::sim::cucm
