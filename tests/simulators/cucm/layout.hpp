#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tests/simulators/cucm/fields.hpp"

/// Which fields a message has, in which order and of which kind. The tables are texts in layouts_*.cpp, one
/// line a message: "name:kind name:kind ...", where kind is
///   i number, b flag, s 8-bit text, u unicode text, y bytes, h call handle, i[] numbers, h[] call handles,
///   Name an element, Name[] a list of elements; @WORD stands for a run of fields that many messages share.
namespace linebridge::sim::cucm {

enum class Kind : std::uint8_t {
  number,
  flag,
  text,
  unicode,
  bytes,
  handle,
  numbers,
  handles,
  element,
  elements
};

/// Bytes a field of this kind takes in the fixed part.
std::size_t slot_size(Kind kind);

struct Layout;
struct Slot {
  Name name;
  Kind kind = Kind::number;
  const Layout* element = nullptr;  ///< Of Kind::element and Kind::elements.
  std::size_t offset = 0;           ///< In the fixed part.
};
struct Layout {
  static constexpr std::size_t most_slots = 200;
  static constexpr std::uint8_t no_slot = 255;

  std::int32_t id = 0;  ///< 0 for elements.
  std::string_view name;
  std::vector<Slot> slots;
  std::size_t fixed_size = 0;
  /// Where the slots stand, found by their names' hashes; each that is taken sends to the next.
  std::vector<std::uint8_t> places;

  /// The number of the slot; that of slots if there is none of the name.
  std::size_t find(const Name& field) const;
};

/// nullptr: no such message is known.
const Layout* message_layout(std::int32_t id);
/// nullptr: no such element.
const Layout* element_layout(std::string_view name);
/// "NewCallEvent", or "unknown message".
std::string_view message_name(std::int32_t id);

/// A line of a table. Elements have id 0 and stand before those that hold them.
struct LayoutText {
  std::int32_t id;
  std::string_view name;
  std::string_view fields;
};
std::span<const LayoutText> element_layouts();
std::span<const LayoutText> provider_layouts();
std::span<const LayoutText> line_layouts();
std::span<const LayoutText> call_layouts();

}  // namespace linebridge::sim::cucm
