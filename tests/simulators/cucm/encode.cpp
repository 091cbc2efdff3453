#include <cassert>
#include <string_view>
#include <utility>

#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/utf16.hpp"

namespace linebridge::sim::cucm {
namespace {

/// Writes one frame. The fixed part of a message or element is laid out as zeros first; each field then fills
/// its slot and appends what the slot points to.
class Writer {
public:
  Writer(const Dialect& dialect, std::string& out) : dialect_(dialect), out_(out), start_(out.size()) {}

  void write(const Message& message, const Layout& layout) {
    out_.append(header_bytes + layout.fixed_size, '\0');
    fill(message.fields, layout, start_ + header_bytes);
    const std::size_t total = out_.size() - start_;
    put(start_, total - 8);
    write_u32(out_, start_ + 8, frame_magic);
    write_u32(out_, start_ + 12, dialect_.version);
    write_u32(out_, start_ + 16, static_cast<std::uint32_t>(message.id));
    put(start_ + 20, header_bytes);
    put(start_ + 24, layout.fixed_size);
    put(start_ + 28, total - header_bytes - layout.fixed_size);
  }

private:
  void put(std::size_t at, std::size_t value) { write_u32(out_, at, static_cast<std::uint32_t>(value)); }
  void put_number(std::size_t at, std::int32_t value) {
    write_u32(out_, at, static_cast<std::uint32_t>(value));
  }
  std::size_t offset() const { return out_.size() - start_; }

  void fill(const Fields& fields, const Layout& layout, std::size_t at) {
    for (const Slot& slot : layout.slots) {
      write_slot(fields, slot, at);
      at += slot_size(slot.kind);
    }
  }

  void write_slot(const Fields& fields, const Slot& slot, std::size_t at) {
    const Value* value = fields.find(slot.name);
    const bool null = value && std::holds_alternative<Null>(*value);
    switch (slot.kind) {
      case Kind::number: return put_number(at, fields.number(slot.name));
      case Kind::flag: return put_number(at, fields.flag(slot.name) ? -1 : 0);
      case Kind::text: return text(fields.text(slot.name), null ? 0 : 1, at);
      case Kind::bytes: return text(fields.text(slot.name), 0, at);
      case Kind::unicode: return unicode(fields.text(slot.name), null, at);
      case Kind::handle: return handle(fields.handle(slot.name), at);
      case Kind::numbers: return numbers(fields.numbers(slot.name), at);
      case Kind::handles: return handles(fields.handles(slot.name), at);
      case Kind::element: return element(fields.element(slot.name), *slot.element, at);
      case Kind::elements: return elements(fields.elements(slot.name), *slot.element, at);
    }
  }

  void text(std::string_view text, std::size_t nuls, std::size_t at) {
    put(at, offset());
    put(at + 4, text.size() + nuls);
    out_.append(text).append(nuls, '\0');
  }

  void unicode(std::string_view utf8, bool null, std::size_t at) {
    std::string units = null ? std::string() : utf16_from_utf8(utf8);
    if (dialect_.unicode_nul && !null) units.append(2, '\0');
    put(at, offset());
    put(at + 4, units.size());
    put(at + 8, units.size() / 2);
    put(at + 12, 2);
    out_.append(units);
  }

  void handle(Handle handle, std::size_t at) {
    put_number(at, handle.manager);
    put_number(at + 4, handle.number);
  }

  void numbers(const std::vector<std::int32_t>& numbers, std::size_t at) {
    const std::size_t room = numbers.size() * 4 * dialect_.numbers_reserve;
    put(at, offset());
    put(at + 4, room);
    put(at + 8, numbers.size());
    put(at + 12, 4);
    std::size_t place = out_.size();
    out_.append(room, '\0');
    for (const std::int32_t number : numbers)
      put_number(std::exchange(place, place + 4), number);
  }

  void handles(const std::vector<Handle>& handles, std::size_t at) {
    put(at, offset());
    put(at + 4, handles.size() * 8);
    put(at + 8, handles.size());
    put(at + 12, 8);
    std::size_t place = out_.size();
    out_.append(handles.size() * 8, '\0');
    for (const Handle& one : handles)
      handle(one, std::exchange(place, place + 8));
  }

  void element(const Fields& fields, const Layout& layout, std::size_t at) {
    put(at, offset());
    const std::size_t place = out_.size();
    out_.append(layout.fixed_size, '\0');
    fill(fields, layout, place);
    put(at + 4, out_.size() - place);
    put(at + 8, layout.fixed_size);
  }

  void elements(const std::vector<Fields>& list, const Layout& layout, std::size_t at) {
    put(at, offset());
    const std::size_t place = out_.size();
    out_.append(layout.fixed_size * list.size(), '\0');
    for (std::size_t i = 0; i < list.size(); ++i)
      fill(list[i], layout, place + i * layout.fixed_size);
    put(at + 4, out_.size() - place);
    put(at + 8, list.size());
    put(at + 12, layout.fixed_size);
  }

  const Dialect& dialect_;
  std::string& out_;
  std::size_t start_;
};

}  // namespace

void encode(const Message& message, const Dialect& dialect, std::string& out) {
  const Layout* layout = message_layout(message.id);
  assert(layout);
  Writer(dialect, out).write(message, *layout);
}

Fields all_flags(std::string_view element_name) {
  const Layout* layout = element_layout(element_name);
  assert(layout);
  Fields fields;
  for (const Slot& slot : layout->slots) {
    if (slot.kind == Kind::flag) fields.set(slot.name, true);
  }
  return fields;
}

}  // namespace linebridge::sim::cucm
