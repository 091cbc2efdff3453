#include "cti/qbe/writer.hpp"

#include <cassert>

#include "cti/qbe/unicode.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

bool points(Type type) {
  return type != Type::number && type != Type::flag && type != Type::handle;
}

}  // namespace

std::uint32_t fixed_size(const Dialect& dialect, const Layout& layout) {
  return size_of(layout.fields.first(dialect.fields(layout)));
}

Writer::Writer(std::string& out, const Dialect& dialect, const Layout& message)
    : Writer(out, dialect, message, {out.size(), out.size() + header::bytes, none}) {
  out.resize(place_.fixed + fixed_size(dialect, message), '\0');
  store32(out, place_.frame + header::magic, header::magic_value);
  store32(out, place_.frame + header::version, dialect.version);
  store32(out, place_.frame + header::id, message.id);
  store32(out, place_.frame + header::header_size, header::bytes);
  store32(out, place_.frame + header::fixed_size, fixed_size(dialect, message));
}

Writer::Writer(std::string& out, const Dialect& dialect, const Layout& layout, Place place)
    : out_(&out), dialect_(dialect), layout_(&layout), place_(place), fields_(dialect.fields(layout)) {}

void Writer::word(Slot slot, unsigned index, std::uint32_t value) {
  store32(*out_, place_.fixed + slot.offset + 4 * index, value);
}

void Writer::append_number(std::uint32_t value) {
  out_->append(4, '\0');
  store32(*out_, out_->size() - 4, value);
}

/// What is null still says where its data would stand.
void Writer::pass_over_until(std::uint32_t index) {
  for (; next_ < index && next_ < fields_; ++next_) {
    const Slot slot = layout_->at(next_);
    if (points(slot.type)) word(slot, 0, here());
    if (slot.type == Type::unicode) word(slot, 3, 2);
  }
}

bool Writer::claim(Slot slot) {
  assert(slot.index >= next_ && "fields are put in the order of their layout");
  pass_over_until(slot.index);
  if (slot.index >= fields_) return false;
  next_ = slot.index + 1;
  if (points(slot.type)) word(slot, 0, here());
  return true;
}

void Writer::put_number(Slot slot, std::uint32_t value) {
  assert(slot.type == Type::number);
  if (claim(slot)) word(slot, 0, value);
}

void Writer::put_flag(Slot slot, bool value) {
  assert(slot.type == Type::flag);
  if (claim(slot)) word(slot, 0, value ? 0xFFFFFFFF : 0);
}

void Writer::put(Slot slot, std::string_view value) {
  assert(slot.type == Type::text || slot.type == Type::bytes || slot.type == Type::unicode);
  if (!claim(slot)) return;
  const std::uint32_t before = here();
  if (slot.type == Type::unicode) {
    append_utf16(*out_, value);
    word(slot, 2, (here() - before) / 2);
    word(slot, 3, 2);
  } else {
    out_->append(value);
    if (slot.type == Type::text) out_->push_back('\0');
  }
  word(slot, 1, here() - before);
}

void Writer::put_empty_unicode(Slot slot) {
  assert(slot.type == Type::unicode);
  put(slot, std::string_view("\0", 1));
}

void Writer::put(Slot slot, Handle value) {
  assert(slot.type == Type::handle);
  if (!claim(slot)) return;
  word(slot, 0, value.manager);
  word(slot, 1, value.number);
}

void Writer::put(Slot slot, std::span<const std::uint32_t> values) {
  assert(slot.type == Type::numbers);
  if (!claim(slot)) return;
  for (const std::uint32_t value : values)
    append_number(value);
  out_->append(12 * values.size(), '\0');
  word(slot, 1, static_cast<std::uint32_t>(16 * values.size()));
  word(slot, 2, static_cast<std::uint32_t>(values.size()));
  word(slot, 3, 4);
}

void Writer::put(Slot slot, std::span<const Handle> values) {
  assert(slot.type == Type::handles);
  if (!claim(slot)) return;
  for (const Handle value : values)
    append_number(value.manager), append_number(value.number);
  word(slot, 1, static_cast<std::uint32_t>(8 * values.size()));
  word(slot, 2, static_cast<std::uint32_t>(values.size()));
  word(slot, 3, 8);
}

void Writer::put(Slot slot, std::span<const bool> values) {
  assert(slot.type == Type::flags);
  if (!claim(slot)) return;
  for (const bool value : values)
    append_number(value ? 0xFFFFFFFF : 0);
  word(slot, 1, static_cast<std::uint32_t>(4 * values.size()));
  word(slot, 2, static_cast<std::uint32_t>(values.size()));
}

void Writer::put(Slot slot, std::span<const std::string_view> values) {
  assert(slot.type == Type::texts || slot.type == Type::blobs);
  if (!claim(slot)) return;
  const std::size_t nul = slot.type == Type::texts ? 1 : 0;
  const std::uint32_t before = here();
  std::uint32_t at = before + static_cast<std::uint32_t>(8 * values.size());
  for (const auto value : values) {
    const auto length = static_cast<std::uint32_t>(value.size() + nul);
    append_number(at), append_number(length);
    at += length;
  }
  for (const auto value : values)
    out_->append(value).append(nul, '\0');
  word(slot, 1, here() - before);
  word(slot, 2, static_cast<std::uint32_t>(values.size()));
}

Writer Writer::element(Slot slot) {
  assert(slot.type == Type::element);
  if (!claim(slot)) {
    // A field this dialect lacks: what is put into it goes nowhere.
    static constexpr Layout nothing;
    return {*out_, dialect_, nothing, {place_.frame, place_.fixed, none}};
  }
  const std::uint32_t size = fixed_size(dialect_, *slot.inner);
  word(slot, 2, size);
  const std::size_t fixed = out_->size();
  out_->append(size, '\0');
  return {*out_, dialect_, *slot.inner, {place_.frame, fixed, place_.fixed + slot.offset + 4}};
}

ElementsWriter Writer::elements(Slot slot, std::uint32_t count) {
  assert(slot.type == Type::elements);
  const bool wanted = claim(slot);
  assert(wanted && "an array of elements was never left out of a version");
  (void)wanted;
  const std::uint32_t stride = fixed_size(dialect_, *slot.inner);
  word(slot, 2, count);
  word(slot, 3, stride);
  return {*this, slot, count, stride};
}

void Writer::finish() {
  pass_over_until(fields_);
  if (layout_->id != Layout::no_message) {
    const std::uint32_t size = here();
    const std::uint32_t fixed = load32(*out_, place_.frame + header::fixed_size);
    store32(*out_, place_.frame + header::length, size - header::prefix_bytes);
    store32(*out_, place_.frame + header::var_size, size - header::bytes - fixed);
  } else if (place_.total != none) {
    store32(*out_, place_.total, static_cast<std::uint32_t>(out_->size() - place_.fixed));
  }
}

ElementsWriter::ElementsWriter(Writer& owner, Slot slot, std::uint32_t count, std::uint32_t stride)
    : owner_(&owner), slot_(slot), first_(owner.out_->size()), stride_(stride) {
  owner.out_->append(std::size_t{count} * stride, '\0');
}

Writer ElementsWriter::next() {
  const std::size_t fixed = first_ + std::size_t{given_++} * stride_;
  return {*owner_->out_, owner_->dialect_, *slot_.inner, {owner_->place_.frame, fixed, Writer::none}};
}

void ElementsWriter::finish() {
  owner_->word(slot_, 1, static_cast<std::uint32_t>(owner_->out_->size() - first_));
}

}  // namespace linebridge::cti::qbe
