#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// How a CTI/QBE message is laid out, as data. A message or nested element has a fixed part, which is its slots
/// one behind the other, and a variable part, which the slots point into. All integers are little-endian and 32
/// bits wide, all offsets count from byte 0 of the frame.
namespace linebridge::cti::qbe {

enum class Type : std::uint8_t {
  number,    ///< i: value.
  flag,      ///< b: 0 or -1 (1 is accepted).
  text,      ///< s: offset, bytes; 8-bit characters and one NUL, counted.
  bytes,     ///< y: offset, bytes.
  unicode,   ///< u: offset, bytes, count, 2; UTF-16LE, with or without a counted NUL.
  numbers,   ///< i[]: offset, bytes (often too many), count, 4.
  handle,    ///< cch: node number and call leg.
  handles,   ///< cch[]: offset, bytes, count, 8.
  texts,     ///< s[]: offset, bytes, count; then (offset, bytes) each.
  blobs,     ///< y[]: as s[].
  flags,     ///< b[]: offset, bytes, count; 4 bytes each.
  element,   ///< Name of an element: offset, bytes in all, bytes of its fixed part.
  elements,  ///< Name[]: offset, bytes in all, count, bytes of one fixed part; all fixed parts first.
};

/// Bytes a field takes in the fixed part.
constexpr std::uint32_t slot_size(Type type) {
  switch (type) {
    case Type::number:
    case Type::flag: return 4;
    case Type::text:
    case Type::bytes:
    case Type::handle: return 8;
    case Type::texts:
    case Type::blobs:
    case Type::flags:
    case Type::element: return 12;
    case Type::unicode:
    case Type::numbers:
    case Type::handles:
    case Type::elements: return 16;
  }
  return 0;
}

struct Layout;

struct Field {
  std::string_view name;
  Type type = Type::number;
  const Layout* inner = nullptr;  ///< Of an element or elements.
  std::uint32_t offset = 0;       ///< In the fixed part.
};

/// Where a field stands; what View and Writer are asked by. Found at compile time.
struct Slot {
  std::uint32_t offset;
  std::uint32_t index;  ///< Of the field in its layout.
  Type type;
  const Layout* inner;
};

/// A message or an element.
struct Layout {
  static constexpr std::uint32_t no_message = 0xFFFFFFFF;

  std::string_view name;
  std::uint32_t id = no_message;
  std::span<const Field> fields;
  std::uint32_t size = 0;  ///< Of the fixed part with all fields.

  constexpr Slot at(std::uint32_t index) const {
    const Field& field = fields[index];
    return {field.offset, index, field.type, field.inner};
  }
  /// The field called `name`. A name that is not there does not compile.
  consteval Slot operator[](std::string_view wanted) const {
    for (std::uint32_t i = 0; i < fields.size(); ++i)
      if (fields[i].name == wanted) return at(i);
    throw "this layout has no such field";
  }
};

/// Elements that a layout may name.
using KnownElements = std::span<const Layout* const>;

namespace detail {

constexpr Type plain_type(std::string_view code) {
  if (code == "i") return Type::number;
  if (code == "b") return Type::flag;
  if (code == "s") return Type::text;
  if (code == "y") return Type::bytes;
  if (code == "u") return Type::unicode;
  if (code == "i[]") return Type::numbers;
  if (code == "cch") return Type::handle;
  if (code == "cch[]") return Type::handles;
  if (code == "s[]") return Type::texts;
  if (code == "y[]") return Type::blobs;
  if (code == "b[]") return Type::flags;
  return code.ends_with("[]") ? Type::elements : Type::element;
}

constexpr Field parse_field(std::string_view word, KnownElements known) {
  const auto colon = word.find(':');
  const auto code = word.substr(colon + 1);
  Field field{word.substr(0, colon), plain_type(code)};
  if (field.type != Type::element && field.type != Type::elements) return field;
  const auto name = field.type == Type::elements ? code.substr(0, code.size() - 2) : code;
  for (const Layout* element : known) {
    if (element->name != name) continue;
    field.inner = element;
    return field;
  }
  throw "a layout names an element that is not known";
}

}  // namespace detail

/// How many fields "name:type name:type ..." holds.
consteval std::size_t count_fields(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text)
    count += c == ':' ? 1 : 0;
  return count;
}

/// Reads "name:type name:type ...", the types as noted at Type.
template <std::size_t Count>
consteval std::array<Field, Count> parse_fields(std::string_view text, KnownElements known) {
  std::array<Field, Count> fields{};
  std::uint32_t offset = 0;
  for (auto& field : fields) {
    text.remove_prefix(text.find_first_not_of(' '));
    const auto end = text.find(' ');
    field = detail::parse_field(text.substr(0, end), known);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    field.offset = offset;
    offset += slot_size(field.type);
  }
  return fields;
}

constexpr std::uint32_t size_of(std::span<const Field> fields) {
  return fields.empty() ? 0 : fields.back().offset + slot_size(fields.back().type);
}

/// Declares a layout and its fields: LINEBRIDGE_QBE_LAYOUT(name, id, known elements, "field:type field:type").
#define LINEBRIDGE_QBE_LAYOUT(name, id, known, text) \
  inline constexpr auto name##_fields = \
      ::linebridge::cti::qbe::parse_fields<::linebridge::cti::qbe::count_fields(text)>(text, known); \
  inline constexpr ::linebridge::cti::qbe::Layout name { \
    #name, id, name##_fields, ::linebridge::cti::qbe::size_of(name##_fields) \
  }

}  // namespace linebridge::cti::qbe
