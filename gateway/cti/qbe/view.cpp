#include "cti/qbe/view.hpp"

#include <cassert>

#include "cti/qbe/check.hpp"
#include "cti/qbe/unicode.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

std::string_view up_to_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

}  // namespace

Result<View> View::open(const Frame& frame, const Layout& layout) {
  if (auto status = check_slots(frame, layout); !status) return status.error();
  return View(frame.bytes, frame.fixed_at, frame.fixed_size);
}

bool View::has(Slot slot) const {
  return slot.offset + slot_size(slot.type) <= size_;
}

std::uint32_t View::word(Slot slot, unsigned index) const {
  return has(slot) ? load32(frame_, std::size_t{at_} + slot.offset + 4 * index) : 0;
}

std::uint32_t View::number(Slot slot) const {
  assert(slot.type == Type::number);
  return word(slot, 0);
}

bool View::flag(Slot slot) const {
  assert(slot.type == Type::flag);
  return word(slot, 0) != 0;
}

std::string_view View::text(Slot slot) const {
  assert(slot.type == Type::text);
  const std::uint32_t length = word(slot, 1);
  return length == 0 ? std::string_view{} : up_to_nul(frame_.substr(word(slot, 0), length));
}

std::string_view View::bytes(Slot slot) const {
  assert(slot.type == Type::bytes);
  const std::uint32_t length = word(slot, 1);
  return length == 0 ? std::string_view{} : frame_.substr(word(slot, 0), length);
}

std::string View::unicode(Slot slot) const {
  assert(slot.type == Type::unicode);
  const std::uint32_t count = word(slot, 1) == 0 ? 0 : word(slot, 2);
  if (count == 0) return {};
  std::string text = utf8_of_utf16(frame_.substr(word(slot, 0), std::size_t{count} * 2));
  text.resize(up_to_nul(text).size());
  return text;
}

Handle View::handle(Slot slot) const {
  assert(slot.type == Type::handle);
  return {word(slot, 0), word(slot, 1)};
}

std::vector<std::uint32_t> View::numbers(Slot slot) const {
  assert(slot.type == Type::numbers);
  std::vector<std::uint32_t> out(word(slot, 1) == 0 ? 0 : word(slot, 2));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = load32(frame_, word(slot, 0) + 4 * i);
  return out;
}

std::vector<Handle> View::handles(Slot slot) const {
  assert(slot.type == Type::handles);
  std::vector<Handle> out(word(slot, 1) == 0 ? 0 : word(slot, 2));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t at = word(slot, 0) + 8 * i;
    out[i] = {load32(frame_, at), load32(frame_, at + 4)};
  }
  return out;
}

std::vector<bool> View::flags(Slot slot) const {
  assert(slot.type == Type::flags);
  std::vector<bool> out(word(slot, 2));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = load32(frame_, word(slot, 0) + 4 * i) != 0;
  return out;
}

std::vector<std::string_view> View::pieces(Slot slot) const {
  std::vector<std::string_view> out(word(slot, 2));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t at = word(slot, 0) + 8 * i;
    const std::uint32_t length = load32(frame_, at + 4);
    if (length != 0) out[i] = frame_.substr(load32(frame_, at), length);
  }
  return out;
}

std::vector<std::string_view> View::texts(Slot slot) const {
  assert(slot.type == Type::texts);
  auto out = pieces(slot);
  for (auto& text : out)
    text = up_to_nul(text);
  return out;
}

std::vector<std::string_view> View::blobs(Slot slot) const {
  assert(slot.type == Type::blobs);
  return pieces(slot);
}

View View::element(Slot slot) const {
  assert(slot.type == Type::element);
  if (word(slot, 1) == 0) return {frame_, 0, 0};
  return {frame_, word(slot, 0), word(slot, 2)};
}

Elements View::elements(Slot slot) const {
  assert(slot.type == Type::elements);
  return {frame_, word(slot, 0), word(slot, 2), word(slot, 3)};
}

}  // namespace linebridge::cti::qbe
