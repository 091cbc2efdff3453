#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/utf16.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr int deepest = 4;

/// Reads the fields of one frame. The first thing that is wrong is kept, and all reading stops.
class Reader {
public:
  explicit Reader(const Frame& frame) : bytes_(frame.bytes), variable_(frame.header_size + frame.fixed_size) {}

  Fields message(const Layout& layout, const Frame& frame) {
    return read(layout, frame.header_size, frame.fixed_size, 0);
  }
  const std::optional<std::string>& wrong() const { return wrong_; }

private:
  struct Span {
    std::size_t offset, length;
  };

  std::nullopt_t fail(const Slot& slot, std::string_view what) {
    if (!wrong_) wrong_ = std::string(std::string_view(slot.name)) + ": " + std::string(what);
    return std::nullopt;
  }

  std::size_t word(std::size_t at) const { return read_u32(bytes_, at); }
  std::int32_t number(std::size_t at) const { return static_cast<std::int32_t>(read_u32(bytes_, at)); }

  Fields read(const Layout& layout, std::size_t at, std::size_t size, int depth) {
    Fields fields;
    fields.wire_size = size;
    fields.reserve(std::min(layout.slots.size(), size / slot_size(Kind::number)));
    for (const Slot& slot : layout.slots) {
      if (slot.offset + slot_size(slot.kind) > size || wrong_) break;
      std::optional<Value> value = field(slot, at + slot.offset, depth);
      if (value) fields.add(slot.name, std::move(*value));
    }
    return fields;
  }

  std::optional<Value> field(const Slot& slot, std::size_t at, int depth) {
    switch (slot.kind) {
      case Kind::number: return number(at);
      case Kind::flag: return flag(slot, at);
      case Kind::text: return text(slot, at);
      case Kind::bytes: return bytes(slot, at);
      case Kind::unicode: return unicode(slot, at);
      case Kind::handle: return Handle{number(at), number(at + 4)};
      case Kind::numbers: return numbers(slot, at);
      case Kind::handles: return handles(slot, at);
      case Kind::element: return element(slot, at, depth);
      case Kind::elements: return elements(slot, at, depth);
    }
    return std::nullopt;
  }

  /// What a slot points to: in the variable part, whole.
  std::optional<Span> span(const Slot& slot, std::size_t at) {
    const Span span{word(at), word(at + 4)};
    if (span.length > bytes_.size() || span.offset > bytes_.size() - span.length || span.offset < variable_) {
      return fail(slot, "points outside the variable part");
    }
    return span;
  }

  std::optional<Value> flag(const Slot& slot, std::size_t at) {
    const std::int32_t value = number(at);
    if (value < -1 || value > 1) return fail(slot, "is no boolean");
    return value != 0;
  }

  std::optional<Value> bytes(const Slot& slot, std::size_t at) {
    const auto where = span(slot, at);
    if (!where) return std::nullopt;
    return std::string(bytes_.substr(where->offset, where->length));
  }

  std::optional<Value> text(const Slot& slot, std::size_t at) {
    const auto where = span(slot, at);
    if (!where) return std::nullopt;
    if (where->length == 0) return Null{};
    if (bytes_[where->offset + where->length - 1] != '\0') return fail(slot, "does not end with a NUL");
    return std::string(bytes_.substr(where->offset, where->length - 1));
  }

  std::optional<Value> unicode(const Slot& slot, std::size_t at) {
    const auto where = span(slot, at);
    if (!where) return std::nullopt;
    if (word(at + 12) != 2 || where->length % 2 != 0 || word(at + 8) != where->length / 2) {
      return fail(slot, "has sizes that do not agree");
    }
    std::string_view units = bytes_.substr(where->offset, where->length);
    if (units.ends_with(std::string_view("\0\0", 2))) units.remove_suffix(2);
    return utf8_from_utf16(units);
  }

  /// The count of a list whose items take `item` bytes each.
  std::optional<std::size_t> count(const Slot& slot, std::size_t at, const Span& where, std::size_t item) {
    const std::size_t count = word(at + 8);
    if (count > 0 && (item == 0 || count > where.length / item)) return fail(slot, "counts more than it holds");
    return count;
  }

  std::optional<Value> numbers(const Slot& slot, std::size_t at) {
    const auto where = span(slot, at);
    const auto n = where ? count(slot, at, *where, word(at + 12)) : std::nullopt;
    if (!n) return std::nullopt;
    if (*n > 0 && word(at + 12) != 4) return fail(slot, "has items of an odd size");
    std::vector<std::int32_t> list;
    for (std::size_t i = 0; i < *n; ++i)
      list.push_back(number(where->offset + 4 * i));
    return list;
  }

  std::optional<Value> handles(const Slot& slot, std::size_t at) {
    const auto where = span(slot, at);
    const auto n = where ? count(slot, at, *where, word(at + 12)) : std::nullopt;
    if (!n) return std::nullopt;
    if (*n > 0 && word(at + 12) != 8) return fail(slot, "has items of an odd size");
    std::vector<Handle> list;
    for (std::size_t i = 0; i < *n; ++i) {
      list.push_back({number(where->offset + 8 * i), number(where->offset + 8 * i + 4)});
    }
    return list;
  }

  std::optional<Value> element(const Slot& slot, std::size_t at, int depth) {
    const auto where = span(slot, at);
    if (!where) return std::nullopt;
    const std::size_t fixed = word(at + 8);
    if (fixed > where->length) return fail(slot, "has a fixed part longer than itself");
    if (depth == deepest) return fail(slot, "is nested too deep");
    return read(*slot.element, where->offset, fixed, depth + 1);
  }

  std::optional<Value> elements(const Slot& slot, std::size_t at, int depth) {
    const auto where = span(slot, at);
    const std::size_t fixed = word(at + 12);
    const auto n = where ? count(slot, at, *where, fixed) : std::nullopt;
    if (!n) return std::nullopt;
    if (depth == deepest) return fail(slot, "is nested too deep");
    std::vector<Fields> list;
    for (std::size_t i = 0; i < *n && !wrong_; ++i) {
      list.push_back(read(*slot.element, where->offset + i * fixed, fixed, depth + 1));
    }
    return list;
  }

  std::string_view bytes_;
  std::size_t variable_;
  std::optional<std::string> wrong_;
};

}  // namespace

Result<Message> decode(const Frame& frame) {
  const Layout* layout = message_layout(frame.id);
  if (!layout) return Error{Errc::unsupported, "message " + std::to_string(frame.id)};
  Reader reader(frame);
  Message message{frame.id, reader.message(*layout, frame)};
  if (reader.wrong()) return Error{Errc::malformed, *reader.wrong()};
  return message;
}

}  // namespace linebridge::sim::cucm
