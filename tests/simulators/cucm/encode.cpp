#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/utf16.hpp"

namespace linebridge::sim::cucm {
namespace {

bool is_null(const Value* value) {
  return value && std::holds_alternative<Null>(*value);
}

/// What a field holds; zero, false or empty if it is not set or holds something else.
template <class T>
const T& held(const Value* value) {
  static const T nothing{};
  const T* found = value ? std::get_if<T>(value) : nullptr;
  return found ? *found : nothing;
}

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

  /// The fields come in any order; each is led to its slot once.
  void fill(const Fields& fields, const Layout& layout, std::size_t at) {
    std::array<const Value*, Layout::most_slots + 1> values;
    std::fill_n(values.begin(), layout.slots.size(), nullptr);
    for (const Field& field : fields.all())
      values[layout.find(field.name)] = &field.value;
    for (std::size_t i = 0; i < layout.slots.size(); ++i)
      write_slot(values[i], layout.slots[i], at + layout.slots[i].offset);
  }

  void write_slot(const Value* value, const Slot& slot, std::size_t at) {
    switch (slot.kind) {
      case Kind::number: return put_number(at, held<std::int32_t>(value));
      case Kind::flag: return put_number(at, held<bool>(value) ? -1 : 0);
      case Kind::text: return text(held<std::string>(value), is_null(value) ? 0 : 1, at);
      case Kind::bytes: return text(held<std::string>(value), 0, at);
      case Kind::unicode: return unicode(held<std::string>(value), is_null(value), at);
      case Kind::handle: return handle(held<Handle>(value), at);
      case Kind::numbers: return numbers(held<std::vector<std::int32_t>>(value), at);
      case Kind::handles: return handles(held<std::vector<Handle>>(value), at);
      case Kind::element: return element(held<Fields>(value), *slot.element, at);
      case Kind::elements: return elements(held<std::vector<Fields>>(value), *slot.element, at);
    }
  }

  void text(std::string_view text, std::size_t nuls, std::size_t at) {
    put(at, offset());
    put(at + 4, text.size() + nuls);
    out_.append(text).append(nuls, '\0');
  }

  void unicode(std::string_view utf8, bool null, std::size_t at) {
    put(at, offset());
    const std::size_t place = out_.size();
    if (!null) append_utf16(out_, utf8);
    if (dialect_.unicode_nul && !null) out_.append(2, '\0');
    put(at + 4, out_.size() - place);
    put(at + 8, (out_.size() - place) / 2);
    put(at + 12, 2);
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
